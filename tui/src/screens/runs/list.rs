//! The runs, newest first. Two marked ones can be compared.

use super::words;
use crate::app::{Answer, Command, Cx, Handled, Params, Screen, ScreenEvent, ScreenId};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::listing::Listing;
use crate::screens::table::{FOUND, Hit, find};
use crate::theme::Role;
use crate::widgets::{Column, DataTable, Shown, Width};
use ratatui::layout::Rect;
use zhengai_model::layer::Layer;
use zhengai_wire::PageQuery;
use zhengai_wire::runs::{self, RunLine, RunQuery, RunState};

/// The list of runs.
pub(super) struct List {
    list: Listing<RunLine, RunLine>,
}

impl List {
    pub(super) fn new(params: &Params) -> Self {
        let word = |name: &str| params.get(name).map(str::to_owned);
        let query = RunQuery { period: word("period"), cycle: word("cycle"), ..RunQuery::default() };
        let table = DataTable::new(columns(), |run: &RunLine| run.id.clone()).empty("runs-none");
        let ask =
            move |piece: PageQuery| runs::list(&RunQuery { offset: piece.offset, limit: piece.limit, ..query.clone() });
        Self { list: Listing::new(table, |run| run, ask) }
    }

    /// The two marked runs, the earlier first. Ids begin with the day and count on within it.
    fn pair(&self) -> Option<(String, String)> {
        let mut marked: Vec<&str> = self.list.table.marked().collect();
        marked.sort_unstable();
        match marked.as_slice() {
            [earlier, later] => Some(((*earlier).to_owned(), (*later).to_owned())),
            _ => None,
        }
    }

    fn open_run(&self, cx: &mut Cx<'_>) {
        if let Some(run) = self.list.table.selected() {
            match run.state {
                RunState::Finished => {
                    cx.go(ScreenId::Runs, Params::new().with("run", &run.id).with("period", &run.period));
                }
                RunState::Running | RunState::Failed => {
                    let state = cx.text(words::state_key(run.state), &[]);
                    let text = cx.text("runs-no-results", &[("run", &run.id), ("state", &state)]);
                    cx.toast(crate::app::Tone::Info, text);
                }
            }
        }
    }

    fn again(&self, cx: &mut Cx<'_>) {
        let Some(run) = self.list.table.selected() else { return };
        let layers = run.layers.iter().map(|layer| layer.as_str()).collect::<Vec<_>>().join(" ");
        let mut params = Params::new()
            .with("new", "again")
            .with("period", &run.period)
            .with("layers", layers)
            .with("view", &run.view);
        if let Some(cycle) = &run.cycle {
            params = params.with("cycle", cycle);
        }
        cx.go(ScreenId::Runs, params);
    }
}

fn columns() -> Vec<Column<RunLine>> {
    let count = |id: &'static str, title: &str, word: &'static str, role: Role| {
        Column::new(id, title, move |run: &RunLine, _| match run.counts.get(word) {
            Some(0) => Shown::dim("0"),
            Some(count) => Shown::new(count.to_string(), role),
            None if run.state == RunState::Finished => Shown::dim("0"),
            None => Shown::dim(""),
        })
        .number()
    };
    vec![
        Column::new("run", "runs-col-run", |run: &RunLine, _| Shown::from(run.id.as_str())).width(Width::Fit(16)),
        Column::new("period", "runs-col-period", |run: &RunLine, _| Shown::from(run.period.as_str()))
            .width(Width::Fit(12)),
        Column::new("state", "runs-col-state", |run: &RunLine, brush| words::state(run.state, brush))
            .width(Width::Fit(10)),
        count("unmet", "runs-verdict-unmet", "unmet", Role::Bad).priority(1),
        count("undetermined", "runs-verdict-undetermined", "undetermined", Role::Absent).priority(2),
        count("met", "runs-verdict-met", "met", Role::Met).priority(3),
        count("achieved", "runs-verdict-achieved", "achieved", Role::Good).priority(4),
        Column::new("at", "runs-col-at", |run: &RunLine, _| Shown::dim(words::moment(run.at)))
            .width(Width::Fit(11))
            .priority(3),
        Column::new("layers", "runs-col-layers", |run: &RunLine, brush| {
            if run.layers.len() == Layer::ALL.len() {
                return Shown::dim(brush.texts.text("runs-all-layers", &[]));
            }
            let names: Vec<String> = run.layers.iter().map(|layer| words::layer(layer.as_str(), brush.texts)).collect();
            Shown::from(names.join(&brush.texts.text("runs-list-separator", &[])))
        })
        .width(Width::Fill(8))
        .priority(5),
        Column::new("by", "runs-col-by", |run: &RunLine, _| Shown::dim(run.by.as_str()))
            .width(Width::Fit(12))
            .priority(6),
        Column::new("superseded", "runs-col-superseded", |run: &RunLine, _| {
            Shown::dim(run.superseded_by.clone().unwrap_or_default())
        })
        .width(Width::Fit(16))
        .priority(7),
    ]
}

impl Screen for List {
    fn id(&self) -> ScreenId {
        ScreenId::Runs
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.list.more(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(Action::Open) => self.open_run(cx),
            ScreenEvent::Do(Action::New) => cx.go(ScreenId::Runs, Params::new().with("new", "new")),
            ScreenEvent::Do(Action::Filter) => find(&self.list.table, cx),
            ScreenEvent::Picked { tag, ids } if tag == FOUND => {
                ids.iter().for_each(|key| self.list.table.select(key));
            }
            ScreenEvent::Own("again") => self.again(cx),
            ScreenEvent::Own("compare") => {
                if let Some((earlier, later)) = self.pair() {
                    cx.go(ScreenId::Runs, Params::new().with("earlier", earlier).with("later", later));
                }
            }
            ScreenEvent::Job(job) if job.kind == "diagnose" => {
                if job.state.is_over() {
                    self.list.refresh(cx);
                }
            }
            other => match self.list.drive(other, cx) {
                Hit::Open => self.open_run(cx),
                Hit::Moved | Hit::Sorted => {}
                Hit::Missed => return Handled::No,
            },
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        self.list.take(answer, cx);
    }

    fn commands(&self) -> Vec<Command> {
        let some = self.list.table.selected().map(|_| ()).ok_or("runs-why-none");
        let two = self.pair().map(|_| ()).ok_or("runs-why-two");
        vec![
            Command::act(Action::Open).hint(1).when(some),
            Command::act(Action::New).named("runs-new").hint(2),
            Command::own("again", "runs-again").hint(3).when(some),
            Command::act(Action::Mark).hint(4).when(some),
            Command::own("compare", "runs-compare").hint(5).when(two),
            Command::act(Action::Filter).named("find-do").hint(6),
            Command::act(Action::Columns).hint(205),
            Command::act(Action::Copy).when(some),
            Command::act(Action::Refresh),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.list.view(canvas, area);
    }
}
