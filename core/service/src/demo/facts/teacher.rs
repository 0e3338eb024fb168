//! Rows of the teacher layer.

use super::{College, Out, Sheet, yes_no};
use crate::demo::DemoError;
use crate::demo::files::{Cell, DateStyle, Shape};
use crate::demo::names;
use crate::demo::plan::{YEAR, date};

/// Teachers.
pub(super) fn master(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "教职工",
        dataset: "teachers",
        shape: Shape::GbkCsv(DateStyle::Slashes),
        title: "",
        headers: &[
            "教工号",
            "姓名",
            "性别",
            "出生日期",
            "系部代码",
            "教师类型",
            "职称",
            "学历",
            "学位",
            "双师素质",
            "骨干教师",
            "专业带头人",
            "企业一线工作年限",
            "入校日期",
            "离校日期",
        ],
    })?;
    let people = &college.people;
    for person in &people.teachers {
        open.row(&[
            Cell::Text(&person.id),
            Cell::Text(&person.name),
            Cell::Text(if person.female { "女" } else { "男" }),
            Cell::Date(person.birth),
            Cell::Text(&people.departments[person.department].code),
            Cell::Text(kind(person.kind)),
            Cell::Text(title(person.title)),
            Cell::Text(education(person.education)),
            Cell::Text(degree(person.degree)),
            yes_no(person.dual),
            yes_no(person.backbone),
            yes_no(person.leader),
            Cell::Int(person.years),
            Cell::Date(person.hired),
            Cell::Blank,
        ])?;
    }
    let row = |id: &'static str, unit: &'static str, title: &'static str, hired, left| {
        [
            Cell::Text(id),
            Cell::Text("测试教师"),
            Cell::Text("男"),
            Cell::Date(date(1985, 3, 2)),
            Cell::Text(unit),
            Cell::Text("校内专任教师"),
            Cell::Text(title),
            Cell::Text("硕士研究生"),
            Cell::Text("硕士"),
            Cell::Text("否"),
            Cell::Text("否"),
            Cell::Text("否"),
            Cell::Int(1),
            hired,
            left,
        ]
    };
    let hired = Cell::Date(date(2019, 8, 20));
    out.bad(&mut open, &row("T90001", "D77", "讲师", hired, Cell::Blank), 4, "reference.missing")?;
    out.bad(&mut open, &row("T90002", "D02", "首席专家", hired, Cell::Blank), 6, "code.unknown")?;
    out.bad(&mut open, &row("T90003", "D02", "讲师", Cell::Text("2019-13-45"), Cell::Blank), 13, "type.date")?;
    let left = Cell::Date(date(2018, 7, 1));
    out.bad_row(&mut open, &row("T90004", "D02", "讲师", hired, left), "check.left")?;
    out.close(open)
}

fn kind(code: &str) -> &'static str {
    match code {
        "full_time" => "专任教师",
        "external_part_time" => "校外兼职",
        "counsellor" => "辅导员",
        _ => "行政人员",
    }
}

fn title(code: &str) -> &'static str {
    match code {
        "senior" => "教授",
        "vice_senior" => "副教授",
        "middle" => "讲师",
        _ => "助教",
    }
}

fn education(code: &str) -> &'static str {
    match code {
        "doctor" => "博士研究生",
        "master" => "硕士研究生",
        _ => "大学本科",
    }
}

fn degree(code: &str) -> &'static str {
    match code {
        "doctor" => "博士",
        "master" => "硕士",
        _ => "学士",
    }
}

/// Training, practice, projects, outputs, appraisals.
pub(super) fn rows(out: &mut Out, college: &College) -> Result<(), DemoError> {
    training(out, college)?;
    practice(out, college)?;
    projects(out, college)?;
    outputs(out, college)?;
    appraisals(out, college)
}

fn full_time(college: &College) -> impl Iterator<Item = usize> + '_ {
    let all = college.people.teachers.iter().enumerate();
    all.filter(|(_, person)| person.kind == "full_time" || person.kind == "counsellor").map(|(index, _)| index)
}

fn training(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "教师培训",
        dataset: "teacher_training",
        shape: Shape::Workbook,
        title: "",
        headers: &["培训编号", "教工号", "培训名称", "培训类别", "开始日期", "天数", "学时"],
    })?;
    let mut number = 0;
    for (year, month, day) in [(YEAR - 1, 11, 4), (YEAR, 4, 8), (YEAR, 11, 3), (YEAR + 1, 4, 7)] {
        let mut rng = college.rng("training", usize::try_from(year).expect("a year") * 12 + month as usize);
        for teacher in full_time(college) {
            number += 1;
            let id = format!("PX{number:06}");
            let hours = rng.between(50, 72);
            open.row(&[
                Cell::Text(&id),
                Cell::Text(&college.people.teachers[teacher].id),
                Cell::Text("教师教学能力提升培训"),
                Cell::Text(["校本培训", "省级培训", "校培", "国培"][number % 4]),
                Cell::Date(date(year, month, day)),
                Cell::Int(hours / 8),
                Cell::Int(hours),
            ])?;
        }
    }
    out.bad(
        &mut open,
        &[
            Cell::Text("PX999999"),
            Cell::Text(&college.people.teachers[0].id),
            Cell::Text("网络研修"),
            Cell::Text("校培"),
            Cell::Date(date(YEAR, 11, 3)),
            Cell::Int(3),
            Cell::Int(-24),
        ],
        6,
        "range.min",
    )?;
    out.close(open)
}

fn practice(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "教师企业实践",
        dataset: "enterprise_practice",
        shape: Shape::GbkCsv(DateStyle::Iso),
        title: "",
        headers: &["实践编号", "工号", "企业名称", "实践开始日期", "实践结束日期", "企业实践天数"],
    })?;
    let mut number = 0;
    for year in [YEAR, YEAR + 1] {
        let mut rng = college.rng("practice", usize::try_from(year).expect("a year"));
        for teacher in full_time(college) {
            number += 1;
            let id = format!("SJ{number:06}");
            let days = rng.between(32, 38);
            let start = date(year, 7, 20);
            open.row(&[
                Cell::Text(&id),
                Cell::Text(&college.people.teachers[teacher].id),
                Cell::Text(&names::firm(&mut rng)),
                Cell::Date(start),
                Cell::Date(start + chrono::Days::new(u64::try_from(days).expect("some days") - 1)),
                Cell::Int(days),
            ])?;
        }
    }
    out.close(open)
}

fn projects(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "科研项目",
        dataset: "projects",
        shape: Shape::Workbook,
        title: "",
        headers: &[
            "课题编号",
            "教工号",
            "课题名称",
            "课题类别",
            "课题级别",
            "角色",
            "立项日期",
            "到款(万元)",
            "结题日期",
        ],
    })?;
    let mut number = 0;
    for (year, month) in [(YEAR - 1, 10), (YEAR, 3), (YEAR, 10), (YEAR + 1, 3)] {
        let mut rng = college.rng("projects", usize::try_from(year).expect("a year") * 12 + month as usize);
        for (nth, teacher) in full_time(college).enumerate() {
            // Each teacher joins a project once a year, half of them in each season.
            if nth % 2 != usize::from(month == 3) {
                continue;
            }
            number += 1;
            let id = format!("KT{number:06}");
            open.row(&[
                Cell::Text(&id),
                Cell::Text(&college.people.teachers[teacher].id),
                Cell::Text("产教融合背景下人才培养模式研究"),
                Cell::Text(["纵向课题", "横向课题", "教改"][number % 3]),
                Cell::Text(["校级", "市厅级", "省级"][number % 3]),
                Cell::Text(if number % 2 == 0 { "负责人" } else { "成员" }),
                Cell::Date(date(year, month, 15)),
                Cell::Dec(rng.between(10, 160), 1),
                Cell::Blank,
            ])?;
        }
    }
    // 486 000 yuan written under a heading of ten-thousands, as seen in a real report.
    out.bad(
        &mut open,
        &[
            Cell::Text("KT999999"),
            Cell::Text(&college.people.teachers[0].id),
            Cell::Text("区域产业调研"),
            Cell::Text("横向课题"),
            Cell::Text("校级"),
            Cell::Text("负责人"),
            Cell::Date(date(YEAR, 10, 20)),
            Cell::Int(486_000),
            Cell::Blank,
        ],
        7,
        "range.max",
    )?;
    out.close(open)
}

fn outputs(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "教科研成果",
        dataset: "outputs",
        shape: Shape::Workbook,
        title: "",
        headers: &["成果编号", "教工号", "成果类别", "成果名称", "发表日期", "核心期刊", "完成人顺序"],
    })?;
    let mut number = 0;
    for (year, month) in [(YEAR - 1, 12), (YEAR, 5), (YEAR, 12), (YEAR + 1, 5)] {
        for teacher in full_time(college) {
            number += 1;
            let id = format!("CG{number:06}");
            open.row(&[
                Cell::Text(&id),
                Cell::Text(&college.people.teachers[teacher].id),
                Cell::Text(["论文", "论文", "论文", "教材", "专利"][number % 5]),
                Cell::Text("高职课程改革的实践与思考"),
                Cell::Date(date(year, month, 1 + (number % 27) as u32)),
                yes_no(number % 4 == 0),
                Cell::Int(1),
            ])?;
        }
    }
    out.close(open)
}

fn appraisals(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "年度考核",
        dataset: "appraisals",
        shape: Shape::Workbook,
        title: "",
        headers: &["考核年度", "教工号", "师德考核得分", "年度考核得分", "考核结果"],
    })?;
    for year in [YEAR - 1, YEAR] {
        let label = format!("CY{year}");
        let mut rng = college.rng("appraisals", usize::try_from(year).expect("a year"));
        for (index, person) in college.people.teachers.iter().enumerate() {
            if person.kind == "external_part_time" {
                continue;
            }
            let score = rng.between(850, 960);
            open.row(&[
                Cell::Text(&label),
                Cell::Text(&person.id),
                Cell::Dec(rng.between(900, 990), 1),
                Cell::Dec(score, 1),
                Cell::Text(if index % 6 == 0 { "优秀" } else { "合格" }),
            ])?;
        }
    }
    out.close(open)
}
