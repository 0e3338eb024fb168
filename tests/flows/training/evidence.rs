//! From a planted finding back to the file: `why` names exactly the lines in which a person, reading the generated files
//! alone, finds the cases.

use super::set_up::{Trained, trained};
use super::table::{Line, read};
use std::collections::BTreeSet;

const TERM: &str = "AY2025-T2";

/// What a measure of a finding must lead to.
struct Case<'a> {
    indicator: &'a str,
    measure: &'a str,
    file: &'a str,
    /// Line of the header.
    header: usize,
    /// Whether a row of the file counts for the object in the period.
    counts: &'a dyn Fn(&Line, &str) -> bool,
}

#[test]
fn a_student_s_absences_lead_to_every_line_that_says_so() {
    check(&Case {
        indicator: "STU-ABSENCES",
        measure: "absences",
        file: "38-考勤.csv",
        header: 1,
        counts: &|line, student| {
            line.cell("学号") == student && line.cell("考勤状态") == "旷课" && line.cell("选课课号").starts_with(TERM)
        },
    });
}

#[test]
fn a_run_of_absences_leads_through_the_plugin_to_the_student_s_lines() {
    check(&Case {
        indicator: "STU-ABSENCE-RUN",
        measure: "days",
        file: "38-考勤.csv",
        header: 1,
        counts: &|line, student| line.cell("学号") == student && line.cell("选课课号").starts_with(TERM),
    });
}

#[test]
fn weekly_hours_lead_through_the_plugin_to_the_teacher_s_sections() {
    check(&Case {
        indicator: "TCH-WEEKLY-HOURS",
        measure: "hours",
        file: "09-教学班.csv",
        header: 1,
        counts: &|line, teacher| line.cell("教师工号") == teacher && line.cell("学年学期") == TERM,
    });
}

#[test]
fn a_sanction_leads_to_its_row_in_the_workbook() {
    check(&Case {
        indicator: "STU-SANCTIONS",
        measure: "cases",
        file: "33-违纪处分.xlsx",
        header: 1,
        // Of the two rows about the first student one is a planted fault and was rejected.
        counts: &|line, student| line.cell("学号") == student && line.cell("处分编号") != "CF2025-099",
    });
}

#[test]
fn an_incident_leads_to_its_row_in_the_workbook() {
    check(&Case {
        indicator: "TCH-INCIDENTS",
        measure: "incidents",
        file: "14-质量事故.xlsx",
        header: 1,
        counts: &|line, teacher| line.cell("责任教师") == teacher,
    });
}

#[test]
fn a_course_s_pass_rate_leads_to_the_first_sittings() {
    check(&Case {
        indicator: "CRS-PASS",
        measure: "taken",
        file: "32-成绩.csv",
        header: 1,
        counts: &|line, course| {
            line.cell("课程号") == course && line.cell("学年学期") == TERM && line.cell("考试性质") == "正考"
        },
    });
}

#[test]
fn a_teacher_s_evaluation_leads_through_the_sections_to_the_answers() {
    let sections = read(&trained().file("09-教学班.csv"), 1);
    check(&Case {
        indicator: "TCH-EVALUATION",
        measure: "answers",
        file: "29-学生评教.csv",
        header: 1,
        counts: &|line, teacher| {
            let id = line.cell("选课课号");
            let own = sections.iter().any(|section| {
                section.cell("选课课号") == id
                    && section.cell("教师工号") == teacher
                    && section.cell("学年学期") == TERM
            });
            own && !line.cell("匿名编号").starts_with("P9")
        },
    });
}

#[test]
fn unfinished_tasks_lead_to_the_rows_of_the_department() {
    check(&Case {
        indicator: "SCH-TASKS-ON-TIME",
        measure: "due",
        file: "15-规划任务.xlsx",
        header: 1,
        counts: &|line, unit| line.cell("牵头部门") == unit && line.cell("任务编号").starts_with("RW2025-"),
    });
}

#[test]
fn a_fitness_score_leads_to_the_test() {
    check(&Case {
        indicator: "STU-FITNESS",
        measure: "score",
        file: "36-体质测试.csv",
        header: 1,
        counts: &|line, student| line.cell("XH") == student && line.cell("XN") == "AY2025",
    });
}

#[test]
fn a_registration_rate_leads_below_a_title_and_merged_headers_to_its_row() {
    // Title, upper header, lower header: cells are found by the upper one where it stands alone.
    check(&Case {
        indicator: "MAJ-REGISTRATION-BY-ADMITTED",
        measure: "registered",
        file: "16-招生情况.xlsx",
        header: 2,
        counts: &|line, major| line.cell("专业代码") == major && line.cell("招生学年") == "AY2025",
    });
}

/// Asks for the why of every planted finding of the indicator at its finest grain, and reads the file for itself.
#[track_caller]
fn check(case: &Case<'_>) {
    let trained = trained();
    let lines = read(&trained.file(case.file), case.header);
    let mut found = 0;
    for (place, finding) in trained.findings() {
        let finest = matches!(place.kind.as_str(), "student" | "teacher" | "course" | "major");
        let lone = place.name.starts_with("SCH-");
        if place.name != case.indicator || !(finest || lone) {
            continue;
        }
        let counts = |line: &&Line| (case.counts)(line, &place.object);
        let expected: BTreeSet<u64> = lines.iter().filter(counts).map(|line| line.number).collect();
        assert!(!expected.is_empty(), "{place:?} has no row in {}", case.file);
        assert_eq!(led_to(trained, case, &place), expected, "{place:?} {finding}");
        found += 1;
    }
    assert!(found > 0, "{} is not planted", case.indicator);
}

/// Lines of the case's file that `why` names.
#[track_caller]
fn led_to(trained: &Trained, case: &Case<'_>, place: &super::set_up::Place) -> BTreeSet<u64> {
    let object = format!("{}/{}", place.kind, place.object);
    let run = &trained.run_of(&place.period).id;
    let all = trained.college.json(&["why", &place.name, &object, "--run", run, "--rows", "100000"]);
    let explained = all.as_array().expect("explanations").iter();
    let why = explained.clone().find(|one| one["result"]["period"] == place.period.as_str());
    let why = why.unwrap_or_else(|| panic!("nothing about {place:?}: {all}"));
    let measures = why["why"]["measures"].as_array().expect("measures");
    let measure = measures.iter().find(|measure| measure["name"] == case.measure).expect("the measure");
    let own = measure["rows"].as_array().expect("rows").iter();
    let sources = measure["sources"].as_array().into_iter().flatten();
    let behind = sources.flat_map(|source| source["rows"].as_array().expect("rows"));
    let mut lines = BTreeSet::new();
    for row in own.chain(behind) {
        let batch = row["batch"].as_str().expect("a batch");
        let Some(file) = why["files"][batch].as_str() else { continue };
        if file.split('[').next() == Some(case.file) {
            assert!(lines.insert(row["line"].as_u64().expect("a line")), "{place:?}: a line twice");
        }
    }
    lines
}
