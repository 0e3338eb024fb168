//! Words of `threshold`.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum ThresholdCommand {
    Set(Box<ThresholdArgs>),
    List {
        indicator: Option<String>,
    },
    Withdraw {
        id: i64,
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ThresholdArgs {
    pub(crate) indicator: String,
    #[arg(value_name = "KIND")]
    pub(crate) kind: String,
    #[arg(value_name = "VALUE", allow_hyphen_values = true)]
    pub(crate) value: String,
    #[arg(long, value_name = "SCOPE", default_value = "college", hide_default_value = true)]
    pub(crate) scope: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) source: String,
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    #[arg(long, value_name = "KIND")]
    pub(crate) grain: Option<String>,
    #[arg(long, value_name = "LEVEL")]
    pub(crate) level: Option<String>,
    #[arg(long)]
    pub(crate) verified: bool,
    #[arg(long = "override", value_name = "WHY", requires = "until")]
    pub(crate) leave: Option<String>,
}
