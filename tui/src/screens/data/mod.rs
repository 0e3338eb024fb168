//! 数据: sources and their syncs, batches that wait for a person, rejected rows to be mended, datasets. One screen with tabs;
//! a batch, its rejected rows and a dataset open over it.

mod columns;
mod dataset;
mod decide;
mod described;
mod home;
mod plan;
mod rows;
mod source;
#[cfg(test)]
mod tests;
mod told;
mod workbench;

use crate::app::{Params, Screen};

/// Makes the screen: of one batch with `plan` or `rejects`, of one dataset with `dataset`, of
/// one source with `source`, of a new one with `connector`, else the tabs, beginning with
/// `tab`.
pub fn build(params: &Params) -> Box<dyn Screen> {
    if let Some(batch) = params.get("plan") {
        return Box::new(plan::Plan::new(batch));
    }
    if let Some(batch) = params.get("rejects") {
        return Box::new(workbench::Workbench::new(batch));
    }
    if let Some(dataset) = params.get("dataset") {
        return Box::new(dataset::DatasetView::new(dataset));
    }
    if let Some(form) = source::build(params) {
        return Box::new(form);
    }
    Box::new(home::Home::new(params.get("tab")))
}
