//! 诊断运行: the runs; a new one; one at work; its results; two beside each other. Which of these a screen is follows from
//! its params: `job`, `run`, `earlier` and `later`, `new`, or none for the list.

mod compare;
mod list;
mod live;
mod results;
mod start;
#[cfg(test)]
mod tests;
mod words;

use crate::app::{Params, Screen};

/// Makes the screen.
pub fn build(params: &Params) -> Box<dyn Screen> {
    if let Some(job) = params.get("job") {
        return Box::new(live::Live::new(job));
    }
    if let (Some(earlier), Some(later)) = (params.get("earlier"), params.get("later")) {
        return Box::new(compare::Compare::new(earlier, later));
    }
    if let Some(run) = params.get("run") {
        return Box::new(results::Results::new(run, params));
    }
    if params.get("new").is_some() {
        return Box::new(start::Start::new(params));
    }
    Box::new(list::List::new(params))
}
