//! The warehouse as its callers see it, on real folders.

mod apply;
mod catalogue;
mod desk;
mod desk_limits;
mod files;
mod listing;
mod plan;
mod results;
mod rows;
mod speed;
mod tables;

use crate::{CancelFlag, FAULT, Guards, LINE, Result, SourceRows, StageRequest, Staged, Warehouse};
use arrow::array::{ArrayRef, Int64Array, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use arrow::util::display::array_value_to_string;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use zhengai_model::batch::{PlanCounts, Reject};
use zhengai_model::dataset::{Dataset, LoadMode};
use zhengai_model::ids::BatchId;
use zhengai_model::mapping::Mapping;

const SCHOOL: &str = "绵阳职院";
const NO_GUARDS: Guards = Guards { max_delete_share: None };

/// Runs a story on threads with stacks that debug builds of DataFusion need.
fn story<F, S>(tell: F)
where
    F: FnOnce() -> S + Send + 'static,
    S: Future<Output = ()>,
{
    let thread = std::thread::Builder::new().stack_size(32 << 20).spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_stack_size(16 << 20)
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(tell());
    });
    if let Err(cause) = thread.expect("a thread").join() {
        std::panic::resume_unwind(cause);
    }
}

/// A warehouse in a folder of its own.
struct House {
    folder: TempDir,
    warehouse: Warehouse,
}

impl House {
    fn new() -> Self {
        let folder = TempDir::with_prefix("zhengai 仓库 #").expect("a folder");
        let warehouse = Warehouse::open(&folder.path().join("warehouse"), SCHOOL).expect("a warehouse");
        Self { folder, warehouse }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    async fn stage(
        &self,
        dataset: &Dataset,
        mapping: Option<&Mapping>,
        name: &str,
        source: SourceRows,
    ) -> Result<Staged> {
        let batch = batch(name);
        let request = StageRequest { dataset, mapping, batch: &batch, file: format!("{name}.csv"), sheet: None };
        self.warehouse.stage(request, source, &|_| (), &CancelFlag::new()).await
    }

    /// Stages, plans and applies.
    async fn import(&self, dataset: &Dataset, name: &str, mode: LoadMode, source: SourceRows) -> PlanCounts {
        self.stage(dataset, None, name, source).await.expect("staged");
        let planned = self.warehouse.plan(dataset, &batch(name), mode, &NO_GUARDS).await.expect("planned");
        let applied = self.warehouse.apply(dataset, &batch(name)).await.expect("applied");
        assert_eq!(applied.counts, planned);
        planned
    }

    async fn rejects(&self, name: &str) -> Vec<Reject> {
        self.warehouse.rejects(&batch(name), None).await.expect("rejects")
    }

    /// Rows of a query as text, cells joined by `|`.
    async fn query(&self, dataset: &Dataset, sql: &str) -> Vec<String> {
        let (session, _) = self.warehouse.session(std::slice::from_ref(&dataset.id)).await.expect("a session");
        texts(&session.sql(sql).await.expect("a query").collect().await.expect("rows"))
    }
}

fn texts(batches: &[RecordBatch]) -> Vec<String> {
    let mut lines = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cells: Vec<String> =
                batch.columns().iter().map(|column| array_value_to_string(column, row).expect("text")).collect();
            lines.push(cells.join("|"));
        }
    }
    lines
}

fn batch(name: &str) -> BatchId {
    BatchId::new(name).expect("a batch id")
}

fn dataset(definition: serde_json::Value) -> Dataset {
    serde_json::from_value(definition).expect("a dataset")
}

/// Students with one field of each kind.
fn students() -> Dataset {
    dataset(serde_json::json!({
        "id": "student",
        "names": {"zh": "学生", "en": "students"},
        "key": ["student_id"],
        "field": [
            {"name": "student_id", "names": {"zh": "学号", "en": "student number"}, "type": "text"},
            {"name": "name", "names": {"zh": "姓名", "en": "name"}, "type": "text", "required": true},
            {"name": "sex", "names": {"zh": "性别", "en": "sex"}, "type": "code", "codes": "sex"},
            {"name": "born", "names": {"zh": "出生日期", "en": "born"}, "type": "date", "min": "1900-01-01"},
            {"name": "score", "names": {"zh": "入学成绩", "en": "score"}, "type": "decimal", "scale": 1, "min": "0", "max": "750", "unit": "分"},
            {"name": "grant", "names": {"zh": "资助", "en": "grant"}, "type": "money", "unit": "元"},
            {"name": "courses", "names": {"zh": "课程数", "en": "courses"}, "type": "integer"},
            {"name": "boarder", "names": {"zh": "住校", "en": "boarder"}, "type": "bool"},
            {"name": "seen", "names": {"zh": "最近登录", "en": "last seen"}, "type": "date-time"}
        ],
        "codes": {"sex": {"code": {
            "1": {"zh": "男", "en": "male"},
            "2": {"zh": "女", "en": "female"}
        }}},
        "check": [{"id": "boarder-courses", "sql": "not boarder or courses > 0",
                   "message": {"zh": "住校生应有课程", "en": "a boarder takes courses"}}]
    }))
}

/// Marks, with a key of two fields, one of them a day.
fn marks() -> Dataset {
    dataset(serde_json::json!({
        "id": "mark",
        "names": {"zh": "考勤", "en": "marks"},
        "key": ["day", "student_id"],
        "field": [
            {"name": "day", "names": {"zh": "日期", "en": "day"}, "type": "date"},
            {"name": "student_id", "names": {"zh": "学号", "en": "student"}, "type": "text"},
            {"name": "state", "names": {"zh": "状态", "en": "state"}, "type": "text"}
        ]
    }))
}

/// A file: headers, rows; an empty cell is null; the first row is on line 2.
fn file(headers: &[&str], rows: &[&[&str]]) -> SourceRows {
    file_with_faults(headers, rows, &[])
}

fn file_with_faults(headers: &[&str], rows: &[&[&str]], faults: &[(usize, &str)]) -> SourceRows {
    let mut fields: Vec<Field> = headers.iter().map(|header| Field::new(*header, DataType::Utf8, true)).collect();
    fields.push(Field::new(LINE, DataType::Int64, false));
    fields.push(Field::new(FAULT, DataType::Utf8, true));
    let mut columns: Vec<ArrayRef> = Vec::new();
    for column in 0..headers.len() {
        let cells = rows.iter().map(|row| row.get(column).copied().filter(|cell| !cell.is_empty()));
        columns.push(Arc::new(cells.collect::<StringArray>()));
    }
    columns.push(Arc::new((0..rows.len() as i64).map(|row| row + 2).collect::<Int64Array>()));
    let complaints =
        (0..rows.len()).map(|row| faults.iter().find(|(faulty, _)| *faulty == row).map(|(_, fault)| *fault));
    columns.push(Arc::new(complaints.collect::<StringArray>()));
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("a batch");
    // Two batches, so that nothing depends on rows coming all at once.
    let half = batch.num_rows() / 2;
    let batches = vec![Ok(batch.slice(0, half)), Ok(batch.slice(half, batch.num_rows() - half))];
    SourceRows {
        columns: headers.iter().map(|header| (*header).to_owned()).collect(),
        batches: Box::new(batches.into_iter()),
    }
}

fn mark_rows(rows: &[&[&str]]) -> SourceRows {
    file(&["日期", "学号", "状态"], rows)
}

fn mapping(text: serde_json::Value) -> Mapping {
    serde_json::from_value(text).expect("a mapping")
}
