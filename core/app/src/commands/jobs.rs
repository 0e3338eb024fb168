//! `job list|show|cancel|watch`: the jobs of a server.

use crate::cli::JobCommand;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, say};
use anyhow::Result;
use serde_json::json;
use zhengai_service::words::word;
use zhengai_wire::job::{self, Job};

pub(crate) async fn run(context: &Context, command: &JobCommand) -> Result<u8> {
    let client = context.client().await?;
    match command {
        JobCommand::List => print(context, &client.send(job::list()).await?)?,
        JobCommand::Show { job } => {
            let job = client.send(job::show(job)).await?;
            match context.is_table() {
                true => print(context, &[job])?,
                false => say!("{}", serde_json::to_string_pretty(&job)?),
            }
        }
        JobCommand::Cancel { job } => {
            let job = client.send(job::cancel(job)).await?;
            context.hint(&context.fill("job-asked", &[("job", &job.id)]));
        }
        JobCommand::Watch { job } => {
            context.listen();
            let job = client.send(job::show(job)).await?;
            print(context, &[context.follow(&client, &job).await?])?;
        }
    }
    Ok(exit::DONE)
}

fn print(context: &Context, jobs: &[Job]) -> Result<()> {
    let mut rows = Rows::new(context.columns(&["job", "kind", "subject", "state", ">done", ">total", "by", "at"]));
    for job in jobs {
        let state = word(&job.state);
        rows.rows.push(vec![
            json!(job.id),
            json!(job.kind),
            json!(job.subject),
            json!(if context.is_table() { context.text(&format!("job-state-{state}")) } else { state }),
            json!(job.progress.done),
            json!(job.progress.total),
            json!(job.actor),
            json!(job.queued_at.format("%Y-%m-%d %H:%M:%S").to_string()),
        ]);
    }
    context.print(&rows)
}
