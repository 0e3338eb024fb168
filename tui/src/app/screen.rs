//! What a screen is to the frame: a thing that takes events, asks for effects and draws itself. It reads no clock, opens
//! no file and knows no terminal.

use crate::app::command::Command;
use crate::app::cx::Cx;
use crate::app::load::Answer;
use crate::canvas::Canvas;
use crate::keymap::Action;
use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::layout::Rect;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zhengai_text::Texts;
use zhengai_wire::Job;

/// One screen of the console.
pub trait Screen {
    /// Which screen it is.
    fn id(&self) -> ScreenId;

    /// Its word in the breadcrumbs. By default its name; a screen about one thing says which.
    fn crumb(&self, texts: &Texts) -> String {
        texts.text(self.id().label(), &[])
    }

    /// Called once when it is put on the stack: asks for what it shows.
    fn open(&mut self, cx: &mut Cx<'_>);

    /// Something happened. What it does not handle goes to the frame: `Back` leaves, `Undo` takes back the last act.
    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled;

    /// An answer came for a call of this screen.
    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>);

    /// What can be done here and now: the one list behind hints, help, palette, keys and clicks.
    fn commands(&self) -> Vec<Command>;

    /// Draws itself into the area. Never fails, at no size.
    fn view(&self, canvas: &mut Canvas<'_>, area: Rect);

    /// What `why` explains: the number under the cursor.
    fn cell(&self) -> Option<WhyTarget> {
        None
    }

    /// Whether a text field has the focus. Then keys come as [`ScreenEvent::Key`] first, and only those that are not
    /// handled are looked up in the key map.
    fn editing(&self) -> bool {
        false
    }

    /// Whether the field with the focus holds a secret: what is typed is then left out of recordings.
    fn secret(&self) -> bool {
        false
    }

    /// Whether something would be lost by leaving: the frame then asks first.
    fn unsaved(&self) -> bool {
        false
    }

    /// Whether what is unsaved is kept as a draft on this machine, so that leaving costs nothing.
    fn keeps_draft(&self) -> bool {
        false
    }
}

/// What happens to a screen.
#[derive(Debug, Clone, PartialEq)]
pub enum ScreenEvent {
    /// An action of the key map: move, open, filter, sort, refresh, save, …
    Do(Action),
    /// A command of the screen's own, by id.
    Own(&'static str),
    /// A key while [`Screen::editing`].
    Key(KeyEvent),
    /// Text pasted, line ends as `\n`.
    Paste(String),
    /// The mouse, in cells of the whole terminal. Clicks on targets come as `Target` instead.
    Mouse(MouseEvent),
    /// Somebody clicked, or jumped to, a target that the screen registered with [`Canvas::target`].
    Target(String),
    /// A question of [`Cx::confirm`] was answered with yes.
    Confirmed {
        /// Tag of the question.
        tag: String,
    },
    /// Something was chosen from [`Cx::pick`].
    Picked {
        /// Tag of the question.
        tag: String,
        /// Ids of what was chosen: one, or several when the question allowed it.
        ids: Vec<String>,
    },
    /// Text was given to [`Cx::prompt`].
    Prompted {
        /// Tag of the question.
        tag: String,
        /// The text.
        text: String,
    },
    /// A job that this screen started, or any job of the kinds that it shows, moved on or ended.
    Job(Box<Job>),
    /// The time of [`Cx::after`] is over.
    Timer {
        /// Tag of the timer.
        tag: String,
    },
    /// The screen is on top again: another one above it went away, or the window came back. A list may ask anew.
    Resumed,
}

/// Whether a screen did something with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handled {
    /// It did.
    Yes,
    /// It did not; the frame may.
    No,
}

/// Which screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScreenId {
    /// 总览.
    Overview,
    /// 指标体系.
    Indicators,
    /// 指标编辑.
    Indicator,
    /// 诊断周期.
    Cycles,
    /// 诊断运行.
    Runs,
    /// 预警.
    Warnings,
    /// 对象画像.
    Portrait,
    /// 热力图.
    Heatmap,
    /// 数据.
    Data,
    /// 插件.
    Plugins,
    /// 查询台.
    Query,
    /// 报告.
    Reports,
    /// 审计.
    Audit,
    /// 系统.
    System,
    /// 追溯: explains a number, over the screen that shows it.
    Why,
    /// 终端自检.
    Terminal,
}

impl ScreenId {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 16] = [
        Self::Overview,
        Self::Indicators,
        Self::Indicator,
        Self::Cycles,
        Self::Runs,
        Self::Warnings,
        Self::Portrait,
        Self::Heatmap,
        Self::Data,
        Self::Plugins,
        Self::Query,
        Self::Reports,
        Self::Audit,
        Self::System,
        Self::Why,
        Self::Terminal,
    ];

    /// Word on the command line, in the key map and in recordings.
    pub fn word(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Indicators => "indicators",
            Self::Indicator => "indicator",
            Self::Cycles => "cycles",
            Self::Runs => "runs",
            Self::Warnings => "warnings",
            Self::Portrait => "portrait",
            Self::Heatmap => "heatmap",
            Self::Data => "data",
            Self::Plugins => "plugins",
            Self::Query => "query",
            Self::Reports => "reports",
            Self::Audit => "audit",
            Self::System => "system",
            Self::Why => "why",
            Self::Terminal => "terminal",
        }
    }

    /// The screen of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|id| id.word() == word)
    }

    /// Key of its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Overview => "screen-overview",
            Self::Indicators => "screen-indicators",
            Self::Indicator => "screen-indicator",
            Self::Cycles => "screen-cycles",
            Self::Runs => "screen-runs",
            Self::Warnings => "screen-warnings",
            Self::Portrait => "screen-portrait",
            Self::Heatmap => "screen-heatmap",
            Self::Data => "screen-data",
            Self::Plugins => "screen-plugins",
            Self::Query => "screen-query",
            Self::Reports => "screen-reports",
            Self::Audit => "screen-audit",
            Self::System => "screen-system",
            Self::Why => "screen-why",
            Self::Terminal => "screen-terminal",
        }
    }

    /// Whether it makes sense without anything to be about: such screens stand in the palette.
    pub fn stands_alone(self) -> bool {
        !matches!(self, Self::Indicator | Self::Portrait | Self::Why)
    }

    /// Whether it is drawn over the screen that it was opened from.
    pub fn is_overlay(self) -> bool {
        self == Self::Why
    }
}

/// What a screen is about: words by name, so that they can be recorded, typed and bookmarked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Params(BTreeMap<String, String>);

impl Params {
    /// About nothing in particular.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more word.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// A word.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// What `why` explains. Becomes the params of [`ScreenId::Why`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhyTarget {
    /// Id of the indicator.
    pub indicator: String,
    /// The object, as the API names objects.
    pub object: String,
    /// The run, when it is not the newest.
    pub run: Option<String>,
    /// The period: a run may have values of several.
    pub period: Option<String>,
}

impl WhyTarget {
    /// The value of an indicator for an object, in the newest run.
    pub fn value(indicator: impl Into<String>, object: impl Into<String>) -> Self {
        Self { indicator: indicator.into(), object: object.into(), run: None, period: None }
    }

    /// As params `indicator`, `object`, `run`, `period`.
    pub fn params(&self) -> Params {
        let mut params = Params::new().with("indicator", &self.indicator).with("object", &self.object);
        if let Some(run) = &self.run {
            params = params.with("run", run);
        }
        if let Some(period) = &self.period {
            params = params.with("period", period);
        }
        params
    }
}
