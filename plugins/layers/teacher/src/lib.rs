//! Library of the teacher layer: workload term by term, and stages of development.
//!
//! Pure and deterministic: rows in, rows out. No threshold stands here; limits and weights come in as rows from the
//! queries in `plugin.toml`.

mod stages;
mod workload;

use zhengai_plugin::Layer;

fn layer() -> Layer {
    Layer::new("layer-teacher", env!("CARGO_PKG_VERSION"))
        .transform("workload", |[sections, policy]| workload::workload(sections, policy))
        .transform("stages", |[facts, bands]| stages::stages(facts, bands))
}

zhengai_plugin::export_plugin!(layer());
