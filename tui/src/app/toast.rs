//! Lines that go away by themselves. A toast that offers to take something back stays longer.

use crate::app::cx::{Toast, Tone};
use chrono::{DateTime, TimeDelta, Utc};

/// How long a line stays.
const SHORT: TimeDelta = TimeDelta::seconds(4);
/// How long a failure, or an offer to take something back, stays.
const LONG: TimeDelta = TimeDelta::seconds(10);
/// How many are shown at once.
const MOST: usize = 3;

/// The toasts that are shown, newest last.
#[derive(Debug, Default)]
pub(crate) struct Toasts {
    shown: Vec<(DateTime<Utc>, Toast)>,
}

impl Toasts {
    /// Shows a line. One that says the same is shown anew.
    pub(crate) fn show(&mut self, toast: Toast, now: DateTime<Utc>) {
        let stay = if matches!(toast.tone, Tone::Bad | Tone::Caution) { LONG } else { SHORT };
        self.until(toast, now + stay);
    }

    /// Shows a line that offers to take something back.
    pub(crate) fn offer(&mut self, text: String, now: DateTime<Utc>) {
        self.until(Toast { tone: Tone::Good, text }, now + LONG);
    }

    fn until(&mut self, toast: Toast, end: DateTime<Utc>) {
        self.shown.retain(|(_, other)| *other != toast);
        self.shown.push((end, toast));
        if self.shown.len() > MOST {
            self.shown.remove(0);
        }
    }

    /// Takes away what has been there long enough; says whether anything was.
    pub(crate) fn expire(&mut self, now: DateTime<Utc>) -> bool {
        let before = self.shown.len();
        self.shown.retain(|(end, _)| *end > now);
        self.shown.len() != before
    }

    /// Takes the newest away; says whether there was one.
    pub(crate) fn dismiss(&mut self) -> bool {
        self.shown.pop().is_some()
    }

    /// When the next goes away.
    pub(crate) fn next_end(&self) -> Option<DateTime<Utc>> {
        self.shown.iter().map(|(end, _)| *end).min()
    }

    /// Those that are shown.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Toast> {
        self.shown.iter().map(|(_, toast)| toast)
    }

    /// How many are shown.
    pub(crate) fn len(&self) -> usize {
        self.shown.len()
    }
}
