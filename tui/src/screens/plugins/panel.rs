//! What stands behind a plugin: where it lies, what it may do, how it stands, what its check found.

use crate::theme::Role;
use crate::widgets::Piece;
use zhengai_text::Texts;
use zhengai_wire::plugins::{CheckReport, PluginDetail};

pub(super) fn pieces(detail: Option<&PluginDetail>, check: Option<&CheckReport>, texts: &Texts) -> Vec<Piece> {
    let Some(detail) = detail else { return Vec::new() };
    let plugin = &detail.plugin;
    let mut pieces = vec![Piece::new(plugin.name.clone(), Role::Title)];
    pieces.extend(plugin.about.iter().map(|about| Piece::new(about.clone(), Role::Text)));
    let faults = plugin.faults.to_string();
    let lock = texts.text("plugins-lock", &[("lock", &plugin.lock), ("what", &plugin.lock_differs.join(", "))]);
    for (key, value) in [
        ("plugins-state", plugin.state_name.clone()),
        ("plugins-runs", plugin.runs_name.clone()),
        ("plugins-faults", faults),
        ("plugins-locked", lock),
        ("plugins-signature", detail.signature.clone()),
        ("plugins-can", detail.capabilities.join(", ")),
        ("plugins-folder", detail.folder.clone()),
        ("plugins-library", detail.sha256.clone().unwrap_or_default()),
        ("plugins-config", detail.config.to_string()),
    ] {
        pieces.push(Piece::new(texts.text(key, &[]), Role::Header));
        pieces.push(Piece::new(value, Role::Text).indent(2));
    }
    if let Some(kept_out) = &plugin.quarantine {
        pieces.push(Piece::new(texts.text("plugins-quarantine", &[]), Role::Header));
        pieces.push(Piece::new(kept_out.why.clone(), Role::Bad).indent(2));
    }
    if let Some(check) = check {
        let key = if check.passed { "plugins-check-passed" } else { "plugins-check-failed" };
        pieces.push(Piece::new(texts.text(key, &[]), if check.passed { Role::Good } else { Role::Bad }));
        for line in &check.checks {
            let role = match line.outcome.as_str() {
                "pass" => Role::Good,
                "fail" => Role::Bad,
                _ => Role::Dim,
            };
            let outcome = texts.text("plugins-check-outcome", &[("outcome", &line.outcome)]);
            let text = [outcome.as_str(), line.id.as_str(), line.detail.as_deref().unwrap_or_default()].join(" ");
            pieces.push(Piece::new(text, role).indent(2));
        }
    }
    pieces
}
