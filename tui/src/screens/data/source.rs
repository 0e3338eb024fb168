//! A source in a form: what its connector asks for, by the connector's own schema; its streams; its review. Secrets are
//! names here; their values are set with a question of their own and stand in no field.

use super::decide::{self, CHANGED, decided};
use super::described::Described;
use crate::app::{
    Answer, Choice, Command, Confirm, Cx, Handled, Load, Many, Params, Pick, Screen, ScreenEvent, ScreenId, Tone,
};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::entry;
use crate::screens::state::{failed, waiting};
use crate::widgets::input::Focus;
use crate::widgets::{Form, FormEvent, Item};
use ratatui::layout::Rect;
use std::time::Duration;
use zhengai_text::Texts;
use zhengai_wire::datasets::{self, DatasetLine, DatasetQuery};
use zhengai_wire::plugins::{self, PluginForm};
use zhengai_wire::secrets::{self, SecretLine};
use zhengai_wire::sources::{self, Discovered, Source};
use zhengai_wire::{Failure, Job, JobState, Page};

/// Datasets that a stream may go into: all that a college has.
const DATASETS: u64 = 1000;

/// A pause after which this machine keeps what was typed.
const HOLD: Duration = Duration::from_millis(150);

/// The form of one source.
pub(super) struct SourceForm {
    /// Its name; none for one that is new.
    name: Option<String>,
    source: Load<Source>,
    offer: Load<PluginForm>,
    datasets: Load<Page<DatasetLine>>,
    secrets: Load<Vec<SecretLine>>,
    described: Described,
    form: Form,
    discovered: Vec<sources::DiscoveredStream>,
    /// A job that looks for streams.
    looking: Option<String>,
    /// Something was typed that the server does not have.
    dirty: bool,
}

impl SourceForm {
    /// A source that is there.
    pub(super) fn of(name: &str) -> Self {
        Self::new(Some(name.to_owned()), Described::default())
    }

    /// A new one of a connector.
    pub(super) fn for_connector(plugin: &str) -> Self {
        Self::new(None, Described::for_connector(plugin))
    }

    fn new(name: Option<String>, described: Described) -> Self {
        Self {
            name,
            source: Load::default(),
            offer: Load::default(),
            datasets: Load::default(),
            secrets: Load::default(),
            described,
            form: Form::default(),
            discovered: Vec::new(),
            looking: None,
            dirty: false,
        }
    }

    fn failure(&self) -> Option<&Failure> {
        let waits = [self.source.failure(), self.offer.failure(), self.datasets.failure(), self.secrets.failure()];
        waits.into_iter().flatten().next().filter(|_| self.form.fields().is_empty())
    }

    /// The key of the draft on this machine.
    fn key_of_draft(&self) -> String {
        match &self.name {
            Some(name) => format!("source/{name}"),
            None => format!("source-of/{}", self.described.plugin),
        }
    }

    /// What was typed: kept on this machine after a pause. Of secrets it has the names alone.
    fn touched(&mut self, cx: &mut Cx<'_>) {
        self.dirty = true;
        cx.after(HOLD, "hold");
    }

    /// What this machine kept and the server never got.
    fn recovered(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        let Ok(Some(kept)) = answer.read::<Option<String>>() else { return };
        let Ok(kept) = serde_json::from_str::<Described>(&kept) else { return };
        if kept != self.described {
            self.described = kept;
            self.rebuild(cx.texts);
            self.dirty = true;
            let text = cx.text("data-recovered", &[]);
            cx.toast(Tone::Info, text);
        }
    }

    fn ask_offer(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.offer, plugins::form(&self.described.plugin));
    }

    /// Makes the form of what is described now. What was typed before stays only as far as `described` has it.
    fn rebuild(&mut self, texts: &Texts) {
        let (Some(offer), Some(datasets), Some(secrets)) = (self.offer.get(), self.datasets.get(), self.secrets.get())
        else {
            return;
        };
        let at = self.form.focused().map(|field| field.id.clone());
        let names: Vec<&str> = secrets.iter().map(|one| one.name.as_str()).collect();
        let into: Vec<Item> = datasets
            .items
            .iter()
            .filter(|line| !line.computed)
            .map(|line| Item::new(&line.id, [&line.name, " ", &line.id].concat(), ""))
            .collect();
        self.form = self.described.form(self.name.as_deref(), offer, &into, &names, texts);
        if let Some(at) = at {
            self.form.focus(&at);
        }
    }

    /// Takes what the form says and makes it anew: after a stream was added or taken away, or another component chosen.
    fn reshape(&mut self, change: impl FnOnce(&mut Described), cx: &mut Cx<'_>) {
        self.described.take(&self.form);
        change(&mut self.described);
        self.rebuild(cx.texts);
        self.touched(cx);
    }

    fn save(&mut self, cx: &mut Cx<'_>) {
        if !self.form.check(cx.texts) {
            return;
        }
        self.described.take(&self.form);
        match self.described.request(&mut self.form, cx.texts) {
            Some(request) => {
                let call = match &self.name {
                    Some(name) => sources::change(name, &request),
                    None => sources::add(self.form.text("name").trim(), &request),
                };
                cx.act(call, "saved");
            }
            None => self.form.next_fault(),
        }
    }

    fn after(&mut self, event: FormEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            FormEvent::Submit => self.save(cx),
            FormEvent::Choose(id) => entry::choose(&self.form, id, cx),
            FormEvent::Edited(id) if id == "component" => self.reshape(|_| {}, cx),
            FormEvent::Ignored => return Handled::No,
            FormEvent::Edited(_) => self.touched(cx),
            FormEvent::Moved | FormEvent::Left(_) => {}
        }
        Handled::Yes
    }

    fn own(&mut self, id: &str, cx: &mut Cx<'_>) -> Handled {
        match id {
            "stream" => self.reshape(|described| described.add_streams(&[String::new()]), cx),
            "drop" => {
                let at = self.form.focused().map(|field| field.id.clone()).unwrap_or_default();
                self.reshape(|described| described.drop_stream(&at), cx);
            }
            "discover" => {
                let Some(name) = &self.name else { return Handled::No };
                self.looking = Some(name.clone());
                cx.job(sources::discover(name));
            }
            "discard" => cx.confirm(Confirm {
                tag: "discard".to_owned(),
                title: cx.text("data-discard-title", &[]),
                lines: vec![cx.text("data-discard-line", &[])],
                yes: cx.text("data-discard", &[]),
                code: None,
            }),
            "secret" => match self.secret() {
                Some(name) => decide::set_secret(&name, cx),
                None => return Handled::No,
            },
            _ => return Handled::No,
        }
        Handled::Yes
    }

    /// Name of the secret in the field of the cursor.
    fn secret(&self) -> Option<String> {
        let field = self.form.focused().filter(|field| self.described.is_secret(&field.id))?;
        Some(self.form.text(&field.id).trim().to_owned()).filter(|name| !name.is_empty())
    }

    /// The streams that the connector has are there: those that are not read yet can be taken.
    fn found(&mut self, job: &Job, cx: &mut Cx<'_>) {
        self.looking = None;
        let found = job.result.clone().filter(|_| job.state == JobState::Done);
        let Some(found) = found.and_then(|found| serde_json::from_value::<Discovered>(found).ok()) else { return };
        self.described.take(&self.form);
        self.discovered = found.streams;
        let new = self.discovered.iter().filter(|stream| !self.described.reads(&stream.stream));
        let choices: Vec<Choice> = new
            .map(|stream| {
                let name = stream.name.as_deref().unwrap_or(&stream.stream);
                Choice::new(&stream.stream, name).detail(stream.fields.join(", "))
            })
            .collect();
        if choices.is_empty() {
            let text = cx.text("data-no-new-streams", &[]);
            return cx.toast(Tone::Info, text);
        }
        let title = cx.text("data-pick-streams", &[]);
        cx.pick(Pick { tag: "streams".to_owned(), title, choices, many: Many::Several, chosen: Vec::new() });
    }
}

impl Screen for SourceForm {
    fn id(&self) -> ScreenId {
        ScreenId::Data
    }

    fn crumb(&self, texts: &Texts) -> String {
        match &self.name {
            Some(name) => name.clone(),
            None => texts.text("data-add-source", &[]),
        }
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        match &self.name {
            Some(name) => drop(cx.load(&mut self.source, sources::show(name))),
            None => self.ask_offer(cx),
        }
        let all = DatasetQuery { limit: Some(DATASETS), ..DatasetQuery::default() };
        cx.load(&mut self.datasets, datasets::list(&all));
        cx.load(&mut self.secrets, secrets::list());
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Own(id) => return self.own(id, cx),
            ScreenEvent::Timer { tag } if tag == "hold" && self.dirty => {
                self.described.take(&self.form);
                if let Ok(text) = serde_json::to_string(&self.described) {
                    cx.keep_draft(&self.key_of_draft(), text);
                }
            }
            ScreenEvent::Confirmed { tag } if tag == "discard" => {
                self.dirty = false;
                cx.drop_draft(&self.key_of_draft());
                cx.back();
            }
            ScreenEvent::Picked { tag, ids } if tag == "streams" => {
                self.reshape(|described| described.add_streams(ids), cx);
            }
            ScreenEvent::Job(job) if job.kind == "source-discover" && job.state.is_over() => {
                if self.looking.as_deref() == Some(job.subject.as_str()) {
                    self.found(job, cx);
                }
            }
            other => {
                if decided(other, cx) == Handled::Yes {
                    return Handled::Yes;
                }
                let event = entry::drive(&mut self.form, other);
                return self.after(event, cx);
            }
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.source.take(answer) {
            if let Some(source) = self.source.get() {
                self.described = Described::of(source);
                self.ask_offer(cx);
            }
        } else if self.offer.take(answer) || self.datasets.take(answer) || self.secrets.take(answer) {
            // Names of secrets may come again while somebody types: only a form that is not there yet is made.
            if self.form.fields().is_empty() {
                self.rebuild(cx.texts);
                if !self.form.fields().is_empty() {
                    cx.read_draft(&self.key_of_draft(), "draft");
                }
            }
        } else if answer.is("draft") {
            self.recovered(answer, cx);
        } else if answer.is(CHANGED) {
            cx.load(&mut self.secrets, secrets::list());
            if answer.outcome.is_ok() {
                let text = cx.text("data-changed", &[]);
                cx.toast(Tone::Good, text);
            }
        } else if answer.is("saved")
            && let Ok(source) = answer.read::<Source>()
        {
            self.dirty = false;
            cx.drop_draft(&self.key_of_draft());
            let text = cx.text("data-source-saved", &[("source", &source.id)]);
            cx.toast(Tone::Good, text);
            cx.back();
        }
    }

    fn commands(&self) -> Vec<Command> {
        let ready = if self.form.fields().is_empty() { Err("tui-loading") } else { Ok(()) };
        let stream = match self.form.focused() {
            Some(field) if field.id.starts_with("streams.") => Ok(()),
            _ => Err("data-why-no-stream"),
        };
        let known = self.name.as_ref().map(|_| ()).ok_or("data-why-not-saved");
        let secret = self.secret().map(|_| ()).ok_or("data-why-no-secret-field");
        vec![
            Command::act(Action::Submit).named("data-save-source").hint(1).when(ready),
            Command::own("stream", "data-add-stream").hint(2).when(ready),
            Command::own("drop", "data-drop-stream").hint(3).when(stream),
            Command::own("discover", "data-discover").hint(4).when(known),
            Command::own("secret", "data-set-secret").hint(5).when(secret),
            Command::own("discard", "data-discard").when(if self.dirty { Ok(()) } else { Err("data-why-clean") }),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        if let Some(failure) = self.failure() {
            return failed(canvas, inner, failure);
        }
        if self.form.fields().is_empty() {
            return waiting(canvas, inner);
        }
        self.form.view(canvas, inner, Focus::Here);
    }

    fn editing(&self) -> bool {
        !self.form.fields().is_empty()
    }

    fn unsaved(&self) -> bool {
        self.dirty
    }

    fn keeps_draft(&self) -> bool {
        true
    }
}

/// The screen that params name.
pub(super) fn build(params: &Params) -> Option<SourceForm> {
    let connector = params.get("connector").map(SourceForm::for_connector);
    params.get("source").map(SourceForm::of).or(connector)
}
