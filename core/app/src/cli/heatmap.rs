//! The words of `heatmap`.

use super::LayerName;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct HeatmapArgs {
    #[arg(value_enum)]
    pub(crate) layer: LayerName,
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<String>,
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: Option<String>,
    #[arg(long, value_name = "OBJECT")]
    pub(crate) unit: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    #[arg(long, value_name = "CODE")]
    pub(crate) indicator: Vec<String>,
    #[arg(long, value_enum, default_value = "worst", hide_default_value = true)]
    pub(crate) sort: HeatOrder,
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) offset: u64,
    #[arg(long, value_name = "N", default_value_t = 50, hide_default_value = true)]
    pub(crate) limit: u64,
}

/// Order of the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HeatOrder {
    Worst,
    Name,
    Id,
}
