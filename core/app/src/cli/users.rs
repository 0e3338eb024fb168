//! The words of `user`, `role`, `token`.

use super::LayerName;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    List,
    Show {
        name: String,
    },
    Add {
        name: String,
        #[arg(long, value_name = "TEXT")]
        label: Option<String>,
        #[arg(long, value_name = "KIND/ID")]
        person: Option<String>,
    },
    Role {
        name: String,
        role: String,
        #[arg(long, value_name = "KIND/ID")]
        unit: Vec<String>,
        #[arg(long, value_enum)]
        layer: Vec<LayerName>,
        #[arg(long, conflicts_with_all = ["unit", "layer"])]
        remove: bool,
    },
    Disable {
        name: String,
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
    Enable {
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RoleCommand {
    List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    List {
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
    },
    Create {
        user: String,
        #[arg(long, value_name = "TEXT")]
        note: String,
        #[arg(long, value_name = "N")]
        days: Option<u32>,
    },
    Revoke {
        id: String,
    },
}
