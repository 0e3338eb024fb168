//! What people do: an act, the words that it still needs, and the call that carries it out.

use super::state::{Reach, Warnings};
use crate::app::{Choice, Cx, Length, Pick, Prompt, Tone};
use chrono::NaiveDate;
use zhengai_wire::warnings::{self, Act, ActOrder, BulkOrder, BulkOutcome, Chosen, WarningLine};

/// An act that still asks for its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Draft {
    /// To whom.
    AssignTo,
    /// Until when.
    AssignDue(String),
    /// The comment.
    Comment,
    /// Until when.
    SilenceUntil,
    /// Why.
    SilenceWhy(NaiveDate),
    /// Why it is done.
    ResolveWhy(String),
    /// Why it is not.
    Reopen,
    /// What explains it.
    Inhibit,
}

/// Reasons for which a warning is done.
const RESOLUTIONS: [&str; 5] = ["cured", "data-error", "threshold-wrong", "accepted-risk", "duplicate"];

/// Tag of the prompts of acts.
pub(super) const WORDS: &str = "words";
/// Tag of the choice of a resolution.
pub(super) const RESOLUTION: &str = "resolution";
/// Tag of the answer to one.
pub(super) const ONE: &str = "act-one";
/// Tag of the answer to many.
pub(super) const MANY: &str = "act-many";
/// Tag of the question before everything that a filter finds is changed.
pub(super) const SURE: &str = "sure";

impl Warnings {
    /// Asks for the words of an act.
    pub(super) fn ask(&mut self, draft: Draft, cx: &mut Cx<'_>) {
        self.ask_with(draft, String::new(), cx);
    }

    /// The same with words that stand there already.
    fn ask_with(&mut self, draft: Draft, text: String, cx: &mut Cx<'_>) {
        let (title, help, length) = match &draft {
            Draft::AssignTo => ("warnings-ask-to", "warnings-ask-to-help", Length::Line),
            Draft::AssignDue(_) => ("warnings-ask-due", "warnings-ask-day-help", Length::Line),
            Draft::Comment => ("warnings-ask-comment", "warnings-ask-comment-help", Length::Lines),
            Draft::SilenceUntil => ("warnings-ask-until", "warnings-ask-day-help", Length::Line),
            Draft::SilenceWhy(_) | Draft::Reopen => ("warnings-ask-why", "warnings-ask-why-help", Length::Line),
            Draft::ResolveWhy(_) => ("warnings-ask-resolve-why", "warnings-ask-why-help", Length::Line),
            Draft::Inhibit => ("warnings-ask-cause", "warnings-ask-cause-help", Length::Line),
        };
        let prompt =
            Prompt { tag: WORDS.to_owned(), title: cx.text(title, &[]), help: cx.text(help, &[]), text, length };
        self.draft = Some(draft);
        cx.prompt(prompt);
    }

    /// Asks why the warnings are done.
    pub(super) fn ask_resolution(&mut self, cx: &mut Cx<'_>) {
        let choice = |word: &&str| Choice::new(*word, cx.text(&["warnings-resolution-", word].concat(), &[]));
        let choices = RESOLUTIONS.iter().map(choice).collect();
        let title = cx.text("warnings-ask-resolution", &[]);
        cx.pick(Pick { tag: RESOLUTION.to_owned(), title, choices, ..Pick::default() });
    }

    /// Words came for the draft.
    pub(super) fn words(&mut self, text: &str, cx: &mut Cx<'_>) {
        let text = text.trim().to_owned();
        match self.draft.take() {
            None => {}
            Some(Draft::AssignTo) if text.is_empty() => {}
            Some(Draft::AssignTo) => self.ask(Draft::AssignDue(text), cx),
            Some(Draft::AssignDue(to)) => match day(&text) {
                _ if text.is_empty() => self.act(Act::Assign { to, due: None }, cx),
                Some(due) => self.act(Act::Assign { to, due: Some(due) }, cx),
                None => self.again(Draft::AssignDue(to), text, "warnings-no-day", cx),
            },
            Some(Draft::Comment) => self.act(Act::Comment { text }, cx),
            Some(Draft::SilenceUntil) => match day(&text) {
                Some(until) if until < cx.now.date_naive() => {
                    self.again(Draft::SilenceUntil, text, "warnings-past-day", cx);
                }
                Some(until) => self.ask(Draft::SilenceWhy(until), cx),
                None => self.again(Draft::SilenceUntil, text, "warnings-no-day", cx),
            },
            Some(Draft::SilenceWhy(until)) => self.act(Act::Silence { until, why: text }, cx),
            Some(Draft::ResolveWhy(reason)) => {
                let why = Some(text).filter(|text| !text.is_empty());
                self.act(Act::Resolve { reason, why }, cx);
            }
            Some(Draft::Reopen) => self.act(Act::Reopen { why: text }, cx),
            Some(Draft::Inhibit) => self.act(Act::Inhibit { by: text }, cx),
        }
    }

    /// Says what is wrong with a day and asks again; what was typed stays to be mended.
    fn again(&mut self, draft: Draft, typed: String, wrong: &str, cx: &mut Cx<'_>) {
        let text = cx.text(wrong, &[]);
        cx.toast(Tone::Caution, text);
        self.ask_with(draft, typed, cx);
    }

    /// Carries an act out: on one as it was seen, on the marked ones in one change, or on all that the filter finds.
    pub(super) fn act(&mut self, act: Act, cx: &mut Cx<'_>) {
        self.acting = match self.reach {
            Reach::Filter => {
                let filter = zhengai_wire::warnings::WarningQuery { sort: None, order: None, ..self.query.clone() };
                let order = BulkOrder { act, chosen: None, filter: Some(filter) };
                Some(cx.act(warnings::bulk(&order), MANY))
            }
            Reach::Chosen => {
                let marked: Vec<Chosen> = self.chosen();
                match (marked.as_slice(), self.line()) {
                    ([], None) => None,
                    ([], Some(line)) => Some(cx.act(one(line, act), ONE)),
                    (_, _) => {
                        let order = BulkOrder { act, chosen: Some(marked), filter: None };
                        Some(cx.act(warnings::bulk(&order), MANY))
                    }
                }
            }
        };
    }

    /// The marked ones with the revision that was seen.
    fn chosen(&self) -> Vec<Chosen> {
        let seen = |id: i64| {
            let mut rows = self.table.pages().iter();
            rows.find(|(_, row)| row.line.id == id).map(|(_, row)| row.line.revision)
        };
        let ids = self.table.marked().filter_map(|key| key.parse::<i64>().ok());
        ids.map(|id| Chosen { id, revision: seen(id) }).collect()
    }

    /// How many an act would be done with.
    pub(super) fn reached(&self) -> u64 {
        match self.reach {
            Reach::Filter => self.total().unwrap_or(0),
            Reach::Chosen => match self.table.marked().count() {
                0 => u64::from(self.line().is_some()),
                marked => marked as u64,
            },
        }
    }

    /// What came of an act on one.
    pub(super) fn done_one(&mut self, line: WarningLine, cx: &mut Cx<'_>) {
        let id = line.id.to_string();
        for (_, row) in self.table.pages_mut().iter_mut() {
            if row.line.id == line.id {
                row.line = line.clone();
            }
        }
        let text = cx.text("warnings-done-one", &[("id", &id)]);
        cx.undoable(text);
        self.load_detail(line.id, cx);
    }

    /// What came of an act on many.
    pub(super) fn done_many(&mut self, outcome: &BulkOutcome, cx: &mut Cx<'_>) {
        let done = outcome.done.len().to_string();
        if !outcome.done.is_empty() {
            let text = cx.text("warnings-done-many", &[("count", &done)]);
            cx.undoable(text);
        }
        if let Some(first) = outcome.refused.first() {
            let count = outcome.refused.len().to_string();
            let text = cx.text("warnings-refused", &[("count", &count), ("reason", &first.reason)]);
            cx.toast(Tone::Caution, text);
        }
        if outcome.left > 0 {
            let text = cx.text("warnings-left", &[("count", &outcome.left.to_string())]);
            cx.toast(Tone::Info, text);
        }
        self.reach = Reach::Chosen;
        self.reload(cx);
    }
}

fn one(line: &WarningLine, act: Act) -> zhengai_wire::Call<WarningLine> {
    warnings::act(&line.id.to_string(), &ActOrder { act, revision: Some(line.revision) })
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}
