//! Datasets (数据集): looking, and defining at run time.

use crate::college::College;
use crate::error::ServiceError;
use std::path::Path;
use zhengai_model::dataset::{Dataset, check_dataset};
use zhengai_model::ids::DatasetId;
use zhengai_model::pack::{PackFault, Place};
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
}

impl College {
    /// All datasets with what is in them, by id.
    pub async fn datasets(&self) -> Result<Vec<DatasetState<'_>>, ServiceError> {
        let mut states = Vec::new();
        for dataset in self.definitions.datasets.values() {
            let table = self.warehouse.state(&dataset.id).await?;
            states.push(DatasetState { dataset, computed: self.definitions.is_computed(&dataset.id), table });
        }
        states.sort_by(|one, other| one.dataset.id.cmp(&other.dataset.id));
        Ok(states)
    }

    /// The dataset with this id.
    pub fn dataset(&self, id: &str) -> Result<&Dataset, ServiceError> {
        let wanted = DatasetId::new(id).ok().and_then(|id| self.definitions.datasets.get(&id));
        wanted.ok_or_else(|| {
            ServiceError::not_found("dataset", id, self.definitions.datasets.keys().map(DatasetId::as_str))
        })
    }

    /// Defines a dataset from a TOML file, or extends one. Its definition is checked with all others before it counts.
    pub async fn define_dataset(&self, file: &Path) -> Result<Dataset, ServiceError> {
        let text =
            std::fs::read_to_string(file).map_err(|source| ServiceError::Io { path: file.to_path_buf(), source })?;
        let dataset: Dataset = toml::from_str(&text).map_err(|source| ServiceError::config(file, &text, &source))?;
        let place = Place { file: file.display().to_string(), ..Place::default() };
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
