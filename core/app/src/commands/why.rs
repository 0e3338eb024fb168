//! `why`: a number, explained from its definition to the lines of a file.

use crate::cli::WhyArgs;
use crate::context::Context;
use crate::exit;
use crate::out::{pairs, say};
use anyhow::Result;
use std::collections::BTreeMap;
use zhengai_model::threshold::ThresholdKind;
use zhengai_service::words::word;
use zhengai_wire::why::{self, Explanation, MeasureWhy, SampleRow, WhyQuery};

/// Parts of a rolled-up measure that are shown.
const CHILDREN: usize = 8;

pub(crate) async fn run(context: &Context, args: &WhyArgs) -> Result<u8> {
    let query = WhyQuery {
        indicator: args.indicator.clone(),
        object: args.object.clone(),
        run: args.run.clone(),
        period: None,
        offset: args.offset,
        rows: Some(args.rows),
    };
    let explanations = context.client().await?.send(why::explain(&query)).await?;
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(&explanations)?);
        return Ok(exit::DONE);
    }
    for explanation in &explanations {
        print(context, explanation)?;
    }
    Ok(exit::DONE)
}

fn print(context: &Context, explanation: &Explanation) -> Result<()> {
    let Explanation { run, fingerprint, result: row, why, files, masked } = explanation;
    let text = |key: &str| context.text(key);
    let value = match &row.value {
        Some(value) => format!("{value} {}", why.unit),
        None => text(&format!("state-{}", row.state)),
    };
    say!("{} · {} {} · {} · {value}", why.indicator, row.object_name, why.object, why.period.id);
    let mut lines = vec![
        (
            text("why-run"),
            format!("{run} · {}", fingerprint.as_deref().and_then(|text| text.get(..16)).unwrap_or_default()),
        ),
        (text("why-formula"), format!("{}   [{}]", why.formula, why.version.get(..12).unwrap_or_default())),
    ];
    if let Some(basis) = &why.basis {
        lines.push((text("why-basis"), basis.clone()));
    }
    if let Some(exact) = &why.exact {
        let decimals = why.decimals.to_string();
        lines.push((text("why-exact"), context.fill("why-rounding", &[("exact", exact), ("decimals", &decimals)])));
    }
    lines.push((text("why-verdict"), text(&format!("verdict-{}", word(&why.attainment)))));
    for threshold in &why.thresholds {
        // A warning value states when to warn, all others state what is wanted.
        let warns = threshold.threshold.kind == ThresholdKind::Warning;
        let mark = match (threshold.holds, warns) {
            (Some(true), true) => "!",
            (Some(true), false) => "✓",
            (Some(false), false) => "✗",
            (Some(false), true) | (None, _) => "·",
        };
        let one = &threshold.threshold;
        lines.push((
            text(&format!("threshold-{}", word(&one.kind))),
            format!("{mark} {} · {} · {} · {}", one.when, threshold.scope, one.source, context.verified(one.verified)),
        ));
        for beaten in &threshold.beaten {
            let (when, scope) = (beaten.threshold.when.to_string(), beaten.scope.clone());
            lines.push((String::new(), context.fill("why-beaten", &[("when", &when), ("scope", &scope)])));
        }
    }
    let units = why.units.iter().map(|(kind, id)| format!("{kind}/{id}")).collect::<Vec<_>>().join(" < ");
    lines.push((text("why-hierarchy"), format!("{} · {units}", why.view)));
    let dates = format!("{} – {}", why.period.start, why.period.end.pred_opt().unwrap_or(why.period.end));
    lines.push((text("col-period"), format!("{} · {dates}", context.label(&why.period.names))));
    for input in &why.inputs {
        let value = input.value.number().map_or_else(|| word(&input.value), |number| number.to_string());
        lines.push((
            format!("@{}", input.indicator),
            format!("{value} · {}/{} · {}", input.kind, input.object, input.period),
        ));
    }
    say!("{}", pairs(&lines, context.width()));
    for measure in &why.measures {
        print_measure(context, measure, files)?;
    }
    for rule in &why.rules {
        say!("\n{} {} {} ({})", text("why-rule"), rule.rule_name, rule.rule, rule.level_name);
        for reason in &rule.reasons {
            say!("  {reason}");
        }
    }
    if let Some(reason) = masked {
        say!("\n{reason}");
    }
    say!();
    Ok(())
}

fn print_measure(context: &Context, measure: &MeasureWhy, files: &BTreeMap<String, String>) -> Result<()> {
    let value = measure.value.clone().unwrap_or_else(|| context.text("gap-no-data"));
    let unit = measure.unit.as_deref().unwrap_or_default();
    say!("\n{} = {value} {unit}   {}", measure.name, measure.aggregate);
    if let Some(sql) = measure.rows_sql.as_ref().or(measure.sql.as_ref()) {
        say!("  SQL: {sql}");
    }
    if measure.children_total > 0 {
        let shown: Vec<String> = measure
            .children
            .iter()
            .take(CHILDREN)
            .map(|child| format!("{}/{}={}", child.kind, child.object, child.value))
            .collect();
        let count = measure.children_total.to_string();
        say!("  {} {}", context.fill("why-children", &[("count", &count)]), shown.join(" "));
    }
    print_rows(context, &measure.rows, files)?;
    for source in &measure.sources {
        say!("  ← {}: {}", source.dataset, source.sql);
        print_rows(context, &source.rows, files)?;
    }
    Ok(())
}

/// Rows with the file and line that they came from.
fn print_rows(context: &Context, rows: &[SampleRow], files: &BTreeMap<String, String>) -> Result<()> {
    for row in rows {
        let place = match files.get(&row.batch) {
            Some(file) => format!("{file}:{}", row.line),
            None => context.text("why-computed-row"),
        };
        let cells: Vec<String> =
            row.cells.iter().map(|(field, value)| format!("{field}={}", value.as_deref().unwrap_or("∅"))).collect();
        say!("  {place}  {}", cells.join(" "));
    }
    Ok(())
}
