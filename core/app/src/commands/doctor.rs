//! `doctor`: the check-up, and with `--fix` the removal of what is provably garbage.

use crate::cli::DoctorArgs;
use crate::context::Context;
use crate::exit;
use crate::out::Rows;
use anyhow::Result;
use serde_json::json;
use zhengai_service::doctor::{self, Finding, Severity};
use zhengai_service::words::word;

pub(crate) async fn run(context: &Context, args: &DoctorArgs) -> Result<u8> {
    let opening = context.opening()?;
    if args.fix {
        let cleaned = doctor::fix(&opening, &mut |garbage| {
            let count = garbage.files.len() + garbage.folders.len();
            context.hint(&context.fill("doctor-fix-list", &[("count", &count.to_string())]));
            let folders = garbage.folders.iter().map(|folder| format!("staging/{folder}"));
            for path in garbage.files.iter().map(|file| file.path.clone()).chain(folders) {
                context.hint(&format!("  {path}"));
            }
        })
        .await?;
        context.hint(&context.fill("doctor-fixed", &[("count", &cleaned.removed.len().to_string())]));
    }
    let found = doctor::examine(&opening).await?;
    let mut rows = Rows::new(context.columns(&["severity", "check", "subject", "finding", "advice"]));
    for finding in &found {
        let severity = word(&finding.severity);
        let shown = match context.is_table() {
            true => context.text(&format!("doctor-severity-{severity}")),
            false => severity,
        };
        rows.rows.push(vec![
            json!(shown),
            json!(finding.check),
            json!(finding.subject),
            json!(context.texts.say(&finding.message)),
            json!(context.texts.say(&finding.advice)),
        ]);
    }
    if !(found.is_empty() && context.is_table()) {
        context.print(&rows)?;
    }
    let count = |severity: Severity| found.iter().filter(|one: &&Finding| one.severity == severity).count();
    let broken = count(Severity::Broken);
    context.hint(&context.fill(
        "doctor-summary",
        &[
            ("broken", &broken.to_string()),
            ("warnings", &count(Severity::Warning).to_string()),
            ("notes", &count(Severity::Note).to_string()),
        ],
    ));
    Ok(if broken > 0 { exit::DAMAGED } else { exit::DONE })
}
