//! Running the tools of the toolchain, from the root of the workspace.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
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
    let mut command = cargo_command(words);
    command.envs(environment.iter().copied());
    run(command, &format!("cargo {}", words.join(" ")))
}

/// Runs cargo and gives what it prints.
pub fn cargo_output(words: &[&str]) -> Result<String> {
    output(cargo_command(words), &format!("cargo {}", words.join(" ")))
}

/// The platform that rustc builds for here: `x86_64-unknown-linux-gnu`.
pub fn host_platform() -> Result<String> {
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.arg("-vV");
    let said = output(command, "rustc -vV")?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc -vV names no host")
}

fn cargo_command(words: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_of_this_package) {
            command.env_remove(name);
        }
    }
    command.current_dir(root()).args(words);
    command
}

fn output(mut command: Command, title: &str) -> Result<String> {
    let done = command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start {title}"))?;
    if !done.status.success() {
        bail!("{title}: {}", done.status);
    }
    String::from_utf8(done.stdout).with_context(|| format!("{title} prints something that is not UTF-8"))
}

/// Whether a variable was set by `cargo run` for xtask itself. Some build scripts (ring's, and with it all of DataFusion)
/// run again when these change, so an inner cargo must see the environment of a cargo that a person started.
fn is_of_this_package(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"].iter().any(|prefix| name.starts_with(prefix))
        || matches!(name, "CARGO_PRIMARY_PACKAGE" | "OUT_DIR")
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

#[cfg(test)]
mod tests {
    use super::is_of_this_package;

    #[test]
    fn an_inner_cargo_keeps_what_a_person_set_and_loses_what_cargo_run_set() {
        for lost in ["CARGO_PKG_NAME", "CARGO_MANIFEST_DIR", "CARGO_BIN_NAME", "CARGO_CRATE_NAME", "OUT_DIR"] {
            assert!(is_of_this_package(lost), "{lost}");
        }
        for kept in ["CARGO_TARGET_DIR", "CARGO_HOME", "CARGO_TERM_COLOR", "CARGO", "PATH", "CARGO_BUILD_JOBS"] {
            assert!(!is_of_this_package(kept), "{kept}");
        }
    }
}
