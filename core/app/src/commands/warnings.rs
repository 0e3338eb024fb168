//! `warning list|groups|tree|show|ack|assign|comment|resolve|reopen|silence|bulk`.

use crate::cli::{ActName, GroupName, SortName, WarningArgs, WarningCommand};
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, say};
use anyhow::Result;
use serde_json::json;
use zhengai_wire::warnings::{
    self, Act, ActOrder, BulkOrder, BulkOutcome, CauseNode, Chosen, Grouping, Order, Sort, WarningLine, WarningQuery,
};

pub(crate) async fn run(context: &Context, command: &WarningCommand) -> Result<u8> {
    match command {
        WarningCommand::List(filter) => list(context, filter).await?,
        WarningCommand::Groups { by, filter } => groups(context, *by, filter).await?,
        WarningCommand::Tree(filter) => tree(context, filter).await?,
        WarningCommand::Show { warning } => show(context, warning).await?,
        WarningCommand::Ack { warning } => {
            let client = context.client().await?;
            let mut done = Vec::new();
            for id in warning {
                done.push(client.send(warnings::act(id, &plain(Act::Acknowledge))).await?);
            }
            context.print(&table(context, &done))?;
        }
        WarningCommand::Assign { warning, to, due } => {
            let due = due.as_deref().map(|day| context.day(day)).transpose()?;
            act(context, warning, Act::Assign { to: to.clone(), due }).await?;
        }
        WarningCommand::Comment { warning, text } => act(context, warning, Act::Comment { text: text.clone() }).await?,
        WarningCommand::Resolve { warning, reason, why } => {
            act(context, warning, Act::Resolve { reason: reason.clone(), why: why.clone() }).await?;
        }
        WarningCommand::Reopen { warning, why } => act(context, warning, Act::Reopen { why: why.clone() }).await?,
        WarningCommand::Silence { warning, until, why } => {
            act(context, warning, Act::Silence { until: context.day(until)?, why: why.clone() }).await?;
        }
        WarningCommand::Bulk { act, id, to, due, until, reason, why, filter } => {
            let said = Said { to, due, until, reason, why };
            let act = act_of(context, *act, &said)?;
            return bulk(context, act, id, filter).await;
        }
    }
    Ok(exit::DONE)
}

fn plain(act: Act) -> ActOrder {
    ActOrder { act, revision: None }
}

async fn act(context: &Context, id: &str, act: Act) -> Result<()> {
    let done = context.client().await?.send(warnings::act(id, &plain(act))).await?;
    context.print(&table(context, &[done]))
}

/// What the options of `bulk` say.
struct Said<'a> {
    to: &'a Option<String>,
    due: &'a Option<String>,
    until: &'a Option<String>,
    reason: &'a Option<String>,
    why: &'a Option<String>,
}

/// An option that is missing is an empty text, which the use case refuses in its own words.
fn act_of(context: &Context, act: ActName, said: &Said<'_>) -> Result<Act> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = |text: &Option<String>| text.as_deref().map(|day| context.day(day)).transpose();
    Ok(match act {
        ActName::Ack => Act::Acknowledge,
        ActName::Assign => Act::Assign { to: text(said.to), due: day(said.due)? },
        ActName::Comment => Act::Comment { text: text(said.why) },
        ActName::Resolve => Act::Resolve { reason: text(said.reason), why: said.why.clone() },
        ActName::Reopen => Act::Reopen { why: text(said.why) },
        ActName::Silence => Act::Silence { until: context.day(&text(said.until))?, why: text(said.why) },
        ActName::Inhibit => Act::Inhibit { by: text(said.why) },
        ActName::Shelve => Act::Shelve,
        ActName::Speak => Act::Speak,
    })
}

fn query(context: &Context, filter: &WarningArgs) -> Result<WarningQuery> {
    let sort = filter.sort.map(|sort| match sort {
        SortName::Raised => Sort::Raised,
        SortName::Severity => Sort::Severity,
        SortName::Rule => Sort::Rule,
        SortName::Object => Sort::Object,
        SortName::Unit => Sort::Unit,
        SortName::Period => Sort::Period,
        SortName::Condition => Sort::Condition,
        SortName::State => Sort::State,
        SortName::Assignee => Sort::Assignee,
        SortName::Due => Sort::Due,
    });
    Ok(WarningQuery {
        all: filter.all.then_some(true),
        state: filter.state.clone(),
        level: filter.level.clone(),
        rule: filter.rule.clone(),
        indicator: filter.indicator.clone(),
        layer: filter.layer.map(Into::into),
        unit: filter.unit.clone(),
        object: filter.object.clone(),
        period: filter.period.clone(),
        assignee: filter.assignee.clone(),
        due_before: filter.due_before.as_deref().map(|day| context.day(day)).transpose()?,
        text: filter.text.clone(),
        sort,
        order: filter.up.then_some(Order::Up),
        offset: filter.offset,
        limit: Some(filter.limit),
        ..WarningQuery::default()
    })
}

async fn list(context: &Context, filter: &WarningArgs) -> Result<()> {
    let found = context.client().await?.send(warnings::list(&query(context, filter)?)).await?;
    context.print(&table(context, &found.items))?;
    if found.total > found.items.len() as u64 {
        let (shown, all) = (found.items.len().to_string(), found.total.to_string());
        context.hint(&context.fill("rows-more", &[("shown", &shown), ("all", &all)]));
    }
    Ok(())
}

async fn groups(context: &Context, by: GroupName, filter: &WarningArgs) -> Result<()> {
    let by = match by {
        GroupName::Severity => Grouping::Severity,
        GroupName::Rule => Grouping::Rule,
        GroupName::Unit => Grouping::Unit,
        GroupName::Assignee => Grouping::Assignee,
        GroupName::State => Grouping::State,
    };
    let found = context.client().await?.send(warnings::groups(by, &query(context, filter)?)).await?;
    let mut rows = Rows::new(context.columns(&["group", "name", ">count", "level"]));
    for group in found {
        rows.rows.push(vec![json!(group.key), json!(group.name), json!(group.count), json!(group.level_name)]);
    }
    context.print(&rows)
}

async fn tree(context: &Context, filter: &WarningArgs) -> Result<()> {
    let found = context.client().await?.send(warnings::tree(&query(context, filter)?)).await?;
    let mut rows = Rows::new(context.columns(&["held_by", "name", "rule", ">count"]));
    let push = |rows: &mut Rows, cause: &CauseNode, rule: Option<&CauseNode>| {
        let node = rule.unwrap_or(cause);
        let kind = serde_json::to_value(cause.kind)?;
        rows.rows.push(vec![kind, json!(node.name), json!(rule.map(|rule| &rule.key)), json!(node.count)]);
        Ok::<(), serde_json::Error>(())
    };
    for cause in &found {
        push(&mut rows, cause, None)?;
        for rule in &cause.children {
            push(&mut rows, cause, Some(rule))?;
        }
    }
    context.print(&rows)
}

async fn bulk(context: &Context, act: Act, ids: &[i64], filter: &WarningArgs) -> Result<u8> {
    let order = if ids.is_empty() {
        BulkOrder { act, chosen: None, filter: Some(query(context, filter)?) }
    } else {
        let chosen = ids.iter().map(|id| Chosen { id: *id, revision: None }).collect();
        BulkOrder { act, chosen: Some(chosen), filter: None }
    };
    let BulkOutcome { done, refused, left } = context.client().await?.send(warnings::bulk(&order)).await?;
    let mut rows = Rows::new(context.columns(&[">id", "state", "reason"]));
    let (made, kept) = (context.text("warning-bulk-made"), context.text("warning-bulk-refused"));
    let word = |table: &str, word: &str| if context.is_table() { table.to_owned() } else { word.to_owned() };
    for id in &done {
        rows.rows.push(vec![json!(id), json!(word(&made, "done")), json!(null)]);
    }
    for one in &refused {
        rows.rows.push(vec![json!(one.id), json!(word(&kept, "refused")), json!(one.reason)]);
    }
    context.print(&rows)?;
    let (done, refused, left) = (done.len().to_string(), refused.len().to_string(), left.to_string());
    context.hint(&context.fill("warning-bulk-done", &[("done", &done), ("refused", &refused), ("left", &left)]));
    Ok(exit::DONE)
}

pub(super) fn table(context: &Context, found: &[WarningLine]) -> Rows {
    let mut rows = Rows::new(context.columns(&[
        ">id",
        "level",
        "rule",
        "kind",
        "object",
        "object_name",
        "period",
        "because",
        "condition",
        "handling",
        "assignee",
        "due",
    ]));
    for line in found {
        let shown = |label: String, word: &str| if context.is_table() { label } else { word.to_owned() };
        rows.rows.push(vec![
            json!(line.id),
            json!(shown(line.level_name.clone(), &line.level)),
            json!(shown(line.rule_name.clone(), &line.rule)),
            json!(line.kind),
            json!(line.object),
            json!(line.object_name),
            json!(line.period),
            json!(line.because),
            json!(shown(context.text(&format!("condition-{}", line.condition)), &line.condition)),
            json!(shown(context.text(&format!("handling-{}", line.handling)), &line.handling)),
            json!(line.assignee),
            json!(line.due),
        ]);
    }
    rows
}

async fn show(context: &Context, id: &str) -> Result<()> {
    let found = context.client().await?.send(warnings::show(id)).await?;
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(&found.record)?);
        return Ok(());
    }
    let line = &found.line;
    let lines = [
        (context.text("col-id"), line.id.to_string()),
        (context.text("col-rule"), format!("{} {}", line.rule_name, line.rule)),
        (context.text("col-object"), format!("{} {}/{}", line.object_name, line.kind, line.object)),
        (context.text("col-period"), line.period.clone()),
        (context.text("col-level"), line.level_name.clone()),
        (context.text("col-because"), line.because.clone()),
        (context.text("col-condition"), context.text(&format!("condition-{}", line.condition))),
        (context.text("col-handling"), context.text(&format!("handling-{}", line.handling))),
        (context.text("col-suppression"), line.suppression.clone()),
        (context.text("col-assignee"), line.assignee.clone().unwrap_or_default()),
        (context.text("col-due"), line.due.map(|day| day.to_string()).unwrap_or_default()),
    ];
    say!("{}\n", pairs(&lines, context.width()));
    let mut rows = Rows::new(context.columns(&["at", "by", "action", "reason", "run"]));
    for event in &found.events {
        rows.rows.push(vec![
            json!(event.at.format("%Y-%m-%d %H:%M").to_string()),
            json!(event.by),
            json!(event.action),
            json!(event.why),
            json!(event.run),
        ]);
    }
    context.print(&rows)
}
