//! 诊断周期: the cycles, one of them with its steps as a timeline, and a new one from a template. Which of these a screen is
//! follows from its params: `cycle`, `new`, or none for the list.

mod detail;
mod list;
mod start;
#[cfg(test)]
mod tests;

use crate::app::{Params, Screen};

/// Makes the screen.
pub fn build(params: &Params) -> Box<dyn Screen> {
    match (params.get("cycle"), params.get("new")) {
        (Some(cycle), _) => Box::new(detail::Detail::new(cycle)),
        (None, Some(_)) => Box::new(start::Start::new()),
        (None, None) => Box::new(list::List::new()),
    }
}
