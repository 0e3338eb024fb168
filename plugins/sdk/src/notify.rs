//! Messages out: the rows that a notifier is given, one receipt for each, and the loop between them.
//!
//! The host calls `write` with `{"dry_run": bool}` and rows of five text columns: `id` (its name in receipts), `to` (an
//! address as this notifier understands it), `subject`, `body`, and `data` (a JSON object for templates, or NULL). The
//! answer is `{"accepted": [id, …], "refused": [{"id", "why"}, …]}`; each message stands in one of them, once. With
//! `dry_run` everything is looked at and nothing is sent.

use crate::{HostHandle, Input, PluginError, Result};
use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use serde_json::{Value, json};
use std::sync::Arc;

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its name in receipts. The host never gives one id to two messages: whoever remembers ids sends nothing twice.
    pub id: String,
    /// To whom, as this notifier understands it: an address, a number, an account.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// A JSON object for templates; NULL when there is none or it is not JSON.
    pub data: Value,
}

/// Whether something leaves the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Messages are sent.
    Real,
    /// Everything is looked at, nothing is sent.
    DryRun,
}

/// Schema of the rows that a notifier is given.
#[must_use]
pub fn schema() -> SchemaRef {
    let field = |name| Field::new(name, DataType::Utf8, name == "data");
    Arc::new(Schema::new(["id", "to", "subject", "body", "data"].map(field).to_vec()))
}

/// Hands each message to `send`, and makes the answer of `write` from what becomes of it: the text of an error is the
/// reason of a refusal and takes no other message with it. A wish to stop ends the loop with what was done by then
/// unanswered, so it is asked before each message and never between sending and noting.
pub fn deliver(
    host: &HostHandle,
    request: &Value,
    input: Input,
    mut send: impl FnMut(&Message, Delivery) -> Result<()>,
) -> Result<Value> {
    let dry = request.get("dry_run").and_then(Value::as_bool).unwrap_or(false);
    let delivery = if dry { Delivery::DryRun } else { Delivery::Real };
    let (mut accepted, mut refused) = (Vec::new(), Vec::new());
    for batch in input {
        for message in messages(&batch?)? {
            if host.is_cancelled() && accepted.is_empty() && refused.is_empty() {
                return Err(PluginError::cancelled());
            }
            if host.is_cancelled() {
                refused.push(json!({ "id": message.id, "why": "not sent: somebody asked to stop" }));
                continue;
            }
            match send(&message, delivery) {
                Ok(()) => accepted.push(message.id),
                Err(error) => refused.push(json!({ "id": message.id, "why": reason(&error) })),
            }
        }
    }
    Ok(json!({ "accepted": accepted, "refused": refused }))
}

fn reason(error: &PluginError) -> String {
    let text: String = error.message.chars().map(|one| if one.is_control() { ' ' } else { one }).collect();
    if text.trim().is_empty() { format!("{:?}", error.class) } else { text }
}

/// The messages of a batch.
pub fn messages(batch: &RecordBatch) -> Result<Vec<Message>> {
    let column = |name: &str| -> Result<StringArray> {
        let column = batch.column_by_name(name).ok_or_else(|| {
            PluginError::config("", format!("messages have no column `{name}`")).with("field", format!("/{name}"))
        })?;
        Ok(cast(column, &DataType::Utf8)?.as_string::<i32>().clone())
    };
    let (ids, to, subjects, bodies) = (column("id")?, column("to")?, column("subject")?, column("body")?);
    let data = column("data").ok();
    let text = |column: &StringArray, row| if column.is_null(row) { "" } else { column.value(row) }.to_owned();
    let message = |row| Message {
        id: text(&ids, row),
        to: text(&to, row),
        subject: text(&subjects, row),
        body: text(&bodies, row),
        data: data
            .as_ref()
            .map(|data| text(data, row))
            .and_then(|data| serde_json::from_str(&data).ok())
            .unwrap_or_default(),
    };
    Ok((0..batch.num_rows()).map(message).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::ArrayRef;

    fn input(ids: &[&str]) -> Input {
        let texts = |texts: Vec<&str>| Arc::new(StringArray::from(texts)) as ArrayRef;
        let same = |text: &'static str| texts(vec![text; ids.len()]);
        let data = same("{\"n\": 1}");
        let columns = vec![texts(ids.to_vec()), same("a@example.org"), same("提示"), same("正文"), data];
        Input::from_batches(schema(), vec![RecordBatch::try_new(schema(), columns).expect("columns")])
    }

    #[test]
    fn each_message_is_accepted_or_refused_once_and_a_refusal_takes_no_other_with_it() {
        let mut seen = Vec::new();
        let answer =
            deliver(&HostHandle::detached(), &json!({ "dry_run": true }), input(&["1", "2", "3"]), |message, how| {
                seen.push((message.data["n"].clone(), how));
                if message.id == "2" { Err(PluginError::data("", "no\nsuch account")) } else { Ok(()) }
            });
        let expected = json!({ "accepted": ["1", "3"], "refused": [{ "id": "2", "why": "no such account" }] });
        assert_eq!(answer.expect("an answer"), expected);
        assert_eq!(seen, vec![(json!(1), Delivery::DryRun); 3]);
    }

    #[test]
    fn no_message_gives_empty_lists() {
        let answer =
            deliver(&HostHandle::detached(), &Value::Null, Input::from_batches(schema(), Vec::new()), |_, _| Ok(()));
        assert_eq!(answer.expect("an answer"), json!({ "accepted": [], "refused": [] }));
    }
}
