//! What people read is whole: every catalogue of the house parses, and every entry of it can be formatted.

use super::texts;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use zhengai_model::text::Language;

#[test]
fn a_plugin_adds_texts_and_cannot_reword_the_house() {
    let texts = texts(Language::English);
    let house = texts.text("service-no-run", &[]);
    assert!(!texts.has("own-text"));
    texts.adopt(
        [("en", "own-text = Own { $what }\nservice-no-run = Reworded"), ("zh-CN", "own-text = 自己")].into_iter(),
    );
    assert_eq!(texts.text("own-text", &[("what", "words")]), "Own words");
    assert_eq!(texts.text("service-no-run", &[]), house);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every `locales` folder of the checkout.
fn folders() -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open: Vec<PathBuf> = ["core", "plugins", "tui"].map(|folder| root().join(folder)).into();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.file_name().is_some_and(|name| name == "locales") {
                found.insert(path);
            } else if path.is_dir() && !path.ends_with("templates") {
                // What a generated plugin says has its names still to be filled in.
                open.push(path);
            }
        }
    }
    found
}

/// Keys of a catalogue, and for each the arguments that its text names.
fn entries(source: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        let starts = line.starts_with(|first: char| first.is_ascii_alphabetic());
        if let Some((key, _)) = line.split_once('=').filter(|_| starts) {
            found.push((key.trim().to_owned(), Vec::new()));
        }
        let Some((_, arguments)) = found.last_mut() else { continue };
        for part in line.split('$').skip(1) {
            arguments.push(part.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-')).collect());
        }
    }
    found
}

#[test]
fn every_catalogue_parses_whole_and_every_entry_formats_with_the_arguments_it_names() {
    let folders = folders();
    assert!(folders.len() >= 13, "seven rooms, five layers and a connector: {folders:?}");
    for folder in folders {
        for language in [Language::Chinese, Language::English] {
            let path = folder.join(format!("{}.ftl", language.tag()));
            let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let resource = FluentResource::try_new(source.clone())
                .unwrap_or_else(|(_, errors)| panic!("{} does not parse: {errors:?}", path.display()));
            let mut bundle = FluentBundle::new_concurrent(vec![language.tag().parse().expect("a tag")]);
            bundle.set_use_isolating(false);
            bundle.add_resource(resource).unwrap_or_else(|errors| panic!("{} twice: {errors:?}", path.display()));
            let entries = entries(&source);
            // An entry may name another one, so each gets the arguments of all.
            let mut given = FluentArgs::new();
            for name in entries.iter().flat_map(|(_, arguments)| arguments) {
                given.set(name.as_str(), "1");
            }
            for (key, _) in &entries {
                let place = format!("{} `{key}`", path.display());
                let pattern = bundle.get_message(key).and_then(|message| message.value());
                let pattern = pattern.unwrap_or_else(|| panic!("{place} has no text"));
                let mut errors = Vec::new();
                let text = bundle.format_pattern(pattern, Some(&given), &mut errors).into_owned();
                assert!(errors.is_empty(), "{place}: {errors:?}");
                assert!(!text.contains(['⟦', '⟧']), "{place}: {text}");
            }
        }
    }
}

#[test]
fn the_texts_of_all_rooms_come_together_without_a_key_lost() {
    for language in [Language::Chinese, Language::English] {
        let texts = texts(language);
        let rooms = [
            zhengai_model::CATALOGUE,
            zhengai_warehouse::CATALOGUE,
            zhengai_engine::CATALOGUE,
            zhengai_store::CATALOGUE,
            zhengai_host::CATALOGUE,
            crate::CATALOGUE,
        ];
        let mut seen = BTreeSet::new();
        for (_, source) in rooms.iter().flatten().filter(|(tag, _)| *tag == language.tag()) {
            for (key, _) in entries(source) {
                assert!(!texts.text(&key, &[]).starts_with('⟦'), "{key}");
                assert!(seen.insert(key.clone()), "two rooms have `{key}`: one of the texts would never be seen");
            }
        }
    }
}

#[test]
fn a_key_without_a_text_shows_itself_between_brackets() {
    assert_eq!(texts(Language::Chinese).text("nowhere", &[]), "⟦nowhere⟧");
}
