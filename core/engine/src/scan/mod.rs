//! From rows to parts: one scan for all measures of a dataset, base and time slice; coarser grains by summing parts.

pub(crate) mod cells;
pub(crate) mod rollup;
pub(crate) mod run;
pub(crate) mod sql;
pub(crate) mod time;
