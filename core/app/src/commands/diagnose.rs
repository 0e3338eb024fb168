//! `diagnose`, `run …`, `result`.

use crate::cli::{DiagnoseArgs, ResultArgs, RunCommand};
use crate::context::Context;
use crate::exit;
use crate::files::fetch;
use crate::out::{Rows, pairs, say};
use crate::transfer::all;
use anyhow::Result;
use serde_json::{Value, json};
use zhengai_model::layer::Layer;
use zhengai_wire::Client;
use zhengai_wire::page::MAX_LIMIT;
use zhengai_wire::runs::{
    self, CompareQuery, DiagnoseOrder, Diagnosed, DifferenceLine, LATEST, ResultLine, ResultQuery, RunDetail, RunLine,
    RunQuery, RunState,
};

/// Attainments in the order in which tables list them.
const ATTAINMENTS: [&str; 7] = ["achieved", "met", "unmet", "undetermined", "not-applicable", "not-due", "unjudged"];

pub(crate) async fn diagnose(context: &Context, args: &DiagnoseArgs) -> Result<u8> {
    let order = DiagnoseOrder {
        period: args.period.clone(),
        layers: args.layer.iter().map(|layer| (*layer).into()).collect(),
        cycle: args.cycle.clone(),
        view: args.view.clone(),
        today: args.today.as_deref().map(|day| context.day(day)).transpose()?,
    };
    let job = context.job(runs::diagnose(&order)).await?;
    let done: Diagnosed = serde_json::from_value(job.result.unwrap_or_default())?;
    let run = context.client().await?.send(runs::show(&done.run)).await?;
    summary(context, &run)?;
    context.hint(&context.fill("diagnose-next", &[("run", &done.run)]));
    Ok(exit::DONE)
}

/// Counts of a run by layer, and its open warnings.
pub(crate) fn summary(context: &Context, detail: &RunDetail) -> Result<()> {
    let run = &detail.run;
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
    for by in &detail.layers {
        let mut row = vec![json!(if context.is_table() { &by.label } else { &by.layer })];
        row.extend(ATTAINMENTS.iter().map(|word| json!(by.counts.get(*word).copied().unwrap_or(0))));
        row.push(json!(by.warnings));
        rows.rows.push(row);
    }
    context.print(&rows)
}

fn state_word(state: RunState) -> &'static str {
    match state {
        RunState::Running => "running",
        RunState::Finished => "finished",
        RunState::Failed => "failed",
    }
}

/// Runs as a table.
pub(crate) fn runs_table(context: &Context, runs: &[RunLine]) -> Rows {
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
        let state = state_word(run.state);
        let label = if context.is_table() { context.text(&format!("run-state-{state}")) } else { state.to_owned() };
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
    let client = context.client().await?;
    match command {
        RunCommand::List(args) => {
            let listed = all(&client, |piece| {
                runs::list(&RunQuery {
                    period: args.period.clone(),
                    cycle: args.cycle.clone(),
                    state: args.state.map(Into::into),
                    offset: piece.offset,
                    limit: piece.limit,
                })
            });
            let mut found = listed.await?;
            if let Some(layer) = args.layer.map(Layer::from) {
                found.retain(|run| run.layers.contains(&layer));
            }
            context.print(&runs_table(context, &found))?;
        }
        RunCommand::Show { run } => show(context, &client.send(runs::show(run)).await?)?,
        RunCommand::Compare { earlier, later } => compare(context, &client, earlier, later).await?,
        RunCommand::Export { run, to } => {
            let file = to.display().to_string();
            fetch(&client, runs::export(run, &file).request()).await?.write(to).await?;
            context.hint(&context.fill("run-exported", &[("file", &file)]));
        }
    }
    Ok(exit::DONE)
}

fn show(context: &Context, detail: &RunDetail) -> Result<()> {
    let run = &detail.run;
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(run)?);
        return Ok(());
    }
    let view = run.request.get("view").and_then(Value::as_str).unwrap_or_default().to_owned();
    let lines = [
        (context.text("col-run"), run.id.clone()),
        (context.text("col-period"), run.period.clone()),
        (context.text("col-state"), context.text(&format!("run-state-{}", state_word(run.state)))),
        (context.text("col-by"), run.by.clone()),
        (context.text("col-at"), run.at.format("%Y-%m-%d %H:%M").to_string()),
        (context.text("run-view"), view),
        (context.text("col-fingerprint"), run.fingerprint.clone().unwrap_or_default()),
        (context.text("col-superseded-by"), run.superseded_by.clone().unwrap_or_default()),
        (context.text("col-reason"), run.reason.clone().unwrap_or_default()),
    ];
    say!("{}\n", pairs(&lines, context.width()));
    if run.summary.is_some() {
        summary(context, detail)?;
    }
    Ok(())
}

/// All differences, fetched in pieces.
async fn compare(context: &Context, client: &Client, earlier: &str, later: &str) -> Result<()> {
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
    let mut query = CompareQuery { limit: Some(MAX_LIMIT), ..CompareQuery::default() };
    loop {
        let piece = client.send(runs::compare(earlier, later, &query)).await?.page;
        rows.rows.extend(piece.items.iter().map(|one| difference(context, one)));
        let next = piece.offset + piece.items.len() as u64;
        if piece.items.is_empty() || next >= piece.total {
            break;
        }
        query.offset = Some(next);
    }
    context.print(&rows)?;
    if rows.rows.is_empty() {
        context.hint(&context.text("compare-equal"));
    }
    Ok(())
}

fn difference(context: &Context, one: &DifferenceLine) -> Vec<Value> {
    let spoken = |kind: &str, word: &str| match context.is_table() {
        true => context.text(&format!("{kind}-{word}")),
        false => word.to_owned(),
    };
    let value = |side: &Option<runs::ResultSide>| json!(side.as_ref().and_then(|side| side.value.clone()));
    let verdict =
        |side: &Option<runs::ResultSide>| json!(side.as_ref().map(|side| spoken("verdict", &side.attainment)));
    vec![
        json!(one.indicator),
        json!(one.grain),
        json!(one.object),
        json!(one.object_name),
        json!(one.period),
        value(&one.before),
        value(&one.after),
        verdict(&one.before),
        verdict(&one.after),
        json!(one.causes.iter().map(|cause| spoken("cause", cause)).collect::<Vec<_>>().join(" ")),
    ]
}

pub(crate) async fn result(context: &Context, args: &ResultArgs) -> Result<u8> {
    let client = context.client().await?;
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
    // The newest run may be another one before all pieces are there, so the first answer says which one is meant.
    let mut run = args.run.clone().unwrap_or_else(|| LATEST.to_owned());
    let limit = args.limit as u64;
    let (mut offset, mut total) = (0, 0);
    while offset == 0 || offset < limit.min(total) {
        let query = ResultQuery {
            layer: args.layer.map(Into::into),
            object: args.object.clone(),
            indicator: args.indicator.clone(),
            verdict: args.verdict.clone(),
            offset: Some(offset),
            limit: Some((limit - offset).min(MAX_LIMIT)),
            ..ResultQuery::default()
        };
        let found = client.send(runs::results(&run, &query)).await?;
        rows.rows.extend(found.page.items.iter().map(|row| line(context, row)));
        (run, total) = (found.run, found.page.total);
        if found.page.items.is_empty() {
            break;
        }
        offset += found.page.items.len() as u64;
    }
    context.print(&rows)?;
    if total > limit {
        let (shown, all) = (limit.to_string(), total.to_string());
        context.hint(&context.fill("rows-more", &[("shown", &shown), ("all", &all)]));
    }
    Ok(exit::DONE)
}

fn line(context: &Context, row: &ResultLine) -> Vec<Value> {
    let value = match &row.value {
        Some(value) => Some(value.clone()),
        None => context.is_table().then(|| context.text(&format!("state-{}", row.state))),
    };
    let verdict = match context.is_table() {
        true => context.text(&format!("verdict-{}", row.attainment)),
        false => row.attainment.clone(),
    };
    let mut cells = vec![
        json!(row.layer),
        json!(row.indicator),
        json!(row.indicator_name),
        json!(row.grain),
        json!(row.object),
        json!(row.object_name),
        json!(row.period),
        json!(value),
        json!(row.unit),
        json!(verdict),
        json!(row.level),
        json!(row.standard),
        json!(row.target),
        json!(row.standard.as_ref().map(|_| context.verified_cell(row.verified))),
    ];
    if !context.is_table() {
        cells.extend([json!(row.state), json!(row.gap), json!(row.n), json!(row.measures)]);
    }
    cells
}
