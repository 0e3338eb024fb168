//! The file of the configuration as it is written.

use super::RECORD_URL;
use super::console::FileConsole;
use super::serve::FileServe;
use serde::Deserialize;

/// The file as it is written. Every key is optional; an unknown one is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileConfig {
    language: Option<String>,
    #[serde(default)]
    college: FileCollege,
    #[serde(default)]
    import: FileImport,
    #[serde(default)]
    sync: FileSync,
    #[serde(default)]
    workers: FileWorkers,
    #[serde(default)]
    query: FileQuery,
    #[serde(default)]
    engine: FileEngine,
    #[serde(default)]
    portrait: FilePortrait,
    #[serde(default)]
    record: FileRecord,
    #[serde(default)]
    console: FileConsole,
    #[serde(default)]
    serve: FileServe,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCollege {
    id: Option<String>,
    name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileImport {
    review: Option<String>,
    max_delete_share: Option<String>,
    hold_reject_share: Option<String>,
    max_unpacked_bytes: Option<u64>,
    max_line_bytes: Option<u64>,
    max_cells: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSync {
    chunk_rows: Option<u64>,
    attempts: Option<u64>,
    first_wait_ms: Option<u64>,
    longest_wait_ms: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileWorkers {
    memory_mb: Option<u64>,
    cpu_seconds: Option<u64>,
    open_files: Option<u64>,
    stall_seconds: Option<u64>,
    grace_seconds: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileQuery {
    rows: Option<u64>,
    seconds: Option<u64>,
    memory_mb: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEngine {
    view: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePortrait {
    min_peers: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRecord {
    url: Option<String>,
    password_file: Option<String>,
}

impl FileConfig {
    pub(super) fn values(self) -> Vec<(&'static str, Option<String>)> {
        let count = |number: Option<u64>| number.map(|number| number.to_string());
        let mut values = vec![
            ("college.id", self.college.id),
            ("college.name", self.college.name),
            ("language", self.language),
            ("import.review", self.import.review),
            ("import.max_delete_share", self.import.max_delete_share),
            ("import.hold_reject_share", self.import.hold_reject_share),
            ("import.max_unpacked_bytes", count(self.import.max_unpacked_bytes)),
            ("import.max_line_bytes", count(self.import.max_line_bytes)),
            ("import.max_cells", count(self.import.max_cells)),
            ("sync.chunk_rows", count(self.sync.chunk_rows)),
            ("sync.attempts", count(self.sync.attempts)),
            ("sync.first_wait_ms", count(self.sync.first_wait_ms)),
            ("sync.longest_wait_ms", count(self.sync.longest_wait_ms)),
            ("workers.memory_mb", count(self.workers.memory_mb)),
            ("workers.cpu_seconds", count(self.workers.cpu_seconds)),
            ("workers.open_files", count(self.workers.open_files)),
            ("workers.stall_seconds", count(self.workers.stall_seconds)),
            ("workers.grace_seconds", count(self.workers.grace_seconds)),
            ("query.rows", count(self.query.rows)),
            ("query.seconds", count(self.query.seconds)),
            ("query.memory_mb", count(self.query.memory_mb)),
            ("engine.view", self.engine.view),
            ("portrait.min_peers", count(self.portrait.min_peers)),
            (RECORD_URL, self.record.url),
            ("record.password_file", self.record.password_file),
        ];
        values.extend(self.console.values());
        values.extend(self.serve.values());
        values
    }
}
