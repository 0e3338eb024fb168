//! Users (用户), their roles and tokens: who may come in, as what, and by which token.

use crate::college::College;
use crate::error::ServiceError;
use crate::rights::forbidden;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use zhengai_model::hash::hex;
use zhengai_model::layer::Layer;
use zhengai_model::rights::{Grant, Place, Purposes, Reach, Reaches, Right, Role, Scope};
use zhengai_store::{Actor, NewToken, NewUser, TokenRecord, UserRecord, UserState};

/// What every token begins with, so that people and scanners know one when they see it.
pub const TOKEN_PREFIX: &str = "zhg_";

/// Use is noted no more often than this.
const SEEN_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// Longest life of a token, in days.
const LONGEST: u32 = 3650;

/// A role to be given.
#[derive(Debug, Clone, Default)]
pub struct RoleOrder {
    /// Id of the role.
    pub role: String,
    /// Units as `kind/id`; the whole college when empty and the role allows it.
    pub units: Vec<String>,
    /// Layers; those of the role when empty.
    pub layers: Vec<Layer>,
}

/// A token that was just made. Its text is shown this once and kept nowhere.
pub struct MadeToken {
    /// The token as recorded.
    pub record: TokenRecord,
    /// The text to hand over.
    pub text: String,
}

impl std::fmt::Debug for MadeToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeToken").field("record", &self.record).finish_non_exhaustive()
    }
}

impl College {
    /// All users, by name.
    pub async fn users(&self) -> Result<Vec<UserRecord>, ServiceError> {
        self.permit(Right::ManageUsers)?;
        Ok(self.record.user_list().await?)
    }

    /// One user; anybody may see the own one.
    pub async fn user(&self, name: &str) -> Result<UserRecord, ServiceError> {
        if name != self.actor().name {
            self.permit(Right::ManageUsers)?;
        }
        match self.record.user_find(name).await? {
            Some(user) => Ok(user),
            None => {
                let known =
                    if self.actor().may(Right::ManageUsers) { self.record.user_list().await? } else { Vec::new() };
                Err(ServiceError::not_found("user", name, known.iter().map(|user| user.user.name.as_str())))
            }
        }
    }

    /// Adds a user without roles.
    pub async fn add_user(
        &self,
        name: &str,
        label: Option<&str>,
        person: Option<&str>,
    ) -> Result<UserRecord, ServiceError> {
        self.permit(Right::ManageUsers)?;
        let bad = |letter: char| letter.is_control() || letter.is_whitespace() || matches!(letter, '/' | '"' | '\'');
        if name.is_empty() || name.chars().count() > 64 || name.chars().any(bad) || name == "system" {
            return Err(ServiceError::BadArgument { what: "user-name", value: name.to_owned() });
        }
        let label = label.map(str::trim).filter(|label| !label.is_empty()).unwrap_or(name);
        let new = NewUser { name: name.to_owned(), label: label.to_owned(), person: self.person(person).await? };
        Ok(self.record.user_create(self.actor(), &new).await?)
    }

    /// Gives a user another label or person; what is `None` stays.
    pub async fn change_user(
        &self,
        name: &str,
        label: Option<&str>,
        person: Option<&str>,
    ) -> Result<UserRecord, ServiceError> {
        self.permit(Right::ManageUsers)?;
        let known = self.user(name).await?.user;
        let label = label.map(str::trim).filter(|label| !label.is_empty()).unwrap_or(&known.label).to_owned();
        let person = self.person(person).await?.or(known.person);
        Ok(self.record.user_change(self.actor(), &NewUser { name: known.name, label, person }).await?)
    }

    /// Lets a user in or keeps it out, with all its tokens.
    pub async fn set_user(&self, name: &str, state: UserState, why: Option<&str>) -> Result<UserRecord, ServiceError> {
        self.permit(Right::ManageUsers)?;
        self.user(name).await?;
        Ok(self.record.user_set(self.actor(), name, state, why).await?)
    }

    /// Gives a user a role within a scope, or moves a role that it holds. Nobody gives what they do not have.
    pub async fn grant_role(&self, name: &str, order: &RoleOrder) -> Result<UserRecord, ServiceError> {
        self.permit(Right::ManageUsers)?;
        let user = self.user(name).await?;
        let role = self.role(&order.role)?;
        if let Some(right) = role.rights.iter().find(|right| !self.actor().may(**right)) {
            return Err(forbidden(*right, self.roles()));
        }
        let scope = self.scope_of(role, order, &user).await?;
        Ok(self.record.user_grant(self.actor(), name, &role.id, &scope).await?)
    }

    /// Takes a role from a user.
    pub async fn withdraw_role(&self, name: &str, role: &str) -> Result<UserRecord, ServiceError> {
        self.permit(Right::ManageUsers)?;
        let held = self.user(name).await?.roles;
        if held.iter().all(|held| held.role != role) {
            return Err(ServiceError::not_found("role", role, held.iter().map(|held| held.role.as_str())));
        }
        Ok(self.record.user_withdraw(self.actor(), name, role).await?)
    }

    fn role(&self, id: &str) -> Result<&Role, ServiceError> {
        let known = || self.roles().roles().map(|role| role.id.as_str());
        self.roles().role(id).ok_or_else(|| ServiceError::not_found("role", id, known()))
    }

    async fn person(&self, text: Option<&str>) -> Result<Option<Place>, ServiceError> {
        match text {
            Some(text) => self.known_place(text).await.map(Some),
            None => Ok(None),
        }
    }

    /// `kind/id` of a kind that the college has.
    /// An object that there is. Before objects of its kind came in, nobody can tell.
    async fn known_place(&self, text: &str) -> Result<Place, ServiceError> {
        let place: Place =
            text.parse().map_err(|_| ServiceError::BadArgument { what: "object", value: text.to_owned() })?;
        let kinds = self.definitions.object_kinds();
        if !kinds.contains_key(&place.kind) && place.kind.as_str() != "school" {
            let known = kinds.keys().map(|kind| kind.as_str());
            return Err(ServiceError::not_found("object-kind", place.kind.as_str(), known));
        }
        let ids = self.ids_of_kind(&place.kind).await?;
        if !ids.is_empty() && !ids.contains(&place.id) {
            return Err(ServiceError::not_found("object", place.id.as_str(), ids.iter().map(|id| id.as_str())));
        }
        Ok(place)
    }

    async fn scope_of(&self, role: &Role, order: &RoleOrder, user: &UserRecord) -> Result<Scope, ServiceError> {
        let mut units: BTreeSet<Place> = BTreeSet::new();
        for unit in &order.units {
            units.insert(self.known_place(unit).await?);
        }
        let needs = |needs| ServiceError::RoleNeeds { role: role.id.clone(), needs };
        let reach = match (role.reach, units.is_empty()) {
            (Reaches::College, true) => Reach::College,
            (Reaches::College | Reaches::Units, false) => Reach::Units(units),
            (Reaches::Units, true) => return Err(needs("units")),
            (Reaches::Own, false) => return Err(needs("no-units")),
            (Reaches::Own, true) if user.user.person.is_none() => return Err(needs("person")),
            (Reaches::Own, true) => Reach::Own,
        };
        let layers = if order.layers.is_empty() { role.layers.clone() } else { order.layers.iter().copied().collect() };
        Ok(Scope { layers, reach })
    }

    /// Tokens of one user or of all, the newest first; anybody may see the own ones.
    pub async fn tokens(&self, user: Option<&str>) -> Result<Vec<TokenRecord>, ServiceError> {
        if user != Some(self.actor().name.as_str()) {
            self.permit(Right::ManageUsers)?;
        }
        if let Some(user) = user.filter(|user| *user != self.actor().name) {
            self.user(user).await?;
        }
        Ok(self.record.token_list(user).await?)
    }

    /// Makes a token for a user. It ends after so many days, or never.
    pub async fn create_token(&self, user: &str, note: &str, days: Option<u32>) -> Result<MadeToken, ServiceError> {
        self.permit(Right::ManageUsers)?;
        self.user(user).await?;
        let note = note.trim();
        if note.is_empty() || note.chars().count() > 200 || note.chars().any(char::is_control) {
            return Err(ServiceError::BadArgument { what: "note", value: note.to_owned() });
        }
        if let Some(days) = days.filter(|days| *days == 0 || *days > LONGEST) {
            return Err(ServiceError::BadArgument { what: "days", value: days.to_string() });
        }
        let (mut secret, mut id) = ([0_u8; 32], [0_u8; 4]);
        for part in [secret.as_mut_slice(), id.as_mut_slice()] {
            let failed = |error| ServiceError::Internal { what: format!("no random numbers: {error}") };
            getrandom::fill(part).map_err(failed)?;
        }
        let text = format!("{TOKEN_PREFIX}{}", hex(&secret));
        let new = NewToken {
            id: format!("T{}", hex(&id)),
            user: user.to_owned(),
            note: note.to_owned(),
            sha256: hash(&text),
            expires_at: days.map(|days| (self.opening.clock)() + TimeDelta::days(i64::from(days))),
        };
        let record = self.record.token_create(self.actor(), &new).await?;
        Ok(MadeToken { record, text })
    }

    /// Ends a token for good; anybody may end the own ones.
    pub async fn revoke_token(&self, id: &str, why: Option<&str>) -> Result<TokenRecord, ServiceError> {
        let all = self.record.token_list(None).await?;
        let token = all.iter().find(|token| token.id == id);
        if token.is_none_or(|token| token.user != self.actor().name) {
            self.permit(Right::ManageUsers)?;
        }
        if token.is_none() {
            return Err(ServiceError::not_found("token", id, all.iter().map(|token| token.id.as_str())));
        }
        Ok(self.record.token_revoke(self.actor(), id, why).await?)
    }

    /// Who comes in with a token, with rights and scope as they are now.
    ///
    /// # Errors
    /// [`ServiceError::NotAuthenticated`] for a token that is unknown, expired or revoked or whose user is kept out; a
    /// stranger is not told which.
    pub async fn authenticate(&self, token: &str, now: DateTime<Utc>) -> Result<Actor, ServiceError> {
        let refused = |why| ServiceError::NotAuthenticated { why };
        let known = self.record.token_by_hash(&hash(token)).await?.ok_or_else(|| refused("unknown"))?;
        if !known.is_good(now) {
            return Err(refused(if known.revoked_at.is_some() { "revoked" } else { "expired" }));
        }
        let user = self.record.user_find(&known.user).await?.ok_or_else(|| refused("unknown"))?;
        if user.state != UserState::Active {
            return Err(refused("disabled"));
        }
        if known.last_used_at.is_none_or(|last| last + SEEN_AGAIN <= now)
            && let Err(error) = self.record.token_seen(&known.id, now).await
        {
            // Nobody is kept out because a time could not be noted.
            tracing::debug!(token = %known.id, %error, "cannot note the use of a token");
        }
        Ok(self.actor_of(&user))
    }

    /// The user as an actor, with what the roles in force give.
    pub fn actor_of(&self, user: &UserRecord) -> Actor {
        let mut grants = Vec::new();
        for held in &user.roles {
            let Some(role) = self.roles().role(&held.role) else {
                tracing::warn!(user = %user.user.name, role = %held.role, "a role that roles.toml does not have gives nothing");
                continue;
            };
            grants.push(Grant {
                role: role.id.clone(),
                rights: role.rights.clone(),
                purposes: Purposes::These(role.purposes.clone()),
                scope: held.scope.clone(),
            });
        }
        let roles: Vec<&str> = grants.iter().map(|grant| grant.role.as_str()).collect();
        let role = if roles.is_empty() { "none".to_owned() } else { roles.join("+") };
        Actor::new(&*user.user.name, role).being(user.user.person.clone()).holding(grants)
    }
}

/// What is kept of a token.
fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.trim().as_bytes()))
}
