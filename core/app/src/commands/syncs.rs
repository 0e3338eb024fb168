//! `sync`: a source read on from where it stopped.

use crate::cli::SyncArgs;
use crate::context::Context;
use crate::exit;
use crate::out::Rows;
use crate::progress::Bar;
use anyhow::Result;
use serde_json::json;
use zhengai_service::college::Access;
use zhengai_service::import::Deletes;
use zhengai_service::sync::{Extent, StreamOutcome, StreamSynced, SyncRequest, Synced};
use zhengai_service::words::word;

pub(crate) async fn run(context: &Context, args: &SyncArgs) -> Result<u8> {
    let college = context.open(Access::Write).await?;
    let request = SyncRequest {
        source: args.source.clone(),
        streams: args.stream.clone(),
        extent: if args.full { Extent::Whole } else { Extent::New },
        review: args.review.map(super::sources::review),
        deletes: if args.allow_deletes { Deletes::Allowed } else { Deletes::Guarded },
        dry_run: false,
    };
    let bar = Bar::rows(context, &args.source, None);
    let synced = college.sync(&request, &|_, rows| bar.at(rows), &context.cancel).await;
    bar.end();
    let synced = synced?;
    print(context, &synced)?;
    for stream in &synced.streams {
        tell(context, stream);
    }
    college.close().await;
    Ok(code(&synced))
}

fn print(context: &Context, synced: &Synced) -> Result<()> {
    let mut rows = Rows::new(context.columns(&[
        "stream",
        "dataset",
        "state",
        ">batches",
        ">read",
        ">new",
        ">changed",
        ">gone",
        ">unchanged",
        ">rejected",
        ">retries",
    ]));
    for stream in &synced.streams {
        let state = word(&stream.outcome);
        let state = if context.is_table() { context.text(&format!("sync-{state}")) } else { state };
        let counts = &stream.counts;
        rows.rows.push(vec![
            json!(stream.stream),
            json!(stream.dataset),
            json!(state),
            json!(stream.batches.len()),
            json!(counts.read),
            json!(counts.new),
            json!(counts.changed),
            json!(counts.gone),
            json!(counts.unchanged),
            json!(counts.rejected),
            json!(stream.retries),
        ]);
    }
    context.print(&rows)
}

/// What happened to a stream, in words.
fn tell(context: &Context, stream: &StreamSynced) {
    for notice in &stream.notices {
        context.hint(&context.texts.say(&notice.message));
    }
    if let Some(stopped) = &stream.stopped {
        eprintln!("{}: {}", stream.stream, context.texts.say(&stopped.message));
    }
    let batch = stream.batches.last().map(AsRef::as_ref).unwrap_or_default();
    if matches!(stream.outcome, StreamOutcome::Held | StreamOutcome::Waiting) {
        let words = [("stream", stream.stream.as_str()), ("batch", batch)];
        context.hint(&context.fill("sync-waits-next", &words));
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
