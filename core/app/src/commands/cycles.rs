//! `cycle create|templates|list|show|close`.

use crate::cli::CycleCommand;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, say};
use anyhow::Result;
use serde_json::json;
use zhengai_service::CycleRecord;
use zhengai_service::college::Access;
use zhengai_service::cycles::CycleOrder;
use zhengai_service::words::word;

pub(crate) async fn run(context: &Context, command: &CycleCommand) -> Result<u8> {
    match command {
        CycleCommand::Create { template, period, layer, object, name } => {
            let college = context.open(Access::Write).await?;
            let order = CycleOrder {
                template: template.clone(),
                period: period.clone(),
                layers: layer.iter().map(|layer| (*layer).into()).collect(),
                objects: object.clone(),
                name: name.clone(),
            };
            let cycle = college.create_cycle(&order).await?;
            context.print(&table(context, std::slice::from_ref(&cycle)))?;
            college.close().await;
        }
        CycleCommand::Templates => {
            let college = context.open(Access::Read).await?;
            let mut rows = Rows::new(context.columns(&["id", "name", "period_kind", "layers", "steps", "verified"]));
            for template in college.templates() {
                let steps = template.steps.iter().map(|step| context.label(&step.names)).collect::<Vec<_>>();
                rows.rows.push(vec![
                    json!(template.id),
                    json!(context.label(&template.names)),
                    json!(word(&template.period)),
                    json!(template.layers.iter().map(|layer| layer.as_str()).collect::<Vec<_>>().join(" ")),
                    json!(steps.join(" → ")),
                    json!(context.verified_cell(template.verified)),
                ]);
            }
            context.print(&rows)?;
        }
        CycleCommand::List => {
            let college = context.open(Access::Read).await?;
            context.print(&table(context, &college.cycles().await?))?;
        }
        CycleCommand::Show { cycle } => show(context, cycle).await?,
        CycleCommand::Close { cycle, why } => {
            let college = context.open(Access::Write).await?;
            let fallback = context.text("cycle-closed-reason");
            college.close_cycle(cycle, why.as_deref().unwrap_or(&fallback)).await?;
            context.hint(&context.fill("cycle-closed", &[("cycle", cycle)]));
            college.close().await;
        }
    }
    Ok(exit::DONE)
}

fn table(context: &Context, cycles: &[CycleRecord]) -> Rows {
    let mut rows =
        Rows::new(context.columns(&["cycle", "name", "template", "period", "layers", "state", "step", "at"]));
    for cycle in cycles {
        let step = cycle.template.steps.iter().find(|step| step.id == cycle.step);
        rows.rows.push(vec![
            json!(cycle.id),
            json!(cycle.name),
            json!(cycle.template.id),
            json!(cycle.period),
            json!(cycle.layers.iter().map(|layer| layer.as_str()).collect::<Vec<_>>().join(" ")),
            json!(context.text(&format!("cycle-state-{}", word(&cycle.state)))),
            json!(step.map(|step| context.label(&step.names))),
            json!(cycle.at.format("%Y-%m-%d %H:%M").to_string()),
        ]);
    }
    rows
}

async fn show(context: &Context, id: &str) -> Result<()> {
    let college = context.open(Access::Read).await?;
    let (cycle, steps, runs) = college.cycle_detail(id).await?;
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(&json!({ "cycle": cycle, "steps": steps, "runs": runs }))?);
        return Ok(());
    }
    let lines = [
        (context.text("col-cycle"), cycle.id.to_string()),
        (context.text("col-name"), cycle.name.clone()),
        (context.text("col-period"), cycle.period.to_string()),
        (context.text("col-state"), context.text(&format!("cycle-state-{}", word(&cycle.state)))),
    ];
    say!("{}\n", pairs(&lines, context.width()));
    let mut rows = Rows::new(context.columns(&["step", "name", "loop", "responsible", "evidence", "state"]));
    for step in &cycle.template.steps {
        let names = |list: &[zhengai_model::text::Names]| {
            list.iter().map(|names| context.label(names)).collect::<Vec<_>>().join(" ")
        };
        let state = steps.iter().find(|record| record.step == step.id).map(|record| word(&record.state));
        rows.rows.push(vec![
            json!(step.id),
            json!(context.label(&step.names)),
            json!(word(&step.of_loop)),
            json!(names(&step.responsible)),
            json!(names(&step.evidence)),
            json!(state),
        ]);
    }
    context.print(&rows)?;
    context.print(&super::diagnose::runs_table(context, &runs))
}
