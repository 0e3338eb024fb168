//! Definitions of users: packs dropped in or named, datasets and indicators at run time, and what is refused of them.

use crate::clubs;
use crate::harness::College;
use crate::samples::{both, counts, table};
use std::path::{Path, PathBuf};

/// An indicator over the clubs, with these lines in place of the usual ones.
fn indicator(code: &str, value: &str, rest: &str) -> String {
    format!(
        "[[indicator]]\ncode = \"{code}\"\nnames = {{ zh = \"社团人数\", en = \"Members\" }}\nlayer = \"school\"\n\
         point = \"school.clubs\"\nunit = \"人\"\ndirection = \"higher\"\ngrain = \"club\"\nperiod = \"calendar-year\"\n\
         time = \"stock\"\ndecimals = 0\nvalue = \"{value}\"\n{rest}\n"
    )
}

const MEMBERS: &str = "measures.members = { dataset = \"clubs\", agg = \"sum(members)\" }\n";

fn publish(college: &College, file: &Path, chinese: &[&str], english: &[&str]) {
    let path = file.to_string_lossy();
    both(college, &["indicator", "publish", &path], 3, chinese, english);
}

#[test]
fn indicators_that_cannot_be_true_are_refused_with_their_place_and_publish_nothing() {
    let college = clubs::college();
    let listed = college.json(&["indicator", "list"]);
    let loose =
        std::fs::read_to_string(crate::harness::root().join("plugins/layers/school/indicators/conditions.toml"));
    let loose = loose.expect("the pack").split("[[indicator]]").nth(1).expect("the first one").to_owned();
    for (name, text, chinese, english) in [
        (
            "circle.toml",
            indicator("T-A", "@T-B", "") + &indicator("T-B", "@T-A", ""),
            vec!["T-A → T-B → T-A", "断开循环"],
            vec!["T-A → T-B → T-A", "Break the circle"],
        ),
        (
            "field.toml",
            indicator("T-A", "members", &MEMBERS.replace("sum(members)", "sum(heads)")),
            vec!["T-A", "measures.members.agg", "第 5 个字符", "clubs", "heads", "dataset show clubs"],
            vec!["T-A", "measures.members.agg", "character 5", "clubs", "heads", "dataset show clubs"],
        ),
        (
            "filter.toml",
            indicator("T-A", "members", &MEMBERS.replace(" }", ", where = \"colour = 1\" }")),
            vec!["T-A", "measures.members.where", "colour"],
            vec!["T-A", "measures.members.where", "colour"],
        ),
        (
            "type.toml",
            indicator("T-A", "members", &MEMBERS.replace("sum(members)", "sum(name)")),
            vec!["T-A", "measures.members.agg", "sum(Utf8", "dataset show clubs"],
            vec!["T-A", "measures.members.agg", "sum(Utf8", "dataset show clubs"],
        ),
        (
            "dataset.toml",
            indicator("T-A", "members", &MEMBERS.replace("clubs", "clobs")),
            vec!["T-A", "clobs", "dataset list"],
            vec!["T-A", "clobs", "dataset list"],
        ),
        (
            "values.toml",
            indicator(
                "T-A",
                "members",
                &format!(
                    "{MEMBERS}values = {{ target = \">= 30\", standard = \">= 50\", warning = \"< 60\", source = \"x\" }}"
                ),
            ),
            vec!["T-A: ", "目标值 >= 30 与标准值 >= 50 矛盾", "预警值 < 60 与目标值 >= 30 重叠"],
            vec!["T-A: ", "target >= 30 contradicts the standard >= 50", "warning value < 60 meets the target >= 30"],
        ),
        (
            "syntax.toml",
            indicator("T-A", "members +* 2", MEMBERS),
            vec!["T-A: ", "第 10 个字符", "“*”"],
            vec!["T-A: ", "character 10", "“*”"],
        ),
        (
            "unit.toml",
            indicator("T-A", "members", MEMBERS).replace("unit = \"人\"", "unit = \"元\""),
            vec!["T-A: ", "人", "元", "改正单位或公式"],
            vec!["T-A: ", "人", "元", "Correct the unit or the formula"],
        ),
        (
            "word.toml",
            indicator("T-A", "members", "colour = 1"),
            vec!["word.toml", "第 13 行", "colour"],
            vec!["word.toml", "line 13", "colour"],
        ),
        ("cut.toml", "[[indicator]]\ncode = ".to_owned(), vec!["cut.toml", "第 2 行"], vec!["cut.toml", "line 2"]),
        (
            "floor.toml",
            format!("[[indicator]]{loose}\nvalues = {{ standard = \"<= 99\", source = \"x\" }}\n"),
            vec!["SCH-STUDENT-TEACHER", "<= 99", "教发〔2004〕2号"],
            vec!["SCH-STUDENT-TEACHER", "<= 99", "教发〔2004〕2号"],
        ),
    ] {
        let file = college.file(name, text);
        publish(&college, &file, &chinese, &english);
    }
    assert_eq!(college.json(&["indicator", "list"]), listed);
}

#[test]
fn check_tells_the_same_faults_without_publishing_and_values_on_real_data_when_there_is_none() {
    let college = clubs::college();
    let bad = college.file("bad.toml", indicator("T-A", "members", &MEMBERS.replace("sum(members)", "sum(heads)")));
    let checked = college.run(&["indicator", "check", &bad.to_string_lossy(), "--period", "CY2025"]).exits(1);
    assert!(checked.out.contains('✗') && checked.out.contains("heads"), "{}", checked.out);
    let good = college.file("good.toml", indicator("T-A", "members", MEMBERS));
    let checked =
        college.run(&["indicator", "check", &good.to_string_lossy(), "--period", "CY2025", "--format", "json"]);
    let report = checked.good().json();
    assert!(report.to_string().contains("\"C1\"") && report.to_string().contains("30"), "{report}");
    both(&college, &["indicator", "show", "T-A"], 4, &["指标", "T-A"], &["indicator", "T-A"]);
}

#[test]
fn publishing_again_makes_a_second_version_that_the_next_run_uses() {
    let college = clubs::college();
    let versions = |college: &College| {
        let shown = college.json(&["result", "--indicator", "CLUB-MEMBERS", "--object", "club/C1"]);
        shown[0]["verdict"].as_str().unwrap_or_default().to_owned()
    };
    college.run(&["diagnose", "--period", "CY2025", "--layer", "school"]).good();
    assert_eq!(versions(&college), "achieved");
    let raised = format!(
        "{MEMBERS}values = {{ target = \">= 50\", standard = \">= 40\", warning = \"< 5\", source = \"新章程\" }}"
    );
    let file = college.file("raised.toml", indicator("CLUB-MEMBERS", "members", &raised));
    let path = file.to_string_lossy().into_owned();
    college.run(&["indicator", "publish", &path, "--why", "提高标准"]).good().says(&["CLUB-MEMBERS", "第 1 版"]);
    college.run(&["indicator", "publish", &path]).good().says(&["第 1 版相同"]);
    let again = college.file("again.toml", indicator("CLUB-MEMBERS", "members", &raised.replace("50", "60")));
    college.run(&["indicator", "publish", &again.to_string_lossy()]).good().says(&["第 2 版"]);
    let shown = college.run(&["indicator", "show", "CLUB-MEMBERS"]).good();
    assert!(shown.out.contains("提高标准") && shown.out.contains(">= 60"), "{}", shown.out);
    college.run(&["diagnose", "--period", "CY2025", "--layer", "school"]).good();
    assert_eq!(versions(&college), "unmet");
    let runs = college.json(&["run", "list"]);
    let ids: Vec<&str> = runs.as_array().expect("a list").iter().filter_map(|run| run["run"].as_str()).collect();
    let [later, earlier] = ids[..] else { panic!("two runs: {runs}") };
    let differ = college.run(&["run", "compare", earlier, later, "--format", "json"]).good().json();
    let causes: Vec<&str> = differ.as_array().expect("a list").iter().filter_map(|one| one["cause"].as_str()).collect();
    // The formula stayed, so the definition means what it meant; only what it is held against changed.
    assert!(!causes.is_empty() && causes.iter().all(|cause| *cause == "standard"), "{differ}");
}

#[test]
fn a_pack_named_for_a_command_counts_for_that_command_only() {
    let college = College::new();
    let pack = clubs::pack(&college.path("elsewhere"));
    let pack = pack.to_string_lossy();
    let file = college.file("clubs.csv", clubs::ROWS);
    let path = file.to_string_lossy();
    college.run(&["--pack", &pack, "import", &path, "-d", "clubs"]).good();
    college.run(&["--pack", &pack, "diagnose", "--period", "CY2025", "--layer", "school"]).good();
    let results = college.json(&["--pack", &pack, "result", "--indicator", "CLUB-MEMBERS"]);
    assert_eq!(results.as_array().map(Vec::len), Some(3), "{results}");
    both(&college, &["import", &path, "-d", "clubs"], 4, &["clubs"], &["clubs"]);
}

#[test]
fn a_pack_with_faults_is_named_with_file_line_and_column() {
    let college = College::new();
    let pack = clubs::pack(&college.data().join("packs/clubs"));
    let dataset = pack.join("datasets/clubs.toml");
    let text = std::fs::read_to_string(&dataset).expect("the dataset");
    std::fs::write(&dataset, text.replace("type = \"integer\"", "type = \"whole\"")).expect("the dataset");
    both(
        &college,
        &["dataset", "list"],
        3,
        &["datasets/clubs.toml:9:", "改正后重试"],
        &["datasets/clubs.toml:9:", "Mend them"],
    );
}

#[test]
fn a_dataset_defined_at_run_time_takes_rows_and_grows_but_never_changes_a_type() {
    let college = College::new();
    let define = |name: &str, text: &str| -> PathBuf { college.file(name, text) };
    let text = std::fs::read_to_string(clubs::pack(&college.path("pack")).join("datasets/clubs.toml")).expect("text");
    let first = define("clubs.toml", &text);
    college.run(&["dataset", "define", &first.to_string_lossy()]).good().says(&["clubs"]);
    let file = college.file("clubs.csv", clubs::ROWS);
    assert_eq!(counts(&college, &file, "clubs", &[])["new"], 3);
    let grown = define(
        "grown.toml",
        &text.replace(
            "\n]\n",
            "\n  { name = \"room\", names = { zh = \"活动室\", en = \"Room\" }, type = \"text\" },\n]\n",
        ),
    );
    college.run(&["dataset", "define", &grown.to_string_lossy()]).good();
    let roomy = college.file("roomy.csv", "社团编号,社团名称,人数,活动室\nC1,棋社,30,101\n");
    assert_eq!(counts(&college, &roomy, "clubs", &[])["changed"], 1);
    let before = table(&college, "clubs");
    let other = define("other.toml", &text.replace("type = \"integer\"", "type = \"text\""));
    both(
        &college,
        &["dataset", "define", &other.to_string_lossy()],
        5,
        &["clubs", "members", "另建一个新字段"],
        &["clubs", "members", "new field"],
    );
    let keyless = define("keyless.toml", &text.replace("key = [\"club_id\"]", "key = [\"club\"]"));
    both(
        &college,
        &["dataset", "define", &keyless.to_string_lossy()],
        3,
        &["keyless.toml", "club"],
        &["keyless.toml", "club"],
    );
    assert_eq!(table(&college, "clubs"), before);
}
