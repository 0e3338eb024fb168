//! Cycles (诊断周期): a template of steps applied to layers, objects and a period; runs belong to it.

use crate::college::{College, next_id, stem};
use crate::error::ServiceError;
use serde_json::json;
use zhengai_model::cycle::CycleTemplate;
use zhengai_model::ids::{CycleId, ObjectId, ObjectKind};
use zhengai_model::layer::Layer;
use zhengai_model::rights::Right;
use zhengai_store::{CycleFilter, CycleRecord, CycleState, NewCycle, RunFilter, RunRecord, StepRecord, StepState};

/// A cycle to be created.
#[derive(Debug, Clone)]
pub struct CycleOrder {
    /// Id of the template.
    pub template: String,
    /// The period.
    pub period: String,
    /// Layers; those of the template when empty.
    pub layers: Vec<Layer>,
    /// Objects as `kind/id`; all when empty.
    pub objects: Vec<String>,
    /// Its name; made from template and period when absent.
    pub name: Option<String>,
}

/// How far a cycle is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CycleProgress {
    /// Steps that were left.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
    /// Finished runs that belong to it.
    pub runs: u64,
    /// Days from today to the end of its period; negative when that is over.
    pub days_left: i64,
}

/// Steps that may follow the present one; none when the cycle is closed.
pub fn next_steps(cycle: &CycleRecord) -> Vec<String> {
    if cycle.state != CycleState::Open {
        return Vec::new();
    }
    cycle.template.following(&cycle.step).into_iter().map(|step| step.id.clone()).collect()
}

impl College {
    /// Creates a cycle.
    pub async fn create_cycle(&self, order: &CycleOrder) -> Result<CycleRecord, ServiceError> {
        self.permit(Right::ManageCycles)?;
        let template = self.template(&order.template)?;
        let period = self.period(&order.period)?;
        let language = self.config().language().unwrap_or_default();
        let objects =
            order.objects.iter().map(|object| parse_object(object)).collect::<Result<Vec<_>, ServiceError>>()?;
        let known = self.cycles().await?.into_iter().map(|cycle| cycle.id.to_string());
        let id = CycleId::new(next_id(&stem('C', self.opening.today), known))
            .map_err(|error| ServiceError::Internal { what: error.to_string() })?;
        let default_name = || format!("{} {}", template.names.get(language), period.names.get(language));
        let new = NewCycle {
            id,
            name: order.name.clone().unwrap_or_else(default_name),
            template: template.clone(),
            layers: if order.layers.is_empty() { template.layers.clone() } else { order.layers.clone() },
            objects: json!(objects.iter().map(|(kind, id)| json!({ "kind": kind, "id": id })).collect::<Vec<_>>()),
            period: period.id,
        };
        Ok(self.record.cycle_create(self.actor(), &new).await?)
    }

    /// Templates that packs bring, by id.
    pub fn templates(&self) -> Result<impl Iterator<Item = &CycleTemplate>, ServiceError> {
        self.permit(Right::ReadResults)?;
        Ok(self.definitions.cycles.values())
    }

    fn template(&self, id: &str) -> Result<&CycleTemplate, ServiceError> {
        self.definitions.cycles.get(id).ok_or_else(|| {
            ServiceError::not_found("cycle-template", id, self.definitions.cycles.keys().map(String::as_str))
        })
    }

    /// Cycles, the newest first.
    pub async fn cycles(&self) -> Result<Vec<CycleRecord>, ServiceError> {
        self.permit(Right::ReadResults)?;
        Ok(self.record.cycle_list(&CycleFilter::default()).await?)
    }

    /// Cycles that fit, the newest first.
    pub async fn cycles_where(&self, filter: &CycleFilter) -> Result<Vec<CycleRecord>, ServiceError> {
        self.permit(Right::ReadResults)?;
        Ok(self.record.cycle_list(filter).await?)
    }

    /// A cycle with its steps and runs.
    pub async fn cycle_detail(&self, id: &str) -> Result<(CycleRecord, Vec<StepRecord>, Vec<RunRecord>), ServiceError> {
        self.permit(Right::ReadResults)?;
        let cycle = self.cycle(id).await?;
        let steps = self.record.cycle_steps(&cycle.id).await?;
        let filter = RunFilter { cycle: Some(cycle.id.clone()), ..RunFilter::default() };
        let runs = self.record.run_list(&filter).await?;
        Ok((cycle, steps, runs))
    }

    /// Leaves the present step of a cycle with evidence and enters another that its template lets follow.
    pub async fn move_cycle(&self, id: &str, to: &str, evidence: &[String]) -> Result<CycleRecord, ServiceError> {
        self.permit(Right::ManageCycles)?;
        let cycle = self.cycle(id).await?;
        if !cycle.template.steps.iter().any(|step| step.id == to) {
            let known = cycle.template.steps.iter().map(|step| step.id.as_str());
            return Err(ServiceError::not_found("step", to, known));
        }
        let evidence = match evidence {
            [] => serde_json::Value::Null,
            lines => json!(lines),
        };
        Ok(self.record.cycle_move(self.actor(), &cycle.id, to, &evidence).await?)
    }

    /// How far a cycle is.
    pub async fn cycle_progress(&self, cycle: &CycleRecord) -> Result<CycleProgress, ServiceError> {
        self.permit(Right::ReadResults)?;
        let steps = self.record.cycle_steps(&cycle.id).await?;
        let runs = RunFilter {
            cycle: Some(cycle.id.clone()),
            states: vec![zhengai_store::RunState::Finished],
            ..RunFilter::default()
        };
        let end = self.calendar.get(&cycle.period).map(|period| period.end);
        Ok(CycleProgress {
            done: steps.iter().filter(|step| step.state == StepState::Done).count() as u64,
            total: steps.len() as u64,
            runs: self.record.run_list(&runs).await?.len() as u64,
            days_left: end.map_or(0, |end| (end - self.opening.today).num_days()),
        })
    }

    /// Closes a cycle.
    pub async fn close_cycle(&self, id: &str, why: &str) -> Result<CycleRecord, ServiceError> {
        self.permit(Right::ManageCycles)?;
        let cycle = self.cycle(id).await?;
        Ok(self.record.cycle_close(self.actor(), &cycle.id, why).await?)
    }
}

/// `kind/id`, both well formed.
fn parse_object(text: &str) -> Result<(ObjectKind, ObjectId), ServiceError> {
    let bad = || ServiceError::BadArgument { what: "object", value: text.to_owned() };
    let (kind, id) = text.split_once('/').ok_or_else(bad)?;
    Ok((ObjectKind::new(kind).map_err(|_| bad())?, ObjectId::new(id).map_err(|_| bad())?))
}
