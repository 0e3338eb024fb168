//! Rows of the school layer.

use super::{College, Out, SCHOOL, Sheet};
use crate::demo::DemoError;
use crate::demo::files::{Cell, DateStyle, Shape};
use crate::demo::plan::{YEAR, date};
use crate::demo::planted::LAST;
use zhengai_model::dataset::LoadMode;

/// School and departments.
pub(super) fn masters(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "学校基本信息",
        dataset: "school_info",
        shape: Shape::Workbook,
        title: "",
        headers: &["学校标识码", "学校名称", "院校类型", "所在地区", "建校日期"],
    })?;
    open.row(&[
        Cell::Text(SCHOOL),
        Cell::Text("中原示范职业技术学院"),
        Cell::Text("工科、农、林"),
        Cell::Text("河南省"),
        Cell::Date(date(1985, 9, 1)),
    ])?;
    out.close(open)?;

    let mut open = out.open(&Sheet {
        stem: "部门",
        dataset: "departments",
        shape: Shape::Workbook,
        title: "",
        headers: &["部门编号", "部门名称", "部门类别", "五纵系统", "部门负责人", "学校标识码", "成立日期"],
    })?;
    for unit in &college.people.departments {
        let kind = match unit.kind {
            "teaching" => "教学单位",
            "support" => "教辅单位",
            _ => "职能部门",
        };
        open.row(&[
            Cell::Text(&unit.code),
            Cell::Text(&unit.name),
            Cell::Text(kind),
            Cell::Text(system(unit.system)),
            Cell::Text(&unit.head),
            Cell::Text(SCHOOL),
            Cell::Date(date(2001, 9, 1)),
        ])?;
    }
    out.bad(
        &mut open,
        &[
            Cell::Text("D99"),
            Cell::Text("新闻中心"),
            Cell::Text("临时机构"),
            Cell::Blank,
            Cell::Blank,
            Cell::Text(SCHOOL),
            Cell::Blank,
        ],
        2,
        "code.unknown",
    )?;
    out.close(open)
}

fn system(code: &str) -> &'static str {
    match code {
        "command" => "决策指挥",
        "generation" => "质量生成",
        "resources" => "资源建设",
        "support" => "支持服务",
        _ => "监督控制",
    }
}

/// Snapshots, money, survey, incidents and tasks.
pub(super) fn rows(out: &mut Out, college: &College) -> Result<(), DemoError> {
    conditions(out, college)?;
    headcounts(out, college)?;
    budget(out, college)?;
    satisfaction(out, college)?;
    incidents(out, college)?;
    tasks(out, college)
}

fn conditions(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "办学条件",
        dataset: "school_conditions",
        shape: Shape::TitledWorkbook,
        title: "高等职业学校基本办学条件统计表",
        headers: &[
            "学校标识码",
            "统计时点",
            "占地与建筑面积/占地面积",
            "占地与建筑面积/总建筑面积",
            "占地与建筑面积/教学科研及辅助用房",
            "占地与建筑面积/行政办公用房",
            "占地与建筑面积/学生宿舍",
            "占地与建筑面积/实验室实习场所",
            "运动场面积",
            "图书资料/总数",
            "图书资料/当年新增",
            "信息化条件/教学用计算机",
            "信息化条件/多媒体教室座位",
            "信息化条件/实践工位",
            "信息化条件/出口带宽",
            "固定资产/教学科研仪器设备总值(万元)",
            "固定资产/当年新增(万元)",
            "固定资产/总值(万元)",
        ],
    })?;
    out.mapping(&mut open, "dataset = \"school_conditions\"\n\n[read]\nskip_rows = 1\nheader_rows = 2\n")?;
    let students = i64::try_from(college.sizes.students).expect("a number of students");
    let mut line: Vec<Cell<'_>> = Vec::new();
    for year in [YEAR - 1, YEAR, YEAR + 1] {
        // The dormitories were outgrown: 5.9 ㎡ a head, where the nation monitors 6.5.
        let dormitory = if year < YEAR { students * 72 } else { students * 59 };
        line = vec![
            Cell::Text(SCHOOL),
            Cell::Date(date(year, 9, 1)),
            Cell::Dec(students * 76_00, 2),
            Cell::Dec(students * 41_50, 2),
            Cell::Dec(students * 19_00, 2),
            Cell::Dec(students * 2_80, 2),
            Cell::Dec(dormitory, 1),
            Cell::Dec(students * 8_20, 2),
            Cell::Dec(students * 9_00, 2),
            Cell::Int(students * 86),
            Cell::Int(students * 4),
            Cell::Int(students * 31 / 100),
            Cell::Int(students * 62 / 100),
            Cell::Int(students * 72 / 100),
            Cell::Int(2_000),
            // Ten-thousands of yuan with four digits: 1.30 a head in total, 0.17 added in the year.
            Cell::Dec(students * 13_000, 4),
            Cell::Dec(students * 1_700, 4),
            Cell::Dec(students * 52_000, 4),
        ];
        open.row(&line)?;
        if year == YEAR {
            let ledger = &mut out.written.ledger;
            ledger.add("dormitory", 0, 0, dormitory);
        }
    }
    // Filled in yuan under a heading of ten-thousands: caught by the range.
    line[1] = Cell::Date(date(YEAR + 1, 9, 2));
    line[15] = Cell::Int(students * 13_000);
    out.bad(&mut open, &line, 15, "range.max")?;
    out.close(open)
}

fn headcounts(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "学生规模",
        dataset: "student_headcounts",
        shape: Shape::Workbook,
        title: "",
        headers: &["学校标识码", "统计时点", "学生类型", "人数"],
    })?;
    let students = i64::try_from(college.sizes.students).expect("a number of students");
    for year in [YEAR - 1, YEAR, YEAR + 1] {
        for (kind, count) in [("普通高职", students), ("留学生", students / 300), ("业余", students / 20)] {
            open.row(&[Cell::Text(SCHOOL), Cell::Date(date(year, 9, 1)), Cell::Text(kind), Cell::Int(count)])?;
        }
    }
    out.bad(
        &mut open,
        &[Cell::Text(SCHOOL), Cell::Date(date(YEAR, 9, 1)), Cell::Text("函授"), Cell::Text("约三十人")],
        3,
        "type.integer",
    )?;
    out.close(open)
}

fn budget(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "经费收支",
        dataset: "budget",
        shape: Shape::Workbook,
        title: "",
        headers: &["学校标识码", "年度", "收支类型", "经费项目", "预算金额(万元)", "实际金额(万元)"],
    })?;
    let students = i64::try_from(college.sizes.students).expect("a number of students");
    // Ten-thousands of yuan a head, in four digits.
    let items = [
        ("收入", "学费", 5_200),
        ("收入", "财政经常性补助", 12_000),
        ("收入", "财政专项收入", 2_600),
        ("收入", "其他收入", 900),
        ("支出", "设备采购", 1_900),
        ("支出", "教学经费", 4_600),
        ("支出", "教学改革及研究", 700),
        ("支出", "师资建设", 520),
        ("支出", "图书购置", 160),
        ("支出", "基建", 3_000),
        ("支出", "其他支出", 8_800),
    ];
    for year in [YEAR - 1, YEAR] {
        let label = format!("CY{year}");
        for (flow, item, a_head) in items {
            let planned = students * a_head;
            let actual = planned * 98 / 100;
            open.row(&[
                Cell::Text(SCHOOL),
                Cell::Text(&label),
                Cell::Text(flow),
                Cell::Text(item),
                Cell::Dec(planned, 4),
                Cell::Dec(actual, 4),
            ])?;
        }
    }
    out.close(open)
}

/// Items of the survey that each kind of person answers.
const FOR_STUDENTS: [&str; 9] = [
    "课堂育人",
    "课外育人",
    "思政课教学",
    "公共基础课教学",
    "专业课教学",
    "管理与服务",
    "后勤与食堂",
    "教学设施",
    "总体满意度",
];
const FOR_OTHERS: [&str; 4] = ["管理与服务", "后勤与食堂", "教学设施", "总体满意度"];

fn satisfaction(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "满意度调查",
        dataset: "satisfaction",
        shape: Shape::Utf8Csv(DateStyle::Slashes),
        title: "",
        headers: &["问卷编号", "提交时间", "匿名编号", "调查对象类别", "所在院系", "题目", "得分"],
    })?;
    open.load = LoadMode::Append;
    let teaching: Vec<&str> = college
        .people
        .departments
        .iter()
        .filter(|unit| unit.kind == "teaching")
        .skip(1)
        .map(|unit| unit.code.as_str())
        .collect();
    for year in [YEAR - 1, YEAR] {
        let survey = format!("SV{year}");
        let day = date(year + 1, 6, 10);
        let mut rng = college.rng("satisfaction", usize::try_from(year).expect("a year"));
        for sheet in 0..college.sizes.survey_sheets {
            let kind = ["在校生", "在校生", "教职工", "毕业生", "在校生", "用人单位"][sheet % 6];
            let respondent = format!("{survey}-{:05}", sheet + 1);
            // Three sheets in four are very content, one in forty is not: the mood runs through the whole sheet.
            let mood = match (sheet / 6) % 40 {
                0..30 => 5,
                39 => 3,
                _ => 4,
            };
            let items: &[&str] = if kind == "在校生" { &FOR_STUDENTS } else { &FOR_OTHERS };
            let unit = if kind == "用人单位" || kind == "毕业生" {
                Cell::Blank
            } else {
                Cell::Text(teaching[(sheet / 6) % teaching.len()])
            };
            for item in items {
                let score = if mood == 5 && rng.per_mille(180) { 4 } else { mood };
                open.row(&[
                    Cell::Text(&survey),
                    Cell::Date(day),
                    Cell::Text(&respondent),
                    Cell::Text(kind),
                    unit,
                    Cell::Text(item),
                    Cell::Int(score),
                ])?;
            }
        }
    }
    let odd = |score: Cell<'static>| {
        let day = Cell::Date(date(YEAR + 1, 6, 11));
        let (survey, sheet) = (Cell::Text("SV2025"), Cell::Text("SV2025-90001"));
        [survey, day, sheet, Cell::Text("在校生"), Cell::Text("D02"), Cell::Text("总体满意度"), score]
    };
    out.bad(&mut open, &odd(Cell::Int(9)), 6, "range.max")?;
    out.bad(&mut open, &odd(Cell::Blank), 6, "required")?;
    out.close(open)
}

fn incidents(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "质量事故",
        dataset: "incidents",
        shape: Shape::Workbook,
        title: "",
        headers: &["编号", "事故日期", "事故类型", "事故等级", "责任部门代码", "责任教师", "发现渠道", "办结日期"],
    })?;
    let people = &college.people;
    let disliked = college.planted.disliked;
    let teacher = &people.teachers[disliked];
    let rows = [
        ("SG2024-001", date(YEAR, 4, 16), "服务", "D86", None, date(YEAR, 4, 20)),
        ("SG2025-001", date(YEAR + 1, 4, 22), "教学", "D01", Some(teacher.id.as_str()), date(YEAR + 1, 4, 27)),
    ];
    for (number, day, kind, unit, person, settled) in rows {
        open.row(&[
            Cell::Text(number),
            Cell::Date(day),
            Cell::Text(kind),
            Cell::Text("一般"),
            Cell::Text(unit),
            person.map_or(Cell::Blank, Cell::Text),
            Cell::Text("督导检查"),
            Cell::Date(settled),
        ])?;
    }
    out.add("incident.teaching", LAST, disliked, 1);
    out.bad_row(
        &mut open,
        &[
            Cell::Text("SG2025-099"),
            Cell::Date(date(YEAR + 1, 5, 20)),
            Cell::Text("管理"),
            Cell::Text("一般"),
            Cell::Text("D82"),
            Cell::Blank,
            Cell::Text("来信来访"),
            Cell::Date(date(YEAR, 5, 24)),
        ],
        "check.handled",
    )?;
    out.close(open)
}

fn tasks(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "规划任务",
        dataset: "plan_tasks",
        shape: Shape::Workbook,
        title: "",
        headers: &["任务编号", "规划名称", "任务名称", "任务类型", "牵头部门", "截止日期", "实际完成日期", "完成进度"],
    })?;
    for year in [YEAR - 1, YEAR] {
        for (unit_index, unit) in college.people.departments.iter().enumerate() {
            for number in 0..4u32 {
                let id = format!("RW{year}-{}-{}", unit.code, number + 1);
                let name = format!("{}第{}项重点工作", unit.name, number + 1);
                let due = date(year + 1, 3 + number, 20);
                let idle = year == YEAR && unit_index == college.planted.idle_department && number >= 2;
                let done = if idle { Cell::Blank } else { Cell::Date(date(year + 1, 3 + number, 12)) };
                out.add(if idle { "tasks.open" } else { "tasks.done" }, usize::from(year == YEAR), unit_index, 1);
                open.row(&[
                    Cell::Text(&id),
                    Cell::Text("学院事业发展规划"),
                    Cell::Text(&name),
                    Cell::Text(if number == 0 { "重点任务" } else { "规划任务" }),
                    Cell::Text(&unit.code),
                    Cell::Date(due),
                    done,
                    Cell::Int(if idle { 40 } else { 100 }),
                ])?;
            }
        }
    }
    out.close(open)
}
