//! Words about the API itself: its jobs, its description.

use clap::{Args, Subcommand};

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

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<String>,
}
