//! After a diagnosis: warnings handled by people, cycles opened and closed, layers switched off and on.

use crate::clubs;
use crate::harness::College;
use crate::samples::both;
use serde_json::Value;

/// The warning about the second club.
#[track_caller]
fn warning(college: &College) -> (String, Value) {
    let listed = college.json(&["warning", "list", "--all"]);
    let found = listed.as_array().expect("a list").iter().find(|one| one["object"] == "C2");
    let found = found.unwrap_or_else(|| panic!("no warning about C2: {listed}")).clone();
    (found["id"].to_string().trim_matches('"').to_owned(), found)
}

#[test]
fn a_warning_goes_the_way_from_seen_to_resolved_and_back_only_with_reasons() {
    let college = clubs::diagnosed();
    let (id, found) = warning(&college);
    assert_eq!((&found["condition"], &found["handling"]), (&"active".into(), &"new".into()));
    college.run(&["warning", "ack", &id]).good();
    both(&college, &["warning", "ack", &id], 5, &["已确认"], &["acknowledged"]);
    college.run(&["warning", "assign", &id, "--to", "李老师", "--due", "2027-01-31"]).good();
    let (_, found) = warning(&college);
    assert_eq!(
        (&found["handling"], &found["assignee"], &found["due"]),
        (&"in-progress".into(), &"李老师".into(), &"2027-01-31".into())
    );
    college.run(&["warning", "assign", &id, "--to", "王老师"]).good();
    both(&college, &["warning", "resolve", &id, "--reason", "tired"], 3, &["tired", "原因"], &["tired", "reason"]);
    college.run(&["warning", "resolve", &id, "--reason", "accepted-risk", "--why", "小社团"]).good();
    both(&college, &["warning", "assign", &id, "--to", "赵老师"], 5, &["已办结"], &["resolved"]);
    let (_, found) = warning(&college);
    assert_eq!(
        (&found["condition"], &found["handling"]),
        (&"active".into(), &"resolved".into()),
        "people do not cure numbers"
    );
    let shown = college.run(&["warning", "show", &id]).good();
    for part in ["小社团", "resolve", "assign", "acknowledge", "tester"] {
        assert!(shown.out.contains(part), "`{part}` is not in:\n{}", shown.out);
    }
    both(&college, &["warning", "ack", "999999"], 4, &["999999"], &["999999"]);
    both(&college, &["warning", "ack", "abc"], 3, &["abc"], &["abc"]);
}

#[test]
fn a_silence_ends_on_a_day_to_come_and_needs_a_reason() {
    let college = clubs::diagnosed();
    let (id, _) = warning(&college);
    both(
        &college,
        &["warning", "silence", &id, "--until", "2001-01-01", "--why", "x"],
        3,
        &["2001-01-01"],
        &["2001-01-01"],
    );
    both(&college, &["warning", "silence", &id, "--until", "2999-01-01", "--why", " "], 3, &["原因"], &["reason"]);
    both(
        &college,
        &["warning", "silence", &id, "--until", "someday", "--why", "x"],
        3,
        &["someday", "日期"],
        &["someday", "date"],
    );
    college.run(&["warning", "silence", &id, "--until", "2999-01-01", "--why", "筹备中"]).good();
    let shown = college.json(&["warning", "show", &id]);
    assert!(shown.to_string().contains("2999-01-01") && shown.to_string().contains("筹备中"), "{shown}");
}

#[test]
fn a_warning_clears_by_itself_when_the_number_is_good_again() {
    let college = clubs::diagnosed();
    let file = college.file("more.csv", "社团编号,社团名称,人数\nC2,诗社,25\n");
    crate::samples::import(&college, &file, "clubs", &[]).good();
    college.run(&["diagnose", "--period", "CY2025", "--layer", "school"]).good();
    let (id, found) = warning(&college);
    assert_ne!(found["condition"], "active", "{found}");
    assert_eq!(found["handling"], "new", "the machine closes nothing that a person has not looked at: {found}");
    college.run(&["warning", "show", &id]).good();
}

#[test]
fn a_cycle_groups_its_runs_and_takes_none_after_it_was_closed() {
    let college = clubs::college();
    let made =
        college.json(&["cycle", "create", "--template", "school-year", "--period", "CY2025", "--name", "年度诊改"]);
    let cycle = made[0]["cycle"].as_str().expect("an id").to_owned();
    college.run(&["diagnose", "--period", "CY2025", "--cycle", &cycle]).good();
    let shown = college.json(&["cycle", "show", &cycle]);
    assert_eq!(shown["runs"].as_array().map(Vec::len), Some(1), "{shown}");
    assert_eq!(shown["runs"][0]["layers"], serde_json::json!(["school"]), "the layers of the template: {shown}");
    let first = shown["cycle"]["template"]["step"][0]["id"].clone();
    let next = shown["cycle"]["template"]["step"][1]["id"].as_str().expect("a second step").to_owned();
    college.run(&["cycle", "move", &cycle, "--to", first.as_str().expect("an id")]).exits(5);
    let moved = college.json(&["cycle", "move", &cycle, "--to", &next, "--evidence", "会议纪要"]);
    assert_eq!(moved[0]["cycle"], cycle.as_str());
    let shown = college.json(&["cycle", "show", &cycle]);
    assert_eq!(
        (&shown["cycle"]["step"], &shown["steps"][0]["evidence"]),
        (&next.into(), &serde_json::json!(["会议纪要"]))
    );
    college.run(&["cycle", "close", &cycle, "--why", "完成"]).good();
    both(
        &college,
        &["diagnose", "--period", "CY2025", "--cycle", &cycle],
        5,
        &[&cycle, "已结束", "另建周期"],
        &[&cycle, "closed", "create another"],
    );
    college.run(&["cycle", "close", &cycle]).exits(5);
    assert_eq!(college.json(&["cycle", "show", &cycle])["runs"].as_array().map(Vec::len), Some(1));
    both(
        &college,
        &["cycle", "create", "--template", "school-yaer", "--period", "CY2025"],
        4,
        &["school-yaer", "school-year"],
        &["school-yaer", "school-year"],
    );
    both(&college, &["diagnose", "--period", "2025"], 3, &["2025", "期间"], &["2025", "period"]);
}

#[test]
fn results_are_exported_as_the_extension_says_and_twice_the_same() {
    let college = clubs::college();
    college.run(&["diagnose", "--period", "CY2025"]).good();
    let run = college.json(&["run", "list"])[0]["run"].as_str().expect("an id").to_owned();
    let rows = college.json(&["result", "--limit", "10000"]).as_array().map(Vec::len);
    for extension in ["csv", "json", "parquet", "xlsx"] {
        let [one, two] = ["one", "two"].map(|name| {
            let file = college.path(&format!("{name}.{extension}"));
            college.run(&["run", "export", &run, "--to", &file.to_string_lossy()]).good();
            std::fs::read(file).expect("the exported file")
        });
        // A workbook tells when it was made.
        assert!(extension == "xlsx" || one == two, "{extension}");
        assert!(!one.is_empty() && !two.is_empty(), "{extension}");
        if extension == "json" {
            let read: Value = serde_json::from_slice(&one).expect("JSON");
            assert_eq!(read.as_array().map(Vec::len), rows);
        }
    }
    college.run(&["run", "export", &run, "--to", "results.doc"]).exits(3).says(&["results.doc", ".xlsx"]);
}

#[test]
fn a_layer_that_is_switched_off_computes_nothing_and_the_others_go_on() {
    let college = clubs::college();
    let layers = |college: &College, layer: &str| -> Vec<String> {
        let rows = college.json(&["result", "--layer", layer, "--limit", "500"]);
        let word = |row: &Value| row["verdict"].as_str().unwrap_or_default().to_owned();
        rows.as_array().expect("a list").iter().map(word).collect()
    };
    college.run(&["diagnose", "--period", "CY2025"]).good();
    assert!(!layers(&college, "teacher").is_empty());
    college.run(&["plugin", "disable", "layer-teacher"]).good();
    college.run(&["diagnose", "--period", "CY2025"]).good();
    assert!(layers(&college, "teacher").iter().all(|verdict| verdict == "not-applicable"));
    let school = layers(&college, "school");
    assert!(school.iter().any(|verdict| verdict == "achieved"), "{school:?}");
    college.run(&["plugin", "enable", "layer-teacher"]).good();
    college.run(&["diagnose", "--period", "CY2025"]).good();
    assert!(layers(&college, "teacher").iter().any(|verdict| verdict != "not-applicable"));
}

#[test]
fn without_the_file_connector_nothing_can_be_imported_and_the_way_back_is_named() {
    let college = clubs::college();
    college.run(&["plugin", "disable", "connector-file"]).good();
    let file = college.path("clubs.csv").to_string_lossy().into_owned();
    both(
        &college,
        &["import", &file, "-d", "clubs"],
        5,
        &["connector-file", "停用", "plugin enable connector-file"],
        &["connector-file", "disabled", "plugin enable connector-file"],
    );
    college.run(&["plugin", "enable", "connector-file"]).good();
    college.run(&["import", &file, "-d", "clubs"]).good();
}

#[test]
fn folders_that_are_no_plugins_are_told_and_keep_nobody_from_working() {
    let college = clubs::college();
    let plugins = college.data().join("plugins");
    let put = |folder: &str, manifest: &str| {
        let at = plugins.join(folder);
        std::fs::create_dir_all(&at).expect("a folder");
        if !manifest.is_empty() {
            std::fs::write(at.join("plugin.toml"), manifest).expect("a manifest");
        }
    };
    let manifest = |id: &str, rest: &str| {
        format!(
            "id = \"{id}\"\nnames = {{ zh = \"甲\", en = \"A\" }}\nversion = \"1.0.0\"\nkind = \"connector\"\n{rest}\n"
        )
    };
    put("empty", "");
    put("broken", "id = \"broken\"\nversion =\n");
    put("wordy", &manifest("wordy", "colour = \"red\""));
    put("other-abi", &manifest("other-abi", "abi = \"9.0\"\nlibrary = \"nothing\""));
    put("odd-abi", &manifest("odd-abi", "abi = \"new\"\nlibrary = \"nothing\""));
    put("no-library", &manifest("no-library", "abi = \"1.0\"\nlibrary = \"nothing\""));
    let listed = college.run(&["plugin", "list"]).good().says(&[
        "empty",
        "plugin.toml",
        "broken",
        "第 2 行",
        "wordy",
        "odd-abi",
        "1.0",
    ]);
    assert!(listed.out.contains("connector-file"), "{}", listed.out);
    college.run(&["plugin", "list", "--lang", "en"]).good().says(&[
        "empty",
        "plugin.toml",
        "broken",
        "line 2",
        "wordy",
    ]);
    for (id, chinese, english) in [
        ("other-abi", ["other-abi", "9.0"], ["other-abi", "9.0"]),
        ("no-library", ["no-library", "找不到"], ["no-library", "library"]),
    ] {
        let ran = college.run(&["plugin", "enable", id]);
        assert!(!matches!(ran.code, Some(0)), "{}", ran.out);
        ran.says(&chinese);
        college.run(&["plugin", "enable", id, "--lang", "en"]).says(&english);
    }
    both(
        &college,
        &["plugin", "enable", "layer-techer"],
        4,
        &["layer-techer", "layer-teacher"],
        &["layer-techer", "layer-teacher"],
    );
    college.run(&["diagnose", "--period", "CY2025", "--layer", "school"]).good();
}

#[test]
fn a_library_of_the_user_runs_only_after_it_was_enabled_and_not_when_it_changed() {
    let college = clubs::college();
    let own = college.data().join("plugins/connector-own");
    std::fs::create_dir_all(&own).expect("a folder");
    let library = format!("{}zhengai_own{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    std::fs::write(own.join(library), b"no library at all").expect("a file");
    let manifest = "id = \"connector-own\"\nnames = { zh = \"甲\", en = \"A\" }\nversion = \"1.0.0\"\nkind = \"connector\"\nabi = \"1.0\"\nlibrary = \"zhengai_own\"\n";
    std::fs::write(own.join("plugin.toml"), manifest).expect("a manifest");
    let state = |college: &College| {
        let listed = college.json(&["plugin", "list"]);
        let own = listed.as_array().expect("a list").iter().find(|one| one["id"] == "connector-own").cloned();
        own.expect("it is listed")["state"].clone()
    };
    assert_eq!(state(&college), "disabled");
    let refused = college.run(&["plugin", "enable", "connector-own"]).says(&["connector-own", "无法打开"]);
    assert!(!matches!(refused.code, Some(0 | 70)), "{:?}", refused.code);
    assert_eq!(state(&college), "disabled");
}
