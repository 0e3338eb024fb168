//! What a screen may ask of the frame while it handles an event. Everything asked is collected as data and carried out
//! after the screen has returned.

use crate::app::load::{Load, RequestId};
use crate::app::screen::{Params, ScreenId, WhyTarget};
use crate::effect::Effect;
use crate::theme::Role;
use crate::widgets::Piece;
use chrono::{DateTime, Utc};
use std::path::PathBuf;
use std::time::Duration;
use zhengai_model::text::Message;
use zhengai_text::Texts;
use zhengai_wire::{Call, Failure, Job, Request};

/// How a toast looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It happened.
    Good,
    /// To be known.
    Info,
    /// Look at it.
    Caution,
    /// It did not happen.
    Bad,
}

/// A line that goes away by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// How it looks.
    pub tone: Tone,
    /// What it says, localised.
    pub text: String,
}

/// A yes-or-no question. Says before an act that cannot be undone that it cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    /// Comes back in [`ScreenEvent::Confirmed`](super::screen::ScreenEvent::Confirmed).
    pub tag: String,
    /// The question, localised.
    pub title: String,
    /// What will happen, a line each, localised.
    pub lines: Vec<String>,
    /// Word of the button that does it, localised.
    pub yes: String,
    /// A code that must be typed, for acts that cannot be undone.
    pub code: Option<String>,
}

/// Something to be read, with one button; it scrolls when it is long.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notice {
    /// What it is about, localised.
    pub title: String,
    /// What there is to read, localised.
    pub pieces: Vec<Piece>,
    /// What the copy key takes; all of it, unless told otherwise.
    pub copy: Option<String>,
}

impl Notice {
    /// Lines of plain text.
    pub fn plain(title: impl Into<String>, lines: impl IntoIterator<Item = String>) -> Self {
        let pieces = lines.into_iter().map(|line| Piece::new(line, Role::Text)).collect();
        Self { title: title.into(), pieces, copy: None }
    }
}

/// Something to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Comes back.
    pub id: String,
    /// What it is called, localised.
    pub label: String,
    /// More about it, drawn after the label.
    pub detail: String,
}

impl Choice {
    /// A choice without more about it.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self { id: id.into(), label: label.into(), detail: String::new() }
    }

    /// With more about it.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// How many may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Many {
    /// One.
    #[default]
    One,
    /// Any number, marked with the space bar.
    Several,
}

/// A question with a list of answers, filtered as one types: Chinese, pinyin, initials, ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pick {
    /// Comes back in [`ScreenEvent::Picked`](super::screen::ScreenEvent::Picked).
    pub tag: String,
    /// The question, localised.
    pub title: String,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// How many.
    pub many: Many,
    /// Ids of those that are marked from the start, or the one under the cursor.
    pub chosen: Vec<String>,
}

/// How long a text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Length {
    /// One line; `Enter` goes to the button, `F10` gives it.
    #[default]
    Line,
    /// Several; `F10` or `Ctrl+S` gives it.
    Lines,
    /// One line that is not shown and never recorded.
    Secret,
}

/// A question for a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Comes back in [`ScreenEvent::Prompted`](super::screen::ScreenEvent::Prompted).
    pub tag: String,
    /// The question, localised.
    pub title: String,
    /// What it stands for, under the field, localised.
    pub help: String,
    /// What stands in the field at first.
    pub text: String,
    /// How long it may be.
    pub length: Length,
}

/// What a request is for: decides what the frame does with its answer besides handing it to the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Reads; dropped when the screen goes away.
    Load,
    /// Changes something; goes on when the screen goes away.
    Act,
    /// Starts a job, which the frame then follows.
    Job,
}

/// What a screen asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// An effect that needs nothing of the frame.
    Effect(Effect),
    /// A request.
    Send {
        /// Its number.
        id: RequestId,
        /// What it is for.
        purpose: Purpose,
        /// Comes back with the answer.
        tag: String,
        /// The request.
        request: Request,
    },
    /// A request that nobody waits for any more.
    Forget(RequestId),
    /// Another screen.
    Go(ScreenId, Params),
    /// Another screen in place of this one.
    Replace(ScreenId, Params),
    /// The screen before.
    Back,
    /// A line.
    Toast(Toast),
    /// A yes-or-no question.
    Confirm(Confirm),
    /// Something to be read.
    Notice(Notice),
    /// A list to choose from.
    Pick(Pick),
    /// A text.
    Prompt(Prompt),
    /// What was done, localised; it can be taken back, and with which key.
    Undoable(String),
    /// A timer.
    After {
        /// How long.
        wait: Duration,
        /// Comes back.
        tag: String,
    },
}

/// What a screen may ask of the frame.
pub struct Cx<'a> {
    /// The texts of the console.
    pub texts: &'a Texts,
    /// When the event happened.
    pub now: DateTime<Utc>,
    /// Whether paths of files mean the same here and at the server.
    pub local: bool,
    pub(crate) asks: Vec<Ask>,
    pub(crate) last_id: &'a mut u64,
}

impl<'a> Cx<'a> {
    /// For the frame and for tests of screens.
    pub fn new(texts: &'a Texts, now: DateTime<Utc>, last_id: &'a mut u64) -> Self {
        Self { texts, now, local: true, asks: Vec::new(), last_id }
    }

    /// What was asked so far, for tests.
    pub fn asked(&self) -> &[Ask] {
        &self.asks
    }

    /// Asks for a value. An earlier question of the same `Load` is dropped.
    pub fn load<T>(&mut self, into: &mut Load<T>, call: Call<T>) -> RequestId {
        let id = self.send(Purpose::Load, String::new(), call.into_request());
        if let Some(old) = into.expect(id) {
            self.asks.push(Ask::Forget(old));
        }
        id
    }

    /// Changes something. The answer comes to [`Screen::answer`](super::screen::Screen::answer) with the tag; a refusal is
    /// shown as a toast as well.
    pub fn act<T>(&mut self, call: Call<T>, tag: impl Into<String>) -> RequestId {
        self.send(Purpose::Act, tag.into(), call.into_request())
    }

    /// Starts a job. It appears in the drawer; the screen hears of it as
    /// [`ScreenEvent::Job`](super::screen::ScreenEvent::Job). The answer that it has begun comes with the tag `job`.
    pub fn job(&mut self, call: Call<Job>) -> RequestId {
        self.send(Purpose::Job, "job".to_owned(), call.into_request())
    }

    /// Asks a job to stop.
    pub fn cancel_job(&mut self, id: &str) -> RequestId {
        self.act(zhengai_wire::job::cancel(id), "cancel-job")
    }

    /// Drops a request of this screen.
    pub fn forget(&mut self, id: RequestId) {
        self.asks.push(Ask::Forget(id));
    }

    /// Opens another screen over this one.
    pub fn go(&mut self, screen: ScreenId, params: Params) {
        self.asks.push(Ask::Go(screen, params));
    }

    /// Opens another screen in place of this one.
    pub fn replace(&mut self, screen: ScreenId, params: Params) {
        self.asks.push(Ask::Replace(screen, params));
    }

    /// Explains a number.
    pub fn why(&mut self, target: &WhyTarget) {
        self.go(ScreenId::Why, target.params());
    }

    /// Leaves this screen.
    pub fn back(&mut self) {
        self.asks.push(Ask::Back);
    }

    /// Shows a line for a while.
    pub fn toast(&mut self, tone: Tone, text: impl Into<String>) {
        self.asks.push(Ask::Toast(Toast { tone, text: text.into() }));
    }

    /// Says that something failed, and how.
    pub fn failed(&mut self, failure: &Failure) {
        let text = say_failure(failure, self.texts);
        self.toast(Tone::Bad, text);
    }

    /// Asks a yes-or-no question.
    pub fn confirm(&mut self, confirm: Confirm) {
        self.asks.push(Ask::Confirm(confirm));
    }

    /// Shows something to be read.
    pub fn notice(&mut self, notice: Notice) {
        self.asks.push(Ask::Notice(notice));
    }

    /// Lets the person choose.
    pub fn pick(&mut self, pick: Pick) {
        self.asks.push(Ask::Pick(pick));
    }

    /// Asks for a text.
    pub fn prompt(&mut self, prompt: Prompt) {
        self.asks.push(Ask::Prompt(prompt));
    }

    /// Puts text into the clipboard.
    pub fn copy(&mut self, text: impl Into<String>) {
        self.asks.push(Ask::Effect(Effect::Copy { text: text.into() }));
    }

    /// Says for ten seconds that something was done and can be taken back with the undo key. What the key takes back is
    /// what the audit log has as this person's last change, whether it was said or not.
    pub fn undoable(&mut self, text: impl Into<String>) {
        self.asks.push(Ask::Undoable(text.into()));
    }

    /// Fetches a file from the API into a path of this machine. The answer comes with the tag; its body is a
    /// [`Downloaded`](crate::effect::Downloaded).
    pub fn download(&mut self, request: Request, to: PathBuf, tag: impl Into<String>) -> RequestId {
        let id = self.next();
        self.asks.push(Ask::Effect(Effect::Download { id, tag: tag.into(), request, to }));
        id
    }

    /// Sends a file of this machine to the API. The answer comes with the tag; its body is what `PUT /v1/uploads` gave.
    pub fn upload(&mut self, from: PathBuf, tag: impl Into<String>) -> RequestId {
        let id = self.next();
        self.asks.push(Ask::Effect(Effect::Upload { id, tag: tag.into(), from }));
        id
    }

    /// Keeps a draft on this machine: it survives a crash.
    pub fn keep_draft(&mut self, key: &str, text: impl Into<String>) {
        self.asks.push(Ask::Effect(Effect::KeepDraft { key: key.to_owned(), text: text.into() }));
    }

    /// Throws a draft away.
    pub fn drop_draft(&mut self, key: &str) {
        self.asks.push(Ask::Effect(Effect::DropDraft { key: key.to_owned() }));
    }

    /// Asks for a draft kept earlier. The answer comes with the tag; its body is a JSON string, or `null`.
    pub fn read_draft(&mut self, key: &str, tag: impl Into<String>) -> RequestId {
        let id = self.next();
        self.asks.push(Ask::Effect(Effect::ReadDraft { id, tag: tag.into(), key: key.to_owned() }));
        id
    }

    /// Comes back as [`ScreenEvent::Timer`](super::screen::ScreenEvent::Timer) after a while; a newer timer with the same
    /// tag takes the place of the older.
    pub fn after(&mut self, wait: Duration, tag: impl Into<String>) {
        self.asks.push(Ask::After { wait, tag: tag.into() });
    }

    /// The text of a key.
    pub fn text(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        self.texts.text(key, arguments)
    }

    fn send(&mut self, purpose: Purpose, tag: String, request: Request) -> RequestId {
        let id = self.next();
        self.asks.push(Ask::Send { id, purpose, tag, request });
        id
    }

    fn next(&mut self) -> RequestId {
        *self.last_id += 1;
        RequestId(*self.last_id)
    }
}

/// A failure in words: what the server says, or what happened on the way to it.
pub fn say_failure(failure: &Failure, texts: &Texts) -> String {
    match failure {
        // What an engine says in English ends in a stop of its own.
        Failure::Problem(problem) => problem.detail.replace(".。", "。"),
        Failure::Unreachable { server, cause } => {
            texts.say(&Message::new("failure-unreachable").with("server", server).with("cause", cause))
        }
        Failure::Unreadable { path, cause } => {
            texts.say(&Message::new("failure-unreadable").with("path", path).with("cause", cause))
        }
    }
}
