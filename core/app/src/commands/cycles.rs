//! `cycle create|templates|list|show|move|close`.

use crate::cli::CycleCommand;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, say};
use anyhow::Result;
use serde_json::json;
use zhengai_wire::cycles::{self, Cycle, CycleMove, CycleQuery, CycleState, NewCycle};
use zhengai_wire::page::MAX_LIMIT;
use zhengai_wire::runs::Run;

pub(crate) async fn run(context: &Context, command: &CycleCommand) -> Result<u8> {
    let client = context.client().await?;
    match command {
        CycleCommand::Create { template, period, layer, object, name } => {
            let new = NewCycle {
                template: template.clone(),
                period: period.clone(),
                layers: layer.iter().map(|layer| (*layer).into()).collect(),
                objects: object.clone(),
                name: name.clone(),
            };
            let cycle = client.send(cycles::create(&new)).await?;
            context.print(&table(context, std::slice::from_ref(&cycle)))?;
        }
        CycleCommand::Templates => {
            let mut rows = Rows::new(context.columns(&["id", "name", "period_kind", "layers", "steps", "verified"]));
            for template in client.send(cycles::templates()).await? {
                let template = template.0;
                let steps = template.steps.iter().map(|step| context.label(&step.names)).collect::<Vec<_>>();
                rows.rows.push(vec![
                    json!(template.id),
                    json!(context.label(&template.names)),
                    json!(template.period),
                    json!(template.layers.iter().map(|layer| layer.as_str()).collect::<Vec<_>>().join(" ")),
                    json!(steps.join(" → ")),
                    json!(context.verified_cell(template.verified)),
                ]);
            }
            context.print(&rows)?;
        }
        CycleCommand::List => {
            let query = CycleQuery { limit: Some(MAX_LIMIT), ..CycleQuery::default() };
            let found = client.send(cycles::list(&query)).await?;
            let found: Vec<Cycle> = found.items.into_iter().map(|line| line.cycle).collect();
            context.print(&table(context, &found))?;
        }
        CycleCommand::Show { cycle } => show(context, cycle).await?,
        CycleCommand::Move { cycle, to, evidence } => {
            let to = CycleMove { to: to.clone(), evidence: evidence.clone() };
            let cycle = client.send(cycles::advance(cycle, &to)).await?;
            context.print(&table(context, std::slice::from_ref(&cycle)))?;
        }
        CycleCommand::Close { cycle, why } => {
            let fallback = context.text("cycle-closed-reason");
            client.send(cycles::close(cycle, why.as_deref().unwrap_or(&fallback))).await?;
            context.hint(&context.fill("cycle-closed", &[("cycle", cycle)]));
        }
    }
    Ok(exit::DONE)
}

fn table(context: &Context, cycles: &[Cycle]) -> Rows {
    let mut rows =
        Rows::new(context.columns(&["cycle", "name", "template", "period", "layers", "state", "step", "at"]));
    for cycle in cycles {
        rows.rows.push(vec![
            json!(cycle.id),
            json!(cycle.name),
            json!(cycle.template.id),
            json!(cycle.period),
            json!(cycle.layers.iter().map(|layer| layer.as_str()).collect::<Vec<_>>().join(" ")),
            json!(state(context, cycle.state)),
            json!(cycle.template.step(&cycle.step).map(|step| context.label(&step.names))),
            json!(cycle.at.format("%Y-%m-%d %H:%M").to_string()),
        ]);
    }
    rows
}

fn state(context: &Context, state: CycleState) -> String {
    context.text(match state {
        CycleState::Open => "cycle-state-open",
        CycleState::Closed => "cycle-state-closed",
    })
}

async fn show(context: &Context, id: &str) -> Result<()> {
    let detail = context.client().await?.send(cycles::show(id)).await?;
    let (cycle, steps, runs) = (&detail.cycle, &detail.steps, &detail.runs);
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(&json!({ "cycle": cycle, "steps": steps, "runs": runs }))?);
        return Ok(());
    }
    let lines = [
        (context.text("col-cycle"), cycle.id.clone()),
        (context.text("col-name"), cycle.name.clone()),
        (context.text("col-period"), cycle.period.clone()),
        (context.text("col-state"), state(context, cycle.state)),
    ];
    say!("{}\n", pairs(&lines, context.width()));
    let mut rows = Rows::new(context.columns(&["step", "name", "loop", "responsible", "evidence", "state"]));
    for step in &cycle.template.steps {
        let names = |list: &[zhengai_model::text::Names]| {
            list.iter().map(|names| context.label(names)).collect::<Vec<_>>().join(" ")
        };
        let state = steps.iter().find(|record| record.step == step.id).map(|record| record.state);
        rows.rows.push(vec![
            json!(step.id),
            json!(context.label(&step.names)),
            json!(step.of_loop),
            json!(names(&step.responsible)),
            json!(names(&step.evidence)),
            json!(state),
        ]);
    }
    context.print(&rows)?;
    let runs: Vec<_> = runs.iter().map(Run::line).collect();
    context.print(&super::diagnose::runs_table(context, &runs))
}
