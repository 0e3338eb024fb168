//! What the terminal can do: asked of the environment, and of the terminal itself with a limit of time. What it does not
//! say is taken from the configuration, or assumed.

use crate::text::Ambiguous;
use crate::theme::{GlyphSet, Level};
use std::collections::BTreeMap;

/// What the environment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Environment {
    /// How many colours.
    pub level: Level,
    /// Which glyphs.
    pub glyphs: GlyphSet,
    /// How far away the person is.
    pub distance: Distance,
}

/// How far away the person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// At this machine.
    Here,
    /// Across a network.
    Remote,
}

impl Environment {
    /// Reads `NO_COLOR`, `COLORTERM`, `TERM`, the locale, `SSH_CONNECTION`.
    pub fn read(variables: &BTreeMap<String, String>) -> Self {
        let get = |name: &str| variables.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let term = get("TERM").unwrap_or("dumb");
        let level = if get("NO_COLOR").is_some() || term == "dumb" {
            Level::None
        } else if matches!(get("COLORTERM"), Some("truecolor" | "24bit")) || term.ends_with("-direct") {
            Level::True
        } else if term.contains("256") {
            Level::Ansi256
        } else {
            Level::Ansi16
        };
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(get).unwrap_or("");
        let utf8 = locale.to_ascii_lowercase().replace('-', "").contains("utf8");
        // The consoles of Linux and of old serial lines have no fonts for more.
        let plain = matches!(term, "linux" | "dumb" | "vt100");
        let glyphs = if utf8 && !plain { GlyphSet::Unicode } else { GlyphSet::Ascii };
        let remote = get("SSH_CONNECTION").or(get("SSH_TTY")).is_some();
        Self { level, glyphs, distance: if remote { Distance::Remote } else { Distance::Here } }
    }
}

/// What the terminal said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// How wide it paints ambiguous characters.
    pub ambiguous: Option<Ambiguous>,
    /// Whether it knows synchronized updates.
    pub sync: Option<Sync>,
    /// What was typed meanwhile.
    pub typed: String,
}

/// Whether a terminal shows a frame at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sync {
    /// It does.
    Known,
    /// It does not, or does not say.
    Unknown,
}

/// Collects answers from bytes.
#[derive(Debug, Default)]
pub struct Probe {
    bytes: Vec<u8>,
}

impl Probe {
    /// Takes bytes; says whether the last answer is there.
    pub fn take(&mut self, bytes: &[u8]) -> bool {
        self.bytes.extend_from_slice(bytes);
        self.answers().1
    }

    /// What the terminal said so far.
    pub fn found(&self) -> Found {
        self.answers().0
    }

    fn answers(&self) -> (Found, bool) {
        let text = String::from_utf8_lossy(&self.bytes);
        let mut found = Found::default();
        let mut done = false;
        let mut rest = text.as_ref();
        while let Some(at) = rest.find("\x1b[") {
            let (typed, answer) = rest.split_at(at);
            found.typed.push_str(typed);
            let body = answer.get(2..).unwrap_or_default();
            let Some(end) = body.find(|letter: char| ('@'..='~').contains(&letter)) else {
                return (found, done);
            };
            let (arguments, tail) = body.split_at(end);
            match tail.chars().next() {
                Some('R') => {
                    found.ambiguous = match arguments.split(';').nth(1) {
                        Some("2") => Some(Ambiguous::Narrow),
                        Some("3") => Some(Ambiguous::Wide),
                        _ => None,
                    };
                }
                Some('y') if arguments.starts_with("?2026;") => {
                    let known = matches!(arguments, "?2026;1$" | "?2026;2$" | "?2026;3$");
                    found.sync = Some(if known { Sync::Known } else { Sync::Unknown });
                }
                Some('c') if arguments.starts_with('?') => done = true,
                _ => {}
            }
            rest = tail.get(1..).unwrap_or_default();
        }
        found.typed.push_str(rest);
        (found, done)
    }
}

/// Asks the terminal, for at most 150 ms. It must be in raw mode, and nobody else may be reading from it yet.
///
/// The questions: paint `│` in the corner and say where the cursor is; do you know synchronized updates; who are you. Every
/// terminal answers the last one, so its answer ends the waiting.
#[cfg(unix)]
pub fn probe() -> Found {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use std::io::Write as _;
    use std::os::fd::AsFd as _;
    use std::time::{Duration, Instant};

    const QUESTIONS: &str = "\x1b[1;1H│\x1b[6n\x1b[?2026$p\x1b[c";
    const LIMIT: Duration = Duration::from_millis(150);

    let mut probe = Probe::default();
    let mut out = std::io::stdout().lock();
    if out.write_all(QUESTIONS.as_bytes()).and_then(|()| out.flush()).is_err() {
        return Found::default();
    }
    let stdin = std::io::stdin();
    let begun = Instant::now();
    let mut buffer = [0_u8; 512];
    while let Some(left) = LIMIT.checked_sub(begun.elapsed()) {
        let Ok(left) = Timespec::try_from(left) else { break };
        let mut wait = [PollFd::from_borrowed_fd(stdin.as_fd(), PollFlags::IN)];
        match poll(&mut wait, Some(&left)) {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
        // Not through the buffer of std: what it would keep, nobody could read any more.
        match rustix::io::read(&stdin, &mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) if probe.take(buffer.get(..count).unwrap_or_default()) => break,
            Ok(_) => {}
        }
    }
    probe.found()
}

/// Asks the terminal: not on this system.
#[cfg(not(unix))]
pub fn probe() -> Found {
    Found::default()
}

#[cfg(test)]
mod tests {
    use super::{Distance, Environment, Probe, Sync};
    use crate::text::Ambiguous;
    use crate::theme::{GlyphSet, Level};
    use std::collections::BTreeMap;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        let variables: BTreeMap<String, String> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Environment::read(&variables)
    }

    #[test]
    fn a_terminal_that_answers_says_how_wide_it_paints_and_whether_it_syncs() {
        let mut probe = Probe::default();
        assert!(!probe.take(b"\x1b[1;3R\x1b[?20"));
        assert!(probe.take(b"26;2$y\x1b[?62;22c"));
        let found = probe.found();
        assert_eq!(found.ambiguous, Some(Ambiguous::Wide));
        assert_eq!(found.sync, Some(Sync::Known));
        assert_eq!(found.typed, "");
    }

    #[test]
    fn what_is_typed_while_the_terminal_answers_is_kept() {
        let mut probe = Probe::default();
        assert!(probe.take("yj\x1b[1;2R预\x1b[?1;2c".as_bytes()));
        let found = probe.found();
        assert_eq!(found.typed, "yj预");
        assert_eq!(found.ambiguous, Some(Ambiguous::Narrow));
        assert_eq!(found.sync, None);
    }

    #[test]
    fn colours_follow_no_color_colorterm_and_term() {
        assert_eq!(environment(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")]).level, Level::None);
        assert_eq!(environment(&[("TERM", "xterm-256color"), ("NO_COLOR", "")]).level, Level::Ansi256);
        assert_eq!(environment(&[("TERM", "xterm"), ("COLORTERM", "truecolor")]).level, Level::True);
        assert_eq!(environment(&[("TERM", "screen")]).level, Level::Ansi16);
        assert_eq!(environment(&[]).level, Level::None);
    }

    #[test]
    fn a_locale_without_utf8_and_the_console_of_linux_get_ascii() {
        let glyphs = |pairs: &[(&str, &str)]| environment(pairs).glyphs;
        assert_eq!(glyphs(&[("TERM", "xterm"), ("LANG", "zh_CN.UTF-8")]), GlyphSet::Unicode);
        assert_eq!(glyphs(&[("TERM", "xterm"), ("LANG", "zh_CN.utf8")]), GlyphSet::Unicode);
        assert_eq!(glyphs(&[("TERM", "xterm"), ("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")]), GlyphSet::Ascii);
        assert_eq!(glyphs(&[("TERM", "linux"), ("LANG", "zh_CN.UTF-8")]), GlyphSet::Ascii);
        let remote = environment(&[("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")]);
        assert_eq!(remote.distance, Distance::Remote);
    }
}
