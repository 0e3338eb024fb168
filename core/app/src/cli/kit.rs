//! The words of the plugin author's kit: `plugin new|check|dev|lock|sign|verify|key`.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    pub(crate) name: String,
    #[arg(long, value_enum)]
    pub(crate) kind: KindName,
    #[arg(long = "in", value_enum)]
    pub(crate) language: Option<LanguageName>,
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) sdk: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindName {
    Connector,
    Layer,
    Notifier,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LanguageName {
    Rust,
    C,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    pub(crate) path: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) library: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) against: Option<PathBuf>,
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: Vec<String>,
    #[arg(long, value_name = "N", default_value_t = 2026, hide_default_value = true)]
    pub(crate) seed: u64,
    #[arg(long, value_name = "SECONDS", default_value_t = 30, hide_default_value = true)]
    pub(crate) patience: u64,
}

#[derive(Debug, Args)]
pub(crate) struct DevArgs {
    pub(crate) dir: PathBuf,
    #[arg(long)]
    pub(crate) once: bool,
    #[arg(long, value_name = "N", default_value_t = 5, hide_default_value = true)]
    pub(crate) rows: usize,
}

#[derive(Debug, Args)]
pub(crate) struct LockArgs {
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    pub(crate) dir: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    #[arg(long)]
    pub(crate) new_key: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    Add { file: PathBuf },
    List,
    Remove { key: String },
}
