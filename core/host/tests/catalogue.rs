//! Every error has its text in both languages, with the same arguments.
#![allow(clippy::unwrap_used, clippy::panic, reason = "everything here is a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::time::Duration;
use zhengai_host::{CATALOGUE, ErrorClass, HostError, ManifestRule, PluginFailure};
use zhengai_model::fault::Explain;
use zhengai_model::ids::PluginId;

/// Keys with the names of the arguments that their texts use.
fn texts(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in source.lines() {
        if let Some((name, _)) =
            line.split_once(" = ").filter(|_| line.starts_with(|one: char| one.is_ascii_alphabetic()))
        {
            key = name.to_owned();
        }
        // Texts of the checker are not of errors; its own test looks at them.
        if key.starts_with("check-") {
            continue;
        }
        let names = found.entry(key.clone()).or_default();
        for piece in line.split("{ $").skip(1) {
            let end = piece.find(|char: char| !char.is_ascii_alphanumeric() && char != '_').unwrap_or(piece.len());
            names.insert(piece[..end].to_owned());
        }
    }
    found
}

fn every_error() -> Vec<HostError> {
    let plugin = || PluginId::new("zoo").unwrap();
    let path = || PathBuf::from("plugins/zoo");
    let failure = |class| {
        HostError::Plugin(Box::new(PluginFailure {
            plugin: plugin(),
            class,
            text: "text".to_owned(),
            key: String::new(),
            args: Vec::new(),
            detail: serde_json::Value::Null,
            retry_after_ms: 0,
        }))
    };
    let contradiction = |rule| HostError::Contradiction { manifest: path(), plugin: plugin(), rule };
    let limit = |what| HostError::Limit { plugin: plugin(), what, limit: 4 << 30 };
    let system = || libloading::Error::DlOpenUnknown;
    let mut errors = vec![
        HostError::ManifestMissing { dir: path() },
        HostError::Manifest { dir: path(), faults: Vec::new() },
        contradiction(ManifestRule::LibraryWithoutAbi),
        contradiction(ManifestRule::AbiUnreadable("x".to_owned())),
        contradiction(ManifestRule::LibraryName("x".to_owned())),
        contradiction(ManifestRule::NeedsLibrary),
        HostError::Twice { plugin: plugin(), first: path(), second: path() },
        HostError::File { path: path(), source: io::Error::other("x") },
        HostError::NotText { path: path() },
        HostError::TooLarge { path: path(), limit: 16 << 20 },
        HostError::Abi { plugin: plugin(), abi: "2.0".to_owned() },
        HostError::NoLibrary { plugin: plugin() },
        HostError::Key { reason: "x".to_owned() },
        HostError::NotSigned { plugin: plugin() },
        HostError::BadSignature { plugin: plugin(), reason: "x".to_owned() },
        HostError::UnknownKey { plugin: plugin(), key: "x".to_owned() },
        HostError::LibraryMissing { plugin: plugin(), path: path() },
        HostError::Changed { plugin: plugin(), what: "files", expected: "a".to_owned(), found: "b".to_owned() },
        HostError::NeedsRestart { plugin: plugin(), path: path() },
        HostError::Open { plugin: plugin(), path: path(), source: system() },
        HostError::Entry { plugin: plugin(), path: path(), source: system() },
        HostError::OtherPlugin { plugin: plugin(), described: "x".to_owned() },
        HostError::NoComponent { plugin: plugin(), component: "x".to_owned() },
        HostError::Malformed { plugin: plugin(), call: "read", rule: "x".to_owned() },
        HostError::Poisoned { plugin: plugin() },
        HostError::Config {
            plugin: plugin(),
            component: "x".to_owned(),
            pointer: "/x".to_owned(),
            rule: "minimum: 1".to_owned(),
        },
        HostError::Crashed { plugin: plugin(), how: "SIGSEGV".to_owned() },
        HostError::Incomplete { plugin: plugin(), rule: "x".to_owned() },
        HostError::Stalled { plugin: plugin(), after: Duration::from_secs(300) },
        limit("memory"),
        limit("cpu"),
        limit("file"),
        HostError::Worker { plugin: plugin(), source: io::Error::other("x") },
    ];
    errors.extend((1..=11).map(|code| failure(ErrorClass::from_code(code))));
    errors
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_arguments() {
    let [(first, chinese), (second, english)] = CATALOGUE;
    assert_eq!((first, second), ("zh-CN", "en"));
    assert_eq!(texts(chinese), texts(english));
}

#[test]
fn every_error_has_a_text_whose_arguments_it_gives_and_no_text_is_left_over() {
    let texts = texts(CATALOGUE[1].1);
    let mut used = BTreeSet::new();
    for error in every_error() {
        let message = error.message();
        let wanted = texts.get(&message.key).unwrap_or_else(|| panic!("no text for {}", message.key));
        let given: BTreeSet<String> = message.args.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(&given, wanted, "{}", message.key);
        used.insert(message.key);
    }
    let left: Vec<&String> = texts.keys().filter(|key| !used.contains(*key)).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn every_check_has_a_title_in_both_languages() {
    for (language, source) in CATALOGUE {
        for id in zhengai_host::check::ids() {
            let key = format!("check-{} = ", id.replace('.', "-"));
            assert!(source.lines().any(|line| line.starts_with(&key)), "{key} in {language}");
        }
    }
}
