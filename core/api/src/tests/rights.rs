//! Who may do what: every operation of the description as every role that ships, as somebody without a role and as a
//! stranger, held against one table.

use super::house::{House, actor};
use axum::body::Body;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tower::ServiceExt;
use zhengai_model::fault::Fault;
use zhengai_model::rights::{Grant, Purposes, Reach, Reaches, Right, Role, Roles, Scope};
use zhengai_model::text::Language;
use zhengai_service::Actor;
use zhengai_wire::call::Method;
use zhengai_wire::{Client, Failure, Job, Request};

/// Operation, then what it asks for: one right, any of several, or each of them for the whole college (`whole`).
/// `anybody` is everybody who has a token, `everybody` needs none.
const TABLE: &str = "
    audit_list              read-audit
    audit_show              read-audit
    audit_verify            read-audit
    batches_approve         review-data
    batches_list            read-rows
    batches_plan            read-rows
    batches_refuse          review-data
    batches_replay          import-data
    batches_show            read-rows
    cycles_close            manage-cycles
    cycles_create           manage-cycles
    cycles_list             read-results
    cycles_move             manage-cycles
    cycles_show             read-results
    cycles_templates        read-results
    datasets_define         define-indicators
    datasets_list           read-results
    datasets_show           read-results
    drafts_assist           define-indicators
    drafts_discard          define-indicators
    drafts_examine          define-indicators
    drafts_list             define-indicators
    drafts_publish          publish-indicators
    drafts_rehearse         define-indicators
    drafts_sample           define-indicators
    drafts_save             define-indicators
    drafts_show             define-indicators
    heatmap_show            read-results
    imports_start           import-data
    indicators_catalog      read-results
    indicators_check        define-indicators
    indicators_diff         read-results
    indicators_publish      publish-indicators
    indicators_show         read-results
    jobs_cancel             anybody
    jobs_events             anybody
    jobs_list               anybody
    jobs_show               anybody
    meta_health             everybody
    meta_openapi            everybody
    objects_list            read-results
    objects_search          read-results
    objects_show            read-results
    overview_show           read-results
    periods_list            read-results
    periods_lock            manage-cycles
    periods_settled         read-results
    periods_unlock          manage-cycles
    plugins_accept          manage-plugins
    plugins_add_key         manage-plugins
    plugins_change          manage-plugins
    plugins_check           manage-plugins
    plugins_form            manage-plugins
    plugins_keys            manage-plugins
    plugins_list            manage-plugins
    plugins_lock            manage-plugins
    plugins_remove_key      manage-plugins
    plugins_screen          read-rows whole
    plugins_screens         read-rows
    plugins_show            manage-plugins
    query_export            query whole
    query_plan              query whole
    query_run               query whole
    query_words             query whole
    rejects_check           review-data
    rejects_export          read-rows
    rejects_list            read-rows
    rejects_mend            review-data
    reports_file            write-reports
    reports_kinds           write-reports
    reports_preview         write-reports
    runs_choices            read-results
    runs_compare            read-results
    runs_export             read-results read-personal whole
    runs_list               read-results
    runs_results            read-results
    runs_show               read-results
    runs_start              run-diagnosis
    secrets_list            manage-sources
    secrets_remove          manage-sources
    secrets_set             manage-sources
    session_show            anybody
    sources_add             manage-sources
    sources_change          manage-sources
    sources_check           manage-sources
    sources_discover        manage-sources
    sources_list            read-rows
    sources_remove          manage-sources
    sources_show            read-rows
    sources_switch          manage-sources
    sources_sync            manage-sources
    sources_syncs_list      read-rows
    system_backup           manage-system
    system_backups          manage-system
    system_config           manage-system
    system_doctor           manage-system
    system_fetch_backup     manage-system
    system_forget_backup    manage-system
    system_set              manage-system
    system_verify_backup    manage-system
    thresholds_list         read-results
    thresholds_set          publish-indicators
    thresholds_withdraw     publish-indicators
    undo_show               anybody
    undo_take_back          anybody
    uploads_discard         anybody
    uploads_put             import-data review-data manage-plugins manage-system
    users_add               manage-users
    users_change            manage-users
    users_create_token      manage-users
    users_grant             manage-users
    users_list              manage-users
    users_me                anybody
    users_revoke_token      manage-users
    users_roles             anybody
    users_show              manage-users
    users_tokens            manage-users
    users_withdraw          manage-users
    warnings_act            handle-warnings
    warnings_bulk           handle-warnings
    warnings_groups         read-results
    warnings_list           read-results
    warnings_show           read-results
    warnings_sparks         read-results
    warnings_tree           read-results
    why_explain             read-results
";

/// Words that a parameter must be so that the request reaches its use case.
const WORDS: [(&str, &str); 10] = [
    ("by", "unit"),
    ("fate", "new"),
    ("file", "results.csv"),
    ("id", "1"),
    ("ids", "1"),
    ("kind", "student"),
    ("layer", "student"),
    ("period", "AY2025-T1"),
    ("role", "reader"),
    ("seq", "1"),
];

/// What an operation asks for.
#[derive(Debug, Clone)]
enum Needs {
    Nothing,
    Token,
    AnyOf(Vec<Right>),
    Whole(Vec<Right>),
}

impl Needs {
    fn parse(words: &[&str]) -> Self {
        let right = |word: &str| Right::parse(word).unwrap_or_else(|| panic!("{word} is no right"));
        match words {
            ["everybody"] => Self::Nothing,
            ["anybody"] => Self::Token,
            [words @ .., "whole"] => Self::Whole(words.iter().map(|word| right(word)).collect()),
            words => Self::AnyOf(words.iter().map(|word| right(word)).collect()),
        }
    }

    /// The answer to somebody: 401, 403, or anything else.
    fn answer(&self, who: Option<&Actor>) -> Answer {
        let good = match (self, who) {
            (Self::Nothing, _) | (Self::Token, Some(_)) => true,
            (_, None) => return Answer::Unknown,
            (Self::AnyOf(rights), Some(who)) => rights.iter().any(|right| who.may(*right)),
            (Self::Whole(rights), Some(who)) => {
                let mut everywhere = who.grants.iter().filter(|grant| grant.scope.is_everything());
                everywhere.any(|grant| rights.iter().all(|right| grant.rights.contains(right)))
            }
        };
        if good { Answer::Let } else { Answer::Forbidden }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Let,
    Forbidden,
    Unknown,
}

impl Answer {
    fn of(status: u16) -> Self {
        match status {
            401 => Self::Unknown,
            403 => Self::Forbidden,
            _ => Self::Let,
        }
    }
}

/// The table, by operation.
fn table() -> BTreeMap<&'static str, Needs> {
    let lines = TABLE.lines().map(str::trim).filter(|line| !line.is_empty());
    let rows: Vec<(&str, Needs)> = lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let (operation, needs) = words.split_first().expect("an operation");
            (*operation, Needs::parse(needs))
        })
        .collect();
    let count = rows.len();
    let table: BTreeMap<_, _> = rows.into_iter().collect();
    assert_eq!(table.len(), count, "an operation stands twice");
    table
}

/// A role that ships, as somebody who holds it.
fn holder(role: &Role) -> Actor {
    let reach = match role.reach {
        Reaches::College => Reach::College,
        Reaches::Units => Reach::Units(["department/D1".parse().expect("a place")].into()),
        Reaches::Own => Reach::Own,
    };
    let grant = Grant {
        role: role.id.clone(),
        rights: role.rights.clone(),
        purposes: Purposes::These(role.purposes.clone()),
        scope: Scope { layers: role.layers.clone(), reach },
    };
    Actor::new(&role.id, &role.id).holding([grant])
}

/// The smallest value that a schema takes.
fn smallest(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return match name {
            "BulkOrder" => json!({ "act": { "do": "acknowledge" }, "chosen": [] }),
            "CheckRequest" => json!({ "code": "STU-X" }),
            "FileRef" => json!({ "path": "/nowhere/file.csv" }),
            _ => smallest(document, &document["components"]["schemas"][name]),
        };
    }
    if let Some(first) = schema["enum"].as_array().and_then(|words| words.first()) {
        return first.clone();
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(one) = schema[several].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null")) {
            return smallest(document, one);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().map(|part| smallest(document, part));
        return Value::Object(parts.filter_map(|part| part.as_object().cloned()).flatten().collect());
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("object");
    match kind {
        "string" => match schema["format"].as_str() {
            Some("date") => json!("2026-01-01"),
            Some("date-time") => json!("2026-01-01T00:00:00Z"),
            _ => json!("x"),
        },
        "integer" | "number" => json!(1),
        "boolean" => json!(true),
        "array" => json!([]),
        _ => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let fields = required.iter().filter_map(Value::as_str);
            let given = fields.map(|name| (name.to_owned(), smallest(document, &schema["properties"][name])));
            Value::Object(given.collect::<Map<_, _>>())
        }
    }
}

/// A request for an operation that its handler understands.
fn request(document: &Value, path: &str, method: &str, operation: &Value) -> Request {
    let mut path = path.to_owned();
    let mut query = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().expect("a name");
        let known = WORDS.iter().find(|(word, _)| *word == name).map(|(_, value)| (*value).to_owned());
        let value = known.unwrap_or_else(|| match smallest(document, &parameter["schema"]) {
            Value::String(text) => text,
            other => other.to_string(),
        });
        match parameter["in"].as_str() {
            Some("path") => path = path.replace(&format!("{{{name}}}"), &value),
            Some("query") if parameter["required"] == true => query.push(format!("{name}={value}")),
            _ => {}
        }
    }
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    let method = serde_json::from_value::<Method>(json!(method.to_uppercase())).expect("a method");
    let body = (!body.is_null()).then(|| smallest(document, body));
    Request { method, path, query: query.join("&"), body, if_match: None }
}

/// How the router answers somebody; for a job, how the job ends.
async fn answer(house: &House, who: &Actor, request: &Request) -> (Answer, String) {
    let client = Client::new(house.api().memory(who.clone()), Language::English);
    match client.exchange(request).await {
        Ok((body, _)) => match serde_json::from_slice::<Job>(&body) {
            Ok(job) => match house.end(&client, &job.id).await.problem {
                Some(problem) if problem.code == Fault::Forbidden => (Answer::Forbidden, problem.detail),
                other => (Answer::Let, other.map(|problem| problem.detail).unwrap_or_default()),
            },
            Err(_) => (Answer::Let, String::new()),
        },
        Err(Failure::Problem(problem)) => (Answer::of(problem.status), problem.detail),
        // An answer that is no JSON, a file or a stream, is an answer.
        Err(_) => (Answer::Let, String::new()),
    }
}

async fn stranger(house: &House, request: &Request) -> Answer {
    let method = json!(request.method);
    let uri = format!("{}?{}", request.path, request.query);
    let body = request.body.as_ref().map(Value::to_string).unwrap_or_default();
    let asked = http::Request::builder().method(method.as_str().expect("a word")).uri(uri);
    let asked = asked.header("content-type", "application/json").body(Body::from(body)).expect("a request");
    Answer::of(house.api().router().oneshot(asked).await.expect("an answer").status().as_u16())
}

#[tokio::test]
async fn each_operation_is_open_to_exactly_the_roles_that_have_its_right() {
    let house = House::new();
    let document = serde_json::to_value(crate::document()).expect("JSON");
    let table = table();
    let roles = Roles::from_toml(include_str!("../../../../config/roles.toml")).expect("roles that ship");
    let mut people: Vec<Actor> = roles.roles().map(holder).collect();
    people.push(Actor::new("nobody", ""));
    assert!(people.len() > 8, "{people:?}");

    let (mut seen, mut wrong) = (BTreeSet::new(), Vec::new());
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let name = operation["operationId"].as_str().expect("a name");
            let Some(needs) = table.get(name) else {
                wrong.push(format!("{name} ({method} {path}) has no row in the table"));
                continue;
            };
            seen.insert(name);
            let request = request(&document, path, method, operation);
            let unknown = stranger(&house, &request).await;
            if unknown != needs.answer(None) {
                wrong.push(format!("{name} by a stranger: {unknown:?}"));
            }
            for person in &people {
                let (given, words) = answer(&house, person, &request).await;
                let expected = needs.answer(Some(person));
                if given != expected {
                    wrong.push(format!("{name} by {}: {given:?}, not {expected:?} {words}", person.name));
                }
            }
        }
    }
    wrong.extend(table.keys().filter(|name| !seen.contains(*name)).map(|name| format!("{name} is no operation")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_right_for_a_part_of_the_college_is_none_for_what_knows_no_parts() {
    let house = House::new();
    let everywhere =
        Actor::new("wang", "reader").holding([Grant { rights: [Right::Query].into(), ..Grant::everything() }]);
    let one_layer = Scope::everything().within(&[zhengai_model::layer::Layer::Student]);
    let partly = Actor::new("li", "reader").holding([Grant {
        rights: [Right::Query].into(),
        scope: one_layer,
        ..Grant::everything()
    }]);
    let query = zhengai_wire::query::QueryRequest { sql: "SELECT 1".to_owned(), ..Default::default() };
    let request = zhengai_wire::query::run(&query).into_request();
    assert_eq!(answer(&house, &everywhere, &request).await.0, Answer::Let);
    assert_eq!(answer(&house, &partly, &request).await.0, Answer::Forbidden);
    assert_eq!(answer(&house, &actor("clerk"), &request).await.0, Answer::Forbidden);
}
