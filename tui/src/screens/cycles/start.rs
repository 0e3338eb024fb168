//! A new cycle: a template, a period, layers, a name.

use crate::app::{Answer, Command, Cx, Handled, Load, Params, Screen, ScreenEvent, ScreenId};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::{entry, state};
use crate::widgets::input::Focus;
use crate::widgets::{Field, Form, FormEvent, Item, Kind, Schema};
use ratatui::layout::Rect;
use zhengai_model::layer::Layer;
use zhengai_text::Texts;
use zhengai_wire::cycles::{self, Cycle, CycleTemplateRow, NewCycle};
use zhengai_wire::periods::{self, PeriodQuery, PeriodRow};

/// The form of a new cycle.
pub(super) struct Start {
    templates: Load<Vec<CycleTemplateRow>>,
    periods: Load<Vec<PeriodRow>>,
    form: Form,
}

impl Start {
    pub(super) fn new() -> Self {
        Self { templates: Load::default(), periods: Load::default(), form: Form::default() }
    }

    fn fill(&mut self, texts: &Texts) {
        let (Some(templates), Some(periods)) = (self.templates.get(), self.periods.get()) else { return };
        let language = texts.language();
        let items = templates.iter().map(|row| Item::new(&row.0.id, row.0.names.get(language), &row.0.id)).collect();
        let when = periods.iter().map(|period| Item::new(&period.id, &period.name, &period.id)).collect();
        let text = |key: &str| texts.text(key, &[]);
        let first = templates.first();
        let fits = first.and_then(|row| periods.iter().find(|period| period.kind == row.0.period));
        self.form = Form::new(Schema::new(vec![
            Field::new("template", text("cycles-form-template"), Kind::Choice(items))
                .required()
                .help(text("cycles-form-template-help"))
                .value(first.map(|row| row.0.id.clone()).unwrap_or_default()),
            Field::new("period", text("cycles-form-period"), Kind::Choice(when))
                .required()
                .help(text("cycles-form-period-help"))
                .value(fits.map(|period| period.id.clone()).unwrap_or_default()),
            Field::new("layers", text("cycles-form-layers"), Kind::List).help(text("cycles-form-layers-help")),
            Field::new("objects", text("cycles-form-objects"), Kind::List).help(text("cycles-form-objects-help")),
            Field::new("name", text("cycles-form-name"), Kind::Text).help(text("cycles-form-name-help")),
        ]));
    }

    fn order(&mut self, texts: &Texts) -> Option<NewCycle> {
        self.form.clear_faults();
        let mut layers = Vec::new();
        for word in words(&self.form.text("layers")) {
            match Layer::parse(&word) {
                Some(layer) => layers.push(layer),
                None => self.form.fault("layers", texts.text("cycles-form-no-layer", &[("word", &word)])),
            }
        }
        for id in ["template", "period"] {
            if self.form.text(id).is_empty() {
                self.form.fault(id, texts.text("tui-form-required", &[]));
            }
        }
        if !self.form.faults().is_empty() {
            self.form.next_fault();
            return None;
        }
        Some(NewCycle {
            template: self.form.text("template"),
            period: self.form.text("period"),
            layers,
            objects: words(&self.form.text("objects")),
            name: Some(self.form.text("name").trim().to_owned()).filter(|name| !name.is_empty()),
        })
    }

    fn take(&mut self, event: FormEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            FormEvent::Submit => {
                if let Some(order) = self.order(cx.texts) {
                    cx.act(cycles::create(&order), "created");
                }
            }
            FormEvent::Choose(id) => entry::choose(&self.form, id, cx),
            FormEvent::Ignored => return Handled::No,
            FormEvent::Moved | FormEvent::Edited(_) | FormEvent::Left(_) => {}
        }
        Handled::Yes
    }
}

/// Words with commas between them, Chinese or not.
fn words(text: &str) -> Vec<String> {
    text.split([',', '，', '、', ' ']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

impl Screen for Start {
    fn id(&self) -> ScreenId {
        ScreenId::Cycles
    }

    fn crumb(&self, texts: &Texts) -> String {
        texts.text("cycles-new", &[])
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.templates, cycles::templates());
        cx.load(&mut self.periods, periods::list(&PeriodQuery::default()));
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        let event = entry::drive(&mut self.form, event);
        self.take(event, cx)
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.templates.take(answer) || self.periods.take(answer) {
            self.fill(cx.texts);
        }
        if answer.is("created")
            && let Ok(cycle) = answer.read::<Cycle>()
        {
            cx.replace(ScreenId::Cycles, Params::new().with("cycle", cycle.id));
        }
    }

    fn commands(&self) -> Vec<Command> {
        let ready = if self.form.fields().is_empty() { Err("cycles-why-loading") } else { Ok(()) };
        vec![
            Command::act(Action::Submit).named("cycles-create").hint(1).when(ready),
            Command::act(Action::NextRegion).named("cycles-next-field").hint(2),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if state::ready(canvas, area, &self.templates).is_some() && state::ready(canvas, area, &self.periods).is_some()
        {
            let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
            self.form.view(canvas, inner, Focus::Here);
        }
    }

    fn editing(&self) -> bool {
        !self.form.fields().is_empty()
    }

    fn unsaved(&self) -> bool {
        self.form.is_changed()
    }
}
