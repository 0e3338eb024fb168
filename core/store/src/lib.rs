//! The record (记录): who decided what, when and why. Definitions, batches, runs, findings, warnings, cycles, settled
//! periods, plugin choices and the audit chain live here; rows of students never do.
//!
//! This is the only room that names sqlx. One SQL text serves SQLite and PostgreSQL: only TEXT and BIGINT columns, `$1`
//! placeholders, `ON CONFLICT` upserts; where they differ stands in `backend`. Every change takes an [`Actor`] and
//! leaves one row in the audit chain, in the same transaction: it is impossible to commit one without the other. No
//! clock is read here; the composition hands a [`Clock`] in when it opens the record.

mod address;
mod audit;
mod audit_check;
mod backend;
mod batches;
mod canonical;
mod clock;
mod cycles;
mod datasets;
mod drafts;
mod dump;
mod error;
mod findings;
mod hold;
mod indicators;
mod integrity;
mod load;
mod meta;
mod migrations;
mod overview;
mod periods;
mod plugins;
mod postgres;
mod record;
mod row;
mod runs;
mod sources;
mod sql;
mod sqlite;
mod syncs;
mod tables;
mod thresholds;
mod tokens;
mod users;
mod warning_act;
mod warning_load;
mod warning_save;
mod warning_tally;
mod warnings;

pub use address::Address;
pub use audit::{Actor, AuditFilter, AuditRow, Note};
pub use audit_check::{AuditBreak, AuditCheck, BreakCause};
pub use backend::Backend;
pub use batches::{BatchChange, BatchFilter, BatchRecord, NewBatch};
pub use clock::Clock;
pub use cycles::{CycleFilter, CycleRecord, CycleState, NewCycle, StepRecord, StepState};
pub use datasets::DatasetRecord;
pub use drafts::{DraftKey, DraftRecord};
pub use dump::{DumpRule, DumpSummary, Head, TableSummary};
pub use error::{Result, StoreError, Thing};
pub use findings::{Finding, FindingFilter, FindingRecord};
pub use hold::Hold;
pub use indicators::{IndicatorRecord, Published};
pub use overview::Overview;
pub use periods::{ExceptionRecord, NewException, PeriodRecord};
pub use plugins::{PluginChoice, PluginFault, PluginRecord, Quarantine, Quarantined};
pub use record::Record;
pub use runs::{NewRun, RunFilter, RunOutcome, RunRecord, RunState};
pub use sources::{CursorMove, CursorRecord, NewSource, SourceRecord, SourceStream};
pub use syncs::{NewSync, SyncFilter, SyncRecord, SyncState};
pub use thresholds::{Override, ThresholdFilter, ThresholdRecord};
pub use tokens::{NewToken, TokenRecord};
pub use users::{HeldRole, NewUser, UserRecord, UserState};
pub use warning_act::{Absent, WarningAct};
pub use warning_load::{Allowed, WarningFilter, WarningGroup, WarningGrouping, WarningOrder, WarningSort, WarningText};
pub use warning_save::{Fate, Saved, WarningWrite};
pub use warning_tally::{TallyBy, WarningTally};
pub use warnings::{WarningEvent, WarningId, WarningRecord, unit_path, unit_step};

/// Message catalogues of this room: `(language, Fluent source)`.
pub const CATALOGUE: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locales/zh-CN.ftl")), ("en", include_str!("../locales/en.ftl"))];
