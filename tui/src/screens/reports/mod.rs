//! 报告: what to report on, the text of the report, the files that were written.

mod state;
#[cfg(test)]
mod tests;
mod view;
mod written;

use crate::app::{Params, Screen};

/// Makes the screen.
pub fn build(params: &Params) -> Box<dyn Screen> {
    Box::new(state::Reports::new(params))
}
