//! `cargo xtask demo`: from a fresh checkout to a diagnosed college in one command.

use crate::{home, tools};
use anyhow::Result;
use std::process::Command;

/// Builds, assembles the home folder and runs `zhengai demo` with the words given.
pub fn run(words: &[String]) -> Result<()> {
    let binary = home::build_and_assemble("dev", &tools::target().join("home"))?;
    let data = tools::target().join("demo-college");
    let mut command = Command::new(&binary);
    command.arg("--data").arg(&data).arg("demo").arg("--fresh").args(words);
    tools::run(command, "zhengai demo")
}
