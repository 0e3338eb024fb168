//! `doctor`: the check-up, and with `--fix` the removal of what is provably garbage.

use crate::cli::DoctorArgs;
use crate::context::Context;
use crate::exit;
use crate::out::Rows;
use anyhow::Result;
use serde_json::json;
use zhengai_wire::system::{self, DoctorOrder, DoctorReport, Finding};

pub(crate) async fn run(context: &Context, args: &DoctorArgs) -> Result<u8> {
    let mode = if args.fix { "fix" } else { "look" };
    let job = context.job(system::doctor(&DoctorOrder { mode: Some(mode.to_owned()) })).await?;
    let report: DoctorReport = serde_json::from_value(job.result.unwrap_or_default())?;
    if let Some(removed) = &report.removed {
        let count = removed.len().to_string();
        context.hint(&context.fill("doctor-fix-list", &[("count", &count)]));
        for path in removed {
            context.hint(&format!("  {path}"));
        }
        context.hint(&context.fill("doctor-fixed", &[("count", &count)]));
    }
    let found = &report.findings;
    let mut rows = Rows::new(context.columns(&["severity", "check", "subject", "finding", "advice"]));
    for finding in found {
        let shown = match context.is_table() {
            true => context.text(&format!("doctor-severity-{}", finding.severity)),
            false => finding.severity.clone(),
        };
        rows.rows.push(vec![
            json!(shown),
            json!(finding.check),
            json!(finding.subject),
            json!(finding.finding),
            json!(finding.advice),
        ]);
    }
    if !(found.is_empty() && context.is_table()) {
        context.print(&rows)?;
    }
    let count = |severity: &str| found.iter().filter(|one: &&Finding| one.severity == severity).count();
    let broken = count("broken");
    context.hint(&context.fill(
        "doctor-summary",
        &[
            ("broken", &broken.to_string()),
            ("warnings", &count("warning").to_string()),
            ("notes", &count("note").to_string()),
        ],
    ));
    Ok(if broken > 0 { exit::DAMAGED } else { exit::DONE })
}
