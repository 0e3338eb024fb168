//! The screens, a folder each. Every folder has a `build` that makes its screen from its params.

mod beside;
mod entry;
mod listing;
mod state;
mod table;

pub mod audit;
pub mod cycles;
pub mod data;
pub mod heatmap;
pub mod indicator;
pub mod indicators;
pub mod overview;
pub mod plugins;
pub mod portrait;
pub mod query;
pub mod reports;
pub mod runs;
pub mod system;
pub mod terminal;
pub mod warnings;
pub mod why;

use crate::app::{Params, Screen, ScreenId};

/// Makes a screen.
pub fn build(id: ScreenId, params: &Params) -> Box<dyn Screen> {
    match id {
        ScreenId::Overview => overview::build(params),
        ScreenId::Indicators => indicators::build(params),
        ScreenId::Indicator => indicator::build(params),
        ScreenId::Cycles => cycles::build(params),
        ScreenId::Runs => runs::build(params),
        ScreenId::Warnings => warnings::build(params),
        ScreenId::Portrait => portrait::build(params),
        ScreenId::Heatmap => heatmap::build(params),
        ScreenId::Data => data::build(params),
        ScreenId::Plugins => plugins::build(params),
        ScreenId::Query => query::build(params),
        ScreenId::Reports => reports::build(params),
        ScreenId::Audit => audit::build(params),
        ScreenId::System => system::build(params),
        ScreenId::Why => why::build(params),
        ScreenId::Terminal => terminal::build(params),
    }
}

#[cfg(test)]
mod tests;
