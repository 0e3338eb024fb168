//! Rules on Rust sources: header comments, length, `unsafe`, names that belong to one room, unfinished marks.

use super::{Fault, Tree};

/// Non-test lines that a file may have.
const LONGEST: usize = 800;

/// Folders in which `unsafe` may stand.
const UNSAFE_ROOMS: [&str; 3] = ["core/host/", "plugins/abi/", "plugins/sdk/"];

/// Crate paths that may be named only under these folders.
const NAMES: [(&str, &[&str]); 4] = [
    ("datafusion", &["core/warehouse/", "core/engine/"]),
    ("deltalake", &["core/warehouse/"]),
    ("sqlx", &["core/store/"]),
    ("libloading", &["core/host/"]),
];

fn fault(path: &str, line: usize, rule: &'static str, text: &str) -> Fault {
    Fault { place: format!("{path}:{line}"), rule, text: text.to_owned() }
}

/// xtask names what it looks for, so rules on words do not apply to it.
fn sources(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    tree.ending(".rs").filter(|(path, _)| !path.starts_with("xtask/"))
}

/// The code of a line: without a line comment and without the insides of strings.
fn code(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut inside = false;
    let mut previous = ' ';
    for letter in line.chars() {
        if letter == '"' && previous != '\\' {
            inside = !inside;
        } else if !inside {
            if letter == '/' && previous == '/' {
                out.pop();
                break;
            }
            out.push(letter);
        }
        previous = letter;
    }
    out
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let part = |letter: Option<char>| letter.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !part(before) && !part(after)
    })
}

/// Every file says in `//!` what it is for.
pub fn headers(tree: &Tree) -> Vec<Fault> {
    tree.ending(".rs")
        .filter(|(_, text)| !text.lines().next().is_some_and(|line| line.starts_with("//!")))
        .map(|(path, _)| fault(path, 1, "header", "open the file with `//!`: what it is for, what it must never do"))
        .collect()
}

/// No file is longer than a person reads in one go. Lines from the first `#[cfg(test)] mod` on do not count.
pub fn lengths(tree: &Tree) -> Vec<Fault> {
    tree.ending(".rs")
        .filter(|(path, _)| !path.contains("/tests/") && !path.ends_with("/tests.rs"))
        .filter_map(|(path, text)| {
            let lines: Vec<&str> = text.lines().collect();
            let tests =
                lines.windows(2).position(|pair| matches!(pair, ["#[cfg(test)]", next] if next.starts_with("mod ")));
            let count = tests.unwrap_or(lines.len());
            (count > LONGEST).then(|| fault(path, count, "length", "split the file by responsibility"))
        })
        .collect()
}

/// `unsafe` lives in the host and in the plugin boundary only.
pub fn unsafe_code(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in sources(tree).filter(|(path, _)| !UNSAFE_ROOMS.iter().any(|room| path.starts_with(room))) {
        for (index, line) in text.lines().enumerate() {
            if has_word(&code(line), "unsafe") {
                faults.push(fault(
                    path,
                    index + 1,
                    "unsafe",
                    "unsafe belongs to core/host, plugins/abi and plugins/sdk",
                ));
            }
        }
    }
    faults
}

/// DataFusion is named in `warehouse` and `engine` only, sqlx in `store` only, and so on.
pub fn foreign_names(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in sources(tree) {
        for (name, rooms) in NAMES {
            if rooms.iter().any(|room| path.starts_with(room)) {
                continue;
            }
            for (index, line) in text.lines().enumerate() {
                if has_word(&code(line), name) {
                    faults.push(fault(
                        path,
                        index + 1,
                        "room",
                        &format!("{name} is named in {} only", rooms.join(", ")),
                    ));
                }
            }
        }
    }
    faults
}

/// No unfinished marks, no tests that sleep, are ignored or expect a panic.
pub fn marks(tree: &Tree) -> Vec<Fault> {
    const MARKS: [(&str, &str); 7] = [
        ("todo!(", "unfinished code"),
        ("unimplemented!(", "unfinished code"),
        ("dbg!(", "left from debugging"),
        ("#[ignore", "a test that does not run"),
        ("should_panic", "assert the error instead"),
        ("thread::sleep", "wait for the event, not for a time"),
        ("time::sleep", "wait for the event, not for a time"),
    ];
    let mut faults = Vec::new();
    for (path, text) in sources(tree) {
        for (index, line) in text.lines().enumerate() {
            let line = code(line);
            for (mark, why) in MARKS {
                if line.contains(mark) {
                    faults.push(fault(path, index + 1, "mark", &format!("`{mark}`: {why}")));
                }
            }
        }
    }
    faults
}
