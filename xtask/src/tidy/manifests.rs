//! Rules on `Cargo.toml` and `Cargo.lock`: arrows between rooms, who may name heavy crates, inheritance, one version.

use super::{Fault, Tree};
use std::collections::BTreeMap;
use toml::Value;

/// For each crate of ours, which crates of ours it may depend on. A crate that is not here may depend on none.
const ARROWS: [(&str, &[&str]); 23] = [
    ("zhengai-model", &[]),
    ("zhengai-plugin-abi", &[]),
    ("zhengai-plugin", &["zhengai-plugin-abi"]),
    ("zhengai-warehouse", &["zhengai-model"]),
    ("zhengai-store", &["zhengai-model"]),
    ("zhengai-host", &["zhengai-model", "zhengai-plugin-abi"]),
    ("zhengai-engine", &["zhengai-model", "zhengai-warehouse"]),
    ("zhengai-text", &["zhengai-model"]),
    (
        "zhengai-service",
        &["zhengai-model", "zhengai-text", "zhengai-warehouse", "zhengai-store", "zhengai-host", "zhengai-engine"],
    ),
    ("zhengai-wire", &["zhengai-model"]),
    ("zhengai-api", &["zhengai-model", "zhengai-text", "zhengai-service", "zhengai-wire"]),
    ("zhengai-tui", &["zhengai-model", "zhengai-text", "zhengai-wire"]),
    ("zhengai", &["zhengai-model", "zhengai-text", "zhengai-service", "zhengai-wire", "zhengai-api", "zhengai-tui"]),
    ("zhengai-layer-school", &["zhengai-plugin"]),
    ("zhengai-layer-major", &["zhengai-plugin"]),
    ("zhengai-layer-course", &["zhengai-plugin"]),
    ("zhengai-layer-teacher", &["zhengai-plugin"]),
    ("zhengai-layer-student", &["zhengai-plugin"]),
    ("zhengai-connector-file", &["zhengai-plugin"]),
    ("zhengai-tests", &["zhengai-connector-scripted", "zhengai-host", "zhengai-model", "zhengai-store", "zhengai-zoo"]),
    ("zhengai-zoo", &["zhengai-plugin"]),
    ("zhengai-connector-scripted", &["zhengai-plugin"]),
    ("xtask", &[]),
];

/// Heavy or dangerous crates, and the only rooms that may depend on them.
const ROOMS: [(&str, &[&str]); 8] = [
    ("datafusion", &["zhengai-warehouse", "zhengai-engine"]),
    ("deltalake", &["zhengai-warehouse"]),
    ("sqlx", &["zhengai-store"]),
    ("libloading", &["zhengai-host"]),
    ("axum", &["zhengai-api"]),
    ("ratatui", &["zhengai-tui"]),
    ("crossterm", &["zhengai-tui"]),
    ("clap", &["zhengai"]),
];

/// Crates that must stand in the lock file once.
const ONCE: [&str; 10] =
    ["arrow", "parquet", "datafusion", "deltalake", "sqlx", "tokio", "axum", "ratatui", "libloading", "serde"];

struct Manifest<'a> {
    path: &'a str,
    name: String,
    table: toml::Table,
}

fn manifests(tree: &Tree) -> Vec<Manifest<'_>> {
    tree.ending("Cargo.toml")
        .filter(|(path, _)| *path != "Cargo.toml" && !path.contains("/fixtures/") && !path.contains("/examples/"))
        .filter_map(|(path, text)| {
            let table: toml::Table = text.parse().ok()?;
            let name = table.get("package")?.get("name")?.as_str()?.to_owned();
            Some(Manifest { path, name, table })
        })
        .collect()
}

fn dependencies(manifest: &Manifest<'_>) -> Vec<(String, Value)> {
    ["dependencies", "build-dependencies"]
        .iter()
        .filter_map(|section| manifest.table.get(*section)?.as_table())
        .flat_map(|table| table.iter().map(|(name, value)| (name.clone(), value.clone())))
        .collect()
}

/// Arrows between our crates point down the list of `ARCHITECTURE.md` only. Tests may look wherever they like.
pub fn arrows(tree: &Tree) -> Vec<Fault> {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    let mut faults = Vec::new();
    for manifest in manifests(tree) {
        let may = allowed.get(manifest.name.as_str()).copied().unwrap_or_default();
        for (name, _) in dependencies(&manifest) {
            if name.starts_with("zhengai") && !may.contains(&name.as_str()) {
                let text = format!("{} must not depend on {name}", manifest.name);
                faults.push(Fault { place: manifest.path.to_owned(), rule: "arrow", text });
            }
        }
    }
    faults
}

/// DataFusion, sqlx and their like are dependencies of their own rooms only, tests included.
pub fn rooms(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for manifest in manifests(tree) {
        let dev = manifest.table.get("dev-dependencies").and_then(Value::as_table);
        let names = dependencies(&manifest).into_iter().map(|(name, _)| name);
        for name in names.chain(dev.into_iter().flat_map(|table| table.keys().cloned())) {
            if let Some((_, may)) = ROOMS.iter().find(|(heavy, _)| *heavy == name)
                && !may.contains(&manifest.name.as_str())
            {
                let text = format!("only {} may depend on {name}", may.join(", "));
                faults.push(Fault { place: manifest.path.to_owned(), rule: "room", text });
            }
        }
    }
    faults
}

/// Versions come from the one table of the workspace, lints too (unless a crate says why it needs its own).
pub fn inheritance(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for manifest in manifests(tree) {
        let dev = manifest.table.get("dev-dependencies").and_then(Value::as_table).cloned().unwrap_or_default();
        for (name, value) in dependencies(&manifest).into_iter().chain(dev) {
            let inherits = value.get("workspace").and_then(Value::as_bool) == Some(true);
            if !inherits {
                let text = format!("{name} must take its version from [workspace.dependencies]");
                faults.push(Fault { place: manifest.path.to_owned(), rule: "one-table", text });
            }
        }
        if manifest.table.get("lints").is_none() {
            let text = "every crate inherits [workspace.lints] or states its own".to_owned();
            faults.push(Fault { place: manifest.path.to_owned(), rule: "lints", text });
        }
    }
    faults
}

/// Some crates must not be in the lock file twice: types would not meet.
pub fn one_version(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending("Cargo.lock").filter(|(path, _)| *path == "Cargo.lock") {
        for name in ONCE {
            let count = text.lines().filter(|line| *line == format!("name = \"{name}\"")).count();
            if count > 1 {
                let text = format!("{count} versions of {name}");
                faults.push(Fault { place: path.to_owned(), rule: "one-version", text });
            }
        }
    }
    faults
}
