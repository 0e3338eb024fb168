//! The clock is handed in when the record is opened; this room never reads one of its own.

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};

/// Says what time it is. Any `fn() -> DateTime<Utc>` is one: the composition passes `Utc::now`, a test a fixed time.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
}

impl<F: Fn() -> DateTime<Utc> + Send + Sync> Clock for F {
    fn now(&self) -> DateTime<Utc> {
        self()
    }
}

/// A time as it will be read back.
pub(crate) fn rounded(time: DateTime<Utc>) -> DateTime<Utc> {
    time.trunc_subsecs(6)
}

/// A time as it is stored: UTC, always six digits after the second, so that texts sort as times do.
pub(crate) fn stored(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}
