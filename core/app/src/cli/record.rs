//! Words of `record`.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum RecordCommand {
    Show,
    Move {
        #[arg(long, value_name = "URL")]
        to: String,
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    Claim {
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}
