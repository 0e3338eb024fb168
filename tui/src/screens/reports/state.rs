//! What the screen knows, and what it does with keys and answers.

use crate::app::{
    Answer, Choice, Command, Cx, Handled, Length, Load, Many, Params, Pick, Prompt, Screen, ScreenEvent, ScreenId, Tone,
};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::theme::Role;
use crate::widgets::{Motion, Piece, TextView};
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
    /// The file that was written last.
    pub(super) written: Option<String>,
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
        Self {
            query: ReportQuery { run: word("run"), layer, object, format: None },
            subject,
            kinds: Load::default(),
            runs: Load::default(),
            preview: Load::default(),
            text: TextView::default(),
            written: None,
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

    fn write(&self, file: &str, cx: &mut Cx<'_>) {
        let format = ReportFormat::ALL.into_iter().find(|format| file.ends_with(&[".", format.extension()].concat()));
        let Some(format) = format else {
            let text = cx.text("reports-no-format", &[("file", file)]);
            cx.toast(Tone::Bad, text);
            return;
        };
        // What is read on the screen is what is written, even when a newer run is there by now.
        let run = self.preview.get().map(|preview| preview.run.clone()).or_else(|| self.query.run.clone());
        let query = ReportQuery { run, format: Some(format), ..self.query.clone() };
        cx.download(reports::file(&query).into_request(), PathBuf::from(file), ["file ", file].concat());
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

/// The Markdown of a report as paragraphs: heads stand out, the lines that rule tables are left out.
pub(super) fn paragraphs(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for line in text.lines() {
        let bare = line.trim_start_matches('#').trim();
        let ruled = line.starts_with('|') && line.chars().all(|letter| matches!(letter, '|' | '-' | ':' | ' '));
        if ruled {
            continue;
        }
        let (text, role) = match line {
            line if line.starts_with('#') => (bare, Role::Title),
            line if line.starts_with('>') => (line.trim_start_matches('>').trim(), Role::Warn),
            line => (line, Role::Text),
        };
        let indent = if line.starts_with("- ") { 2 } else { 0 };
        pieces.push(Piece::new(text, role).indent(indent));
    }
    pieces
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
        self.generate(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(Action::Submit | Action::Refresh) => self.generate(cx),
            ScreenEvent::Do(Action::New) | ScreenEvent::Own("kind") => self.pick_kind(cx),
            ScreenEvent::Own("run") => self.pick_run(cx),
            ScreenEvent::Do(Action::Save) => self.pick_format(cx),
            ScreenEvent::Do(Action::Copy) => match &self.written {
                Some(file) => cx.copy(file.clone()),
                None => cx.copy(self.preview.get().map(|preview| preview.text.clone()).unwrap_or_default()),
            },
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
            match &answer.outcome {
                Ok(_) => {
                    let text = cx.text("reports-written", &[("file", file)]);
                    cx.toast(Tone::Good, text);
                    self.written = Some(file.to_owned());
                }
                Err(failure) => cx.failed(failure),
            }
        }
    }

    fn commands(&self) -> Vec<Command> {
        let there = self.preview.get().map(|_| ()).ok_or("reports-why-nothing");
        let kinds = self.kinds.get().map(|_| ()).ok_or("reports-why-loading");
        let runs = self.runs.get().map(|_| ()).ok_or("reports-why-loading");
        vec![
            Command::act(Action::Submit).named("reports-generate").hint(1),
            Command::own("kind", "reports-pick-kind").hint(2).when(kinds),
            Command::own("run", "reports-pick-run").hint(3).when(runs),
            Command::act(Action::Save).named("reports-save").hint(4).when(there),
            Command::act(Action::Copy).named("reports-copy").hint(5).when(there),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        super::view::view(self, canvas, area);
    }
}
