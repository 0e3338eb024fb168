//! Both places where a plugin may run, for tests that must come out the same in each. A worker of these tests is the
//! test's own executable, started again to run nothing but `worker_process`.
#![allow(clippy::unwrap_used, dead_code, reason = "everything here is for tests, and each uses its part")]

use zhengai_host::{Placement, WORKER_WORD, WorkerSettings};

/// Settings whose workers run the test `worker_process` of this executable.
pub(crate) fn worker() -> WorkerSettings {
    let mut settings = WorkerSettings::new(std::env::current_exe().unwrap());
    settings.arguments = ["--exact", "worker_process", "--nocapture", WORKER_WORD].map(Into::into).to_vec();
    settings
}

/// True in a worker.
pub(crate) fn is_worker() -> bool {
    std::env::args().any(|word| word == WORKER_WORD)
}

/// In our own process and in a worker.
pub(crate) fn both() -> [Placement; 2] {
    [Placement::InProcess, Placement::Worker(worker())]
}
