//! The command line itself: formats, languages, settings and their origins, completions, exit codes.

use crate::clubs;
use crate::harness::{College, root};
use std::process::{Command, Stdio};

/// Every command that lists something.
const LISTS: [&[&str]; 17] = [
    &["plugin", "list"],
    &["dataset", "list"],
    &["dataset", "show", "clubs"],
    &["batch", "list"],
    &["batch", "rejects", "B"],
    &["indicator", "list"],
    &["period", "list"],
    &["cycle", "templates"],
    &["cycle", "list"],
    &["run", "list"],
    &["result"],
    &["warning", "list"],
    &["config", "explain"],
    &["search", "C"],
    &["source", "syncs"],
    &["backup", "list"],
    &["query", "--words"],
];

#[test]
fn every_list_can_be_read_by_programs_as_json_and_csv() {
    let college = clubs::diagnosed();
    let batch = college.json(&["batch", "list"])[0]["batch"].as_str().expect("an id").to_owned();
    for words in LISTS {
        let words: Vec<&str> = words.iter().map(|word| if *word == "B" { batch.as_str() } else { word }).collect();
        let rows = college.json(&words);
        let rows = rows.as_array().unwrap_or_else(|| panic!("{words:?} gives no list"));
        let mut csv = words.clone();
        csv.extend(["--format", "csv"]);
        let text = college.run(&csv).good().out;
        let mut reader = csv_rows(&text);
        let header = reader.next().unwrap_or_else(|| panic!("{words:?} has no header"));
        let body: Vec<Vec<String>> = reader.collect();
        assert_eq!(body.len(), rows.len(), "{words:?}");
        for (row, line) in rows.iter().zip(&body) {
            let keys: Vec<&String> = row.as_object().expect("an object").keys().collect();
            let mut sorted: Vec<&String> = header.iter().collect();
            sorted.sort();
            assert_eq!(keys, sorted, "{words:?}: JSON and CSV name their columns alike");
            assert_eq!(line.len(), header.len(), "{words:?}");
        }
        assert!(!text.contains('⟦'), "{text}");
    }
}

#[test]
fn a_format_that_a_command_does_not_know_is_refused_before_anything_is_done() {
    let college = clubs::diagnosed();
    let batches = college.json(&["batch", "list"]);
    let batch = batches[0]["batch"].as_str().expect("an id");
    let run = college.json(&["run", "list"])[0]["run"].as_str().expect("an id").to_owned();
    let indicator = college.json(&["indicator", "list"])[0]["code"].as_str().expect("a code").to_owned();
    let things: [&[&str]; 5] = [
        &["batch", "show", batch],
        &["run", "show", &run],
        &["indicator", "show", &indicator],
        &["audit", "show", "1"],
        &["record", "show"],
    ];
    for words in things {
        college.json(words);
        for format in ["csv", "html", "xlsx", "md", "junit"] {
            let told = college.run(&[words, &["--format", format]].concat()).exits(3).says(&[format, "table, json"]);
            assert_eq!(told.out, "", "{words:?} {format}");
        }
    }
    let file = college.file("more.csv", "x\n").display().to_string();
    college.run(&["import", &file, "--dataset", "clubs", "--format", "html"]).exits(3).says(&["table, json, csv"]);
    assert_eq!(college.json(&["batch", "list"]), batches, "nothing was imported");
    college.run(&["report", "--format", "csv"]).exits(3).says(&["html"]);
}

/// Rows of a CSV text, quotes taken off.
fn csv_rows(text: &str) -> impl Iterator<Item = Vec<String>> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (mut row, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        let mut end = rest.len();
        for (at, letter) in rest.char_indices() {
            match letter {
                '"' => quoted = !quoted,
                ',' if !quoted => row.push(std::mem::take(&mut cell)),
                '\n' if !quoted => {
                    end = at + 1;
                    break;
                }
                other => cell.push(other),
            }
        }
        row.push(cell);
        rest = &rest[end..];
        Some(row)
    })
}

#[test]
fn the_language_follows_the_flag_then_the_locale_and_is_chinese_where_none_is_named() {
    let college = College::nowhere();
    let say = |locale: &str, words: &[&str]| {
        let output = college.command(words).env("LANG", locale).output().expect("the binary starts");
        crate::harness::ran(output)
    };
    let chinese = "没有学校数据";
    let english = "init";
    assert!(say("zh_CN.UTF-8", &["batch", "list"]).exits(4).err.contains(chinese));
    assert!(say("C.UTF-8", &["batch", "list"]).exits(4).err.contains(chinese));
    let spoken = say("en_GB.UTF-8", &["batch", "list"]).exits(4).err;
    assert!(spoken.contains(english) && !spoken.contains(chinese), "{spoken}");
    assert!(say("en_GB.UTF-8", &["batch", "list", "--lang", "zh-CN"]).exits(4).err.contains(chinese));
    assert!(!say("zh_CN.UTF-8", &["batch", "list", "--lang", "en"]).exits(4).err.contains(chinese));
    assert!(say("zh_CN.UTF-8", &["bathc", "list"]).exits(2).err.contains("bathc"));
}

#[test]
fn settings_tell_where_they_come_from_and_the_nearest_wins() {
    let college = College::new();
    let file = college.data().join("zhengai.toml");
    let text = std::fs::read_to_string(&file).expect("settings")
        + "\n[import]\nmax_delete_share = \"0.3\"\nreview = \"hold\"\n";
    std::fs::write(&file, text).expect("settings");
    let mut command = college.command(&["config", "explain", "--set", "import.max_line_bytes=99", "--format", "json"]);
    command.env("ZHENGAI_IMPORT_REVIEW", "auto");
    let rows = crate::harness::ran(command.output().expect("the binary starts")).good().json();
    let of = |key: &str| {
        let row = rows.as_array().expect("a list").iter().find(|row| row["key"] == key).expect("the key");
        (row["value"].as_str().unwrap_or_default().to_owned(), row["origin"].as_str().unwrap_or_default().to_owned())
    };
    let pair = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
    assert_eq!(of("college.id"), pair("test", "file"));
    assert_eq!(of("import.max_delete_share"), pair("0.3", "file"));
    assert_eq!(of("import.review"), pair("auto", "environment"));
    assert_eq!(of("import.max_line_bytes"), pair("99", "flag"));
    assert_eq!(of("engine.view"), pair("as-was", "default"));
}

#[test]
fn settings_that_do_not_exist_or_cannot_be_are_refused_with_their_place() {
    let college = College::new();
    college.run(&["config", "explain", "--set", "import.reviw=hold"]).exits(3).says(&["import.reviw", "import.review"]);
    college.run(&["config", "explain", "--set", "import.review=maybe"]).exits(3).says(&[
        "import.review",
        "maybe",
        "config sample",
    ]);
    let file = college.data().join("zhengai.toml");
    let text = std::fs::read_to_string(&file).expect("settings") + "\n[import]\nreviw = \"hold\"\n";
    let line = text.lines().position(|line| line.starts_with("reviw")).expect("the line") + 1;
    std::fs::write(&file, text).expect("settings");
    college.run(&["batch", "list"]).exits(3).says(&["zhengai.toml", &format!("第 {line} 行"), "reviw"]);
}

#[test]
fn completions_are_a_script_that_the_shell_understands() {
    let college = College::nowhere();
    let script = college.run(&["completions", "bash"]).good().out;
    assert!(script.contains("zhengai") && script.contains("diagnose"));
    let Ok(mut shell) = Command::new("bash").arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn() else {
        return;
    };
    std::io::Write::write_all(&mut shell.stdin.take().expect("a pipe"), script.as_bytes()).expect("bash reads");
    let output = shell.wait_with_output().expect("bash ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let college = clubs::college();
    for format in ["table", "json", "csv"] {
        let mut command = college.command(&["indicator", "list", "--format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        drop(child.stdout.take());
        let ran = crate::harness::ran(child.wait_with_output().expect("an end"));
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn exit_codes_are_documented_in_both_languages() {
    let source = std::fs::read_to_string(root().join("core/app/src/exit.rs")).expect("the codes");
    let code = |line: &str| {
        let number = line.rsplit_once("=> ").or_else(|| line.rsplit_once("= "))?.1;
        number.trim_end_matches([',', ';']).parse::<u8>().ok()
    };
    let codes: Vec<u8> = source.lines().filter_map(code).collect();
    assert!(codes.len() >= 10 && codes.contains(&130), "{codes:?}");
    for page in ["docs/exit-codes.md", "docs/exit-codes.zh-CN.md"] {
        let text = std::fs::read_to_string(root().join(page)).expect("the page");
        for code in &codes {
            assert!(text.contains(&format!("| {code} |")), "{page} lacks {code}");
        }
    }
}
