//! What the console is started with.

use crate::app::{Build, Params, ScreenId};
use crate::effect::{Mouse, Port};
use crate::text::Ambiguous;
use crate::theme::{GlyphSet, ThemeName};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use zhengai_model::text::Language;

/// What the console is started with. Whatever is `None` is found out.
pub struct Settings {
    /// The door to the server; it may still be opening.
    pub port: Arc<dyn Port>,
    /// Language.
    pub language: Language,
    /// First screen.
    pub screen: ScreenId,
    /// What it is about.
    pub params: Params,
    /// Theme.
    pub theme: ThemeName,
    /// Glyphs.
    pub glyphs: Option<GlyphSet>,
    /// How wide the terminal paints ambiguous characters.
    pub ambiguous: Option<Ambiguous>,
    /// Who has the mouse at first.
    pub mouse: Mouse,
    /// A file of changes to the key map; one that is not there changes nothing.
    pub keymap: PathBuf,
    /// Where drafts and recordings lie.
    pub folder: PathBuf,
    /// Variables of the environment.
    pub environment: BTreeMap<String, String>,
    /// The clock of the house.
    pub clock: fn() -> DateTime<Utc>,
    /// How screens are made.
    pub build: Build,
}

/// Why the console did not start, or ended early.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// The terminal does not do what it is asked.
    #[error("terminal: {0}")]
    Terminal(#[from] std::io::Error),
    /// The key map cannot be used.
    #[error(transparent)]
    Keymap(#[from] crate::keymap::KeymapError),
    /// The recording cannot be played.
    #[error("recording, line {line}: {cause}")]
    Recording {
        /// Where.
        line: usize,
        /// What the parser says.
        cause: String,
    },
}

impl zhengai_model::fault::Explain for ConsoleError {
    fn fault(&self) -> zhengai_model::fault::Fault {
        match self {
            Self::Terminal(_) => zhengai_model::fault::Fault::Unavailable,
            Self::Keymap(error) => error.fault(),
            Self::Recording { .. } => zhengai_model::fault::Fault::Invalid,
        }
    }

    fn message(&self) -> zhengai_model::text::Message {
        use zhengai_model::text::Message;
        match self {
            Self::Terminal(cause) => Message::new("console-terminal").with("cause", cause),
            Self::Keymap(error) => error.message(),
            Self::Recording { line, cause } => {
                Message::new("console-recording").with("line", line).with("cause", cause)
            }
        }
    }
}
