//! What the overview knows, and what keys and clicks do to it.

use super::grid::Grid;
use super::tasks::{self, Task};
use crate::app::{Choice, Cx, Handled, Load, Params, Pick, ScreenId};
use crate::keymap::Action;
use crate::widgets::motion::moved;
use crate::widgets::{Motion, Tabs};
use chrono::{DateTime, Utc};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use std::cell::Cell;
use zhengai_wire::overview::{self as wire, LayerTile};

/// Tag of the choice of where a number comes from.
pub(super) const WHY: &str = "why";
/// Words of verdicts, the bad ones first: they are what one asks about.
const VERDICTS: [&str; 7] = ["unmet", "undetermined", "achieved", "met", "not-applicable", "not-due", "unjudged"];

/// The parts of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Region {
    /// Layers × systems.
    #[default]
    Tiles,
    /// Cycles and trend.
    Trend,
    /// What waits for somebody.
    Tasks,
}

impl Region {
    pub(super) const ALL: [Self; 3] = [Self::Tiles, Self::Trend, Self::Tasks];

    pub(super) fn index(self) -> usize {
        Self::ALL.iter().position(|region| *region == self).unwrap_or(0)
    }

    fn turned(self, by: usize) -> Self {
        Self::ALL.get((self.index() + by) % Self::ALL.len()).copied().unwrap_or_default()
    }
}

/// The overview.
#[derive(Debug)]
pub(super) struct Overview {
    pub(super) data: Load<wire::Overview>,
    pub(super) region: Region,
    pub(super) grid: Grid,
    pub(super) tasks: Vec<Task>,
    pub(super) at: u64,
    pub(super) top: Cell<u64>,
    pub(super) list: Cell<Rect>,
    pub(super) chart: Cell<Rect>,
    pub(super) tabs: Tabs,
    pub(super) now: Option<DateTime<Utc>>,
}

impl Default for Overview {
    fn default() -> Self {
        Self {
            data: Load::default(),
            region: Region::default(),
            grid: Grid::default(),
            tasks: Vec::new(),
            at: 0,
            top: Cell::default(),
            list: Cell::default(),
            chart: Cell::default(),
            tabs: Tabs::new(["overview-tiles", "overview-trend", "overview-tasks"]),
            now: None,
        }
    }
}

impl Overview {
    pub(super) fn ask(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.data, wire::show());
    }

    /// After an answer: the cursor stays inside what is there.
    pub(super) fn settle(&mut self, cx: &Cx<'_>) {
        let Some(found) = self.data.get() else { return };
        self.grid.resize(found.layers.len(), found.systems.len() + 1);
        self.tasks = tasks::of(found, cx);
        self.at = self.at.min((self.tasks.len() as u64).saturating_sub(1));
    }

    /// The layer under the cursor.
    pub(super) fn layer(&self) -> Option<&LayerTile> {
        self.data.get()?.layers.get(self.grid.row)
    }

    /// The line under the cursor.
    pub(super) fn task(&self) -> Option<&Task> {
        self.tasks.get(usize::try_from(self.at).ok()?)
    }

    pub(super) fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Handled {
        if let Some(motion) = action.motion() {
            self.go(motion);
            return Handled::Yes;
        }
        match action {
            Action::NextRegion => self.turn(1),
            Action::PreviousRegion => self.turn(Region::ALL.len() - 1),
            Action::Refresh => self.ask(cx),
            Action::Open => self.open_here(cx),
            Action::Why if self.has_results() => self.explain(cx),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn turn(&mut self, by: usize) {
        self.region = self.region.turned(by);
        self.tabs.open(self.region.index());
    }

    fn go(&mut self, motion: Motion) {
        match self.region {
            Region::Tiles | Region::Trend => self.grid.apply(motion),
            Region::Tasks => {
                let page = u64::from(self.list.get().height);
                self.at = moved(self.at, motion, self.tasks.len() as u64, page);
            }
        }
    }

    /// A tile leads to its warnings, or, where there are none, to the heat map of its layer; a line to where it is dealt
    /// with.
    fn open_here(&mut self, cx: &mut Cx<'_>) {
        if self.region == Region::Tasks {
            if let Some(task) = self.task() {
                cx.go(task.screen, task.params.clone());
            }
            return;
        }
        let Some(found) = self.data.get() else { return };
        let Some(layer) = found.layers.get(self.grid.row) else { return };
        if layer.run.is_none() {
            cx.go(ScreenId::Runs, Params::new());
            return;
        }
        let params = Params::new().with("layer", layer.layer.as_str());
        let system = self.grid.column.checked_sub(1).and_then(|column| found.systems.get(column));
        match system {
            None if layer.warnings.values().sum::<u64>() > 0 => cx.go(ScreenId::Warnings, params),
            Some(system) => {
                let tile = layer.systems.iter().find(|tile| tile.system == system.system);
                match tile.filter(|tile| !tile.rules.is_empty()) {
                    Some(tile) => cx.go(ScreenId::Warnings, params.with("rule", tile.rules.join(","))),
                    None => cx.go(ScreenId::Heatmap, params),
                }
            }
            None => cx.go(ScreenId::Heatmap, params),
        }
    }

    /// Whether the tile under the cursor has results to be explained.
    pub(super) fn has_results(&self) -> bool {
        self.region != Region::Tasks && self.layer().is_some_and(|layer| layer.run.is_some())
    }

    /// The share of a tile in words: how many of how many, of which run; a choice leads to the results that were counted.
    fn explain(&self, cx: &mut Cx<'_>) {
        let Some((found, layer)) = self.data.get().zip(self.layer()) else { return };
        let Some(run) = &layer.run else { return };
        let system = self.grid.column.checked_sub(1).and_then(|column| found.systems.get(column));
        let tile = system.map(|system| layer.systems.iter().find(|tile| tile.system == system.system));
        let (verdicts, rules) = match tile {
            None => (Some(&layer.verdicts), &[][..]),
            Some(tile) => (tile.map(|tile| &tile.verdicts), tile.map_or(&[][..], |tile| &tile.rules)),
        };
        let count = |word: &str| verdicts.and_then(|all| all.get(word)).copied().unwrap_or(0);
        let good = count("achieved") + count("met");
        let all = system.map_or_else(|| cx.text("overview-all", &[]), |system| system.label.clone());
        let (met, judged) = (good.to_string(), (good + count("unmet")).to_string());
        let title = cx.text(
            "overview-why",
            &[("layer", &layer.label), ("system", &all), ("met", &met), ("judged", &judged), ("run", &run.id)],
        );
        // The list of a run knows layers and verdicts; of a system it shows the whole layer, and says so.
        let mut choices = Vec::new();
        for word in VERDICTS.iter().filter(|word| count(word) > 0) {
            let label = cx.text(&["verdict-", word].concat(), &[]);
            let counted = cx.text("overview-why-count", &[("count", &count(word).to_string())]);
            let whole = if system.is_some() { cx.text("overview-why-layer", &[]) } else { String::new() };
            choices.push(Choice::new(["verdict ", word].concat(), label).detail([counted, whole].join(" ")));
        }
        choices.push(Choice::new("results", cx.text("overview-why-results", &[])));
        choices.push(Choice::new("heatmap", cx.text("overview-why-heatmap", &[])));
        if !rules.is_empty() {
            let id = ["rules ", &rules.join(",")].concat();
            choices.push(Choice::new(id, cx.text("overview-why-warnings", &[])));
        }
        cx.pick(Pick { tag: WHY.to_owned(), title, choices, ..Pick::default() });
    }

    /// Goes where the numbers of the tile under the cursor come from.
    pub(super) fn explained(&self, id: &str, cx: &mut Cx<'_>) {
        let Some((layer, run)) = self.layer().and_then(|layer| Some((layer, layer.run.as_ref()?))) else { return };
        let about = Params::new().with("layer", layer.layer.as_str());
        let of_run = about.clone().with("run", &run.id).with("period", &run.period);
        match id.split_once(' ') {
            Some(("verdict", word)) => cx.go(ScreenId::Runs, of_run.with("verdict", word)),
            Some(("rules", rules)) => cx.go(ScreenId::Warnings, about.with("rule", rules)),
            _ if id == "heatmap" => cx.go(ScreenId::Heatmap, about.with("run", &run.id)),
            _ => cx.go(ScreenId::Runs, of_run),
        }
    }

    pub(super) fn heat_map(&mut self, cx: &mut Cx<'_>) {
        if let Some(layer) = self.layer() {
            cx.go(ScreenId::Heatmap, Params::new().with("layer", layer.layer.as_str()));
        }
    }

    pub(super) fn mouse(&mut self, mouse: &MouseEvent, cx: &mut Cx<'_>) -> Handled {
        let place = (mouse.column, mouse.row);
        match mouse.kind {
            MouseEventKind::ScrollUp => self.go(Motion::Up),
            MouseEventKind::ScrollDown => self.go(Motion::Down),
            MouseEventKind::Down(MouseButton::Left) => {
                if self.tabs.click(place.0, place.1) {
                    self.region = Region::ALL.get(self.tabs.at()).copied().unwrap_or_default();
                } else if let Some(again) = self.grid.click(place) {
                    let here = self.region == Region::Tiles;
                    self.region = Region::Tiles;
                    if again && here {
                        self.open_here(cx);
                    }
                } else if self.list.get().contains(place.into()) {
                    let at = self.top.get() + u64::from(place.1 - self.list.get().y);
                    let again = self.region == Region::Tasks && at == self.at;
                    self.region = Region::Tasks;
                    if at < self.tasks.len() as u64 {
                        self.at = at;
                        if again {
                            self.open_here(cx);
                        }
                    }
                } else if self.chart.get().contains(place.into()) {
                    self.region = Region::Trend;
                } else {
                    return Handled::No;
                }
                self.tabs.open(self.region.index());
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }
}
