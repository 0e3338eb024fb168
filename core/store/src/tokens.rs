//! Tokens (令牌): what a program shows instead of a password. Only the SHA-256 of a token is kept; whoever reads the
//! record cannot come in with what stands here.

use crate::audit::{Actor, Entry};
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::Row;
use crate::sql::Sql;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// A token to be.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Its id, by which people name it.
    pub id: String,
    /// The user whose token it is.
    pub user: String,
    /// What it is for.
    pub note: String,
    /// SHA-256 of the token, in hex.
    pub sha256: String,
    /// When it ends, if it does.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A token as recorded, without its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenRecord {
    /// Its id.
    pub id: String,
    /// The user whose token it is.
    pub user: String,
    /// What it is for.
    pub note: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Who made it.
    pub by: String,
    /// When it ends, if it does.
    pub expires_at: Option<DateTime<Utc>>,
    /// About when it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Who revoked it.
    pub revoked_by: Option<String>,
}

impl TokenRecord {
    /// Whether it opens anything at this time, as far as the token itself goes.
    pub fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

const SELECT: &str = "SELECT id, account, note, at, actor, expires_at, last_used_at, revoked_at, revoked_by FROM token";

impl Record {
    /// Keeps the hash of a new token.
    pub async fn token_create(&self, actor: &Actor, new: &NewToken) -> Result<TokenRecord> {
        let mut change = self.change(actor).await?;
        crate::users::inside(&mut change, &new.user).await?;
        let sql = Sql::new(
            "INSERT INTO token (id, account, note, sha256, at, actor, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .text(&*new.id)
        .text(&*new.user)
        .text(&*new.note)
        .text(&*new.sha256)
        .text(change.at())
        .text(change.by())
        .maybe(new.expires_at.map(crate::clock::stored));
        change.insert(Thing::Token, &new.id, sql).await?;
        let record = inside(&mut change, &new.id).await?;
        change.commit(Entry::new("token.create", Thing::Token, &new.id).after(&record)?).await?;
        Ok(record)
    }

    /// Ends a token for good.
    ///
    /// # Errors
    /// [`StoreError::WrongState`] when it was revoked already.
    pub async fn token_revoke(&self, actor: &Actor, id: &str, why: Option<&str>) -> Result<TokenRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, id).await?;
        if before.revoked_at.is_some() {
            let revoked = || "revoked".to_owned();
            return Err(StoreError::WrongState {
                thing: Thing::Token,
                id: id.to_owned(),
                from: revoked(),
                to: revoked(),
            });
        }
        let sql = Sql::new("UPDATE token SET revoked_at = $2, revoked_by = $3 WHERE id = $1")
            .text(id)
            .text(change.at())
            .text(change.by());
        change.run(sql).await?;
        let after = inside(&mut change, id).await?;
        let entry = Entry::new("token.revoke", Thing::Token, id).why(why);
        change.commit(entry.before(&before)?.after(&after)?).await?;
        Ok(after)
    }

    /// Tokens of one user or of all, the newest first.
    pub async fn token_list(&self, user: Option<&str>) -> Result<Vec<TokenRecord>> {
        let sql = Sql::new(SELECT).only_if("account = ", user).push(" ORDER BY at DESC, id DESC");
        self.rows("token", sql).await?.iter().map(read).collect()
    }

    /// The token with this hash, good or not. The look-up goes by a hash that nobody can steer, so the time that it takes
    /// tells nothing about tokens.
    pub async fn token_by_hash(&self, sha256: &str) -> Result<Option<TokenRecord>> {
        self.row("token", Sql::new(SELECT).only("sha256 = ", sha256)).await?.as_ref().map(read).transpose()
    }

    /// Notes about when a token was used. This is no decision of anybody, so it is the one write without an audit row.
    pub async fn token_seen(&self, id: &str, at: DateTime<Utc>) -> Result<()> {
        let sql = Sql::new("UPDATE token SET last_used_at = $2 WHERE id = $1").text(id).text(crate::clock::stored(at));
        self.note(sql).await
    }
}

async fn inside(change: &mut Change<'_>, id: &str) -> Result<TokenRecord> {
    let row = change.row("token", Sql::new(SELECT).only("id = ", id)).await?;
    read(&row.ok_or_else(|| StoreError::NotFound { thing: Thing::Token, id: id.to_owned() })?)
}

fn read(row: &Row) -> Result<TokenRecord> {
    Ok(TokenRecord {
        id: row.text("id")?,
        user: row.text("account")?,
        note: row.text("note")?,
        at: row.time("at")?,
        by: row.text("actor")?,
        expires_at: row.maybe_time("expires_at")?,
        last_used_at: row.maybe_time("last_used_at")?,
        revoked_at: row.maybe_time("revoked_at")?,
        revoked_by: row.maybe("revoked_by")?,
    })
}
