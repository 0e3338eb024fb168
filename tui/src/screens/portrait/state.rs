//! What the screen knows, and what events do.

use super::view::columns;
use crate::app::{Answer, Command, Cx, Handled, Load, Params, Screen, ScreenEvent, ScreenId, WhyTarget};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::widgets::{Click, DataTable, Tabs};
use crossterm::event::{MouseButton, MouseEventKind};
use ratatui::layout::Rect;
use zhengai_text::Texts;
use zhengai_wire::objects::{self, PortraitIndicator, PortraitQuery};

/// The screen.
pub struct Portrait {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) query: PortraitQuery,
    pub(super) portrait: Load<objects::Portrait>,
    pub(super) table: DataTable<PortraitIndicator>,
    pub(super) tabs: Tabs,
}

impl Portrait {
    /// The screen about an object.
    pub fn new(params: &Params) -> Self {
        let both = params.get("object").and_then(|object| object.split_once('/'));
        let (kind, id) = both.unwrap_or_default();
        Self {
            kind: params.get("kind").unwrap_or(kind).to_owned(),
            id: params.get("id").unwrap_or(id).to_owned(),
            query: PortraitQuery { run: params.get("run").map(str::to_owned) },
            portrait: Load::default(),
            table: DataTable::new(columns(), |one| [one.code.as_str(), "/", &one.period].concat())
                .empty("portrait-none"),
            tabs: Tabs::new([
                "portrait-tab-values",
                "portrait-tab-curve",
                "portrait-tab-radar",
                "portrait-tab-warnings",
            ]),
        }
    }

    fn ask(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.portrait, objects::portrait(&self.kind, &self.id, &self.query));
    }

    fn warnings(&self, cx: &mut Cx<'_>) {
        let object = [self.kind.as_str(), "/", &self.id].concat();
        cx.go(ScreenId::Warnings, Params::new().with("object", object));
    }
}

impl Screen for Portrait {
    fn id(&self) -> ScreenId {
        ScreenId::Portrait
    }

    fn crumb(&self, texts: &Texts) -> String {
        match self.portrait.get() {
            Some(portrait) => portrait.object.name.clone(),
            None => texts.text(ScreenId::Portrait.label(), &[]),
        }
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.ask(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(action) => match action {
                Action::NextRegion => self.tabs.next(),
                Action::PreviousRegion => self.tabs.previous(),
                Action::Refresh => self.ask(cx),
                Action::Sort => self.table.sort_next(),
                Action::SortTurn => self.table.sort_turn(),
                Action::Columns => self.table.toggle_wide(),
                Action::Why | Action::Open => {
                    if let Some(target) = self.cell() {
                        cx.why(&target);
                    }
                }
                Action::Copy => {
                    if let Some(one) = self.table.selected() {
                        let value = one.value.clone().unwrap_or_default();
                        cx.copy([one.code.as_str(), &one.name, &value, &one.unit].join("\t"));
                    }
                }
                other => match other.motion() {
                    Some(motion) => self.table.apply(motion),
                    None => return Handled::No,
                },
            },
            ScreenEvent::Own("warnings") => self.warnings(cx),
            ScreenEvent::Own("peers") => {
                let unit = self.portrait.get().and_then(|portrait| portrait.peers.as_ref()?.unit.clone());
                if let Some(unit) = unit {
                    cx.go(ScreenId::Portrait, Params::new().with("kind", unit.kind).with("id", unit.id));
                }
            }
            ScreenEvent::Mouse(mouse) => match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => {
                    if self.tabs.click(mouse.column, mouse.row) {
                        return Handled::Yes;
                    }
                    match self.table.click(mouse.column, mouse.row) {
                        Some(Click::Again(_)) => {
                            if let Some(target) = self.cell() {
                                cx.why(&target);
                            }
                        }
                        Some(Click::Head(id)) => self.table.sort_by(&id),
                        Some(Click::Row(_)) => {}
                        None => return Handled::No,
                    }
                }
                MouseEventKind::ScrollDown => self.table.apply(crate::widgets::Motion::Down),
                MouseEventKind::ScrollUp => self.table.apply(crate::widgets::Motion::Up),
                _ => return Handled::No,
            },
            ScreenEvent::Resumed => self.ask(cx),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, _: &mut Cx<'_>) {
        if self.portrait.take(answer)
            && let Some(portrait) = self.portrait.get()
        {
            self.table.set_rows(portrait.indicators.clone());
        }
    }

    fn commands(&self) -> Vec<Command> {
        let number = if self.cell().is_some() { Ok(()) } else { Err("portrait-why-no-number") };
        let known = self.portrait.get();
        let unit = if known.is_some_and(|known| known.peers.as_ref().is_some_and(|peers| peers.unit.is_some())) {
            Ok(())
        } else {
            Err("portrait-why-no-peers")
        };
        vec![
            Command::act(Action::Why).when(number).hint(1),
            Command::act(Action::NextRegion).named("portrait-do-tab").hint(2).hidden(),
            Command::own("warnings", "portrait-do-warnings").hint(3),
            Command::own("peers", "portrait-do-peers").when(unit).hint(4),
            Command::act(Action::Sort).hint(5),
            Command::act(Action::Columns),
            Command::act(Action::Refresh),
            Command::act(Action::Copy).when(number),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.draw(canvas, area);
    }

    fn cell(&self) -> Option<WhyTarget> {
        let (portrait, one) = (self.portrait.get()?, self.table.selected()?);
        let object = [self.kind.as_str(), "/", &self.id].concat();
        let (run, period) = (Some(portrait.run.clone()), Some(one.period.clone()));
        Some(WhyTarget { run, period, ..WhyTarget::value(one.code.clone(), object) })
    }
}
