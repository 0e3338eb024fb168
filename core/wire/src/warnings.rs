//! Warnings (预警): lists of up to a million in pieces, counts, causes, one with its history, and what people do with one
//! or with many.

use crate::call::Call;
use crate::page::Page;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use zhengai_model::layer::Layer;

/// Which warnings, in which order. Where several words may be given they stand between commas. Without anything: all open
/// ones, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WarningQuery {
    /// Closed ones as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<bool>,
    /// In one of these states of handling: `new,acknowledged,in-progress,resolved,reopened`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// In one of these conditions: `active,recovering,inactive,no-data,error,gone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Of one of these levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Of one of these rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Of rules that look at this indicator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
    /// Of this layer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub layer: Option<Layer>,
    /// About these units or what lies below them: `department/D1,class/C3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// About this object: `student/S1`, or the id alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Of this period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Given to this person; `-` for nobody, `me` for the one who asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// To be done before this day and not resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_before: Option<NaiveDate>,
    /// Suppressed in one of these ways: `none,silenced,inhibited,shelved`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppression: Option<String>,
    /// Held by this cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// With these words in the name or the id of the object, or in the name of the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What to sort by (the order in which they were raised).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// Which end comes first (`down`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Leave out so many first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// What warnings are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// The order in which they were raised.
    Raised,
    /// Rank of the level.
    Severity,
    /// The rule.
    Rule,
    /// Name of the object.
    Object,
    /// Units of the object.
    Unit,
    /// The period.
    Period,
    /// The condition.
    Condition,
    /// The state of handling.
    State,
    /// Who should act; nobody last.
    Assignee,
    /// Until when; no day last.
    Due,
}

/// Which end comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The smallest, first, earliest.
    Up,
    /// The greatest, last, newest.
    Down,
}

/// One step in the path of units above an object.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct UnitStep {
    /// Kind of the unit.
    pub kind: String,
    /// Its id.
    pub id: String,
}

/// A warning in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WarningLine {
    /// Its number.
    pub id: i64,
    /// Grows with every change; an act based on an older one is refused.
    pub revision: i64,
    /// Id of the level.
    pub level: String,
    /// Name of the level.
    pub level_name: String,
    /// Rank of the level, the most severe highest.
    pub severity: i64,
    /// Id of the rule.
    pub rule: String,
    /// Name of the rule.
    pub rule_name: String,
    /// The indicator that it is about, when it is about one: what `why` explains.
    pub indicator: Option<String>,
    /// Kind of the object.
    pub kind: String,
    /// The object.
    pub object: String,
    /// Its name.
    pub object_name: String,
    /// Units of the object, the coarsest first.
    pub units: Vec<UnitStep>,
    /// The period.
    pub period: String,
    /// The layer.
    #[schema(value_type = String)]
    pub layer: Layer,
    /// Why it was raised, in words.
    pub because: String,
    /// The value that was compared.
    pub value: Option<String>,
    /// The condition that it was compared with.
    pub threshold: Option<String>,
    /// What the machine sees: `active`, `inactive`, …
    pub condition: String,
    /// What people did: `new`, `acknowledged`, …
    pub handling: String,
    /// Why it was resolved.
    pub resolution: Option<String>,
    /// Why nobody is told: `none`, `silenced`, `inhibited`, `shelved`.
    pub suppression: String,
    /// Until which day it is silent.
    pub silent_until: Option<NaiveDate>,
    /// What an inhibited one waits for.
    pub cause: Option<String>,
    /// Who should act.
    pub assignee: Option<String>,
    /// Until when.
    pub due: Option<NaiveDate>,
    /// That day is past.
    pub overdue: bool,
    /// Still open.
    pub open: bool,
    /// When it was raised.
    pub at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// One entry in the history of a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
    /// In which role.
    pub role: String,
    /// What happened: `raised`, `acknowledge`, `comment`, …
    pub action: String,
    /// The reason or the comment given.
    pub why: Option<String>,
    /// The run, when a run did it.
    pub run: Option<String>,
}

/// A value of the past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Past {
    /// The run that computed it.
    pub run: String,
    /// The period of the value.
    pub period: String,
    /// The value; nothing where there was no number.
    pub value: Option<String>,
}

/// One warning with everything behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WarningDetail {
    /// The warning.
    pub line: WarningLine,
    /// Why it was raised, a sentence each.
    pub reasons: Vec<String>,
    /// Its history, oldest first.
    pub events: Vec<Event>,
    /// Values of its indicator for the same object, oldest first.
    pub past: Vec<Past>,
    /// The run that raised it.
    pub first_run: String,
    /// The last run that changed it.
    pub last_run: String,
    /// As recorded, for programs: `warning` and `events`.
    #[schema(value_type = Object)]
    pub record: serde_json::Value,
}

/// What to count by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Grouping {
    /// The rule.
    Rule,
    /// The coarsest unit.
    Unit,
    /// The level.
    Severity,
    /// Who should act.
    Assignee,
    /// The state of handling.
    State,
}

impl Grouping {
    /// All of them, in the order in which a key walks through them.
    pub const ALL: [Self; 5] = [Self::Severity, Self::Rule, Self::Unit, Self::Assignee, Self::State];

    /// The word used in paths and commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Unit => "unit",
            Self::Severity => "severity",
            Self::Assignee => "assignee",
            Self::State => "state",
        }
    }
}

/// Warnings that have something in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Group {
    /// What they have in common, as the filter takes it; nothing stands for nobody, or for no unit.
    pub key: Option<String>,
    /// The same for people.
    pub name: String,
    /// How many.
    pub count: u64,
    /// Rank of the most severe level among them.
    pub severity: i64,
    /// Name of that level.
    pub level_name: String,
}

/// What holds warnings of a node of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CauseKind {
    /// Nothing: they speak.
    Open,
    /// Another fault explains them.
    Inhibited,
    /// A cap on how many one rule may raise; these have no number of their own.
    Capped,
    /// Somebody silenced them.
    Silenced,
    /// Somebody put them aside.
    Shelved,
}

/// A cause with what it holds, or a rule with what it raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CauseNode {
    /// What kind of cause.
    pub kind: CauseKind,
    /// The cause or rule, as the filter takes it.
    pub key: String,
    /// The same for people.
    pub name: String,
    /// How many warnings.
    pub count: u64,
    /// Rank of the most severe level among them.
    pub severity: i64,
    /// What is below it.
    #[schema(no_recursion)]
    pub children: Vec<CauseNode>,
}

/// What a person does with a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", tag = "do")]
pub enum Act {
    /// 确认: somebody has seen it.
    Acknowledge,
    /// 指派 to a person, who works on it from now on.
    Assign {
        /// To whom.
        to: String,
        /// Until when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<NaiveDate>,
    },
    /// 备注: the warning stays as it is.
    Comment {
        /// The words.
        text: String,
    },
    /// 静默 until a day.
    Silence {
        /// First day on which it speaks again.
        until: NaiveDate,
        /// Why.
        why: String,
    },
    /// 办结
    Resolve {
        /// `cured`, `data-error`, `threshold-wrong`, `accepted-risk`, `duplicate`.
        reason: String,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
    /// 重开
    Reopen {
        /// Why.
        why: String,
    },
    /// 抑制: another fault explains it.
    Inhibit {
        /// The fault.
        by: String,
    },
    /// 搁置
    Shelve,
    /// Takes silence, inhibition or shelving back.
    Speak,
}

/// An act on one warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActOrder {
    /// What to do.
    #[serde(flatten)]
    pub act: Act,
    /// The revision that was seen: refused when somebody changed the warning since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
}

/// One warning of a selection, as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Chosen {
    /// Its number.
    pub id: i64,
    /// Its revision when it was chosen; without it the warning is taken as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
}

/// The same for many: a selection, or all that a filter finds. Either must be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkOrder {
    /// What to do.
    pub act: Act,
    /// With these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<Vec<Chosen>>,
    /// With all that this finds (never more than 10 000 at once).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<WarningQuery>,
}

/// What came of an act on many. What is done was done in one change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BulkOutcome {
    /// Warnings that were changed.
    pub done: Vec<i64>,
    /// Those that were not, each with its reason.
    pub refused: Vec<Refused>,
    /// How many more the filter finds, beyond what one call takes.
    pub left: u64,
}

/// A warning that was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refused {
    /// Its number.
    pub id: i64,
    /// Why.
    pub reason: String,
}

/// Which warnings to give the values of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SparkQuery {
    /// Numbers between commas (at most 200).
    pub ids: String,
}

/// `GET /v1/warnings`
pub fn list(query: &WarningQuery) -> Call<Page<WarningLine>> {
    Call::get(&["warnings"]).query(query)
}

/// `GET /v1/warnings/groups/{by}`: counts of what the filter finds.
pub fn groups(by: Grouping, query: &WarningQuery) -> Call<Vec<Group>> {
    Call::get(&["warnings", "groups", by.as_str()]).query(query)
}

/// `GET /v1/warnings/tree`: what the filter finds under what holds it.
pub fn tree(query: &WarningQuery) -> Call<Vec<CauseNode>> {
    Call::get(&["warnings", "tree"]).query(query)
}

/// `GET /v1/warnings/sparks`: past values of the indicators of some warnings, oldest first.
pub fn sparks(ids: &[i64]) -> Call<BTreeMap<i64, Vec<Past>>> {
    let ids = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    Call::get(&["warnings", "sparks"]).query(&SparkQuery { ids })
}

/// `GET /v1/warnings/{id}`
pub fn show(id: &str) -> Call<WarningDetail> {
    Call::get(&["warnings", id])
}

/// `POST /v1/warnings/{id}/acts`
pub fn act(id: &str, order: &ActOrder) -> Call<WarningLine> {
    Call::post(&["warnings", id, "acts"]).body(order)
}

/// `POST /v1/warnings/acts`: many at once, in one change.
pub fn bulk(order: &BulkOrder) -> Call<BulkOutcome> {
    Call::post(&["warnings", "acts"]).body(order)
}

#[cfg(test)]
mod tests {
    use super::{Act, ActOrder, BulkOrder, Chosen, Sort, WarningQuery, bulk, list};

    #[test]
    fn an_order_says_its_act_and_its_revision_side_by_side() {
        let order = ActOrder { act: Act::Comment { text: "已联系".to_owned() }, revision: Some(3) };
        let json = serde_json::to_value(&order).expect("JSON");
        assert_eq!(json, serde_json::json!({"do": "comment", "text": "已联系", "revision": 3}));
        assert_eq!(serde_json::from_value::<ActOrder>(json).expect("an order"), order);
        let plain: ActOrder = serde_json::from_str(r#"{"do": "acknowledge"}"#).expect("an order");
        assert_eq!((plain.act, plain.revision), (Act::Acknowledge, None));
    }

    #[test]
    fn a_query_crosses_in_the_address_and_a_bulk_filter_in_the_body() {
        let query =
            WarningQuery { unit: Some("class/C1".into()), sort: Some(Sort::Due), limit: Some(2), ..Default::default() };
        assert_eq!(list(&query).request().query, "unit=class%2FC1&sort=due&limit=2");
        let chosen = Some(vec![Chosen { id: 7, revision: None }]);
        let order = BulkOrder { act: Act::Shelve, chosen, filter: Some(query) };
        let body = bulk(&order).into_request().body.expect("a body");
        assert_eq!(serde_json::from_value::<BulkOrder>(body).expect("an order"), order);
    }
}
