//! Every message that this room can send has an entry in both languages, with the same arguments.

use crate::CATALOGUE;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Key and the arguments that its entry uses. An entry goes on over indented lines.
fn entries(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once(" = ").filter(|(name, _)| !name.starts_with(' ')) {
            key = name.to_owned();
            assert!(found.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
        }
        for part in line.split('$').skip(1) {
            let name: String = part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            found.get_mut(&key).expect("an entry has begun").insert(name);
        }
    }
    found
}

fn keys_in(folder: &Path, keys: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            keys_in(&path, keys);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("UTF-8");
            keys.extend(text.split('"').filter(|part| is_key(part)).map(str::to_owned));
        }
    }
}

fn is_key(text: &str) -> bool {
    text.strip_prefix("model-")
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
}

#[test]
fn both_languages_have_the_same_entries_with_the_same_arguments() {
    let [(_, chinese), (_, english)] = CATALOGUE;
    assert_eq!(entries(chinese), entries(english));
}

#[test]
fn every_key_in_the_sources_has_an_entry_and_every_entry_a_key() {
    let mut keys = BTreeSet::new();
    keys_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut keys);
    let [(_, chinese), _] = CATALOGUE;
    let known: BTreeSet<String> = entries(chinese).into_keys().collect();
    assert_eq!(keys, known);
}
