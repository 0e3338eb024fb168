//! `demo`: the training college. Its files are made on this computer; they are imported and diagnosed as anybody's are.

use crate::cli::DemoArgs;
use crate::commands::diagnose::summary;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, say};
use crate::progress::Bar;
use crate::transfer::text_file;
use anyhow::Result;
use serde::de::DeserializeOwned;
use serde_json::json;
use zhengai_service::college::College;
use zhengai_service::demo::{DemoFile, Manifest, Options};
use zhengai_service::training::{self, files};
use zhengai_wire::data::{Deletes, Extent, Review};
use zhengai_wire::imports::{ImportRequest, Imported};
use zhengai_wire::runs::{DiagnoseOrder, Diagnosed};
use zhengai_wire::warnings::{Order, Sort, WarningQuery};
use zhengai_wire::{Call, Client, Job, imports, runs, warnings};

/// Warnings that a newcomer sees at the end.
const SHOWN: u64 = 8;

pub(crate) async fn run(context: &Context, args: &DemoArgs) -> Result<u8> {
    let options = Options { students: args.students as usize, seed: args.seed };
    if let Some(folder) = &args.files_only {
        let manifest = training::write_files(folder, options)?;
        let count = manifest.files.len().to_string();
        context.hint(&context.fill("demo-files", &[("count", &count), ("folder", &folder.display().to_string())]));
        return Ok(exit::DONE);
    }
    // Refuses a server, where nobody trains.
    let data = context.opening()?.data;
    if args.fresh {
        training::remove(data.root())?;
    }
    College::init(&data, "demo", Some(&context.text("demo-college-name")))?;
    context.listen();
    let manifest = generate(context, options)?;
    let client = context.client().await?;
    let mut imported = Vec::with_capacity(manifest.files.len());
    for file in &manifest.files {
        imported.push(done::<Imported>(context, &client, imports::start(&request(context, file)?)).await?);
    }
    let mut diagnosed = Vec::with_capacity(manifest.periods.len());
    for period in &manifest.periods {
        context.hint(&context.fill("demo-diagnose", &[("period", period)]));
        let order = DiagnoseOrder {
            period: period.clone(),
            layers: Vec::new(),
            cycle: None,
            view: None,
            today: Some(manifest.today),
        };
        diagnosed.push(done::<Diagnosed>(context, &client, runs::diagnose(&order)).await?.run);
    }
    went_in(context, &imported)?;
    for run in &diagnosed {
        summary(context, &client.send(runs::show(run)).await?)?;
    }
    worst(context, &client).await?;
    Ok(exit::DONE)
}

fn generate(context: &Context, options: Options) -> Result<Manifest> {
    let title = context.fill("demo-generate", &[("students", &options.students.to_string())]);
    context.hint(&title);
    let _bar = Bar::rows(context, &title, None);
    Ok(training::prepare(&context.data(), options)?)
}

/// How a generated file is imported: the way a person would, from its line in the manifest.
fn request(context: &Context, file: &DemoFile) -> Result<ImportRequest> {
    let folder = files(&context.data());
    Ok(ImportRequest {
        dataset: file.dataset.clone(),
        file: zhengai_wire::FileRef::path(folder.join(&file.file).to_string_lossy()),
        mapping: file.mapping.as_ref().map(|name| text_file(&folder.join(name))).transpose()?,
        sheet: None,
        mode: Some(file.load.into()),
        extent: Extent::Do,
        review: Some(Review::Auto),
        deletes: Deletes::Guarded,
    })
}

/// Starts a job and gives what it ended with.
async fn done<T: DeserializeOwned>(context: &Context, client: &Client, call: Call<Job>) -> Result<T> {
    let started = client.send(call).await?;
    let job = context.follow(client, &started).await?;
    Ok(serde_json::from_value(job.result.unwrap_or_default())?)
}

/// Totals of the imports, and the files that had bad rows.
fn went_in(context: &Context, imported: &[Imported]) -> Result<()> {
    let sum = |of: fn(&Imported) -> u64| imported.iter().map(of).sum::<u64>().to_string();
    if context.is_table() {
        let (rows, rejected) = (sum(|one| one.counts.read), sum(|one| one.counts.rejected));
        let words = [("files", imported.len().to_string()), ("rows", rows), ("rejected", rejected)];
        say!("{}", context.fill("demo-imported", &words.each_ref().map(|(name, word)| (*name, word.as_str()))));
    }
    let mut rows = Rows::new(context.columns(&["batch", "dataset", ">read", ">new", ">rejected"]));
    for one in imported.iter().filter(|one| one.counts.rejected > 0 || !context.is_table()) {
        let counts = &one.counts;
        rows.rows.push(vec![
            json!(one.batch),
            json!(one.dataset),
            json!(counts.read),
            json!(counts.new),
            json!(counts.rejected),
        ]);
    }
    context.print(&rows)
}

/// The worst warnings, and what to type next.
async fn worst(context: &Context, client: &Client) -> Result<()> {
    let query = WarningQuery {
        sort: Some(Sort::Severity),
        order: Some(Order::Down),
        limit: Some(SHOWN),
        ..WarningQuery::default()
    };
    let found = client.send(warnings::list(&query)).await?;
    if context.is_table() {
        let (all, shown) = (found.total.to_string(), found.items.len().to_string());
        say!("{}", context.fill("demo-warnings", &[("all", &all), ("shown", &shown)]));
    }
    let mut rows = Rows::new(context.columns(&["level", "object_name", "object", "because"]));
    for line in &found.items {
        let object = format!("{}/{}", line.kind, line.object);
        rows.rows.push(vec![json!(line.level_name), json!(line.object_name), json!(object), json!(line.because)]);
    }
    context.print(&rows)?;
    let example = found.items.iter().find_map(|line| Some((line.indicator.clone()?, line)));
    let (indicator, object) = example
        .map_or_else(Default::default, |(indicator, line)| (indicator, format!("{}/{}", line.kind, line.object)));
    let program = std::env::args().next().unwrap_or_else(|| "zhengai".to_owned());
    let command = format!("{program} --data {}", context.data().root().display());
    context.hint(&context.fill("demo-next", &[("command", &command), ("indicator", &indicator), ("object", &object)]));
    Ok(())
}
