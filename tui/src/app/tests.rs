//! The frame with screens that write down what they are told: where keys, answers and jobs go, and what leaving asks.

use super::{
    Answer, App, Begin, Choice, Command, Confirm, Cx, Event, Handled, Load, Params, Pick, Prompt, Reply, RequestId,
    Screen, ScreenEvent, ScreenId, Tone,
};
use crate::canvas::Canvas;
use crate::effect::{Effect, Link};
use crate::keymap::{Action, Chord, Keymap};
use crate::testkit::frame;
use crate::theme::{GlyphSet, Level, Look, Role, ThemeName};
use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;
use zhengai_model::text::Language;
use zhengai_text::Texts;
use zhengai_wire::call::Method;
use zhengai_wire::job::Progress;
use zhengai_wire::{Call, Failure, Job, JobState};

/// Writes down what it is told, a line each.
struct Scribe {
    id: ScreenId,
    lines: Vec<String>,
    list: Load<u64>,
    typed: String,
    editing: bool,
}

fn scribe(id: ScreenId, params: &Params) -> Box<dyn Screen> {
    let editing = params.get("editing").is_some();
    Box::new(Scribe { id, lines: Vec::new(), list: Load::default(), typed: String::new(), editing })
}

impl Screen for Scribe {
    fn id(&self) -> ScreenId {
        self.id
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.list, Call::get(&["list", self.id.word()]));
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(Action::Open) => cx.go(ScreenId::Data, Params::new()),
            ScreenEvent::Do(Action::Refresh) => {
                cx.load(&mut self.list, Call::get(&["list", "again"]));
            }
            ScreenEvent::Do(Action::Edit) => {
                cx.act(Call::<()>::post(&["act"]), "edited");
            }
            ScreenEvent::Do(Action::Submit) => {
                cx.job(Call::post(&["run"]));
            }
            ScreenEvent::Do(Action::Save) => cx.undoable("改名"),
            ScreenEvent::Do(Action::New) => {
                let title = "名字".to_owned();
                cx.prompt(Prompt { tag: "name".into(), title, ..Prompt::default() });
            }
            ScreenEvent::Do(Action::Sort) => {
                let choices = vec![Choice::new("a", "就业率"), Choice::new("b", "巩固率")];
                cx.pick(Pick { tag: "which".into(), title: "选择".into(), choices, ..Pick::default() });
            }
            ScreenEvent::Do(Action::Remove) => cx.confirm(Confirm {
                tag: "sure".into(),
                title: "删除？".into(),
                lines: vec!["不能撤销".into()],
                yes: "删除".into(),
                code: None,
            }),
            ScreenEvent::Do(Action::Mark) => cx.toast(Tone::Info, "记下了"),
            ScreenEvent::Key(key) => match key.code {
                KeyCode::Char(letter) => self.typed.push(letter),
                _ => return Handled::No,
            },
            ScreenEvent::Do(Action::Back | Action::Undo | Action::Forward | Action::Copy) => return Handled::No,
            other => self.lines.push(format!("{other:?}")),
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, _: &mut Cx<'_>) {
        if self.list.take(answer) {
            self.lines.push(format!("list {:?}", self.list.get()));
        } else {
            self.lines.push(format!("{} {}", answer.tag, answer.outcome.is_ok()));
        }
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::act(Action::Open).hint(1),
            Command::act(Action::Filter).when(Err("reason-no-number")),
            Command::act(Action::Edit).hint(2),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let style = canvas.style(Role::Text);
        let head = format!("{} typed={}", self.id.word(), self.typed);
        for (row, line) in (0..area.height).zip(std::iter::once(&head).chain(&self.lines)) {
            canvas.put(area.x, area.y + row, line, style, area.width);
        }
        canvas.target(Rect { height: 1.min(area.height), width: 5.min(area.width), ..area }, "head");
    }

    fn crumb(&self, _: &Texts) -> String {
        self.id.word().to_owned()
    }

    fn editing(&self) -> bool {
        self.editing
    }

    fn unsaved(&self) -> bool {
        !self.typed.is_empty()
    }
}

/// A console with scribes.
struct Desk {
    app: App,
    now: DateTime<Utc>,
    effects: Vec<Effect>,
}

impl Desk {
    fn new() -> Self {
        Self::about(&Params::new())
    }

    fn about(params: &Params) -> Self {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let begin = Begin {
            look: Look::default(),
            texts: Arc::new(crate::i18n::texts(Language::Chinese)),
            keymap: Keymap::house().expect("a key map"),
            build: scribe,
            screen: ScreenId::Overview,
            params: params.clone(),
            size: (80, 24),
            now,
        };
        let mut desk = Self { app: App::new(begin), now, effects: Vec::new() };
        desk.effects = desk.app.begin();
        desk.happen(Event::Linked(Ok(Link { server: "here".into(), local: true })));
        desk
    }

    fn happen(&mut self, event: Event) -> &mut Self {
        let effects = self.app.update(event, self.now);
        self.effects.extend(effects);
        self
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        for word in keys.split(' ') {
            let chord = Chord::parse_raw(word).expect(word);
            self.happen(Event::Key(chord.event()));
        }
        self
    }

    fn later(&mut self, milliseconds: i64) -> &mut Self {
        self.now += TimeDelta::milliseconds(milliseconds);
        self.happen(Event::Tick)
    }

    fn text(&mut self) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 24));
        let drawn = self.app.view(&mut buffer);
        self.app.drawn(&drawn);
        frame(&buffer)
    }

    fn shows(&mut self, part: &str) -> bool {
        self.text().contains(part)
    }

    /// The number of the last request to a path.
    fn asked(&self, path: &str) -> RequestId {
        let found = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Call { id, request } if request.path.ends_with(path) => Some(*id),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("nobody asked for {path}: {:?}", self.effects))
    }

    fn answer(&mut self, path: &str, value: impl serde::Serialize) -> &mut Self {
        let event = Event::Answer { id: self.asked(path), outcome: Ok(Reply::of(&value)) };
        self.happen(event)
    }

    fn quits(&self) -> bool {
        self.effects.contains(&Effect::Quit)
    }
}

fn job(state: JobState) -> Job {
    Job {
        id: "7".into(),
        kind: "diagnose".into(),
        subject: "2026 秋".into(),
        actor: "王".into(),
        state,
        progress: Progress { stage: "扫描".into(), done: 50, total: Some(100), ..Progress::default() },
        queued_at: DateTime::<Utc>::UNIX_EPOCH,
        started_at: Some(DateTime::<Utc>::UNIX_EPOCH),
        ended_at: None,
        result: None,
        problem: None,
    }
}

#[test]
fn opening_puts_a_screen_on_the_stack_and_back_and_forward_walk_it() {
    let mut desk = Desk::new();
    desk.press("Enter");
    assert!(desk.shows("overview / data"), "{}", desk.text());
    desk.press("Esc");
    assert!(!desk.shows("overview / data"));
    desk.press("Alt+Right");
    assert!(desk.shows("overview / data"));
    desk.press("h Esc Esc");
    assert!(desk.shows("overview typed="), "the first screen stays");
}

#[test]
fn an_answer_reaches_the_screen_that_asked_even_when_another_is_on_top() {
    let mut desk = Desk::new();
    desk.press("Enter").answer("list/overview", 7_u64).press("Esc");
    assert!(desk.shows("list Some(7)"), "{}", desk.text());
}

#[test]
fn a_newer_question_drops_the_older_one_and_leaving_drops_what_was_only_read() {
    let mut desk = Desk::new();
    let first = desk.asked("list/overview");
    desk.press("F5");
    assert!(desk.effects.contains(&Effect::Forget { id: first }));
    desk.happen(Event::Answer { id: first, outcome: Ok(Reply::of(&1_u64)) });
    assert!(!desk.shows("list Some"), "a late answer is dropped");
    desk.press("Enter");
    let second = desk.asked("list/data");
    desk.press("Esc");
    assert!(desk.effects.contains(&Effect::Forget { id: second }));
}

#[test]
fn what_changes_something_goes_on_when_its_screen_is_left() {
    let mut desk = Desk::new();
    desk.press("Enter F4");
    let act = desk.asked("/act");
    desk.press("Esc");
    assert!(!desk.effects.contains(&Effect::Forget { id: act }));
}

#[test]
fn a_refused_act_is_said_in_the_words_of_the_server_and_told_to_the_screen() {
    let mut desk = Desk::new();
    desk.press("F4");
    let problem = zhengai_wire::Problem::new(zhengai_model::fault::Fault::Conflict, "k", "别人已经改过");
    let id = desk.asked("/act");
    desk.happen(Event::Answer { id, outcome: Err(Failure::Problem(Box::new(problem))) });
    assert!(desk.shows("别人已经改过") && desk.shows("edited false"), "{}", desk.text());
}

#[test]
fn the_palette_finds_screens_by_chinese_pinyin_initials_and_english() {
    let languages = [Language::Chinese, Language::English];
    let queries = ["预警", "yujing", "yj", "warnings"];
    for (language, query) in languages.into_iter().flat_map(|language| queries.map(|query| (language, query))) {
        let mut desk = Desk::new();
        if language == Language::English {
            desk.press("Alt+Y").happen(Event::Paste("English".into()));
            desk.press("Enter");
        }
        desk.press("Ctrl+P");
        for letter in query.chars() {
            desk.happen(Event::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE)));
        }
        desk.press("Enter");
        assert!(desk.shows("overview / warnings"), "{query}: {}", desk.text());
    }
}

#[test]
fn the_palette_asks_the_server_when_the_fingers_rest_and_only_the_last_question_counts() {
    let mut desk = Desk::new();
    let searches = |desk: &Desk| {
        let calls = desk.effects.iter().filter_map(|effect| match effect {
            Effect::Call { id, request } if request.path == "/v1/search" => Some((*id, request.query.clone())),
            _ => None,
        });
        calls.collect::<Vec<_>>()
    };
    desk.press("Ctrl+P l");
    desk.later(150).press("e i");
    desk.later(50).press("l");
    assert!(searches(&desk).is_empty(), "one letter is too little, and the fingers did not rest");
    desk.later(150);
    let asked = searches(&desk);
    let [(first, query)] = asked.as_slice() else { panic!("asked once: {asked:?}") };
    assert_eq!(query, "q=leil&limit=5");
    desk.press("e");
    assert!(desk.effects.contains(&Effect::Forget { id: *first }), "the old question is not waited for");
    desk.later(150);
    desk.answer(
        "/search",
        [
            serde_json::json!({ "kind": "object", "id": "student/S1", "name": "李雷", "about": "S1" }),
            serde_json::json!({ "kind": "warning", "id": "17", "name": "旷课", "about": "李雷", "object": "student/S1" }),
        ],
    );
    assert!(desk.shows("李雷") && desk.shows("旷课") && desk.shows("对象"), "{}", desk.text());
    desk.press("Down Enter");
    assert!(desk.shows("overview / warnings"), "{}", desk.text());
}

#[test]
fn a_search_ends_with_the_palette_and_says_why_it_was_refused() {
    let mut desk = Desk::new();
    desk.press("Ctrl+P z z z z");
    desk.later(150);
    let id = desk.asked("/search");
    assert!(desk.shows("正在查找"), "{}", desk.text());
    let problem = zhengai_wire::Problem::new(zhengai_model::fault::Fault::Forbidden, "k", "无权查看结果");
    desk.happen(Event::Answer { id, outcome: Err(Failure::Problem(Box::new(problem))) });
    assert!(desk.shows("无权查看结果"), "{}", desk.text());
    desk.press("z");
    desk.later(150);
    let id = desk.asked("/search");
    desk.press("Esc");
    assert!(desk.effects.contains(&Effect::Forget { id }));
}

#[test]
fn the_usual_reading_of_a_character_comes_before_the_rare_one() {
    let mut desk = Desk::new();
    desk.press("F2 z d z j Enter");
    assert!(desk.shows("overview / terminal"), "终端自检, not 诊断周期 with 期 read ji: {}", desk.text());
}

#[test]
fn the_palette_opens_with_the_colon_of_a_chinese_input_method_and_its_field_has_the_cursor() {
    let mut desk = Desk::new();
    desk.press("：");
    assert!(desk.shows("命令面板"));
    let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 24));
    assert!(desk.app.view(&mut buffer).cursor.is_some());
    desk.press("q u i t Enter");
    assert!(desk.quits(), "`:q` leaves");
}

#[test]
fn what_cannot_be_done_says_why_instead_of_nothing() {
    let mut desk = Desk::new();
    desk.press("F3");
    assert!(desk.shows("光标不在数值上"), "{}", desk.text());
    desk.press("F1");
    assert!(desk.shows("筛选") && desk.shows("光标不在数值上"), "{}", desk.text());
}

#[test]
fn a_prompt_is_given_by_its_button_because_enter_belongs_to_the_input_method() {
    let mut desk = Desk::new();
    desk.press("Insert").happen(Event::Paste("示例学院\n".into()));
    desk.press("Enter");
    assert!(!desk.shows("Prompted"), "{}", desk.text());
    desk.press("Enter");
    assert!(desk.shows("Prompted { tag: \"name\", text: \"示例学院\" }"), "{}", desk.text());
}

#[test]
fn a_choice_is_found_by_initials_and_given_back_by_id() {
    let mut desk = Desk::new();
    desk.press("F6 g g l Enter");
    assert!(desk.shows("Picked { tag: \"which\", ids: [\"b\"] }"), "{}", desk.text());
}

#[test]
fn a_question_does_nothing_on_a_blind_enter() {
    let mut desk = Desk::new();
    desk.press("Delete Enter");
    assert!(!desk.shows("Confirmed"));
    desk.press("Delete Tab Enter");
    assert!(desk.shows("Confirmed { tag: \"sure\" }"));
}

#[test]
fn while_a_field_has_the_focus_letters_are_text_and_function_keys_still_work() {
    let mut desk = Desk::about(&Params::new().with("editing", "yes"));
    desk.press("j ： q Ctrl+P");
    assert!(desk.shows("typed=j：q"), "{}", desk.text());
    assert!(!desk.shows("命令面板"), "the scribe took Ctrl+P as a letter");
    desk.press("F1");
    assert!(desk.shows("帮助"));
}

#[test]
fn leaving_with_unsaved_changes_asks_first() {
    let mut desk = Desk::about(&Params::new().with("editing", "yes"));
    desk.press("x Ctrl+Q");
    // The scribe takes every character key, also with Ctrl; the palette does not need one.
    desk.press("F2");
    for letter in "quit".chars() {
        desk.happen(Event::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE)));
    }
    desk.press("Enter");
    assert!(!desk.quits() && desk.shows("离开后不保留"), "{}", desk.text());
    desk.press("Tab Enter");
    assert!(desk.quits());
}

#[test]
fn a_job_is_followed_shown_in_the_drawer_and_told_to_its_screen() {
    let mut desk = Desk::new();
    desk.press("F10").answer("/run", job(JobState::Queued));
    assert!(desk.effects.contains(&Effect::Watch { job: "7".into() }));
    desk.now += TimeDelta::seconds(30);
    desk.happen(Event::Job(Box::new(job(JobState::Running))));
    assert!(desk.shows("1 项任务"), "{}", desk.text());
    desk.press("F8");
    assert!(desk.shows("50%") && desk.shows("还需 0:30") && desk.shows("扫描"), "{}", desk.text());
    desk.press("Delete");
    assert!(desk.shows("正在取消"), "it says so before the server does");
    assert!(desk.asked("jobs/7").0 > 0);
    desk.happen(Event::Job(Box::new(job(JobState::Cancelled))));
    assert!(desk.shows("已取消") && !desk.shows("1 项任务"), "{}", desk.text());
}

#[test]
fn quitting_with_jobs_asks_and_can_wait_for_them_to_be_cancelled() {
    let mut desk = Desk::new();
    desk.happen(Event::Job(Box::new(job(JobState::Running)))).press("Ctrl+Q");
    assert!(!desk.quits() && desk.shows("还有 1 项任务在运行"), "{}", desk.text());
    desk.press("Enter");
    assert!(!desk.quits(), "staying is the first choice");
    desk.press("Ctrl+Q Down Enter");
    assert!(!desk.quits(), "the job is still being cancelled");
    desk.happen(Event::Job(Box::new(job(JobState::Cancelled))));
    assert!(desk.quits());
}

#[test]
fn ctrl_c_leaves_only_when_pressed_twice() {
    let mut desk = Desk::new();
    desk.press("Ctrl+C");
    assert!(!desk.quits() && desk.shows("再按一次"));
    desk.now += TimeDelta::seconds(5);
    desk.press("Ctrl+C");
    assert!(!desk.quits(), "too late to be the second");
    desk.press("Ctrl+C");
    assert!(desk.quits());
}

#[test]
fn ctrl_z_shows_what_the_audit_has_as_the_last_change_and_takes_back_that_one() {
    let mut desk = Desk::new();
    desk.press("Ctrl+S");
    assert!(desk.shows("改名") && desk.shows("Ctrl+Z"), "{}", desk.text());
    // What was said last here is not what the person did last: a colleague's hands on the command line were faster.
    let undo = serde_json::json!({"seq": 41, "at": "2026-11-22T00:00:00Z", "action": "warning.silence",
        "thing": "warning", "subject": "7", "count": 1, "text": "静默预警 7", "obstacle": null});
    desk.press("Ctrl+Z").answer("/undo", &undo);
    assert!(desk.shows("静默预警 7"), "{}", desk.text());
    assert!(!desk.shows("已撤销"), "nothing is taken back unseen");
    desk.press("Tab Enter");
    let last = desk.effects.iter().rev().find_map(|effect| match effect {
        Effect::Call { request, .. } => Some((request.method, request.body.clone())),
        _ => None,
    });
    assert_eq!(last, Some((Method::Post, Some(serde_json::json!({"seq": 41})))));
    desk.answer("/undo", &undo);
    assert!(desk.shows("已撤销：静默预警 7") && desk.shows("Resumed"), "{}", desk.text());
}

#[test]
fn ctrl_z_says_why_nothing_is_taken_back() {
    let mut desk = Desk::new();
    desk.press("Ctrl+Z").answer("/undo", ());
    assert!(desk.shows("没有可以撤销的操作"), "{}", desk.text());
    let undo = serde_json::json!({"seq": 41, "at": "2026-11-22T00:00:00Z", "action": "warning.silence",
        "thing": "warning", "subject": "7", "count": 1, "text": "静默预警 7", "obstacle": "张老师已经改过"});
    desk.press("Ctrl+Z").answer("/undo", undo);
    assert!(desk.shows("张老师已经改过"), "{}", desk.text());
}

#[test]
fn another_language_is_spoken_at_once_by_the_frame_and_by_screens_made_anew() {
    let mut desk = Desk::new();
    desk.press("Enter").answer("list/data", 7);
    assert!(desk.shows("list Some(7)") && desk.shows("本机"), "{}", desk.text());
    desk.press("Alt+Y").happen(Event::Paste("English".into()));
    desk.press("Enter");
    assert!(desk.effects.contains(&Effect::Speak(Language::English)));
    assert!(desk.shows("overview / data") && !desk.shows("本机"), "{}", desk.text());
    assert!(!desk.shows("list Some(7)"), "what the server said in Chinese is asked for again: {}", desk.text());
    desk.answer("list/data", 8);
    assert!(desk.shows("list Some(8)"), "{}", desk.text());
}

#[test]
fn a_screen_with_unsaved_work_is_not_made_anew_for_another_language() {
    let mut desk = Desk::about(&Params::new().with("editing", "yes"));
    desk.press("j F2").happen(Event::Paste("language en".into()));
    desk.press("Enter");
    assert!(desk.shows("typed=j") && desk.shows("unsaved work"), "{}", desk.text());
}

#[test]
fn theme_and_glyphs_change_while_the_console_runs_and_colours_come_back_after_mono() {
    let mut desk = Desk::new();
    let put_on = |desk: &mut Desk, word: &str| {
        desk.press("Ctrl+P").happen(Event::Paste(word.into()));
        desk.press("Enter");
    };
    put_on(&mut desk, "theme mono");
    assert_eq!(desk.app.look().level, Level::None);
    put_on(&mut desk, "theme light");
    assert_eq!((desk.app.look().theme, desk.app.look().level), (ThemeName::Light, Level::True));
    put_on(&mut desk, "glyphs ascii");
    assert_eq!(desk.app.look().glyphs.set, GlyphSet::Ascii);
    assert_eq!(desk.app.look().theme, ThemeName::Light, "the theme stays");
    assert!(desk.effects.contains(&Effect::Repaint));
}

#[test]
fn clicks_reach_hints_crumbs_and_targets_of_the_screen() {
    let mut desk = Desk::new();
    let click = |desk: &mut Desk, column, row| {
        desk.text();
        let kind = MouseEventKind::Down(MouseButton::Left);
        desk.happen(Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
    };
    click(&mut desk, 2, 23);
    assert!(desk.shows("overview / data"), "the first hint opens: {}", desk.text());
    click(&mut desk, 2, 1);
    assert!(!desk.shows("overview / data"), "the crumb leads back");
    click(&mut desk, 1, 2);
    assert!(desk.shows("Target(\"head\")"), "{}", desk.text());
}

#[test]
fn a_toast_goes_away_by_itself_and_nothing_asks_for_ticks_after_it() {
    let mut desk = Desk::new();
    for path in ["list/overview", "session", "jobs"] {
        let id = desk.asked(path);
        let failure = Failure::Unreadable { path: path.into(), cause: "x".into() };
        desk.happen(Event::Answer { id, outcome: Err(failure) });
    }
    desk.press("Space");
    assert!(desk.shows("记下了"));
    let due = desk.app.due().expect("the end of the toast");
    desk.now = due;
    desk.happen(Event::Tick);
    assert!(!desk.shows("记下了"));
    assert_eq!(desk.app.due(), None, "a console at which nothing happens sleeps");
}

#[test]
fn a_server_that_is_lost_is_shown_until_it_answers_again() {
    let mut desk = Desk::new();
    desk.press("F5");
    let failure = Failure::Unreachable { server: "s".into(), cause: "refused".into() };
    let id = desk.asked("list/again");
    desk.happen(Event::Answer { id, outcome: Err(failure) });
    assert!(desk.shows("连不上服务器"), "{}", desk.text());
    desk.press("F5").answer("list/again", 3_u64);
    assert!(!desk.shows("连不上服务器"), "{}", desk.text());
}

#[test]
fn labels_jump_to_what_can_be_clicked() {
    let mut desk = Desk::new();
    desk.text();
    desk.press("Ctrl+O 1");
    assert!(desk.shows("Target(\"head\")"), "{}", desk.text());
}
