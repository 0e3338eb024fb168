//! `sync`: a source read on from where it stopped.

use crate::cli::SyncArgs;
use crate::commands::imports::{COUNTS, count_cells};
use crate::context::Context;
use crate::exit;
use crate::out::Rows;
use anyhow::Result;
use serde_json::json;
use zhengai_service::words::word;
use zhengai_wire::data::{Deletes, Extent};
use zhengai_wire::sources::{self, StreamOutcome, StreamSynced, SyncReach, SyncRequest, Synced};

pub(crate) async fn run(context: &Context, args: &SyncArgs) -> Result<u8> {
    let request = SyncRequest {
        streams: args.stream.clone(),
        reach: if args.full { SyncReach::Whole } else { SyncReach::New },
        extent: if args.dry_run { Extent::Plan } else { Extent::Do },
        review: args.review.map(Into::into),
        deletes: if args.allow_deletes { Deletes::Allowed } else { Deletes::Guarded },
    };
    let job = context.job(sources::sync(&args.source, &request)).await?;
    let synced: Synced = serde_json::from_value(job.result.unwrap_or_default())?;
    print(context, &synced)?;
    for stream in &synced.streams {
        tell(context, stream);
    }
    Ok(code(&synced))
}

fn print(context: &Context, synced: &Synced) -> Result<()> {
    let names = [&["stream", "dataset", "state", ">batches"], &COUNTS[..], &[">retries"]].concat();
    let mut rows = Rows::new(context.columns(&names));
    for stream in &synced.streams {
        let state = word(&stream.outcome);
        let state = if context.is_table() { context.text(&format!("sync-{state}")) } else { state };
        let head = vec![json!(stream.stream), json!(stream.dataset), json!(state), json!(stream.batches.len())];
        rows.rows.push([head, count_cells(&stream.counts), vec![json!(stream.retries)]].concat());
    }
    context.print(&rows)
}

/// What happened to a stream, in words.
fn tell(context: &Context, stream: &StreamSynced) {
    for notice in &stream.notices {
        context.hint(&notice.text);
    }
    if let Some(stopped) = &stream.stopped {
        eprintln!("{}: {}", stream.stream, stopped.text);
    }
    let batch = stream.batches.last().map(String::as_str).unwrap_or_default();
    if matches!(stream.outcome, StreamOutcome::Held | StreamOutcome::Waiting) {
        let words = [("stream", stream.stream.as_str()), ("batch", batch)];
        context.hint(&context.fill("sync-waits-next", &words));
    } else if stream.counts.rejected > 0 && stream.outcome == StreamOutcome::Planned {
        context.hint(&context.text("sync-rejects-planned"));
    } else if stream.counts.rejected > 0 {
        context.hint(&context.fill("import-rejects-next", &[("batch", batch)]));
    }
}

/// The first failure decides; then rejected rows and streams that were not read.
fn code(synced: &Synced) -> u8 {
    if let Some(stopped) = synced.streams.iter().find_map(|stream| stream.stopped.as_ref()) {
        return exit::code(stopped.fault);
    }
    let partly = |stream: &StreamSynced| stream.counts.rejected > 0 || stream.outcome == StreamOutcome::Waiting;
    if synced.streams.iter().any(partly) { exit::PARTLY } else { exit::DONE }
}
