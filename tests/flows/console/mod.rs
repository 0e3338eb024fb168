//! The console on the real binary in a real terminal: what is typed, what is seen, and how the terminal is left behind.

mod server;
mod terminal;

use crate::harness::{College, binary};
use crate::samples::{departments, import};
use crate::sync::Bench;
use portable_pty::CommandBuilder;
use rustix::process::Signal;
use std::sync::Arc;
use std::time::Duration;
use terminal::{Kind, Terminal, ends_without_its_terminal, usual};

const F2: &str = "\x1bOQ";
const F8: &str = "\x1b[19~";
const F10: &str = "\x1b[21~";
const DELETE: &str = "\x1b[3~";
const ESC: &str = "\x1b";
const CTRL_Q: &str = "\x11";
/// A variable that makes this very test binary the process in the terminal.
const BREAK: &str = "ZHENGAI_TEST_BREAK";

#[test]
fn zhengai_alone_in_a_terminal_opens_the_console_and_leaves_it_clean() {
    let college = College::new();
    let mut terminal = Terminal::console(&college, Kind::default(), &[]);
    terminal.sees("诊改").sees("总览").sees("测试学院").sees("本机");
    terminal.until("the console has the terminal", vt100::Screen::alternate_screen);
    terminal.send(CTRL_Q);
    assert_eq!(terminal.ends().exit_code(), 0);
    assert_eq!(terminal.is_clean(), Ok(()));
}

#[test]
fn the_palette_drills_by_initials_and_escape_leads_back() {
    let college = College::new();
    let mut terminal = Terminal::console(&college, Kind::default(), &["console"]);
    terminal.sees("测试学院").send(F2).sees("命令面板").send("zdzj");
    terminal.sees("终端自检").send("\r").sees("总览 / 终端自检");
    terminal.send(ESC).sees_no("总览 / 终端自检").send(CTRL_Q);
    assert_eq!(terminal.ends().exit_code(), 0);
}

#[test]
fn pasted_chinese_stands_in_the_field_and_the_real_cursor_behind_it() {
    let college = College::new();
    let terminal = Terminal::console(&college, Kind::default(), &["console"]);
    terminal.sees("测试学院").send(F2).sees("命令面板");
    let empty = terminal.until("a cursor", |screen| !screen.hide_cursor());
    assert!(empty.contains("命令面板"));
    let cursor = || std::cell::Cell::new((0, 0));
    let (before, after) = (cursor(), cursor());
    terminal.until("the cursor in the field", |screen| {
        before.set(screen.cursor_position());
        !screen.hide_cursor()
    });
    terminal.paste("预警abc");
    terminal.until("the text, and the cursor seven cells on", |screen| {
        after.set(screen.cursor_position());
        let ((row, column), (row_after, column_after)) = (before.get(), after.get());
        screen.contents().contains("预警abc") && (row, column + 7) == (row_after, column_after)
    });
}

#[test]
fn a_screen_that_a_layer_brings_shows_rows_of_the_college_and_leads_to_an_object() {
    let college = College::new();
    let departments = college.file("departments.csv", departments(&["D01,教务处,职能部门,S1,"]));
    import(&college, &departments, "departments", &[]).good();
    let head = "任务编号,规划名称,任务名称,任务类型,部门代码,计划完成日期,实际完成日期,进度";
    let rows =
        ["R1,规划,修订标准,规划任务,D01,2020-06-01,,40", "R2,规划,建成平台,规划任务,D01,2020-07-01,2020-06-30,100"];
    let tasks = college.file("tasks.csv", [head, rows[0], rows[1], ""].join("\n"));
    import(&college, &tasks, "plan_tasks", &[]).good();
    let words = ["console", "plugins", "plugin=layer-school", "screen=overdue-tasks"];
    let mut terminal = Terminal::console(&college, Kind { columns: 120, rows: 30, ..Kind::default() }, &words);
    terminal.sees("总览 / 逾期任务").sees("修订标准").sees("教务处").sees_no("建成平台");
    terminal.send("\r").sees("总览 / 逾期任务 / ").send(CTRL_Q);
    assert_eq!(terminal.ends().exit_code(), 0);
}

#[test]
fn a_job_is_cancelled_in_its_drawer_and_nothing_of_it_is_kept() {
    // The connector gives one batch and then waits until it is told to stop.
    let bench = Bench::one(serde_json::json!([{ "from": 0, "at": 1, "does": "wait" }]));
    let mut terminal = Terminal::console(&bench.college, Kind::default(), &["console", "data"]);
    terminal.sees("jw").send(F10).sees("已开始：同步").send(F8).sees("任务").send(DELETE).sees("已取消：同步");
    // The keys of the frame work over the drawer.
    terminal.send(CTRL_Q);
    assert_eq!(terminal.ends().exit_code(), 0);
    assert_eq!(terminal.is_clean(), Ok(()));
    assert_eq!(bench.college.json(&["source", "list"])[0]["state"], "cancelled");
    assert_eq!(bench.rows(), 0, "the batch that was at hand is in no table");
    bench.replay(serde_json::json!([]));
    bench.sync(&[]).good();
    assert_eq!(bench.rows(), 5, "and nothing of it is missing later");
}

#[test]
fn a_storm_of_sizes_ends_in_the_frame_of_the_last_size() {
    let college = College::new();
    let terminal = Terminal::console(&college, Kind::default(), &["console"]);
    terminal.sees("测试学院");
    for step in 0..60_u16 {
        terminal.resize(60 + step, 16 + step % 20);
    }
    terminal.resize(50, 12).sees("60×16").resize(100, 30).sees("测试学院").sees("F2");
    terminal.until("hints in the last row", |screen| screen.rows(0, 100).last().is_some_and(|row| row.contains("F2")));
}

#[test]
fn sigterm_and_sighup_end_the_console_and_leave_the_terminal_clean() {
    let college = College::new();
    for signal in [Signal::TERM, Signal::HUP] {
        let mut terminal = Terminal::console(&college, Kind::default(), &["console"]);
        terminal.sees("测试学院").signal(signal);
        terminal.ends();
        assert_eq!(terminal.is_clean(), Ok(()), "{signal:?}");
    }
}

#[test]
fn a_terminal_that_is_gone_without_a_signal_ends_the_console() {
    let college = College::new();
    let mut command = CommandBuilder::new("sh");
    usual(&mut command, &college.path("person"));
    // The kernel tells the leader of the session only, and this one does not listen.
    command.args(["-c", "trap '' HUP; \"$0\" --data \"$1\" console; exit 0"]);
    command.arg(binary());
    command.arg(college.data());
    assert!(ends_without_its_terminal(command), "the console reads the end of its input for ever");
}

#[test]
fn a_stopped_console_gives_the_terminal_back_and_takes_it_again() {
    let college = College::new();
    let terminal = Terminal::console(&college, Kind::default(), &["console"]);
    terminal.sees("测试学院").signal(Signal::TSTP);
    // A shell lets a process go on that it was told has stopped; what comes earlier stops nothing.
    terminal.is_stopped();
    terminal.until("the usual screen", |screen| !screen.alternate_screen() && !screen.hide_cursor());
    assert_eq!(terminal.is_clean(), Ok(()));
    terminal.signal(Signal::CONT);
    terminal.until("the console again", |screen| screen.alternate_screen() && screen.contents().contains("测试学院"));
}

#[test]
fn no_color_sends_no_colour_and_loses_no_word() {
    let college = College::new();
    let kind = Kind { environment: &[("NO_COLOR", "1")], ..Kind::default() };
    let terminal = Terminal::console(&college, kind, &["console"]);
    terminal.sees("测试学院").sees("F2");
    let text = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    for colour in ["\x1b[38;", "\x1b[48;", "\x1b[31m", "\x1b[42m"] {
        assert!(!text.contains(colour), "{colour:?} was sent");
    }
}

#[test]
fn a_locale_without_utf8_gets_ascii_only_in_english() {
    let college = College::nowhere();
    college.run(&["init", "--id", "test", "--name", "Test College"]).good();
    let kind = Kind { environment: &[("LANG", "C")], ..Kind::default() };
    let terminal = Terminal::console(&college, kind, &["--lang", "en", "console", "runs"]);
    terminal.sees("Test College").sees("F2").send(F2).sees("Commands").send(ESC).sees_no("Commands, objects");
    // The question that measures the terminal paints a line; it is not there any more when the first frame is.
    let bytes = terminal.bytes();
    let frames = bytes.windows(4).position(|bytes| bytes == b"\x1b[2J").map(|at| &bytes[at..]).expect("a frame");
    // The academic year comes from the server as people write it: 2026–2027.
    let odd = |letter: &char| !letter.is_ascii() && *letter != '–';
    let odd: Vec<char> = String::from_utf8_lossy(frames).chars().filter(odd).collect();
    assert!(odd.is_empty(), "{odd:?}");
}

#[test]
fn a_console_at_which_nothing_happens_writes_nothing() {
    let college = College::new();
    let terminal = Terminal::console(&college, Kind::default(), &["console", "terminal"]);
    terminal.sees("测试学院");
    assert_eq!(terminal.bytes_in(Duration::from_secs(2)), 0);
}

#[test]
fn a_key_map_with_a_conflict_is_refused_before_the_terminal_is_taken() {
    let college = College::new();
    std::fs::write(college.data().join("keymap.toml"), "[keys]\nhelp = [\"F5\"]\n").expect("a key map");
    let mut terminal = Terminal::console(&college, Kind::default(), &["console"]);
    assert_ne!(terminal.ends().exit_code(), 0);
    terminal.sees("F5").sees("[keys] help").sees("[keys] refresh");
    assert_eq!(terminal.is_clean(), Ok(()));
}

#[test]
fn a_broken_console_gives_the_terminal_back_before_it_says_what_broke() {
    if std::env::var_os(BREAK).is_some() {
        return break_here();
    }
    let college = College::nowhere();
    let mut command = CommandBuilder::new(std::env::current_exe().expect("this binary"));
    usual(&mut command, &college.path("person"));
    command.args([
        "--exact",
        "console::a_broken_console_gives_the_terminal_back_before_it_says_what_broke",
        "--nocapture",
    ]);
    command.env(BREAK, college.path("person"));
    let mut terminal = Terminal::start(command, Kind::default());
    terminal.sees("总览").send("x");
    assert_ne!(terminal.ends().exit_code(), 0);
    terminal.sees("broken on purpose").sees(".jsonl");
    assert_eq!(terminal.is_clean(), Ok(()));
}

/// Runs a console whose screen breaks at the first key. The real binary has no such screen.
fn break_here() {
    use zhengai_model::text::Language;
    use zhengai_tui::app::{Params, ScreenId};
    use zhengai_tui::runtime::{Settings, run};
    let folder = std::path::PathBuf::from(std::env::var_os(BREAK).expect("a folder"));
    let settings = Settings {
        port: Arc::new(zhengai_tui::effect::ClientPort::opening(std::future::pending(), Language::Chinese)),
        language: Language::Chinese,
        screen: ScreenId::Overview,
        params: Params::new(),
        theme: zhengai_tui::theme::ThemeName::Dark,
        glyphs: None,
        ambiguous: None,
        mouse: zhengai_tui::effect::Mouse::Console,
        keymap: folder.join("keymap.toml"),
        folder,
        environment: std::env::vars().collect(),
        clock: chrono::Utc::now,
        build: zhengai_tui::testkit::brittle,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run(settings)).expect("it breaks first");
}
