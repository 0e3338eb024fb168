//! Keeps what happened last, so that a fault can be played again: at most ten thousand events and a few megabytes.
//! Secrets are left out when an event is taken in, not when it is written.

use super::moment::{Moment, Taken};
use crate::app::{Event, Params, ScreenId};
use crate::theme::GlyphSet;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use zhengai_model::text::Language;

/// How many events are kept.
pub const MOST: usize = 10_000;
/// How many bytes of answers are kept.
const MOST_BYTES: usize = 8 << 20;

/// How a recording begins: what a replay needs to begin the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Version of the console.
    pub version: String,
    /// Language.
    pub language: Language,
    /// Theme, by word.
    pub theme: String,
    /// Glyphs.
    pub glyphs: GlyphSet,
    /// Columns and rows at the beginning.
    pub size: (u16, u16),
    /// First screen.
    pub screen: ScreenId,
    /// What it was about.
    pub params: Params,
    /// When it began.
    pub at: DateTime<Utc>,
    /// How many events happened before the first one that is kept.
    #[serde(default)]
    pub lost: u64,
}

/// Whether what is typed may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    /// It may.
    Open,
    /// It goes into a field for secrets.
    Secret,
}

/// Keeps what happened last.
#[derive(Debug)]
pub struct Recorder {
    head: Head,
    moments: VecDeque<(Moment, usize)>,
    bytes: usize,
}

impl Recorder {
    /// Nothing happened yet.
    pub fn new(head: Head) -> Self {
        Self { head, moments: VecDeque::new(), bytes: 0 }
    }

    /// Takes an event in.
    pub fn take(&mut self, event: &Event, at: DateTime<Utc>, privacy: Privacy) {
        let Some((event, size)) = Taken::of(event, privacy) else { return };
        self.bytes += size;
        self.moments.push_back((Moment { at, event }, size));
        while self.moments.len() > MOST || self.bytes > MOST_BYTES {
            let Some((_, size)) = self.moments.pop_front() else { break };
            self.bytes -= size;
            self.head.lost += 1;
        }
    }

    /// The recording: a line for its head, a line for each event.
    pub fn write(&self) -> String {
        let mut text = serde_json::to_string(&self.head).unwrap_or_default();
        for (moment, _) in &self.moments {
            text.push('\n');
            text.push_str(&serde_json::to_string(moment).unwrap_or_default());
        }
        text.push('\n');
        text
    }

    /// How many events are kept.
    pub fn len(&self) -> usize {
        self.moments.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.moments.is_empty()
    }
}

#[cfg(test)]
mod tests;
