//! A new diagnosis: which period, which layers, which view, for which cycle.

use super::words;
use crate::app::{Answer, Command, Cx, Handled, Load, Params, Screen, ScreenEvent, ScreenId};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::{entry, state};
use crate::widgets::input::Focus;
use crate::widgets::{Field, Form, FormEvent, Item, Kind, Schema};
use ratatui::layout::Rect;
use zhengai_model::layer::Layer;
use zhengai_text::Texts;
use zhengai_wire::Job;
use zhengai_wire::runs::{self, DiagnoseChoices, DiagnoseOrder};

/// Between words of a list in a field.
const COMMA: char = ',';

/// The form of a new diagnosis.
pub(super) struct Start {
    params: Params,
    choices: Load<DiagnoseChoices>,
    form: Form,
}

impl Start {
    pub(super) fn new(params: &Params) -> Self {
        Self { params: params.clone(), choices: Load::default(), form: Form::default() }
    }

    /// The form for what can be chosen; from the params what is chosen already.
    fn fill(&mut self, texts: &Texts) {
        let Some(choices) = self.choices.get() else { return };
        let given = |name: &str| self.params.get(name).map(str::to_owned);
        let mut periods: Vec<Item> =
            choices.periods.iter().map(|period| Item::new(&period.id, &period.name, &period.id)).collect();
        let period = given("period").or_else(|| choices.period.clone()).unwrap_or_default();
        if !period.is_empty() && !choices.periods.iter().any(|known| known.id == period) {
            periods.insert(0, Item::new(&period, &period, ""));
        }
        let layers: Vec<Item> = choices
            .layers
            .iter()
            .map(|choice| {
                let item = Item::new(choice.layer.as_str(), &choice.label, choice.layer.as_str());
                if choice.enabled { item } else { item.disabled(texts.text("runs-layer-off", &[])) }
            })
            .collect();
        let chosen = given("layers").map(|words| words.split_whitespace().collect::<Vec<_>>().join(","));
        let enabled = choices.layers.iter().filter(|choice| choice.enabled).map(|choice| choice.layer.as_str());
        let chosen = chosen.unwrap_or_else(|| enabled.collect::<Vec<_>>().join(","));
        let views = vec![
            Item::new("as-was", texts.text("runs-view-as-was", &[]), "as-was"),
            Item::new("as-is", texts.text("runs-view-as-is", &[]), "as-is"),
        ];
        let mut cycles = vec![Item::new("", texts.text("runs-no-cycle", &[]), "")];
        cycles.extend(choices.cycles.iter().map(|cycle| Item::new(&cycle.id, &cycle.name, &cycle.id)));
        let text = |key: &str| texts.text(key, &[]);
        let names: Vec<String> = layers.iter().map(|item| item.id.clone()).collect();
        self.form = Form::new(Schema::new(vec![
            Field::new("period", text("runs-form-period"), Kind::Choice(periods))
                .required()
                .help(text("runs-form-period-help"))
                .value(period),
            Field::new("layers", text("runs-form-layers"), Kind::List)
                .help(texts.text("runs-form-layers-help", &[("layers", &names.join(" "))]))
                .value(chosen),
            Field::new("view", text("runs-form-view"), Kind::Choice(views))
                .help(text("runs-form-view-help"))
                .value(given("view").unwrap_or_else(|| choices.view.clone())),
            Field::new("cycle", text("runs-form-cycle"), Kind::Choice(cycles))
                .help(text("runs-form-cycle-help"))
                .value(given("cycle").unwrap_or_default()),
        ]));
    }

    fn order(&mut self, texts: &Texts) -> Option<DiagnoseOrder> {
        self.form.clear_faults();
        let mut layers = Vec::new();
        let words = self.form.text("layers");
        for word in words.split([COMMA, '，', '、', ' ']).map(str::trim).filter(|word| !word.is_empty()) {
            match Layer::parse(word).or_else(|| by_name(word, texts)) {
                Some(layer) => layers.push(layer),
                None => self.form.fault("layers", texts.text("runs-form-no-layer", &[("word", word)])),
            }
        }
        let period = self.form.text("period");
        if period.is_empty() {
            self.form.fault("period", texts.text("tui-form-required", &[]));
        }
        if !self.form.faults().is_empty() {
            self.form.next_fault();
            return None;
        }
        let filled = |id: &str| Some(self.form.text(id)).filter(|text| !text.is_empty());
        Some(DiagnoseOrder { period, layers, cycle: filled("cycle"), view: filled("view"), today: None })
    }

    fn take(&mut self, event: FormEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            FormEvent::Submit => {
                if let Some(order) = self.order(cx.texts) {
                    cx.job(runs::diagnose(&order));
                }
            }
            FormEvent::Choose(id) => entry::choose(&self.form, id, cx),
            FormEvent::Ignored => return Handled::No,
            FormEvent::Moved | FormEvent::Edited(_) | FormEvent::Left(_) => {}
        }
        Handled::Yes
    }
}

/// A layer by the name that people use.
fn by_name(word: &str, texts: &Texts) -> Option<Layer> {
    Layer::ALL.into_iter().find(|layer| words::layer(layer.as_str(), texts) == word)
}

impl Screen for Start {
    fn id(&self) -> ScreenId {
        ScreenId::Runs
    }

    fn crumb(&self, texts: &Texts) -> String {
        texts.text("runs-new", &[])
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.choices, runs::choices());
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        let event = entry::drive(&mut self.form, event);
        self.take(event, cx)
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.choices.take(answer) {
            self.fill(cx.texts);
        }
        if answer.is("job")
            && let Ok(job) = answer.read::<Job>()
        {
            cx.replace(ScreenId::Runs, Params::new().with("job", job.id));
        }
    }

    fn commands(&self) -> Vec<Command> {
        let ready = self.choices.get().map(|_| ()).ok_or("runs-why-loading");
        vec![
            Command::act(Action::Submit).named("runs-start").hint(1).when(ready),
            Command::act(Action::NextRegion).named("runs-next-field").hint(2),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if state::ready(canvas, area, &self.choices).is_some() {
            let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
            self.form.view(canvas, inner, Focus::Here);
        }
    }

    fn editing(&self) -> bool {
        self.choices.get().is_some()
    }
}
