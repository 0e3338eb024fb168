//! Cycles (诊断周期): a template of steps applied to layers, objects and a period; runs belong to it.

use crate::college::{College, next_id, stem};
use crate::error::ServiceError;
use serde_json::json;
use zhengai_model::cycle::CycleTemplate;
use zhengai_model::ids::{CycleId, ObjectId, ObjectKind};
use zhengai_model::layer::Layer;
use zhengai_store::{CycleFilter, CycleRecord, NewCycle, RunFilter, RunRecord, StepRecord};

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

impl College {
    /// Creates a cycle.
    pub async fn create_cycle(&self, order: &CycleOrder) -> Result<CycleRecord, ServiceError> {
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
    pub fn templates(&self) -> impl Iterator<Item = &CycleTemplate> {
        self.definitions.cycles.values()
    }

    fn template(&self, id: &str) -> Result<&CycleTemplate, ServiceError> {
        self.definitions.cycles.get(id).ok_or_else(|| {
            ServiceError::not_found("cycle-template", id, self.definitions.cycles.keys().map(String::as_str))
        })
    }

    /// Cycles, the newest first.
    pub async fn cycles(&self) -> Result<Vec<CycleRecord>, ServiceError> {
        Ok(self.record.cycle_list(&CycleFilter::default()).await?)
    }

    /// A cycle with its steps and runs.
    pub async fn cycle_detail(&self, id: &str) -> Result<(CycleRecord, Vec<StepRecord>, Vec<RunRecord>), ServiceError> {
        let cycle = self.cycle(id).await?;
        let steps = self.record.cycle_steps(&cycle.id).await?;
        let filter = RunFilter { cycle: Some(cycle.id.clone()), ..RunFilter::default() };
        let runs = self.record.run_list(&filter).await?;
        Ok((cycle, steps, runs))
    }

    /// Closes a cycle.
    pub async fn close_cycle(&self, id: &str, why: &str) -> Result<CycleRecord, ServiceError> {
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
