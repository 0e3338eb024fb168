//! `indicator list|show|check|publish`.

use crate::cli::IndicatorCommand;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, say};
use anyhow::Result;
use serde_json::json;
use std::path::Path;
use zhengai_model::fault::Explain;
use zhengai_model::indicator::Indicator;
use zhengai_model::period::PeriodKind;
use zhengai_service::college::{Access, College};
use zhengai_service::words::word;
use zhengai_service::{CheckReport, Published};

pub(crate) async fn run(context: &Context, command: &IndicatorCommand) -> Result<u8> {
    match command {
        IndicatorCommand::List { layer } => {
            let college = context.open(Access::Read).await?;
            let mut rows = Rows::new(context.columns(&[
                "code", "name", "layer", "point", "unit", "grain", "target", "standard", "warning", "verified",
            ]));
            for indicator in college.indicators(layer.map(Into::into)) {
                let values = indicator.values.as_ref();
                let text = |condition: Option<&zhengai_model::threshold::Condition>| condition.map(ToString::to_string);
                rows.rows.push(vec![
                    json!(indicator.code),
                    json!(context.label(&indicator.names)),
                    json!(indicator.layer),
                    json!(college.point_path(&indicator.point, &context.texts)),
                    json!(indicator.unit),
                    json!(indicator.grain),
                    json!(text(values.and_then(|values| values.target.as_ref()))),
                    json!(text(values.and_then(|values| values.standard.as_ref()))),
                    json!(text(values.and_then(|values| values.warning.as_ref()))),
                    json!(values.map(|values| context.verified_cell(values.verified))),
                ]);
            }
            context.print(&rows)?;
        }
        IndicatorCommand::Show { code } => {
            let college = context.open(Access::Read).await?;
            show(context, &college, college.indicator(code)?).await?;
        }
        IndicatorCommand::Check { target, period } => return check(context, target, period.as_deref()).await,
        IndicatorCommand::Publish { file, why } => {
            let college = context.open(Access::Write).await?;
            for published in college.publish(file, why.as_deref()).await? {
                let key = match &published {
                    Published::New(_) => "indicator-published",
                    Published::Unchanged(_) => "indicator-unchanged",
                };
                let record = published.record();
                let version = record.version.to_string();
                context.hint(&context.fill(key, &[("code", record.code.as_str()), ("version", &version)]));
            }
            college.close().await;
        }
    }
    Ok(exit::DONE)
}

async fn show(context: &Context, college: &College, indicator: &Indicator) -> Result<()> {
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(indicator)?);
        return Ok(());
    }
    let text = |key: &str| context.text(key);
    let names = |list: &[zhengai_model::text::Names]| {
        list.iter().map(|names| context.label(names)).collect::<Vec<_>>().join(&context.text("list-separator"))
    };
    let mut lines = vec![
        (text("col-code"), indicator.code.to_string()),
        (text("col-name"), context.label(&indicator.names).to_owned()),
        (text("col-layer"), indicator.layer.to_string()),
        (text("col-point"), college.point_path(&indicator.point, &context.texts)),
        (text("col-unit"), indicator.unit.clone()),
        (text("indicator-direction"), word(&indicator.direction)),
        (text("col-grain"), indicator.grain.to_string()),
        (text("indicator-also"), indicator.also.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")),
        (text("indicator-period"), word(&indicator.period)),
        (text("indicator-formula"), indicator.value.clone()),
    ];
    for (name, measure) in &indicator.measures {
        let from = match (&measure.dataset, &measure.over) {
            (Some(dataset), _) => dataset.to_string(),
            (None, Some(over)) => format!("@{over}"),
            (None, None) => String::new(),
        };
        let filter = measure.filter.as_ref().map(|filter| format!(" where {filter}")).unwrap_or_default();
        lines.push((format!("  {name}"), format!("{} from {from}{filter}", measure.agg)));
    }
    for threshold in college.definitions().thresholds_of(&indicator.code) {
        let verified = context.verified(threshold.verified);
        lines.push((
            context.text(&format!("threshold-{}", word(&threshold.kind))),
            format!("{} · {} · {} · {verified}", threshold.when, word(&threshold.scope), threshold.source),
        ));
    }
    lines.extend([
        (text("indicator-owners"), names(&indicator.owners)),
        (text("indicator-sources"), names(&indicator.sources)),
        (text("indicator-basis"), indicator.basis.clone().unwrap_or_default()),
        (text("col-privacy"), word(&indicator.privacy)),
    ]);
    say!("{}", pairs(&lines, context.width()));
    let versions = college.versions(&indicator.code).await?;
    if !versions.is_empty() {
        let mut rows = Rows::new(context.columns(&[">version", "hash", "at", "by", "note"]));
        for version in versions {
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

async fn check(context: &Context, target: &str, period: Option<&str>) -> Result<u8> {
    let college = context.open(Access::Read).await?;
    let period = match period {
        Some(id) => college.period(id)?,
        None => college.last_period(PeriodKind::AcademicYear)?,
    };
    let file = Path::new(target);
    let reports = if file.extension().is_some() && file.exists() {
        college.check_file(file, &period).await?
    } else {
        vec![college.check_indicator(target, &period).await?]
    };
    let mut good = true;
    for report in &reports {
        good &= report.faults.is_empty();
        print(context, report)?;
    }
    Ok(if good { exit::DONE } else { exit::PARTLY })
}

fn print(context: &Context, report: &CheckReport) -> Result<()> {
    if !context.is_table() {
        let faults: Vec<String> = report.faults.iter().map(|fault| context.owned(&fault.message())).collect();
        let shown = json!({ "indicator": report.indicator, "faults": faults, "samples": report.samples });
        say!("{}", serde_json::to_string_pretty(&shown)?);
        return Ok(());
    }
    say!("{}", report.indicator);
    for fault in &report.faults {
        say!("  ✗ {}", context.owned(&fault.message()));
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
