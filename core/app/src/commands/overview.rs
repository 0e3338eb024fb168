//! `overview` and `heatmap`: the twins of two screens of the console.

use crate::cli::{HeatOrder, HeatmapArgs};
use crate::context::Context;
use crate::exit;
use crate::out::{Align, Column, Rows, say};
use anyhow::Result;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use zhengai_service::words::word;
use zhengai_wire::heatmap::{self, Cell, CellState, HeatmapQuery, Order};
use zhengai_wire::overview::{self, Overview, Verdicts, share_met};

/// Verdicts that have a column of their own.
const VERDICTS: [&str; 6] = ["achieved", "met", "unmet", "undetermined", "not-applicable", "not-due"];

/// `overview`: a row for each layer and system; as a table with what waits for somebody below.
pub(crate) async fn run(context: &Context) -> Result<u8> {
    let found = context.client().await?.send(overview::show()).await?;
    if context.global.format == crate::cli::Format::Json {
        say!("{}", serde_json::to_string_pretty(&found)?);
        return Ok(exit::DONE);
    }
    let mut columns = context.columns(&["layer", "system", "run", "period", ">indicators"]);
    for verdict in VERDICTS {
        columns.push(Column {
            key: verdict.into(),
            label: context.text(&format!("verdict-{verdict}")),
            align: Align::Right,
        });
    }
    columns.extend(context.columns(&[">share", ">warnings"]));
    let mut rows = Rows::new(columns);
    let names: BTreeMap<&str, &str> =
        found.systems.iter().map(|system| (system.system.as_str(), system.label.as_str())).collect();
    for layer in &found.layers {
        let name = |word: &str, label: &str| if context.is_table() { label.to_owned() } else { word.to_owned() };
        let shown = name(layer.layer.as_str(), &layer.label);
        let run = layer.run.as_ref();
        let head = |system: Value, indicators: u64| {
            vec![
                json!(shown),
                system,
                json!(run.map(|run| &run.id)),
                json!(run.map(|run| &run.period)),
                json!(indicators),
            ]
        };
        let sum: u64 = layer.systems.iter().map(|system| system.indicators).sum();
        let mut row = head(json!(if context.is_table() { String::new() } else { "all".to_owned() }), sum);
        row.extend(counts(context, &layer.verdicts, &layer.warnings, &found));
        rows.rows.push(row);
        for system in &layer.systems {
            let label = names.get(system.system.as_str()).copied().unwrap_or_default();
            let mut row = head(json!(name(&system.system, label)), system.indicators);
            row.extend(counts(context, &system.verdicts, &system.warnings, &found));
            rows.rows.push(row);
        }
    }
    context.print(&rows)?;
    if context.is_table() {
        below(context, &found)?;
    }
    Ok(exit::DONE)
}

fn counts(context: &Context, verdicts: &Verdicts, warnings: &BTreeMap<String, u64>, found: &Overview) -> Vec<Value> {
    let mut cells: Vec<Value> =
        VERDICTS.iter().map(|verdict| json!(verdicts.get(*verdict).copied().unwrap_or(0))).collect();
    cells.push(json!(share_met(verdicts).map(tenths)));
    cells.push(if context.is_table() {
        // The most severe first, as they are to be dealt with.
        let told = found.levels.iter().rev().filter_map(|level| {
            let count = warnings.get(&level.id)?;
            Some(context.fill("overview-level", &[("label", &level.label), ("count", &count.to_string())]))
        });
        json!(told.collect::<Vec<_>>().join("  "))
    } else {
        json!(warnings.values().sum::<u64>())
    });
    cells
}

/// Tenths of a percent as a number in percent.
fn tenths(share: u64) -> String {
    format!("{}.{}", share / 10, share % 10)
}

fn below(context: &Context, found: &Overview) -> Result<()> {
    for cycle in &found.cycles {
        let arguments = [
            ("name", cycle.name.as_str()),
            ("step", &cycle.step),
            ("done", &cycle.done.to_string()),
            ("total", &cycle.total.to_string()),
        ];
        say!("{}", context.fill("overview-cycle", &arguments));
    }
    for late in &found.freshness.stale {
        let arguments = [
            ("dataset", late.label.as_str()),
            ("day", &late.newest.to_string()),
            ("period", &late.period),
            ("end", &late.end.to_string()),
        ];
        say!("{}", context.fill("overview-stale", &arguments));
    }
    for source in found.freshness.sources.iter().filter(|source| source.enabled) {
        let state = source.state.as_deref().unwrap_or("never");
        if matches!(state, "failed" | "interrupted" | "never") || !source.stale.is_empty() {
            let arguments =
                [("source", source.source.as_str()), ("state", &context.text(&format!("overview-sync-{state}")))];
            say!("{}", context.fill("overview-source", &arguments));
        }
    }
    if found.waiting_total > 0 {
        say!("{}", context.fill("overview-waiting", &[("count", &found.waiting_total.to_string())]));
    }
    Ok(())
}

/// `heatmap`: a row for each object, a column for each indicator.
pub(crate) async fn heat(context: &Context, args: &HeatmapArgs) -> Result<u8> {
    let query = HeatmapQuery {
        run: args.run.clone(),
        kind: args.kind.clone(),
        period: args.period.clone(),
        unit: args.unit.clone(),
        search: args.search.clone(),
        indicators: (!args.indicator.is_empty()).then(|| args.indicator.join(",")),
        sort: Some(match args.sort {
            HeatOrder::Worst => Order::Worst,
            HeatOrder::Name => Order::Name,
            HeatOrder::Id => Order::Id,
        }),
        offset: Some(args.offset),
        limit: Some(args.limit),
        ..HeatmapQuery::of(args.layer.into())
    };
    let found = context.client().await?.send(heatmap::show(&query)).await?;
    if context.global.format == crate::cli::Format::Json {
        say!("{}", serde_json::to_string_pretty(&found)?);
        return Ok(exit::DONE);
    }
    let mut columns = context.columns(&["object", "object_name"]);
    columns.extend(found.columns.iter().map(|column| Column {
        key: column.code.clone(),
        label: column.name.clone(),
        align: Align::Right,
    }));
    let mut rows = Rows::new(columns);
    for row in &found.page.items {
        let mut cells = vec![json!(row.object), json!(row.name)];
        cells.extend(row.cells.iter().map(|cell| json!(said(context, cell))));
        rows.rows.push(cells);
    }
    context.print(&rows)?;
    let shown = found.page.items.len() as u64;
    if shown < found.page.total {
        let (shown, all) = (shown.to_string(), found.page.total.to_string());
        context.hint(&context.fill("rows-more", &[("shown", &shown), ("all", &all)]));
    }
    Ok(exit::DONE)
}

/// A number with a sign where it is not as it should be, or the word for why there is none.
fn said(context: &Context, cell: &Cell) -> String {
    let value = cell.value.clone().unwrap_or_default();
    match (cell.state, cell.verdict.as_deref(), &cell.level) {
        (CellState::Number, _, _) if !context.is_table() => value,
        (CellState::Number, _, Some(_)) => format!("{value} !"),
        (CellState::Number, Some("unmet"), None) => format!("{value} *"),
        (CellState::Number, _, None) => value,
        (CellState::None, _, _) => String::new(),
        (state, _, _) if context.is_table() => context.text(&format!("heatmap-{}", word(&state))),
        (state, _, _) => word(&state),
    }
}
