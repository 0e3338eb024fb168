//! `init`, `demo`, `config`, `completions`.

use crate::cli::{Cli, ConfigCommand, DemoArgs, InitArgs};
use crate::commands::diagnose::summary;
use crate::context::Context;
use crate::exit;
use crate::help;
use crate::out::{Rows, say};
use crate::progress::Bar;
use anyhow::Result;
use clap::CommandFactory;
use serde_json::json;
use std::sync::Mutex;
use zhengai_service::college::College;
use zhengai_service::config::Config;
use zhengai_service::demo::Options;
use zhengai_service::import::Imported;
use zhengai_service::training::{self, Step, Trained, Watcher};
use zhengai_service::warnings::Sorted;
use zhengai_service::{DiagnosisProgress, WarningFilter};
use zhengai_wire::runs;
use zhengai_wire::system;

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

/// Warnings that a newcomer sees at the end.
const SHOWN: usize = 8;

/// What a newcomer sees at the end: what went in, verdicts by layer, the worst warnings, and what to type next.
async fn show(context: &Context, college: &College, trained: &Trained) -> Result<()> {
    imports(context, trained)?;
    let client = context.client().await?;
    for run in &trained.runs {
        summary(context, &client.send(runs::show(run.id.as_str())).await?)?;
    }
    let (mut warnings, _) = college.find_warnings(&WarningFilter::default(), Sorted::default()).await?;
    let levels = &college.definitions().levels;
    warnings.sort_by_key(|record| (std::cmp::Reverse(levels.severity(&record.warning.level)), record.id));
    let all = warnings.len().to_string();
    let example = warnings.iter().find(|record| college.indicator(record.warning.identity.rule.as_str()).is_ok());
    let (indicator, object) = example.map_or_else(Default::default, |record| {
        let identity = &record.warning.identity;
        (identity.rule.to_string(), format!("{}/{}", identity.kind, identity.object))
    });
    warnings.truncate(SHOWN);
    if context.is_table() {
        say!("{}", context.fill("demo-warnings", &[("all", &all), ("shown", &warnings.len().to_string())]));
    }
    let mut rows = Rows::new(context.columns(&["level", "object_name", "object", "because"]));
    for record in &warnings {
        let line = college.warning_line(record, &context.texts);
        rows.rows.push(vec![json!(line.level), json!(line.object), json!(line.object_id), json!(line.because)]);
    }
    context.print(&rows)?;
    let data = context.data().root().display().to_string();
    let program = std::env::args().next().unwrap_or_else(|| "zhengai".to_owned());
    let command = format!("{program} --data {data}");
    context.hint(&context.fill("demo-next", &[("command", &command), ("indicator", &indicator), ("object", &object)]));
    Ok(())
}

/// Totals of the imports, and the files that had bad rows.
fn imports(context: &Context, trained: &Trained) -> Result<()> {
    let sum = |of: fn(&Imported) -> u64| trained.imports.iter().map(of).sum::<u64>().to_string();
    if context.is_table() {
        say!(
            "{}",
            context.fill(
                "demo-imported",
                &[
                    ("files", &trained.imports.len().to_string()),
                    ("rows", &sum(|imported| imported.counts.read)),
                    ("rejected", &sum(|imported| imported.counts.rejected)),
                ],
            )
        );
    }
    let mut rows = Rows::new(context.columns(&["batch", "dataset", ">read", ">new", ">rejected"]));
    for imported in &trained.imports {
        let counts = imported.counts;
        if counts.rejected > 0 || !context.is_table() {
            rows.rows.push(vec![
                json!(imported.batch),
                json!(imported.dataset),
                json!(counts.read),
                json!(counts.new),
                json!(counts.rejected),
            ]);
        }
    }
    context.print(&rows)
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
    fn opened(&self, college: &College) {
        self.context.texts.adopt(college.plugins().catalogues());
    }

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

pub(crate) async fn config(context: &Context, command: &ConfigCommand) -> Result<u8> {
    match command {
        ConfigCommand::Explain | ConfigCommand::List => {
            let mut rows = Rows::new(context.columns(&["key", "value", "origin"]));
            for line in context.client().await?.send(system::config()).await? {
                let origin = if context.is_table() { line.origin_name } else { line.origin };
                rows.rows.push(vec![json!(line.key), json!(line.value), json!(origin)]);
            }
            context.print(&rows)?;
        }
        ConfigCommand::Set { key, value } => {
            let line = context.client().await?.send(system::set(key, value.as_deref())).await?;
            let words = [("key", line.key.as_str()), ("value", &line.value), ("origin", &line.origin_name)];
            context.hint(&context.fill("config-set-done", &words));
        }
        ConfigCommand::Sample => say!("{}", Config::sample(&context.texts).trim_end()),
    }
    Ok(exit::DONE)
}

pub(crate) fn completions(context: &Context, shell: clap_complete::Shell) -> Result<u8> {
    let mut command = help::localised(Cli::command(), &context.texts);
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "zhengai", &mut script);
    std::io::Write::write_all(&mut std::io::stdout(), &script)?;
    Ok(exit::DONE)
}
