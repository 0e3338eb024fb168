//! What events do.

use super::acts::{Draft, MANY, ONE, RESOLUTION, SURE, WORDS};
use super::state::{Focus, Mode, Reach, Warnings};
use super::table::Row;
use crate::app::{
    Answer, Choice, Command, Confirm, Cx, Handled, Params, Pick, Prompt, Screen, ScreenEvent, ScreenId, State,
    WhyTarget,
};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::widgets::{Click, Direction, Motion, Node};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use zhengai_wire::warnings::{self, Act, BulkOutcome, CauseKind, Grouping, Order, Sort, WarningLine, WarningQuery};

/// Tag of the question for words to look for.
const WORDS_SOUGHT: &str = "text";
/// Tag of the choice of a filter set.
const SETS: &str = "sets";
/// Warnings whose curves are asked for at once.
const CURVES: usize = 60;

impl Screen for Warnings {
    fn id(&self) -> ScreenId {
        ScreenId::Warnings
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.fetch(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        let handled = match event {
            ScreenEvent::Do(action) => self.general(*action, cx),
            ScreenEvent::Own(id) => self.own(id, cx),
            ScreenEvent::Prompted { tag, text } if tag == WORDS => {
                self.words(text, cx);
                Handled::Yes
            }
            ScreenEvent::Prompted { tag, text } if tag == WORDS_SOUGHT => {
                self.query.text = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
                self.narrowed(cx);
                Handled::Yes
            }
            ScreenEvent::Picked { tag, ids } if tag == RESOLUTION => {
                if let Some(reason) = ids.first() {
                    self.ask(Draft::ResolveWhy(reason.clone()), cx);
                }
                Handled::Yes
            }
            ScreenEvent::Picked { tag, ids } if tag == SETS => {
                if let Some(set) = ids.first() {
                    self.take_set(set, cx);
                }
                Handled::Yes
            }
            ScreenEvent::Confirmed { tag } if tag == SURE => {
                self.reach = Reach::Filter;
                Handled::Yes
            }
            ScreenEvent::Mouse(mouse) => self.mouse(*mouse, cx),
            ScreenEvent::Resumed => {
                self.reload(cx);
                Handled::Yes
            }
            _ => Handled::No,
        };
        self.follow(cx);
        handled
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.list.take(answer) {
            if self.list.failure().is_some() {
                // Asked again by the next key or F5, not by the answer that said no.
                return self.table.failed();
            }
            self.took_page();
            self.follow(cx);
        } else if self.detail.take(answer) {
            self.write_panel(cx.texts);
        } else if self.sparks.take(answer) {
            self.took_curves();
        } else if self.groups.take(answer) {
            self.group_table.set_rows(self.groups.get().cloned().unwrap_or_default());
        } else if self.tree.take(answer) {
            self.took_tree();
        } else if answer.is(ONE) && self.acting == Some(answer.id) {
            self.acting = None;
            match answer.read::<WarningLine>() {
                Ok(line) => self.done_one(line, cx),
                // Somebody was quicker: what is there now is shown.
                Err(_) => self.reload(cx),
            }
        } else if answer.is(MANY) && self.acting == Some(answer.id) {
            self.acting = None;
            match answer.read::<BulkOutcome>() {
                Ok(outcome) => self.done_many(&outcome, cx),
                Err(_) => self.reload(cx),
            }
        }
    }

    fn commands(&self) -> Vec<Command> {
        self.offered()
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.draw(canvas, area);
    }

    fn cell(&self) -> Option<WhyTarget> {
        let line = self.line()?;
        let object = [line.kind.as_str(), "/", &line.object].concat();
        let target = WhyTarget::value(line.indicator.clone()?, object);
        Some(WhyTarget { period: Some(line.period.clone()), ..target })
    }
}

impl Warnings {
    fn general(&mut self, action: Action, cx: &mut Cx<'_>) -> Handled {
        if let Some(motion) = action.motion() {
            self.moved(motion);
            return Handled::Yes;
        }
        match action {
            Action::Open => self.open_under_cursor(cx),
            Action::Back if self.focus == Focus::Panel => self.focus = Focus::List,
            Action::Back if self.reach == Reach::Filter => self.reach = Reach::Chosen,
            Action::Back if self.mode != Mode::List => self.mode = Mode::List,
            Action::Back if self.from.is_some() => self.return_to_view(cx),
            Action::NextRegion | Action::PreviousRegion if self.mode == Mode::List => {
                self.focus = if self.focus == Focus::List { Focus::Panel } else { Focus::List };
            }
            Action::Filter => {
                let (title, help) = (cx.text("warnings-ask-text", &[]), cx.text("warnings-ask-text-help", &[]));
                let text = self.query.text.clone().unwrap_or_default();
                cx.prompt(Prompt { tag: WORDS_SOUGHT.to_owned(), title, help, text, ..Prompt::default() });
            }
            Action::Mark if self.mode == Mode::List => self.table.mark(),
            Action::MarkUp => self.table.mark_to(Motion::Up),
            Action::MarkDown => self.table.mark_to(Motion::Down),
            Action::Sort => {
                self.table.sort_next();
                self.sorted(cx);
            }
            Action::SortTurn => {
                self.table.sort_turn();
                self.sorted(cx);
            }
            Action::Columns => self.table.toggle_wide(),
            Action::Refresh => self.reload(cx),
            Action::Copy => self.copy(cx),
            Action::Why => {
                if let Some(target) = self.cell() {
                    cx.why(&target);
                }
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn own(&mut self, id: &str, cx: &mut Cx<'_>) -> Handled {
        match id {
            "acknowledge" => self.act(Act::Acknowledge, cx),
            "assign" => self.ask(Draft::AssignTo, cx),
            "comment" => self.ask(Draft::Comment, cx),
            "silence" => self.ask(Draft::SilenceUntil, cx),
            "reopen" => self.ask(Draft::Reopen, cx),
            "inhibit" => self.ask(Draft::Inhibit, cx),
            "resolve" => self.ask_resolution(cx),
            "shelve" => self.act(Act::Shelve, cx),
            "speak" => self.act(Act::Speak, cx),
            "everything" => self.everything(cx),
            "portrait" => {
                if let Some(line) = self.line() {
                    let about = Params::new().with("kind", &line.kind).with("id", &line.object);
                    cx.go(ScreenId::Portrait, about);
                }
            }
            "sets" => self.ask_set(cx),
            "clear" => {
                let (sort, order) = (self.query.sort, self.query.order);
                self.query = WarningQuery { sort, order, ..WarningQuery::default() };
                self.narrowed(cx);
            }
            "group" => {
                let at = match self.mode {
                    Mode::Groups(by) => Grouping::ALL.iter().position(|one| *one == by).map_or(0, |at| at + 1),
                    Mode::List | Mode::Tree => 0,
                };
                self.mode = Grouping::ALL.get(at).map_or(Mode::List, |by| Mode::Groups(*by));
                self.load_mode(cx);
            }
            "tree" => {
                self.mode = if self.mode == Mode::Tree { Mode::List } else { Mode::Tree };
                self.load_mode(cx);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn moved(&mut self, motion: Motion) {
        match (self.focus, self.mode) {
            (Focus::Panel, Mode::List) => self.panel.apply(motion),
            (Focus::List, Mode::List) => self.table.apply(motion),
            (_, Mode::Groups(_)) => self.group_table.apply(motion),
            (_, Mode::Tree) => self.tree_table.apply(motion),
        }
    }

    fn open_under_cursor(&mut self, cx: &mut Cx<'_>) {
        match self.mode {
            Mode::List if self.line().is_some() => self.focus = Focus::Panel,
            Mode::List => {}
            Mode::Groups(by) => {
                let Some(key) = self.group_table.selected().map(|group| group.key.clone()) else { return };
                let from = Some((self.mode, self.query.clone()));
                match by {
                    Grouping::Rule => self.query.rule = key,
                    Grouping::Unit => self.query.unit = key,
                    Grouping::Severity => self.query.level = key,
                    Grouping::Assignee => self.query.assignee = Some(key.unwrap_or_else(|| "-".to_owned())),
                    Grouping::State => self.query.state = key,
                }
                self.narrowed(cx);
                self.from = from;
            }
            Mode::Tree => {
                let Some(node) = self.tree_table.selected() else { return };
                let (key, kind) = (node.row.key.clone(), node.row.kind);
                let is_rule = node.children.is_empty();
                let from = Some((self.mode, self.query.clone()));
                match kind {
                    CauseKind::Open => self.query.suppression = Some("none".to_owned()),
                    CauseKind::Silenced => self.query.suppression = Some("silenced".to_owned()),
                    CauseKind::Shelved => self.query.suppression = Some("shelved".to_owned()),
                    CauseKind::Inhibited if is_rule => self.query.suppression = Some("inhibited".to_owned()),
                    CauseKind::Inhibited => self.query.cause = Some(key.clone()),
                    // There is no warning of these, only their number.
                    CauseKind::Capped => return,
                }
                if is_rule {
                    self.query.rule = Some(key);
                }
                self.narrowed(cx);
                self.from = from;
            }
        }
    }

    /// Back from the warnings of a group or cause to the view that it was opened in.
    fn return_to_view(&mut self, cx: &mut Cx<'_>) {
        let Some((mode, query)) = self.from.take() else { return };
        self.query = query;
        self.narrowed(cx);
        self.mode = mode;
        self.load_mode(cx);
    }

    /// The next act is done with all that the filter finds, or with the chosen ones again.
    fn everything(&mut self, cx: &mut Cx<'_>) {
        if self.reach == Reach::Filter {
            self.reach = Reach::Chosen;
            return;
        }
        let count = self.total().unwrap_or(0).to_string();
        cx.confirm(Confirm {
            tag: SURE.to_owned(),
            title: cx.text("warnings-sure", &[("count", &count)]),
            lines: vec![cx.text("warnings-sure-undo", &[])],
            yes: cx.text("warnings-sure-yes", &[]),
            code: None,
        });
    }

    fn ask_set(&mut self, cx: &mut Cx<'_>) {
        let sets = ["mine", "nobody", "overdue", "new", "working", "resolved", "silenced", "all"];
        let choices =
            sets.iter().map(|set| Choice::new(*set, cx.text(&["warnings-set-", set].concat(), &[]))).collect();
        let title = cx.text("warnings-ask-set", &[]);
        cx.pick(Pick { tag: SETS.to_owned(), title, choices, ..Pick::default() });
    }

    fn take_set(&mut self, set: &str, cx: &mut Cx<'_>) {
        let some = |word: &str| Some(word.to_owned());
        let (sort, order, text) = (self.query.sort, self.query.order, self.query.text.clone());
        self.query = WarningQuery { sort, order, text, ..WarningQuery::default() };
        match set {
            "mine" => self.query.assignee = some("me"),
            "nobody" => self.query.assignee = some("-"),
            "overdue" => self.query.due_before = Some(cx.now.date_naive()),
            "new" => self.query.state = some("new"),
            "working" => self.query.state = some("acknowledged,in-progress,reopened"),
            "resolved" => {
                self.query.all = Some(true);
                self.query.state = some("resolved");
            }
            "silenced" => self.query.suppression = some("silenced,inhibited,shelved"),
            _ => self.query.all = Some(true),
        }
        self.narrowed(cx);
    }

    /// The filter changed: everything is asked anew, from the first row.
    fn narrowed(&mut self, cx: &mut Cx<'_>) {
        self.mode = Mode::List;
        self.from = None;
        self.reach = Reach::Chosen;
        self.table.reset();
        self.list.clear();
        self.fetch(cx);
    }

    fn sorted(&mut self, cx: &mut Cx<'_>) {
        if let Some((column, direction)) = self.table.sort() {
            self.query.sort = Some(match column {
                "rule" => Sort::Rule,
                "object" => Sort::Object,
                "state" => Sort::State,
                "assignee" => Sort::Assignee,
                "due" => Sort::Due,
                "period" => Sort::Period,
                "unit" => Sort::Unit,
                _ => Sort::Severity,
            });
            self.query.order = Some(if direction == Direction::Up { Order::Up } else { Order::Down });
        }
        self.table.reset();
        self.list.clear();
        self.fetch(cx);
    }

    /// Asks for what is shown again; cursor and marks stay.
    pub(super) fn reload(&mut self, cx: &mut Cx<'_>) {
        let (at, marked) = (self.table.cursor(), self.table.marked().count());
        if marked > 0 {
            self.table.unmark();
        }
        self.table.pages_mut().reset();
        self.table.set_cursor(at);
        self.shown = None;
        self.list.clear();
        self.fetch(cx);
        self.load_mode(cx);
    }

    fn load_mode(&mut self, cx: &mut Cx<'_>) {
        let query = WarningQuery { sort: None, order: None, ..self.query.clone() };
        match self.mode {
            Mode::List => {}
            Mode::Groups(by) => {
                cx.load(&mut self.groups, warnings::groups(by, &query));
            }
            Mode::Tree => {
                cx.load(&mut self.tree, warnings::tree(&query));
            }
        }
    }

    /// Asks for the page under the cursor when it is not there.
    fn fetch(&mut self, cx: &mut Cx<'_>) {
        if self.list.is_loading() {
            return;
        }
        if let Some(page) = self.table.wanted() {
            let query = WarningQuery { offset: page.offset, limit: page.limit, ..self.query.clone() };
            cx.load(&mut self.list, warnings::list(&query));
        }
    }

    /// Pages and the panel follow the cursor.
    fn follow(&mut self, cx: &mut Cx<'_>) {
        self.fetch(cx);
        let under = self.line().map(|line| line.id);
        if let Some(id) = under.filter(|_| under != self.shown) {
            self.load_detail(id, cx);
        }
        self.fetch_curves(cx);
    }

    /// Asks for what stands behind one.
    pub(super) fn load_detail(&mut self, id: i64, cx: &mut Cx<'_>) {
        if self.shown != Some(id) {
            self.detail.clear();
            self.panel.set(Vec::new());
        }
        self.shown = Some(id);
        cx.load(&mut self.detail, warnings::show(&id.to_string()));
    }

    /// Asks for the curves of rows near the cursor that have none yet.
    fn fetch_curves(&mut self, cx: &mut Cx<'_>) {
        if self.sparks.is_loading() || self.mode != Mode::List {
            return;
        }
        let (at, reach) = (self.table.cursor(), CURVES as u64 / 2);
        let near = self.table.pages_mut().iter_mut().filter(|(place, _)| place.abs_diff(at) <= reach);
        let bare: Vec<&mut Row> =
            near.map(|(_, row)| row).filter(|row| !row.asked && row.line.indicator.is_some()).collect();
        if bare.is_empty() {
            return;
        }
        let ids: Vec<i64> = bare
            .into_iter()
            .map(|row| {
                row.asked = true;
                row.line.id
            })
            .collect();
        cx.load(&mut self.sparks, warnings::sparks(&ids));
    }

    fn took_page(&mut self) {
        if let Some(page) = self.list.get().cloned() {
            let items = page.items.into_iter().map(|line| Row { line, past: Vec::new(), asked: false }).collect();
            self.table.put(zhengai_wire::Page { items, total: page.total, offset: page.offset });
            if let Some(id) = self.sought.take() {
                self.table.select(&id);
                self.focus = Focus::Panel;
            }
        }
    }

    fn took_curves(&mut self) {
        let Some(curves) = self.sparks.get() else { return };
        for (_, row) in self.table.pages_mut().iter_mut() {
            if let Some(past) = curves.get(&row.line.id) {
                row.past.clone_from(past);
            }
        }
    }

    fn took_tree(&mut self) {
        let State::Ready(causes) = self.tree.state() else { return };
        let node = |(at, cause): (usize, &warnings::CauseNode)| {
            let rules = cause.children.iter().enumerate();
            let rules =
                rules.map(|(rule, node)| Node::leaf([at.to_string(), rule.to_string()].join("."), node.clone()));
            Node::branch(at.to_string(), cause.clone(), rules.collect())
        };
        self.tree_table.set(causes.iter().enumerate().map(node).collect());
    }

    fn copy(&self, cx: &mut Cx<'_>) {
        if let Some(line) = self.line() {
            let id = line.id.to_string();
            let fields = [id.as_str(), &line.level_name, &line.rule_name, &line.object_name, &line.because];
            cx.copy(fields.join("\t"));
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, cx: &mut Cx<'_>) -> Handled {
        let (column, row) = (mouse.column, mouse.row);
        let over_panel = self.panel.contains(column, row);
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) if over_panel => self.focus = Focus::Panel,
            MouseEventKind::Down(MouseButton::Left) => {
                let click = match self.mode {
                    Mode::List => self.table.click(column, row),
                    Mode::Groups(_) => self.group_table.click(column, row),
                    Mode::Tree => self.tree_table.click(column, row),
                };
                match click {
                    Some(Click::Again(_)) => self.open_under_cursor(cx),
                    Some(Click::Head(id)) => {
                        self.table.sort_by(&id);
                        self.sorted(cx);
                    }
                    Some(Click::Row(_)) => self.focus = Focus::List,
                    None => return Handled::No,
                }
            }
            MouseEventKind::ScrollDown | MouseEventKind::ScrollUp => {
                let motion = if mouse.kind == MouseEventKind::ScrollDown { Motion::Down } else { Motion::Up };
                if over_panel {
                    self.panel.apply(motion);
                } else {
                    self.focus = Focus::List;
                    self.moved(motion);
                }
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }
}
