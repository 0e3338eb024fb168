//! The actions that many screens know. What a key means stands in `config/keymap.toml`; what an action does, each screen
//! decides.

use crate::widgets::Motion;
use serde::{Deserialize, Serialize};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident $word:literal,)*) => {
        /// An action.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Word in the key map.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Key of its name.
            pub fn label(self) -> &'static str {
                match self { $(Self::$name => concat!("action-", $word),)* }
            }
        }
    };
}

actions! {
    /// Command palette.
    Palette "palette",
    /// Filter in view.
    Filter "filter",
    /// Help for this screen.
    Help "help",
    /// Back, or close what lies on top.
    Back "back",
    /// Forward again, after back.
    Forward "forward",
    /// Open, drill.
    Open "open",
    /// Explain the number under the cursor.
    Why "why",
    /// Move up.
    Up "up",
    /// Move down.
    Down "down",
    /// Move left, or fold.
    Left "left",
    /// Move right, or unfold.
    Right "right",
    /// A page up.
    PageUp "page-up",
    /// A page down.
    PageDown "page-down",
    /// Start of the row.
    Home "home",
    /// End of the row.
    End "end",
    /// First row.
    First "first",
    /// Last row.
    Last "last",
    /// Next region or tab.
    NextRegion "next-region",
    /// Previous region or tab.
    PreviousRegion "previous-region",
    /// Labels on everything that can be clicked.
    Jump "jump",
    /// Mark the row.
    Mark "mark",
    /// Mark from here up.
    MarkUp "mark-up",
    /// Mark from here down.
    MarkDown "mark-down",
    /// Sort by the column with the focus.
    Sort "sort",
    /// Turn the direction of sorting.
    SortTurn "sort-turn",
    /// More or fewer columns.
    Columns "columns",
    /// Drawer of jobs.
    Jobs "jobs",
    /// Remove, or cancel.
    Remove "remove",
    /// Ask anew.
    Refresh "refresh",
    /// New.
    New "new",
    /// Edit.
    Edit "edit",
    /// Save.
    Save "save",
    /// Submit, run, publish: what the screen is for.
    Submit "submit",
    /// Copy the cell or the marked rows.
    Copy "copy",
    /// Give the mouse back to the terminal, or take it again.
    Mouse "mouse",
    /// Language, theme and glyphs.
    Appearance "appearance",
    /// Take back the last act.
    Undo "undo",
    /// `Ctrl+C`: copies what is marked; twice, it leaves.
    Interrupt "interrupt",
    /// Leave the console.
    Quit "quit",
}

impl Action {
    /// The action of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.word() == word)
    }

    /// Whether it only moves about: such actions stand in the help, not in the palette.
    pub fn is_move(self) -> bool {
        matches!(
            self,
            Self::Up
                | Self::Down
                | Self::Left
                | Self::Right
                | Self::PageUp
                | Self::PageDown
                | Self::Home
                | Self::End
                | Self::First
                | Self::Last
                | Self::NextRegion
                | Self::PreviousRegion
                | Self::MarkUp
                | Self::MarkDown
        )
    }

    /// The move of a widget that it stands for. Start and end of the row are those of the list, where rows have none.
    pub fn motion(self) -> Option<Motion> {
        Some(match self {
            Self::Up => Motion::Up,
            Self::Down => Motion::Down,
            Self::Left => Motion::Left,
            Self::Right => Motion::Right,
            Self::PageUp => Motion::PageUp,
            Self::PageDown => Motion::PageDown,
            Self::Home | Self::First => Motion::First,
            Self::End | Self::Last => Motion::Last,
            _ => return None,
        })
    }
}
