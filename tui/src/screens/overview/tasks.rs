//! What waits for somebody: open warnings, batches to review, sources that failed, rows that should have come, layers without a run.

use crate::app::{Cx, Params, ScreenId};
use crate::theme::Role;
use zhengai_wire::overview::Overview;

/// One line, and where it is dealt with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Task {
    pub(super) role: Role,
    pub(super) text: String,
    pub(super) screen: ScreenId,
    pub(super) params: Params,
}

/// Tasks, the most pressing first.
pub(super) fn of(found: &Overview, cx: &Cx<'_>) -> Vec<Task> {
    let mut tasks = warnings(found, cx);
    let data = |part: &str, id: &str| Params::new().with("part", part).with("id", id);
    for source in found.freshness.sources.iter().filter(|source| source.enabled) {
        let state = source.state.as_deref().unwrap_or("never");
        let key = match state {
            "failed" => "overview-source-failed",
            "interrupted" => "overview-source-interrupted",
            "never" => "overview-source-never",
            _ if !source.stale.is_empty() => "overview-source-stale",
            _ => continue,
        };
        let text = cx.text(key, &[("source", &source.source), ("datasets", &source.stale.join(" "))]);
        let role = if key == "overview-source-failed" { Role::Bad } else { Role::Warn };
        tasks.push(Task { role, text, screen: ScreenId::Data, params: data("sources", &source.source) });
    }
    for batch in &found.waiting {
        let rejected = batch.rejected.to_string();
        let mut arguments =
            vec![("batch", batch.id.as_str()), ("dataset", batch.label.as_str()), ("file", batch.file.as_str())];
        let rows = batch.rows.to_string();
        arguments.extend([("rows", rows.as_str()), ("rejected", rejected.as_str())]);
        let text = cx.text("overview-batch", &arguments);
        tasks.push(Task { role: Role::Warn, text, screen: ScreenId::Data, params: data("batches", &batch.id) });
    }
    let more = found.waiting_total.saturating_sub(found.waiting.len() as u64);
    if more > 0 {
        let text = cx.text("overview-batches-more", &[("count", &more.to_string())]);
        tasks.push(Task {
            role: Role::Dim,
            text,
            screen: ScreenId::Data,
            params: Params::new().with("part", "batches"),
        });
    }
    for layer in found.layers.iter().filter(|layer| layer.enabled && layer.run.is_none()) {
        let text = cx.text("overview-no-run", &[("layer", &layer.label)]);
        tasks.push(Task { role: Role::Warn, text, screen: ScreenId::Runs, params: Params::new() });
    }
    for late in &found.freshness.stale {
        let newest = late.newest.to_string();
        let arguments = [("dataset", late.label.as_str()), ("day", &newest), ("period", &late.period)];
        let text = cx.text("overview-stale", &arguments);
        tasks.push(Task { role: Role::Mild, text, screen: ScreenId::Data, params: data("datasets", &late.dataset) });
    }
    tasks
}

/// Open warnings, a line for each level, the worst first.
fn warnings(found: &Overview, cx: &Cx<'_>) -> Vec<Task> {
    let mut tasks = Vec::new();
    for (rank, level) in found.levels.iter().enumerate().rev() {
        let open: u64 = found.layers.iter().filter_map(|layer| layer.warnings.get(&level.id)).sum();
        if open == 0 {
            continue;
        }
        let text = cx.text("overview-warnings", &[("count", &open.to_string()), ("level", &level.label)]);
        let role = if rank + 1 == found.levels.len() { Role::Bad } else { Role::Warn };
        tasks.push(Task { role, text, screen: ScreenId::Warnings, params: Params::new().with("level", &level.id) });
    }
    tasks
}
