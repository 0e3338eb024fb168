//! The tabs of 数据: sources, syncs, batches that wait, all batches, datasets.

use super::columns;
use crate::app::{Answer, Command, Confirm, Cx, Handled, Length, Params, Prompt, Screen, ScreenEvent, ScreenId, Tone};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::listing::Listing;
use crate::widgets::{DataTable, Motion, Tabs};
use crossterm::event::MouseEvent;
use ratatui::layout::Rect;
use zhengai_model::batch::BatchState;
use zhengai_wire::batches::{self, Approval, Batch, BatchQuery, Refusal};
use zhengai_wire::data::Extent;
use zhengai_wire::datasets::{self, DatasetLine, DatasetQuery};
use zhengai_wire::sources::{self, Source, SourceQuery, SourceSwitch, SyncLine, SyncQuery, SyncRequest};

/// Words of the tabs, in params.
const TABS: [&str; 5] = ["sources", "syncs", "review", "batches", "datasets"];

/// The tabs.
pub(super) struct Home {
    tabs: Tabs,
    sources: Listing<Source, Source>,
    syncs: Listing<SyncLine, SyncLine>,
    review: Listing<Batch, Batch>,
    batches: Listing<Batch, Batch>,
    datasets: Listing<DatasetLine, DatasetLine>,
}

impl Home {
    pub(super) fn new(tab: Option<&str>) -> Self {
        let keys = ["data-tab-sources", "data-tab-syncs", "data-tab-review", "data-tab-batches", "data-tab-datasets"];
        let mut tabs = Tabs::new(keys);
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
        }
    }

    fn tab(&self) -> &'static str {
        TABS.get(self.tabs.at()).copied().unwrap_or("sources")
    }

    fn more(&mut self, cx: &mut Cx<'_>) {
        match self.tab() {
            "sources" => self.sources.more(cx),
            "syncs" => self.syncs.more(cx),
            "review" => self.review.more(cx),
            "batches" => self.batches.more(cx),
            _ => self.datasets.more(cx),
        }
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        match self.tab() {
            "sources" => self.sources.refresh(cx),
            "syncs" => self.syncs.refresh(cx),
            "review" => self.review.refresh(cx),
            "batches" => self.batches.refresh(cx),
            _ => self.datasets.refresh(cx),
        }
    }

    fn apply(&mut self, motion: Motion, cx: &mut Cx<'_>) {
        match self.tab() {
            "sources" => self.sources.apply(motion, cx),
            "syncs" => self.syncs.apply(motion, cx),
            "review" => self.review.apply(motion, cx),
            "batches" => self.batches.apply(motion, cx),
            _ => self.datasets.apply(motion, cx),
        }
    }

    fn mouse(&mut self, mouse: &MouseEvent, cx: &mut Cx<'_>) {
        if self.tabs.click(mouse.column, mouse.row) {
            return self.more(cx);
        }
        let open = match self.tab() {
            "sources" => self.sources.mouse(mouse, cx),
            "syncs" => self.syncs.mouse(mouse, cx),
            "review" => self.review.mouse(mouse, cx),
            "batches" => self.batches.mouse(mouse, cx),
            _ => self.datasets.mouse(mouse, cx),
        };
        if open {
            self.drill(cx);
        }
    }

    fn source(&self) -> Option<&Source> {
        self.sources.table.selected().filter(|_| self.tab() == "sources")
    }

    fn waiting(&self) -> Option<&Batch> {
        self.review.table.selected().filter(|_| self.tab() == "review")
    }

    /// Opens what the cursor stands on.
    fn drill(&mut self, cx: &mut Cx<'_>) {
        let params = match self.tab() {
            "sources" => {
                let batch = self.source().and_then(|source| source.waiting.first());
                batch.map(|batch| Params::new().with("plan", batch))
            }
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
            "switch" => drop(cx.act(sources::switch(&name, SourceSwitch { enabled: !enabled }), "switch")),
            _ => return Handled::No,
        }
        Handled::Yes
    }
}

/// Asks whether a batch is to be applied.
pub(super) fn ask_approve(batch: &str, cx: &mut Cx<'_>) {
    cx.confirm(Confirm {
        tag: format!("approve {batch}"),
        title: cx.text("data-approve-title", &[("batch", batch)]),
        lines: vec![cx.text("data-approve-line", &[])],
        yes: cx.text("data-approve", &[]),
        code: None,
    });
}

/// Asks why a batch is refused.
pub(super) fn ask_refuse(batch: &str, cx: &mut Cx<'_>) {
    cx.prompt(Prompt {
        tag: format!("refuse {batch}"),
        title: cx.text("data-refuse-title", &[("batch", batch)]),
        help: cx.text("data-refuse-help", &[]),
        text: String::new(),
        length: Length::Line,
    });
}

/// What was decided about a batch.
pub(super) fn decided(event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
    match event {
        ScreenEvent::Confirmed { tag } => {
            let Some(batch) = tag.strip_prefix("approve ") else { return Handled::No };
            cx.job(batches::approve(batch, &Approval::default()));
        }
        ScreenEvent::Prompted { tag, text } => {
            let Some(batch) = tag.strip_prefix("refuse ") else { return Handled::No };
            if text.trim().is_empty() {
                let text = cx.text("data-refuse-empty", &[]);
                cx.toast(Tone::Caution, text);
            } else {
                cx.act(batches::refuse(batch, &Refusal { why: text.clone() }), "refuse");
            }
        }
        _ => return Handled::No,
    }
    Handled::Yes
}

impl Screen for Home {
    fn id(&self) -> ScreenId {
        ScreenId::Data
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.more(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(Action::NextRegion) => self.tabs.next(),
            ScreenEvent::Do(Action::PreviousRegion) => self.tabs.previous(),
            ScreenEvent::Do(Action::Open) => self.drill(cx),
            ScreenEvent::Do(Action::Refresh) => self.refresh(cx),
            ScreenEvent::Do(Action::Submit) => {
                if let Some(name) = self.source().map(|source| source.id.clone()) {
                    cx.job(sources::sync(&name, &SyncRequest::default()));
                } else if let Some(batch) = self.waiting().map(|batch| batch.id.clone()) {
                    ask_approve(&batch, cx);
                } else {
                    return Handled::No;
                }
            }
            ScreenEvent::Do(Action::Remove) => match self.waiting().map(|batch| batch.id.clone()) {
                Some(batch) => ask_refuse(&batch, cx),
                None => return Handled::No,
            },
            ScreenEvent::Do(action) => {
                let Some(motion) = action.motion() else { return Handled::No };
                self.apply(motion, cx);
            }
            ScreenEvent::Own(id) => return self.own(id, cx),
            ScreenEvent::Mouse(mouse) => self.mouse(mouse, cx),
            ScreenEvent::Job(job) if job.state.is_over() => self.refresh(cx),
            ScreenEvent::Resumed => self.refresh(cx),
            other => return decided(other, cx),
        }
        self.more(cx);
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        let taken = self.sources.take(answer, cx)
            || self.syncs.take(answer, cx)
            || self.review.take(answer, cx)
            || self.batches.take(answer, cx)
            || self.datasets.take(answer, cx);
        if !taken && (answer.is("refuse") || answer.is("switch")) && answer.outcome.is_ok() {
            self.refresh(cx);
        }
    }

    fn commands(&self) -> Vec<Command> {
        let source = self.source().map(|_| ()).ok_or("data-why-no-source");
        let batch = self.waiting().map(|_| ()).ok_or("data-why-no-batch");
        let enabled = match self.source() {
            Some(source) if !source.enabled => Err("data-why-off"),
            _ => source,
        };
        let mut commands = match self.tab() {
            "sources" => vec![
                Command::act(Action::Submit).named("data-sync").hint(1).when(enabled),
                Command::own("rehearse", "data-rehearse").hint(2).when(enabled),
                Command::own("check", "data-check-source").hint(3).when(source),
                Command::own("switch", "data-switch").hint(4).when(source),
            ],
            "review" => vec![
                Command::act(Action::Open).named("data-plan").hint(1).when(batch),
                Command::act(Action::Submit).named("data-approve").hint(2).when(batch),
                Command::act(Action::Remove).named("data-refuse").hint(3).when(batch),
            ],
            "batches" => vec![Command::act(Action::Open).named("data-open-rejects").hint(1)],
            "datasets" => vec![Command::act(Action::Open).named("data-fields").hint(1)],
            _ => Vec::new(),
        };
        commands.push(Command::act(Action::NextRegion).named("data-next-tab").hint(5).hidden());
        commands.push(Command::act(Action::Refresh).hint(6));
        commands
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.tabs.view(canvas, Rect { height: area.height.min(1), ..area });
        let rest = Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area };
        match self.tab() {
            "sources" => self.sources.view(canvas, rest),
            "syncs" => self.syncs.view(canvas, rest),
            "review" => self.review.view(canvas, rest),
            "batches" => self.batches.view(canvas, rest),
            _ => self.datasets.view(canvas, rest),
        }
    }
}
