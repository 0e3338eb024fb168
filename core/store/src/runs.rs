//! Diagnosis runs (诊断运行). A run that is finished or failed never changes again; the only thing that may still be
//! written on it, once, is which later run supersedes it.

use crate::audit::{self, Actor, Entry, reason};
use crate::error::{Result, StoreError, Thing};
use crate::findings::{self, Finding};
use crate::record::{Change, Record};
use crate::row::{Row, json, word};
use crate::sql::Sql;
use crate::warning_save::{self, Saved, WarningWrite};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zhengai_model::ids::{CycleId, PeriodId, RunId};
use zhengai_model::layer::Layer;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunState {
    /// At work, or interrupted by a crash: whoever holds the writer lock at start may fail it.
    Running,
    /// Done; immutable.
    Finished,
    /// Ended without a result; immutable.
    Failed,
}

/// A run to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// Its id, chosen by the caller.
    pub id: RunId,
    /// The open cycle that it belongs to.
    pub cycle: Option<CycleId>,
    /// The period diagnosed.
    pub period: PeriodId,
    /// The layers diagnosed.
    pub layers: Vec<Layer>,
    /// What was asked for, as the service knows it: view, day, disabled layers …
    pub request: Value,
}

/// What a run gives to the record when it finishes. All of it is kept, or none.
#[derive(Debug, Clone, Copy)]
pub struct RunOutcome<'a> {
    /// Fingerprint of everything that it read.
    pub fingerprint: &'a str,
    /// Its summary.
    pub summary: &'a Value,
    /// Its findings, in the order in which they are shown.
    pub findings: &'a [Finding],
    /// Warnings that it raised or moved; those that stay as they are need not be here.
    pub warnings: &'a [WarningWrite],
}

/// A run as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunRecord {
    /// Its id.
    pub id: RunId,
    /// The cycle that it belongs to.
    pub cycle: Option<CycleId>,
    /// The period diagnosed.
    pub period: PeriodId,
    /// The layers diagnosed.
    pub layers: Vec<Layer>,
    /// Where it stands.
    pub state: RunState,
    /// What was asked for.
    pub request: Value,
    /// Fingerprint of everything that it read; set when finished.
    pub fingerprint: Option<String>,
    /// Its summary; set when finished.
    pub summary: Option<Value>,
    /// Why it failed.
    pub reason: Option<String>,
    /// When it started.
    pub at: DateTime<Utc>,
    /// Who started it.
    pub by: String,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The run that takes its place.
    pub superseded_by: Option<RunId>,
}

/// Which runs to list; the default is all.
#[derive(Debug, Clone, Default)]
pub struct RunFilter {
    /// Of this period.
    pub period: Option<PeriodId>,
    /// Of this cycle.
    pub cycle: Option<CycleId>,
    /// In one of these states; any when empty.
    pub states: Vec<RunState>,
    /// At most so many, the newest ones.
    pub limit: Option<u32>,
}

const SELECT: &str = "SELECT id, cycle, period, layers, state, request, fingerprint, summary, reason, at, actor, \
                      ended_at, superseded_by FROM run";

impl Record {
    /// Records that a run starts. Its cycle, if any, must be open.
    pub async fn run_start(&self, actor: &Actor, run: &NewRun) -> Result<RunRecord> {
        let mut change = self.change(actor).await?;
        if let Some(cycle) = &run.cycle {
            crate::cycles::must_be_open(&mut change, cycle).await?;
        }
        let sql = Sql::new(
            "INSERT INTO run (id, cycle, period, layers, state, request, at, actor) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .text(run.id.as_str())
        .maybe(run.cycle.as_ref().map(CycleId::as_str))
        .text(run.period.as_str())
        .text(json(&run.layers)?)
        .text(word(&RunState::Running)?)
        .text(json(&run.request)?)
        .text(change.at())
        .text(change.by());
        change.insert(Thing::Run, run.id.as_str(), sql).await?;
        let record = inside(&mut change, &run.id).await?;
        let entry = Entry::new("run.start", Thing::Run, &run.id).after(&record)?;
        change.commit(entry).await?;
        Ok(record)
    }

    /// Finishes a run: findings, warnings, fingerprint and summary in one transaction. One audit row tells how many
    /// warnings were written and their digest, not one row per warning.
    ///
    /// # Errors
    /// [`StoreError::RunSettled`] when it has ended before; then, and on any other error, nothing is kept.
    pub async fn run_finish(&self, actor: &Actor, id: &RunId, outcome: RunOutcome<'_>) -> Result<(RunRecord, Saved)> {
        self.run_finish_over(actor, id, outcome, &[]).await
    }

    /// The same for a run that takes the place of earlier ones: it is finished and they are superseded, or neither.
    ///
    /// # Errors
    /// Those of [`Record::run_finish`] and of [`Record::run_supersede`].
    pub async fn run_finish_over(
        &self,
        actor: &Actor,
        id: &RunId,
        outcome: RunOutcome<'_>,
        earlier: &[RunId],
    ) -> Result<(RunRecord, Saved)> {
        let mut change = self.change(actor).await?;
        let before = running(&mut change, id).await?;
        findings::insert(&mut change, id, outcome.findings).await?;
        let saved = warning_save::save(&mut change, id, outcome.warnings).await?;
        let sql = Sql::new(
            "UPDATE run SET state = $2, fingerprint = $3, summary = $4, ended_at = $5 \
             WHERE id = $1 AND state = 'running'",
        )
        .text(id.as_str())
        .text(word(&RunState::Finished)?)
        .text(outcome.fingerprint)
        .text(json(outcome.summary)?)
        .text(change.at());
        change.run(sql).await?;
        for earlier in earlier {
            let (_, entry) = supersede(&mut change, earlier, id).await?;
            audit::append(&mut change, vec![entry]).await?;
        }
        let after = inside(&mut change, id).await?;
        let entry = Entry::new("run.finish", Thing::Run, id).before(&before.state)?.after(&serde_json::json!({
            "state": after.state, "fingerprint": after.fingerprint, "summary": after.summary,
            "findings": outcome.findings.len(), "warnings": saved,
        }))?;
        change.commit(entry).await?;
        Ok((after, saved))
    }

    /// Ends a run without a result.
    pub async fn run_fail(&self, actor: &Actor, id: &RunId, why: &str) -> Result<RunRecord> {
        let why = reason("run.fail", why)?;
        let mut change = self.change(actor).await?;
        let before = running(&mut change, id).await?;
        let sql = Sql::new("UPDATE run SET state = $2, reason = $3, ended_at = $4 WHERE id = $1 AND state = 'running'")
            .text(id.as_str())
            .text(word(&RunState::Failed)?)
            .text(why)
            .text(change.at());
        change.run(sql).await?;
        let after = inside(&mut change, id).await?;
        let entry = Entry::new("run.fail", Thing::Run, id).why(Some(why)).before(&before.state)?.after(&after.state)?;
        change.commit(entry).await?;
        Ok(after)
    }

    /// Says that a later finished run takes the place of this one. Said once; nothing else of the run changes.
    ///
    /// # Errors
    /// [`StoreError::CannotSupersede`] unless both are finished, differ, are of one period and neither is
    /// superseded already.
    pub async fn run_supersede(&self, actor: &Actor, id: &RunId, by: &RunId) -> Result<RunRecord> {
        let mut change = self.change(actor).await?;
        let (after, entry) = supersede(&mut change, id, by).await?;
        change.commit(entry).await?;
        Ok(after)
    }

    /// Ids of all runs that begin so, in no order.
    pub async fn run_ids(&self, stem: &str) -> Result<Vec<RunId>> {
        let sql = Sql::new("SELECT id FROM run").only("id LIKE ", format!("{stem}%"));
        self.rows("run", sql).await?.iter().map(|row| row.parsed("id")).collect()
    }

    /// The run, if there is one with this id.
    pub async fn run_find(&self, id: &RunId) -> Result<Option<RunRecord>> {
        let row = self.row("run", Sql::new(SELECT).only("id = ", id.as_str())).await?;
        row.as_ref().map(read).transpose()
    }

    /// The run with this id.
    pub async fn run_get(&self, id: &RunId) -> Result<RunRecord> {
        self.run_find(id).await?.ok_or_else(|| missing(id))
    }

    /// Runs, the newest first.
    pub async fn run_list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>> {
        let states = filter.states.iter().map(word).collect::<Result<Vec<_>>>()?;
        let sql = Sql::new(SELECT)
            .only_if("period = ", filter.period.as_ref().map(PeriodId::as_str))
            .only_if("cycle = ", filter.cycle.as_ref().map(CycleId::as_str))
            .any_of("state", states)
            .push(" ORDER BY at DESC, id DESC")
            .page(filter.limit, 0);
        self.rows("run", sql).await?.iter().map(read).collect()
    }
}

async fn supersede(change: &mut Change<'_>, id: &RunId, by: &RunId) -> Result<(RunRecord, Entry)> {
    let before = inside(change, id).await?;
    let later = inside(change, by).await?;
    let fits = id != by
        && before.state == RunState::Finished
        && later.state == RunState::Finished
        && before.period == later.period
        && before.superseded_by.is_none()
        && later.superseded_by.is_none();
    if !fits {
        return Err(StoreError::CannotSupersede { run: id.to_string(), by: by.to_string() });
    }
    let sql = Sql::new("UPDATE run SET superseded_by = $2 WHERE id = $1").text(id.as_str()).text(by.as_str());
    change.run(sql).await?;
    let after = inside(change, id).await?;
    let entry = Entry::new("run.supersede", Thing::Run, id).after(&after.superseded_by)?;
    Ok((after, entry))
}

fn missing(id: &RunId) -> StoreError {
    StoreError::NotFound { thing: Thing::Run, id: id.to_string() }
}

/// The run, which must not have ended.
pub(crate) async fn running(change: &mut Change<'_>, id: &RunId) -> Result<RunRecord> {
    let run = inside(change, id).await?;
    if run.state == RunState::Running {
        return Ok(run);
    }
    Err(StoreError::RunSettled { run: id.to_string(), state: word(&run.state)? })
}

async fn inside(change: &mut Change<'_>, id: &RunId) -> Result<RunRecord> {
    let row = change.row("run", Sql::new(SELECT).only("id = ", id.as_str())).await?;
    read(&row.ok_or_else(|| missing(id))?)
}

fn read(row: &Row) -> Result<RunRecord> {
    Ok(RunRecord {
        id: row.parsed("id")?,
        cycle: row.maybe_parsed("cycle")?,
        period: row.parsed("period")?,
        layers: row.json("layers")?,
        state: row.word("state")?,
        request: row.json("request")?,
        fingerprint: row.maybe("fingerprint")?,
        summary: row.maybe_json("summary")?,
        reason: row.maybe("reason")?,
        at: row.time("at")?,
        by: row.text("actor")?,
        ended_at: row.maybe_time("ended_at")?,
        superseded_by: row.maybe_parsed("superseded_by")?,
    })
}
