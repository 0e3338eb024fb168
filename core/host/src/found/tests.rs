//! Folders of plugins, good and bad. Nothing here runs a plugin's code.
#![allow(clippy::panic, reason = "everything here is a test")]

use super::*;
use std::path::Path;
use tempfile::TempDir;
use zhengai_model::fault::Explain;

const LAYER: &str = r#"
id = "layer-test"
names = { zh = "测试层面", en = "Test layer" }
version = "1.0.0"
kind = "layer"
layer = "student"
abi = "1.0"
library = "zhengai_layer_test"
"#;

fn write(dir: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder is made");
        std::fs::write(path, text).expect("the file is written");
    }
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().expect("a folder is made");
    write(dir.path(), files);
    dir
}

fn refused(manifest: &str) -> HostError {
    let dir = folder(&[("plugin.toml", manifest)]);
    Found::open(dir.path()).expect_err("the manifest is refused")
}

#[test]
fn a_folder_gives_manifest_definitions_catalogues_and_hashes() {
    let library = library_file("zhengai_layer_test");
    let dir = folder(&[
        ("plugin.toml", LAYER),
        ("rules/b.toml", "# b"),
        ("datasets/a.toml", "\u{feff}# a"),
        ("datasets/notes.md", "not a definition"),
        ("Cargo.toml", "[package]"),
        ("src/lib.rs", ""),
        ("tests/case.toml", "# no"),
        ("locales/zh-CN.ftl", "a = 甲"),
        ("locales/en.ftl", "a = A"),
        (&library, "not really a library"),
    ]);
    let found = Found::open(dir.path()).expect("the folder is good");
    assert_eq!(found.id().as_str(), "layer-test");
    let paths: Vec<&str> = found.files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["datasets/a.toml", "plugin.toml", "rules/b.toml"]);
    assert_eq!(found.files[0].1, "# a");
    assert_eq!(found.locales, [("en".to_owned(), "a = A".to_owned()), ("zh-CN".to_owned(), "a = 甲".to_owned())]);
    assert_eq!(found.library, Some(dir.path().join(library)));
    // printf 'not really a library' | sha256sum
    let expected = "8c94411e7c8b87bd238af6ff286f5e356e89b0b393364163b58e2ca433a40fe5";
    assert_eq!(found.sha256.as_deref(), Some(expected));
    assert_eq!(found.files_sha256.len(), 64);
}

#[test]
fn a_pack_of_data_has_no_library_and_cannot_be_loaded() {
    let manifest = "id = \"policy\"\nnames = { zh = \"标准\", en = \"Standards\" }\nversion = \"1\"\nkind = \"pack\"\n";
    let dir = folder(&[("pack.toml", manifest)]);
    let found = Found::open(dir.path()).expect("the folder is good");
    assert_eq!((found.library.as_ref(), found.sha256.as_ref()), (None, None));
    assert!(matches!(found.checked_library(), Err(HostError::NoLibrary { .. })));
}

#[test]
fn a_missing_library_is_found_out_before_anything_runs() {
    let dir = folder(&[("plugin.toml", LAYER)]);
    let found = Found::open(dir.path()).expect("definitions alone are good");
    assert!(found.library.is_some() && found.sha256.is_none());
    assert!(matches!(found.checked_library(), Err(HostError::LibraryMissing { .. })));
}

#[test]
fn a_manifest_with_an_unknown_key_is_refused_with_file_line_and_column() {
    let error = refused(&format!("{LAYER}colour = \"red\"\n"));
    let [fault] = error.faults() else { panic!("one fault, not {error:?}") };
    assert_eq!((fault.file.as_str(), fault.line, fault.column), ("plugin.toml", 9, 1));
    let args = error.message().args;
    assert!(args.contains(&("line".to_owned(), "9".to_owned())), "{args:?}");
}

#[test]
fn a_manifest_that_is_not_toml_is_refused_with_its_line() {
    let error = refused("id = \"layer-test\"\nnames = {\n");
    assert!(matches!(error.faults(), [fault] if fault.line >= 2), "{error:?}");
}

#[test]
fn a_wrong_interface_version_is_refused_without_running_anything() {
    let error = refused(&LAYER.replace("\"1.0\"", "\"2.0\""));
    assert!(matches!(error, HostError::Abi { abi, .. } if abi == "2.0"));
}

#[test]
fn manifests_that_contradict_themselves_are_refused_by_rule() {
    let rule = |manifest: &str| match refused(manifest) {
        HostError::Contradiction { rule, .. } => rule,
        other => panic!("{other:?}"),
    };
    assert_eq!(rule(&LAYER.replace("\"1.0\"", "\"one\"")), ManifestRule::AbiUnreadable("one".to_owned()));
    assert_eq!(rule(&LAYER.replace("abi = \"1.0\"\n", "")), ManifestRule::LibraryWithoutAbi);
    let outside = "../../tmp/evil";
    assert_eq!(rule(&LAYER.replace("zhengai_layer_test", outside)), ManifestRule::LibraryName(outside.to_owned()));
    let connector = LAYER.replace("kind = \"layer\"\nlayer = \"student\"", "kind = \"connector\"");
    assert_eq!(rule(&connector.replace("library = \"zhengai_layer_test\"\n", "")), ManifestRule::NeedsLibrary);
}

#[test]
fn a_definition_that_is_not_text_is_refused_by_name() {
    let dir = folder(&[("plugin.toml", LAYER)]);
    std::fs::create_dir(dir.path().join("rules")).expect("the folder is made");
    std::fs::write(dir.path().join("rules/gbk.toml"), b"# \xd6\xd0").expect("the file is written");
    let error = Found::open(dir.path()).expect_err("GBK is refused");
    assert!(matches!(error, HostError::NotText { path } if path.ends_with("rules/gbk.toml")));
}

#[test]
fn one_bad_folder_hides_no_other_and_the_first_of_two_with_one_id_counts() {
    let second = LAYER.replace("layer-test", "layer-other");
    let shipped = folder(&[
        ("a/plugin.toml", LAYER),
        ("b/plugin.toml", "id = 7\n"),
        ("c/readme.md", "not a plugin"),
        (".hidden/x", ""),
        ("loose.txt", ""),
    ]);
    let users = folder(&[("copy/plugin.toml", LAYER), ("other/plugin.toml", &second)]);
    let absent = users.path().join("absent");
    let scan = scan(&[shipped.path().to_owned(), users.path().to_owned(), absent]);
    let ids: Vec<&str> = scan.found.iter().map(|found| found.id().as_str()).collect();
    assert_eq!(ids, ["layer-other", "layer-test"]);
    assert!(scan.found[1].dir.starts_with(shipped.path()));
    match scan.refused.as_slice() {
        [HostError::Manifest { dir, .. }, HostError::ManifestMissing { .. }, HostError::Twice { second, .. }] => {
            assert!(dir.ends_with("b") && second.ends_with("copy"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_pin_holds_the_library_and_every_file() {
    let library = library_file("zhengai_layer_test");
    let dir = folder(&[("plugin.toml", LAYER), ("rules/a.toml", "# a"), (&library, "one")]);
    let open = || Found::open(dir.path()).expect("the folder is good");
    let pin = open().pin();
    assert!(open().check_pin(&pin).is_ok());

    write(dir.path(), &[("rules/a.toml", "# b")]);
    assert!(matches!(open().check_pin(&pin), Err(HostError::Changed { what: "files", .. })));
    assert!(open().check_pin(&Pin { files: None, ..pin.clone() }).is_ok());
    write(dir.path(), &[("rules/a.toml", "# a")]);
    assert!(open().check_pin(&pin).is_ok());

    write(dir.path(), &[("locales/en.ftl", "a = b")]);
    assert!(matches!(open().check_pin(&pin), Err(HostError::Changed { what: "files", .. })));
    let found = open();
    write(dir.path(), &[(&library, "two")]);
    assert!(matches!(open().check_pin(&found.pin()), Err(HostError::Changed { what: "library", .. })));
    assert!(matches!(found.checked_library(), Err(HostError::Changed { what: "library", .. })));
}

#[test]
fn moving_text_from_one_file_to_the_next_changes_the_hash() {
    let files = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    };
    let hash = |pairs: &[(&str, &str)]| hash_of_files(&files(pairs), &[]);
    assert_ne!(hash(&[("a", "xy"), ("b", "z")]), hash(&[("a", "x"), ("b", "yz")]));
    assert_ne!(hash(&[("a", "bx")]), hash(&[("ab", "x")]));
    assert_ne!(hash_of_files(&files(&[("a", "x")]), &[]), hash_of_files(&[], &files(&[("a", "x")])));
}
