//! Messages out. Every request says `"dry_run": true`: the checker sends nothing to anybody.

use super::settled;
use crate::Rows;
use crate::check::bench::{Bench, short};
use crate::check::report::Outcome;
use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use zhengai_model::pack::PluginKind;
use zhengai_model::text::Message;

/// Columns of the rows that a notifier is given. All are text; only `data`, a JSON object, may be NULL.
const COLUMNS: [&str; 5] = ["id", "to", "subject", "body", "data"];

/// Each message is accepted or refused, once, by its id.
pub(in crate::check) fn receipts(bench: &mut Bench) -> Outcome {
    let messages = [
        ["m1", "teacher@example.org", "预警", "出勤率低于 80%。", "{}"],
        ["m2", "13800000000", "Warning", "Attendance is below 80 %.", "{\"level\":\"serious\"}"],
        ["m3", "张三", "提示", "第一行\n第二行", "{}"],
    ];
    settled(delivered(bench, &messages.map(|message| message.to_vec())))
}

/// No message, no receipt, no error.
pub(in crate::check) fn nothing(bench: &mut Bench) -> Outcome {
    settled(delivered(bench, &[]))
}

/// Messages that nobody would write are accepted or refused one by one; none takes the others with it.
pub(in crate::check) fn odd(bench: &mut Bench) -> Outcome {
    let long = "长".repeat(200_000);
    let messages = [
        ["o1", "", "no address", "x", "{}"],
        ["o2", "a@example.org", "", "", "{}"],
        ["o3", "a@example.org\r\nBcc: b@example.org", "line\r\nbreak", "x", "{}"],
        ["o4", "a@example.org", "long", &long, "{}"],
        ["o5", "a\u{0}b", "\u{202e}txt", "\u{0}", "not json"],
    ];
    settled(delivered(bench, &messages.map(|message| message.to_vec())))
}

fn schema() -> SchemaRef {
    let field = |name: &&str| Field::new(*name, DataType::Utf8, *name == "data");
    Arc::new(Schema::new(COLUMNS.iter().map(field).collect::<Vec<_>>()))
}

fn delivered(bench: &mut Bench, messages: &[Vec<&str>]) -> Result<Outcome, Outcome> {
    if bench.found.manifest.kind != PluginKind::Notifier {
        return Err(Outcome::Skip(Message::new("check-why-cannot").with("what", "write")));
    }
    let columns = (0..COLUMNS.len()).map(|column| {
        let cells = messages.iter().map(|message| message.get(column).copied().unwrap_or_default());
        Arc::new(StringArray::from_iter_values(cells)) as ArrayRef
    });
    let batch = RecordBatch::try_new(schema(), columns.collect());
    let batches = batch.into_iter().filter(|batch| batch.num_rows() > 0).collect();
    let config = bench.good();
    let instance = bench.create(&config)?;
    let result = instance.write(&json!({ "dry_run": true }), Rows::new(schema(), batches));
    let result = bench.answer("write", result)?;
    let wrong = |rule: &str| {
        let message = Message::new("check-why-receipts").with("rule", rule);
        Err(Outcome::Fail(message.with("found", short(&result.to_string()))))
    };
    let (Some(accepted), Some(refused)) = (list(&result, "accepted"), list(&result, "refused")) else {
        return wrong("`accepted` and `refused` must be lists");
    };
    let accepted = accepted.iter().map(Value::as_str);
    let refusals = refused.iter().map(|refusal| {
        let why = refusal.get("why").and_then(Value::as_str).unwrap_or_default();
        refusal.get("id").and_then(Value::as_str).filter(|_| !why.is_empty())
    });
    let Some(named) = accepted.chain(refusals).collect::<Option<Vec<&str>>>() else {
        return wrong("an accepted id must be a text, a refusal needs `id` and `why`");
    };
    let given: BTreeSet<&str> = messages.iter().filter_map(|message| message.first().copied()).collect();
    let unique: BTreeSet<&str> = named.iter().copied().collect();
    if unique.len() != named.len() || unique != given {
        return wrong("each message must be accepted or refused exactly once");
    }
    Ok(Outcome::GOOD)
}

fn list<'a>(result: &'a Value, name: &str) -> Option<&'a Vec<Value>> {
    result.get(name).and_then(Value::as_array)
}
