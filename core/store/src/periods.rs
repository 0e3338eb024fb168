//! How far periods are settled (开放 宽限 锁定 签署), and exceptions for late rows into locked ones. Which moves are
//! allowed is the model's `period::change_state`; here they are kept.

use crate::audit::{Actor, Entry, reason};
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::{Row, word};
use crate::sql::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use zhengai_model::ids::{DatasetId, PeriodId};
use zhengai_model::period::{LateException, PeriodState, Settlement, change_state};

/// The state that a person set for a period. A period without one follows the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeriodRecord {
    /// The period.
    pub period: PeriodId,
    /// Its state.
    pub state: PeriodState,
    /// Why it was set.
    pub why: Option<String>,
    /// When it was set.
    pub updated_at: DateTime<Utc>,
    /// Who set it.
    pub by: String,
}

/// An exception to be granted; the actor is who grants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewException {
    /// The locked period.
    pub period: PeriodId,
    /// For rows of this dataset; of all when absent.
    pub dataset: Option<DatasetId>,
    /// Who may bring late rows.
    pub granted_to: String,
    /// Why.
    pub why: String,
    /// First day on which it no longer holds.
    pub until: NaiveDate,
}

/// An exception as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExceptionRecord {
    /// Its number.
    pub id: i64,
    /// The exception as the model reads it: period, dataset, by whom, why, until when.
    pub exception: LateException,
    /// Who may bring late rows.
    pub granted_to: String,
    /// When it was granted.
    pub at: DateTime<Utc>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
}

const SELECT: &str = "SELECT period, state, why, updated_at, actor FROM period_state";
const SELECT_EXCEPTION: &str =
    "SELECT id, period, dataset, granted_to, why, until, at, actor, revoked_at FROM period_exception";

impl Record {
    /// Sets the state of a period. `from` is its state today as the caller computed it, because an unset one follows
    /// the calendar.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when another state than `from` is on record, [`StoreError::PeriodSigned`] when it is
    /// signed, [`StoreError::WrongState`] when the rules do not allow the move.
    pub async fn period_set(
        &self,
        actor: &Actor,
        period: &PeriodId,
        from: PeriodState,
        to: PeriodState,
        why: &str,
    ) -> Result<PeriodRecord> {
        let why = reason("period.set", why)?;
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, period).await?;
        if let Some(before) = &before {
            if before.state == PeriodState::Signed {
                return Err(StoreError::PeriodSigned { period: period.to_string() });
            }
            if before.state != from {
                return Err(StoreError::Stale { thing: Thing::Period, id: period.to_string() });
            }
        }
        if change_state(period, from, to).is_err() {
            let (from, to) = (word(&from)?, word(&to)?);
            return Err(StoreError::WrongState { thing: Thing::Period, id: period.to_string(), from, to });
        }
        let sql = Sql::new(
            "INSERT INTO period_state (period, state, why, updated_at, actor) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (period) DO UPDATE SET state = excluded.state, why = excluded.why, \
             updated_at = excluded.updated_at, actor = excluded.actor",
        )
        .text(period.as_str())
        .text(word(&to)?)
        .text(why)
        .text(change.at())
        .text(change.by());
        change.run(sql).await?;
        let after = inside(&mut change, period).await?;
        let after = after.ok_or_else(|| StoreError::NotFound { thing: Thing::Period, id: period.to_string() })?;
        let action = format!("period.{}", word(&to)?);
        let entry = Entry::new(&action, Thing::Period, period).why(Some(why)).before(&from)?.after(&after)?;
        change.commit(entry).await?;
        Ok(after)
    }

    /// The state on record, if a person set one.
    pub async fn period_find(&self, period: &PeriodId) -> Result<Option<PeriodRecord>> {
        self.row("period_state", Sql::new(SELECT).only("period = ", period.as_str()))
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// All states on record, by period.
    pub async fn period_list(&self) -> Result<Vec<PeriodRecord>> {
        self.rows("period_state", Sql::new(SELECT).push(" ORDER BY period")).await?.iter().map(read).collect()
    }

    /// What the model needs to decide whether rows come into a period: the state on record and the exceptions that
    /// were not taken back.
    pub async fn period_settlement(&self, period: &PeriodId) -> Result<Settlement> {
        let recorded = self.period_find(period).await?.map(|record| record.state);
        let exceptions = self.exception_list(Some(period)).await?;
        let in_force = exceptions.into_iter().filter(|record| record.revoked_at.is_none());
        Ok(Settlement { recorded, exceptions: in_force.map(|record| record.exception).collect() })
    }

    /// Grants an exception. `today` is the day at the college.
    ///
    /// # Errors
    /// [`StoreError::ExceptionOver`] when it would end before it begins, [`StoreError::PeriodSigned`] when nothing
    /// may come in any more.
    pub async fn exception_grant(
        &self,
        actor: &Actor,
        new: &NewException,
        today: NaiveDate,
    ) -> Result<ExceptionRecord> {
        let why = reason("exception.grant", &new.why)?;
        let granted_to = reason("exception.grant", &new.granted_to)?;
        if new.until <= today {
            let (period, until) = (new.period.to_string(), new.until.to_string());
            return Err(StoreError::ExceptionOver { period, until });
        }
        let mut change = self.change(actor).await?;
        if inside(&mut change, &new.period).await?.is_some_and(|record| record.state == PeriodState::Signed) {
            return Err(StoreError::PeriodSigned { period: new.period.to_string() });
        }
        let id = change.numbers("period_exception", 1).await?;
        let sql = Sql::new(
            "INSERT INTO period_exception (id, period, dataset, granted_to, why, until, at, actor) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .int(id)
        .text(new.period.as_str())
        .maybe(new.dataset.as_ref().map(DatasetId::as_str))
        .text(granted_to)
        .text(why)
        .text(new.until.to_string())
        .text(change.at())
        .text(change.by());
        change.insert(Thing::Exception, &id.to_string(), sql).await?;
        let record = exception_inside(&mut change, id).await?;
        let entry = Entry::new("exception.grant", Thing::Exception, id).why(Some(why)).after(&record)?;
        change.commit(entry).await?;
        Ok(record)
    }

    /// Takes an exception back.
    pub async fn exception_revoke(&self, actor: &Actor, id: i64, why: &str) -> Result<ExceptionRecord> {
        let why = reason("exception.revoke", why)?;
        let mut change = self.change(actor).await?;
        let before = exception_inside(&mut change, id).await?;
        if before.revoked_at.is_some() {
            let (from, to) = ("revoked".to_owned(), "revoked".to_owned());
            return Err(StoreError::WrongState { thing: Thing::Exception, id: id.to_string(), from, to });
        }
        let sql = Sql::new("UPDATE period_exception SET revoked_at = $2 WHERE id = $1").int(id).text(change.at());
        change.run(sql).await?;
        let after = exception_inside(&mut change, id).await?;
        change.commit(Entry::new("exception.revoke", Thing::Exception, id).why(Some(why)).before(&before)?).await?;
        Ok(after)
    }

    /// Exceptions of a period or of all, in the order in which they were granted.
    pub async fn exception_list(&self, period: Option<&PeriodId>) -> Result<Vec<ExceptionRecord>> {
        let sql = Sql::new(SELECT_EXCEPTION).only_if("period = ", period.map(PeriodId::as_str)).push(" ORDER BY id");
        self.rows("period_exception", sql).await?.iter().map(read_exception).collect()
    }
}

async fn inside(change: &mut Change<'_>, period: &PeriodId) -> Result<Option<PeriodRecord>> {
    let sql = Sql::new(SELECT).only("period = ", period.as_str());
    change.row("period_state", sql).await?.as_ref().map(read).transpose()
}

async fn exception_inside(change: &mut Change<'_>, id: i64) -> Result<ExceptionRecord> {
    let row = change.row("period_exception", Sql::new(SELECT_EXCEPTION).only_int("id = ", id)).await?;
    read_exception(&row.ok_or_else(|| StoreError::NotFound { thing: Thing::Exception, id: id.to_string() })?)
}

fn read(row: &Row) -> Result<PeriodRecord> {
    Ok(PeriodRecord {
        period: row.parsed("period")?,
        state: row.word("state")?,
        why: row.maybe("why")?,
        updated_at: row.time("updated_at")?,
        by: row.text("actor")?,
    })
}

fn read_exception(row: &Row) -> Result<ExceptionRecord> {
    Ok(ExceptionRecord {
        id: row.int("id")?,
        exception: LateException {
            period: row.parsed("period")?,
            dataset: row.maybe_parsed("dataset")?,
            by: row.text("actor")?,
            why: row.text("why")?,
            until: row.parsed("until")?,
        },
        granted_to: row.text("granted_to")?,
        at: row.time("at")?,
        revoked_at: row.maybe_time("revoked_at")?,
    })
}
