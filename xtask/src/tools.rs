//! Running the tools of the toolchain, from the root of the workspace.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The root of the workspace.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Runs cargo with the words given and fails when it fails.
pub fn cargo(words: &[&str]) -> Result<()> {
    cargo_with(words, &[])
}

/// Runs cargo with more environment.
pub fn cargo_with(words: &[&str], environment: &[(&str, &str)]) -> Result<()> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root()).args(words).envs(environment.iter().copied());
    run(command, &format!("cargo {}", words.join(" ")))
}

/// Runs a command, showing what it is and how long it took.
pub fn run(mut command: Command, title: &str) -> Result<()> {
    eprintln!("==> {title}");
    let start = Instant::now();
    let status = command.status().with_context(|| format!("cannot start {title}"))?;
    if !status.success() {
        bail!("{title}: {status}");
    }
    eprintln!("    {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}
