//! The hierarchy of a run: read from the edges that datasets state, asked for whole kinds at a time.

use crate::compile::base::TOP;
use crate::error::EngineError;
use crate::objects::{Cast, NOBODY};
use crate::scan::cells;
use crate::scan::sql::{NO_DAY, name};
use crate::source::Source;
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use zhengai_model::dataset::{Dataset, EdgeRows};
use zhengai_model::hierarchy::{Edge, Hierarchy};
use zhengai_model::ids::{ObjectId, ObjectKind};

/// Parents by child kind, parent kind and day.
type Cache = HashMap<(ObjectKind, ObjectKind, NaiveDate), Arc<Vec<u32>>>;

/// The hierarchy with answers remembered by whole kinds.
pub(crate) struct Places {
    /// The hierarchy itself.
    pub(crate) hierarchy: Hierarchy,
    cache: Mutex<Cache>,
}

impl Places {
    /// Takes a hierarchy.
    pub(crate) fn new(hierarchy: Hierarchy) -> Self {
        Self { hierarchy, cache: Mutex::new(Cache::new()) }
    }

    /// For each object of `child`, the number of its ancestor of kind `parent` on a day.
    pub(crate) fn parents(&self, cast: &Cast, child: &ObjectKind, parent: &ObjectKind, on: NaiveDate) -> Arc<Vec<u32>> {
        let key = (child.clone(), parent.clone(), on);
        if let Some(known) = self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let answer = Arc::new(self.look_up(cast, child, parent, on));
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).insert(key, answer.clone());
        answer
    }

    fn look_up(&self, cast: &Cast, child: &ObjectKind, parent: &ObjectKind, on: NaiveDate) -> Vec<u32> {
        let Some(children) = cast.get(child) else { return Vec::new() };
        let size = u32::try_from(children.len()).unwrap_or(NOBODY);
        if child == parent {
            return (0..size).collect();
        }
        // Everything belongs to the college, whether an edge says so or not.
        if parent.as_str() == TOP {
            return vec![0; children.len()];
        }
        let Some(parents) = cast.get(parent) else { return vec![NOBODY; children.len()] };
        let find =
            |id: &ObjectId| self.hierarchy.parent(child, id, parent, on).map_or(NOBODY, |id| parents.find(id.as_str()));
        children.ids.iter().map(find).collect()
    }
}

/// The hierarchy that the rows of these datasets state.
pub(crate) async fn hierarchy(
    source: &Source,
    datasets: impl Iterator<Item = &Dataset>,
) -> Result<Hierarchy, EngineError> {
    let mut all = BTreeSet::new();
    for dataset in datasets.filter(|dataset| !dataset.edges.is_empty()) {
        all.extend(edges(source, dataset).await?);
    }
    Ok(Hierarchy::new(all))
}

/// All edges that the rows of a dataset state.
pub(crate) async fn edges(source: &Source, dataset: &Dataset) -> Result<BTreeSet<Edge>, EngineError> {
    let mut found = BTreeSet::new();
    if !source.has(&dataset.id) {
        return Ok(found);
    }
    for edge in &dataset.edges {
        found.extend(edges_of(source, dataset, edge).await?);
    }
    Ok(found)
}

async fn edges_of(source: &Source, dataset: &Dataset, edge: &EdgeRows) -> Result<Vec<Edge>, EngineError> {
    let or_null = |field: Option<&str>| field.map_or_else(|| NO_DAY.to_owned(), name);
    let (child, parent) = (name(edge.child_field.as_str()), name(edge.parent_field.as_str()));
    let batches = source
        .rows(&format!(
            "SELECT DISTINCT {child} AS c0, {parent} AS c1, {} AS c2, {} AS c3 FROM {} WHERE {child} IS NOT NULL AND {parent} IS NOT NULL",
            or_null(edge.from.as_ref().map(|field| field.as_str())),
            or_null(edge.to.as_ref().map(|field| field.as_str())),
            name(dataset.id.as_str())
        ))
        .await?;
    let children = cells::texts(&batches, 0)?;
    let parents = cells::texts(&batches, 1)?;
    let from = cells::dates(&batches, 2)?;
    let to = cells::dates(&batches, 3)?;
    let rows = children.into_iter().zip(parents).zip(from.into_iter().zip(to));
    Ok(rows
        .filter_map(|((child, parent), (from, to))| {
            Some(Edge {
                child_kind: edge.child.clone(),
                child: ObjectId::new(child?).ok()?,
                parent_kind: edge.parent.clone(),
                parent: ObjectId::new(parent?).ok()?,
                from,
                to,
                dated: edge.from.is_some(),
            })
        })
        .collect())
}
