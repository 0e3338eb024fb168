//! The draft on the screen, what the server says about it, and how both meet.

use super::{fields, told, values, view};
use crate::app::{Answer, Choice, Confirm, Cx, Load, Pick, Tone};
use crate::widgets::{DataTable, Form, Item, TextView};
use serde::{Deserialize, Serialize};
use zhengai_model::fault::Fault;
use zhengai_model::threshold::ThresholdText;
use zhengai_text::Texts;
use zhengai_wire::drafts::{
    self, AssistRequest, Assistance, Draft, DraftText, Examination, Rehearsal, SampleRequest, SaveDraft,
};
use zhengai_wire::indicators::CheckResult;
use zhengai_wire::{Failure, Job, JobState};

/// What stands beside the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Panel {
    /// Faults, hints, whom it touches.
    Check,
    /// Values of real objects.
    Sample,
    /// All values with whom they hold for.
    Values,
    /// Past periods with the draft.
    Rehearsal,
    /// What publishing would change.
    Changes,
    /// What somebody else saved meanwhile.
    Conflict,
}

impl Panel {
    /// All of them, in the order of the tabs.
    pub(super) const ALL: [Self; 5] = [Self::Check, Self::Values, Self::Sample, Self::Rehearsal, Self::Changes];

    pub(super) fn next(self) -> Self {
        let at = Self::ALL.iter().position(|panel| *panel == self).map_or(0, |at| at + 1);
        Self::ALL.get(at % Self::ALL.len()).copied().unwrap_or(Self::Check)
    }

    /// Key of its title.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Check => "indicator-panel-check",
            Self::Sample => "indicator-panel-sample",
            Self::Values => "indicator-panel-values",
            Self::Rehearsal => "indicator-panel-rehearsal",
            Self::Changes => "indicator-panel-changes",
            Self::Conflict => "indicator-panel-conflict",
        }
    }
}

/// What this machine keeps of a form: a crash of the console or of the machine loses nothing.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// What the form said.
    text: DraftText,
    /// What it was begun from.
    origin: DraftText,
    /// The revision that it was begun from.
    revision: Option<u64>,
}

/// The screen.
pub(super) struct Editor {
    pub(super) code: String,
    pub(super) draft: Load<Draft>,
    pub(super) form: Form,
    /// What the form was made from: parts that no field shows.
    pub(super) base: DraftText,
    pub(super) revision: Option<u64>,
    /// What the server had when the writing began, or when it was saved last.
    pub(super) origin: DraftText,
    pub(super) dirty: bool,
    pub(super) assistance: Load<Assistance>,
    /// The field that was asked about.
    pub(super) asked: String,
    pub(super) examination: Load<Examination>,
    pub(super) sample: Load<CheckResult>,
    /// The samples are of what the form says now.
    pub(super) sampled: bool,
    pub(super) rehearsal: Option<Rehearsal>,
    /// What was rehearsed, and what is being rehearsed.
    pub(super) played: Option<DraftText>,
    pub(super) values: DataTable<ThresholdText>,
    /// Why it is published, while leave is asked for.
    pub(super) why: Option<String>,
    pub(super) job: Option<Job>,
    pub(super) theirs: Load<Draft>,
    pub(super) panel: Panel,
    pub(super) text: TextView,
}

impl Editor {
    pub(super) fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            draft: Load::default(),
            form: Form::default(),
            base: fields::blank(code),
            revision: None,
            origin: DraftText::default(),
            dirty: false,
            assistance: Load::default(),
            asked: String::new(),
            examination: Load::default(),
            sample: Load::default(),
            sampled: false,
            rehearsal: None,
            played: None,
            values: values::table(),
            why: None,
            job: None,
            theirs: Load::default(),
            panel: Panel::Check,
            text: TextView::default(),
        }
    }

    /// The key of the draft on this machine.
    pub(super) fn key_of_draft(&self) -> String {
        format!("indicator/{}", self.code)
    }

    /// What the form says now.
    pub(super) fn now(&self) -> DraftText {
        fields::text(&self.form, &self.base)
    }

    /// The draft came: the form shows it, and what this machine kept of a crash is asked for.
    pub(super) fn opened(&mut self, cx: &mut Cx<'_>) {
        self.begin(cx);
        cx.read_draft(&self.key_of_draft(), "local");
    }

    /// The form shows what the server has.
    fn begin(&mut self, cx: &mut Cx<'_>) {
        let Some(draft) = self.draft.get() else { return };
        let text = draft.text.clone();
        self.revision = draft.revision;
        self.origin = text.clone();
        self.dirty = false;
        self.show(text, cx);
        let call = drafts::examine(&self.now());
        cx.load(&mut self.examination, call);
    }

    /// What this machine kept and the server never got, because something crashed in between.
    pub(super) fn recovered(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        let Ok(Some(kept)) = answer.read::<Option<String>>() else { return };
        let Ok(kept) = serde_json::from_str::<Kept>(&kept) else { return };
        if kept.text != self.now() {
            self.show(kept.text, cx);
            self.dirty = true;
            // Somebody saved another one in between: what was found must not go over it unasked.
            if kept.revision != self.revision
                && let Some(theirs) = self.draft.get().cloned()
            {
                self.theirs = Load::ready(theirs);
                self.origin = kept.origin;
                self.panel = Panel::Conflict;
            }
            let said = cx.text("indicator-recovered", &[]);
            cx.toast(Tone::Info, said);
            let call = drafts::examine(&self.now());
            cx.load(&mut self.examination, call);
        }
    }

    fn show(&mut self, text: DraftText, cx: &Cx<'_>) {
        self.form = fields::form(&text, cx);
        self.base = text;
    }

    /// Shows a draft with other fields; the focus stays where it can.
    pub(super) fn rebuild(&mut self, text: DraftText, cx: &mut Cx<'_>) {
        let more_measures = text.form.measures.len() > self.base.form.measures.len();
        let more_thresholds = text.thresholds.len() > self.base.thresholds.len();
        let (measure, threshold) = (text.form.measures.len(), text.thresholds.len());
        let at = self.form.place_of_focus();
        self.show(text, cx);
        self.form.focus_near(at);
        if more_measures {
            self.form.focus(&format!("form.measures.{}.name", measure - 1));
        } else if more_thresholds {
            self.form.focus(&format!("thresholds.{}.kind", threshold - 1));
        }
        self.dirty = true;
        let call = drafts::examine(&self.now());
        cx.load(&mut self.examination, call);
    }

    pub(super) fn ask_help(&mut self, id: &str, text: DraftText, cx: &mut Cx<'_>) {
        let before = self.form.text(id);
        let cursor = before.get(..self.form.cursor()).map_or(0, |part| part.chars().count());
        let request = AssistRequest { form: text.form, pointer: fields::pointer(id), cursor: Some(cursor as u64) };
        id.clone_into(&mut self.asked);
        cx.load(&mut self.assistance, drafts::assist(&request));
    }

    /// Help came: completions are offered while a word is typed, and a fault is marked at its column.
    pub(super) fn offer(&mut self) {
        let Some(help) = self.assistance.get() else { return };
        if self.form.focused().is_none_or(|field| field.id != self.asked) {
            return;
        }
        let text = self.form.text(&self.asked);
        let start = usize::try_from(help.replace_start).unwrap_or(0);
        let from = text.char_indices().nth(start).map_or(text.len(), |(byte, _)| byte);
        let typing = self.form.cursor() > from;
        let items = help.candidates.iter().map(|one| Item::new(one.insert.clone(), one.insert.clone(), note(one)));
        let items: Vec<Item> = if typing { items.collect() } else { Vec::new() };
        self.form.offer(from, items);
        let fault = help.fault.as_ref().map(|fault| pointed(fault.column, &fault.text)).unwrap_or_default();
        self.form.fault(&self.asked, fault);
    }

    /// An examination came: faults stand under their fields.
    pub(super) fn mark(&mut self, texts: &Texts) {
        self.form.clear_faults();
        if let Some(found) = self.examination.get() {
            for fault in found.faults().chain(&found.lowered) {
                let Some(id) = fields::field_of(&self.form, &fault.pointer) else { continue };
                // A field that nobody has come to yet is not scolded.
                let required = self.form.text(&id).trim().is_empty();
                if !required || !self.form.faults().contains_key(&id) {
                    self.form.fault(&id, pointed(fault.column, &fault.text));
                }
            }
        }
        self.tell(texts);
    }

    pub(super) fn choose(&self, id: &str, cx: &mut Cx<'_>) {
        let title = self.form.fields().iter().find(|field| field.id == id).map(|field| field.label.clone());
        let choices = self.form.choices(id).into_iter().map(|item| Choice::new(item.id, item.label)).collect();
        cx.pick(Pick { tag: id.to_owned(), title: title.unwrap_or_default(), choices, ..Pick::default() });
    }

    pub(super) fn try_out(&mut self, cx: &mut Cx<'_>) {
        let good = self.examination.get().is_some_and(|found| found.good);
        if good && !self.sampled {
            let call = drafts::sample(&SampleRequest { text: self.now(), period: None });
            cx.load(&mut self.sample, call);
        }
        self.tell(cx.texts);
    }

    /// A draft with faults is neither tried nor rehearsed: the check says what is wrong with it.
    pub(super) fn mends_first(&mut self, key: &str, cx: &mut Cx<'_>) -> bool {
        let faulty = self.examination.get().is_some_and(|found| !found.good);
        if faulty {
            self.panel = Panel::Check;
            let text = cx.text(key, &[]);
            cx.toast(Tone::Caution, text);
        }
        faulty
    }

    pub(super) fn save(&mut self, tag: &str, cx: &mut Cx<'_>) {
        let draft = SaveDraft { text: self.now(), revision: self.revision, rebased: false };
        cx.act(drafts::save(&self.code, &draft), tag);
    }

    pub(super) fn saved(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        match answer.read::<Draft>() {
            Ok(draft) => {
                self.revision = draft.revision;
                self.origin = draft.text.clone();
                self.dirty = draft.text != self.now();
                if !self.dirty {
                    self.form.saved();
                    cx.drop_draft(&self.key_of_draft());
                }
                if answer.is("save-publish") {
                    self.confirm(&draft, cx);
                }
                if let Some(kept) = self.draft.get_mut() {
                    *kept = draft;
                }
                self.tell(cx.texts);
            }
            Err(failure) => self.refused(&failure, cx),
        }
    }

    /// A conflict shows what somebody else did; anything else was told already.
    pub(super) fn refused(&mut self, failure: &Failure, cx: &mut Cx<'_>) {
        if failure.fault() == Fault::Conflict {
            cx.load(&mut self.theirs, drafts::show(&self.code));
        }
    }

    /// Keeps what the form says on this machine.
    pub(super) fn hold(&self, cx: &mut Cx<'_>) {
        let kept = Kept { text: self.now(), origin: self.origin.clone(), revision: self.revision };
        if let Ok(kept) = serde_json::to_string(&kept) {
            cx.keep_draft(&self.key_of_draft(), kept);
        }
    }

    /// Theirs it is: mine is thrown away.
    pub(super) fn take_theirs(&mut self, cx: &mut Cx<'_>) {
        let Some(theirs) = self.theirs.get().cloned() else { return };
        self.theirs.clear();
        cx.drop_draft(&self.key_of_draft());
        self.panel = Panel::Changes;
        if let Some(draft) = self.draft.get_mut() {
            *draft = theirs;
        }
        self.begin(cx);
        self.tell(cx.texts);
    }

    /// Mine stays: saved over what somebody else did.
    pub(super) fn overwrite(&mut self, cx: &mut Cx<'_>) {
        let Some(theirs) = self.theirs.get() else { return };
        let draft = SaveDraft { text: self.now(), revision: theirs.revision, rebased: true };
        cx.act(drafts::save(&self.code, &draft), "save");
        self.theirs.clear();
        self.panel = Panel::Changes;
    }

    pub(super) fn submit(&mut self, cx: &mut Cx<'_>) {
        match self.examination.get() {
            Some(found) if !found.good => {
                self.panel = Panel::Check;
                self.form.next_fault();
                let count = found.faults().count().to_string();
                let text = cx.text("indicator-not-good", &[("count", &count)]);
                cx.toast(Tone::Caution, text);
                self.tell(cx.texts);
            }
            _ => self.save("save-publish", cx),
        }
    }

    /// Shows field by field what publishing would change, and asks.
    fn confirm(&self, draft: &Draft, cx: &mut Cx<'_>) {
        if draft.changes.is_empty() && draft.text.thresholds.is_empty() {
            let text = cx.text("indicator-nothing-changed", &[]);
            return cx.toast(Tone::Info, text);
        }
        let mut lines: Vec<String> = draft
            .changes
            .iter()
            .map(|one| told::change(&one.field, one.before.as_deref(), one.after.as_deref(), cx.texts))
            .collect();
        if draft.comparable == Some(false) {
            lines.push(cx.text("indicator-break", &[]));
        }
        lines.extend(self.before_publishing(cx.texts));
        let title = cx.text("indicator-publish-title", &[("code", &self.code)]);
        let yes = cx.text("indicator-publish", &[]);
        cx.confirm(Confirm { tag: "publish".into(), title, lines, yes, code: None });
    }

    /// What the rehearsal said, or that there was none of this draft; and what needs leave.
    fn before_publishing(&self, texts: &Texts) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        match self.rehearsal.as_ref().filter(|_| self.played.as_ref() == Some(&self.now())) {
            Some(found) => lines.extend(found.periods.iter().map(|period| view::in_short(period, texts))),
            None => lines.push(texts.text("indicator-not-rehearsed", &[])),
        }
        let lowered = self.examination.get().map(|found| found.lowered.as_slice()).unwrap_or_default();
        lines.extend(lowered.iter().map(|one| one.text.clone()));
        lines
    }

    /// Whether a target is lower than the one in force.
    pub(super) fn needs_leave(&self) -> bool {
        self.examination.get().is_some_and(|found| !found.lowered.is_empty())
    }

    /// The value under the cursor becomes an exception with somebody who answers for it and an end.
    pub(super) fn except(&mut self, cx: &mut Cx<'_>) {
        let id = self.form.focused().map(|field| field.id.clone()).unwrap_or_default();
        let name = id.trim_start_matches("form.").to_owned();
        let change = self.draft.get().and_then(|draft| draft.changes.iter().find(|change| change.field == name));
        let before = change.and_then(|change| change.before.clone());
        match fields::with_leave(self.now(), &id, before.as_deref()) {
            Some(text) => {
                let at = text.thresholds.len() - 1;
                self.rebuild(text, cx);
                self.form.focus(&format!("thresholds.{at}.until"));
                let text = cx.text("indicator-leave-next", &[]);
                cx.toast(Tone::Info, text);
            }
            None => {
                let text = cx.text("indicator-no-leave", &[]);
                cx.toast(Tone::Info, text);
            }
        }
    }

    /// A rehearsal moved on or ended.
    pub(super) fn rehearsed(&mut self, job: &Job, cx: &mut Cx<'_>) {
        if job.state == JobState::Done {
            self.rehearsal = job.result.clone().and_then(|result| serde_json::from_value(result).ok());
        }
        self.job = Some(job.clone());
        self.tell(cx.texts);
    }
}

fn note(one: &drafts::CandidateRow) -> String {
    if one.label.is_empty() { one.detail.clone() } else { one.label.clone() }
}

/// A fault with a mark under the character where it lies, as far as that fits.
fn pointed(column: Option<u64>, text: &str) -> String {
    match column.and_then(|column| usize::try_from(column).ok()).filter(|column| *column <= 60) {
        Some(column) => format!("{}^ {text}", " ".repeat(column.saturating_sub(1))),
        None => text.to_owned(),
    }
}
