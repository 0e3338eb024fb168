//! Both catalogues say the same things with the same arguments.

use super::*;
use crate::WarehouseError as Error;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use zhengai_model::fault::{Explain, Fault};

/// Arguments by key.
fn entries(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut entries: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once(" = ").filter(|_| line.starts_with("warehouse-")) {
            key = name.to_owned();
            assert!(!entries.contains_key(&key), "{key} twice");
        }
        let args = line.split('$').skip(1).map(|rest| {
            rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect::<String>()
        });
        entries.entry(key.clone()).or_default().extend(args);
    }
    entries.remove("");
    entries
}

#[test]
fn both_languages_have_the_same_entries() {
    let [zh, en] = crate::CATALOGUE.map(|(_, text)| entries(text));
    assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (key, args) in &zh {
        // A check brings its own sentence in each language.
        if key != "warehouse-reject-check" {
            assert_eq!(Some(args), en.get(key), "{key}");
        }
    }
}

#[test]
fn a_full_disk_is_told_with_its_path() {
    let full = io::Error::from(io::ErrorKind::StorageFull);
    let error = Error::parquet(Path::new("/data/rows.parquet"), full.into());
    assert!(matches!(&error, Error::DiskFull { .. }), "{error:?}");
    assert_eq!(error.fault(), Fault::Exhausted);
    let message = error.message();
    assert_eq!(message.key, "warehouse-disk-full");
    assert_eq!(message.args, [("path".to_owned(), "/data/rows.parquet".to_owned())]);
}
