//! Rows of the major layer.

use super::{College, Out, Sheet, yes_no};
use crate::demo::DemoError;
use crate::demo::files::{Cell, DateStyle, Shape};
use crate::demo::names;
use crate::demo::plan::{YEAR, date};
use chrono::Days;

/// Majors.
pub(super) fn master(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "专业",
        dataset: "majors",
        shape: Shape::Workbook,
        title: "",
        headers: &[
            "专业代码",
            "专业名称",
            "专业大类",
            "系部代码",
            "学制",
            "带头人工号",
            "重点专业",
            "是否招生",
            "批准日期",
        ],
    })?;
    let people = &college.people;
    for (index, major) in people.majors.iter().enumerate() {
        open.row(&[
            Cell::Text(major.code),
            Cell::Text(major.name),
            Cell::Text(category(major.category)),
            Cell::Text(&people.departments[major.department].code),
            Cell::Int(3),
            Cell::Text(&people.teachers[major.leader].id),
            yes_no(index % 4 == 0),
            Cell::Text("是"),
            Cell::Date(date(2010, 5, 1)),
        ])?;
    }
    out.close(open)
}

fn category(code: &str) -> &'static str {
    match code {
        "equipment_manufacturing" => "装备制造大类",
        "electronics_information" => "电子与信息大类",
        "finance_trade" => "财经商贸大类",
        "civil_construction" => "土木建筑大类",
        "transport" => "交通运输大类",
        "culture_art" => "文化艺术大类",
        "education_sport" => "教育与体育大类",
        "health" => "医药卫生大类",
        "tourism" => "旅游大类",
        "agriculture" => "农林牧渔大类",
        "food_chemistry" => "生物与化工大类",
        _ => "能源动力与材料大类",
    }
}

/// Enrolment, graduates, bases, cooperation, internships, curriculum.
pub(super) fn rows(out: &mut Out, college: &College) -> Result<(), DemoError> {
    enrolment(out, college)?;
    graduates(out, college)?;
    bases(out, college)?;
    cooperation(out, college)?;
    internships(out, college)?;
    curriculum(out, college)
}

fn enrolment(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "招生情况",
        dataset: "enrolment_plan",
        shape: Shape::TitledWorkbook,
        title: "招生计划完成情况表",
        headers: &[
            "招生学年",
            "专业代码",
            "招生情况/计划数",
            "招生情况/一志愿数",
            "招生情况/录取数",
            "招生情况/报到数",
        ],
    })?;
    out.mapping(&mut open, "dataset = \"enrolment_plan\"\n\n[read]\nskip_rows = 1\nheader_rows = 2\n")?;
    let sizes = &college.sizes;
    let planned = i64::try_from(sizes.students / 3 / sizes.majors).expect("a number of students");
    for year in [YEAR - 1, YEAR] {
        let label = format!("AY{year}");
        for (index, major) in college.people.majors.iter().enumerate() {
            let shunned = year == YEAR && index == college.planted.shunned_major;
            let registered = if shunned { planned * 70 / 100 } else { planned * 98 / 100 };
            let slot = usize::from(year == YEAR);
            out.add("enrol.planned", slot, index, planned);
            out.add("enrol.registered", slot, index, registered);
            open.row(&[
                Cell::Text(&label),
                Cell::Text(major.code),
                Cell::Int(planned),
                Cell::Int(planned * 130 / 100),
                Cell::Int(planned),
                Cell::Int(registered),
            ])?;
        }
    }
    let ghost = Cell::Text("999999");
    let counts = [Cell::Int(40), Cell::Int(50), Cell::Int(40), Cell::Int(39)];
    let row = [Cell::Text("AY2025"), ghost, counts[0], counts[1], counts[2], counts[3]];
    out.bad(&mut open, &row, 1, "reference.missing")?;
    let major = Cell::Text(college.people.majors[0].code);
    let row = [Cell::Text("AY2026"), major, Cell::Int(40), Cell::Int(50), Cell::Int(40), Cell::Int(45)];
    out.bad_row(&mut open, &row, "check.registered")?;
    out.close(open)
}

fn graduates(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "毕业生去向",
        dataset: "graduates",
        shape: Shape::GbkCsv(DateStyle::Iso),
        title: "",
        headers: &[
            "学号",
            "毕业学年",
            "专业代码",
            "是否取得毕业证",
            "毕业去向",
            "是否对口",
            "就业地域",
            "就业单位",
            "起薪(元)",
            "用人单位满意",
        ],
    })?;
    let people = &college.people;
    let size = college.sizes.students / 3 / college.sizes.majors;
    for year in [YEAR - 1, YEAR] {
        let label = format!("AY{year}");
        let mut rng = college.rng("graduates", usize::try_from(year).expect("a year"));
        for (index, major) in people.majors.iter().enumerate() {
            let own: Vec<String> = if year == YEAR {
                let classes = people.classes.iter().filter(|class| class.cohort == YEAR - 2 && class.major == index);
                classes
                    .flat_map(|class| class.students.iter().map(|&student| people.students[student].id.clone()))
                    .collect()
            } else {
                (0..size).map(|seat| format!("{}{:02}{:04}", YEAR - 3, index + 1, seat + 1)).collect()
            };
            if year == YEAR && index == college.planted.silent_major {
                continue;
            }
            for (seat, id) in own.iter().enumerate() {
                let destination = match seat * 7 % 50 {
                    0..34 => "签约就业",
                    34..44 => "升学",
                    44..46 => "灵活就业",
                    46 => "自主创业",
                    47..49 => "应征入伍",
                    _ => "待就业",
                };
                let works = matches!(destination, "签约就业" | "灵活就业" | "自主创业");
                let firm = names::firm(&mut rng);
                let salary = rng.between(3_900, 5_600);
                open.row(&[
                    Cell::Text(id),
                    Cell::Text(&label),
                    Cell::Text(major.code),
                    yes_no(seat % 64 != 37),
                    Cell::Text(destination),
                    if works { yes_no(seat % 9 != 4) } else { Cell::Blank },
                    if works { Cell::Text(["本市", "本省", "本省", "其他"][seat % 4]) } else { Cell::Blank },
                    if works { Cell::Text(&firm) } else { Cell::Blank },
                    if works { Cell::Int(salary) } else { Cell::Blank },
                    if works { yes_no(seat % 40 != 5) } else { Cell::Blank },
                ])?;
            }
        }
    }
    let code = college.people.majors[0].code;
    let mut row = [Cell::Blank; 10];
    row[..5].copy_from_slice(&[
        Cell::Blank,
        Cell::Text("AY2025"),
        Cell::Text(code),
        Cell::Text("是"),
        Cell::Text("升学"),
    ]);
    out.bad(&mut open, &row, 0, "required")?;
    row[0] = Cell::Text("202299990001");
    row[3] = Cell::Text("大概");
    out.bad(&mut open, &row, 3, "type.bool")?;
    out.close(open)
}

fn bases(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "实训基地",
        dataset: "training_bases",
        shape: Shape::TitledWorkbook,
        title: "校内外实训基地一览表",
        headers: &[
            "基地编号",
            "统计时点",
            "基地名称",
            "面向专业代码",
            "基地类型",
            "建筑面积",
            "工位数",
            "设备值/总值(万元)",
            "使用情况/计划课时",
            "使用情况/实际课时",
            "依托单位",
        ],
    })?;
    out.mapping(&mut open, "dataset = \"training_bases\"\n\n[read]\nskip_rows = 1\nheader_rows = 2\n")?;
    let students = i64::try_from(college.sizes.students / college.sizes.majors).expect("a number of students");
    let mut rng = college.rng("bases", 0);
    for year in [YEAR - 1, YEAR] {
        for (index, major) in college.people.majors.iter().enumerate() {
            for nth in 0..4usize {
                let id = format!("JD{}{}", major.code, nth + 1);
                let campus = nth < 2;
                let name = format!("{}{}", major.name, if campus { "实训中心" } else { "校外实习基地" });
                let firm = names::firm(&mut rng);
                open.row(&[
                    Cell::Text(&id),
                    Cell::Date(date(year, 9, 1)),
                    Cell::Text(&name),
                    Cell::Text(major.code),
                    Cell::Text(if campus { "校内" } else { "校外" }),
                    Cell::Int(if campus { students * 3 } else { 400 }),
                    Cell::Int(if campus { students * 35 / 100 } else { 20 }),
                    Cell::Dec(if campus { students * 5_200 } else { 800_000 }, 4),
                    Cell::Int(1_200),
                    Cell::Int(1_080 + i64::try_from(index % 5).expect("small") * 12),
                    if campus { Cell::Blank } else { Cell::Text(&firm) },
                ])?;
            }
        }
    }
    out.close(open)
}

fn cooperation(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "校企合作",
        dataset: "cooperation",
        shape: Shape::Workbook,
        title: "",
        headers: &[
            "协议编号",
            "专业代码",
            "合作企业",
            "合作形式",
            "签订日期",
            "终止日期",
            "订单人数",
            "共同开发课程",
            "共同开发教材",
            "捐赠设备(万元)",
        ],
    })?;
    let mut rng = college.rng("cooperation", 0);
    let students = i64::try_from(college.sizes.students / college.sizes.majors).expect("a number of students");
    let mut number = 0;
    for year in [YEAR - 1, YEAR] {
        for major in &college.people.majors {
            for kind in ["订单班", "课程开发", "共建实训基地"] {
                number += 1;
                let id = format!("XQ{number:05}");
                let firm = names::firm_number(number);
                open.row(&[
                    Cell::Text(&id),
                    Cell::Text(major.code),
                    Cell::Text(&firm),
                    Cell::Text(kind),
                    Cell::Date(date(year, 10, 12)),
                    Cell::Date(date(year + 3, 10, 12)),
                    Cell::Int(if kind == "订单班" { students * 20 / 100 } else { 0 }),
                    Cell::Int(if kind == "课程开发" { 3 } else { 0 }),
                    Cell::Int(if kind == "课程开发" { 2 } else { 0 }),
                    Cell::Dec(if kind == "共建实训基地" { rng.between(100, 400) } else { 0 }, 1),
                ])?;
            }
        }
    }
    out.close(open)
}

fn internships(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "岗位实习",
        dataset: "internships",
        shape: Shape::GbkCsv(DateStyle::Slashes),
        title: "",
        headers: &[
            "学号",
            "专业代码",
            "实习单位",
            "实习开始日期",
            "实习结束日期",
            "是否对口",
            "保险",
            "应交周报",
            "已交周报",
            "实习成绩",
            "是否录用",
        ],
    })?;
    let people = &college.people;
    for (year, cohort) in [(YEAR, YEAR - 2), (YEAR + 1, YEAR - 1)] {
        let mut rng = college.rng("internships", usize::try_from(year).expect("a year"));
        let start = date(year, 7, 20);
        for class in people.classes.iter().filter(|class| class.cohort == cohort) {
            for (seat, &student) in class.students.iter().enumerate() {
                if people.class_on(student, start) != people.students[student].class
                    || people.classes[people.students[student].class].id != class.id
                {
                    continue;
                }
                let firm = names::firm(&mut rng);
                open.row(&[
                    Cell::Text(&people.students[student].id),
                    Cell::Text(people.majors[class.major].code),
                    Cell::Text(&firm),
                    Cell::Date(start),
                    Cell::Date(start + Days::new(41)),
                    yes_no(seat % 8 != 7),
                    Cell::Text("是"),
                    Cell::Int(6),
                    Cell::Int(if seat % 12 == 5 { 5 } else { 6 }),
                    Cell::Int(rng.between(78, 96)),
                    yes_no(seat % 3 != 0),
                ])?;
            }
        }
    }
    out.close(open)
}

fn curriculum(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "培养方案课程",
        dataset: "curriculum",
        shape: Shape::TitledWorkbook,
        title: "专业人才培养方案课程设置表",
        headers: &["执行学年", "专业代码", "课程编号", "开设学期", "课程性质", "学分", "学时/总学时", "学时/实践学时"],
    })?;
    out.mapping(&mut open, "dataset = \"curriculum\"\n\n[read]\nskip_rows = 1\nheader_rows = 2\n")?;
    let courses = &college.teaching.courses;
    for year in [YEAR - 1, YEAR] {
        let label = format!("AY{year}");
        for (index, major) in college.people.majors.iter().enumerate() {
            for course in courses.iter().filter(|course| course.major.is_none_or(|own| own == index)) {
                let Some(study) = course.term_of_study else { continue };
                open.row(&[
                    Cell::Text(&label),
                    Cell::Text(major.code),
                    Cell::Text(&course.code),
                    Cell::Int(i64::try_from(study).expect("at most six")),
                    Cell::Text(if course.nature == "required" { "必修" } else { "限选" }),
                    Cell::Dec(course.credits(), 1),
                    Cell::Int(course.hours()),
                    Cell::Int(course.practice_hours()),
                ])?;
            }
        }
    }
    let (major, course) = (college.people.majors[0].code, &courses[0].code);
    let row = [
        Cell::Text("AY2026"),
        Cell::Text(major),
        Cell::Text(course),
        Cell::Int(1),
        Cell::Text("必修"),
        Cell::Int(3),
        Cell::Int(60),
        Cell::Int(600),
    ];
    out.bad_row(&mut open, &row, "check.practice")?;
    out.close(open)
}
