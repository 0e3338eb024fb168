//! `cargo xtask test`: exactly what CI runs, in the order in which it fails fastest.

use crate::{home, tidy, tools};
use anyhow::Result;

/// Debug builds of DataFusion's planner recurse deeply; test threads get room for it.
const STACK: &str = "16777216";

/// Runs every check. Dependencies are compiled once for the build and once as metadata for clippy and docs.
pub fn run(words: &[String]) -> Result<()> {
    tools::cargo(&["fmt", "--all", "--", "--check"])?;
    tidy::run()?;
    let assembled = tools::target().join("home");
    let binary = home::build_and_assemble("dev", &assembled)?;
    let binary = binary.to_string_lossy().into_owned();
    let folder = assembled.to_string_lossy().into_owned();
    let mut test = vec!["test", "--workspace", "--no-fail-fast"];
    test.extend(words.iter().map(String::as_str));
    tools::cargo_with(
        &test,
        &[("RUST_MIN_STACK", STACK), ("ZHENGAI_TEST_BINARY", &binary), ("ZHENGAI_TEST_HOME", &folder)],
    )?;
    tools::cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    tools::cargo_with(&["doc", "--workspace", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")])?;
    eprintln!("==> all checks passed");
    Ok(())
}
