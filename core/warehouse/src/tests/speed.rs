//! Not a test of speed, but of a batch large enough to show one: run with `--nocapture` to see the rows per second.

use super::*;
use std::time::Instant;

#[test]
fn two_hundred_thousand_rows_pass_through() {
    story(|| async {
        let house = House::new();
        let dataset = dataset(serde_json::json!({
            "id": "attendance",
            "names": {"zh": "考勤", "en": "attendance"},
            "key": ["student_id", "day", "slot"],
            "field": [
                {"name": "student_id", "names": {"zh": "学号", "en": "student"}, "type": "text"},
                {"name": "day", "names": {"zh": "日期", "en": "day"}, "type": "date"},
                {"name": "slot", "names": {"zh": "节次", "en": "slot"}, "type": "integer", "min": "1", "max": "12"},
                {"name": "class_id", "names": {"zh": "教学班", "en": "class"}, "type": "text"},
                {"name": "state", "names": {"zh": "状态", "en": "state"}, "type": "code", "codes": "state"},
                {"name": "minutes", "names": {"zh": "分钟", "en": "minutes"}, "type": "decimal", "scale": 1}
            ],
            "codes": {"state": {"code": {
                "present": {"zh": "到", "en": "present"},
                "late": {"zh": "迟到", "en": "late"},
                "absent": {"zh": "旷课", "en": "absent"}
            }}},
            "check": [{"id": "minutes", "sql": "minutes >= 0", "message": {"zh": "分钟", "en": "minutes"}}]
        }));
        let source = |state: &'static str| {
            let columns: Vec<String> = ["学号", "日期", "节次", "教学班", "状态", "分钟"].map(str::to_owned).to_vec();
            let batches = (0..25_i64).map(move |part| {
                let rows = part * 8_000..(part + 1) * 8_000;
                let text = |make: &dyn Fn(i64) -> String| -> ArrayRef {
                    Arc::new(rows.clone().map(|row| Some(make(row))).collect::<StringArray>())
                };
                let columns: [(&str, ArrayRef); 8] = [
                    ("学号", text(&|row| format!("2025{:06}", row / 6))),
                    ("日期", text(&|_| "2025-09-01".to_owned())),
                    ("节次", text(&|row| (row % 6 + 1).to_string())),
                    ("教学班", text(&|row| format!("K{:04}", row % 1_800))),
                    ("状态", text(&|row| if row % 50 == 0 { state.to_owned() } else { "到".to_owned() })),
                    ("分钟", text(&|row| format!("{}.5", row % 45))),
                    (LINE, Arc::new(rows.clone().map(|row| row + 2).collect::<Int64Array>())),
                    (FAULT, Arc::new(StringArray::new_null(8_000))),
                ];
                Ok(RecordBatch::try_from_iter(columns).expect("a batch"))
            });
            SourceRows { columns, batches: Box::new(batches.collect::<Vec<_>>().into_iter()) }
        };
        for (name, state) in [("b1", "迟到"), ("b2", "旷课")] {
            let rows = source(state);
            let clock = Instant::now();
            house.stage(&dataset, None, name, rows).await.expect("staged");
            let staged = clock.elapsed();
            let counts =
                house.warehouse.plan(&dataset, &batch(name), LoadMode::Upsert, &NO_GUARDS).await.expect("planned");
            let planned = clock.elapsed();
            house.warehouse.apply(&dataset, &batch(name)).await.expect("applied");
            let applied = clock.elapsed();
            println!(
                "{name}: stage {staged:?}, plan {:?}, apply {:?}: {:.0} rows/s, {counts:?}",
                planned - staged,
                applied - planned,
                200_000.0 / applied.as_secs_f64()
            );
            let expected = if name == "b1" { (200_000, 0, 0) } else { (0, 4_000, 196_000) };
            assert_eq!((counts.new, counts.changed, counts.unchanged), expected);
        }
        assert_eq!(house.query(&dataset, "select count(*) from attendance where state = 'absent'").await, ["4000"]);
    });
}
