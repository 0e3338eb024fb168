//! What people type: `cargo xtask demo|test|dist|tidy|walkthrough`. Knows the tools of the house; never the product's insides.

mod demo;
mod dist;
mod home;
mod notices;
mod pages;
mod test;
mod tidy;
mod tools;
mod walkthrough;

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: cargo xtask <command>

  demo [ARGS]             build binary and plugins, make the training college, diagnose it, show the results
                          (ARGS go to `zhengai demo`: --students N, --seed S, …)
  test                    exactly what CI runs: format, clippy, docs, tests, tidy
  tidy                    the rules of the house that a compiler does not check
  walkthrough [--home FOLDER] [--data COLLEGE] [--lang zh-CN|en]
                          types docs/walkthrough.toml into the console (needs tmux) and writes the pages anew
  dist [--profile NAME]   a folder and a .tar.gz that run on another machine (profile: release)
";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest = arguments.get(1..).unwrap_or_default();
    match arguments.first().map(String::as_str) {
        Some("demo") => demo::run(rest),
        Some("test") => test::run(rest),
        Some("tidy") => tidy::run(),
        Some("walkthrough") => walkthrough::run(rest),
        Some("dist") => dist::run(rest),
        Some("help" | "--help" | "-h") | None => {
            println!("{USAGE}");
            Ok(())
        }
        Some(other) => bail!("no such command: {other}\n\n{USAGE}"),
    }
}
