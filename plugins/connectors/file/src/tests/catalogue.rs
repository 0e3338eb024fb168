//! The texts: every key that the code uses is there, in both languages, with the same arguments.

use crate::CATALOGUE;
use std::collections::{BTreeMap, BTreeSet};

fn messages(source: &str) -> BTreeMap<String, (String, BTreeSet<String>)> {
    let mut found: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    let mut current = None;
    for line in source.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with([' ', '}'])) {
            current = Some(key.to_owned());
        }
        let entry = found.entry(current.clone().unwrap()).or_default();
        entry.0.push_str(line);
        for part in line.split('$').skip(1) {
            entry.1.insert(part.chars().take_while(|next| next.is_ascii_alphanumeric() || *next == '_').collect());
        }
    }
    found
}

#[test]
fn both_languages_have_the_same_keys_and_arguments() {
    let [chinese, english] = CATALOGUE.map(|(_, source)| messages(source));
    let arguments = |messages: &BTreeMap<String, (String, BTreeSet<String>)>| {
        messages.iter().map(|(key, (_, arguments))| (key.clone(), arguments.clone())).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(arguments(&chinese), arguments(&english));
    assert!(chinese.values().all(|(text, _)| !text.is_ascii()), "Chinese texts are Chinese");
}

#[test]
fn every_key_in_the_code_has_a_text_and_every_text_is_used() {
    let code = [include_str!("../fault.rs"), include_str!("../notice.rs")].concat();
    let mut used: BTreeSet<String> =
        code.split('"').filter(|text| text.starts_with("file-")).map(str::to_owned).collect();
    used.insert("file-place".to_owned());
    for rule in ["row-columns", "row-encoding", "row-syntax", "cell-error"] {
        used.insert(format!("file-rule-{rule}"));
    }
    let there: BTreeSet<String> = messages(CATALOGUE[0].1).into_keys().collect();
    assert_eq!(used, there);
}
