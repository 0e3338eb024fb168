//! Glyphs. Those of the Unicode set are one cell wide in every terminal, also where ambiguous characters take two: no
//! box drawing, no blocks, no `…`, `●`, `▲` or arrows. The ASCII set says all the same things.

use serde::{Deserialize, Serialize};

/// Which glyphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GlyphSet {
    /// Unicode, neutral width only.
    #[default]
    Unicode,
    /// ASCII only.
    Ascii,
}

impl GlyphSet {
    /// Its glyphs.
    pub fn glyphs(self) -> &'static Glyphs {
        match self {
            Self::Unicode => &UNICODE,
            Self::Ascii => &ASCII,
        }
    }
}

/// The glyphs of a set; each is one cell wide.
#[derive(Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Which set this is.
    pub set: GlyphSet,
    /// Line between regions above each other.
    pub rule: &'static str,
    /// Line between regions beside each other.
    pub divider: &'static str,
    /// The row of the cursor, without colour.
    pub pointer: &'static str,
    /// A marked row.
    pub marked: &'static str,
    /// A branch that is closed.
    pub closed: &'static str,
    /// A branch that is open.
    pub open: &'static str,
    /// Sorted upwards; more above.
    pub up: &'static str,
    /// Sorted downwards; more below.
    pub down: &'static str,
    /// More at the left.
    pub left: &'static str,
    /// More at the right.
    pub right: &'static str,
    /// Done, healthy, reached.
    pub yes: &'static str,
    /// Failed, missed.
    pub no: &'static str,
    /// A warning.
    pub warning: &'static str,
    /// A checkbox that is empty, and one that is ticked.
    pub boxes: [&'static str; 2],
    /// One of several choices: not chosen, chosen.
    pub radio: [&'static str; 2],
    /// Item of a list.
    pub bullet: &'static str,
    /// Changed and not saved.
    pub changed: &'static str,
    /// A job at work.
    pub job: &'static str,
    /// 无数据
    pub no_data: &'static str,
    /// 无法判定
    pub undetermined: &'static str,
    /// 不适用
    pub not_applicable: &'static str,
    /// 未到期
    pub not_due: &'static str,
    /// Bars: full and empty.
    pub bar: [&'static str; 2],
    /// Scroll bar: thumb and track.
    pub scroll: [&'static str; 2],
    /// Shades from calm to hot.
    pub shades: [&'static str; 5],
    /// Levels of a spark line in one cell, from low to high.
    pub levels: [&'static str; 8],
    /// Frames of a spinner.
    pub spinner: &'static [&'static str],
    /// A break in a trend: the definition changed here.
    pub broken: &'static str,
}

impl Glyphs {
    /// All glyphs, for the terminal's self-test.
    pub fn all(&self) -> Vec<&'static str> {
        let mut all = vec![
            self.rule,
            self.divider,
            self.pointer,
            self.marked,
            self.closed,
            self.open,
            self.up,
            self.down,
            self.left,
            self.right,
            self.yes,
            self.no,
            self.warning,
            self.bullet,
            self.changed,
            self.job,
            self.no_data,
            self.undetermined,
            self.not_applicable,
            self.not_due,
            self.broken,
        ];
        all.extend(self.boxes.iter().chain(&self.radio).chain(&self.bar).chain(&self.scroll));
        all.extend(self.shades.iter().chain(&self.levels).chain(self.spinner));
        all
    }

    /// A frame of the spinner.
    pub fn spin(&self, frame: usize) -> &'static str {
        self.spinner.get(frame % self.spinner.len().max(1)).copied().unwrap_or_default()
    }

    /// The shade of a heat.
    pub fn shade(&self, heat: u8) -> &'static str {
        self.shades.get(usize::from(heat)).copied().unwrap_or_default()
    }
}

static UNICODE: Glyphs = Glyphs {
    set: GlyphSet::Unicode,
    rule: "⠒",
    divider: "⡇",
    pointer: "❯",
    marked: "▪",
    closed: "▸",
    open: "▾",
    up: "▴",
    down: "▾",
    left: "◂",
    right: "▸",
    yes: "✓",
    no: "✗",
    warning: "⚠",
    boxes: ["☐", "☑"],
    radio: ["▫", "▪"],
    bullet: "▪",
    changed: "✎",
    job: "⚙",
    no_data: "∅",
    undetermined: "?",
    not_applicable: "/",
    not_due: "◌",
    bar: ["⣿", "⣀"],
    scroll: ["⣿", "⢸"],
    shades: ["⠀", "⠄", "⠦", "⠷", "⣿"],
    levels: ["⣀", "⣄", "⣤", "⣦", "⣶", "⣷", "⣾", "⣿"],
    spinner: &["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
    broken: "¦",
};

static ASCII: Glyphs = Glyphs {
    set: GlyphSet::Ascii,
    rule: "-",
    divider: "|",
    pointer: ">",
    marked: "*",
    closed: "+",
    open: "-",
    up: "^",
    down: "v",
    left: "<",
    right: ">",
    yes: "y",
    no: "x",
    warning: "!",
    boxes: ["_", "X"],
    radio: ["o", "@"],
    bullet: "*",
    changed: "*",
    job: "&",
    no_data: "_",
    undetermined: "?",
    not_applicable: "/",
    not_due: "~",
    bar: ["#", "."],
    scroll: ["#", "|"],
    shades: [" ", ".", ":", "+", "#"],
    levels: ["_", ".", ",", "-", "=", "+", "*", "#"],
    spinner: &["|", "/", "-", "\\"],
    broken: ":",
};
