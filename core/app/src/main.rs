//! The binary `zhengai`: reads the command line, opens the college, calls a use case, prints. It holds no rule of the
//! domain; the only clock, locale and environment of the house are read here.

mod cli;
mod client;
mod commands;
mod context;
mod exit;
mod files;
mod formats;
mod help;
mod locale;
mod log;
mod out;
mod progress;
mod transfer;

use clap::{CommandFactory, FromArgMatches};
use context::Context;
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::process::ExitCode;
use zhengai_model::text::Language;
use zhengai_service::text::Texts;

/// Message catalogues of the command line: `(language, Fluent source)`.
const CATALOGUE: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locales/zh-CN.ftl")), ("en", include_str!("../locales/en.ftl"))];

/// What is logged unless `ZHENGAI_LOG` says otherwise. These libraries log as errors what they also return, and what a
/// person is told in words. A server says who asks what.
const QUIET: &str = "error,zhengai_api::access=info,zhengai_api::auth=warn,zhengai_api::serve=info,deltalake_core=off,delta_kernel=off,buoyant_kernel=off,sqlx_core::pool=off";

/// Words that ask for texts of the command tree.
const READ: [&str; 4] = ["--help", "-h", "--version", "-V"];

/// Debug builds of the SQL planner recurse deeply; release builds do not mind the room.
const STACK: usize = 16 << 20;

/// How long threads that still work are waited for when the command is over.
const LEAVING: std::time::Duration = std::time::Duration::from_millis(200);

fn main() -> ExitCode {
    // Before anything else: a worker is somebody else's code, and nothing of ours may run beside it.
    match std::env::args_os().nth(1) {
        Some(word) if word == zhengai_service::WORKER_WORD => return zhengai_service::worker_main(),
        Some(word) if word == zhengai_service::author::PROBE_WORD => return zhengai_service::author::probe_main(),
        _ => {}
    }
    tracing_subscriber::fmt()
        .with_env_filter(log_filter())
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(log::Log)
        .init();
    let environment: BTreeMap<String, String> = std::env::vars().collect();
    let mut words: Vec<String> = std::env::args().collect();
    let language = locale::language(&words, &environment);
    let texts = texts(language);
    let command = cli::Cli::command();
    if commands::opens_console(&command, &words) {
        words.push("console".to_owned());
    }
    // Texts are hung on the tree only for somebody who reads them: help, version, or what was wrong.
    let matches = match words.iter().any(|word| READ.contains(&word.as_str())) {
        false => command.try_get_matches_from(&words),
        true => Err(clap::Error::new(clap::error::ErrorKind::DisplayHelp)),
    };
    let matches = matches.or_else(|_| help::localised(cli::Cli::command(), &texts).try_get_matches_from(&words));
    let parsed = matches.and_then(|matches| {
        let mut parsed = cli::Cli::from_arg_matches(&matches)?;
        cli::gather(&mut parsed.global, &words)?;
        // Hints for people would be written over the frames of the console.
        parsed.global.quiet |= matches!(parsed.command, cli::Command::Console(_));
        Ok(parsed)
    });
    let parsed = match parsed {
        Ok(parsed) => parsed,
        Err(error) if !error.use_stderr() => {
            // Help and version are results, not errors; a closed pipe is nobody's fault.
            let _ = error.print();
            return ExitCode::from(exit::DONE);
        }
        Err(error) => {
            eprintln!("{}", help::explain(&error, &texts));
            return ExitCode::from(exit::USAGE);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(exit::code(zhengai_model::fault::Fault::Unavailable));
        }
    };
    let context = Context::new(parsed.global.clone(), texts, environment);
    let code = runtime.block_on(async {
        // The command itself runs on a thread of the runtime, which has the larger stack, and stays on it.
        let here = tokio::runtime::Handle::current();
        let task = tokio::task::spawn_blocking(move || {
            here.block_on(async {
                let outcome = commands::run(&context, parsed.command).await;
                context.close().await;
                context.end(outcome)
            })
        });
        task.await.unwrap_or(exit::code(zhengai_model::fault::Fault::Internal))
    });
    // What a command leaves behind on purpose, as a query that will not stop, is not waited for.
    runtime.shutdown_timeout(LEAVING);
    ExitCode::from(code)
}

/// What is logged: errors, or what `ZHENGAI_LOG` asks for. The driver of PostgreSQL quotes lines of password files that
/// it cannot read, and options that it does not know; that part of it is never heard.
fn log_filter() -> tracing_subscriber::EnvFilter {
    let filter = tracing_subscriber::EnvFilter::try_from_env("ZHENGAI_LOG").unwrap_or_else(|_| QUIET.into());
    match "sqlx_postgres::options=off".parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    }
}

fn texts(language: Language) -> Texts {
    let mut texts = zhengai_service::text::texts(language);
    texts.add(&zhengai_api::CATALOGUE);
    texts.add(&CATALOGUE);
    texts
}

#[cfg(test)]
mod tests;
