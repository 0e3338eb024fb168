//! `indicator draft …` and `indicator rehearse`: what is still being written, and what it would have said of past periods.

use crate::cli::{DraftCommand, RehearseArgs};
use crate::commands::indicators::{changes, checked, told};
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, say};
use anyhow::Result;
use serde_json::{Value, json};
use zhengai_model::indicator::IndicatorText;
use zhengai_service::ServiceError;
use zhengai_wire::Client;
use zhengai_wire::drafts::{
    self, Draft, DraftText, Examination, PublishDraft, Rehearsal, RehearseRequest, SampleRequest, SaveDraft,
};

pub(crate) async fn run(context: &Context, command: &DraftCommand) -> Result<u8> {
    let client = context.client().await?;
    match command {
        DraftCommand::List => {
            let mut rows = Rows::new(context.columns(&["code", "name", ">version", "at", "by", ">changed"]));
            for draft in client.send(drafts::list()).await? {
                rows.rows.push(vec![
                    json!(draft.code),
                    json!(draft.text.form.names.zh),
                    json!(draft.revision),
                    json!(draft.at.map(|at| at.format("%Y-%m-%d %H:%M").to_string())),
                    json!(draft.by),
                    json!(draft.changes.len()),
                ]);
            }
            context.print(&rows)?;
        }
        DraftCommand::Show { code } => {
            let draft = client.send(drafts::show(code)).await?;
            if context.is_table() {
                changes(context, &draft.changes)?;
                if !draft.theirs.is_empty() {
                    say!("{}", context.text("draft-theirs"));
                    changes(context, &draft.theirs)?;
                }
            } else {
                say!("{}", serde_json::to_string_pretty(&draft)?);
            }
        }
        DraftCommand::Set { code, fields } => {
            let draft = client.send(drafts::show(code)).await?;
            let text = DraftText { form: edited(&draft.text.form, fields)?, ..draft.text };
            let saved = save(&client, code, text, draft.revision, false).await?;
            changes(context, &saved.changes)?;
            return examined(context, &client, &saved).await;
        }
        DraftCommand::Check { code, period } => {
            let draft = client.send(drafts::show(code)).await?;
            let ended = examined(context, &client, &draft).await?;
            if ended == exit::DONE {
                let request = SampleRequest { text: draft.text, period: period.clone() };
                checked(context, &client.send(drafts::sample(&request)).await?)?;
            }
            return Ok(ended);
        }
        DraftCommand::Rebase { code } => {
            let draft = client.send(drafts::show(code)).await?;
            let saved = save(&client, code, draft.text, draft.revision, true).await?;
            changes(context, &saved.changes)?;
        }
        DraftCommand::Discard { code } => {
            client.send(drafts::discard(code)).await?;
            context.hint(&context.fill("draft-discarded", &[("code", code)]));
        }
        DraftCommand::Publish { code, why, leave } => {
            let request = PublishDraft { why: why.clone(), revision: None, leave: leave.clone() };
            let done = client.send(drafts::publish(code, &request)).await?;
            changes(context, &done.changes)?;
            told(context, &done.published);
        }
    }
    Ok(exit::DONE)
}

async fn save(client: &Client, code: &str, text: DraftText, revision: Option<u64>, rebased: bool) -> Result<Draft> {
    Ok(client.send(drafts::save(code, &SaveDraft { text, revision, rebased })).await?)
}

/// What is wrong with a draft, for people; partly done when something is.
async fn examined(context: &Context, client: &Client, draft: &Draft) -> Result<u8> {
    let found: Examination = client.send(drafts::examine(&draft.text)).await?;
    if context.is_table() {
        for fault in found.faults() {
            let column = fault.column.map(|column| format!(":{column}")).unwrap_or_default();
            say!("  ✗ {}{column} {}", fault.pointer, fault.text);
        }
        for hint in &found.hints {
            say!("  · {} {}", hint.pointer, hint.text);
        }
        if found.good {
            say!("  ✓ {}", context.text("check-good"));
        }
    }
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(&found)?);
    }
    Ok(if found.good { exit::DONE } else { exit::PARTLY })
}

pub(crate) async fn rehearse(context: &Context, args: &RehearseArgs) -> Result<u8> {
    let client = context.client().await?;
    let draft = client.send(drafts::show(&args.code)).await?;
    let text = DraftText { form: edited(&draft.text.form, &args.set)?, ..draft.text };
    let request = RehearseRequest { text: Some(text), thresholds: Vec::new(), periods: args.period.clone() };
    let job = context.job(drafts::rehearse(&args.code, &request)).await?;
    let found: Rehearsal = serde_json::from_value(job.result.unwrap_or_default())?;
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(&found)?);
        return Ok(exit::DONE);
    }
    let mut rows = Rows::new(context.columns(&[
        "period",
        "run",
        ">objects",
        ">warnings-before",
        ">warnings-after",
        ">appear",
        ">disappear",
        ">changed",
        ">values-changed",
    ]));
    for period in &found.periods {
        let (before, after): (u64, u64) =
            period.levels.iter().fold((0, 0), |sum, level| (sum.0 + level.before, sum.1 + level.after));
        rows.rows.push(vec![
            json!(period.period),
            json!(period.run),
            json!(period.objects.after),
            json!(before),
            json!(after),
            json!(period.appear),
            json!(period.disappear),
            json!(period.change),
            json!(period.values_changed),
        ]);
    }
    context.print(&rows)?;
    let mut rows = Rows::new(context.columns(&["period", "change", "rule", "object", "name", "before", "after"]));
    for warning in found.periods.iter().flat_map(|period| period.warnings.iter().take(SHOWN)) {
        rows.rows.push(vec![
            json!(warning.period),
            json!(context.text(&format!("rehearse-{}", warning.shift))),
            json!(warning.rule),
            json!(format!("{}/{}", warning.kind, warning.object)),
            json!(warning.object_name),
            json!(warning.before),
            json!(warning.after),
        ]);
    }
    if !rows.rows.is_empty() {
        context.print(&rows)?;
    }
    Ok(exit::DONE)
}

/// Warnings of each period that a table names.
const SHOWN: usize = 10;

/// The form with some fields changed: `values.warning=< 65`, `measures.taken.where=score > 0`.
fn edited(form: &IndicatorText, fields: &[String]) -> Result<IndicatorText> {
    let mut whole = serde_json::to_value(form)?;
    for pair in fields {
        let bad = || ServiceError::BadArgument { what: "setting", value: pair.clone() };
        let (path, text) = pair.split_once('=').ok_or_else(bad)?;
        let mut at = &mut whole;
        for part in path.trim().split('.') {
            at = step(at, part).ok_or_else(bad)?;
        }
        *at = match at {
            Value::Bool(_) => Value::Bool(text.trim() == "true"),
            Value::Array(_) => text.split([',', '，']).map(str::trim).filter(|one| !one.is_empty()).collect(),
            Value::String(_) => Value::String(text.trim().to_owned()),
            _ => return Err(bad().into()),
        };
    }
    Ok(serde_json::from_value(whole)?)
}

/// A part of a form: a field by name, a measure by its name (made when it is not there), a list item by number.
fn step<'a>(at: &'a mut Value, part: &str) -> Option<&'a mut Value> {
    match at {
        Value::Object(fields) => fields.get_mut(part),
        Value::Array(items) => {
            let named = items.iter().position(|item| item.get("name").and_then(Value::as_str) == Some(part));
            let place = match named.or_else(|| part.parse::<usize>().ok()?.checked_sub(1)) {
                Some(place) => place,
                None => {
                    let measure = zhengai_model::indicator::MeasureText { name: part.to_owned(), ..Default::default() };
                    items.push(serde_json::to_value(measure).ok()?);
                    items.len() - 1
                }
            };
            items.get_mut(place)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::edited;
    use zhengai_model::indicator::IndicatorText;

    fn fields(pairs: &[&str]) -> Vec<String> {
        pairs.iter().map(|pair| (*pair).to_owned()).collect()
    }

    #[test]
    fn fields_are_named_by_dots_and_measures_by_their_names() {
        let pairs =
            fields(&["values.warning=< 65", "measures.taken.where=score = 0", "also=class, major", "quantity=true"]);
        let form = edited(&IndicatorText::default(), &pairs).expect("a form");
        assert_eq!(form.values.warning, "< 65");
        assert_eq!((form.measures[0].name.as_str(), form.measures[0].filter.as_str()), ("taken", "score = 0"));
        assert_eq!(form.also, ["class", "major"]);
        assert!(form.quantity);
    }

    #[test]
    fn a_field_that_is_not_there_is_refused() {
        for pair in ["nothing=1", "values.nothing=1", "values=1", "code"] {
            assert!(edited(&IndicatorText::default(), &fields(&[pair])).is_err(), "{pair}");
        }
    }
}
