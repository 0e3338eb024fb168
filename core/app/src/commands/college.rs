//! `init`, `demo`, `config`, `completions`.

use crate::cli::{Cli, ConfigCommand, DemoArgs, InitArgs};
use crate::commands::diagnose::summary;
use crate::context::Context;
use crate::exit;
use crate::help;
use crate::out::Rows;
use crate::progress::Bar;
use anyhow::Result;
use clap::CommandFactory;
use serde_json::json;
use std::sync::Mutex;
use zhengai_service::DiagnosisProgress;
use zhengai_service::college::College;
use zhengai_service::config::Config;
use zhengai_service::demo::Options;
use zhengai_service::import::Imported;
use zhengai_service::training::{self, Step, Trained, Watcher};

pub(crate) fn init(context: &Context, args: &InitArgs) -> Result<u8> {
    let data = context.data();
    College::init(&data, &args.id, args.name.as_deref())?;
    context.hint(&context.fill("init-done", &[("data", &data.root().display().to_string())]));
    Ok(exit::DONE)
}

pub(crate) async fn demo(context: &Context, args: &DemoArgs) -> Result<u8> {
    let options = Options { students: args.students as usize, seed: args.seed };
    if let Some(folder) = &args.files_only {
        let manifest = training::write_files(folder, options)?;
        let count = manifest.files.len().to_string();
        context.hint(&context.fill("demo-files", &[("count", &count), ("folder", &folder.display().to_string())]));
        return Ok(exit::DONE);
    }
    let data = context.data();
    if args.fresh {
        training::remove(data.root())?;
    }
    College::init(&data, "demo", Some(&context.text("demo-college-name")))?;
    context.listen();
    let shown = Shown { context, bar: Mutex::new(None), title: Mutex::new(String::new()) };
    let (college, trained) = training::train(context.opening()?, options, &shown, &context.cancel).await?;
    shown.end();
    show(context, &college, &trained).await?;
    college.close().await;
    Ok(exit::DONE)
}

/// What a newcomer sees at the end: imports, verdicts, warnings, and what to type next.
async fn show(context: &Context, college: &College, trained: &Trained) -> Result<()> {
    let mut rows = Rows::new(context.columns(&["dataset", ">read", ">new", ">rejected"]));
    for imported in &trained.imports {
        let counts = imported.counts;
        rows.rows.push(vec![json!(imported.dataset), json!(counts.read), json!(counts.new), json!(counts.rejected)]);
    }
    context.print(&rows)?;
    for run in &trained.runs {
        summary(context, college, run).await?;
    }
    let data = context.data().root().display().to_string();
    context.hint(&context.fill("demo-next", &[("data", &data)]));
    Ok(())
}

/// Shows the setting up on standard error.
struct Shown<'a> {
    context: &'a Context,
    bar: Mutex<Option<Bar>>,
    title: Mutex<String>,
}

impl Shown<'_> {
    fn set(&self, title: String, bar: Bar) {
        if let (Ok(mut held), Ok(mut known)) = (self.bar.lock(), self.title.lock()) {
            *held = Some(bar);
            *known = title;
        }
    }

    fn end(&self) {
        if let Ok(mut held) = self.bar.lock() {
            *held = None;
        }
    }
}

impl Watcher for Shown<'_> {
    fn begin(&self, step: Step<'_>) {
        let context = self.context;
        self.end();
        match step {
            Step::Generate { students } => {
                let title = context.fill("demo-generate", &[("students", &students.to_string())]);
                context.hint(&title);
                self.set(title.clone(), Bar::rows(context, &title, None));
            }
            Step::Import { file, rows } => {
                let title = context.fill("demo-import", &[("file", file)]);
                self.set(title.clone(), Bar::rows(context, &title, Some(rows)));
            }
            Step::Diagnose { period } => {
                let title = context.fill("demo-diagnose", &[("period", period)]);
                context.hint(&title);
                self.set(title.clone(), Bar::stages(context, &title));
            }
        }
    }

    fn rows(&self, rows: u64) {
        if let Ok(held) = self.bar.lock()
            && let Some(bar) = held.as_ref()
        {
            bar.at(rows);
        }
    }

    fn diagnosis(&self, progress: DiagnosisProgress) {
        if let (Ok(held), Ok(title)) = (self.bar.lock(), self.title.lock())
            && let Some(bar) = held.as_ref()
        {
            bar.stage(self.context, &title, progress);
        }
    }

    fn imported(&self, _imported: &Imported) {
        self.end();
    }
}

pub(crate) fn config(context: &Context, command: &ConfigCommand) -> Result<u8> {
    match command {
        ConfigCommand::Explain => {
            let mut rows = Rows::new(context.columns(&["key", "value", "origin"]));
            for line in context.config()?.explain() {
                let origin = match context.is_table() {
                    true => context.text(&format!("config-origin-{}", line.origin.as_str())),
                    false => line.origin.as_str().to_owned(),
                };
                rows.rows.push(vec![json!(line.key), json!(line.value), json!(origin)]);
            }
            context.print(&rows)?;
        }
        ConfigCommand::Sample => print!("{}", Config::sample(&context.texts)),
    }
    Ok(exit::DONE)
}

pub(crate) fn completions(context: &Context, shell: clap_complete::Shell) -> Result<u8> {
    let mut command = help::localised(Cli::command(), &context.texts);
    clap_complete::generate(shell, &mut command, "zhengai", &mut std::io::stdout());
    Ok(exit::DONE)
}
