//! What people do with warnings, one or many at a time: one transaction, an event and an audit row for each.

use crate::audit::{Actor, Entry};
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::{json, word};
use crate::sql::Sql;
use crate::warnings::{SELECT, STANDS, WarningId, WarningRecord, cause, missing, read, second_open, suppression};
use chrono::NaiveDate;
use std::collections::HashMap;
use zhengai_model::warning::Warning;

/// What it means that an act names nobody, or no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Absent {
    /// That it stays as it is.
    #[default]
    Keeps,
    /// That there is none from now on.
    Clears,
}

/// What a person does with a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarningAct<'a> {
    /// `acknowledge`, `assign`, `resolve`, `silence`, `reopen`, …; the audit says `warning.<action>`.
    pub action: &'a str,
    /// The warning after it, as the state machine gives it. Its identity must stay.
    pub after: Warning,
    /// Who should act from now on.
    pub assignee: Option<String>,
    /// Until when.
    pub due: Option<NaiveDate>,
    /// What no assignee and no day mean.
    pub absent: Absent,
    /// Why, as the person says; which actions need it is the model's to say.
    pub why: Option<&'a str>,
}

/// Ids of one query.
const LOOKED_UP: usize = 500;
/// Events of one statement.
const CHUNK: usize = 50;

impl Record {
    /// Records what a person did with a warning that was read before as `seen`. One audit row and one event.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when somebody changed it after `seen` was read, [`StoreError::WarningOpen`] when it would
    /// become the second open one of its identity.
    pub async fn warning_act(
        &self,
        actor: &Actor,
        seen: &WarningRecord,
        act: &WarningAct<'_>,
    ) -> Result<WarningRecord> {
        let done = self.warning_acts(actor, &[(seen.clone(), act.clone())]).await?;
        done.into_iter().next().ok_or_else(|| missing(seen.id))
    }

    /// [`Record::warning_act`] for many warnings: all or none. Gives them as they are afterwards, in the same order.
    pub async fn warning_acts(
        &self,
        actor: &Actor,
        acts: &[(WarningRecord, WarningAct<'_>)],
    ) -> Result<Vec<WarningRecord>> {
        if acts.is_empty() {
            return Ok(Vec::new());
        }
        let mut change = self.change(actor).await?;
        let ids: Vec<i64> = acts.iter().map(|(seen, _)| seen.id.0).collect();
        let mut known = inside(&mut change, &ids).await?;
        let mut done = Vec::with_capacity(acts.len());
        let mut entries = Vec::with_capacity(acts.len());
        for (seen, act) in acts {
            let before = known.remove(&seen.id).ok_or_else(|| missing(seen.id))?;
            if before.revision != seen.revision || before.warning.identity != act.after.identity {
                return Err(StoreError::Stale { thing: Thing::Warning, id: seen.id.to_string() });
            }
            let after = after(&change, &before, act);
            if after.revision != before.revision {
                update(&mut change, &after).await?;
            }
            let entry = Entry::new(&format!("warning.{}", act.action), Thing::Warning, seen.id).why(act.why);
            entries.push(entry.before(&before)?.after(&after)?);
            done.push(after);
        }
        events(&mut change, &done, acts).await?;
        change.commit_all(entries).await?;
        Ok(done)
    }
}

/// The warning as the act leaves it. One that changes nothing, such as a comment, leaves the revision as well.
fn after(change: &Change<'_>, before: &WarningRecord, act: &WarningAct<'_>) -> WarningRecord {
    let kept = |given: Option<String>, was: &Option<String>| match act.absent {
        Absent::Keeps => given.or_else(|| was.clone()),
        Absent::Clears => given,
    };
    let mut after = WarningRecord {
        warning: act.after.clone(),
        assignee: kept(act.assignee.clone(), &before.assignee),
        due: match act.absent {
            Absent::Keeps => act.due.or(before.due),
            Absent::Clears => act.due,
        },
        ..before.clone()
    };
    if after != *before {
        after.revision += 1;
        after.updated_at = crate::clock::rounded(change.now());
    }
    after
}

async fn update(change: &mut Change<'_>, after: &WarningRecord) -> Result<()> {
    let warning = &after.warning;
    let sql = Sql::new(
        "UPDATE warning SET revision = $2, is_open = $3, level = $4, condition = $5, handling = $6, suppression = $7, \
         cause = $8, body = $9, assignee = $10, due = $11, updated_at = $12 WHERE id = $1",
    )
    .int(after.id.0)
    .int(after.revision)
    .int(i64::from(warning.is_open()))
    .text(warning.level.as_str())
    .text(word(&warning.condition)?)
    .text(word(&warning.handling)?)
    .text(suppression(&warning.suppression))
    .maybe(cause(&warning.suppression))
    .text(json(warning)?)
    .maybe(after.assignee.as_deref())
    .maybe(after.due.map(|day| day.to_string()))
    .text(change.at());
    change.run(sql).await.map(drop).map_err(second_open)
}

async fn events(
    change: &mut Change<'_>,
    done: &[WarningRecord],
    acts: &[(WarningRecord, WarningAct<'_>)],
) -> Result<()> {
    let count = i64::try_from(done.len()).unwrap_or(i64::MAX);
    let mut id = change.numbers("warning_event", count).await?;
    let (at, by, role) = (change.at(), change.by(), change.actor().role.clone());
    let pairs: Vec<_> = done.iter().zip(acts).collect();
    for chunk in pairs.chunks(CHUNK) {
        let mut sql = Sql::new("INSERT INTO warning_event (id, warning, action, why, after_json, at, actor, role)")
            .text(&*at)
            .text(&*by)
            .text(&*role)
            .values(5, ",$1,$2,$3", chunk.len());
        for (after, (_, act)) in chunk {
            sql = sql.int(id).int(after.id.0).text(act.action).maybe(act.why).text(json(&after.warning)?);
            id += 1;
        }
        change.run_wide(sql).await?;
    }
    Ok(())
}

/// These warnings as the transaction sees them.
async fn inside(change: &mut Change<'_>, ids: &[i64]) -> Result<HashMap<WarningId, WarningRecord>> {
    let mut found = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(LOOKED_UP) {
        let sql = Sql::new(SELECT).any_of_int("id", ids).only_where(STANDS);
        for row in change.rows("warning", sql).await? {
            let record = read(&row)?;
            found.insert(record.id, record);
        }
    }
    Ok(found)
}
