//! `indicator list|tree|show|diff|check|publish`; drafts and rehearsals are in `drafts`.

use crate::cli::IndicatorCommand;
use crate::commands::drafts;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, say};
use anyhow::Result;
use serde_json::json;
use std::path::Path;
use zhengai_model::layer::Layer;
use zhengai_service::words::word;
use zhengai_wire::indicators::{
    self, CatalogQuery, ChangeRow, CheckRequest, CheckResult, DiffQuery, IndicatorDetail, IndicatorRow, Origin,
    PublishFile,
};

pub(crate) async fn run(context: &Context, command: &IndicatorCommand) -> Result<u8> {
    let client = context.client().await?;
    match command {
        IndicatorCommand::List { layer } => {
            let layer = layer.map(Layer::from).map(|layer| layer.to_string());
            let query = CatalogQuery { layer, ..CatalogQuery::default() };
            let mut found = client.send(indicators::catalog(&query)).await?.indicators;
            found.sort_by_key(|row| (Layer::parse(&row.layer), row.code.clone()));
            list(context, &found)?;
        }
        IndicatorCommand::Tree { layer, search } => {
            let layer = layer.map(Layer::from).map(|layer| layer.to_string());
            let query = CatalogQuery { layer, search: search.clone(), ..CatalogQuery::default() };
            tree(context, &client.send(indicators::catalog(&query)).await?)?;
        }
        IndicatorCommand::Show { code } => show(context, &client.send(indicators::show(code)).await?)?,
        IndicatorCommand::Diff { code, from, to } => {
            let found = client.send(indicators::diff(code, &DiffQuery { from: *from, to: *to })).await?;
            changes(context, &found.changes)?;
            let key = if found.comparable { "diff-comparable" } else { "diff-break" };
            context.hint(&context.text(key));
        }
        IndicatorCommand::Check { target, period } => {
            let file = Path::new(target);
            let mut request = CheckRequest { period: period.clone(), ..CheckRequest::default() };
            if file.extension().is_some() && file.exists() {
                request.file = Some(context.file(&client, file).await?);
            } else {
                request.code = Some(target.clone());
            }
            let reports = client.send(indicators::check(&request)).await?;
            for report in &reports {
                checked(context, report)?;
            }
            let good = reports.iter().all(|report| report.faults.is_empty());
            return Ok(if good { exit::DONE } else { exit::PARTLY });
        }
        IndicatorCommand::Publish { file, why } => {
            let request = PublishFile { file: context.file(&client, file).await?, why: why.clone() };
            for published in client.send(indicators::publish(&request)).await? {
                told(context, &published);
            }
        }
        IndicatorCommand::Draft(command) => return drafts::run(context, command).await,
        IndicatorCommand::Rehearse(args) => return drafts::rehearse(context, args).await,
    }
    Ok(exit::DONE)
}

/// Says what publishing did.
pub(crate) fn told(context: &Context, published: &indicators::PublishedRow) {
    let key = if published.new { "indicator-published" } else { "indicator-unchanged" };
    let version = published.version.to_string();
    context.hint(&context.fill(key, &[("code", &published.code), ("version", &version)]));
}

fn list(context: &Context, found: &[IndicatorRow]) -> Result<()> {
    let mut rows =
        Rows::new(context.columns(&[
            "code", "name", "layer", "point", "unit", "grain", "target", "standard", "warning", "verified",
        ]));
    for row in found {
        // What stands in the definition itself; thresholds that were set have a list of their own.
        let inside = |kind: &str| row.values.iter().find(|value| value.kind == kind && value.origin == row.origin);
        let own = row.values.iter().find(|value| value.origin == row.origin);
        rows.rows.push(vec![
            json!(row.code),
            json!(row.name),
            json!(row.layer),
            json!(row.point_path),
            json!(row.unit),
            json!(row.grain),
            json!(inside("target").map(|value| &value.when)),
            json!(inside("standard").map(|value| &value.when)),
            json!(inside("warning").map(|value| &value.when)),
            json!(own.map(|value| context.verified_cell(value.verified))),
        ]);
    }
    context.print(&rows)
}

/// 质控点 and indicators under each other; values are those that hold today.
fn tree(context: &Context, catalog: &indicators::Catalog) -> Result<()> {
    let mut rows = Rows::new(context.columns(&[
        "code", "name", "layer", ">weight", "target", "standard", "warning", "source", "verified", "state", ">version",
    ]));
    for point in &catalog.points {
        let depth = point.id.matches('.').count();
        let indent = |depth: usize| if context.is_table() { "  ".repeat(depth) } else { String::new() };
        let mut cells = vec![json!(point.id), json!(format!("{}{}", indent(depth), point.name)), json!(null)];
        cells.push(json!(point.weights));
        cells.extend(std::iter::repeat_n(json!(null), 7));
        rows.rows.push(cells);
        for row in catalog.indicators.iter().filter(|row| row.point == point.id) {
            let when = |kind: &str| json!(row.condition(kind));
            let deciding = row.deciding();
            rows.rows.push(vec![
                json!(row.code),
                json!(format!("{}{}", indent(depth + 1), row.name)),
                json!(row.layer),
                json!(row.weight),
                when("target"),
                when("standard"),
                when("warning"),
                json!(deciding.map(|value| &value.source)),
                json!(deciding.map(|value| context.verified_cell(value.verified))),
                json!(state(context, row)),
                json!(row.version),
            ]);
        }
    }
    context.print(&rows)
}

fn state(context: &Context, row: &IndicatorRow) -> String {
    let word = match (&row.origin, row.draft, row.off) {
        (_, _, true) => "off",
        (_, Some(_), _) => "draft",
        (Origin::Published, ..) => "published",
        _ => "pack",
    };
    if context.is_table() { context.text(&format!("indicator-state-{word}")) } else { word.to_owned() }
}

/// Field by field, before and after.
pub(crate) fn changes(context: &Context, changes: &[ChangeRow]) -> Result<()> {
    let mut rows = Rows::new(context.columns(&["field", "before", "after"]));
    for change in changes {
        rows.rows.push(vec![json!(change.field), json!(change.before), json!(change.after)]);
    }
    context.print(&rows)
}

fn show(context: &Context, detail: &IndicatorDetail) -> Result<()> {
    let indicator = &detail.definition;
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(indicator)?);
        return Ok(());
    }
    let text = |key: &str| context.text(key);
    let separator = text("list-separator");
    let names = |list: &[zhengai_model::text::Names]| {
        list.iter().map(|names| context.label(names)).collect::<Vec<_>>().join(&separator)
    };
    let mut lines = vec![
        (text("col-code"), indicator.code.to_string()),
        (text("col-name"), detail.row.name.clone()),
        (text("col-layer"), indicator.layer.to_string()),
        (text("col-point"), detail.row.point_path.clone()),
        (text("col-unit"), indicator.unit.clone()),
        (text("indicator-direction"), word(&indicator.direction)),
        (text("col-grain"), indicator.grain.to_string()),
        (text("indicator-also"), indicator.also.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")),
        (text("indicator-period"), word(&indicator.period)),
        (text("indicator-formula"), indicator.value.clone()),
    ];
    for reading in &detail.readings {
        let over = reading.over.as_ref().map(|over| format!("@{over}"));
        let from = reading.dataset.clone().or(over).unwrap_or_default();
        let (agg, filter) = match reading.text.split_once(" where ") {
            Some((agg, filter)) => (agg, format!(" where {filter}")),
            None => (reading.text.as_str(), String::new()),
        };
        lines.push((format!("  {}", reading.measure), format!("{agg} from {from}{filter}")));
    }
    for value in &detail.all_values {
        let verified = context.verified(value.verified);
        let scope = value.scope.split(':').next().unwrap_or_default();
        let scope = value.category.as_ref().map_or_else(|| scope.to_owned(), |kind| format!("{scope} ({kind})"));
        let label = context.text(&format!("threshold-{}", value.kind));
        lines.push((label, format!("{} · {scope} · {} · {verified}", value.when, value.source)));
    }
    lines.extend([
        (text("indicator-owners"), names(&indicator.owners)),
        (text("indicator-sources"), names(&indicator.sources)),
        (text("indicator-basis"), indicator.basis.clone().unwrap_or_default()),
        (text("col-privacy"), word(&indicator.privacy)),
    ]);
    for (key, list) in
        [("indicator-reads", &detail.reads), ("indicator-read-by", &detail.read_by), ("indicator-rules", &detail.rules)]
    {
        if !list.is_empty() {
            lines.push((text(key), list.join(&separator)));
        }
    }
    say!("{}", pairs(&lines, context.width()));
    if !detail.versions.is_empty() {
        let mut rows = Rows::new(context.columns(&[">version", "hash", "at", "by", "note"]));
        for version in &detail.versions {
            rows.rows.push(vec![
                json!(version.version),
                json!(version.hash.get(..12)),
                json!(version.at.format("%Y-%m-%d %H:%M").to_string()),
                json!(version.by),
                json!(version.note),
            ]);
        }
        context.print(&rows)?;
    }
    Ok(())
}

/// Faults and samples of one indicator.
pub(crate) fn checked(context: &Context, report: &CheckResult) -> Result<()> {
    if !context.is_table() {
        let shown = json!({ "indicator": report.indicator, "faults": report.faults, "samples": report.samples });
        say!("{}", serde_json::to_string_pretty(&shown)?);
        return Ok(());
    }
    say!("{}", report.indicator);
    for fault in &report.faults {
        say!("  ✗ {fault}");
    }
    if report.faults.is_empty() {
        say!("  ✓ {}", context.text("check-good"));
    }
    if report.samples.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new(context.columns(&["grain", "object", "name", "period", ">value", "state", "verdict"]));
    for sample in &report.samples {
        rows.rows.push(vec![
            json!(sample.kind),
            json!(sample.object),
            json!(sample.object_name),
            json!(sample.period),
            json!(sample.value.number().map(|number| number.to_string())),
            json!(word(&sample.value)),
            json!(context.text(&format!("verdict-{}", word(&sample.attainment)))),
        ]);
    }
    context.print(&rows)
}
