//! What quality assurance (内部质量保证体系诊断与改进) means, in types and pure functions.
//!
//! The rules here are the product: layers and systems, datasets, indicators and their five values, periods, hierarchy,
//! verdicts, warning rules, the life of a warning, cycles. This crate never does I/O, never reads a clock, knows no
//! SQL engine and no async runtime; everything it needs is handed to it.

pub mod batch;
pub mod cycle;
pub mod dataset;
pub mod exact;
pub mod expr;
pub mod fault;
pub mod hash;
pub mod hierarchy;
pub mod ids;
pub mod indicator;
pub mod layer;
pub mod mapping;
pub mod pack;
pub mod period;
pub mod rights;
pub mod rule;
pub mod screen;
pub mod text;
pub mod threshold;
pub mod unit;
pub mod value;
pub mod verdict;
pub mod warning;

/// Message catalogues of this room: `(language, Fluent source)`.
pub const CATALOGUE: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locales/zh-CN.ftl")), ("en", include_str!("../locales/en.ftl"))];

#[cfg(test)]
mod catalogue_tests;
