//! A console over a million warnings that are made up as they are asked for, and a terminal that takes bytes and shows
//! nothing: what benches and bounds measure.
#![allow(dead_code, missing_docs, clippy::unwrap_used, reason = "shared by several targets, for tests only")]

use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::{Duration, Instant};
use zhengai_model::text::Language;
use zhengai_tui::app::{
    Answer, App, Begin, Command, Cx, Event, Handled, Load, Params, Reply, Screen, ScreenEvent, ScreenId,
};
use zhengai_tui::canvas::Canvas;
use zhengai_tui::effect::{Effect, Link};
use zhengai_tui::keymap::{Action, Chord, Keymap};
use zhengai_tui::runtime::Painter;
use zhengai_tui::term::Sync;
use zhengai_tui::text::Index;
use zhengai_tui::theme::Look;
use zhengai_tui::widgets::{Column, DataTable};
use zhengai_wire::{Call, Page, PageQuery};

/// How many warnings there are.
pub const ROWS: u64 = 1_000_000;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    pub id: u64,
    pub level: String,
    pub object: String,
    pub indicator: String,
    pub value: String,
    pub owner: String,
}

/// A piece of the list.
pub fn page(query: PageQuery) -> Page<Row> {
    const COLLEGES: [&str; 5] = ["信息工程学院", "机电工程学院", "财经商贸学院", "护理学院", "建筑工程学院"];
    const INDICATORS: [&str; 4] = ["毕业生就业率", "课程合格率", "专任教师双师比例", "学生出勤率"];
    let offset = query.offset.unwrap_or(0);
    let limit = query.limit.unwrap_or(100).min(ROWS.saturating_sub(offset));
    let items = (offset..offset + limit)
        .map(|id| Row {
            id,
            level: ["严重", "中等", "轻微"][(id % 3) as usize].to_owned(),
            object: format!("{}{}级{}班", COLLEGES[(id % 5) as usize], 2020 + id % 6, id % 40),
            indicator: INDICATORS[(id % 4) as usize].to_owned(),
            value: format!("{}.{:02}", 60 + id % 40, id % 100),
            owner: ["王建国", "李秀英", "张伟"][(id % 3) as usize].to_owned(),
        })
        .collect();
    Page { items, total: ROWS, offset }
}

/// Names to be filtered, as a picker of objects has them.
pub fn names(count: u64) -> Vec<Index> {
    page(PageQuery { offset: Some(0), limit: Some(count) })
        .items
        .iter()
        .map(|row| Index::of([row.object.as_str(), row.indicator.as_str()]))
        .collect()
}

struct Long {
    table: DataTable<Row>,
    page: Load<Page<Row>>,
}

pub fn long(_: ScreenId, _: &Params) -> Box<dyn Screen> {
    let columns = vec![
        Column::new("id", "screen-warnings", |row: &Row, _| row.id.to_string()).number(),
        Column::new("level", "screen-warnings", |row: &Row, _| row.level.clone()),
        Column::new("object", "screen-warnings", |row: &Row, _| row.object.clone()),
        Column::new("indicator", "screen-warnings", |row: &Row, _| row.indicator.clone()),
        Column::new("value", "screen-warnings", |row: &Row, _| row.value.clone()).number(),
        Column::new("owner", "screen-warnings", |row: &Row, _| row.owner.clone()),
    ];
    let table = DataTable::new(columns, |row: &Row| row.id.to_string());
    Box::new(Long { table, page: Load::default() })
}

impl Long {
    fn want(&mut self, cx: &mut Cx<'_>) {
        if let Some(query) = self.table.wanted() {
            cx.load(&mut self.page, Call::get(&["warnings"]).query(&query));
        }
    }
}

impl Screen for Long {
    fn id(&self) -> ScreenId {
        ScreenId::Overview
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.want(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(action) => match action.motion() {
                Some(motion) => self.table.apply(motion),
                None => return Handled::No,
            },
            _ => return Handled::No,
        }
        self.want(cx);
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.page.take(answer) {
            match self.page.get().cloned() {
                Some(page) => self.table.put(page),
                None => self.table.failed(),
            }
            self.want(cx);
        }
    }

    fn commands(&self) -> Vec<Command> {
        vec![Command::act(Action::Open).hint(1), Command::act(Action::Filter).hint(2)]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.table.view(canvas, area);
    }
}

/// A console and what takes its bytes.
pub struct Desk {
    pub app: App,
    pub painter: Painter,
    pub written: usize,
    now: DateTime<Utc>,
}

impl Desk {
    /// A console of this size, with its first page there.
    pub fn new(width: u16, height: u16) -> Self {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let app = App::new(Begin {
            look: Look::default(),
            texts: Arc::new(zhengai_tui::i18n::texts(Language::Chinese)),
            keymap: Keymap::house().unwrap(),
            build: long,
            screen: ScreenId::Overview,
            params: Params::new(),
            size: (width, height),
            now,
        });
        let painter = Painter::new(width, height, Sync::Known);
        let mut desk = Self { app, painter, written: 0, now };
        let effects = desk.app.begin();
        desk.carry_out(effects);
        desk.happen(Event::Linked(Ok(Link { server: "memory".into(), local: true })));
        desk.flush();
        desk
    }

    /// An event, and everything that comes of it.
    pub fn happen(&mut self, event: Event) {
        let effects = self.app.update(event, self.now);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let Effect::Call { id, request } = effect else { continue };
            let outcome = if request.path.ends_with("/warnings") {
                let mut query = PageQuery::default();
                for (name, value) in request.query.split('&').filter_map(|pair| pair.split_once('=')) {
                    match name {
                        "offset" => query.offset = value.parse().ok(),
                        _ => query.limit = value.parse().ok(),
                    }
                }
                Reply::of(&page(query))
            } else {
                Reply::of(&())
            };
            self.happen(Event::Answer { id, outcome: Ok(outcome) });
        }
    }

    /// Draws, and gives the bytes away.
    pub fn flush(&mut self) {
        let bytes = self.painter.paint(&mut self.app).unwrap();
        self.written += std::hint::black_box(bytes).len();
    }

    /// Presses a key: from the event to the last byte of its frame. What the server answers comes afterwards.
    pub fn key(&mut self, key: KeyEvent) -> Duration {
        self.now += TimeDelta::milliseconds(20);
        let begun = Instant::now();
        let effects = self.app.update(Event::Key(key), self.now);
        self.flush();
        let spent = begun.elapsed();
        self.carry_out(effects);
        self.flush();
        spent
    }

    /// Draws everything as if nothing had been shown.
    pub fn draw_anew(&mut self) -> Duration {
        self.painter.forget();
        let begun = Instant::now();
        self.flush();
        begun.elapsed()
    }
}

/// A key by its name.
pub fn key(word: &str) -> KeyEvent {
    Chord::parse(word).unwrap().event()
}

/// The value below which so many of a hundred lie.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    times.get(last * percent / 100).copied().unwrap_or_default()
}

/// Memory of this process in KiB, where the system says so.
pub fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
