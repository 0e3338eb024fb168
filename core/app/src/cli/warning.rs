//! `warning …`, `why`, `undo`, `object …`.

use crate::cli::LayerName;
use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum WarningCommand {
    List(WarningArgs),
    Groups {
        #[arg(long, value_enum, default_value = "severity", hide_default_value = true)]
        by: GroupName,
        #[command(flatten)]
        filter: WarningArgs,
    },
    Tree(WarningArgs),
    Show {
        warning: String,
    },
    Ack {
        warning: Vec<String>,
    },
    Assign {
        warning: String,
        #[arg(long, value_name = "NAME")]
        to: String,
        #[arg(long, value_name = "DATE")]
        due: Option<String>,
    },
    Comment {
        warning: String,
        text: String,
    },
    Resolve {
        warning: String,
        #[arg(long, value_name = "REASON")]
        reason: String,
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
    Reopen {
        warning: String,
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    Silence {
        warning: String,
        #[arg(long, value_name = "DATE")]
        until: String,
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    Bulk {
        #[arg(value_enum)]
        act: ActName,
        #[arg(long, value_name = "N", value_delimiter = ',')]
        id: Vec<i64>,
        #[arg(long, value_name = "NAME")]
        to: Option<String>,
        #[arg(long, value_name = "DATE")]
        due: Option<String>,
        #[arg(long, value_name = "DATE")]
        until: Option<String>,
        #[arg(long, value_name = "REASON")]
        reason: Option<String>,
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
        #[command(flatten)]
        filter: WarningArgs,
    },
}

/// Which warnings.
#[derive(Debug, Args)]
pub(crate) struct WarningArgs {
    #[arg(long)]
    pub(crate) all: bool,
    #[arg(long, value_enum)]
    pub(crate) layer: Option<LayerName>,
    #[arg(long, value_name = "RULE")]
    pub(crate) rule: Option<String>,
    #[arg(long, value_name = "LEVEL")]
    pub(crate) level: Option<String>,
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<String>,
    #[arg(long, value_name = "KIND/ID")]
    pub(crate) unit: Option<String>,
    #[arg(long, value_name = "[KIND/]ID")]
    pub(crate) object: Option<String>,
    #[arg(long, value_name = "CODE")]
    pub(crate) indicator: Option<String>,
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: Option<String>,
    #[arg(long, value_name = "NAME|me|-")]
    pub(crate) assignee: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) due_before: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) text: Option<String>,
    #[arg(long, value_enum)]
    pub(crate) sort: Option<SortName>,
    #[arg(long)]
    pub(crate) up: bool,
    #[arg(long, value_name = "N")]
    pub(crate) offset: Option<u64>,
    #[arg(long, value_name = "N", default_value_t = 200, hide_default_value = true)]
    pub(crate) limit: u64,
}

/// What to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortName {
    Raised,
    Severity,
    Rule,
    Object,
    Unit,
    Period,
    Condition,
    State,
    Assignee,
    Due,
}

/// What to count by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GroupName {
    Severity,
    Rule,
    Unit,
    Assignee,
    State,
}

/// What to do with many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ActName {
    Ack,
    Assign,
    Comment,
    Resolve,
    Reopen,
    Silence,
    Inhibit,
    Shelve,
    Speak,
}

#[derive(Debug, Args)]
pub(crate) struct WhyArgs {
    pub(crate) indicator: String,
    pub(crate) object: String,
    #[arg(long, value_name = "R")]
    pub(crate) run: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 5, hide_default_value = true)]
    pub(crate) rows: u64,
    #[arg(long, value_name = "N")]
    pub(crate) offset: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct UndoArgs {
    #[arg(long)]
    pub(crate) show: bool,
    #[arg(long, value_name = "N")]
    pub(crate) seq: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ObjectCommand {
    List {
        #[arg(long, value_name = "KIND")]
        kind: Option<String>,
        #[arg(long, value_name = "KIND/ID")]
        unit: Option<String>,
        #[arg(long, value_name = "TEXT")]
        text: Option<String>,
        #[arg(long, value_name = "N", default_value_t = 200, hide_default_value = true)]
        limit: u64,
    },
    Show {
        object: String,
        #[arg(long, value_name = "R")]
        run: Option<String>,
    },
}
