//! The audit chain (审计): who, role, when, what, why, before and after, each row bound to the one before it by
//! SHA-256. Rows are only ever appended, by the transaction that makes the change.

use crate::canonical::{canonical, digest};
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::Row;
use crate::sql::Sql;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zhengai_model::rights::{Grant, Place, Right};

/// Who makes a change, and in which role; beside that, what the person may do, which the record keeps elsewhere and
/// use cases ask for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// The person's name or account; `system` for the machine itself.
    pub name: String,
    /// The role in which the person acts, for example `administrator`; several are joined by `+`.
    pub role: String,
    /// What the person may do, and where. Nothing unless somebody said so.
    #[serde(skip)]
    pub grants: Vec<Grant>,
    /// The person of the college's data that the actor is.
    #[serde(skip)]
    pub person: Option<Place>,
    /// The purpose that was named for reading personal rows.
    #[serde(skip)]
    pub purpose: Option<String>,
}

impl Actor {
    /// An actor who may do nothing yet.
    pub fn new(name: impl Into<String>, role: impl Into<String>) -> Self {
        Self { name: name.into(), role: role.into(), grants: Vec::new(), person: None, purpose: None }
    }

    /// Somebody who works at the machine itself, with the data directory at hand: an administrator with every right.
    /// The purpose is `operation` of `roles.toml`.
    pub fn local(name: impl Into<String>) -> Self {
        let purpose = Some("operation".to_owned());
        Self::new(name, "administrator").holding([Grant::everything()]).for_purpose(purpose)
    }

    /// The same with these roles, rights and scopes.
    #[must_use]
    pub fn holding(mut self, grants: impl IntoIterator<Item = Grant>) -> Self {
        self.grants = grants.into_iter().collect();
        self
    }

    /// The same as this person.
    #[must_use]
    pub fn being(mut self, person: Option<Place>) -> Self {
        self.person = person;
        self
    }

    /// The same with a purpose for reading personal rows.
    #[must_use]
    pub fn for_purpose(mut self, purpose: Option<String>) -> Self {
        self.purpose = purpose;
        self
    }

    /// Whether any role of the person has this right, wherever it counts.
    pub fn may(&self, right: Right) -> bool {
        self.grants.iter().any(|grant| grant.rights.contains(&right))
    }
}

/// One row of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Position, from 1 without holes.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What was done: `batch.create`, `warning.resolve`, …
    pub action: String,
    /// Kind of the thing it was done to: `batch`, `run`, …
    pub thing: String,
    /// Its id.
    pub subject: String,
    /// The reason given.
    pub why: Option<String>,
    /// The thing before, as far as it changed.
    pub before: Option<Value>,
    /// The thing after, as far as it changed.
    pub after: Option<Value>,
    /// Hash over the previous row's hash and this row.
    pub hash: String,
    /// The first row of the change, when one change did the same to many things.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk: Option<u64>,
    /// The row whose change this one took back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<u64>,
}

/// Which rows to list; the default is all.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Rows on this kind of thing: `batch`, `warning`, …
    pub thing: Option<String>,
    /// Rows on the thing with this id.
    pub subject: Option<String>,
    /// Rows by this person.
    pub actor: Option<String>,
    /// Rows with this action.
    pub action: Option<String>,
    /// Rows after this position.
    pub after: Option<u64>,
    /// Rows before this position.
    pub before: Option<u64>,
    /// At most so many, the newest ones.
    pub limit: Option<u32>,
}

/// Something worth an audit row that changes nothing in the record: an export, a look at a personal portrait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What was done: `portrait.read`, `result.export`, …
    pub action: String,
    /// Kind of the thing.
    pub thing: String,
    /// Its id.
    pub subject: String,
    /// The reason, if one was given.
    pub why: Option<String>,
    /// Whatever else should be known.
    pub detail: Option<Value>,
}

/// An audit row to be, without what the change itself knows.
pub(crate) struct Entry {
    action: String,
    thing: String,
    subject: String,
    why: Option<String>,
    before: Option<String>,
    after: Option<String>,
}

impl Entry {
    pub(crate) fn new(action: &str, thing: Thing, subject: impl ToString) -> Self {
        Self {
            action: action.to_owned(),
            thing: thing.as_str().to_owned(),
            subject: subject.to_string(),
            why: None,
            before: None,
            after: None,
        }
    }

    pub(crate) fn why(mut self, why: Option<&str>) -> Self {
        self.why = why.map(ToOwned::to_owned);
        self
    }

    pub(crate) fn before<T: Serialize>(mut self, before: &T) -> Result<Self> {
        self.before = Some(canonical(before).map_err(|source| StoreError::Encode { source })?);
        Ok(self)
    }

    pub(crate) fn after<T: Serialize>(mut self, after: &T) -> Result<Self> {
        self.after = Some(canonical(after).map_err(|source| StoreError::Encode { source })?);
        Ok(self)
    }
}

/// A reason that must be there.
pub(crate) fn reason<'a>(action: &str, why: &'a str) -> Result<&'a str> {
    let why = why.trim();
    if why.is_empty() { Err(StoreError::ReasonMissing { action: action.to_owned() }) } else { Ok(why) }
}

/// The columns of a row exactly as stored: what the hash is taken over.
pub(crate) struct Link {
    pub(crate) seq: i64,
    pub(crate) at: String,
    pub(crate) actor: String,
    pub(crate) role: String,
    pub(crate) action: String,
    pub(crate) thing: String,
    pub(crate) subject: String,
    pub(crate) why: Option<String>,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

impl Link {
    /// Hash over the previous hash and the canonical JSON of this row.
    pub(crate) fn hash(&self, previous: &str) -> Result<String> {
        let body = serde_json::json!({
            "seq": self.seq, "at": self.at, "actor": self.actor, "role": self.role, "action": self.action,
            "thing": self.thing, "subject": self.subject, "why": self.why, "before": self.before, "after": self.after,
        });
        let text = canonical(&body).map_err(|source| StoreError::Encode { source })?;
        Ok(digest([previous, text.as_str()]))
    }

    pub(crate) fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            seq: row.int("seq")?,
            at: row.text("at")?,
            actor: row.text("actor")?,
            role: row.text("role")?,
            action: row.text("action")?,
            thing: row.text("thing")?,
            subject: row.text("subject")?,
            why: row.maybe("why")?,
            before: row.maybe("before_json")?,
            after: row.maybe("after_json")?,
        })
    }
}

/// Columns in the order in which they are always named.
pub(crate) const COLUMNS: &str =
    "SELECT seq, at, actor, role, action, thing, subject, why, before_json, after_json, hash FROM audit";

/// Rows of one statement.
const CHUNK: usize = 20;
const INSERT: &str =
    "INSERT INTO audit (seq, at, actor, role, action, thing, subject, why, before_json, after_json, hash)";

/// Appends rows to the chain, more than one when a change did the same to many things. The head row is updated first:
/// on any database this makes writers queue.
pub(crate) async fn append(change: &mut Change<'_>, entries: Vec<Entry>) -> Result<()> {
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let head = Sql::new("UPDATE audit_head SET seq = seq + $1 WHERE id = 1 RETURNING seq, hash").int(count);
    let head = change.row("audit_head", head).await?;
    let head = head.ok_or_else(|| StoreError::NotFound { thing: Thing::Setting, id: "audit_head".to_owned() })?;
    let (actor, at) = (change.actor().clone(), change.at());
    let first = head.int("seq")? - count + 1;
    let marks = Marks { bulk: (count > 1).then_some(first), undoes: change.undoes() };
    let mut hash = head.text("hash")?;
    let mut links = Vec::with_capacity(entries.len());
    for (seq, entry) in (first..).zip(entries) {
        let link = Link {
            seq,
            at: at.clone(),
            actor: actor.name.clone(),
            role: actor.role.clone(),
            action: entry.action,
            thing: entry.thing,
            subject: entry.subject,
            why: entry.why,
            before: entry.before,
            after: marks.around(entry.after),
        };
        hash = link.hash(&hash)?;
        links.push((link, hash.clone()));
    }
    change.run(Sql::new("UPDATE audit_head SET hash = $1 WHERE id = 1").text(hash)).await?;
    while !links.is_empty() {
        let rest = links.split_off(links.len().min(CHUNK));
        let mut insert = Sql::new(INSERT).values(11, "", links.len());
        for (link, hash) in links {
            insert = insert
                .int(link.seq)
                .text(link.at)
                .text(link.actor)
                .text(link.role)
                .text(link.action)
                .text(link.thing)
                .text(link.subject)
                .maybe(link.why)
                .maybe(link.before)
                .maybe(link.after)
                .text(hash);
        }
        change.run(insert).await?;
        links = rest;
    }
    Ok(())
}

/// What a row says of other rows. It stands around what it says of the thing: `{"$after": …, "$bulk": 12}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Marks {
    bulk: Option<i64>,
    undoes: Option<u64>,
}

const AFTER: &str = "$after";
const BULK: &str = "$bulk";
const UNDOES: &str = "$undoes";

impl Marks {
    fn around(self, after: Option<String>) -> Option<String> {
        if self.bulk.is_none() && self.undoes.is_none() {
            return after;
        }
        let mut text = format!("{{\"{AFTER}\":{}", after.as_deref().unwrap_or("null"));
        let marks = [(BULK, self.bulk.map(|seq| seq.to_string())), (UNDOES, self.undoes.map(|seq| seq.to_string()))];
        for (name, seq) in marks {
            if let Some(seq) = seq {
                text.extend([",\"", name, "\":", &seq]);
            }
        }
        text.push('}');
        Some(text)
    }
}

/// What a row says of its thing, the first row of its change, and the row that it undoes.
fn unmark(after: Option<Value>) -> (Option<Value>, Option<u64>, Option<u64>) {
    match after {
        Some(Value::Object(mut fields)) if fields.contains_key(AFTER) => {
            let seq = |name: &str| fields.get(name).and_then(Value::as_u64);
            let (bulk, undoes) = (seq(BULK), seq(UNDOES));
            (fields.remove(AFTER).filter(|after| !after.is_null()), bulk, undoes)
        }
        other => (other, None, None),
    }
}

impl Record {
    /// Rows of the chain, oldest first; with a limit the newest ones, still oldest first.
    pub async fn audit_list(&self, filter: &AuditFilter) -> Result<Vec<AuditRow>> {
        let sql = Sql::new(COLUMNS)
            .only_if("thing = ", filter.thing.as_deref())
            .only_if("subject = ", filter.subject.as_deref())
            .only_if("actor = ", filter.actor.as_deref())
            .only_if("action = ", filter.action.as_deref());
        let sql = match filter.after {
            Some(after) => sql.only_int("seq > ", i64::try_from(after).unwrap_or(i64::MAX)),
            None => sql,
        };
        let sql = match filter.before {
            Some(before) => sql.only_int("seq < ", i64::try_from(before).unwrap_or(i64::MAX)),
            None => sql,
        };
        let rows = self.rows("audit", sql.push(" ORDER BY seq DESC").page(filter.limit, 0)).await?;
        rows.iter().rev().map(audit_row).collect()
    }

    /// How many rows the chain has.
    pub async fn audit_length(&self) -> Result<u64> {
        let row = self.row("audit_head", Sql::new("SELECT seq FROM audit_head WHERE id = 1")).await?;
        Ok(row.map(|row| row.int("seq")).transpose()?.and_then(|seq| u64::try_from(seq).ok()).unwrap_or(0))
    }

    /// Whether a row behind the one with this number tells of one of these things.
    pub async fn audit_tells_of(&self, after: u64, things: &[Thing]) -> Result<bool> {
        let sql = Sql::new("SELECT seq FROM audit").only_int("seq > ", i64::try_from(after).unwrap_or(i64::MAX));
        let sql = sql.any_of("thing", things.iter().map(|thing| thing.as_str())).push(" LIMIT 1");
        Ok(self.row("audit", sql).await?.is_some())
    }

    /// Adds a row for something that changes nothing in the record, for example a look at a personal portrait.
    pub async fn audit_note(&self, actor: &Actor, note: &Note) -> Result<()> {
        let change = self.change(actor).await?;
        let mut entry = Entry {
            action: note.action.clone(),
            thing: note.thing.clone(),
            subject: note.subject.clone(),
            why: note.why.clone(),
            before: None,
            after: None,
        };
        if let Some(detail) = &note.detail {
            entry = entry.after(detail)?;
        }
        change.commit(entry).await
    }
}

fn audit_row(row: &Row) -> Result<AuditRow> {
    let (after, bulk, undoes) = unmark(row.maybe_json("after_json")?);
    Ok(AuditRow {
        seq: u64::try_from(row.int("seq")?).unwrap_or(0),
        at: row.time("at")?,
        actor: Actor::new(row.text("actor")?, row.text("role")?),
        action: row.text("action")?,
        thing: row.text("thing")?,
        subject: row.text("subject")?,
        why: row.maybe("why")?,
        before: row.maybe_json("before_json")?,
        after,
        hash: row.text("hash")?,
        bulk,
        undoes,
    })
}
