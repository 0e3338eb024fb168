//! Rules on Fluent catalogues: every key in both languages with the same arguments, every key that code names exists.

use super::{Fault, Tree};
use std::collections::{BTreeMap, BTreeSet};

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// Key → arguments of one catalogue file.
fn entries(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current: Option<String> = None;
    for line in text.lines() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        if !line.starts_with([' ', '\t', '.', '}']) {
            current = line.split_once('=').map(|(key, _)| key.trim().to_owned());
        }
        if let Some(key) = &current {
            found.entry(key.clone()).or_default().extend(arguments(line));
        }
    }
    found
}

/// The arguments as both languages must have them: a name that comes in both (`Names { zh, en }`) is one argument.
fn shared(arguments: &BTreeSet<String>) -> BTreeSet<&str> {
    arguments.iter().map(|name| if matches!(name.as_str(), "zh" | "en") { "zh/en" } else { name.as_str() }).collect()
}

fn arguments(line: &str) -> impl Iterator<Item = String> + '_ {
    line.match_indices('$').map(move |(at, _)| {
        line[at + 1..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-')).collect()
    })
}

/// Pairs of catalogue files that must agree, by the path of the Chinese one.
fn pairs(tree: &Tree) -> Vec<(&str, &str, Option<&str>)> {
    let all: BTreeMap<&str, &str> = tree.ending(".ftl").collect();
    let mut seen = Vec::new();
    for (path, text) in &all {
        for (own, other) in [(LANGUAGES[0], LANGUAGES[1]), (LANGUAGES[1], LANGUAGES[0])] {
            let in_folder = path.contains(&format!("/{own}/"));
            if in_folder || path.ends_with(&format!("/{own}.ftl")) {
                let twin = match path.strip_suffix(&format!("/{own}.ftl")) {
                    Some(folder) => format!("{folder}/{other}.ftl"),
                    None => path.replace(&format!("/{own}/"), &format!("/{other}/")),
                };
                seen.push((*path, *text, all.get(twin.as_str()).copied()));
            }
        }
    }
    seen
}

/// A key in one language stands in the other, with the same arguments.
pub fn both_languages(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text, twin) in pairs(tree) {
        let there = entries(twin.unwrap_or_default());
        for (key, arguments) in entries(text) {
            let text = match there.get(&key) {
                None => format!("`{key}` is missing in the other language"),
                Some(other) if shared(other) != shared(&arguments) => {
                    format!("`{key}` has other arguments in the other language: {arguments:?} and {other:?}")
                }
                Some(_) => continue,
            };
            faults.push(Fault { place: path.to_owned(), rule: "catalogue", text });
        }
    }
    faults
}

/// Every literal key given to `Message::new` stands in some catalogue.
pub fn keys_exist(tree: &Tree) -> Vec<Fault> {
    let known: BTreeSet<String> = tree.ending(".ftl").flat_map(|(_, text)| entries(text).into_keys()).collect();
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".rs").filter(|(path, _)| !path.starts_with("xtask/")) {
        let body = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
        if path.contains("/tests/") || path.ends_with("/tests.rs") {
            continue;
        }
        for (at, call) in body.match_indices("Message::new(") {
            let after = body[at + call.len()..].trim_start();
            let Some(key) = after.strip_prefix('"').and_then(|rest| rest.split('"').next()) else { continue };
            if !known.contains(key) {
                let line = body[..at].lines().count();
                let text = format!("no catalogue has `{key}`");
                faults.push(Fault { place: format!("{path}:{line}"), rule: "catalogue", text });
            }
        }
    }
    faults
}
