//! What a job about a source found, in words: a check of the connection, a dry run, a sync that stopped.

use crate::app::{Cx, Notice};
use serde_json::Value;
use zhengai_wire::sources::{StreamOutcome, StreamSynced, Synced};
use zhengai_wire::{Job, JobState};

/// Shows what is worth reading: results of checks and dry runs, and streams that did not come to their end.
pub(super) fn tell(job: &Job, cx: &mut Cx<'_>) {
    let Some(result) = job.result.as_ref().filter(|_| job.state == JobState::Done) else { return };
    let (title, lines) = match job.kind.as_str() {
        "source-check" => ("data-checked-source", report(result, cx)),
        "sync" => match serde_json::from_value::<Synced>(result.clone()) {
            Ok(synced) if synced.id.is_none() => {
                ("data-rehearsed", synced.streams.iter().map(|stream| line(stream, cx)).collect())
            }
            Ok(synced) => {
                let odd = |one: &&StreamSynced| one.outcome != StreamOutcome::Finished || one.counts.rejected > 0;
                ("data-synced", synced.streams.iter().filter(odd).map(|stream| line(stream, cx)).collect())
            }
            Err(_) => return,
        },
        _ => return,
    };
    let lines: Vec<String> = lines;
    if !lines.is_empty() {
        let title = cx.text(title, &[("source", &job.subject)]);
        cx.notice(Notice::plain(title, lines));
    }
}

/// The connector's own report: whatever it says, a line for each member.
fn report(result: &Value, cx: &Cx<'_>) -> Vec<String> {
    let mut lines = vec![cx.text("data-connected", &[])];
    if let Value::Object(members) = result {
        lines.extend(members.iter().map(|(name, value)| match value {
            Value::String(text) => [name, ": ", text].concat(),
            other => [name, ": ", &other.to_string()].concat(),
        }));
    }
    lines
}

fn line(stream: &StreamSynced, cx: &Cx<'_>) -> String {
    let outcome = match stream.outcome {
        StreamOutcome::Finished => "data-stream-finished",
        StreamOutcome::Planned => "data-stream-planned",
        StreamOutcome::Held => "data-stream-held",
        StreamOutcome::Waiting => "data-stream-waiting",
        StreamOutcome::Failed => "data-stream-failed",
        StreamOutcome::Cancelled => "data-stream-cancelled",
        StreamOutcome::Skipped => "data-stream-skipped",
    };
    let counts = &stream.counts;
    let text = cx.text(
        "data-stream-line",
        &[
            ("stream", &stream.stream),
            ("dataset", &stream.dataset),
            ("outcome", &cx.text(outcome, &[])),
            ("read", &counts.read.to_string()),
            ("new", &counts.new.to_string()),
            ("changed", &counts.changed.to_string()),
            ("gone", &counts.gone.to_string()),
            ("rejected", &counts.rejected.to_string()),
        ],
    );
    match &stream.stopped {
        Some(stopped) => [&text, " ", &stopped.text].concat(),
        None => text,
    }
}
