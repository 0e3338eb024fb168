//! The screen `portrait` (对象画像): everything about one object. On a wide screen table, curve and radar stand beside each
//! other; on a narrow one they are tabs.

mod state;
mod view;

#[cfg(test)]
mod tests;

pub use state::Portrait;

use crate::app::{Params, Screen};

/// Makes the screen. Params: `kind` and `id`, or `object` as `kind/id`; `run` when it is not the newest.
pub fn build(params: &Params) -> Box<dyn Screen> {
    Box::new(Portrait::new(params))
}
