//! The kit of plugin authors: plugins that are generated build and pass, what ships passes, what is bad fails, and a
//! college runs nothing that differs from what it locked.

use crate::harness::{College, home, ran, root};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use zhengai_tests::zoo;

/// The report on a plugin, and whether the command called it passed.
#[track_caller]
fn report(college: &College, words: &[&str]) -> (bool, Value) {
    let mut all = vec!["plugin", "check", "--format", "json"];
    all.extend(words);
    // Tests share the machine: only what is meant to hang is waited for less.
    if !words.contains(&"--patience") {
        all.extend(["--patience", "120"]);
    }
    let ran = college.run(&all);
    assert!(matches!(ran.code, Some(0 | 1)), "{}\n{}", ran.out, ran.err);
    assert!(!ran.out.contains('⟦'), "a key without text:\n{}", ran.out);
    (ran.code == Some(0), ran.json())
}

fn failures(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().expect("checks").iter();
    let failed = checks.filter(|check| check["outcome"] == "fail");
    failed.map(|check| format!("{}: {}", check["id"], check["reason"])).collect()
}

/// Asserts that a plugin passes, and that so many checks looked at something.
#[track_caller]
fn passes(college: &College, words: &[&str], at_least: u64) {
    let (passed, report) = report(college, words);
    assert!(passed, "{words:?}: {:#?}", failures(&report));
    assert!(report["pass"].as_u64().expect("a number") >= at_least, "{words:?}: {report:#}");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn library(name: &str) -> PathBuf {
    let file = format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    home().join("plugins/connector-file").join(file)
}

#[test]
fn what_ships_passes_the_check() {
    let college = College::nowhere();
    let file = root().join("plugins/connectors/file");
    let built = library("zhengai_connector_file");
    passes(&college, &[text(&file), "--library", text(&built)], 30);
    for layer in ["school", "major", "course", "teacher", "student"] {
        passes(&college, &[text(&home().join(format!("plugins/layer-{layer}")))], 20);
    }
}

#[test]
fn every_animal_of_the_zoo_fails_the_check_and_the_tame_one_passes() {
    if zoo::compiler().is_none() {
        return;
    }
    let college = College::nowhere();
    let cages = tempfile::tempdir().unwrap();
    let tame = zoo::build(&zoo::TAME, cages.path());
    passes(&college, &[text(&tame)], 35);
    let judge = |animal: &&zoo::Animal| {
        let into = cages.path().join(format!("cage-{}", animal.name));
        std::fs::create_dir(&into).unwrap();
        let folder = zoo::build(animal, &into);
        // A hanging animal is waited for once; the others need less than this.
        let (passed, _) = report(&college, &[text(&folder), "--patience", "6"]);
        passed.then(|| format!("{} ({})", animal.name, animal.does))
    };
    let animals: Vec<&zoo::Animal> = zoo::ANIMALS.iter().collect();
    let slices: Vec<&[&zoo::Animal]> = animals.chunks(animals.len().div_ceil(4)).collect();
    let missed: Vec<String> = std::thread::scope(|scope| {
        let judges: Vec<_> =
            slices.into_iter().map(|some| scope.spawn(|| some.iter().filter_map(judge).collect::<Vec<_>>())).collect();
        judges.into_iter().flat_map(|judge| judge.join().expect("a judge ends")).collect()
    });
    assert!(missed.is_empty(), "passed the check: {missed:#?}");
}

/// Makes a plugin in a folder of its own.
#[track_caller]
fn new(college: &College, kind: &str, language: &str) -> PathBuf {
    let name = format!("{kind}-in-{language}");
    let dir = college.path(&name);
    let mut words = vec!["plugin", "new", &name, "--kind", kind, "--lang", language, "--dir", text(&dir)];
    let sdk = root().join("plugins/sdk");
    if language == "rust" {
        words.extend(["--sdk", text(&sdk)]);
    }
    college.run(&words).good();
    dir
}

#[test]
fn plugins_in_c_build_and_pass_as_generated() {
    if zoo::compiler().is_none() {
        return;
    }
    let college = College::nowhere();
    for (kind, at_least) in [("connector", 35), ("layer", 20), ("notifier", 25)] {
        let dir = new(&college, kind, "c");
        let shown = college.run(&["plugin", "dev", text(&dir), "--once"]).good();
        if kind == "connector" {
            assert!(shown.out.contains("swipes"), "the first rows: {}", shown.out);
        }
        passes(&college, &[text(&dir)], at_least);
    }
}

/// Lines up to one that has the word in it.
#[track_caller]
fn until(lines: &mut impl Iterator<Item = std::io::Result<String>>, word: &str) -> Vec<String> {
    let mut seen = Vec::new();
    for line in lines {
        let line = line.expect("text");
        let found = line.contains(word);
        seen.push(line);
        if found {
            return seen;
        }
    }
    panic!("it ended before it said `{word}`: {seen:#?}");
}

#[test]
#[cfg(unix)]
fn an_author_sees_each_change_built_and_checked_and_what_the_compiler_says() {
    if zoo::compiler().is_none() {
        return;
    }
    let college = College::nowhere();
    let dir = new(&college, "connector", "c");
    let source = dir.join("connector.c");
    let good = std::fs::read_to_string(&source).unwrap();
    let mut command = college.command(&["plugin", "dev", text(&dir)]);
    // One stream in the order in which a person sees it.
    let (reader, writer) = std::io::pipe().expect("a pipe");
    command.stdout(writer.try_clone().expect("a pipe")).stderr(writer).stdin(Stdio::null());
    let mut child = command.spawn().expect("the binary starts");
    drop(command);
    let mut lines = BufReader::new(reader).lines();
    let waiting = "正在等待";
    assert!(until(&mut lines, waiting).iter().any(|line| line.contains("食堂")), "the first rows");
    let rows = dir.join("tests/swipes.tsv");
    let canteen = std::fs::read_to_string(&rows).unwrap();
    std::fs::write(&rows, canteen.replace("食堂", "教工餐厅")).unwrap();
    let second = until(&mut lines, waiting);
    assert!(second.iter().any(|line| line.contains("教工餐厅")), "rows of the change: {second:#?}");
    std::fs::write(&source, format!("{good}\nint broken(\n")).unwrap();
    let third = until(&mut lines, waiting);
    assert!(third.iter().any(|line| line.contains("connector.c") && line.contains("error")), "{third:#?}");
    std::fs::write(&source, &good).unwrap();
    assert!(until(&mut lines, waiting).iter().any(|line| line.contains("教工餐厅")), "good again");
    let end = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(end.success());
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}

/// Runs cargo in a folder without a network; all plugins share one folder of builds, and so their dependencies.
fn cargo(dir: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.args(["build", "--quiet", "--offline"]).current_dir(dir);
    command.env("CARGO_TARGET_DIR", target()).env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
    command.env_remove("RUSTFLAGS");
    command
}

fn target() -> PathBuf {
    let near = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    near.join("plugin-kit")
}

#[track_caller]
fn builds_and_passes(college: &College, dir: &Path, library: &str, at_least: u64) {
    let built = ran(cargo(dir).output().expect("cargo starts"));
    assert_eq!(built.code, Some(0), "{}", built.err);
    let file = format!("{}{library}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    passes(college, &[text(dir), "--library", text(&target().join("debug").join(file))], at_least);
}

#[test]
fn plugins_in_rust_build_and_pass_as_generated() {
    let college = College::nowhere();
    for (kind, at_least) in [("connector", 35), ("layer", 20), ("notifier", 25)] {
        let dir = new(&college, kind, "rust");
        builds_and_passes(&college, &dir, &format!("{kind}_in_rust"), at_least);
    }
    // The example of the guide is what a connector begins as; it is built as it lies.
    let example = college.path("example");
    copy(&root().join("docs/guide/examples/connector-rust"), &example);
    let manifest = std::fs::read_to_string(example.join("Cargo.toml")).unwrap();
    let sdk = text(&root().join("plugins/sdk")).to_owned();
    std::fs::write(example.join("Cargo.toml"), manifest.replace("../../../../plugins/sdk", &sdk)).unwrap();
    std::fs::copy(root().join("Cargo.lock"), example.join("Cargo.lock")).unwrap();
    builds_and_passes(&college, &example, "connector_exports", 35);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.path() {
            path if entry.file_name() == "target" => drop(path),
            path if path.is_dir() => copy(&path, &to.join(entry.file_name())),
            path => drop(std::fs::copy(path, to.join(entry.file_name())).unwrap()),
        }
    }
}

#[test]
fn a_report_is_written_for_build_servers_and_a_broken_plugin_ends_with_code_1() {
    let college = College::nowhere();
    let layer = home().join("plugins/layer-student");
    let out = college.path("report.xml");
    college.run(&["plugin", "check", text(&layer), "--format", "junit", "--out", text(&out)]).good();
    let xml = std::fs::read_to_string(&out).unwrap();
    assert!(xml.starts_with("<?xml") && xml.contains("failures=\"0\"") && xml.contains("layer-student.abi"), "{xml}");
    let broken = college.path("broken");
    std::fs::create_dir(&broken).unwrap();
    std::fs::write(broken.join("plugin.toml"), "id = 7\n").unwrap();
    college.run(&["plugin", "check", text(&broken)]).exits(1);
    college.run(&["plugin", "check", text(&college.path("nowhere"))]).exits(8);
    college.run(&["plugin", "check", text(&layer), "--group", "zzz"]).exits(3);
}

#[test]
fn a_release_that_takes_a_stream_away_is_not_compatible_with_the_last_one() {
    if zoo::compiler().is_none() {
        return;
    }
    let college = College::nowhere();
    let cages = tempfile::tempdir().unwrap();
    let tame = zoo::build(&zoo::TAME, cages.path());
    let words = ["--against", text(&tame), "--group", "compatibility"];
    passes(&college, &[&[text(&tame)], words.as_slice()].concat(), 3);
    let other = zoo::build(zoo::animal("unknown-key"), cages.path());
    let (passed, report) = report(&college, &[&[text(&other)], words.as_slice()].concat());
    let ids: Vec<String> = failures(&report);
    assert!(!passed && ids.iter().any(|id| id.contains("compatibility.streams")), "{ids:#?}");
}

#[test]
fn a_signature_holds_for_the_files_that_were_signed_and_the_keys_that_were_added() {
    let college = College::new();
    let plugin = college.path("signed");
    copy(&home().join("plugins/layer-student"), &plugin);
    let (dir, key) = (text(&plugin).to_owned(), college.path("author.key"));
    let password = college.file("password", "correct horse\n");
    college.run(&["plugin", "sign", &dir, "--key", text(&key), "--new-key", "--password-file", text(&password)]).good();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    }
    college.run(&["plugin", "verify", &dir]).exits(6).says(&["未添加该密钥"]);
    let public = college.path("author.key.pub");
    college.run(&["plugin", "key", "add", text(&public)]).good();
    college.run(&["plugin", "verify", &dir]).good();
    college.run(&["plugin", "sign", &dir, "--key", text(&key)]).exits(3);
    let listed = college.json(&["plugin", "key", "list"]);
    let id = listed[0]["id"].as_str().unwrap().to_owned();
    let changed = plugin.join("datasets/students.toml");
    let before = std::fs::read_to_string(&changed).unwrap();
    std::fs::write(&changed, format!("{before}\n")).unwrap();
    college.run(&["plugin", "verify", &dir]).exits(6).says(&["签名与文件不符"]);
    college.run(&["plugin", "key", "remove", &id]).good();
    assert_eq!(college.json(&["plugin", "key", "list"]).as_array().unwrap().len(), 0);
}

#[test]
fn a_plugin_that_differs_from_the_lock_does_not_run_until_it_is_locked_again() {
    if zoo::compiler().is_none() {
        return;
    }
    let college = College::new();
    let plugins = college.data().join("plugins");
    std::fs::create_dir_all(&plugins).unwrap();
    let tame = zoo::build(&zoo::TAME, &plugins);
    college.run(&["plugin", "enable", "zoo-tame"]).good();
    college.run(&["plugin", "lock"]).good();
    assert_eq!(college.json(&["plugin", "lock", "--check"]).as_array().unwrap().len(), 0);
    let manifest = std::fs::read_to_string(tame.join("plugin.toml")).unwrap();
    std::fs::write(tame.join("plugin.toml"), manifest.replace("[\"discover\"", "[\"network\", \"discover\"")).unwrap();
    let differs = college.run(&["plugin", "lock", "--check", "--format", "json"]).exits(1).json();
    assert_eq!(differs[0]["id"], "zoo-tame");
    assert_eq!(differs[0]["changed"], "capabilities, plugin.toml");
    // Enabling accepts the files; the lock still asks.
    college.run(&["plugin", "enable", "zoo-tame"]).good();
    let config = college.file("cage.json", "{}");
    let added = ["source", "add", "zoo", "--plugin", "zoo-tame", "--config", text(&config)];
    college.run(&added).exits(5).says(&["plugins.lock", "capabilities"]);
    college.run(&["plugin", "lock"]).good();
    assert_eq!(college.json(&["plugin", "lock", "--check"]).as_array().unwrap().len(), 0);
}
