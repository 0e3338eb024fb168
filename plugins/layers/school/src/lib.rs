//! Library of the school layer: what SQL cannot say about the college as a whole.
//!
//! Pure and deterministic: rows in, rows out. No threshold stands here; limits and weights come in as rows from the
//! queries in `plugin.toml`.

mod cards;
mod reliability;

use zhengai_plugin::Layer;

fn layer() -> Layer {
    Layer::new("layer-school", env!("CARGO_PKG_VERSION"))
        .transform("cards", |[parts, clauses, policy]| cards::cards(parts, clauses, policy))
        .transform("survey-reliability", |[answers]| reliability::reliability(answers))
}

zhengai_plugin::export_plugin!(layer());
