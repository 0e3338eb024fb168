//! Datasets (数据集): looking, and defining at run time.

use crate::college::College;
use crate::error::ServiceError;
use crate::text_file::TextFile;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use zhengai_model::batch::BatchState;
use zhengai_model::dataset::{Dataset, check_dataset};
use zhengai_model::ids::DatasetId;
use zhengai_model::pack::{PackFault, Place};
use zhengai_model::rights::Right;
use zhengai_store::BatchFilter;
use zhengai_warehouse::TableState;

/// A dataset with what is in its table.
#[derive(Debug, Clone)]
pub struct DatasetState<'a> {
    /// The definition.
    pub dataset: &'a Dataset,
    /// Filled by a plugin, not by imports.
    pub computed: bool,
    /// Its table, when it has one.
    pub table: Option<TableState>,
    /// When rows last came in.
    pub fresh_at: Option<DateTime<Utc>>,
    /// Batches that wait for a person.
    pub waiting: u64,
}

/// What the batches of a dataset say of it.
#[derive(Default)]
struct Moves {
    fresh_at: Option<DateTime<Utc>>,
    waiting: u64,
}

impl College {
    /// All datasets with what is in them, by id.
    pub async fn datasets(&self) -> Result<Vec<DatasetState<'_>>, ServiceError> {
        self.permit(Right::ReadResults)?;
        let mut moves = self.moves().await?;
        let mut states = Vec::new();
        for dataset in self.definitions.datasets.values() {
            states.push(self.state_with(dataset, moves.remove(&dataset.id)).await?);
        }
        states.sort_by(|one, other| one.dataset.id.cmp(&other.dataset.id));
        Ok(states)
    }

    /// The dataset with this id, with what is in it.
    pub async fn dataset_state(&self, id: &str) -> Result<DatasetState<'_>, ServiceError> {
        self.permit(Right::ReadResults)?;
        self.state_of(self.dataset(id)?).await
    }

    /// A definition with what is in its table.
    pub async fn state_of<'a>(&self, dataset: &'a Dataset) -> Result<DatasetState<'a>, ServiceError> {
        let moves = self.moves().await?.remove(&dataset.id);
        self.state_with(dataset, moves).await
    }

    async fn state_with<'a>(
        &self,
        dataset: &'a Dataset,
        moves: Option<Moves>,
    ) -> Result<DatasetState<'a>, ServiceError> {
        let table = self.warehouse.state(&dataset.id).await?;
        let Moves { fresh_at, waiting } = moves.unwrap_or_default();
        Ok(DatasetState { dataset, computed: self.definitions.is_computed(&dataset.id), table, fresh_at, waiting })
    }

    /// What its batches say of each dataset.
    async fn moves(&self) -> Result<BTreeMap<DatasetId, Moves>, ServiceError> {
        let states = vec![BatchState::Applied, BatchState::Held];
        let filter = BatchFilter { states, ..BatchFilter::default() };
        let mut moves: BTreeMap<DatasetId, Moves> = BTreeMap::new();
        for batch in self.record.batch_list(&filter).await? {
            let of = moves.entry(batch.dataset).or_default();
            match batch.state {
                BatchState::Held => of.waiting += 1,
                _ => of.fresh_at = of.fresh_at.max(Some(batch.updated_at)),
            }
        }
        Ok(moves)
    }

    /// The dataset with this id.
    pub fn dataset(&self, id: &str) -> Result<&Dataset, ServiceError> {
        let wanted = DatasetId::new(id).ok().and_then(|id| self.definitions.datasets.get(&id));
        wanted.ok_or_else(|| {
            ServiceError::not_found("dataset", id, self.definitions.datasets.keys().map(DatasetId::as_str))
        })
    }

    /// Defines a dataset from a TOML file, or extends one. Its definition is checked with all others before it counts.
    pub async fn define_dataset(&self, file: &TextFile) -> Result<Dataset, ServiceError> {
        self.permit(Right::DefineIndicators)?;
        let dataset: Dataset = file.toml()?;
        let place = Place { file: file.path.display().to_string(), ..Place::default() };
        let faults: Vec<PackFault> =
            check_dataset(&dataset).into_iter().map(|message| PackFault::at(&place, message)).collect();
        if !faults.is_empty() {
            return Err(ServiceError::Packs { faults });
        }
        // The table refuses what would change the type of stored columns, before anything is recorded.
        self.warehouse.create_dataset(&dataset).await?;
        self.record.dataset_define(self.actor(), &dataset).await?;
        Ok(dataset)
    }
}
