//! What a query or an act says, read into what the use cases take. A word that nobody knows is told with its name.

use crate::{ApiError, Cx};
use serde::de::DeserializeOwned;
use serde_json::Value;
use zhengai_model::ids::{LevelId, ObjectId, ObjectKind, RuleId};
use zhengai_service::college::College;
use zhengai_service::warnings::{Deed, Sorted};
use zhengai_service::{ServiceError, WarningFilter, WarningOrder, WarningSort, WarningText};
use zhengai_wire::page::{DEFAULT_LIMIT, MAX_LIMIT};
use zhengai_wire::warnings::{Act, Order, Sort, WarningQuery};

/// Stands for nobody.
const NOBODY: &str = "-";
/// Stands for the one who asks.
const ME: &str = "me";

/// Words of suppression.
const SUPPRESSIONS: [&str; 4] = ["none", "silenced", "inhibited", "shelved"];

fn bad(what: &'static str, value: &str) -> ServiceError {
    ServiceError::BadArgument { what, value: value.to_owned() }
}

/// The words between commas.
fn words(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty())
}

fn each<T>(what: &'static str, text: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, ServiceError> {
    words(text).map(|word| read(word).ok_or_else(|| bad(what, word))).collect()
}

/// An enum from its word.
fn word<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(Value::String(text.to_owned())).ok()
}

fn place(text: &str) -> Option<(ObjectKind, ObjectId)> {
    let (kind, id) = text.split_once('/')?;
    Some((ObjectKind::new(kind).ok()?, ObjectId::new(id).ok()?))
}

/// What the query says.
pub(super) async fn filter(college: &College, cx: &Cx, query: &WarningQuery) -> Result<WarningFilter, ApiError> {
    let mut rules: Vec<RuleId> = each("rule", query.rule.as_deref(), |word| RuleId::new(word).ok())?;
    if let Some(indicator) = &query.indicator {
        let about = college.rules_about(indicator)?;
        rules = if rules.is_empty() { about } else { rules.into_iter().filter(|rule| about.contains(rule)).collect() };
        if rules.is_empty() {
            return Err(bad("rule", query.rule.as_deref().unwrap_or_default()).into());
        }
    }
    let (kind, object) = match query.object.as_deref() {
        None => (None, None),
        Some(text) => match place(text) {
            Some((kind, id)) => (Some(kind), Some(id)),
            None => (None, Some(ObjectId::new(text).map_err(|_| bad("object", text))?)),
        },
    };
    let period = query.period.as_deref().map(|text| college.period(text)).transpose()?;
    let text = match query.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => {
            let meant = college.meant(text).await?;
            let objects = meant.objects.into_iter().map(|place| place.id).collect();
            Some(WarningText { text: text.to_owned(), rules: meant.rules, objects })
        }
        None => None,
    };
    let known = &college.definitions().levels;
    let level = |word: &str| LevelId::new(word).ok().filter(|level| known.contains(level));
    let assignee = query.assignee.as_deref();
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT);
    Ok(WarningFilter {
        with_closed: query.all.unwrap_or(false),
        layer: query.layer,
        rules,
        kind,
        object,
        units: each("unit", query.unit.as_deref(), place)?,
        period: period.map(|period| period.id),
        levels: each("level", query.level.as_deref(), level)?,
        conditions: each("condition", query.condition.as_deref(), word)?,
        handlings: each("state", query.state.as_deref(), word)?,
        suppressions: each("suppression", query.suppression.as_deref(), |word| {
            SUPPRESSIONS.contains(&word).then(|| word.to_owned())
        })?,
        cause: query.cause.clone(),
        assignee: match assignee {
            Some(ME) => Some(cx.actor.name.clone()),
            Some(NOBODY) | None => None,
            Some(name) => Some(name.to_owned()),
        },
        unassigned: assignee == Some(NOBODY),
        due_before: query.due_before,
        text,
        limit: Some(u32::try_from(limit).unwrap_or(u32::MAX)),
        offset: u32::try_from(query.offset.unwrap_or(0)).unwrap_or(u32::MAX),
        ..WarningFilter::default()
    })
}

/// The order that the query asks for.
pub(super) fn sorted(query: &WarningQuery) -> Sorted {
    let by = match query.sort.unwrap_or(Sort::Raised) {
        Sort::Raised => WarningSort::Raised,
        Sort::Severity => WarningSort::Severity,
        Sort::Rule => WarningSort::Rule,
        Sort::Object => WarningSort::Object,
        Sort::Unit => WarningSort::Unit,
        Sort::Period => WarningSort::Period,
        Sort::Condition => WarningSort::Condition,
        Sort::State => WarningSort::Handling,
        Sort::Assignee => WarningSort::Assignee,
        Sort::Due => WarningSort::Due,
    };
    let order = match query.order.unwrap_or(Order::Down) {
        Order::Up => WarningOrder::Up,
        Order::Down => WarningOrder::Down,
    };
    Sorted { by, order }
}

/// What somebody wants to do.
pub(super) fn deed(act: &Act) -> Result<Deed, ServiceError> {
    Ok(match act.clone() {
        Act::Acknowledge => Deed::Acknowledge,
        Act::Assign { to, due } => Deed::Assign { to, due },
        Act::Comment { text } => Deed::Comment { text },
        Act::Silence { until, why } => Deed::Silence { until, why },
        Act::Resolve { reason, why } => {
            let resolution = word(&reason).ok_or_else(|| bad("reason", &reason))?;
            Deed::Resolve { resolution, why }
        }
        Act::Reopen { why } => Deed::Reopen { why },
        Act::Inhibit { by } => Deed::Inhibit { by },
        Act::Shelve => Deed::Shelve,
        Act::Speak => Deed::Speak,
    })
}
