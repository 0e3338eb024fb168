//! Every error has its text in both languages, and no text lacks an argument.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use std::collections::BTreeSet;
use zhengai_model::fault::Explain;
use zhengai_store::{CATALOGUE, DumpRule, StoreError, Thing};

fn errors() -> Vec<StoreError> {
    let place = || "/数据/record.db".to_owned();
    let text = || "X".to_owned();
    let source = || sqlx::Error::PoolTimedOut;
    let json = serde_json::from_str::<u8>("x").unwrap_err();
    vec![
        StoreError::BadAddress { place: place() },
        StoreError::Unreachable { place: place(), source: source() },
        StoreError::NotADatabase { place: place(), source: source() },
        StoreError::Damaged { place: place(), source: source() },
        StoreError::Foreign { place: place() },
        StoreError::Newer { place: place(), found: 2, known: 1 },
        StoreError::AlteredMigration { place: place(), version: 1 },
        StoreError::Migration { place: place(), source: sqlx::migrate::MigrateError::Dirty(1) },
        StoreError::Busy { place: place(), source: source() },
        StoreError::Full { place: place(), source: source() },
        StoreError::ReadOnly { place: place(), source: source() },
        StoreError::NoServer { place: place(), source: source() },
        StoreError::Login { place: place(), source: source() },
        StoreError::NoDatabase { place: place(), source: source() },
        StoreError::Tls { place: place(), source: source() },
        StoreError::Lost { place: place(), source: source() },
        StoreError::CommitUnknown { place: place(), source: source() },
        StoreError::Exhausted { place: place(), source: source() },
        StoreError::NotAllowed { place: place(), source: source() },
        StoreError::NulInText { place: place(), source: source() },
        StoreError::NotUtf8 { place: place(), encoding: "LATIN1".to_owned() },
        StoreError::InUse { place: place() },
        StoreError::NotEmpty { place: place() },
        StoreError::BadDump { line: 7, rule: DumpRule::Cut },
        StoreError::DumpIo { source: std::io::Error::other("x") },
        StoreError::Refused { place: place(), source: source() },
        StoreError::Spoilt { code: "refused" },
        StoreError::BadRow { table: "run", column: "at", source: "x".into() },
        StoreError::Encode { source: json },
        StoreError::NotAWord { json: text() },
        StoreError::NotFound { thing: Thing::Batch, id: text() },
        StoreError::Exists { thing: Thing::Run, id: text() },
        StoreError::WrongState { thing: Thing::Batch, id: text(), from: "held".to_owned(), to: "applied".to_owned() },
        StoreError::RunSettled { run: text(), state: "finished".to_owned() },
        StoreError::CannotSupersede { run: text(), by: text() },
        StoreError::CycleClosed { cycle: text() },
        StoreError::StepNotAllowed { cycle: text(), from: text(), to: text() },
        StoreError::NoSteps { template: text() },
        StoreError::WarningOpen,
        StoreError::Stale { thing: Thing::Warning, id: text() },
        StoreError::StaleWarnings { count: 3 },
        StoreError::ReasonMissing { action: "warning.resolve".to_owned() },
        StoreError::ExceptionOver { period: text(), until: "2026-01-01".to_owned() },
        StoreError::PeriodSigned { period: text() },
        StoreError::Nobody,
    ]
}

fn key(line: &str) -> Option<String> {
    line.split_once(" =").map(|(key, _)| key.to_owned())
}

#[test]
fn every_error_is_told_in_both_languages_and_every_text_is_used() {
    for (language, source) in CATALOGUE {
        let resource = FluentResource::try_new(source.to_owned()).unwrap();
        let keys: BTreeSet<String> = source.lines().filter(|line| line.starts_with("store-")).filter_map(key).collect();
        let mut bundle = FluentBundle::new(vec![language.parse().unwrap()]);
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).unwrap();
        let mut used = BTreeSet::new();
        for error in errors() {
            let message = error.message();
            let mut args = FluentArgs::new();
            for (name, value) in &message.args {
                args.set(name.clone(), value.clone());
            }
            let entry = bundle.get_message(&message.key).unwrap_or_else(|| panic!("{language}: {}", message.key));
            let mut faults = Vec::new();
            let text = bundle.format_pattern(entry.value().unwrap(), Some(&args), &mut faults);
            assert!(faults.is_empty() && !text.contains('{'), "{language}: {}: {text}", message.key);
            for (_, value) in message.args.iter().filter(|(name, _)| name == "place" || name == "id") {
                assert!(text.contains(value), "{language}: {} does not name {value}: {text}", message.key);
            }
            used.insert(message.key);
        }
        assert_eq!(used, keys, "{language}");
    }
}
