//! Library of the major layer: runs of falling years, and how much majors overlap.
//!
//! Pure and deterministic: rows in, rows out. No threshold stands here; limits and weights come in as rows from the
//! queries in `plugin.toml`.

mod similarity;
mod trends;

use zhengai_plugin::Layer;

fn layer() -> Layer {
    Layer::new("layer-major", env!("CARGO_PKG_VERSION"))
        .transform("trends", |[shares]| trends::trends(shares))
        .transform("similarity", |[curriculum]| similarity::similarity(curriculum))
}

zhengai_plugin::export_plugin!(layer());
