//! `cargo xtask walkthrough`: types a script into the real console in tmux, in both languages, and writes what stood on
//! the screen into the pages. A page of frames that nobody typed does not stay true.

use crate::tools;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Socket of tmux, so that nobody's own sessions are touched.
fn socket() -> String {
    format!("zhengai-walkthrough-{}", std::process::id())
}

/// A step that takes more seconds has gone wrong.
const LONGEST: u64 = 600;
/// How often the screen is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// The script: `docs/walkthrough.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    columns: u16,
    rows: u16,
    title: Words,
    intro: Words,
    step: Vec<Step>,
}

/// Text in both languages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    zh: String,
    en: String,
}

/// What is typed, what is waited for, and what is said about the frame.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// Begins a section.
    heading: Option<Words>,
    text: Option<Words>,
    /// Names of keys as tmux has them; what stands in `'…'` is typed as it is.
    keys: Keys,
    /// Text that must stand on the screen afterwards.
    until: Words,
    /// Text that must not stand there any more.
    #[serde(default)]
    gone: Vec<String>,
    #[serde(default)]
    frame: bool,
}

/// The same in both languages, or not.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Keys {
    Same(Vec<String>),
    Own { zh: Vec<String>, en: Vec<String> },
}

impl Keys {
    fn of(&self, language: Language) -> &[String] {
        match self {
            Self::Same(keys) => keys,
            Self::Own { zh, .. } if language.tag == "zh-CN" => zh,
            Self::Own { en, .. } => en,
        }
    }

    /// As a reader is told them: `Tab` ×21.
    fn told(&self, language: Language) -> String {
        let mut told: Vec<(&str, usize)> = Vec::new();
        for key in self.of(language) {
            match told.last_mut() {
                Some((last, times)) if last == key => *times += 1,
                _ => told.push((key, 1)),
            }
        }
        let one = |(key, times): &(&str, usize)| {
            let key =
                key.trim_matches('\'').replace("M-", "Alt+").replace("C-", "Ctrl+").replace("BSpace", "Backspace");
            if *times > 1 { format!("`{key}` ×{times}") } else { format!("`{key}`") }
        };
        told.iter().map(one).collect::<Vec<_>>().join(" ")
    }
}

#[derive(Debug, Clone, Copy)]
struct Language {
    tag: &'static str,
    page: &'static str,
    pick: fn(&Words) -> &str,
    typed: &'static str,
}

const LANGUAGES: [Language; 2] = [
    Language { tag: "en", page: "docs/walkthrough.md", pick: |words| &words.en, typed: "Keys:" },
    Language { tag: "zh-CN", page: "docs/walkthrough.zh-CN.md", pick: |words| &words.zh, typed: "按键：" },
];

/// `--home FOLDER --data COLLEGE`: walks through a copy of the college, once for each language.
pub fn run(words: &[String]) -> Result<()> {
    let (mut home, mut data, mut only, mut longest) = (None, None, None, LONGEST);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let value = words.next().with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--home" => home = Some(PathBuf::from(value)),
            "--data" => data = Some(PathBuf::from(value)),
            "--lang" => only = Some(value.clone()),
            "--longest" => longest = value.parse().with_context(|| format!("{value} is no number of seconds"))?,
            _ => bail!("unknown argument {word}; known are --home, --data, --lang and --longest"),
        }
    }
    let home = home.unwrap_or_else(|| tools::target().join("home"));
    let data = data.unwrap_or_else(|| tools::target().join("demo-college"));
    let text = std::fs::read_to_string(tools::root().join("docs/walkthrough.toml"))?;
    let script: Script = toml::from_str(&text)?;
    for language in LANGUAGES.into_iter().filter(|language| only.as_deref().is_none_or(|only| only == language.tag)) {
        let place = tools::target().join(format!("walkthrough-{}", language.tag));
        copy_college(&data, &place)?;
        let page = walk(&script, language, &home, &place, Duration::from_secs(longest))?;
        std::fs::write(tools::root().join(language.page), page)?;
        println!("{}", language.page);
    }
    Ok(())
}

fn copy_college(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        std::fs::remove_dir_all(to)?;
    }
    std::fs::create_dir_all(to)?;
    let mut copy = Command::new("cp");
    copy.arg("-a").arg(from).arg(to.join("college"));
    tools::run(copy, "cp")
}

fn walk(script: &Script, language: Language, home: &Path, place: &Path, longest: Duration) -> Result<String> {
    let terminal = Terminal::start(script, language, home, place)?;
    let mut page = format!("# {}\n\n{}\n", (language.pick)(&script.title), (language.pick)(&script.intro).trim());
    let mut keys = Vec::new();
    for (at, step) in script.step.iter().enumerate() {
        let heading = step.heading.as_ref().map(language.pick);
        if let Some(heading) = heading {
            write!(page, "\n## {heading}\n")?;
        }
        if let Some(text) = &step.text {
            write!(page, "\n{}\n", (language.pick)(text).trim())?;
        }
        for key in step.keys.of(language) {
            terminal.press(key)?;
        }
        let screen =
            terminal.wait((language.pick)(&step.until), &step.gone, longest).with_context(|| format!("step {at}"))?;
        keys.push(step.keys.told(language));
        if step.frame {
            let keys = std::mem::take(&mut keys).join(" ");
            if !keys.is_empty() {
                write!(page, "\n{} {}\n", language.typed, keys.trim())?;
            }
            write!(page, "\n```text\n{}\n```\n", screen.trim_end())?;
        }
    }
    Ok(page)
}

/// The console in a window of tmux.
struct Terminal;

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = Command::new("tmux").args(["-L", &socket(), "kill-server"]).output();
    }
}

impl Terminal {
    fn start(script: &Script, language: Language, home: &Path, place: &Path) -> Result<Self> {
        let state = place.join("state");
        let line = format!(
            "cd {} && XDG_STATE_HOME={} {} --data college --lang {} 2>stderr",
            place.display(),
            state.display(),
            home.join("zhengai").display(),
            language.tag
        );
        let (columns, rows) = (script.columns.to_string(), script.rows.to_string());
        let words = ["-f", "/dev/null", "new-session", "-d", "-s", "walk", "-x", &columns, "-y", &rows, &line];
        let mut command = Command::new("tmux");
        command.args(["-L", &socket()]).args(words).env("LANG", "C.UTF-8").env("LC_ALL", "C.UTF-8");
        tools::run(command, "tmux")?;
        tmux(&["set", "-g", "escape-time", "10"])?;
        Ok(Self)
    }

    fn press(&self, key: &str) -> Result<()> {
        match key.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
            Some(text) => tmux(&["send-keys", "-t", "walk", "-l", text])?,
            None => tmux(&["send-keys", "-t", "walk", key])?,
        };
        // A key that leaves a screen and one for the next would else arrive as one chord.
        std::thread::sleep(LOOK);
        Ok(())
    }

    /// The screen, once it shows a text and nothing on it moves any more.
    fn wait(&self, until: &str, gone: &[String], longest: Duration) -> Result<String> {
        let begin = Instant::now();
        let mut before = String::new();
        loop {
            let screen = tmux(&["capture-pane", "-p", "-t", "walk"])?;
            let there = screen.contains(until) && !gone.iter().any(|text| screen.contains(text.as_str()));
            if there && screen == before {
                return Ok(screen);
            }
            if begin.elapsed() > longest {
                bail!("“{until}” never came:\n{screen}");
            }
            before = screen;
            std::thread::sleep(LOOK * 4);
        }
    }
}

fn tmux(words: &[&str]) -> Result<String> {
    let done = Command::new("tmux").args(["-L", &socket()]).args(words).output().context("tmux does not start")?;
    if !done.status.success() {
        bail!("tmux {}: {}", words.join(" "), String::from_utf8_lossy(&done.stderr));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
