//! The tabs of 数据: sources, syncs, batches that wait, all batches, datasets, secrets, periods.

use super::decide::{self, CHANGED, REMOVED};
use super::rows::{Rows, Whole};
use super::{columns, decide::decided, told};
use crate::app::{Answer, Command, Cx, Handled, Load, Params, Screen, ScreenEvent, ScreenId, Tone};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::listing::Listing;
use crate::screens::table::FOUND;
use crate::widgets::{DataTable, Tabs};
use ratatui::layout::Rect;
use zhengai_model::batch::BatchState;
use zhengai_model::period::PeriodState;
use zhengai_wire::batches::{self, Batch, BatchQuery};
use zhengai_wire::data::Extent;
use zhengai_wire::datasets::{self, DatasetLine, DatasetQuery};
use zhengai_wire::periods::{self, PeriodQuery, PeriodRow};
use zhengai_wire::plugins::{self, PluginList};
use zhengai_wire::secrets::{self, SecretLine};
use zhengai_wire::sources::{self, Source, SourceQuery, SourceSwitch, SyncLine, SyncQuery, SyncRequest};

/// Words of the tabs, in params.
const TABS: [&str; 7] = ["sources", "syncs", "review", "batches", "datasets", "secrets", "periods"];
/// Periods of each kind that can be locked, counted back from the present one.
const PERIODS: u32 = 8;

/// The tabs.
pub(super) struct Home {
    tabs: Tabs,
    sources: Listing<Source, Source>,
    syncs: Listing<SyncLine, SyncLine>,
    review: Listing<Batch, Batch>,
    batches: Listing<Batch, Batch>,
    datasets: Listing<DatasetLine, DatasetLine>,
    secrets: Whole<SecretLine>,
    periods: Whole<PeriodRow>,
    /// Connectors to choose from for a new source.
    plugins: Load<PluginList>,
}

impl Home {
    pub(super) fn new(tab: Option<&str>) -> Self {
        let keys = TABS.map(|word| format!("data-tab-{word}"));
        let mut tabs = Tabs::new(keys.iter().map(String::as_str));
        tabs.open(TABS.iter().position(|word| Some(*word) == tab).unwrap_or(0));
        let batches = |state: Option<BatchState>, empty: &str| {
            let table = DataTable::new(columns::batches(), |row: &Batch| row.id.clone()).empty(empty);
            Listing::new(
                table,
                |row| row,
                move |piece| {
                    let query = BatchQuery { state, offset: piece.offset, limit: piece.limit, ..BatchQuery::default() };
                    batches::list(&query)
                },
            )
        };
        let sources = DataTable::new(columns::sources(), |row: &Source| row.id.clone()).empty("data-no-sources");
        let syncs = DataTable::new(columns::syncs(), |row: &SyncLine| row.id.clone()).empty("data-no-syncs");
        let datasets = DataTable::new(columns::datasets(), |row: &DatasetLine| row.id.clone());
        let secrets = DataTable::new(columns::secrets(), |row: &SecretLine| row.name.clone()).empty("data-no-secrets");
        let periods = DataTable::new(columns::periods(), |row: &PeriodRow| row.id.clone()).empty("data-no-periods");
        Self {
            tabs,
            sources: Listing::new(
                sources,
                |row| row,
                |piece| {
                    sources::list(&SourceQuery { offset: piece.offset, limit: piece.limit, ..SourceQuery::default() })
                },
            ),
            syncs: Listing::new(
                syncs,
                |row| row,
                |piece| sources::syncs(&SyncQuery { offset: piece.offset, limit: piece.limit, ..SyncQuery::default() }),
            ),
            review: batches(Some(BatchState::Held), "data-no-review"),
            batches: batches(None, "data-no-batches"),
            datasets: Listing::new(
                datasets,
                |row| row,
                |piece| {
                    datasets::list(&DatasetQuery {
                        offset: piece.offset,
                        limit: piece.limit,
                        ..DatasetQuery::default()
                    })
                },
            ),
            secrets: Whole::new(secrets, secrets::list),
            periods: Whole::new(periods, || {
                periods::list(&PeriodQuery { back: Some(PERIODS), ..PeriodQuery::default() })
            }),
            plugins: Load::default(),
        }
    }

    fn tab(&self) -> &'static str {
        TABS.get(self.tabs.at()).copied().unwrap_or("sources")
    }

    fn all(&mut self) -> [&mut dyn Rows; TABS.len()] {
        [
            &mut self.sources,
            &mut self.syncs,
            &mut self.review,
            &mut self.batches,
            &mut self.datasets,
            &mut self.secrets,
            &mut self.periods,
        ]
    }

    /// Does something with the table of the open tab.
    fn here<T>(&mut self, act: impl FnOnce(&mut dyn Rows) -> T) -> Option<T> {
        let at = self.tabs.at();
        self.all().into_iter().nth(at).map(act)
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        self.here(|rows| rows.refresh(cx));
    }

    fn source(&self) -> Option<&Source> {
        self.sources.table.selected().filter(|_| self.tab() == "sources")
    }

    fn waiting(&self) -> Option<&Batch> {
        self.review.table.selected().filter(|_| self.tab() == "review")
    }

    fn secret(&self) -> Option<&SecretLine> {
        self.secrets.table.selected().filter(|_| self.tab() == "secrets")
    }

    fn period(&self) -> Option<&PeriodRow> {
        self.periods.table.selected().filter(|_| self.tab() == "periods")
    }

    /// Opens what the cursor stands on.
    fn drill(&mut self, cx: &mut Cx<'_>) {
        let params = match self.tab() {
            "sources" => self.source().map(|source| match source.waiting.first() {
                Some(batch) => Params::new().with("plan", batch),
                None => Params::new().with("source", &source.id),
            }),
            "review" => self.waiting().map(|batch| Params::new().with("plan", &batch.id)),
            "batches" => self.batches.table.selected().map(|batch| match batch.state {
                BatchState::Held => Params::new().with("plan", &batch.id),
                _ => Params::new().with("rejects", &batch.id),
            }),
            "datasets" => self.datasets.table.selected().map(|line| Params::new().with("dataset", &line.id)),
            _ => None,
        };
        if let Some(params) = params {
            cx.go(ScreenId::Data, params);
        }
    }

    fn own(&mut self, id: &str, cx: &mut Cx<'_>) -> Handled {
        let Some(source) = self.source() else { return Handled::No };
        let (name, enabled) = (source.id.clone(), source.enabled);
        match id {
            "check" => drop(cx.job(sources::check(&name))),
            "rehearse" => {
                let request = SyncRequest { extent: Extent::Plan, ..SyncRequest::default() };
                cx.job(sources::sync(&name, &request));
            }
            "switch" => drop(cx.act(sources::switch(&name, SourceSwitch { enabled: !enabled }), CHANGED)),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    /// What the tab is for: a source is synced, a batch approved, a secret set, a period locked.
    fn submit(&mut self, cx: &mut Cx<'_>) -> Handled {
        if let Some(source) = self.source() {
            cx.job(sources::sync(&source.id, &SyncRequest::default()));
        } else if let Some(batch) = self.waiting() {
            decide::approve(&batch.id, cx);
        } else if let Some(secret) = self.secret() {
            decide::set_secret(&secret.name, cx);
        } else if let Some(period) = self.period() {
            decide::settle(period, cx);
        } else {
            return Handled::No;
        }
        Handled::Yes
    }

    fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Handled {
        match (action, self.tab()) {
            (Action::NextRegion, _) => self.tabs.next(),
            (Action::PreviousRegion, _) => self.tabs.previous(),
            (Action::Open, _) => self.drill(cx),
            (Action::Refresh, _) => self.refresh(cx),
            (Action::Filter, _) => drop(self.here(|rows| rows.find(cx))),
            (Action::Submit, _) => return self.submit(cx),
            (Action::New, "sources") => drop(cx.load(&mut self.plugins, plugins::list())),
            (Action::New, "secrets") => decide::name_secret(cx),
            (Action::Edit, "sources") => match self.source() {
                Some(source) => cx.go(ScreenId::Data, Params::new().with("source", &source.id)),
                None => return Handled::No,
            },
            (Action::Edit, "secrets") => return self.submit(cx),
            (Action::Remove, _) => match (self.source(), self.waiting(), self.secret()) {
                (Some(source), ..) => decide::remove_source(&source.id, cx),
                (_, Some(batch), _) => decide::refuse(&batch.id, cx),
                (.., Some(secret)) => decide::remove_secret(&secret.name, cx),
                _ => return Handled::No,
            },
            _ => {
                let Some(motion) = action.motion() else { return Handled::No };
                self.here(|rows| rows.apply(motion, cx));
            }
        }
        Handled::Yes
    }
}

impl Screen for Home {
    fn id(&self) -> ScreenId {
        ScreenId::Data
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.here(|rows| rows.more(cx));
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(action) => {
                if self.act(*action, cx) == Handled::No {
                    return Handled::No;
                }
            }
            ScreenEvent::Own(id) => return self.own(id, cx),
            ScreenEvent::Mouse(mouse) => {
                let tab = matches!(mouse.kind, crossterm::event::MouseEventKind::Down(_))
                    && self.tabs.click(mouse.column, mouse.row);
                if !tab && self.here(|rows| rows.mouse(mouse, cx)) == Some(true) {
                    self.drill(cx);
                }
            }
            ScreenEvent::Picked { tag, ids } if tag == FOUND => {
                self.here(|rows| ids.iter().for_each(|key| rows.select(key)));
            }
            ScreenEvent::Picked { tag, ids } if tag == "connector" => {
                if let Some(plugin) = ids.first() {
                    cx.go(ScreenId::Data, Params::new().with("connector", plugin));
                }
            }
            ScreenEvent::Job(job) if job.state.is_over() => {
                told::tell(job, cx);
                self.refresh(cx);
            }
            ScreenEvent::Resumed => self.refresh(cx),
            other => return decided(other, cx),
        }
        self.here(|rows| rows.more(cx));
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.plugins.take(answer) {
            match (self.plugins.failure().cloned(), self.plugins.get()) {
                (Some(failure), _) => cx.failed(&failure),
                (None, Some(list)) => decide::connector(list, cx),
                (None, None) => {}
            }
        } else if !self.all().into_iter().any(|rows| rows.take(answer, cx))
            && (answer.is(CHANGED) || answer.is(REMOVED))
        {
            if answer.outcome.is_ok() {
                let text = cx.text(if answer.is(REMOVED) { "data-removed" } else { "data-changed" }, &[]);
                cx.toast(Tone::Good, text);
            }
            self.refresh(cx);
        }
    }

    fn commands(&self) -> Vec<Command> {
        let source = self.source().map(|_| ()).ok_or("data-why-no-source");
        let batch = self.waiting().map(|_| ()).ok_or("data-why-no-batch");
        let secret = self.secret().map(|_| ()).ok_or("data-why-no-secret");
        let enabled = match self.source() {
            Some(source) if !source.enabled => Err("data-why-off"),
            _ => source,
        };
        let mut commands = match self.tab() {
            "sources" => vec![
                Command::act(Action::Submit).named("data-sync").hint(1).when(enabled),
                Command::own("rehearse", "data-rehearse").hint(2).when(enabled),
                Command::own("check", "data-check-source").hint(3).when(source),
                Command::act(Action::New).named("data-add-source").hint(4),
                Command::act(Action::Edit).named("data-edit-source").hint(5).when(source),
                Command::own("switch", "data-switch").hint(6).when(source),
                Command::act(Action::Remove).named("data-remove-source").hint(7).when(source),
            ],
            "review" => vec![
                Command::act(Action::Open).named("data-plan").hint(1).when(batch),
                Command::act(Action::Submit).named("data-approve").hint(2).when(batch),
                Command::act(Action::Remove).named("data-refuse").hint(3).when(batch),
            ],
            "batches" => vec![Command::act(Action::Open).named("data-open-rejects").hint(1)],
            "datasets" => vec![Command::act(Action::Open).named("data-fields").hint(1)],
            "secrets" => vec![
                Command::act(Action::New).named("data-add-secret").hint(1),
                Command::act(Action::Submit).named("data-set-secret").hint(2).when(secret),
                Command::act(Action::Remove).named("data-remove-secret").hint(3).when(secret),
            ],
            "periods" => {
                let (label, settle) = match self.period().map(|period| period.state) {
                    Some(PeriodState::Locked) => ("data-unlock", Ok(())),
                    Some(PeriodState::Signed) => ("data-unlock", Err("data-why-signed")),
                    Some(_) => ("data-lock", Ok(())),
                    None => ("data-lock", Err("data-why-no-period")),
                };
                vec![Command::act(Action::Submit).named(label).hint(1).when(settle)]
            }
            _ => Vec::new(),
        };
        commands.push(Command::act(Action::NextRegion).named("data-next-tab").hint(8).hidden());
        commands.push(Command::act(Action::Filter).named("find-do").hint(9));
        commands.push(Command::act(Action::Refresh).hint(10));
        commands
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.tabs.view(canvas, Rect { height: area.height.min(1), ..area });
        let rest = Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area };
        let all: [&dyn Rows; TABS.len()] =
            [&self.sources, &self.syncs, &self.review, &self.batches, &self.datasets, &self.secrets, &self.periods];
        if let Some(rows) = all.get(self.tabs.at()) {
            rows.view(canvas, rest);
        }
    }
}
