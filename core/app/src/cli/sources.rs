//! The words of `source`, `secret` and `sync`.

use super::Review;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum SourceCommand {
    Add(SourceArgs),
    Change(SourceArgs),
    List,
    Show {
        name: String,
    },
    Check {
        name: String,
    },
    Discover {
        name: String,
    },
    Syncs {
        name: Option<String>,
        #[arg(long, value_name = "N", default_value_t = 200, hide_default_value = true)]
        limit: u64,
    },
    Enable {
        name: String,
    },
    Disable {
        name: String,
    },
    Remove {
        name: String,
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SourceArgs {
    pub(crate) name: String,
    #[arg(long, value_name = "ID")]
    pub(crate) plugin: String,
    #[arg(long, value_name = "NAME")]
    pub(crate) component: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) config: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) streams: Option<PathBuf>,
    #[arg(long, value_enum)]
    pub(crate) review: Option<Review>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SecretCommand {
    Set {
        name: String,
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    List,
    Remove {
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    pub(crate) source: String,
    #[arg(long, value_name = "NAME")]
    pub(crate) stream: Vec<String>,
    #[arg(long)]
    pub(crate) full: bool,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[arg(long, value_enum)]
    pub(crate) review: Option<Review>,
    #[arg(long)]
    pub(crate) allow_deletes: bool,
}
