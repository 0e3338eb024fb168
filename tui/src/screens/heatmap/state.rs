//! What the heat map knows, and what keys, clicks and answers do to it.

use super::{KIND, LAYER, PERIOD, PIVOT, UNIT};
use crate::app::{Answer, Choice, Cx, Handled, Load, Params, Pick, Prompt, ScreenEvent, ScreenId, WhyTarget};
use crate::keymap::Action;
use crate::widgets::{HeatMap, Motion, Pages};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use zhengai_model::layer::Layer;
use zhengai_wire::PageQuery;
use zhengai_wire::heatmap::{self as wire, Cell, CellState, HeatRow, Heatmap, HeatmapQuery, Order};

/// Objects on both sides of the cursor that are asked for when objects are columns.
const AROUND: u64 = 30;

/// The heat map.
#[derive(Debug)]
pub(super) struct Heat {
    pub(super) query: HeatmapQuery,
    pub(super) page: Load<Heatmap>,
    /// The last answer without its rows: columns, names, levels.
    pub(super) head: Option<Heatmap>,
    pub(super) rows: Pages<HeatRow>,
    pub(super) map: HeatMap,
    /// Whether objects are columns.
    pub(super) turned: bool,
}

impl Heat {
    pub(super) fn new(params: &Params) -> Self {
        let layer = params.get("layer").and_then(Layer::parse).unwrap_or(Layer::School);
        let word = |name: &str| params.get(name).map(str::to_owned);
        let query = HeatmapQuery {
            run: word("run"),
            kind: word("kind"),
            period: word("period"),
            unit: word("unit"),
            search: word("search"),
            ..HeatmapQuery::of(layer)
        };
        let (page, rows, map) = (Load::default(), Pages::default(), HeatMap::default());
        Self { query, page, head: None, rows, map, turned: false }
    }

    /// Name of the layer, once known.
    pub(super) fn name(&self) -> Option<&str> {
        self.head.as_ref().map(|head| head.layer_name.as_str())
    }

    /// Asks for the objects around the cursor that are not here.
    pub(super) fn ask(&mut self, cx: &mut Cx<'_>) {
        let (first, count) =
            if self.turned { (self.map.cursor().1.saturating_sub(AROUND), AROUND * 2) } else { self.map.window() };
        let Some(PageQuery { offset, limit }) = self.rows.wanted(first, count) else { return };
        self.query.offset = offset;
        self.query.limit = limit;
        cx.load(&mut self.page, wire::show(&self.query));
    }

    pub(super) fn take(&mut self, answer: &Answer) {
        if !self.page.take(answer) {
            return;
        }
        // What failed is asked for again by the refresh key, not by every move.
        if let (false, Some(mut found)) = (self.page.failure().is_some(), self.page.get().cloned()) {
            let items = std::mem::take(&mut found.page.items);
            self.rows.put(zhengai_wire::Page { items, ..found.page.clone() });
            self.head = Some(found);
        }
        self.resize();
    }

    fn resize(&mut self) {
        let objects = self.rows.total().unwrap_or(0);
        let indicators = self.head.as_ref().map_or(0, |head| head.columns.len() as u64);
        if self.turned { self.map.resize(indicators, objects) } else { self.map.resize(objects, indicators) }
    }

    /// Places of the object and of the indicator under the cursor.
    fn place(&self) -> (u64, u64) {
        let (row, column) = self.map.cursor();
        if self.turned { (column, row) } else { (row, column) }
    }

    /// The object under the cursor.
    pub(super) fn object(&self) -> Option<&HeatRow> {
        self.rows.get(self.place().0)
    }

    /// The indicator under the cursor.
    pub(super) fn indicator(&self) -> Option<&wire::HeatColumn> {
        self.head.as_ref()?.columns.get(usize::try_from(self.place().1).ok()?)
    }

    /// The cell under the cursor.
    pub(super) fn value(&self) -> Option<&Cell> {
        self.object()?.cells.get(usize::try_from(self.place().1).ok()?)
    }

    /// The object under the cursor as the API names objects.
    fn named(&self) -> Option<String> {
        Some([self.head.as_ref()?.kind.as_str(), self.object()?.object.as_str()].join("/"))
    }

    /// What `why` explains: also why there is no number.
    pub(super) fn why_target(&self) -> Option<WhyTarget> {
        let cell = self.value().filter(|cell| cell.state != CellState::None)?;
        let target = WhyTarget::value(&self.indicator()?.code, self.named()?);
        let run = self.head.as_ref().map(|head| head.run.id.clone());
        Some(WhyTarget { run, period: cell.period.clone(), ..target })
    }

    pub(super) fn handle(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(action) => return self.act(*action, cx),
            ScreenEvent::Own(PIVOT) => {
                self.turned = !self.turned;
                self.map.pivot();
            }
            ScreenEvent::Own(LAYER) => {
                pick(cx, LAYER, "heatmap-pick-layer", self.layers(cx), self.query.layer.as_str())
            }
            ScreenEvent::Own(KIND) => {
                let kinds = self.head.iter().flat_map(|head| &head.kinds);
                let choices = kinds.map(|kind| Choice::new(&kind.id, &kind.label).detail(&kind.id)).collect();
                let now = self.head.as_ref().map_or("", |head| head.kind.as_str());
                pick(cx, KIND, "heatmap-pick-kind", choices, now);
            }
            ScreenEvent::Own(PERIOD) => {
                let mut choices = vec![Choice::new("", cx.text("heatmap-newest", &[]))];
                let periods = self.head.iter().flat_map(|head| &head.periods);
                choices.extend(periods.map(|period| Choice::new(&period.id, &period.label).detail(&period.id)));
                let now = self.query.period.clone().unwrap_or_default();
                pick(cx, PERIOD, "heatmap-pick-period", choices, &now);
            }
            ScreenEvent::Own(UNIT) => {
                prompt(cx, UNIT, "heatmap-ask-unit", "heatmap-help-unit", self.query.unit.as_deref())
            }
            ScreenEvent::Picked { tag, ids } => self.picked(tag, ids.first().map_or("", String::as_str)),
            ScreenEvent::Prompted { tag, text } => self.prompted(tag, text.trim()),
            ScreenEvent::Mouse(mouse) => return self.mouse(mouse, cx),
            ScreenEvent::Job(job) if job.state.is_over() => self.again(),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Handled {
        if let Some(motion) = action.motion() {
            self.map.apply(motion);
            return Handled::Yes;
        }
        match action {
            Action::Open => self.open_object(cx),
            Action::Filter => {
                prompt(cx, "search", "heatmap-ask-search", "heatmap-help-search", self.query.search.as_deref())
            }
            Action::Sort => {
                self.query.sort = Some(match self.query.sort.unwrap_or_default() {
                    Order::Worst => Order::Name,
                    Order::Name => Order::Id,
                    Order::Id => Order::Worst,
                });
                self.again();
            }
            Action::Copy => {
                if let Some(value) = self.value().and_then(|cell| cell.value.clone()) {
                    cx.copy(value);
                }
            }
            Action::Refresh => self.again(),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn open_object(&self, cx: &mut Cx<'_>) {
        if let (Some(object), Some(head)) = (self.named(), &self.head) {
            let params = Params::new().with("layer", head.layer.as_str()).with("object", object);
            cx.go(ScreenId::Portrait, params);
        }
    }

    fn layers(&self, cx: &Cx<'_>) -> Vec<Choice> {
        Layer::ALL
            .into_iter()
            .map(|layer| Choice::new(layer.as_str(), cx.text(&format!("layer-{layer}"), &[])).detail(layer.as_str()))
            .collect()
    }

    fn picked(&mut self, tag: &str, id: &str) {
        let word = (!id.is_empty()).then(|| id.to_owned());
        match tag {
            LAYER => {
                let layer = Layer::parse(id).unwrap_or(self.query.layer);
                // Another layer has other objects, but belongs to the same college.
                self.query =
                    HeatmapQuery { unit: self.query.unit.take(), sort: self.query.sort, ..HeatmapQuery::of(layer) };
                self.head = None;
            }
            KIND => self.query.kind = word,
            PERIOD => self.query.period = word,
            _ => return,
        }
        self.again();
        self.map.set_cursor(0, 0);
    }

    fn prompted(&mut self, tag: &str, text: &str) {
        let word = (!text.is_empty()).then(|| text.to_owned());
        match tag {
            UNIT => self.query.unit = word,
            "search" => self.query.search = word,
            _ => return,
        }
        self.again();
        self.map.set_cursor(0, 0);
    }

    /// Forgets the objects, so that they are asked for anew.
    fn again(&mut self) {
        self.rows.reset();
    }

    fn mouse(&mut self, mouse: &MouseEvent, cx: &mut Cx<'_>) -> Handled {
        match mouse.kind {
            MouseEventKind::ScrollUp => self.map.apply(Motion::WheelUp),
            MouseEventKind::ScrollDown => self.map.apply(Motion::WheelDown),
            MouseEventKind::Down(MouseButton::Left) => match self.map.click(mouse.column, mouse.row) {
                Some(true) => self.open_object(cx),
                Some(false) => {}
                None => return Handled::No,
            },
            _ => return Handled::No,
        }
        Handled::Yes
    }
}

fn pick(cx: &mut Cx<'_>, tag: &str, title: &str, choices: Vec<Choice>, now: &str) {
    let title = cx.text(title, &[]);
    let chosen = vec![now.to_owned()];
    cx.pick(Pick { tag: tag.to_owned(), title, choices, chosen, ..Pick::default() });
}

fn prompt(cx: &mut Cx<'_>, tag: &str, title: &str, help: &str, text: Option<&str>) {
    let (title, help) = (cx.text(title, &[]), cx.text(help, &[]));
    cx.prompt(Prompt {
        tag: tag.to_owned(),
        title,
        help,
        text: text.unwrap_or_default().to_owned(),
        ..Prompt::default()
    });
}
