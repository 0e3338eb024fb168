//! Rights (权限): what a person may do, as which role, and within which part of the college.
//!
//! Rights are fixed here, because code asks for them; roles (角色) are data of `config/roles.toml` and may differ from
//! college to college. Whoever holds a role holds its rights within a [`Scope`] (数据范围): layers, and units with
//! everything below them, or only the own person. Nothing is granted that is not said: an empty set of anything is
//! nothing, never everything.

mod roles;
mod scope;

pub use roles::{Purpose, Reaches, Role, RoleFault, RoleFaults, Roles};
pub use scope::{BadPlace, Place, Reach, Scope};

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// What may be done. Each use case asks for one of these first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// Results, warnings, reports and definitions, within the scope.
    ReadResults,
    /// Rows about one student or teacher; a purpose must be named, and each look is audited.
    ReadPersonal,
    /// Rows of datasets that are about nobody in person, plans and rejects of batches.
    ReadRows,
    /// Read-only SQL over the datasets.
    Query,
    /// Acknowledge, assign, silence, resolve warnings.
    HandleWarnings,
    /// Drafts of indicators and thresholds, and rehearsals of them.
    DefineIndicators,
    /// Make drafts count.
    PublishIndicators,
    /// Start and cancel diagnosis runs.
    RunDiagnosis,
    /// Create, move and close cycles; lock periods.
    ManageCycles,
    /// Bring rows in.
    ImportData,
    /// Decide about batches that wait; mend rejected rows.
    ReviewData,
    /// Sources, their secrets, syncs.
    ManageSources,
    /// Make and export reports.
    WriteReports,
    /// Look at the audit and verify it.
    ReadAudit,
    /// Enable, configure and trust plugins.
    ManagePlugins,
    /// Users, their roles and tokens.
    ManageUsers,
    /// Configuration, backup, doctor.
    ManageSystem,
}

impl Right {
    /// All rights, in the order in which people read them.
    pub const ALL: [Self; 17] = [
        Self::ReadResults,
        Self::ReadPersonal,
        Self::ReadRows,
        Self::Query,
        Self::HandleWarnings,
        Self::DefineIndicators,
        Self::PublishIndicators,
        Self::RunDiagnosis,
        Self::ManageCycles,
        Self::ImportData,
        Self::ReviewData,
        Self::ManageSources,
        Self::WriteReports,
        Self::ReadAudit,
        Self::ManagePlugins,
        Self::ManageUsers,
        Self::ManageSystem,
    ];

    /// The word used in files, commands and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadResults => "read-results",
            Self::ReadPersonal => "read-personal",
            Self::ReadRows => "read-rows",
            Self::Query => "query",
            Self::HandleWarnings => "handle-warnings",
            Self::DefineIndicators => "define-indicators",
            Self::PublishIndicators => "publish-indicators",
            Self::RunDiagnosis => "run-diagnosis",
            Self::ManageCycles => "manage-cycles",
            Self::ImportData => "import-data",
            Self::ReviewData => "review-data",
            Self::ManageSources => "manage-sources",
            Self::WriteReports => "write-reports",
            Self::ReadAudit => "read-audit",
            Self::ManagePlugins => "manage-plugins",
            Self::ManageUsers => "manage-users",
            Self::ManageSystem => "manage-system",
        }
    }

    /// The right with this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.as_str() == text)
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A role that somebody holds, with what it brings: rights within one scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// Id of the role.
    pub role: String,
    /// Its rights.
    pub rights: BTreeSet<Right>,
    /// For what personal rows may be read.
    pub purposes: Purposes,
    /// Where the rights count.
    pub scope: Scope,
}

impl Grant {
    /// Every right everywhere and for every purpose: somebody who works at the machine itself.
    pub fn everything() -> Self {
        Self {
            role: "administrator".to_owned(),
            rights: Right::ALL.into(),
            purposes: Purposes::All,
            scope: Scope::everything(),
        }
    }
}

/// For what a role may read personal rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purposes {
    /// For every purpose that `roles.toml` defines.
    All,
    /// For those with these ids.
    These(BTreeSet<String>),
}

impl Purposes {
    /// Whether a purpose is among them.
    pub fn hold(&self, purpose: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(ids) => ids.contains(purpose),
        }
    }
}

#[cfg(test)]
mod tests;
