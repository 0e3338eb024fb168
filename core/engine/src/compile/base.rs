//! Which field of a dataset says for which object a row counts.

use super::fault::Cause;
use super::measure::Base;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::dataset::Dataset;
use zhengai_model::ids::{FieldName, ObjectKind};

/// The kind that contains everything: the college itself.
pub(crate) const TOP: &str = "school";

/// Which kinds of object belong to which, as the edges of all datasets state it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kinds {
    parents: BTreeMap<ObjectKind, BTreeSet<ObjectKind>>,
}

impl Kinds {
    /// Reads the edges of all datasets.
    pub(crate) fn of<'a>(datasets: impl Iterator<Item = &'a Dataset>) -> Self {
        let mut parents: BTreeMap<ObjectKind, BTreeSet<ObjectKind>> = BTreeMap::new();
        for edge in datasets.flat_map(|dataset| &dataset.edges) {
            parents.entry(edge.child.clone()).or_default().insert(edge.parent.clone());
        }
        Self { parents }
    }

    /// Whether every object of `child` may have an ancestor of kind `ancestor`; a kind reaches itself and the college.
    pub(crate) fn reaches(&self, child: &ObjectKind, ancestor: &ObjectKind) -> bool {
        if child == ancestor || ancestor.as_str() == TOP {
            return true;
        }
        let mut seen = BTreeSet::from([child]);
        let mut open = vec![child];
        while let Some(kind) = open.pop() {
            for parent in self.parents.get(kind).into_iter().flatten() {
                if parent == ancestor {
                    return true;
                }
                if seen.insert(parent) {
                    open.push(parent);
                }
            }
        }
        false
    }
}

/// The base of a measure over the dataset at the grain. In order: the field named by hand; nothing at all for the
/// college; the object that the row describes; a field of exactly this kind; the nearest field on one chain.
pub(crate) fn choose(
    kinds: &Kinds,
    dataset: &Dataset,
    by: Option<&FieldName>,
    grains: &[ObjectKind],
) -> Result<Base, Cause> {
    let Some(grain) = grains.first() else { return Ok(Base::Whole) };
    let reaches_all = |kind: &ObjectKind| grains.iter().all(|grain| kinds.reaches(kind, grain));
    if let Some(by) = by {
        let unknown = || Cause::UnknownField { field: by.to_string(), dataset: dataset.id.clone() };
        let field = dataset.field(by).ok_or_else(unknown)?;
        let described = dataset.object.as_ref().filter(|object| object.id == *by).map(|object| &object.kind);
        return match field.object.as_ref().or(described) {
            Some(kind) if reaches_all(kind) => Ok(Base::Field { field: by.clone(), kind: kind.clone() }),
            _ => Err(Cause::NoField { dataset: dataset.id.clone(), kind: grain.clone() }),
        };
    }
    if grains.iter().all(|grain| grain.as_str() == TOP) {
        return Ok(Base::Whole);
    }
    if let Some(object) = dataset.object.as_ref().filter(|object| reaches_all(&object.kind)) {
        return Ok(Base::Field { field: object.id.clone(), kind: object.kind.clone() });
    }
    let candidates: Vec<(&FieldName, &ObjectKind)> = dataset
        .fields
        .iter()
        .filter_map(|field| Some((&field.name, field.object.as_ref()?)))
        .filter(|(_, kind)| reaches_all(kind))
        .collect();
    let many = |fields: Vec<&(&FieldName, &ObjectKind)>| Cause::ManyFields {
        dataset: dataset.id.clone(),
        kind: grain.clone(),
        fields: fields.into_iter().map(|(field, _)| (*field).clone()).collect(),
    };
    let exact: Vec<_> = candidates.iter().filter(|(_, kind)| *kind == grain).collect();
    let chosen = match exact.as_slice() {
        [one] => **one,
        [_, _, ..] => return Err(many(exact)),
        [] => {
            let nearest: Vec<_> = candidates
                .iter()
                .filter(|(_, near)| candidates.iter().all(|(_, other)| kinds.reaches(other, near)))
                .collect();
            match (nearest.as_slice(), candidates.is_empty()) {
                ([one], _) => **one,
                (_, true) => return Err(Cause::NoField { dataset: dataset.id.clone(), kind: grain.clone() }),
                _ => return Err(many(candidates.iter().collect())),
            }
        }
    };
    Ok(Base::Field { field: chosen.0.clone(), kind: chosen.1.clone() })
}
