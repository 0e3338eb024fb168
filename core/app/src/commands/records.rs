//! `record show|move|claim`.

use crate::cli::RecordCommand;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, say};
use anyhow::Result;
use serde_json::json;
use zhengai_service::record_move::{MoveStep, Moved, Target, move_record};
use zhengai_service::records;

pub(crate) async fn run(context: &Context, command: &RecordCommand) -> Result<u8> {
    match command {
        RecordCommand::Show => show(context).await?,
        RecordCommand::Move { to, password_file } => {
            // A file is named from where the person stands; the configuration keeps it so that it is found from anywhere.
            let password_file = password_file.as_deref().map(std::path::absolute).transpose()?;
            let target = Target { url: to.clone(), password_file };
            let told = |step: MoveStep| context.hint(&context.text(&format!("record-step-{}", step.as_str())));
            let moved = move_record(&context.opening()?, &target, &told).await?;
            show_moved(context, &moved)?;
        }
        RecordCommand::Claim { why } => {
            records::claim(&context.opening()?, why).await?;
            context.hint(&context.text("record-claimed"));
        }
    }
    Ok(exit::DONE)
}

async fn show(context: &Context) -> Result<()> {
    let overview = records::show(&context.opening()?).await?;
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(&overview)?);
        return Ok(());
    }
    let label = |key: &str| context.text(&format!("record-{key}"));
    let head = [
        (label("place"), overview.place),
        (label("backend"), context.text(&format!("record-backend-{}", overview.backend.as_str()))),
        (label("schema"), overview.schema.to_string()),
        (label("audit"), format!("{} {}", overview.audit.seq, overview.audit.hash)),
    ];
    say!("{}\n", pairs(&head, context.width()));
    let mut rows = Rows::new(context.columns(&["table", ">rows"]));
    rows.rows.extend(overview.tables.iter().map(|(table, rows)| vec![json!(table), json!(rows)]));
    context.print(&rows)
}

fn show_moved(context: &Context, moved: &Moved) -> Result<()> {
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(moved)?);
        return Ok(());
    }
    let (rows, audit) = (moved.rows.to_string(), moved.audit.to_string());
    let arguments = [
        ("from", moved.from.as_str()),
        ("to", moved.to.as_str()),
        ("rows", rows.as_str()),
        ("audit", audit.as_str()),
        ("sha256", moved.sha256.as_str()),
        ("kept", moved.kept.as_str()),
    ];
    say!("{}", context.fill("record-moved", &arguments));
    Ok(())
}
