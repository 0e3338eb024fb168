//! The generator's own book of what it wrote: sums by measure, term or year, and finest object. The answer key is
//! worked out from here and from nothing else.

use std::collections::BTreeMap;

/// A measure: how many and how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) count: i64,
    pub(super) total: i64,
}

/// The book.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    sums: BTreeMap<(&'static str, usize), BTreeMap<usize, Sum>>,
}

impl Ledger {
    /// Adds one case of `amount` to a measure in a slot of time for an object.
    pub(super) fn add(&mut self, measure: &'static str, slot: usize, object: usize, amount: i64) {
        self.add_many(measure, slot, object, 1, amount);
    }

    /// Adds several cases at once.
    pub(super) fn add_many(&mut self, measure: &'static str, slot: usize, object: usize, count: i64, total: i64) {
        let sum = self.sums.entry((measure, slot)).or_default().entry(object).or_default();
        sum.count += count;
        sum.total += total;
    }

    /// What was written of a measure for an object.
    pub(super) fn get(&self, measure: &'static str, slot: usize, object: usize) -> Sum {
        self.sums.get(&(measure, slot)).and_then(|objects| objects.get(&object)).copied().unwrap_or_default()
    }

    /// All objects with a measure in a slot.
    pub(super) fn objects(&self, measure: &'static str, slot: usize) -> impl Iterator<Item = (usize, Sum)> + '_ {
        self.sums.get(&(measure, slot)).into_iter().flatten().map(|(object, sum)| (*object, *sum))
    }
}
