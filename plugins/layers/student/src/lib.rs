//! Library of the student layer: results after make-up, and runs of absence.
//!
//! Pure and deterministic: rows in, rows out. No threshold stands here; limits and weights come in as rows from the
//! queries in `plugin.toml`.

mod outcomes;
mod streaks;

use zhengai_plugin::Layer;

fn layer() -> Layer {
    Layer::new("layer-student", env!("CARGO_PKG_VERSION"))
        .transform("outcomes", |[grades, policy]| outcomes::outcomes(grades, policy))
        .transform("streaks", |[days]| streaks::streaks(days))
}

zhengai_plugin::export_plugin!(layer());
