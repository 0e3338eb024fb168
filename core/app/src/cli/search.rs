//! The words of `search`.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    #[arg(required = true, value_name = "TEXT")]
    pub(crate) text: Vec<String>,
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
}
