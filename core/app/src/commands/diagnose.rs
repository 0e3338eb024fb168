//! `diagnose`, `run …`, `result`.

use crate::cli::{DiagnoseArgs, ResultArgs, RunCommand};
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, say};
use crate::progress::Bar;
use anyhow::Result;
use serde_json::{Value, json};
use zhengai_service::RunRecord;
use zhengai_service::college::{Access, College};
use zhengai_service::comparing::CompareQuery;
use zhengai_service::diagnose::DiagnoseOrder;
use zhengai_service::export::write_whole;
use zhengai_service::results::ResultQuery;
use zhengai_service::words::word;

/// Attainments in the order in which tables list them.
const ATTAINMENTS: [&str; 7] = ["achieved", "met", "unmet", "undetermined", "not-applicable", "not-due", "unjudged"];

pub(crate) async fn diagnose(context: &Context, args: &DiagnoseArgs) -> Result<u8> {
    let college = context.open(Access::Write).await?;
    let order = DiagnoseOrder {
        period: args.period.clone(),
        layers: args.layer.iter().map(|layer| (*layer).into()).collect(),
        cycle: args.cycle.clone(),
        view: args.view.clone(),
        today: args.today.as_deref().map(|day| context.day(day)).transpose()?,
    };
    let bar = Bar::stages(context, &args.period);
    let run = college.diagnose(&order, &|progress| bar.stage(context, &args.period, progress), &context.cancel).await;
    bar.end();
    let run = run?;
    summary(context, &college, &run).await?;
    context.hint(&context.fill("diagnose-next", &[("run", run.id.as_str())]));
    college.close().await;
    Ok(exit::DONE)
}

/// Counts of a run by layer, and its open warnings.
pub(crate) async fn summary(context: &Context, college: &College, run: &RunRecord) -> Result<()> {
    let counts = run.summary.as_ref().and_then(|summary| summary.get("counts")).cloned().unwrap_or_default();
    if context.is_table() {
        let fingerprint = run.fingerprint.clone().unwrap_or_default();
        say!(
            "{}",
            context.fill(
                "run-title",
                &[
                    ("run", run.id.as_str()),
                    ("period", run.period.as_str()),
                    ("fingerprint", fingerprint.get(..16).unwrap_or_default()),
                ]
            )
        );
    }
    let mut keys = vec!["layer"];
    keys.extend([
        ">achieved",
        ">met",
        ">unmet",
        ">undetermined",
        ">not_applicable",
        ">not_due",
        ">unjudged",
        ">warnings",
    ]);
    let mut rows = Rows::new(context.columns(&keys));
    let layers = counts.get("layers").and_then(Value::as_object).cloned().unwrap_or_default();
    let labels = college.layer_labels(&context.texts);
    for (layer, label) in &labels {
        let Some(by) = layers.get(layer) else { continue };
        let mut row = vec![json!(if context.is_table() { label } else { layer })];
        row.extend(ATTAINMENTS.iter().map(|word| by.get(*word).cloned().unwrap_or(json!(0))));
        row.push(json!(college.count_layer_warnings(run, layer).await?));
        rows.rows.push(row);
    }
    context.print(&rows)
}

/// Runs as a table.
pub(crate) fn runs_table(context: &Context, runs: &[RunRecord]) -> Rows {
    let mut rows = Rows::new(context.columns(&[
        "run",
        "period",
        "state",
        "layers",
        "cycle",
        "fingerprint",
        "at",
        "by",
        "superseded_by",
    ]));
    for run in runs {
        let state = word(&run.state);
        let label = if context.is_table() { context.text(&format!("run-state-{state}")) } else { state };
        rows.rows.push(vec![
            json!(run.id),
            json!(run.period),
            json!(label),
            json!(run.layers.iter().map(|layer| layer.as_str()).collect::<Vec<_>>().join(" ")),
            json!(run.cycle),
            json!(run.fingerprint.as_ref().and_then(|text| text.get(..12))),
            json!(run.at.format("%Y-%m-%d %H:%M").to_string()),
            json!(run.by),
            json!(run.superseded_by),
        ]);
    }
    rows
}

pub(crate) async fn run(context: &Context, command: &RunCommand) -> Result<u8> {
    let college = context.open(Access::Read).await?;
    match command {
        RunCommand::List => context.print(&runs_table(context, &college.runs().await?))?,
        RunCommand::Show { run } => {
            let run = college.run(Some(run)).await?;
            if !context.is_table() {
                say!("{}", serde_json::to_string_pretty(&run)?);
                return Ok(exit::DONE);
            }
            let view = run.request.get("view").and_then(Value::as_str).unwrap_or_default().to_owned();
            let lines = [
                (context.text("col-run"), run.id.to_string()),
                (context.text("col-period"), run.period.to_string()),
                (context.text("col-state"), context.text(&format!("run-state-{}", word(&run.state)))),
                (context.text("col-by"), run.by.clone()),
                (context.text("col-at"), run.at.format("%Y-%m-%d %H:%M").to_string()),
                (context.text("run-view"), view),
                (context.text("col-fingerprint"), run.fingerprint.clone().unwrap_or_default()),
                (
                    context.text("col-superseded-by"),
                    run.superseded_by.as_ref().map(ToString::to_string).unwrap_or_default(),
                ),
                (context.text("col-reason"), run.reason.clone().unwrap_or_default()),
            ];
            say!("{}\n", pairs(&lines, context.width()));
            if run.summary.is_some() {
                summary(context, &college, &run).await?;
            }
        }
        RunCommand::Compare { earlier, later } => {
            let compared = college.compare(earlier, later).await?;
            let (differences, _) = compared.piece(&CompareQuery::default(), 0, usize::MAX);
            let mut rows = Rows::new(context.columns(&[
                "indicator",
                "grain",
                "object",
                "name",
                "period",
                ">before",
                ">after",
                "verdict_before",
                "verdict_after",
                "cause",
            ]));
            let spoken = |kind: &str, word: String| match context.is_table() {
                true => context.text(&format!("{kind}-{word}")),
                false => word,
            };
            for one in &differences {
                rows.rows.push(vec![
                    json!(one.indicator),
                    json!(one.grain),
                    json!(one.object),
                    json!(one.object_name),
                    json!(one.period),
                    json!(one.before.as_ref().and_then(|side| side.value).map(|value| value.to_string())),
                    json!(one.after.as_ref().and_then(|side| side.value).map(|value| value.to_string())),
                    json!(one.before.as_ref().map(|side| spoken("verdict", side.attainment.to_string()))),
                    json!(one.after.as_ref().map(|side| spoken("verdict", side.attainment.to_string()))),
                    json!(one.causes.iter().map(|cause| spoken("cause", word(cause))).collect::<Vec<_>>().join(" ")),
                ]);
            }
            context.print(&rows)?;
            if differences.is_empty() {
                context.hint(&context.text("compare-equal"));
            }
        }
        RunCommand::Export { run, to } => {
            let pieces = college.run_file(run, to).await?.collect::<Result<Vec<_>, _>>()?;
            write_whole(to, &pieces.concat())?;
            context.hint(&context.fill("run-exported", &[("file", &to.display().to_string())]));
        }
    }
    Ok(exit::DONE)
}

pub(crate) async fn result(context: &Context, args: &ResultArgs) -> Result<u8> {
    let college = context.open(Access::Read).await?;
    let query = ResultQuery {
        run: args.run.clone(),
        layer: args.layer.map(Into::into),
        object: args.object.clone(),
        indicator: args.indicator.clone(),
        verdict: args.verdict.clone(),
        search: None,
    };
    let (_, found) = college.results(&query).await?;
    let mut keys = vec![
        "layer",
        "indicator",
        "name",
        "grain",
        "object",
        "object_name",
        "period",
        ">value",
        "unit",
        "verdict",
        "level",
        "standard",
        "target",
        "verified",
    ];
    if !context.is_table() {
        // For scripts: why there is no number, and what the number is made of.
        keys.extend(["state", "gap", ">n", "measures"]);
    }
    let mut rows = Rows::new(context.columns(&keys));
    for row in found.iter().take(args.limit) {
        let indicator = college.indicator(&row.indicator).ok();
        let value = match row.value {
            Some(value) => Some(value.to_string()),
            None => context.is_table().then(|| context.text(&format!("state-{}", row.state))),
        };
        let verdict = if context.is_table() {
            context.text(&format!("verdict-{}", row.attainment))
        } else {
            row.attainment.clone()
        };
        let mut cells = vec![
            json!(row.layer),
            json!(row.indicator),
            json!(indicator.map(|indicator| context.label(&indicator.names))),
            json!(row.grain),
            json!(row.object),
            json!(row.object_name),
            json!(row.period),
            json!(value),
            json!(indicator.map(|indicator| indicator.unit.clone())),
            json!(verdict),
            json!(row.level),
            json!(row.standard),
            json!(row.target),
            json!(row.standard.as_ref().map(|_| context.verified_cell(row.verified))),
        ];
        if !context.is_table() {
            cells.extend([json!(row.state), json!(row.gap), json!(row.n), json!(row.measures)]);
        }
        rows.rows.push(cells);
    }
    context.print(&rows)?;
    if found.len() > args.limit {
        let (shown, all) = (args.limit.to_string(), found.len().to_string());
        context.hint(&context.fill("rows-more", &[("shown", &shown), ("all", &all)]));
    }
    Ok(exit::DONE)
}
