//! What the screen knows, and what it does with keys and answers.

use super::written::{self, KEPT, Stage, Written};
use crate::app::{
    Answer, Choice, Command, Cx, Handled, Length, Load, Many, Params, Pick, Prompt, Screen, ScreenEvent, ScreenId,
    Tone, say_failure,
};
use crate::canvas::Canvas;
use crate::effect::Downloaded;
use crate::keymap::Action;
use crate::screens::table::{self, Hit};
use crate::theme::Role;
use crate::widgets::{DataTable, Motion, Piece, Tabs, TextView};
use crossterm::event::MouseEventKind;
use ratatui::layout::Rect;
use std::path::PathBuf;
use zhengai_model::layer::Layer;
use zhengai_text::Texts;
use zhengai_wire::Page;
use zhengai_wire::reports::{self, ReportFormat, ReportKind, ReportPreview, ReportQuery, ReportSubject};
use zhengai_wire::runs::{self, RunLine, RunQuery, RunState};

/// Runs that can be chosen from.
const RUNS: u64 = 200;

/// The reports.
pub(super) struct Reports {
    pub(super) query: ReportQuery,
    pub(super) subject: ReportSubject,
    pub(super) kinds: Load<Vec<ReportKind>>,
    pub(super) runs: Load<Page<RunLine>>,
    pub(super) preview: Load<ReportPreview>,
    pub(super) text: TextView,
    pub(super) tabs: Tabs,
    /// Files that were written from this machine, the newest first.
    pub(super) files: DataTable<Written>,
    list: Vec<Written>,
}

impl Reports {
    pub(super) fn new(params: &Params) -> Self {
        let word = |name: &str| params.get(name).map(str::to_owned);
        let layer = params.get("layer").and_then(Layer::parse);
        let object = word("object");
        let subject = match (&object, layer) {
            (Some(_), _) => ReportSubject::Object,
            (None, Some(_)) => ReportSubject::Layer,
            (None, None) => ReportSubject::College,
        };
        let mut files = written::table();
        files.set_rows(Vec::new());
        Self {
            query: ReportQuery { run: word("run"), layer, object, format: None },
            subject,
            kinds: Load::default(),
            runs: Load::default(),
            preview: Load::default(),
            text: TextView::default(),
            tabs: Tabs::new(["reports-tab-text", "reports-tab-files"]),
            files,
            list: Vec::new(),
        }
    }

    fn generate(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.preview, reports::preview(&self.query));
    }

    fn pick_kind(&self, cx: &mut Cx<'_>) {
        let Some(kinds) = self.kinds.get() else { return };
        let id = |subject| match subject {
            ReportSubject::College => "college",
            ReportSubject::Layer => "layer",
            ReportSubject::Object => "object",
        };
        cx.pick(Pick {
            tag: "kind".to_owned(),
            title: cx.text("reports-pick-kind", &[]),
            choices: kinds.iter().map(|kind| Choice::new(id(kind.subject), &kind.name)).collect(),
            many: Many::One,
            chosen: vec![id(self.subject).to_owned()],
        });
    }

    fn pick_layer(&self, cx: &mut Cx<'_>) {
        let name = |layer: &Layer| cx.text(layer_key(*layer), &[]);
        cx.pick(Pick {
            tag: "layer".to_owned(),
            title: cx.text("reports-pick-layer", &[]),
            choices: Layer::ALL.iter().map(|layer| Choice::new(layer.as_str(), name(layer))).collect(),
            many: Many::One,
            chosen: self.query.layer.map(|layer| layer.as_str().to_owned()).into_iter().collect(),
        });
    }

    fn ask_object(&self, cx: &mut Cx<'_>) {
        cx.prompt(Prompt {
            tag: "object".to_owned(),
            title: cx.text("reports-object-title", &[]),
            help: cx.text("reports-object-help", &[]),
            text: self.query.object.clone().unwrap_or_default(),
            length: Length::Line,
        });
    }

    fn pick_run(&self, cx: &mut Cx<'_>) {
        let Some(runs) = self.runs.get() else { return };
        let choice = |run: &RunLine| Choice::new(&run.id, &run.id).detail(&run.period);
        let mut choices = vec![Choice::new("", cx.text("reports-newest", &[]))];
        choices.extend(runs.items.iter().map(choice));
        cx.pick(Pick {
            tag: "run".to_owned(),
            title: cx.text("reports-pick-run", &[]),
            choices,
            many: Many::One,
            chosen: vec![self.query.run.clone().unwrap_or_default()],
        });
    }

    fn picked(&mut self, tag: &str, id: &str, cx: &mut Cx<'_>) {
        match (tag, id) {
            ("kind", "layer") => self.pick_layer(cx),
            ("kind", "object") => self.ask_object(cx),
            ("kind", _) => {
                (self.subject, self.query.layer, self.query.object) = (ReportSubject::College, None, None);
                self.generate(cx);
            }
            ("layer", word) => {
                self.subject = ReportSubject::Layer;
                (self.query.layer, self.query.object) = (Layer::parse(word), None);
                self.generate(cx);
            }
            ("run", id) => {
                self.query.run = Some(id.to_owned()).filter(|id| !id.is_empty());
                self.generate(cx);
            }
            ("format", word) => self.ask_file(word, cx),
            _ => {}
        }
    }

    fn pick_format(&self, cx: &mut Cx<'_>) {
        let choices = ReportFormat::ALL.iter().map(|format| {
            let key = match format {
                ReportFormat::Html => "reports-format-html",
                ReportFormat::Xlsx => "reports-format-xlsx",
                ReportFormat::Md => "reports-format-md",
            };
            Choice::new(format.extension(), cx.text(key, &[])).detail(format.extension())
        });
        cx.pick(Pick {
            tag: "format".to_owned(),
            title: cx.text("reports-pick-format", &[]),
            choices: choices.collect(),
            many: Many::One,
            chosen: Vec::new(),
        });
    }

    fn ask_file(&mut self, extension: &str, cx: &mut Cx<'_>) {
        let run = self.preview.get().map_or_else(|| "report".to_owned(), |preview| preview.run.clone());
        cx.prompt(Prompt {
            tag: "file".to_owned(),
            title: cx.text("reports-file-title", &[]),
            help: cx.text("reports-file-help", &[]),
            text: [run.as_str(), ".", extension].concat(),
            length: Length::Line,
        });
    }

    fn write(&mut self, file: &str, cx: &mut Cx<'_>) {
        let format = ReportFormat::ALL.into_iter().find(|format| file.ends_with(&[".", format.extension()].concat()));
        let Some(format) = format else {
            let text = cx.text("reports-no-format", &[("file", file)]);
            cx.toast(Tone::Bad, text);
            return;
        };
        // What is read on the screen is what is written, even when a newer run is there by now.
        let run = self.preview.get().map(|preview| preview.run.clone()).or_else(|| self.query.run.clone());
        let query = ReportQuery { run, format: Some(format), ..self.query.clone() };
        let about = self.query.object.clone().or(self.query.layer.map(|layer| cx.text(layer_key(layer), &[])));
        let run = query.run.clone().unwrap_or_default();
        let period = self.runs.get().and_then(|runs| runs.items.iter().find(|one| one.id == run));
        let one = Written {
            file: file.to_owned(),
            about: self.what(about.as_deref().unwrap_or_default()),
            period: period.map(|run| run.period.clone()).unwrap_or_default(),
            run,
            at: cx.now,
            bytes: 0,
            stage: Stage::Writing,
        };
        written::put(&mut self.list, one);
        self.files.set_rows(self.list.clone());
        cx.download(reports::file(&query).into_request(), PathBuf::from(file), ["file ", file].concat());
        let key = if cx.local { "reports-writing-to" } else { "reports-fetching-to" };
        let text = cx.text(key, &[("file", file)]);
        cx.toast(Tone::Info, text);
    }

    /// A file is there, or it is not.
    fn ended(&mut self, file: &str, answer: &Answer, cx: &mut Cx<'_>) {
        let Some(one) = self.list.iter_mut().find(|one| one.file == file) else { return };
        match answer.read::<Downloaded>() {
            Ok(done) => {
                let text = cx.text("reports-written", &[("file", &done.path)]);
                cx.toast(Tone::Good, text);
                (one.file, one.bytes, one.stage) = (done.path, done.bytes, Stage::Written);
            }
            Err(failure) => {
                one.stage = Stage::Failed(say_failure(&failure, cx.texts));
                cx.failed(&failure);
            }
        }
        if let Some(one) = self.list.iter().find(|one| one.stage == Stage::Written).cloned() {
            // The same path, written again, is one file.
            let mut seen = false;
            self.list.retain(|other| other.file != one.file || !std::mem::replace(&mut seen, true));
        }
        self.keep(cx);
    }

    fn keep(&mut self, cx: &mut Cx<'_>) {
        self.files.set_rows(self.list.clone());
        let ended: Vec<&Written> = self.list.iter().filter(|one| one.stage != Stage::Writing).collect();
        if let Ok(text) = serde_json::to_string(&ended) {
            cx.keep_draft(KEPT, text);
        }
    }

    pub(super) fn on_files(&self) -> bool {
        self.tabs.at() == 1
    }

    /// What can be done with the list of files.
    fn with_files(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        let one = self.files.selected().cloned();
        match (event, one) {
            (ScreenEvent::Do(Action::Open), Some(one)) => {
                self.query.run = Some(one.run);
                self.tabs.open(0);
                self.generate(cx);
            }
            (ScreenEvent::Do(Action::Copy), Some(one)) => cx.copy(one.file),
            (ScreenEvent::Do(Action::Remove), Some(one)) => {
                self.list.retain(|other| *other != one);
                self.keep(cx);
            }
            _ => match table::drive(&mut self.files, event) {
                Hit::Missed => return Handled::No,
                _ => return Handled::Yes,
            },
        }
        Handled::Yes
    }

    /// The kind that is chosen and what the report is about, as far as both are known.
    pub(super) fn what(&self, about: &str) -> String {
        let known = [self.kind_name().unwrap_or_default(), about].into_iter().filter(|part| !part.is_empty());
        known.collect::<Vec<_>>().join(" ")
    }

    pub(super) fn kind_name(&self) -> Option<&str> {
        let kinds = self.kinds.get()?;
        kinds.iter().find(|kind| kind.subject == self.subject).map(|kind| kind.name.as_str())
    }
}

/// Key of the name of a layer.
pub(super) fn layer_key(layer: Layer) -> &'static str {
    match layer {
        Layer::School => "reports-layer-school",
        Layer::Major => "reports-layer-major",
        Layer::Course => "reports-layer-course",
        Layer::Teacher => "reports-layer-teacher",
        Layer::Student => "reports-layer-student",
    }
}

/// The Markdown of a report as paragraphs: heads stand out, tables are tables, marks are left out.
pub(super) fn paragraphs(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut table: Vec<Vec<String>> = Vec::new();
    for line in text.lines() {
        if let Some(row) = line.trim().strip_prefix('|') {
            let ruled = line.chars().all(|letter| matches!(letter, '|' | '-' | ':' | ' ')) && line.contains('-');
            if !ruled {
                table.push(row.strip_suffix('|').unwrap_or(row).split('|').map(plain).collect());
            }
            continue;
        }
        if !table.is_empty() {
            pieces.push(Piece::table(std::mem::take(&mut table)));
        }
        let (text, role) = match line {
            line if line.starts_with('#') => (line.trim_start_matches('#').trim(), Role::Title),
            line if line.starts_with('>') => (line.trim_start_matches('>').trim(), Role::Warn),
            line => (line, Role::Text),
        };
        let indent = if line.starts_with("- ") { 2 } else { 0 };
        pieces.push(Piece::new(plain(text), role).indent(indent));
    }
    if !table.is_empty() {
        pieces.push(Piece::table(table));
    }
    pieces
}

/// Text without the marks for bold and for code.
fn plain(text: &str) -> String {
    text.replace("**", "").replace('`', "").trim_end().trim_start_matches(' ').to_owned()
}

impl Screen for Reports {
    fn id(&self) -> ScreenId {
        ScreenId::Reports
    }

    fn crumb(&self, texts: &Texts) -> String {
        match self.preview.get() {
            Some(preview) => texts.text("reports-crumb", &[("title", &preview.title)]),
            None => texts.text(self.id().label(), &[]),
        }
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.kinds, reports::kinds());
        let query = RunQuery { state: Some(RunState::Finished), limit: Some(RUNS), ..RunQuery::default() };
        cx.load(&mut self.runs, runs::list(&query));
        cx.read_draft(KEPT, KEPT);
        self.generate(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        if self.on_files() && self.with_files(event, cx) == Handled::Yes {
            return Handled::Yes;
        }
        match event {
            ScreenEvent::Do(Action::NextRegion) => self.tabs.next(),
            ScreenEvent::Do(Action::PreviousRegion) => self.tabs.previous(),
            ScreenEvent::Do(Action::Submit | Action::Refresh) => self.generate(cx),
            ScreenEvent::Do(Action::New) | ScreenEvent::Own("kind") => self.pick_kind(cx),
            ScreenEvent::Own("run") => self.pick_run(cx),
            ScreenEvent::Do(Action::Save) => self.pick_format(cx),
            ScreenEvent::Do(Action::Copy) => {
                cx.copy(self.preview.get().map(|preview| preview.text.clone()).unwrap_or_default());
            }
            ScreenEvent::Picked { tag, ids } => {
                if let Some(id) = ids.first() {
                    self.picked(tag, id, cx);
                }
            }
            ScreenEvent::Prompted { tag, text } if tag == "object" => {
                let object = text.trim();
                if !object.is_empty() {
                    self.subject = ReportSubject::Object;
                    (self.query.layer, self.query.object) = (None, Some(object.to_owned()));
                    self.generate(cx);
                }
            }
            ScreenEvent::Prompted { tag, text } if tag == "file" => {
                let file = text.trim().to_owned();
                if !file.is_empty() {
                    self.write(&file, cx);
                }
            }
            ScreenEvent::Do(action) => match action.motion() {
                Some(motion) => self.text.apply(motion),
                None => return Handled::No,
            },
            ScreenEvent::Mouse(mouse) => match mouse.kind {
                MouseEventKind::Down(_) if self.tabs.click(mouse.column, mouse.row) => {}
                MouseEventKind::ScrollUp => self.text.apply(Motion::WheelUp),
                MouseEventKind::ScrollDown => self.text.apply(Motion::WheelDown),
                _ => return Handled::No,
            },
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        self.kinds.take(answer);
        self.runs.take(answer);
        if self.preview.take(answer)
            && self.preview.failure().is_none()
            && let Some(preview) = self.preview.get()
        {
            self.text.set(paragraphs(&preview.text));
        }
        if let Some(file) = answer.tag.strip_prefix("file ") {
            self.ended(file, answer, cx);
        } else if answer.is(KEPT)
            && let Ok(Some(text)) = answer.read::<Option<String>>()
        {
            self.list = serde_json::from_str(&text).unwrap_or_default();
            self.files.set_rows(self.list.clone());
        }
    }

    fn commands(&self) -> Vec<Command> {
        if self.on_files() {
            let one = self.files.selected().map(|_| ()).ok_or("reports-no-files");
            return vec![
                Command::act(Action::Open).named("reports-again").hint(1).when(one),
                Command::act(Action::Copy).named("reports-copy-path").hint(2).when(one),
                Command::act(Action::Remove).named("reports-forget").hint(3).when(one),
                Command::act(Action::NextRegion).hint(4),
            ];
        }
        let there = self.preview.get().map(|_| ()).ok_or("reports-why-nothing");
        let kinds = self.kinds.get().map(|_| ()).ok_or("reports-why-loading");
        let runs = self.runs.get().map(|_| ()).ok_or("reports-why-loading");
        vec![
            Command::act(Action::Submit).named("reports-generate").hint(1),
            Command::own("kind", "reports-pick-kind").hint(2).when(kinds),
            Command::own("run", "reports-pick-run").hint(3).when(runs),
            Command::act(Action::Save).named("reports-save").hint(4).when(there),
            Command::act(Action::Copy).named("reports-copy").hint(5).when(there),
            Command::act(Action::NextRegion).hint(6),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        super::view::view(self, canvas, area);
    }
}
