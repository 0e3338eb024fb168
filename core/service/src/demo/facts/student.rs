//! Rows of the student layer, except the daily ones.

use super::{College, Out, Sheet, yes_no};
use crate::demo::DemoError;
use crate::demo::files::{Cell, DateStyle, Shape};
use crate::demo::plan::{COHORTS, TERMS, YEAR, date};
use crate::demo::planted::LAST;

/// Classes, students and transfers.
pub(super) fn masters(out: &mut Out, college: &College) -> Result<(), DemoError> {
    classes(out, college)?;
    students(out, college)?;
    moves(out, college)
}

fn classes(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "班级",
        dataset: "classes",
        shape: Shape::GbkCsv(DateStyle::Iso),
        title: "",
        headers: &["班级代码", "班级名称", "专业代码", "年级", "辅导员工号", "建班日期", "毕业日期"],
    })?;
    let people = &college.people;
    for class in &people.classes {
        open.row(&[
            Cell::Text(&class.id),
            Cell::Text(&class.name),
            Cell::Text(people.majors[class.major].code),
            Cell::Int(i64::from(class.cohort)),
            Cell::Text(&people.teachers[class.counsellor].id),
            Cell::Date(date(class.cohort, 9, 1)),
            Cell::Blank,
        ])?;
    }
    out.close(open)
}

fn students(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "学生",
        dataset: "students",
        shape: Shape::GbkCsv(DateStyle::Compact),
        title: "",
        headers: &[
            "学号",
            "姓名",
            "性别",
            "出生日期",
            "班级代码",
            "生源类型",
            "生源地",
            "贫困生",
            "入学日期",
            "学籍状态",
            "离校日期",
        ],
    })?;
    let people = &college.people;
    for student in &people.students {
        open.row(&[
            Cell::Text(&student.id),
            Cell::Text(&student.name),
            Cell::Text(if student.female { "女" } else { "男" }),
            Cell::Date(student.birth),
            Cell::Text(&people.classes[student.class].id),
            Cell::Text(match student.origin {
                "high_school" => "普高",
                "vocational_school" => "中职",
                _ => "单招",
            }),
            Cell::Text(student.home),
            yes_no(student.poor),
            Cell::Date(date(student.cohort, 9, 1)),
            Cell::Text("在读"),
            Cell::Blank,
        ])?;
    }
    let row = |id, name, class, enrolled, status| {
        [
            id,
            Cell::Text(name),
            Cell::Text("男"),
            Cell::Date(date(2006, 5, 4)),
            Cell::Text(class),
            Cell::Text("普高"),
            Cell::Text("河南"),
            Cell::Text("否"),
            enrolled,
            Cell::Text(status),
            Cell::Blank,
        ]
    };
    let class = people.classes[0].id.as_str();
    let enrolled = Cell::Date(date(2025, 9, 1));
    out.bad(&mut open, &row(Cell::Blank, "无学号", class, enrolled, "在读"), 0, "required")?;
    let number = Cell::Text("2025990002");
    out.bad(&mut open, &row(number, "无此班", "2025000000", enrolled, "在读"), 4, "reference.missing")?;
    let number = Cell::Text("2025990003");
    out.bad(&mut open, &row(number, "日期错", class, Cell::Text("2025年2月30日"), "在读"), 8, "type.date")?;
    let number = Cell::Text("2025990004");
    out.bad(&mut open, &row(number, "状态错", class, enrolled, "走读"), 9, "code.unknown")?;
    let number = Cell::Text("2025990005");
    out.ragged(&mut open, &row(number, "缺列", class, enrolled, "在读")[..7])?;
    out.close(open)
}

fn moves(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "班级异动",
        dataset: "class_moves",
        shape: Shape::Workbook,
        title: "",
        headers: &["学号", "所在班级", "进班日期", "出班日期", "异动原因"],
    })?;
    let (people, moved) = (&college.people, college.people.moved);
    let student = &people.students[moved.student];
    let stretches = [
        (moved.from, date(student.cohort, 9, 1), Cell::Date(moved.on), "入学分班"),
        (moved.to, moved.on, Cell::Blank, "转专业"),
    ];
    for (class, joined, left, reason) in stretches {
        open.row(&[
            Cell::Text(&student.id),
            Cell::Text(&people.classes[class].id),
            Cell::Date(joined),
            left,
            Cell::Text(reason),
        ])?;
    }
    let row = [
        Cell::Text("2025990009"),
        Cell::Text(&people.classes[moved.to].id),
        Cell::Date(moved.on),
        Cell::Blank,
        Cell::Text("转专业"),
    ];
    out.bad(&mut open, &row, 0, "reference.missing")?;
    out.close(open)
}

/// One score in tenths for the student at a place (0 the best) among so many.
fn score(place: usize, of: usize, excellent: usize, noise: i64) -> i64 {
    let place = i64::try_from(place).expect("a class");
    let of = i64::try_from(of).expect("a class");
    let top = of * i64::try_from(excellent).expect("a share") / 100;
    if place < top {
        980 - 75 * place / top.max(1) - noise % 5
    } else {
        890 - 190 * (place - top) / (of - top).max(1) - noise % 10
    }
}

/// Grades, section by section.
pub(super) fn grades(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "成绩",
        dataset: "grades",
        shape: Shape::GbkCsv(DateStyle::Iso),
        title: "",
        headers: &["学年学期", "学号", "课程号", "选课课号", "考试性质", "总评成绩", "成绩备注", "课程学分"],
    })?;
    let (people, teaching, planted) = (&college.people, &college.teaching, &college.planted);
    // At most one ordinary failure for a student in an academic year.
    let mut failed_year = vec![0i32; people.students.len()];
    for (section_index, section) in teaching.sections.iter().enumerate() {
        let term = TERMS[section.term];
        let course = &teaching.courses[section.course];
        let mut rng = college.rng("grades", section_index);
        let members: Vec<usize> = people.members(section.class, term.begins()).collect();
        let mut order: Vec<(i64, usize)> =
            members.iter().map(|&student| (-people.students[student].ability - rng.between(0, 25), student)).collect();
        order.sort_unstable();
        let weak = section.term == LAST && section.course == planted.weak_course;
        let mut fails = if weak { members.len() * 40 / 100 } else { rng.below(3).min(members.len() / 25) };
        let mut firsts: Vec<(usize, i64)> = Vec::with_capacity(members.len());
        for (place, &(_, student)) in order.iter().enumerate().rev() {
            let hopeless = section.term == LAST && planted.failing.contains(&student);
            let nth = teaching.of_class[&(section.term, section.class)].iter().position(|&own| own == section_index);
            let mark = if hopeless && nth.is_some_and(|nth| nth < planted.failed_courses(student)) {
                rng.between(300, 480)
            } else if hopeless {
                640
            } else if fails > 0 && (weak || failed_year[student] != term.year) {
                fails -= 1;
                if weak {
                    rng.between(520, 590)
                } else {
                    failed_year[student] = term.year;
                    rng.between(400, 570)
                }
            } else {
                let mark = score(place, members.len(), if weak { 6 } else { 26 }, rng.between(0, 99));
                if weak && mark < 900 { mark - 40 } else { mark }
            };
            firsts.push((student, mark));
        }
        firsts.sort_unstable();
        let row = |student: usize, attempt: &'static str, mark: i64, open: &mut super::Open| {
            open.row(&[
                Cell::Text(&term.id()),
                Cell::Text(&people.students[student].id),
                Cell::Text(&course.code),
                Cell::Text(&section.id),
                Cell::Text(attempt),
                Cell::Dec(mark, 1),
                Cell::Text("正常"),
                Cell::Dec(course.credits(), 1),
            ])
        };
        for &(student, mark) in &firsts {
            row(student, "正考", mark, &mut open)?;
            out.add("grade", section.term, section_index, mark);
            if mark < 600 {
                out.add("grade.failed", section.term, section_index, 1);
                out.add("student.failed", section.term, student, 1);
            }
            if mark >= 600 {
                out.add("student.best", section.term, student, mark);
            }
        }
        for &(student, first) in firsts.iter().filter(|(_, mark)| *mark < 600) {
            let hopeless = section.term == LAST && planted.failing.contains(&student);
            let mark = if hopeless { rng.between(350, 520) } else { rng.between(600, 680) };
            row(student, "补考", mark, &mut open)?;
            out.add("student.best", section.term, student, mark.max(first));
            if hopeless {
                out.add("student.failed.final", section.term, student, course.credits());
            }
        }
    }
    bad_grades(out, college, &mut open)?;
    out.close(open)
}

fn bad_grades(out: &mut Out, college: &College, open: &mut super::Open) -> Result<(), DemoError> {
    let section = &college.teaching.sections[0];
    let course = college.teaching.courses[section.course].code.as_str();
    let student = college.people.students[0].id.as_str();
    let row = |student, course, mark, state| {
        [
            Cell::Text("AY2022-T1"),
            Cell::Text(student),
            Cell::Text(course),
            Cell::Text(section.id.as_str()),
            Cell::Text("重修"),
            mark,
            state,
            Cell::Dec(30, 1),
        ]
    };
    let normal = Cell::Text("正常");
    out.bad(open, &row(student, course, Cell::Text("八十五"), normal), 5, "type.decimal")?;
    out.bad(open, &row(student, course, Cell::Dec(1870, 1), normal), 5, "range.max")?;
    out.bad(open, &row("209999999999", course, Cell::Dec(850, 1), normal), 1, "reference.missing")?;
    out.bad(open, &row(student, "X404", Cell::Dec(850, 1), normal), 2, "reference.missing")?;
    out.bad(open, &row(student, course, Cell::Blank, Cell::Text("不详")), 6, "code.unknown")?;
    out.bad_row(open, &row(student, course, Cell::Blank, normal), "check.state")
}

/// Discipline, certificates, second classroom, fitness, aid.
pub(super) fn rows(out: &mut Out, college: &College) -> Result<(), DemoError> {
    discipline(out, college)?;
    certificates(out, college)?;
    second_classroom(out, college)?;
    fitness(out, college)?;
    aid(out, college)
}

fn discipline(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "违纪处分",
        dataset: "discipline",
        shape: Shape::Workbook,
        title: "",
        headers: &["处分编号", "学号", "处分日期", "处分等级", "违纪事由", "解除日期"],
    })?;
    let people = &college.people;
    let absentee = college.planted.absentees[0];
    let earlier = people.classes[0].students[0];
    for (number, student, day, lifted) in [
        ("CF2024-001", earlier, date(YEAR, 4, 9), Cell::Date(date(YEAR, 8, 30))),
        ("CF2025-001", absentee, date(YEAR + 1, 6, 3), Cell::Blank),
    ] {
        open.row(&[
            Cell::Text(number),
            Cell::Text(&people.students[student].id),
            Cell::Date(day),
            Cell::Text("警告"),
            Cell::Text("旷课"),
            lifted,
        ])?;
    }
    out.add("discipline", LAST - 2, earlier, 1);
    out.add("discipline", LAST, absentee, 1);
    let row = [
        Cell::Text("CF2025-099"),
        Cell::Text(&people.students[earlier].id),
        Cell::Date(date(YEAR + 1, 5, 8)),
        Cell::Text("警告"),
        Cell::Text("晚归"),
        Cell::Date(date(YEAR, 12, 1)),
    ];
    out.bad_row(&mut open, &row, "check.lifted")?;
    out.close(open)
}

fn certificates(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "技能证书",
        dataset: "certificates",
        shape: Shape::GbkCsv(DateStyle::Slashes),
        title: "",
        headers: &["证书编号", "学号", "证书名称", "证书类型", "证书等级", "发证日期"],
    })?;
    let mut number = 0;
    for (index, student) in college.people.students.iter().enumerate() {
        // Nine in ten of the last year hold one, then half, then a few.
        let holds = match student.cohort {
            cohort if cohort == COHORTS[0] => index % 20 != 7,
            cohort if cohort == COHORTS[1] => index % 2 == 0,
            _ => index % 10 == 0,
        };
        if !holds {
            continue;
        }
        number += 1;
        let id = format!("ZS{number:07}");
        open.row(&[
            Cell::Text(&id),
            Cell::Text(&student.id),
            Cell::Text("职业技能等级证书"),
            Cell::Text(if index % 3 == 0 { "职业资格" } else { "技能证书" }),
            Cell::Text(["高级", "中级", "中级", "初级"][index % 4]),
            Cell::Date(date(YEAR + 1, 5, 16)),
        ])?;
    }
    // One certificate that was typed in twice: the second row is the one too many. And one number under which two
    // levels stand: nobody but the office can say which is right, so neither is taken.
    let row = |number, level| {
        [
            Cell::Text(number),
            Cell::Text(college.people.students[0].id.as_str()),
            Cell::Text("职业技能等级证书"),
            Cell::Text("技能证书"),
            Cell::Text(level),
            Cell::Date(date(YEAR + 1, 5, 16)),
        ]
    };
    open.row(&row("ZS9999998", "中级"))?;
    out.bad_row(&mut open, &row("ZS9999998", "中级"), "key.duplicate")?;
    for level in ["中级", "高级"] {
        out.bad_row(&mut open, &row("ZS9999999", level), "key.conflict")?;
    }
    out.close(open)
}

fn second_classroom(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "第二课堂",
        dataset: "second_classroom",
        shape: Shape::Utf8Csv(DateStyle::Iso),
        title: "",
        headers: &["记录编号", "学号", "活动日期", "活动类别", "活动级别", "活动名称", "积分"],
    })?;
    let kinds = ["思想成长", "实践实习", "志愿公益", "创新创业", "文体艺术", "社会工作", "技能培训"];
    let mut number = 0u64;
    for half in 0..2usize {
        let term = TERMS[LAST - 1 + half];
        for occasion in 0..4usize {
            let mut rng = college.rng("second", half * 4 + occasion);
            for (index, student) in college.people.students.iter().enumerate() {
                number += 1;
                let id = format!("DE{number:08}");
                let kind = kinds[(index + occasion * 2 + half) % kinds.len()];
                open.row(&[
                    Cell::Text(&id),
                    Cell::Text(&student.id),
                    Cell::Date(term.day(3 + occasion * 4, 4)),
                    Cell::Text(kind),
                    Cell::Text(["院级", "校级", "班级", "市级"][occasion]),
                    Cell::Text("主题教育与社团活动"),
                    Cell::Dec(rng.between(20, 40), 1),
                ])?;
            }
        }
    }
    out.close(open)
}

fn fitness(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "体质测试",
        dataset: "fitness_tests",
        shape: Shape::Utf8Csv(DateStyle::Slashes),
        title: "",
        headers: &["XN", "XH", "CSRQ", "TCCJ"],
    })?;
    out.mapping(
        &mut open,
        "# 体测仪导出的文件用拼音缩写作表头\ndataset = \"fitness_tests\"\n\n[field.year]\ncolumn = \"XN\"\n\n[field.student_id]\ncolumn = \"XH\"\n\n[field.tested_on]\ncolumn = \"CSRQ\"\n\n[field.score]\ncolumn = \"TCCJ\"\n",
    )?;
    let mut rng = college.rng("fitness", 0);
    for (index, student) in college.people.students.iter().enumerate() {
        let unfit = college.planted.unfit == index;
        let score = if unfit { rng.between(380, 460) } else { rng.between(660, 940) };
        out.add("fitness", 0, index, score);
        open.row(&[
            Cell::Text("AY2025"),
            Cell::Text(&student.id),
            Cell::Date(date(YEAR, 11, 12)),
            Cell::Dec(score, 1),
        ])?;
    }
    let student = Cell::Text(&college.people.students[0].id);
    out.bad(
        &mut open,
        &[Cell::Text("AY2026"), student, Cell::Date(date(YEAR, 11, 12)), Cell::Text("1e400")],
        3,
        "number.overflow",
    )?;
    out.close(open)
}

fn aid(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "学生资助",
        dataset: "student_aid",
        shape: Shape::GbkCsv(DateStyle::Iso),
        title: "",
        headers: &["资助编号", "学号", "资助项目", "发放日期", "发放金额(元)"],
    })?;
    let mut number = 0;
    for (year, month) in [(YEAR, 11), (YEAR + 1, 5)] {
        for student in college.people.students.iter().filter(|student| student.poor) {
            number += 1;
            let id = format!("ZZ{number:06}");
            open.row(&[
                Cell::Text(&id),
                Cell::Text(&student.id),
                Cell::Text("国家助学金"),
                Cell::Date(date(year, month, 20)),
                Cell::Int(1_650),
            ])?;
        }
    }
    out.close(open)
}
