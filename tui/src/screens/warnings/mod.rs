//! The screen `warnings` (预警): a table of up to a million of them with filters, groups and causes, what stands behind the
//! one under the cursor, and what people do with one or many.

mod acts;
mod commands;
mod panel;
mod state;
mod table;
mod update;
mod view;

#[cfg(test)]
mod tests;

pub use state::Warnings;
pub(crate) use table::role_of;

use crate::app::{Params, Screen};

/// Makes the screen. Params are fields of the filter: `state`, `level`, `rule`, `indicator`, `layer`, `unit`, `object`,
/// `period`, `assignee`, `text`, `cause`; `warning` is the number of the one to show at once.
pub fn build(params: &Params) -> Box<dyn Screen> {
    Box::new(Warnings::new(params))
}
