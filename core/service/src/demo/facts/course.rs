//! Rows of the course layer, except the daily ones.

use super::{College, Out, Sheet, yes_no};
use crate::demo::DemoError;
use crate::demo::files::{Cell, DateStyle, Shape};
use crate::demo::plan::{TERMS, YEAR, date};
use crate::demo::planted::LAST;
use chrono::Days;
use zhengai_model::dataset::LoadMode;

/// Courses and teaching sections.
pub(super) fn masters(out: &mut Out, college: &College) -> Result<(), DemoError> {
    courses(out, college)?;
    sections(out, college)
}

fn courses(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "课程",
        dataset: "courses",
        shape: Shape::TitledWorkbook,
        title: "课程设置一览表",
        headers: &[
            "课程编号",
            "课程名称",
            "课程类型",
            "课程性质",
            "专业核心课",
            "学分",
            "学时/总学时",
            "学时/实践学时",
            "开课院系",
            "所属专业",
            "负责人工号",
            "校企合作开发",
            "网络教学课程",
            "精品级别",
        ],
    })?;
    out.mapping(&mut open, "dataset = \"courses\"\n\n[read]\nskip_rows = 1\nheader_rows = 2\n")?;
    let people = &college.people;
    for course in &college.teaching.courses {
        open.row(&[
            Cell::Text(&course.code),
            Cell::Text(&course.name),
            Cell::Text(match course.kind {
                "a" => "A类",
                "b" => "B类",
                _ => "C类",
            }),
            Cell::Text(match course.nature {
                "required" => "必修",
                "restricted" => "限选",
                _ => "任选",
            }),
            yes_no(course.core),
            Cell::Dec(course.credits(), 1),
            Cell::Int(course.hours()),
            Cell::Int(course.practice_hours()),
            Cell::Text(&people.departments[course.department].code),
            course.major.map_or(Cell::Blank, |major| Cell::Text(people.majors[major].code)),
            Cell::Text(&people.teachers[course.leader].id),
            yes_no(course.co_developed),
            yes_no(course.online),
            Cell::Text(match course.level {
                "provincial" => "省级",
                "college" => "校级",
                _ => "无",
            }),
        ])?;
    }
    out.close(open)
}

fn sections(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "教学班",
        dataset: "sections",
        shape: Shape::GbkCsv(DateStyle::Iso),
        title: "",
        headers: &[
            "选课课号",
            "学年学期",
            "课程号",
            "教师工号",
            "行政班号",
            "选课人数",
            "周学时",
            "计划学时",
            "实际学时",
        ],
    })?;
    let people = &college.people;
    for section in &college.teaching.sections {
        let course = &college.teaching.courses[section.course];
        open.row(&[
            Cell::Text(&section.id),
            Cell::Text(&TERMS[section.term].id()),
            Cell::Text(&course.code),
            Cell::Text(&people.teachers[section.teacher].id),
            Cell::Text(&people.classes[section.class].id),
            Cell::Int(i64::try_from(section.students).expect("a class")),
            Cell::Int(course.weekly),
            Cell::Int(course.hours()),
            Cell::Int(course.hours()),
        ])?;
    }
    let first = &college.teaching.sections[0];
    let row = |id, course| {
        [
            Cell::Text(id),
            Cell::Text("AY2025-T2"),
            Cell::Text(course),
            Cell::Text(people.teachers[0].id.as_str()),
            Cell::Text(people.classes[first.class].id.as_str()),
            Cell::Int(40),
            Cell::Int(3),
            Cell::Int(60),
            Cell::Int(60),
        ]
    };
    let course = college.teaching.courses[first.course].code.as_str();
    out.bad(&mut open, &row("AY2025-T2-99001", "G999"), 2, "reference.missing")?;
    out.ragged(&mut open, &row("AY2025-T2-99002", course)[..5])?;
    out.close(open)
}

/// Changes, checks, evaluations, supervision, resources: of the two academic years before today.
pub(super) fn rows(out: &mut Out, college: &College) -> Result<(), DemoError> {
    changes(out, college)?;
    checks(out, college)?;
    evaluations(out, college)?;
    supervision(out, college)?;
    resources(out, college)
}

/// Sections of the diagnosed year and the one before.
fn recent(college: &College) -> impl Iterator<Item = usize> + '_ {
    let all = college.teaching.sections.iter().enumerate();
    all.filter(|(_, section)| TERMS[section.term].year >= YEAR - 1).map(|(index, _)| index)
}

fn changes(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "调停代课",
        dataset: "lesson_changes",
        shape: Shape::Workbook,
        title: "",
        headers: &["申请编号", "上课日期", "教学班编号", "变动类型", "事由", "涉及学时"],
    })?;
    for (number, section) in recent(college).filter(|section| section % 11 == 4).enumerate() {
        let id = format!("TK{:06}", number + 1);
        let term = TERMS[college.teaching.sections[section].term];
        open.row(&[
            Cell::Text(&id),
            Cell::Date(term.day(3 + number % 14, number % 5)),
            Cell::Text(&college.teaching.sections[section].id),
            Cell::Text(if number % 3 == 0 { "代课" } else { "调课" }),
            Cell::Text(if number % 2 == 0 { "因公" } else { "因私" }),
            Cell::Int(1),
        ])?;
    }
    out.close(open)
}

fn checks(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "教学检查",
        dataset: "lesson_checks",
        shape: Shape::GbkCsv(DateStyle::Slashes),
        title: "",
        headers: &["检查编号", "检查日期", "教学班编号", "检查项目", "应完成数", "已完成数"],
    })?;
    let mut number = 0;
    for section in recent(college) {
        let term = TERMS[college.teaching.sections[section].term];
        let items = [("授课计划", 0, 1, 1), ("教案", 4, 10, 10), ("作业批改", 14, 20, 19), ("实训项目开出", 17, 8, 8)];
        for (item, week, due, done) in items {
            number += 1;
            let id = format!("JC{number:07}");
            open.row(&[
                Cell::Text(&id),
                Cell::Date(term.day(week, 3)),
                Cell::Text(&college.teaching.sections[section].id),
                Cell::Text(item),
                Cell::Int(due),
                Cell::Int(done),
            ])?;
        }
    }
    out.close(open)
}

fn evaluations(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "学生评教",
        dataset: "evaluations",
        shape: Shape::Utf8Csv(DateStyle::Iso),
        title: "",
        headers: &["选课课号", "匿名编号", "评教日期", "评教分数"],
    })?;
    open.load = LoadMode::Append;
    for section_index in recent(college) {
        let section = &college.teaching.sections[section_index];
        let mut rng = college.rng("evaluations", section_index);
        let disliked = section.term == LAST && section.teacher == college.planted.disliked;
        let day = TERMS[section.term].day(18, 2);
        for answer in 0..college.sizes.answers_a_section.min(section.students) {
            let respondent = format!("P{:02}", answer + 1);
            let score = if disliked { rng.between(600, 720) } else { rng.between(870, 980) };
            out.add("evaluation", section.term, section_index, score);
            open.row(&[
                Cell::Text(&section.id),
                Cell::Text(&respondent),
                Cell::Date(day + Days::new((answer % 9) as u64)),
                Cell::Dec(score, 1),
            ])?;
        }
    }
    let section = &college.teaching.sections[college.teaching.sections.len() - 1];
    let odd = |respondent, day, score| [Cell::Text(section.id.as_str()), Cell::Text(respondent), day, score];
    let day = Cell::Date(TERMS[LAST].day(18, 4));
    out.bad(&mut open, &odd("P91", day, Cell::Text("很好")), 3, "type.decimal")?;
    out.bad(&mut open, &odd("P92", day, Cell::Dec(1200, 1)), 3, "range.max")?;
    out.bad(&mut open, &odd("P93", Cell::Text("上学期末"), Cell::Dec(900, 1)), 2, "type.date")?;
    out.close(open)
}

fn supervision(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "督导听课",
        dataset: "supervision",
        shape: Shape::GbkCsv(DateStyle::Chinese),
        title: "",
        headers: &["听课记录号", "听课日期", "教学班编号", "督导工号", "督导评分", "听课意见"],
    })?;
    let supervisor = &college.people.teachers[0].id;
    let mut number = 0;
    for section_index in recent(college) {
        let section = &college.teaching.sections[section_index];
        let mut rng = college.rng("supervision", section_index);
        let disliked = section.term == LAST && section.teacher == college.planted.disliked;
        for week in [3, 12] {
            number += 1;
            let id = format!("TK{number:07}");
            let score = if disliked { rng.between(580, 660) } else { rng.between(880, 960) };
            out.add("supervision", section.term, section_index, score);
            open.row(&[
                Cell::Text(&id),
                Cell::Date(TERMS[section.term].day(week, section_index % 5)),
                Cell::Text(&section.id),
                Cell::Text(supervisor),
                Cell::Dec(score, 1),
                Cell::Text(if disliked {
                    "课堂组织松散,互动少,\"满堂灌\""
                } else {
                    "教学设计合理,课堂互动较好"
                }),
            ])?;
        }
    }
    out.close(open)
}

fn resources(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "课程资源",
        dataset: "resources",
        shape: Shape::Workbook,
        title: "",
        headers: &["课程编号", "资源类型", "统计日期", "资源数量", "更新日期"],
    })?;
    for (year, month, day) in [(YEAR, 1, 10), (YEAR, 6, 30), (YEAR + 1, 1, 10), (YEAR + 1, 6, 30)] {
        for (index, course) in college.teaching.courses.iter().enumerate() {
            for (kind, items) in [("微课", 24), ("课件", 20), ("习题", 30), ("试题库", 4)] {
                open.row(&[
                    Cell::Text(&course.code),
                    Cell::Text(kind),
                    Cell::Date(date(year, month, day)),
                    Cell::Int(items + i64::try_from(index % 7).expect("small")),
                    Cell::Date(date(year - 1, 11, 20)),
                ])?;
            }
        }
    }
    out.close(open)
}
