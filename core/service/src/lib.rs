//! Use cases: what people do with a college's data. Knows every room through its public port; knows neither the
//! terminal nor HTTP. No SQL text of the record, no DataFusion plan, no `unsafe` stands here.

pub mod assist;
pub mod audit;
pub mod author;
pub mod backup;
pub mod batches;
pub mod catalog;
pub mod college;
pub mod comparing;
pub mod config;
mod config_edit;
mod current;
pub mod cycles;
pub mod datasets;
mod definitions;
pub mod demo;
pub mod desk;
pub mod diagnose;
pub mod doctor;
pub mod drafts;
pub mod error;
pub mod examine;
pub mod export;
mod files;
mod freshness;
pub mod heat_map;
pub mod home;
pub mod import;
pub mod indicators;
mod lock;
pub mod objects;
pub mod overview;
pub mod periods;
pub mod pinned;
pub mod plugin_care;
pub mod plugins;
pub mod portrait;
pub mod record_move;
pub mod records;
pub mod rehearse;
pub mod rejects;
pub mod report;
pub mod reporting;
pub mod results;
pub mod rights;
pub mod rows;
pub mod run_files;
pub mod screens;
pub mod search;
pub mod sync;
pub mod text;
pub mod text_file;
pub mod thresholds;
pub mod training;
mod transforms;
pub mod undo;
pub mod users;
pub mod warnings;
pub mod why;
pub mod words;

pub use error::ServiceError;
pub use freshness::Overdue;
pub use lock::WriterLock;
pub use zhengai_engine::{
    CheckReport, DataGap, Difference, MeasureWhy, Met, Progress as DiagnosisProgress, RehearsalDifference,
    RehearsedValue, Said, Sample, SampleRow, Shift, Stage, ValueDifference, WarningDifference, Why,
};
/// The worker's side of plugins that run in a process of their own: the binary calls it before anything else.
pub use zhengai_host::{WORKER_WORD, WorkerSettings, worker_main};
pub use zhengai_store::{
    Actor, AuditBreak, AuditCheck, AuditRow, Backend, BatchRecord, CycleFilter, CycleRecord, CycleState, HeldRole,
    IndicatorRecord, PeriodRecord, PluginRecord, Published, Quarantine, RunFilter, RunRecord, RunState, SourceRecord,
    SourceStream, StepRecord, StepState, SyncRecord, SyncState, ThresholdRecord, TokenRecord, UserRecord, UserState,
    WarningEvent, WarningFilter, WarningGroup, WarningId, WarningOrder, WarningRecord, WarningSort, WarningText,
};
pub use zhengai_warehouse::{CancelFlag, DeskAnswer, DeskColumn, DeskCut, FieldChange, PlanRow};

/// Message catalogues of this room: `(language, Fluent source)`.
pub const CATALOGUE: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locales/zh-CN.ftl")), ("en", include_str!("../locales/en.ftl"))];
