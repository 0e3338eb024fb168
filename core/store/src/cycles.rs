//! Cycles (诊断周期): a template, kept as it was when the cycle began, with its steps and where it stands.

use crate::audit::{Actor, Entry, reason};
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::{Row, json, word};
use crate::sql::Sql;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zhengai_model::cycle::CycleTemplate;
use zhengai_model::ids::{CycleId, PeriodId};
use zhengai_model::layer::Layer;

/// Whether a cycle takes runs and steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CycleState {
    /// Under way.
    Open,
    /// Over; nothing of it changes any more.
    Closed,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Not entered yet.
    Pending,
    /// The present step.
    Current,
    /// Left; a template may lead back to it.
    Done,
}

/// A cycle to be created; it starts at the first step of its template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCycle {
    /// Its id, chosen by the caller.
    pub id: CycleId,
    /// What people call it.
    pub name: String,
    /// The template; a copy is kept with the cycle.
    pub template: CycleTemplate,
    /// The layers that it covers.
    pub layers: Vec<Layer>,
    /// The objects that it covers, as the service describes them; `null` for all.
    pub objects: Value,
    /// The period that it spans.
    pub period: PeriodId,
}

/// A cycle as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CycleRecord {
    /// Its id.
    pub id: CycleId,
    /// What people call it.
    pub name: String,
    /// The template as it was when the cycle was created.
    pub template: CycleTemplate,
    /// The layers that it covers.
    pub layers: Vec<Layer>,
    /// The objects that it covers.
    pub objects: Value,
    /// The period that it spans.
    pub period: PeriodId,
    /// Open or closed.
    pub state: CycleState,
    /// Id of the present step.
    pub step: String,
    /// When it was created.
    pub at: DateTime<Utc>,
    /// Who created it.
    pub by: String,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// Why, or with what result.
    pub close_reason: Option<String>,
}

/// One step of a cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepRecord {
    /// Its id in the template.
    pub step: String,
    /// Where it stands.
    pub state: StepState,
    /// How often it was entered.
    pub round: u64,
    /// When it was last entered.
    pub entered_at: Option<DateTime<Utc>>,
    /// When it was last left.
    pub left_at: Option<DateTime<Utc>>,
    /// Who last moved it.
    pub by: Option<String>,
    /// Evidence given when it was left.
    pub evidence: Value,
}

/// Which cycles to list; the default is all.
#[derive(Debug, Clone, Default)]
pub struct CycleFilter {
    /// Of this period.
    pub period: Option<PeriodId>,
    /// In this state.
    pub state: Option<CycleState>,
}

const SELECT: &str = "SELECT id, name, template, layers, objects, period, state, step, at, actor, closed_at, \
                      closed_by, close_reason FROM cycle";

impl Record {
    /// Creates a cycle at the first step of its template.
    pub async fn cycle_create(&self, actor: &Actor, cycle: &NewCycle) -> Result<CycleRecord> {
        let Some(first) = cycle.template.steps.first() else {
            return Err(StoreError::NoSteps { template: cycle.template.id.clone() });
        };
        let mut change = self.change(actor).await?;
        let sql = Sql::new(
            "INSERT INTO cycle (id, name, template_id, template, layers, objects, period, state, step, at, actor) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .text(cycle.id.as_str())
        .text(&*cycle.name)
        .text(&*cycle.template.id)
        .text(json(&cycle.template)?)
        .text(json(&cycle.layers)?)
        .text(json(&cycle.objects)?)
        .text(cycle.period.as_str())
        .text(word(&CycleState::Open)?)
        .text(&*first.id)
        .text(change.at())
        .text(change.by());
        change.insert(Thing::Cycle, cycle.id.as_str(), sql).await?;
        for (position, step) in cycle.template.steps.iter().enumerate() {
            let current = position == 0;
            let sql = Sql::new(
                "INSERT INTO cycle_step (cycle, position, step, state, round, entered_at, actor, evidence) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'null')",
            )
            .text(cycle.id.as_str())
            .int(i64::try_from(position).unwrap_or(i64::MAX))
            .text(&*step.id)
            .text(word(if current { &StepState::Current } else { &StepState::Pending })?)
            .int(i64::from(current))
            .maybe(current.then(|| change.at()))
            .maybe(current.then(|| change.by()));
            change.insert(Thing::Step, &step.id, sql).await?;
        }
        let record = inside(&mut change, &cycle.id).await?;
        change.commit(Entry::new("cycle.create", Thing::Cycle, &cycle.id).after(&record)?).await?;
        Ok(record)
    }

    /// Leaves the present step with evidence and enters another one that the template lets follow.
    ///
    /// # Errors
    /// [`StoreError::StepNotAllowed`] when the template does not, [`StoreError::CycleClosed`] when it is over.
    pub async fn cycle_move(&self, actor: &Actor, id: &CycleId, to: &str, evidence: &Value) -> Result<CycleRecord> {
        let mut change = self.change(actor).await?;
        let before = must_be_open(&mut change, id).await?;
        if !before.template.allows(&before.step, to) {
            let (cycle, from) = (id.to_string(), before.step);
            return Err(StoreError::StepNotAllowed { cycle, from, to: to.to_owned() });
        }
        let left = Sql::new(
            "UPDATE cycle_step SET state = $3, left_at = $4, actor = $5, evidence = $6 WHERE cycle = $1 AND step = $2",
        )
        .text(id.as_str())
        .text(&*before.step)
        .text(word(&StepState::Done)?)
        .text(change.at())
        .text(change.by())
        .text(json(evidence)?);
        change.run(left).await?;
        let entered = Sql::new(
            "UPDATE cycle_step SET state = $3, entered_at = $4, actor = $5, round = round + 1 \
             WHERE cycle = $1 AND step = $2",
        )
        .text(id.as_str())
        .text(to)
        .text(word(&StepState::Current)?)
        .text(change.at())
        .text(change.by());
        change.run(entered).await?;
        change.run(Sql::new("UPDATE cycle SET step = $2 WHERE id = $1").text(id.as_str()).text(to)).await?;
        let after = inside(&mut change, id).await?;
        let entry = Entry::new("cycle.move", Thing::Cycle, id)
            .before(&before.step)?
            .after(&serde_json::json!({ "step": after.step, "evidence": evidence }))?;
        change.commit(entry).await?;
        Ok(after)
    }

    /// Closes a cycle with a reason or result. Runs still under way finish; new ones are refused.
    pub async fn cycle_close(&self, actor: &Actor, id: &CycleId, why: &str) -> Result<CycleRecord> {
        let why = reason("cycle.close", why)?;
        let mut change = self.change(actor).await?;
        let before = must_be_open(&mut change, id).await?;
        let sql =
            Sql::new("UPDATE cycle SET state = $2, closed_at = $3, closed_by = $4, close_reason = $5 WHERE id = $1")
                .text(id.as_str())
                .text(word(&CycleState::Closed)?)
                .text(change.at())
                .text(change.by())
                .text(why);
        change.run(sql).await?;
        let after = inside(&mut change, id).await?;
        let entry = Entry::new("cycle.close", Thing::Cycle, id).why(Some(why));
        change.commit(entry.before(&before.state)?.after(&after.state)?).await?;
        Ok(after)
    }

    /// The cycle with this id.
    pub async fn cycle_get(&self, id: &CycleId) -> Result<CycleRecord> {
        let row = self.row("cycle", Sql::new(SELECT).only("id = ", id.as_str())).await?;
        read(&row.ok_or_else(|| missing(id))?)
    }

    /// The steps of a cycle in the order of its template.
    pub async fn cycle_steps(&self, id: &CycleId) -> Result<Vec<StepRecord>> {
        let sql = Sql::new("SELECT step, state, round, entered_at, left_at, actor, evidence FROM cycle_step")
            .only("cycle = ", id.as_str())
            .push(" ORDER BY position");
        self.rows("cycle_step", sql).await?.iter().map(read_step).collect()
    }

    /// Cycles, the newest first.
    pub async fn cycle_list(&self, filter: &CycleFilter) -> Result<Vec<CycleRecord>> {
        let sql = Sql::new(SELECT)
            .only_if("period = ", filter.period.as_ref().map(PeriodId::as_str))
            .only_if("state = ", filter.state.as_ref().map(word).transpose()?)
            .push(" ORDER BY at DESC, id DESC");
        self.rows("cycle", sql).await?.iter().map(read).collect()
    }
}

fn missing(id: &CycleId) -> StoreError {
    StoreError::NotFound { thing: Thing::Cycle, id: id.to_string() }
}

/// The cycle, which must not be closed.
pub(crate) async fn must_be_open(change: &mut Change<'_>, id: &CycleId) -> Result<CycleRecord> {
    let cycle = inside(change, id).await?;
    match cycle.state {
        CycleState::Open => Ok(cycle),
        CycleState::Closed => Err(StoreError::CycleClosed { cycle: id.to_string() }),
    }
}

async fn inside(change: &mut Change<'_>, id: &CycleId) -> Result<CycleRecord> {
    let row = change.row("cycle", Sql::new(SELECT).only("id = ", id.as_str())).await?;
    read(&row.ok_or_else(|| missing(id))?)
}

fn read(row: &Row) -> Result<CycleRecord> {
    Ok(CycleRecord {
        id: row.parsed("id")?,
        name: row.text("name")?,
        template: row.json("template")?,
        layers: row.json("layers")?,
        objects: row.json("objects")?,
        period: row.parsed("period")?,
        state: row.word("state")?,
        step: row.text("step")?,
        at: row.time("at")?,
        by: row.text("actor")?,
        closed_at: row.maybe_time("closed_at")?,
        closed_by: row.maybe("closed_by")?,
        close_reason: row.maybe("close_reason")?,
    })
}

fn read_step(row: &Row) -> Result<StepRecord> {
    Ok(StepRecord {
        step: row.text("step")?,
        state: row.word("state")?,
        round: u64::try_from(row.int("round")?).unwrap_or(0),
        entered_at: row.maybe_time("entered_at")?,
        left_at: row.maybe_time("left_at")?,
        by: row.maybe("actor")?,
        evidence: row.json("evidence")?,
    })
}
