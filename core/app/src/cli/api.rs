//! Words about the API itself: its jobs, its description.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum JobCommand {
    List,
    Show { job: String },
    Cancel { job: String },
    Watch { job: String },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ApiCommand {
    Openapi,
}
