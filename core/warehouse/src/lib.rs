//! The warehouse (数据仓库): datasets as Delta tables, batches of rows on their way in, results of diagnosis runs.
//!
//! It never decides what a number means, never talks to the network and never reads a clock for a decision. Every
//! accepted batch is exactly one Delta commit that carries the batch id, so a crash leaves a batch in or out, never half,
//! and applying it twice changes nothing.
//!
//! Work here runs on the calling task and keeps it busy between batches of rows: callers put imports on a job thread.

mod desk;
pub mod disk;
mod error;
mod export;
mod ingest;
mod listing;
mod result_counts;
mod results;
mod schema;
mod session;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod warehouse;

pub use desk::{
    DeskAnswer, DeskColumn, DeskCut, DeskLimits, DeskQuery, MASK, Readable, SqlFault, SqlPlace, desk_functions,
    desk_names,
};
pub use error::{Result, WarehouseError};
pub use export::{csv_header, csv_lines, parquet_bytes};
pub use ingest::{Applied, FieldChange, Guards, PlanRow, StageRequest, Staged};
pub use listing::{Commit, Orphan, StagedFolder, TableLog};
pub use result_counts::ResultCount;
pub use results::{Direction, OBJECT, ResultFilter, ResultObject, ResultOrder};
pub use schema::{arrow_schema, field_type};
pub use source::{BATCH, CancelFlag, FAULT, LINE, Progress, SCHOOL, SourceError, SourceRows};
pub use warehouse::{TableState, Warehouse};

/// Message catalogues of this room: `(language, Fluent source)`.
pub const CATALOGUE: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locales/zh-CN.ftl")), ("en", include_str!("../locales/en.ftl"))];
