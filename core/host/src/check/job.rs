//! What the parent asks a probe to do, and what the probe writes down about it: one JSON object a line.

use super::report::{Group, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;

/// Work for one probe.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Job {
    /// Folder of the plugin.
    pub(super) dir: PathBuf,
    /// Its library.
    pub(super) library: PathBuf,
    /// Which checks.
    pub(super) work: Work,
    /// Where random choices start.
    pub(super) seed: u64,
    /// How long one check may take.
    pub(super) patience: Duration,
    /// How long a plugin may go on after it was asked to stop.
    pub(super) grace: Duration,
    /// Whether the manifest asks for the network.
    pub(super) network: bool,
    /// Where fixtures may write: `{scratch}`.
    pub(super) scratch: PathBuf,
    /// Where the probe writes its events. Opened anew for each line: a plugin may close descriptors that are not its own.
    pub(super) events: PathBuf,
}

/// What a probe is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Work {
    /// The checks of a group.
    Group(Group),
    /// Read the source of this number and die after a batch that the seed chooses.
    Die(usize),
    /// Read on where a dead probe stopped, and compare.
    Resume(Vec<Death>),
    /// Say what can be read: for the comparison with another release.
    Survey,
    /// The first rows of each stream.
    Preview(usize),
}

/// How far a probe had come when it died.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Death {
    /// Number of the source.
    pub(super) source: usize,
    /// Rows that it had been given.
    pub(super) rows: usize,
    /// The state that covered them.
    pub(super) state: Option<Value>,
}

/// One line of a probe.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Event {
    /// A check begins.
    Start(String),
    /// A check ended.
    Done(String, Outcome),
    /// A secret was seen where it must not be.
    Leak(String),
    /// A text that is too long or holds control characters.
    Odd(String),
    /// About to die on purpose.
    Dying(Death),
    /// What can be read, and what the configuration accepts.
    Surveyed(Value),
    /// First rows of one stream.
    Rows(super::Preview),
    /// Everything was done; processes that the plugin left, by name.
    End(Vec<String>),
}
