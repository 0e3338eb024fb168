//! The words of `dataset`, `import`, `batch`, `reject` and `query`.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use zhengai_model::batch::{BatchState, RowFate};
use zhengai_wire::data;

#[derive(Debug, Subcommand)]
pub(crate) enum DatasetCommand {
    List,
    Show { id: String },
    Define { file: PathBuf },
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    pub(crate) file: PathBuf,
    #[arg(long, short, value_name = "ID")]
    pub(crate) dataset: String,
    #[arg(long, short, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    #[arg(long, value_enum)]
    pub(crate) mode: Option<Mode>,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[arg(long, value_enum)]
    pub(crate) review: Option<Review>,
    #[arg(long)]
    pub(crate) allow_deletes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    Append,
    Upsert,
    Full,
}

impl From<Mode> for data::Mode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Append => Self::Append,
            Mode::Upsert => Self::Upsert,
            Mode::Full => Self::Full,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Review {
    Hold,
    Auto,
}

impl From<Review> for data::Review {
    fn from(review: Review) -> Self {
        match review {
            Review::Hold => Self::Hold,
            Review::Auto => Self::Auto,
        }
    }
}

/// What becomes of rows that a plan has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fate {
    New,
    Changed,
    Gone,
    Unchanged,
}

impl From<Fate> for RowFate {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::New => Self::New,
            Fate::Changed => Self::Changed,
            Fate::Gone => Self::Gone,
            Fate::Unchanged => Self::Unchanged,
        }
    }
}

/// Where a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BatchStateName {
    Staging,
    Held,
    Applying,
    Applied,
    Refused,
    Failed,
}

impl From<BatchStateName> for BatchState {
    fn from(name: BatchStateName) -> Self {
        match name {
            BatchStateName::Staging => Self::Staging,
            BatchStateName::Held => Self::Held,
            BatchStateName::Applying => Self::Applying,
            BatchStateName::Applied => Self::Applied,
            BatchStateName::Refused => Self::Refused,
            BatchStateName::Failed => Self::Failed,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum BatchCommand {
    List {
        #[arg(long, value_name = "ID")]
        dataset: Option<String>,
        #[arg(long, value_enum)]
        state: Option<BatchStateName>,
        #[arg(long, value_name = "NAME")]
        source: Option<String>,
    },
    Show {
        batch: String,
    },
    Plan {
        batch: String,
        #[arg(long, value_enum, default_value = "changed", hide_default_value = true)]
        fate: Fate,
        #[arg(long, value_name = "N", default_value_t = 50, hide_default_value = true)]
        limit: u64,
    },
    Approve {
        batch: String,
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
        #[arg(long)]
        allow_deletes: bool,
    },
    Reject {
        batch: String,
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    Rejects {
        batch: String,
        #[arg(long, value_name = "FILE")]
        export: Option<PathBuf>,
    },
    Replay {
        batch: String,
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RejectCommand {
    List {
        batch: String,
        #[arg(long)]
        open: bool,
        #[arg(long, value_name = "RULE")]
        rule: Option<String>,
    },
    Mend(MendArgs),
    Replay {
        batch: String,
        #[arg(long, value_enum)]
        review: Option<Review>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct MendArgs {
    pub(crate) batch: String,
    #[arg(required_unless_present = "line")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long, value_name = "N", requires = "cell", conflicts_with = "file")]
    pub(crate) line: Vec<u64>,
    #[arg(long, value_name = "COLUMN=TEXT", requires = "line")]
    pub(crate) cell: Vec<String>,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[arg(long, value_enum)]
    pub(crate) review: Option<Review>,
}

#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    #[arg(required_unless_present_any = ["file", "words"])]
    pub(crate) sql: Option<String>,
    #[arg(long, short = 'f', value_name = "FILE", conflicts_with = "sql")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long, conflicts_with_all = ["sql", "file", "plan", "out"])]
    pub(crate) words: bool,
    #[arg(long, value_name = "N", default_value_t = 200, hide_default_value = true)]
    pub(crate) limit: u64,
    #[arg(long, value_name = "N")]
    pub(crate) offset: Option<u64>,
    #[arg(long)]
    pub(crate) plan: bool,
    #[arg(long, short, value_name = "FILE", conflicts_with = "plan")]
    pub(crate) out: Option<PathBuf>,
}
