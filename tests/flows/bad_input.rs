//! Files that as a whole cannot be taken: each refusal names the file, what is wrong and what to do, in both languages,
//! and leaves the tables as they were.

use crate::harness::College;
use crate::samples::{both, departments, encrypted, gz, import, refused, table, three_departments, workbook, zip_bomb};

/// What is there before and must be there afterwards.
#[track_caller]
fn untouched(college: &College, before: Option<(u64, i64)>) {
    assert_eq!(table(college, "departments"), before);
    let staging = college.data().join("warehouse/staging");
    let left = std::fs::read_dir(staging).expect("a folder").flatten().filter(|entry| {
        // An applied batch keeps what it did; a refused file keeps nothing.
        !entry.path().join("applied.json").is_file()
    });
    assert_eq!(left.map(|entry| entry.file_name()).collect::<Vec<_>>(), Vec::<std::ffi::OsString>::new());
}

#[test]
fn headers_that_cannot_be_used_are_refused_by_name_and_change_nothing() {
    let college = three_departments();
    let before = table(&college, "departments");
    let cases: [(&str, &str, &[&str], &[&str]); 4] = [
        ("empty.csv", "", &["empty.csv", "空的", "重新导出"], &["empty.csv", "empty", "again"]),
        (
            "header.csv",
            "部门代码,部门名称,部门类别,学校代码\n",
            &["header.csv", "只有表头", "检查导出条件"],
            &["header.csv", "header", "Check"],
        ),
        (
            "double.csv",
            "部门代码,部门名称,部门名称\nD9,九系,九系\n",
            &["double.csv", "第 1 行", "部门名称", "不同的列名"],
            &["double.csv", "line 1", "部门名称", "different names"],
        ),
        (
            "keyless.csv",
            "部门名称,部门类别,学校代码\n九系,教学单位,S1\n",
            &["keyless.csv", "department_code", "部门代码", "补上该列"],
            &["keyless.csv", "department_code", "Department code", "Add the column"],
        ),
    ];
    for (name, content, chinese, english) in cases {
        let file = college.file(name, content);
        refused(&college, &file, "departments", &[], chinese, english);
    }
    untouched(&college, before);
}

#[test]
fn a_refusal_stays_readable_in_the_record_of_its_batch() {
    let college = three_departments();
    let file = college.file("keyless.csv", "部门名称,部门类别,学校代码\n九系,教学单位,S1\n");
    import(&college, &file, "departments", &[]).exits(3);
    let batches = college.json(&["batch", "list"]);
    assert_eq!((&batches[0]["state"], &batches[0]["file"]), (&"failed".into(), &"keyless.csv".into()));
    let shown = college.run(&["batch", "show", batches[0]["batch"].as_str().expect("an id")]).good();
    assert!(shown.out.contains("缺少") && shown.out.contains("department_code"), "{}", shown.out);
}

#[test]
fn a_stated_encoding_that_does_not_fit_is_refused_and_a_detected_one_reads_the_same_file() {
    let college = three_departments();
    let before = table(&college, "departments");
    let (gbk, _, _) =
        encoding_rs::GBK.encode("部门代码,部门名称,部门类别,学校代码,设立日期\nD1,一系,教学单位,S1,2001-09-01\n");
    let file = college.file("gbk.csv", &gbk);
    let mapping = college.file("mapping.toml", "dataset = \"departments\"\n[read]\nencoding = \"utf-8\"\n");
    refused(
        &college,
        &file,
        "departments",
        &["--mapping", &mapping.to_string_lossy()],
        &["gbk.csv", "第 1 行", "utf-8", "encoding"],
        &["gbk.csv", "line 1", "utf-8", "encoding"],
    );
    untouched(&college, before);
    import(&college, &file, "departments", &[]).good();
    assert_eq!(table(&college, "departments"), before, "the same row again is no new version");
}

#[test]
fn a_line_that_never_ends_is_refused_within_its_limit() {
    let college = three_departments();
    let before = table(&college, "departments");
    let long = college
        .file("long.csv", departments(&["D8,八系,教学单位,S1,", &format!("D9,{},教学单位,S1,", "长".repeat(5000))]));
    let limit = ["--set", "import.max_line_bytes=4096"];
    let (chinese, english) = (["第 3 行", "4 KiB", "检查该行"], ["line 3", "4 KiB", "line"]);
    refused(&college, &long, "departments", &limit, &chinese, &english);
    let mega = vec![b'x'; 1 << 20];
    let mut parts: Vec<&[u8]> = vec![departments(&[]).leak().trim_end().as_bytes(), b"\nD9,"];
    parts.extend(std::iter::repeat_n(mega.as_slice(), 64));
    let packed = college.file("long.csv.gz", gz(&parts));
    assert!(packed.metadata().expect("a file").len() < 1 << 20, "a small file that unpacks to 64 MB");
    refused(&college, &packed, "departments", &[], &["long.csv.gz", "第 2 行", "16384 KiB"], &["line 2", "16384 KiB"]);
    untouched(&college, before);
}

#[test]
fn workbooks_that_are_not_what_they_seem_are_told_apart() {
    let college = three_departments();
    let before = table(&college, "departments");
    for (name, content, chinese, english) in [
        (
            "bomb.xlsx",
            zip_bomb(),
            &["bomb.xlsx", "sheet1.xml", "压缩炸弹", "CSV"],
            &["bomb.xlsx", "sheet1.xml", "200", "CSV"],
        ),
        (
            "secret.xlsx",
            encrypted(),
            &["secret.xlsx", "密码", "取消密码", "再导入"],
            &["secret.xlsx", "password", "WPS", "save it"],
        ),
        (
            "page.xls",
            b"<html><table><tr><td>1</td></tr></table></html>".to_vec(),
            &["page.xls", "HTML", "另存为", ".xlsx"],
            &["page.xls", "HTML", "WPS", ".xlsx"],
        ),
        (
            "letter.xlsx",
            b"%PDF-1.7 rubbish".to_vec(),
            &["letter.xlsx", "PDF", "另存为", "CSV"],
            &["letter.xlsx", "PDF", "XLSX", "CSV"],
        ),
    ] {
        let file = college.file(name, content);
        refused(&college, &file, "departments", &[], chinese, english);
    }
    untouched(&college, before);
}

#[test]
fn a_workbook_by_the_name_of_another_format_is_read_as_what_it_is_and_says_so() {
    let college = College::new();
    let rows: [&[&str]; 2] = [&["部门代码", "部门名称", "部门类别", "学校代码"], &["D1", "一系", "教学单位", "S1"]];
    let file = college.file("book.xls", workbook("部门", &rows));
    import(&college, &file, "departments", &[]).good().says(&["book.xls", "xls", "xlsx"]);
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(1));
}

#[test]
fn names_that_do_not_exist_are_refused_with_what_comes_close() {
    let college = three_departments();
    let before = table(&college, "departments");
    let good = college.file("good.csv", departments(&["D1,甲系,教学单位,S1,"]));
    let path = good.to_string_lossy();
    both(
        &college,
        &["import", &path, "-d", "departmens"],
        4,
        &["departmens", "departments"],
        &["departmens", "Did you mean departments"],
    );
    both(
        &college,
        &["import", "nowhere.csv", "-d", "departments"],
        4,
        &["nowhere.csv", "检查路径"],
        &["nowhere.csv", "Check the path"],
    );
    let folder = college.data().to_string_lossy().into_owned();
    refused(&college, folder.as_ref(), "departments", &[], &[&folder, "普通文件"], &[&folder, "a folder"]);
    let field = college.file("field.toml", "[field.colour]\ncolumn = \"部门名称\"\n");
    let word = college.file("word.toml", "dataset = \"departments\"\n[feild.name]\ncolumn = \"部门名称\"\n");
    let other = college.file("other.toml", "dataset = \"budget\"\n");
    let column = college.file("column.toml", "[field.head]\ncolumn = \"系主任\"\n");
    for (mapping, chinese, english) in [
        (&field, ["colour", "现有字段", "department_code"], ["colour", "does not have", "department_code"]),
        (&word, ["word.toml", "第 2 行", "feild"], ["word.toml", "line 2", "feild"]),
        (&other, ["budget", "departments", "--dataset"], ["budget", "departments", "--dataset"]),
        (&column, ["系主任", "good.csv", "部门名称"], ["系主任", "good.csv", "部门名称"]),
    ] {
        refused(&college, &good, "departments", &["-m", &mapping.to_string_lossy()], &chinese, &english);
    }
    untouched(&college, before);
}

#[test]
fn money_without_a_unit_is_refused_until_the_header_names_one() {
    let college = College::new();
    let money = |header: &str| format!("学校代码,财政年度,收支类型,经费项目,{header}\nS1,CY2025,收入,学费收入,12.5\n");
    let bare = college.file("bare.csv", money("实际金额"));
    let (chinese, english) = (["bare.csv", "实际金额", "万元"], ["bare.csv", "实际金额", "unit"]);
    refused(&college, &bare, "budget", &[], &chinese, &english);
    assert_eq!(table(&college, "budget").map(|(rows, _)| rows).unwrap_or(0), 0);
    let named = college.file("named.csv", money("实际金额(万元)"));
    import(&college, &named, "budget", &[]).good();
    let again = college.file("again.csv", money("实际金额(元)").replace("12.5", "125000"));
    let planned = crate::samples::counts(&college, &again, "budget", &["--dry-run"]);
    assert_eq!(planned["unchanged"], 1, "12.5 万元 are 125000 元: {planned}");
}

#[test]
fn rows_into_a_locked_period_are_refused_until_it_is_unlocked() {
    let college = College::new();
    let file = college.file(
        "b.csv",
        "学校代码,财政年度,收支类型,经费项目,实际金额(元)\nS1,CY2025,收入,学费收入,1\nS1,CY2024,收入,学费收入,1\n",
    );
    college.run(&["period", "lock", "CY2025", "--why", "已上报"]).good();
    let path = file.to_string_lossy();
    both(
        &college,
        &["import", &path, "-d", "budget"],
        5,
        &["1 行", "CY2025", "已锁定", "period unlock", "什么都没有写入"],
        &["1 rows", "CY2025", "locked", "period unlock", "Nothing was written"],
    );
    assert_eq!(table(&college, "budget").map(|(rows, _)| rows).unwrap_or(0), 0);
    college.run(&["period", "unlock", "CY2025", "--why", "补报"]).good();
    import(&college, &file, "budget", &[]).good();
    assert_eq!(table(&college, "budget").map(|(rows, _)| rows), Some(2));
}
