//! Users (用户): people and programs that may ask for something, the roles that each of them holds, and where. What a
//! role may do stands in `roles.toml`, not here.

use crate::audit::{Actor, Entry};
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::{Row, json, word};
use crate::sql::Sql;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zhengai_model::rights::{Place, Scope};

/// A user to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewUser {
    /// Name to log in and to be named in the audit.
    pub name: String,
    /// How people call the user.
    pub label: String,
    /// The person of the college's data that the user is: `teacher/T00001`.
    pub person: Option<Place>,
}

/// Whether a user may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserState {
    /// 启用
    Active,
    /// 停用; tokens stay, but open nothing.
    Disabled,
}

/// A role that a user holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldRole {
    /// Id of the role.
    pub role: String,
    /// Where it counts.
    pub scope: Scope,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Who gave it.
    pub by: String,
}

/// A user as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserRecord {
    /// Name, label, person.
    #[serde(flatten)]
    pub user: NewUser,
    /// Whether the user may come in.
    pub state: UserState,
    /// Roles by id.
    pub roles: Vec<HeldRole>,
    /// When the user was added.
    pub at: DateTime<Utc>,
    /// Who added it.
    pub by: String,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

const SELECT: &str = "SELECT name, label, person, state, at, actor, updated_at FROM account";
const ROLES: &str = "SELECT account, role, scope, at, actor FROM account_role";

impl Record {
    /// Adds a user without roles.
    pub async fn user_create(&self, actor: &Actor, new: &NewUser) -> Result<UserRecord> {
        let mut change = self.change(actor).await?;
        let sql = Sql::new(
            "INSERT INTO account (name, label, person, state, at, actor, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $5)",
        )
        .text(&*new.name)
        .text(&*new.label)
        .maybe(new.person.as_ref().map(Place::to_string))
        .text(word(&UserState::Active)?)
        .text(change.at())
        .text(change.by());
        change.insert(Thing::User, &new.name, sql).await?;
        let record = inside(&mut change, &new.name).await?;
        change.commit(Entry::new("user.create", Thing::User, &new.name).after(&record)?).await?;
        Ok(record)
    }

    /// Gives a user another label or person; the same again writes nothing.
    pub async fn user_change(&self, actor: &Actor, user: &NewUser) -> Result<UserRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, &user.name).await?;
        if &before.user == user {
            return Ok(before);
        }
        let sql = Sql::new("UPDATE account SET label = $2, person = $3 WHERE name = $1")
            .text(&*user.name)
            .text(&*user.label)
            .maybe(user.person.as_ref().map(Place::to_string));
        change.run(sql).await?;
        settled(change, "user.change", before, None).await
    }

    /// Lets a user in or keeps it out; the state that it has already writes nothing.
    pub async fn user_set(&self, actor: &Actor, name: &str, state: UserState, why: Option<&str>) -> Result<UserRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, name).await?;
        if before.state == state {
            return Ok(before);
        }
        change.run(Sql::new("UPDATE account SET state = $2 WHERE name = $1").text(name).text(word(&state)?)).await?;
        let action = match state {
            UserState::Active => "user.enable",
            UserState::Disabled => "user.disable",
        };
        settled(change, action, before, why).await
    }

    /// Gives a user a role within a scope, or another scope for a role that it holds.
    pub async fn user_grant(&self, actor: &Actor, name: &str, role: &str, scope: &Scope) -> Result<UserRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, name).await?;
        if before.roles.iter().any(|held| held.role == role && &held.scope == scope) {
            return Ok(before);
        }
        let sql = Sql::new(
            "INSERT INTO account_role (account, role, scope, at, actor) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (account, role) DO UPDATE SET scope = excluded.scope, at = excluded.at, actor = excluded.actor",
        )
        .text(name)
        .text(role)
        .text(json(scope)?)
        .text(change.at())
        .text(change.by());
        change.run(sql).await?;
        settled(change, "user.grant", before, None).await
    }

    /// Takes a role from a user.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the user does not hold it.
    pub async fn user_withdraw(&self, actor: &Actor, name: &str, role: &str) -> Result<UserRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, name).await?;
        let sql = Sql::new("DELETE FROM account_role WHERE account = $1 AND role = $2").text(name).text(role);
        if change.run(sql).await? == 0 {
            return Err(StoreError::NotFound { thing: Thing::Role, id: role.to_owned() });
        }
        settled(change, "user.withdraw", before, None).await
    }

    /// The user with this name.
    pub async fn user_find(&self, name: &str) -> Result<Option<UserRecord>> {
        let Some(row) = self.row("account", Sql::new(SELECT).only("name = ", name)).await? else { return Ok(None) };
        let roles = self.rows("account_role", Sql::new(ROLES).only("account = ", name).push(" ORDER BY role")).await?;
        read(&row, roles.iter().map(read_role).collect::<Result<_>>()?).map(Some)
    }

    /// All users, by name.
    pub async fn user_list(&self) -> Result<Vec<UserRecord>> {
        let mut held: BTreeMap<String, Vec<HeldRole>> = BTreeMap::new();
        for row in self.rows("account_role", Sql::new(ROLES).push(" ORDER BY account, role")).await? {
            held.entry(row.text("account")?).or_default().push(read_role(&row)?);
        }
        let rows = self.rows("account", Sql::new(SELECT).push(" ORDER BY name")).await?;
        rows.iter().map(|row| read(row, held.remove(&row.text("name")?).unwrap_or_default())).collect()
    }
}

/// Stamps the user, writes the audit row and commits.
async fn settled(mut change: Change<'_>, action: &str, before: UserRecord, why: Option<&str>) -> Result<UserRecord> {
    let name = before.user.name.clone();
    let stamp = Sql::new("UPDATE account SET updated_at = $2 WHERE name = $1").text(&*name).text(change.at());
    change.run(stamp).await?;
    let after = inside(&mut change, &name).await?;
    change.commit(Entry::new(action, Thing::User, &name).why(why).before(&before)?.after(&after)?).await?;
    Ok(after)
}

/// The user as the transaction sees it.
pub(crate) async fn inside(change: &mut Change<'_>, name: &str) -> Result<UserRecord> {
    let row = change.row("account", Sql::new(SELECT).only("name = ", name)).await?;
    let row = row.ok_or_else(|| StoreError::NotFound { thing: Thing::User, id: name.to_owned() })?;
    let roles = change.rows("account_role", Sql::new(ROLES).only("account = ", name).push(" ORDER BY role")).await?;
    read(&row, roles.iter().map(read_role).collect::<Result<_>>()?)
}

fn read_role(row: &Row) -> Result<HeldRole> {
    Ok(HeldRole { role: row.text("role")?, scope: row.json("scope")?, at: row.time("at")?, by: row.text("actor")? })
}

fn read(row: &Row, roles: Vec<HeldRole>) -> Result<UserRecord> {
    Ok(UserRecord {
        user: NewUser { name: row.text("name")?, label: row.text("label")?, person: row.maybe_parsed("person")? },
        state: row.word("state")?,
        roles,
        at: row.time("at")?,
        by: row.text("actor")?,
        updated_at: row.time("updated_at")?,
    })
}
