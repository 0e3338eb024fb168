//! Our own reader of Arrow C streams: checks everything that can be checked before arrow looks at it, and everything
//! else after.
//!
//! arrow's reader trusts its producer: it panics on a missing error text, indexes with negative lengths, and believes
//! null counts. Here each of those is an error that names the rule.

mod array;
mod schema;
mod stream;
#[cfg(test)]
mod tests;

pub(crate) use schema::{accept_schema, take_schema};
pub(crate) use stream::Stream;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why an import was refused, in English, for the plugin's author.
pub(crate) type Refusal = String;

/// Runs a step of arrow's. It should not panic on what was checked; where it does, that is an error too.
pub(crate) fn arrow_step<T>(what: &str, step: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| Err(format!("{what} was refused by arrow")))
}
