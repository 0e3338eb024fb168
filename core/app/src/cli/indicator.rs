//! Words of `indicator`.

use super::LayerName;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum IndicatorCommand {
    List {
        #[arg(long, value_enum)]
        layer: Option<LayerName>,
    },
    Tree {
        #[arg(long, value_enum)]
        layer: Option<LayerName>,
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
    },
    Show {
        code: String,
    },
    Diff {
        code: String,
        #[arg(long, value_name = "N")]
        from: Option<u64>,
        #[arg(long, value_name = "N")]
        to: Option<u64>,
    },
    Check {
        target: String,
        #[arg(long, value_name = "P")]
        period: Option<String>,
    },
    Publish {
        file: PathBuf,
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
    #[command(subcommand)]
    Draft(DraftCommand),
    Rehearse(RehearseArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum DraftCommand {
    List,
    Show {
        code: String,
    },
    Set {
        code: String,
        #[arg(value_name = "FIELD=TEXT", required = true)]
        fields: Vec<String>,
    },
    Check {
        code: String,
        #[arg(long, value_name = "P")]
        period: Option<String>,
    },
    Rebase {
        code: String,
    },
    Discard {
        code: String,
    },
    Publish {
        code: String,
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
        #[arg(long = "override", value_name = "WHY")]
        leave: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RehearseArgs {
    pub(crate) code: String,
    #[arg(long, value_name = "P")]
    pub(crate) period: Vec<String>,
    #[arg(long = "with", value_name = "FIELD=TEXT")]
    pub(crate) set: Vec<String>,
}
