//! The query desk: what it reads, what it refuses, and that nothing gets through that writes or leaves the datasets.

use super::*;
use crate::{DeskAnswer, DeskCut, DeskLimits, MASK, Readable, WarehouseError, desk_functions};
use std::collections::BTreeSet;
use std::time::Duration;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::ids::FieldName;

const LIMITS: DeskLimits = DeskLimits { rows: 100, bytes: 1 << 20, memory: 64 << 20, time: Duration::from_secs(60) };

async fn house() -> House {
    let house = House::new();
    let rows: [&[&str]; 3] = [&["2025-09-01", "S1", "到"], &["2025-09-01", "S2", "旷"], &["2025-09-02", "S1", "到"]];
    house.import(&marks(), "b1", LoadMode::Upsert, mark_rows(&rows)).await;
    house
}

fn open(dataset: &Dataset) -> Readable<'_> {
    Readable { dataset, masked: BTreeSet::new() }
}

async fn ask(house: &House, readable: &[Readable<'_>], limits: DeskLimits, sql: &str) -> Result<DeskAnswer> {
    house.warehouse.desk(sql, readable, limits).await?.run(0, usize::MAX, &CancelFlag::new()).await
}

fn lines(answer: &DeskAnswer) -> Vec<String> {
    let cell = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "∅".to_owned());
    answer.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join("|")).collect()
}

fn field(name: &str) -> FieldName {
    FieldName::new(name).expect("a field name")
}

#[test]
fn a_query_gives_rows_as_text_with_the_line_that_each_came_from() {
    story(|| async {
        let house = house().await;
        let marks = marks();
        let sql = "WITH s1 AS (SELECT * FROM mark WHERE student_id = 'S1') SELECT day, state, _line, NULL AS none FROM s1 ORDER BY day";
        let answer = ask(&house, &[open(&marks)], LIMITS, sql).await.expect("rows");
        assert_eq!(lines(&answer), ["2025-09-01|到|2|∅", "2025-09-02|到|4|∅"]);
        assert_eq!(
            answer.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(),
            ["day", "state", "_line", "none"]
        );
        assert_eq!(answer.versions.into_values().collect::<Vec<_>>(), [1]);
        assert_eq!(answer.cut, None);
        let none = ask(&house, &[open(&students()), open(&marks)], LIMITS, "SELECT count(*) FROM student").await;
        assert_eq!(lines(&none.expect("a dataset without rows has none")), ["0"]);
    });
}

#[test]
fn whatever_is_not_one_query_over_datasets_is_refused_before_anything_runs() {
    story(|| async {
        let house = house().await;
        let secret = house.path().join("secret.csv");
        std::fs::write(&secret, "a,b\n1,2\n").expect("a file");
        let (secret, out) = (secret.display().to_string(), house.path().join("out.csv"));
        let writes = [
            "INSERT INTO mark VALUES ('2025-09-03', 'S9', '到', 'b9', 1)",
            "INSERT INTO mark SELECT * FROM mark",
            "WITH x AS (SELECT 1) INSERT INTO mark SELECT * FROM mark",
            "UPDATE mark SET state = 'x'",
            "DELETE FROM mark",
            "TRUNCATE TABLE mark",
            "DROP TABLE mark",
            "DROP VIEW mark",
            "CREATE TABLE t AS SELECT * FROM mark",
            "CREATE VIEW v AS SELECT * FROM mark",
            "CREATE SCHEMA s",
            "CREATE DATABASE d",
            "CREATE FUNCTION f(int) RETURNS int RETURN $1",
            "ALTER TABLE mark ADD COLUMN c int",
            "SELECT * INTO t FROM mark",
            "SET datafusion.execution.batch_size = 1",
            "RESET datafusion.execution.batch_size",
            "SHOW TABLES",
            "SHOW ALL",
            "DESCRIBE mark",
            "PREPARE p AS SELECT 1",
            "EXECUTE p",
            "DEALLOCATE p",
            "BEGIN",
            "COMMIT",
            "USE x",
            "VACUUM",
            "ANALYZE mark",
            "CALL f()",
            "EXPLAIN INSERT INTO mark SELECT * FROM mark",
            "EXPLAIN ANALYZE DELETE FROM mark",
            "SELECT 1; DELETE FROM mark",
            "SELECT 1; SELECT 2",
            "",
            " -- nothing",
        ];
        let mut refused: Vec<String> = writes.iter().map(|sql| (*sql).to_owned()).collect();
        let place = out.display();
        refused.extend([
            format!("COPY mark TO '{place}'"),
            format!("COPY (SELECT 1) TO '{place}' STORED AS CSV"),
            format!("EXPLAIN COPY mark TO '{place}'"),
            format!("CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '{secret}'"),
            format!("LOAD DATA INPATH '{secret}' INTO TABLE mark"),
            format!("SELECT * FROM '{secret}'"),
            format!("SELECT * FROM \"{secret}\""),
            format!("SELECT * FROM read_csv('{secret}')"),
            format!("SELECT * FROM read_parquet('{secret}')"),
            format!("SELECT * FROM csv_scan('{secret}')"),
            format!("SELECT (SELECT count(*) FROM '{secret}')"),
            format!("WITH x AS (SELECT * FROM \"file://{secret}\") SELECT * FROM x"),
            "SELECT * FROM information_schema.tables".to_owned(),
            "SELECT * FROM information_schema.df_settings".to_owned(),
            "SELECT * FROM datafusion.public.mark".to_owned(),
            "SELECT * FROM public.mark".to_owned(),
            "SELECT * FROM student".to_owned(),
            "SELECT * FROM generate_series(1, 1000000000)".to_owned(),
            "SELECT repeat('x', 2000000000)".to_owned(),
            "SELECT range(1, 1000000000)".to_owned(),
            "SELECT _school FROM mark".to_owned(),
        ]);
        let marks = marks();
        for sql in &refused {
            let answer = ask(&house, &[open(&marks)], LIMITS, sql).await;
            let error = answer.expect_err(sql);
            assert!(matches!(error.fault(), Fault::Invalid | Fault::NotFound), "{sql}: {error:?}");
        }
        assert!(!out.exists());
        let state = house.warehouse.state(&marks.id).await.expect("a state").expect("a table");
        assert_eq!((state.version, state.rows), (1, 3));
        assert_eq!(house.warehouse.table_logs().expect("logs").len(), 1, "no table was made");
    });
}

#[test]
fn a_text_made_of_anything_is_answered_or_refused_and_never_changes_a_row() {
    story(|| async {
        let house = house().await;
        let marks = marks();
        let words = [
            "SELECT", "*", "FROM", "mark", "INSERT", "INTO", "DELETE", "COPY", "TO", "'/tmp/x'", "(", ")", ",", ";",
            "WITH", "x", "AS", "1", "DROP", "TABLE", "EXPLAIN", "UNION", "ALL", "VALUES", "UPDATE", "SET", "=",
            "WHERE", "day", "\"", "'", "--", "/*", "*/", "$1", "?", "JOIN", "LATERAL", "UNNEST", "令", "\u{0}",
        ];
        let mut seed: u64 = 0x5eed;
        for _ in 0..2_000 {
            let mut sql = String::new();
            for _ in 0..12 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = usize::try_from(seed >> 33).expect("fits") % words.len();
                sql.push_str(words[at]);
                sql.push(' ');
            }
            // Both outcomes are good; a panic is not.
            let _ = ask(&house, &[open(&marks)], LIMITS, &sql).await;
        }
        let state = house.warehouse.state(&marks.id).await.expect("a state").expect("a table");
        assert_eq!((state.version, state.rows), (1, 3));
    });
}

#[test]
fn a_masked_field_shows_nothing_however_it_is_asked_for_and_cannot_be_searched() {
    story(|| async {
        let house = house().await;
        let marks = marks();
        let masked = BTreeSet::from([field("student_id"), field("day")]);
        let person = [Readable { masked, ..open(&marks) }];
        let answer = ask(&house, &person, LIMITS, "SELECT DISTINCT student_id, day FROM mark").await.expect("rows");
        assert_eq!(lines(&answer), [format!("{MASK}|∅")]);
        for sql in [
            "SELECT count(*) FROM mark WHERE student_id = 'S1'",
            "SELECT count(*) FROM mark WHERE student_id LIKE 'S%'",
            "SELECT count(*) FROM mark AS m WHERE m.day IS NOT NULL",
            "SELECT count(*) FROM (SELECT student_id AS s FROM mark) WHERE ascii(s) = 83",
        ] {
            assert_eq!(lines(&ask(&house, &person, LIMITS, sql).await.expect("rows")), ["0"], "{sql}");
        }
        let grouped = ask(&house, &person, LIMITS, "SELECT state, count(*) FROM mark GROUP BY state ORDER BY 2").await;
        assert_eq!(lines(&grouped.expect("rows")), ["旷|1", "到|2"]);
    });
}

#[test]
fn pages_follow_each_other_and_an_answer_that_is_cut_says_so() {
    story(|| async {
        let house = house().await;
        let marks = marks();
        let sql = "SELECT day, student_id FROM mark ORDER BY day, student_id";
        let page = async |offset, rows| {
            let query = house.warehouse.desk(sql, &[open(&marks)], LIMITS).await.expect("a query");
            query.run(offset, rows, &CancelFlag::new()).await.expect("rows")
        };
        let (first, second) = (page(0, 2).await, page(2, 2).await);
        assert_eq!(lines(&first), ["2025-09-01|S1", "2025-09-01|S2"]);
        assert_eq!((lines(&second), second.cut), (vec!["2025-09-02|S1".to_owned()], None));
        assert_eq!(first.cut, Some(DeskCut::Rows));
        let short = DeskLimits { bytes: 20, ..LIMITS };
        let cut = ask(&house, &[open(&marks)], short, sql).await.expect("rows");
        assert_eq!((cut.rows.len(), cut.cut), (1, Some(DeskCut::Bytes)));
    });
}

#[test]
fn a_query_that_takes_too_long_or_too_much_is_stopped_with_the_limit_named() {
    story(|| async {
        let house = house().await;
        let marks = marks();
        // 3^16 rows: no machine is through with them in the time given.
        let joins = (1..16).map(|at| format!(" CROSS JOIN mark AS m{at}")).collect::<String>();
        let long = format!("SELECT count(*) FROM mark AS m0{joins} WHERE m0.state < m1.state || m15.state");
        let hurry = DeskLimits { time: Duration::from_millis(200), ..LIMITS };
        let error = ask(&house, &[open(&marks)], hurry, &long).await.expect_err("too long");
        assert!(matches!(error, WarehouseError::DeskTime { .. }), "{error:?}");
        let cancel = CancelFlag::new();
        cancel.cancel();
        let query = house.warehouse.desk(&long, &[open(&marks)], LIMITS).await.expect("a query");
        let error = query.run(0, 10, &cancel).await.expect_err("stopped");
        assert!(matches!(error, WarehouseError::Cancelled), "{error:?}");
        let joins = (1..12).map(|at| format!(" CROSS JOIN mark AS m{at}")).collect::<String>();
        let large = format!("SELECT array_agg(m0.state || m3.day) FROM mark AS m0{joins}");
        let poor = DeskLimits { memory: 1 << 20, ..LIMITS };
        let error = ask(&house, &[open(&marks)], poor, &large).await.expect_err("too much");
        assert!(matches!(error, WarehouseError::DeskMemory { mib: 1 }), "{error:?}");
    });
}

#[test]
fn a_plan_is_shown_instead_of_rows_and_names_no_file() {
    story(|| async {
        let house = house().await;
        let marks = marks();
        for sql in ["EXPLAIN SELECT state FROM mark", "EXPLAIN ANALYZE VERBOSE SELECT state FROM mark"] {
            let answer = ask(&house, &[open(&marks)], LIMITS, sql).await.expect("a plan");
            let plan = lines(&answer).join("\n");
            assert!(plan.contains("TableScan: mark"), "{plan}");
            assert!(!plan.contains("parquet") && !plan.contains(&house.path().display().to_string()), "{plan}");
        }
    });
}

#[test]
fn a_deep_query_is_refused_or_run_and_never_ends_the_process() {
    story(|| async {
        let house = house().await;
        let marks = marks();
        let chain = format!("SELECT {}1", "1 + ".repeat(2_000));
        let nested = format!("SELECT {}1{}", "(".repeat(5_000), ")".repeat(5_000));
        let unions = vec!["SELECT 1"; 300].join(" UNION ALL ");
        for sql in [chain, nested, unions] {
            let _ = ask(&house, &[open(&marks)], LIMITS, &sql).await;
        }
        let error = ask(&house, &[open(&marks)], LIMITS, &format!("SELECT '{}'", "x".repeat(70_000))).await;
        assert!(matches!(error, Err(WarehouseError::DeskLong { .. })), "{error:?}");
    });
}

#[test]
fn completion_offers_the_functions_that_work_and_no_others() {
    let names = desk_functions();
    for known in ["count", "sum", "row_number", "coalesce", "substr"] {
        assert!(names.iter().any(|name| name == known), "{known}");
    }
    assert!(!names.iter().any(|name| name == "repeat"));
}

#[test]
fn a_fault_in_the_sql_is_told_in_words_of_ours_with_line_and_column() {
    story(|| async {
        let house = house().await;
        let (marks, students) = (marks(), students());
        let readable = [open(&marks), open(&students)];
        let check = async |sql: &str, key: &str, words: &[(&str, &str)], at: Option<(u64, u64)>| {
            let error = ask(&house, &readable, LIMITS, sql).await.expect_err(sql);
            let message = error.message();
            let place = error.place().map(|place| (place.line, place.column));
            assert_eq!((message.key.as_str(), place), (key, at), "{sql}: {message:?}");
            for (name, text) in words {
                let found = message.args.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str());
                assert_eq!(found, Some(*text), "{sql}: {message:?}");
            }
            let said = format!("{message:?}");
            for word in ["ParserError", "SchemaError", "Some(", "Error during planning"] {
                assert!(!said.contains(word), "{sql}: {said}");
            }
        };
        let expected = "warehouse-desk-sql-expected";
        check("SELECT day FROM mark WHERE", "warehouse-desk-sql-ends", &[("word", "an-expression")], Some((1, 27)))
            .await;
        check("SELECT day\nFROM mark\nWHERE state = = 1", expected, &[("found", "=")], Some((3, 15))).await;
        // Columns are counted in characters, not in bytes.
        check("SELECT '令令' AS 令 FROM mark WHERE )", expected, &[("found", ")")], Some((1, 34))).await;
        check("SELEC day FROM mark", expected, &[("found", "SELEC"), ("word", "an-sql-statement")], Some((1, 1))).await;
        check("SELECT 'day FROM mark", "warehouse-desk-sql-open", &[("what", "text")], Some((1, 8))).await;
        check("SELECT \"day FROM mark", "warehouse-desk-sql-open", &[("what", "name")], Some((1, 8))).await;
        check("SELECT day,\n  dya FROM mark", "warehouse-desk-sql-column-known", &[("name", "dya")], Some((2, 3)))
            .await;
        check(
            "SELECT student_id FROM mark, student",
            "warehouse-desk-sql-ambiguous",
            &[("name", "student_id")],
            Some((1, 8)),
        )
        .await;
        let near = [("name", "counts"), ("near", "count")];
        check("SELECT counts(day) FROM mark", "warehouse-desk-sql-function-near", &near, Some((1, 8))).await;
        check("SELECT day, count(*) FROM mark", "warehouse-desk-sql-group", &[("name", "mark.day")], Some((1, 8)))
            .await;
        check("SELECT 1 / 0", "warehouse-desk-sql-zero", &[], None).await;
        check("SELECT *\nFROM nichts", "warehouse-desk-table", &[("table", "nichts")], Some((2, 6))).await;
    });
}
