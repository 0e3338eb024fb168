//! One commit: files out, files in, and the application transaction that makes it happen at most once.

use super::{DataFile, Table};
use crate::error::{Result, WarehouseError};
use deltalake::DeltaTableError;
use deltalake::kernel::transaction::{CommitBuilder, CommitProperties, TransactionError};
use deltalake::kernel::{Action, Add, Transaction};
use deltalake::protocol::{DeltaOperation, SaveMode};
use serde_json::Value;

/// What one commit does.
pub(crate) struct Change<'a> {
    /// Application transaction: the commit is in the table exactly when this is.
    pub transaction: &'a str,
    /// Batch or run, for the table's history.
    pub label: &'a str,
    /// New files.
    pub added: Vec<Add>,
    /// Files that no longer count.
    pub removed: Vec<DataFile>,
    /// Columns by which the table is partitioned.
    pub partitions: &'a [&'a str],
}

/// How a commit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Committed {
    /// It is there, as this version.
    Version(i64),
    /// Somebody else committed first; nothing of ours is visible. Look again and decide anew.
    Overtaken,
}

impl Table {
    /// Commits on top of the opened version, and on no other.
    pub(crate) async fn commit(&self, change: Change<'_>) -> Result<Committed> {
        let replaces = !change.removed.is_empty();
        let mut actions: Vec<Action> =
            change.removed.iter().map(|file| Action::Remove(file.view().remove_action(true))).collect();
        actions.extend(change.added.into_iter().map(Action::Add));
        let operation = if replaces {
            DeltaOperation::Update { predicate: None }
        } else {
            DeltaOperation::Write {
                mode: SaveMode::Append,
                partition_by: Some(change.partitions.iter().map(|column| (*column).to_owned()).collect()),
                predicate: None,
            }
        };
        let properties = CommitProperties::default()
            .with_metadata([("zhengai".to_owned(), Value::String(change.label.to_owned()))])
            .with_application_transaction(Transaction::new(change.transaction, 1))
            .with_max_retries(0)
            .with_cleanup_expired_logs(Some(false));
        let snapshot = self.snapshot()?;
        let outcome = CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(snapshot), self.delta().log_store(), operation)
            .await;
        match outcome {
            Ok(done) => Ok(Committed::Version(done.version().cast_signed())),
            Err(error) if overtaken(&error) => Ok(Committed::Overtaken),
            Err(error) => Err(self.failed(error)),
        }
    }
}

fn overtaken(error: &DeltaTableError) -> bool {
    match error {
        DeltaTableError::VersionAlreadyExists(_) => true,
        DeltaTableError::Transaction { source } => matches!(
            source,
            TransactionError::VersionAlreadyExists(_)
                | TransactionError::MaxCommitAttempts(_)
                | TransactionError::CommitConflict(_)
        ),
        _ => false,
    }
}

/// How often a change is decided anew when others keep committing first.
pub(crate) const ATTEMPTS: u32 = 8;

/// The error after [`ATTEMPTS`] overtakings.
pub(crate) fn busy(table: &str) -> WarehouseError {
    WarehouseError::Busy { dataset: table.to_owned(), attempts: ATTEMPTS }
}
