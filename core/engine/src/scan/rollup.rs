//! Coarser grains from parts: numerators and denominators are summed, never rates averaged.

use super::run::{PartColumn, Parts};
use crate::compile::measure::Agg;
use crate::objects::NOBODY;
use std::sync::Arc;
use zhengai_model::exact::Exact;
use zhengai_model::ids::MeasureName;
use zhengai_model::indicator::Absent;
use zhengai_model::value::Gap;

/// What a measure found for one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Part {
    /// No row of the dataset.
    #[default]
    Absent,
    /// Rows, but none that the filter lets through.
    NoMatch,
    /// Rows that match, with empty cells only.
    Empty,
    /// A number at the column's scale.
    Number(i128),
    /// The sum does not fit.
    Overflow,
}

impl Part {
    /// Two parts of one object.
    pub(crate) fn merge(self, other: Self, agg: Agg) -> Self {
        match (self, other) {
            (Self::Overflow, _) | (_, Self::Overflow) => Self::Overflow,
            (Self::Number(one), Self::Number(two)) => agg.merge(one, two).map_or(Self::Overflow, Self::Number),
            (Self::Number(one), _) | (_, Self::Number(one)) => Self::Number(one),
            (Self::Empty, _) | (_, Self::Empty) => Self::Empty,
            (Self::NoMatch, _) | (_, Self::NoMatch) => Self::NoMatch,
            (Self::Absent, Self::Absent) => Self::Absent,
        }
    }
}

/// A measure for all objects of one kind.
#[derive(Debug, Clone, Default)]
pub(crate) struct Column {
    /// Digits after the point.
    pub(crate) scale: u8,
    /// By object.
    pub(crate) cells: Vec<Part>,
    /// Whether the dataset has any row in the period: only then can an absent row be a true zero.
    pub(crate) any_rows: bool,
}

impl Column {
    /// What the measure says for an object, given what an absent row means.
    pub(crate) fn read(&self, object: usize, absent: Absent, name: &MeasureName) -> Result<Exact, Gap> {
        let no_data = || Gap::NoData { measure: name.clone() };
        let part = self.cells.get(object).copied().unwrap_or_default();
        match (part, absent) {
            (Part::Number(number), _) => {
                let scale = 10_i128.checked_pow(u32::from(self.scale)).ok_or(Gap::Overflow)?;
                Exact::new(number, scale).ok_or(Gap::Overflow)
            }
            (Part::Overflow, _) => Err(Gap::Overflow),
            (Part::Empty, _) => Err(no_data()),
            (Part::Absent | Part::NoMatch, Absent::Zero) if self.any_rows => Ok(Exact::ZERO),
            (Part::Absent | Part::NoMatch, _) => Err(no_data()),
        }
    }
}

/// Where the parts of a base go: for each epoch the target of every base object.
pub(crate) enum Target<'a> {
    /// The grain is the base.
    Itself,
    /// The college: everything, rows of unknown objects included.
    All,
    /// By epoch, then by object of the base.
    Places(&'a [Arc<Vec<u32>>]),
}

/// Sums the parts of one measure for a grain with `size` objects; `counts` tells which base objects belong to the
/// population at all.
pub(crate) fn roll(
    parts: &Parts,
    column: &PartColumn,
    agg: Agg,
    target: &Target<'_>,
    size: usize,
    counts: Option<&[bool]>,
) -> Column {
    let mut cells = vec![Part::Absent; size];
    for ((object, epoch), part) in parts.objects.iter().zip(&parts.epochs).zip(&column.cells) {
        let known = usize::try_from(*object).ok().filter(|_| *object != NOBODY);
        if let (Some(counts), Some(object)) = (counts, known)
            && !counts.get(object).copied().unwrap_or(false)
        {
            continue;
        }
        let place = match (target, known) {
            (Target::All, _) => Some(0),
            (Target::Itself, known) => known,
            (Target::Places(epochs), Some(object)) => usize::try_from(*epoch)
                .ok()
                .and_then(|epoch| epochs.get(epoch))
                .and_then(|places| places.get(object))
                .filter(|place| **place != NOBODY)
                .and_then(|place| usize::try_from(*place).ok()),
            (Target::Places(_), None) => None,
        };
        if let Some(cell) = place.and_then(|place| cells.get_mut(place)) {
            *cell = cell.merge(*part, agg);
        }
    }
    Column { scale: column.scale, cells, any_rows: parts.rows > 0 }
}
