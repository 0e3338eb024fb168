//! Reads a case and runs it over tables in memory.

use crate::compile::measure::arrow_schema;
use crate::{
    CancelFlag, Compiled, DiagnoseRequest, Diagnosis, Engine, EngineFault, HistoryTable, NoTransforms, Source,
};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Decimal128Type};
use chrono::NaiveDate;
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;
use zhengai_model::dataset::Dataset;
use zhengai_model::hierarchy::View;
use zhengai_model::ids::{DatasetId, IndicatorCode, ObjectId, ObjectKind, PeriodId, RuleId, RunId};
use zhengai_model::layer::Layer;
use zhengai_model::pack::{Definitions, parse_pack};
use zhengai_model::period::Calendar;
use zhengai_model::value::Value;

/// A case, read.
pub(crate) struct Case {
    pub(crate) definitions: Definitions,
    pub(crate) calendar: Calendar,
    rows: BTreeMap<String, String>,
    history: HistoryTable,
    runs: Vec<(String, String)>,
}

const CALENDAR: &str = r#"
[academic_year]
start = "09-01"
[[term]]
id = "T1"
names = { zh = "第一学期", en = "first term" }
start = "09-01"
first_week = "09-01"
weeks = 18
[[term]]
id = "T2"
names = { zh = "第二学期", en = "second term" }
start = "02-15"
first_week = "02-15"
weeks = 18
"#;

const MANIFEST: &str = r#"
id = "case"
names = { zh = "用例", en = "case" }
version = "1.0.0"
kind = "pack"
"#;

/// Runs a future on a thread with a stack that debug builds of DataFusion need.
pub(crate) fn block_on<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_stack_size(32 << 20)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(runtime.spawn(future)).unwrap()
}

impl Case {
    /// Reads the text of a case.
    pub(crate) fn read(text: &str) -> Self {
        let mut files = Vec::new();
        let mut rows = BTreeMap::new();
        let mut calendar = CALENDAR.to_owned();
        let mut history = HistoryTable::default();
        let mut runs: Vec<(String, String)> = Vec::new();
        for section in text.split("\n=== ").skip(1) {
            let (head, body) = section.split_once('\n').unwrap_or((section, ""));
            match head.split_once(' ').unwrap_or((head, "")) {
                (path, "") if path.starts_with("pack/") => {
                    files.push((path.trim_start_matches("pack/").to_owned(), body.to_owned()));
                }
                ("calendar", _) => body.clone_into(&mut calendar),
                ("rows", dataset) => {
                    rows.insert(dataset.to_owned(), body.to_owned());
                }
                ("history", _) => read_history(body, &mut history),
                ("diagnose", order) => runs.push((order.to_owned(), String::new())),
                ("expect", _) => body.trim().clone_into(&mut runs.last_mut().unwrap().1),
                _ => panic!("unknown section {head}"),
            }
        }
        if !files.iter().any(|(path, _)| path == "plugin.toml") {
            files.push(("pack.toml".to_owned(), MANIFEST.to_owned()));
        }
        let pack = parse_pack(&files).unwrap();
        let definitions = Definitions::merge([pack], []).unwrap();
        Self { definitions, calendar: Calendar::from_toml(&calendar).unwrap(), rows, history, runs }
    }

    /// Compiles the definitions.
    pub(crate) fn compile(&self) -> Result<Compiled, Vec<EngineFault>> {
        Engine::compile(&self.definitions, &self.calendar)
    }

    /// The tables in memory; each has as its version the number of its rows.
    pub(crate) async fn source(&self) -> Source {
        let session = SessionContext::new();
        let mut versions = BTreeMap::new();
        for (name, text) in &self.rows {
            let id = DatasetId::new(name.as_str()).unwrap();
            let batch = table(self.definitions.dataset(&id).unwrap(), text);
            versions.insert(id, i64::try_from(batch.num_rows()).unwrap());
            let memory = MemTable::try_new(batch.schema(), vec![vec![batch]]).unwrap();
            session.register_table(name.as_str(), Arc::new(memory)).unwrap();
        }
        Source::new(session, versions).await.unwrap()
    }

    /// What the case knows of earlier runs.
    pub(crate) fn history(&self) -> &HistoryTable {
        &self.history
    }

    /// The request of an order such as `AY2025-T1 2026-03-01 view=as-is disabled=student layers=course`.
    pub(crate) fn request(order: &str) -> DiagnoseRequest {
        let mut words = order.split_whitespace();
        let period = PeriodId::new(words.next().unwrap()).unwrap();
        let today: NaiveDate = words.next().unwrap().parse().unwrap();
        let mut request = DiagnoseRequest::new(RunId::new("R1").unwrap(), period, today);
        for word in words {
            let layers =
                |text: &str| -> BTreeSet<Layer> { text.split('+').map(|layer| Layer::parse(layer).unwrap()).collect() };
            match word.split_once('=').unwrap() {
                ("view", "as-is") => request.view = View::AsIs,
                ("view", date) => request.view = View::AsOf(date.parse().unwrap()),
                ("disabled", text) => request.disabled = layers(text),
                ("layers", text) => request.layers = layers(text),
                ("run", id) => request.run = RunId::new(id).unwrap(),
                (key, _) => panic!("unknown word {key}"),
            }
        }
        request
    }

    /// Runs a diagnosis.
    pub(crate) async fn diagnose(&self, order: &str) -> Diagnosis {
        let compiled = self.compile().unwrap();
        let source = self.source().await;
        Engine::diagnose_source(
            &source,
            &compiled,
            &Self::request(order),
            &self.history,
            &NoTransforms,
            &|_| {},
            &CancelFlag::new(),
        )
        .await
        .unwrap()
    }

    /// Runs all diagnoses of the case: what was found, what was expected.
    pub(crate) fn run(self) -> Vec<(String, String)> {
        block_on(async move {
            let mut answers = Vec::new();
            for (order, expected) in &self.runs {
                answers.push((listing(&self.diagnose(order).await), expected.clone()));
            }
            answers
        })
    }
}

/// `value CODE kind period object number` or `fired RULE kind period object`.
fn read_history(text: &str, history: &mut HistoryTable) {
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (kind, period) = (ObjectKind::new(words[2]).unwrap(), PeriodId::new(words[3]).unwrap());
        match words[0] {
            "value" => {
                let column = history.values.entry((IndicatorCode::new(words[1]).unwrap(), kind, period)).or_default();
                column.insert(ObjectId::new(words[4]).unwrap(), Value::Number(words[5].parse().unwrap()));
            }
            "fired" => {
                let column = history.firings.entry((RuleId::new(words[1]).unwrap(), kind, period)).or_default();
                column.extend(words.get(4).map(|id| ObjectId::new(*id).unwrap()));
            }
            other => panic!("unknown history {other}"),
        }
    }
}

/// Rows with a header, cells separated by commas; an empty cell is NULL. Lines are numbered from 2.
fn table(dataset: &Dataset, text: &str) -> RecordBatch {
    let schema = Arc::new(arrow_schema(dataset));
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let header: Vec<&str> = lines.next().unwrap().split(',').map(str::trim).collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').map(str::trim).collect()).collect();
    for name in &header {
        assert!(schema.index_of(name).is_ok(), "{} has no field {name}", dataset.id);
    }
    let columns: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .map(|field| {
            let place = header.iter().position(|name| name == field.name());
            let cells: Vec<Option<String>> = rows
                .iter()
                .enumerate()
                .map(|(row, cells)| match (field.name().as_str(), place) {
                    ("_line", _) => Some((row + 2).to_string()),
                    ("_batch", _) => Some("B1".to_owned()),
                    ("_school", _) => Some("S".to_owned()),
                    (_, None) => None,
                    (_, Some(place)) => cells.get(place).filter(|cell| !cell.is_empty()).map(ToString::to_string),
                })
                .collect();
            let strings: ArrayRef = Arc::new(StringArray::from(cells));
            arrow::compute::cast(&strings, field.data_type()).unwrap()
        })
        .collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

/// Results, firings, unknown rules and gaps, one line each.
pub(crate) fn listing(diagnosis: &Diagnosis) -> String {
    let mut text = String::new();
    for batch in &diagnosis.results {
        let cell = |name: &str, row: usize| -> Option<String> {
            let column = batch.column_by_name(name).unwrap();
            let column = arrow::compute::cast(column, &DataType::Utf8).unwrap();
            let strings = column.as_string::<i32>();
            (!strings.is_null(row)).then(|| strings.value(row).to_owned())
        };
        let values = batch.column_by_name("value").unwrap().as_primitive::<Decimal128Type>().clone();
        for row in 0..batch.num_rows() {
            let said = if values.is_null(row) {
                cell("gap", row).unwrap_or_else(|| cell("state", row).unwrap())
            } else {
                let digits: u32 = cell("decimals", row).unwrap().parse().unwrap();
                let mut value = Decimal::from_i128_with_scale(values.value(row), 10);
                value.rescale(digits);
                value.to_string()
            };
            let level = cell("level", row).map(|level| format!(" !{level}")).unwrap_or_default();
            writeln!(
                text,
                "{} {} {} {} {said} {}{level}",
                cell("indicator", row).unwrap(),
                cell("grain", row).unwrap(),
                cell("object", row).unwrap(),
                cell("period", row).unwrap(),
                cell("attainment", row).unwrap(),
            )
            .unwrap();
        }
    }
    for firing in &diagnosis.firings {
        writeln!(text, "fired {} {} {} {}", firing.rule, firing.object, firing.period, firing.level).unwrap();
    }
    for unknown in diagnosis.unknown.iter().filter(|unknown| !unknown.rule.as_str().starts_with("X-")) {
        writeln!(text, "unknown {} {} {}", unknown.rule, unknown.object, unknown.period).unwrap();
    }
    for gap in &diagnosis.gaps {
        if !matches!(gap, crate::DataGap::Undetermined { .. }) {
            writeln!(text, "gap {}", serde_json::to_string(gap).unwrap()).unwrap();
        }
    }
    text.trim().to_owned()
}
