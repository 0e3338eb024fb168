//! Texts that were good once: cut, doubled, swapped, and mixed with words that have broken parsers before.

use proptest::prelude::*;
use proptest::sample::Index;
use std::path::{Path, PathBuf};

/// One change of a text.
#[derive(Debug, Clone)]
pub enum Change {
    Cut(Index, usize),
    Double(Index, usize),
    Put(Index, &'static str),
    Letter(Index, char),
    Swap(Index, Index),
}

/// Up to six changes, with words of a language among what is put in.
pub fn changes(words: &'static [&'static str]) -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        2 => (any::<Index>(), 1_usize..40).prop_map(|(at, length)| Change::Cut(at, length)),
        2 => (any::<Index>(), 1_usize..40).prop_map(|(at, length)| Change::Double(at, length)),
        4 => (any::<Index>(), prop::sample::select(words)).prop_map(|(at, word)| Change::Put(at, word)),
        2 => (any::<Index>(), any::<char>()).prop_map(|(at, letter)| Change::Letter(at, letter)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Change::Swap(one, other)),
    ];
    prop::collection::vec(change, 1..7)
}

/// The text after the changes.
pub fn changed(text: &str, changes: &[Change]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for change in changes {
        let size = letters.len();
        match change {
            Change::Put(at, word) => {
                let at = at.index(size + 1);
                letters.splice(at..at, word.chars());
            }
            _ if size == 0 => {}
            Change::Cut(at, length) => {
                let at = at.index(size);
                letters.drain(at..size.min(at + length));
            }
            Change::Double(at, length) => {
                let at = at.index(size);
                let part = letters[at..size.min(at + length)].to_vec();
                letters.splice(at..at, part);
            }
            Change::Letter(at, letter) => {
                let at = at.index(size);
                letters[at] = *letter;
            }
            Change::Swap(one, other) => letters.swap(one.index(size), other.index(size)),
        }
    }
    letters.into_iter().collect()
}

/// Whether line and column, from 1, lie inside the text or right behind its end.
pub fn inside(text: &str, line: usize, column: usize) -> bool {
    let mut lines = text.split('\n');
    let Some(found) = line.checked_sub(1).and_then(|above| lines.nth(above)) else { return false };
    (1..=found.chars().count() + 1).contains(&column)
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All TOML files below a folder of the checkout: path below it, and text.
pub fn files(folder: &str) -> Vec<(String, String)> {
    let top = root().join(folder);
    let mut open = vec![top.clone()];
    let mut found = Vec::new();
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder of the checkout") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "toml")
                && path.file_name().is_none_or(|name| name != "Cargo.toml")
            {
                let within = path.strip_prefix(&top).expect("below").to_string_lossy().replace('\\', "/");
                found.push((within, std::fs::read_to_string(&path).expect("text")));
            }
        }
    }
    found.sort();
    found
}
