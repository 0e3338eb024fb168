//! The words of `backup`, `restore`, `audit` and `doctor`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct BackupArgs {
    #[arg(required = true, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long)]
    pub(crate) with_secrets: bool,
    #[command(subcommand)]
    pub(crate) command: Option<BackupCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    Verify { file: PathBuf },
    List,
    Fetch { name: String, file: PathBuf },
    Forget { name: String },
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "URL")]
    pub(crate) record: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    List {
        #[arg(long, value_name = "ID")]
        subject: Option<String>,
        #[arg(long, value_name = "NAME")]
        actor: Option<String>,
        #[arg(long, value_name = "KIND")]
        thing: Option<String>,
        #[arg(long, value_name = "ACTION")]
        action: Option<String>,
        #[arg(long, value_name = "DATE")]
        since: Option<String>,
        #[arg(long, value_name = "N", default_value_t = 200, hide_default_value = true)]
        limit: u32,
    },
    Show {
        seq: u64,
    },
    Verify,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    #[arg(long)]
    pub(crate) fix: bool,
}
