//! The rows behind a dataset that a plugin computes: computed rows come from no file, but the rows that went into them
//! do. Never says more than that these rows were there to be read: what the plugin made of them is its own.

use crate::error::EngineError;
use crate::gather::World;
use crate::scan::sql::{name, quote};
use crate::scan::time::{self, Cut, Membership, last_day};
use crate::why::{SourceRows, sample_rows};
use std::collections::BTreeSet;
use zhengai_model::ids::{DatasetId, ObjectKind};
use zhengai_model::indicator::Timing;
use zhengai_model::period::Period;

/// Whose rows are asked for.
pub(crate) struct Behind<'a> {
    /// The computed dataset.
    pub(crate) dataset: &'a DatasetId,
    /// Kind of the objects that its rows are about.
    pub(crate) kind: &'a ObjectKind,
    /// These objects.
    pub(crate) objects: &'a [String],
    /// The period.
    pub(crate) period: &'a Period,
    /// At most so many rows of each dataset.
    pub(crate) limit: usize,
}

/// Rows of the imported datasets that the inputs of a computed one name, about the objects and of the period. Masters
/// are left out: they describe objects and are in every explanation through the hierarchy.
pub(crate) async fn rows(world: &World<'_>, behind: &Behind<'_>) -> Result<Vec<SourceRows>, EngineError> {
    let mut found = Vec::new();
    if behind.objects.is_empty() {
        return Ok(found);
    }
    for id in imported(world, behind.dataset) {
        let Some(dataset) = world.compiled.definitions.dataset(&id).filter(|dataset| dataset.time.is_some()) else {
            continue;
        };
        let Some(field) = dataset.fields.iter().find(|field| field.object.as_ref() == Some(behind.kind)) else {
            continue;
        };
        let membership = Membership::On(last_day(behind.period));
        let cut = Cut { dataset, timing: Timing::Flow, period: behind.period, membership };
        let Some(slice) = time::slice(world.source, &world.compiled.calendar, &cut).await? else { continue };
        let objects: Vec<String> = behind.objects.iter().map(|object| quote(object)).collect();
        let mut conditions: Vec<String> = slice.filter.into_iter().collect();
        conditions.push(format!("{} IN ({})", name(field.name.as_str()), objects.join(", ")));
        let sql = format!(
            "SELECT * FROM {}\nWHERE {}\nORDER BY \"_batch\", \"_line\"\nLIMIT {}",
            name(id.as_str()),
            conditions.join("\n  AND "),
            behind.limit
        );
        let rows = sample_rows(&world.source.rows(&sql).await?)?;
        if !rows.is_empty() {
            found.push(SourceRows { dataset: id, sql, rows });
        }
    }
    Ok(found)
}

/// Datasets with a table that the inputs name, through other computed ones as well.
fn imported(world: &World<'_>, id: &DatasetId) -> BTreeSet<DatasetId> {
    let definitions = &world.compiled.definitions;
    let mut found = BTreeSet::new();
    let mut open = vec![id.clone()];
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let Some((_, computed)) = definitions.computed.get(&id) else {
            if world.source.has(&id) {
                found.insert(id);
            }
            continue;
        };
        let named = |id: &&DatasetId| computed.inputs.iter().any(|text| crate::diagnose::mentions(text, id));
        open.extend(definitions.datasets.keys().filter(named).cloned());
    }
    found
}
