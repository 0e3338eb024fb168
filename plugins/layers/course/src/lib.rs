//! Library of the course layer: how the scores of a section are distributed.
//!
//! Pure and deterministic: rows in, rows out. No threshold stands here; limits and weights come in as rows from the
//! queries in `plugin.toml`.

mod exam;

use zhengai_plugin::Layer;

fn layer() -> Layer {
    Layer::new("layer-course", env!("CARGO_PKG_VERSION"))
        .transform("exam-quality", |[scores, policy]| exam::exam_quality(scores, policy))
}

zhengai_plugin::export_plugin!(layer());
