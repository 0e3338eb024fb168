//! The connector in C: its reads through a worker, and its code under the compiler's sanitizers.

use crate::cage::{Cage, kind};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use zhengai_host::{HostError, Instance};
use zhengai_tests::{journal, zoo};

const HEADER: &str = "交易时间\t学号\t消费场所\t交易金额\n";

/// The connector in its worker, and a journal that it may read.
struct Kept {
    cage: Cage,
    path: PathBuf,
}

fn line(number: usize) -> String {
    format!("2026-03-02 07:{:02}:{:02}\tS{number}\t食堂\t{number}.50\n", number / 60 % 60, number % 60)
}

fn lines(numbers: std::ops::Range<usize>) -> String {
    numbers.map(line).collect()
}

impl Kept {
    /// With a journal of these lines; `None` where there is no compiler.
    fn with(text: &str) -> Option<Self> {
        zoo::compiler()?;
        let folder = tempfile::tempdir().unwrap();
        let plugin = journal::build(folder.path());
        let path = folder.path().join("swipes.tsv");
        std::fs::write(&path, text).unwrap();
        let mut cage = Cage::around(folder, plugin);
        cage.settings.access.read = vec![path.parent().unwrap().to_owned()];
        Some(Self { cage, path })
    }

    fn append(&self, text: &str) {
        std::fs::OpenOptions::new().append(true).open(&self.path).unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn config(&self) -> Value {
        json!({ "path": self.path, "batch_rows": 4, "key": ["交易时间", "学号", "消费场所"] })
    }

    fn instance(&self) -> Instance {
        self.cage.instance(&self.config()).unwrap()
    }

    /// Reads from a cursor to the end: student numbers, and the cursor after each batch.
    fn read(&self, state: &Value) -> (Vec<String>, Vec<Value>, Option<HostError>) {
        self.read_by(&self.config(), state)
    }

    fn read_by(&self, config: &Value, state: &Value) -> (Vec<String>, Vec<Value>, Option<HostError>) {
        let (mut numbers, mut states) = (Vec::new(), Vec::new());
        let instance = self.cage.instance(config).unwrap();
        let mut reader = match instance.read(&json!({ "state": state, "options": {} })) {
            Ok(reader) => reader,
            Err(error) => return (numbers, states, Some(error)),
        };
        while let Some(batch) = reader.next() {
            match batch {
                Ok(batch) => numbers.extend(column(&batch, 1).into_iter().map(Option::unwrap)),
                Err(error) => return (numbers, states, Some(error)),
            }
            states.push(reader.state().unwrap().unwrap());
        }
        (numbers, states, None)
    }
}

fn column(batch: &arrow::array::RecordBatch, at: usize) -> Vec<Option<String>> {
    let cells = batch.column(at).as_any().downcast_ref::<arrow::array::StringArray>().unwrap();
    cells.iter().map(|cell| cell.map(str::to_owned)).collect()
}

fn students(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("S{number}")).collect()
}

/// Key of the plugin's own text, and the field that it points to.
fn own(error: &HostError) -> (String, String) {
    let failure = error.failure().unwrap_or_else(|| panic!("{error:?}"));
    (failure.key.clone(), failure.detail["pointer"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_journal_is_read_to_its_end_with_empty_cells_missing_and_a_cursor_after_each_batch() {
    let text = format!("{HEADER}{}2026-03-02 09:00:00\tS9\t\t\n", lines(0..9));
    let Some(kept) = Kept::with(&text) else { return };
    let instance = kept.instance();
    assert_eq!(instance.check().unwrap()["columns"], 4);
    let stream = instance.discover(&Value::Null).unwrap()["streams"][0].clone();
    assert_eq!((&stream["name"], &stream["incremental"]), (&"journal".into(), &true.into()));
    assert_eq!(stream["key"], json!(["交易时间", "学号", "消费场所"]));
    assert_eq!(instance.schema(&stream).unwrap().field(3).name(), "交易金额");
    let mut reader = instance.read(&json!({ "stream": stream, "state": null, "options": {} })).unwrap();
    let (mut sizes, mut offsets, mut last) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(batch) = reader.next() {
        let batch = batch.unwrap();
        sizes.push(batch.num_rows());
        last = column(&batch, 3);
        offsets.push(reader.state().unwrap().unwrap()["offset"].as_u64().unwrap());
    }
    assert_eq!(sizes, [4, 4, 2]);
    assert_eq!(last, [Some("8.50".to_owned()), None]);
    assert!(offsets.is_sorted());
    assert_eq!(offsets.last(), Some(&(text.len() as u64)));
    let last = kept.cage.notes.progress.lock().unwrap().last().copied();
    assert_eq!(last, Some((text.len() as u64, Some(text.len() as u64))));
    drop(reader);
    instance.finish().unwrap();
    kept.cage.assert_empty();
}

#[test]
fn a_read_from_every_cursor_gives_exactly_the_rest() {
    let Some(kept) = Kept::with(&format!("{HEADER}{}", lines(0..11))) else { return };
    let (all, states, error) = kept.read(&Value::Null);
    assert!(error.is_none());
    assert_eq!(all, students(0..11));
    for (batches, state) in states.iter().enumerate() {
        let (rest, _, error) = kept.read(state);
        assert!(error.is_none());
        assert_eq!(rest, students((batches + 1) * 4..11), "{state}");
    }
}

#[test]
fn what_is_appended_is_what_the_next_read_gives_and_an_unfinished_line_waits() {
    let Some(kept) = Kept::with(&format!("{HEADER}{}", lines(0..5))) else { return };
    let (_, states, _) = kept.read(&Value::Null);
    let half = line(7);
    kept.append(&format!("{}{}", lines(5..7), &half[..half.len() - 4]));
    let (new, states, error) = kept.read(states.last().unwrap());
    assert!(error.is_none());
    assert_eq!(new, students(5..7));
    kept.append(&half[half.len() - 4..]);
    let (new, _, _) = kept.read(states.last().unwrap());
    assert_eq!(new, students(7..8));
}

#[test]
fn a_cursor_beyond_the_end_has_nothing_to_read_and_is_no_error() {
    let Some(kept) = Kept::with(&format!("{HEADER}{}", lines(0..5))) else { return };
    let (_, states, _) = kept.read(&Value::Null);
    let mut future = states.last().unwrap().clone();
    future["offset"] = json!(1_u64 << 40);
    let (rows, _, error) = kept.read(&future);
    assert!(error.is_none() && rows.is_empty(), "{error:?}");
}

#[test]
fn another_file_under_the_same_name_is_not_read_on() {
    let Some(kept) = Kept::with(&format!("{HEADER}{}", lines(0..5))) else { return };
    let (_, states, _) = kept.read(&Value::Null);
    let state = states.last().unwrap();
    std::fs::write(&kept.path, format!("时间\t学号\t场所\t金额\n{}", lines(0..9))).unwrap();
    let (rows, _, error) = kept.read_by(&json!({ "path": kept.path }), state);
    let error = error.unwrap();
    assert_eq!((rows.len(), kind(&error).as_str(), own(&error).0.as_str()), (0, "plugin Data", "journal-replaced"));
    // The same header, but a line before the cursor became longer.
    std::fs::write(&kept.path, format!("{HEADER}{}", lines(0..9).replace("食堂", "第一食堂"))).unwrap();
    assert_eq!(own(&kept.read(state).2.unwrap()).0, "journal-replaced");
}

#[test]
fn a_bad_line_stops_the_read_after_what_stands_before_it_or_is_skipped_with_a_line_in_the_log() {
    let text = format!("{HEADER}{}nonsense\n{}", lines(0..6), lines(6..9));
    let Some(kept) = Kept::with(&text) else { return };
    let (rows, states, error) = kept.read(&Value::Null);
    let error = error.unwrap();
    assert_eq!(rows, students(0..6));
    assert_eq!(own(&error).0, "journal-cells");
    let args = &error.failure().unwrap().args;
    assert!(args.contains(&("line".to_owned(), "8".to_owned())), "{args:?}");
    let again = kept.read(states.last().unwrap());
    assert_eq!((again.0.len(), own(&again.2.unwrap()).0.as_str()), (0, "journal-cells"));
    let mut config = kept.config();
    config["bad_lines"] = json!("skip");
    let (rest, _, error) = kept.read_by(&config, states.last().unwrap());
    assert!(error.is_none());
    assert_eq!(rest, students(6..9));
    let noted = kept.cage.notes.lines.lock().unwrap().join("\n");
    assert!(noted.contains("\"line\":8"), "{noted}");
}

#[test]
fn what_stands_in_the_way_is_told_by_class_key_and_field() {
    let Some(kept) = Kept::with(HEADER) else { return };
    let missing = json!({ "path": kept.path.with_file_name("nowhere.tsv") });
    let folder = json!({ "path": kept.path.parent().unwrap() });
    let column = json!({ "path": kept.path, "key": ["学号", "姓名"] });
    for (config, class, key, pointer) in [
        (missing, "plugin Config", "journal-not-there", "/path"),
        (folder, "plugin Config", "journal-no-file", "/path"),
        (column, "plugin Config", "journal-no-column", "/key"),
    ] {
        let instance = kept.cage.instance(&config).unwrap();
        let error = instance.check().unwrap_err();
        assert_eq!(kind(&error), class);
        assert_eq!(own(&error), (key.to_owned(), pointer.to_owned()));
    }
    let instance = kept.instance();
    let error = instance.read(&json!({ "stream": { "name": "loans" } })).unwrap_err();
    assert_eq!(own(&error), ("journal-no-stream".to_owned(), "/stream/name".to_owned()));
    for (state, pointer) in [
        (json!({ "offset": -1 }), "/state/offset"),
        (json!({ "offset": 1.5 }), "/state/offset"),
        (json!({ "offset": 9, "line": "2" }), "/state/line"),
        (json!({ "offset": 9, "line": 2, "head": "XYZ" }), "/state/head"),
    ] {
        let error = instance.read(&json!({ "state": state })).unwrap_err();
        assert_eq!(own(&error), ("journal-config".to_owned(), pointer.to_owned()));
    }
    std::fs::write(&kept.path, "").unwrap();
    assert_eq!(own(&instance.check().unwrap_err()).0, "journal-empty");
    std::fs::write(&kept.path, "a\ta\n").unwrap();
    assert_eq!(own(&instance.check().unwrap_err()).0, "journal-header");
    std::fs::write(&kept.path, b"a\t\xff\n").unwrap();
    assert_eq!(own(&instance.check().unwrap_err()).0, "journal-not-text");
}

#[test]
fn a_worker_that_is_killed_in_the_middle_of_a_read_is_resumed_from_the_last_cursor_without_a_duplicate() {
    let Some(kept) = Kept::with(&format!("{HEADER}{}", lines(0..200))) else { return };
    let instance = kept.instance();
    let mut reader = instance.read(&json!({ "state": null })).unwrap();
    let mut rows = column(&reader.next().unwrap().unwrap(), 1);
    let state = reader.state().unwrap().unwrap();
    for (number, _) in kept.cage.left_over() {
        assert!(Command::new("sh").args(["-c", &format!("kill -KILL {number}")]).status().unwrap().success());
    }
    let error = reader.find_map(Result::err).unwrap();
    assert_eq!(kind(&error), "crashed SIGKILL");
    drop((reader, instance));
    kept.cage.assert_empty();
    let (rest, _, error) = kept.read(&state);
    assert!(error.is_none());
    rows.extend(rest.into_iter().map(Some));
    assert_eq!(rows, students(0..200).into_iter().map(Some).collect::<Vec<_>>());
}

#[test]
fn every_text_of_the_connector_stands_in_both_catalogues_and_no_other() {
    let mut named = BTreeSet::new();
    for file in ["connector.c", "journal.c"] {
        let text = std::fs::read_to_string(journal::source().join(file)).unwrap();
        named.extend(text.split('"').filter(|piece| piece.starts_with("journal-")).map(str::to_owned));
    }
    for tag in ["zh-CN", "en"] {
        let text = std::fs::read_to_string(journal::source().join(format!("locales/{tag}.ftl"))).unwrap();
        let keys: BTreeSet<String> =
            text.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key.to_owned()).collect();
        assert_eq!(keys, named, "{tag}");
    }
}

/// Runs the connector's small host under the sanitizers: its exit code and what it printed.
fn tried(program: &Path, folder: &Path, config: &str, request: Option<&str>) -> (i32, String) {
    std::fs::write(folder.join("config.json"), config).unwrap();
    let mut command = Command::new(program);
    command.arg(folder.join("config.json"));
    if let Some(request) = request {
        std::fs::write(folder.join("request.json"), request).unwrap();
        command.arg(folder.join("request.json"));
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(!said.contains("Sanitizer") && !said.contains("runtime error"), "{config} {request:?}:\n{said}");
    (output.status.code().unwrap_or(-1), said)
}

const OK: i32 = 0;
const CONFIG: i32 = 2;
const DATA: i32 = 5;

#[test]
fn the_sanitizers_find_nothing_in_reads_good_and_bad() {
    if zoo::compiler().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let Some(program) = journal::build_sanitized(folder.path()) else { return };
    let path = folder.path().join("j.tsv");
    let config = json!({ "path": path, "batch_rows": 3 }).to_string();
    let long = "x".repeat(70_000);
    let wide = "c\t".repeat(300);
    for (text, code) in [
        (format!("{HEADER}{}", lines(0..3000)), OK),
        (format!("\u{feff}{}", HEADER.replace('\n', "\r\n")), OK),
        (String::new(), DATA),
        ("a\tb".to_owned(), DATA),
        ("\n".to_owned(), DATA),
        (format!("{wide}\n"), DATA),
        (format!("{long}\nx\n"), DATA),
        (format!("a\n{long}\n"), DATA),
        (format!("{HEADER}a\tb\n"), DATA),
        (format!("{HEADER}\0\t\0\t\0\t\0\n"), DATA),
        ("a\n\n\n\n\n".to_owned(), OK),
    ] {
        std::fs::write(&path, &text).unwrap();
        let (found, said) = tried(&program, folder.path(), &config, None);
        assert_eq!(found, code, "{}:\n{said}", text.chars().take(40).collect::<String>());
    }
    let mut command = Command::new(&program);
    let stopped = command.arg(folder.path().join("config.json")).env("TRY_CANCELLED", "1").output().unwrap();
    assert_eq!(stopped.status.code(), Some(8), "{stopped:?}");
}

#[test]
fn the_sanitizers_find_nothing_in_json_of_every_kind_and_the_connector_points_at_the_field() {
    if zoo::compiler().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let Some(program) = journal::build_sanitized(folder.path()) else { return };
    let path = folder.path().join("日志 \u{1f4d2}.tsv");
    std::fs::write(&path, format!("{HEADER}{}", lines(0..4))).unwrap();
    let escaped: String = path.to_str().unwrap().encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
    let good = format!("{{ \"path\" : \"{escaped}\" , \"key\":[\"\\u5b66号\"], \"batch_rows\": 2 }}");
    let (code, said) = tried(&program, folder.path(), &good, None);
    assert_eq!((code, said.contains("\"key\":[\"学号\"]")), (OK, true), "{said}");
    let deep = "[".repeat(100_000);
    for (config, rule) in [
        ("", "the settings must be an object"),
        ("[]", "the settings must be an object"),
        ("{", "a name in quotes is expected"),
        ("{}", "must be given"),
        ("{\"path\"}", "a colon is expected"),
        ("{\"path\":\"x\"} x", "something stands after the value"),
        ("{\"path\":\"x\",}", "a name in quotes is expected"),
        ("{\"path\":\"x\",\"path\":\"y\"}", "a name stands twice"),
        ("{\"path\":\"\\ud83d\"}", "first half of a surrogate pair stands alone"),
        ("{\"path\":\"\\ud83d\\u0041\"}", "first half of a surrogate pair stands alone"),
        ("{\"path\":\"\\udcd2\"}", "second half of a surrogate pair stands alone"),
        ("{\"path\":\"\\u12\"}", "four hexadecimal digits"),
        ("{\"path\":\"\\x\"}", "no such escape"),
        ("{\"path\":\"a\tb\"}", "control characters"),
        ("{\"path\":\"a", "a string has no end"),
        ("{\"path\":\"a\\u0000b\"}", "must be the path of a file"),
        ("{\"path\":7}", "must be the path of a file"),
        ("{\"path\":tru}", "a value is expected"),
        ("{\"path\":\"x\",\"batch_rows\":01}", "a comma or the closing bracket"),
        ("{\"path\":\"x\",\"batch_rows\":1.}", "a digit is missing"),
        ("{\"path\":\"x\",\"batch_rows\":1e}", "a digit is missing"),
        ("{\"path\":\"x\",\"batch_rows\":1.5}", "from 1 to 65536"),
        ("{\"path\":\"x\",\"batch_rows\":99999999999999999999}", "from 1 to 65536"),
        ("{\"path\":\"x\",\"key\":[1]}", "/key/0"),
        ("{\"path\":\"x\",\"key\":[\"a\",\"\"]}", "/key/1"),
        ("{\"path\":\"x\",\"name\":\"Not So\"}", "/name"),
        ("{\"path\":\"x\",\"bad_lines\":\"drop\"}", "/bad_lines"),
        ("{\"path\":\"x\",\"colour\":1}", "does not have"),
        (&deep, "nested too deeply"),
    ] {
        let (code, said) = tried(&program, folder.path(), config, None);
        let config: String = config.chars().take(60).collect();
        assert_eq!((code, said.contains(rule)), (CONFIG, true), "{config} → {said}");
    }
    for (request, code) in [
        ("", OK),
        ("null", OK),
        ("{\"stream\":{\"name\":\"journal\"},\"state\":null,\"options\":{}}", OK),
        ("{\"stream\":{\"name\":\"journ\\u0061l\"}}", OK),
        ("{\"stream\":{\"name\":3}}", CONFIG),
        ("{\"state\":[]}", CONFIG),
        ("{\"state\":{\"offset\":1,\"line\":1,\"head\":\"0123456789abcdef\"}}", DATA),
        ("{\"state\":{\"offset\":9223372036854775807,\"line\":1,\"head\":\"0123456789abcdef\"}}", DATA),
        ("{\"state\":{\"offset\":9223372036854775808,\"line\":1,\"head\":\"0123456789abcdef\"}}", CONFIG),
    ] {
        let (found, said) = tried(&program, folder.path(), &good, Some(request));
        assert_eq!(found, code, "{request} → {said}");
    }
}
