//! Users, their roles and tokens; and who asks.

use crate::call::Call;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use zhengai_model::layer::Layer;

/// Where a role counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScopeShown {
    /// Layers.
    #[schema(value_type = Vec<String>)]
    pub layers: Vec<Layer>,
    /// `college`, `units` or `own`.
    pub reach: String,
    /// Units as `kind/id`, with everything below them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
}

/// A role that a user holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeldRole {
    /// Id of the role.
    pub role: String,
    /// Its name; its id where `roles.toml` has no such role any more, which then gives nothing.
    pub name: String,
    /// Where it counts.
    pub scope: ScopeShown,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Who gave it.
    pub by: String,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// Name in the audit.
    pub name: String,
    /// How people call the user.
    pub label: String,
    /// The person of the data that the user is, as `kind/id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// `active` or `disabled`.
    pub state: String,
    /// Roles.
    pub roles: Vec<HeldRole>,
    /// When the user was added.
    pub at: DateTime<Utc>,
    /// Who added it.
    pub by: String,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A user to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserOrder {
    /// Name in the audit: visible characters without blanks.
    pub name: String,
    /// How people call the user; the name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The person that the user is, as `kind/id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

/// A change of a user. What is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// How people call the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The person that the user is, as `kind/id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// `active` or `disabled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Where a role is to count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleScope {
    /// Units as `kind/id`; the whole college when empty and the role allows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// Layers; those of the role when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub layers: Vec<Layer>,
}

/// A token, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub user: String,
    /// What it is for.
    pub note: String,
    /// `good`, `expired` or `revoked`.
    pub state: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Who made it.
    pub by: String,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// About when it was last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
    /// Who revoked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_by: Option<String>,
}

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenOrder {
    /// Whose it is to be.
    pub user: String,
    /// What it is for.
    pub note: String,
    /// Days until it ends; never when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

/// A token that was just made, with its text: this answer is the only one that has it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewToken {
    /// The token.
    pub token: Token,
    /// What to show as `Authorization: Bearer …`.
    pub secret: String,
}

impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewToken").field("token", &self.token).finish_non_exhaustive()
    }
}

/// Which tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TokenQuery {
    /// Of this user; of all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

/// A word with its label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Labelled {
    /// The word in files and commands.
    pub id: String,
    /// What people read.
    pub name: String,
}

/// A role that can be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Role {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// For whom it is.
    pub about: String,
    /// How far it may reach: `college`, `units` (some must be named) or `own` (the user must be a person).
    pub reach: String,
    /// Layers it is for, unless others are named.
    #[schema(value_type = Vec<String>)]
    pub layers: Vec<Layer>,
    /// What it may do.
    pub rights: Vec<Labelled>,
    /// For what it may read rows about persons.
    pub purposes: Vec<Labelled>,
}

/// Who asks, with rights and scope as they are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// Name in the audit.
    pub name: String,
    /// The role in which the person acts.
    pub role: String,
    /// The person of the data that the user is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// What the person may do, wherever it counts.
    pub rights: Vec<Labelled>,
    /// Roles with where they count.
    pub roles: Vec<MyRole>,
    /// Purposes that may be named for reading rows about persons (header `x-purpose`).
    pub purposes: Vec<Labelled>,
    /// The purpose that this request names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
}

/// A role of who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MyRole {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it counts.
    pub scope: ScopeShown,
}

/// `GET /v1/me`.
pub fn me() -> Call<Me> {
    Call::get(&["me"])
}

/// `GET /v1/roles`.
pub fn roles() -> Call<Vec<Role>> {
    Call::get(&["roles"])
}

/// `GET /v1/users`: all, by name.
pub fn list() -> Call<Vec<User>> {
    Call::get(&["users"])
}

/// `GET /v1/users/{name}`.
pub fn show(name: &str) -> Call<User> {
    Call::get(&["users", name])
}

/// `POST /v1/users`.
pub fn add(order: &UserOrder) -> Call<User> {
    Call::post(&["users"]).body(order)
}

/// `PATCH /v1/users/{name}`.
pub fn change(name: &str, change: &UserChange) -> Call<User> {
    Call::patch(&["users", name]).body(change)
}

/// `PUT /v1/users/{name}/roles/{role}`: gives a role, or moves it to another scope.
pub fn grant(name: &str, role: &str, scope: &RoleScope) -> Call<User> {
    Call::put(&["users", name, "roles", role]).body(scope)
}

/// `DELETE /v1/users/{name}/roles/{role}`.
pub fn withdraw(name: &str, role: &str) -> Call<User> {
    Call::delete(&["users", name, "roles", role])
}

/// `GET /v1/tokens`: newest first.
pub fn tokens(query: &TokenQuery) -> Call<Vec<Token>> {
    Call::get(&["tokens"]).query(query)
}

/// `POST /v1/tokens`.
pub fn create_token(order: &TokenOrder) -> Call<NewToken> {
    Call::post(&["tokens"]).body(order)
}

/// `DELETE /v1/tokens/{id}`: ends it for good.
pub fn revoke_token(id: &str) -> Call<Token> {
    Call::delete(&["tokens", id])
}
