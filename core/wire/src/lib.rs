//! What crosses the API: requests, answers, errors, and the client that sends them. The command line and the console
//! speak to a college through this room only; whether the server is in the same process or across a network is the
//! business of the [`Transport`].
//!
//! Each area has a module with its types (serde, JSON Schema for OpenAPI) and a function for each operation, which gives a
//! [`Call`]: `client.send(warnings::list(&query))`.

pub mod audit;
pub mod batches;
pub mod call;
pub mod client;
pub mod cycles;
pub mod data;
pub mod datasets;
pub mod drafts;
pub mod heatmap;
pub mod imports;
pub mod indicators;
pub mod job;
pub mod objects;
pub mod overview;
pub mod page;
pub mod periods;
pub mod plugins;
pub mod problem;
pub mod query;
pub mod rejects;
pub mod reports;
pub mod runs;
pub mod search;
pub mod secrets;
pub mod session;
pub mod sources;
pub mod system;
pub mod thresholds;
pub mod undo;
pub mod upload;
pub mod users;
pub mod warnings;
pub mod why;

pub use call::{Call, Request};
pub use client::{Client, Transport, WireBody};
pub use job::{Job, JobEvent, JobState};
pub use page::{Page, PageQuery};
pub use problem::{Failure, Problem};
pub use upload::{FileRef, Upload};

/// The path that all operations begin with.
pub const ROOT: &str = "/v1";
