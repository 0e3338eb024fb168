//! Warnings: one open per identity, nobody's work overwritten, history kept.

use super::Place;
use super::samples::{admin, audit_rows, day, id, raise, raised, refused, run, warning};
use serde_json::json;
use zhengai_model::fault::Fault;
use zhengai_model::layer::Layer;
use zhengai_model::warning::{
    Action, ConditionState, Evaluation, Handling, Mode, Resolution, Seen, StepPolicy, Suppression, Warning,
    apply_action, step,
};
use zhengai_store::{
    Absent, Allowed, AuditFilter, Record, WarningAct, WarningFilter, WarningGrouping, WarningOrder, WarningRecord,
    WarningSort, WarningText, WarningWrite,
};

async fn all(record: &Record) -> Vec<WarningRecord> {
    record.warning_list(&WarningFilter { with_closed: true, ..WarningFilter::default() }).await.unwrap()
}

async fn only(record: &Record) -> WarningRecord {
    let found = all(record).await;
    assert_eq!(found.len(), 1);
    found.into_iter().next().unwrap()
}

fn evaluated(found: &WarningRecord, seen: Seen) -> WarningWrite {
    let identity = found.warning.identity.clone();
    let evaluation = Evaluation { identity, seen, today: day("2026-03-02"), mode: Mode::Live };
    let transition = step(Some(found.warning.clone()), &evaluation, StepPolicy::default());
    WarningWrite::moved(found, &transition, json!(["again"]), 2)
}

fn act<'a>(action: &'a str, after: Warning, why: Option<&'a str>) -> WarningAct<'a> {
    WarningAct { action, after, assignee: None, due: None, absent: Absent::Keeps, why }
}

pub(crate) async fn a_warning_is_raised_with_its_reason_and_first_event(place: &impl Place) {
    let record = place.open().await;
    let run = raised(&record, &["S1"]).await;
    let found = only(&record).await;
    assert_eq!((found.id.0, &found.warning), (1, &warning("S1")));
    assert_eq!((&found.first_run, found.due, found.mode), (&run, Some(day("2026-03-15")), Mode::Live));
    assert_eq!(found.because, json!([{"value": "71.00"}]));
    let events = record.warning_events(found.id).await.unwrap();
    assert_eq!(events.iter().map(|event| &*event.action).collect::<Vec<_>>(), ["raised"]);
    assert_eq!(events.first().unwrap().run.as_ref(), Some(&run));
}

pub(crate) async fn a_second_open_warning_of_one_identity_is_refused(place: &impl Place) {
    let record = place.open().await;
    let run = raised(&record, &["S1"]).await;
    let again = [raise(warning("S2")), raise(warning("S1"))];
    refused(record.warning_save(&admin(), &run, &again).await, "warning-open", Fault::Conflict);
    assert_eq!(all(&record).await.len(), 1);
    // Another period, object or rule is another identity.
    let mut other = warning("S1");
    other.identity.period = id("AY2025-T2");
    record.warning_save(&admin(), &run, &[raise(other)]).await.unwrap();
}

pub(crate) async fn a_closed_warning_makes_room_for_a_new_one_even_in_one_save(place: &impl Place) {
    let record = place.open().await;
    let run = raised(&record, &["S1"]).await;
    let found = only(&record).await;
    let resolve = Action::Resolve { resolution: Resolution::Cured, why: "已谈话".to_owned() };
    let after = apply_action(&found.warning, &resolve, day("2026-03-02")).unwrap();
    let found = record.warning_act(&admin(), &found, &act("resolve", after, Some("已谈话"))).await.unwrap();
    let closed = evaluated(&found, Seen::Good);
    record.warning_save(&admin(), &run, &[raise(warning("S1")), closed]).await.unwrap();
    assert_eq!(all(&record).await.iter().map(|found| found.id.0).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(record.warning_count(&WarningFilter::default()).await.unwrap(), 1);
    let loaded = record.warning_load(&id("AY2025-T1"), &[]).await.unwrap();
    assert_eq!(loaded.iter().map(|found| found.id.0).collect::<Vec<_>>(), [2]);
}

pub(crate) async fn clearing_the_condition_does_not_close_the_handling(place: &impl Place) {
    let record = place.open().await;
    let run = raised(&record, &["S1"]).await;
    let write = evaluated(&only(&record).await, Seen::Good);
    record.warning_save(&admin(), &run, &[write]).await.unwrap();
    let found = only(&record).await;
    let axes = (found.warning.condition, found.warning.handling);
    assert_eq!(axes, (ConditionState::Inactive, Handling::New));
    assert_eq!(record.warning_count(&WarningFilter::default()).await.unwrap(), 1);
    assert_eq!((found.revision, &found.because), (1, &json!(["again"])));
}

pub(crate) async fn a_pending_warning_that_is_withdrawn_was_never_there(place: &impl Place) {
    let record = place.open().await;
    let run = raised(&record, &[]).await;
    let pending = Warning { condition: ConditionState::Pending, ..warning("S1") };
    record.warning_save(&admin(), &run, &[raise(pending)]).await.unwrap();
    let found = only(&record).await;
    record.warning_save(&admin(), &run, &[evaluated(&found, Seen::Good)]).await.unwrap();
    assert!(all(&record).await.is_empty());
    assert!(record.warning_load(&id("AY2025-T1"), &[]).await.unwrap().is_empty());
    refused(record.warning_get(found.id).await, "not-found", Fault::NotFound);
    let events = record.warning_events(found.id).await.unwrap();
    assert_eq!(events.last().unwrap().action, "withdrawn");
    record.warning_save(&admin(), &run, &[raise(warning("S1"))]).await.unwrap();
}

pub(crate) async fn what_people_did_meanwhile_is_not_overwritten_by_a_run(place: &impl Place) {
    let record = place.open().await;
    let run = raised(&record, &["S1", "S2"]).await;
    let loaded = record.warning_load(&id("AY2025-T1"), &[id("STU-ATTENDANCE")]).await.unwrap();
    let first = loaded.first().unwrap();
    let after = apply_action(&first.warning, &Action::Acknowledge, day("2026-03-02")).unwrap();
    record.warning_act(&admin(), first, &act("acknowledge", after, None)).await.unwrap();
    let writes: Vec<_> = loaded.iter().map(|found| evaluated(found, Seen::Good)).collect();
    refused(record.warning_save(&admin(), &run, &writes).await, "stale-warnings", Fault::Conflict);
    let handlings: Vec<_> = all(&record).await.iter().map(|found| found.warning.handling).collect();
    assert_eq!(handlings, [Handling::New, Handling::Acknowledged]);
}

pub(crate) async fn an_action_on_an_outdated_view_is_refused(place: &impl Place) {
    let record = place.open().await;
    raised(&record, &["S1"]).await;
    let seen = only(&record).await;
    let after = apply_action(&seen.warning, &Action::Acknowledge, day("2026-03-02")).unwrap();
    record.warning_act(&admin(), &seen, &act("acknowledge", after.clone(), None)).await.unwrap();
    let rows = audit_rows(&record).await;
    refused(record.warning_act(&admin(), &seen, &act("start", after, None)).await, "stale", Fault::Conflict);
    let now = only(&record).await;
    let other = act("assign", warning("S2"), None);
    refused(record.warning_act(&admin(), &now, &other).await, "stale", Fault::Conflict);
    assert_eq!(audit_rows(&record).await, rows);
}

pub(crate) async fn each_human_action_is_one_audit_row_and_one_event(place: &impl Place) {
    let record = place.open().await;
    raised(&record, &["S1"]).await;
    let rows = audit_rows(&record).await;
    let seen = only(&record).await;
    let assign = WarningAct {
        action: "assign",
        after: seen.warning.clone(),
        assignee: Some("张老师".to_owned()),
        due: Some(day("2026-03-09")),
        absent: Absent::Keeps,
        why: Some("辅导员"),
    };
    let seen = record.warning_act(&admin(), &seen, &assign).await.unwrap();
    assert_eq!((seen.assignee.as_deref(), seen.due), (Some("张老师"), Some(day("2026-03-09"))));
    let silence = Action::Silence { until: day("2026-04-01"), by: "王敏".to_owned(), why: "实习".to_owned() };
    let after = apply_action(&seen.warning, &silence, day("2026-03-02")).unwrap();
    let seen = record.warning_act(&admin(), &seen, &act("silence", after, Some("实习"))).await.unwrap();
    assert!(matches!(seen.warning.suppression, Suppression::Silenced { .. }));
    assert_eq!(seen.assignee.as_deref(), Some("张老师"));
    assert_eq!(audit_rows(&record).await, rows + 2);
    let events = record.warning_events(seen.id).await.unwrap();
    assert_eq!(events.iter().map(|event| &*event.action).collect::<Vec<_>>(), ["raised", "assign", "silence"]);
    let last = events.last().unwrap();
    assert_eq!((&last.actor, last.why.as_deref(), &last.after), (&admin(), Some("实习"), &seen.warning));
    let mine = WarningFilter { assignee: Some("张老师".to_owned()), ..WarningFilter::default() };
    assert_eq!(record.warning_count(&mine).await.unwrap(), 1);
}

pub(crate) async fn many_transitions_are_one_transaction_and_one_audit_row(place: &impl Place) {
    let record = place.open().await;
    record.run_start(&admin(), &run("R1")).await.unwrap();
    let many: Vec<_> = (0..2_345).map(|number| raise(warning(&format!("S{number:05}")))).collect();
    let saved = record.warning_save(&admin(), &id("R1"), &many).await.unwrap();
    assert_eq!((saved.raised, saved.moved), (2_345, 0));
    let loaded = record.warning_load(&id("AY2025-T1"), &[]).await.unwrap();
    assert_eq!(loaded.len(), 2_345);
    assert_eq!(loaded.first().unwrap().warning.identity.object, id("S00000"));
    let moves: Vec<_> = loaded.iter().map(|found| evaluated(found, Seen::NoData)).collect();
    let saved = record.warning_save(&admin(), &id("R1"), &moves).await.unwrap();
    assert_eq!((saved.raised, saved.moved), (0, 2_345));
    let quiet = WarningFilter { conditions: vec![ConditionState::NoData], ..WarningFilter::default() };
    assert_eq!(record.warning_count(&quiet).await.unwrap(), 2_345);
    assert_eq!(audit_rows(&record).await, 3);
    assert_eq!(record.audit_verify().await.unwrap().broken, None);
}

pub(crate) async fn warnings_are_found_by_every_filter(place: &impl Place) {
    let record = place.open().await;
    let run = raised(&record, &["S1", "S2"]).await;
    let count = |filter: WarningFilter| {
        let record = record.clone();
        async move { record.warning_count(&filter).await.unwrap() }
    };
    let filter = WarningFilter::default;
    assert_eq!(count(WarningFilter { object: Some(id("S1")), kind: Some(id("student")), ..filter() }).await, 1);
    assert_eq!(count(WarningFilter { levels: vec![id("mild"), id("serious")], ..filter() }).await, 2);
    assert_eq!(count(WarningFilter { levels: vec![id("mild")], ..filter() }).await, 0);
    assert_eq!(count(WarningFilter { handlings: vec![Handling::Resolved], ..filter() }).await, 0);
    assert_eq!(count(WarningFilter { rule: Some(id("OTHER")), ..filter() }).await, 0);
    assert_eq!(count(WarningFilter { last_run: Some(run), period: Some(id("AY2025-T1")), ..filter() }).await, 2);
    assert_eq!(count(WarningFilter { layer: Some(zhengai_model::layer::Layer::Major), ..filter() }).await, 0);
    let page = WarningFilter { limit: Some(1), offset: 1, ..filter() };
    assert_eq!(record.warning_list(&page).await.unwrap().first().unwrap().id.0, 1);
    assert!(record.warning_load(&id("AY2025-T1"), &[id("OTHER")]).await.unwrap().is_empty());
}

pub(crate) async fn many_at_once_are_one_change_with_a_row_for_each(place: &impl Place) {
    let record = place.open().await;
    raised(&record, &["S1", "S2", "S3"]).await;
    let rows = audit_rows(&record).await;
    let acknowledged = |seen: WarningRecord| {
        let after = apply_action(&seen.warning, &Action::Acknowledge, day("2026-03-02")).unwrap();
        (seen, act("acknowledge", after, None))
    };
    let acts: Vec<_> = all(&record).await.into_iter().map(acknowledged).collect();
    let done = record.warning_acts(&admin(), &acts).await.unwrap();
    assert_eq!(done, all(&record).await, "what is given is what is stored");
    let told = record.audit_list(&AuditFilter { after: Some(rows as u64), ..AuditFilter::default() }).await.unwrap();
    let first = told.first().unwrap().seq;
    assert_eq!(
        told.iter().map(|row| (row.bulk, &*row.action)).collect::<Vec<_>>(),
        [(Some(first), "warning.acknowledge"); 3]
    );
    assert!(told.iter().all(|row| row.after.as_ref().unwrap().get("revision").is_some()), "the mark stands around it");
    assert_eq!(record.audit_verify().await.unwrap().broken, None);
    // One of them that somebody changed since refuses all.
    let acts: Vec<_> =
        done.iter().cloned().map(|seen| (seen.clone(), act("comment", seen.warning, Some("看过")))).collect();
    let after = apply_action(&done.first().unwrap().warning, &Action::Start, day("2026-03-02")).unwrap();
    record.warning_act(&admin(), done.first().unwrap(), &act("start", after, None)).await.unwrap();
    let before = audit_rows(&record).await;
    refused(record.warning_acts(&admin(), &acts).await, "stale", Fault::Conflict);
    assert_eq!(audit_rows(&record).await, before);
}

pub(crate) async fn a_comment_leaves_the_warning_and_its_revision(place: &impl Place) {
    let record = place.open().await;
    raised(&record, &["S1"]).await;
    let seen = only(&record).await;
    let after =
        record.warning_act(&admin(), &seen, &act("comment", seen.warning.clone(), Some("已联系家长"))).await.unwrap();
    assert_eq!(after, seen);
    assert_eq!(record.warning_events(seen.id).await.unwrap().last().unwrap().why.as_deref(), Some("已联系家长"));
}

pub(crate) async fn what_an_undo_writes_names_the_row_that_it_takes_back(place: &impl Place) {
    let record = place.open().await;
    raised(&record, &["S1"]).await;
    let seen = only(&record).await;
    let assign = WarningAct { assignee: Some("张老师".to_owned()), ..act("assign", seen.warning.clone(), None) };
    let assigned = record.warning_act(&admin(), &seen, &assign).await.unwrap();
    let told = record.audit_list(&AuditFilter { limit: Some(1), ..AuditFilter::default() }).await.unwrap();
    let seq = told.first().unwrap().seq;
    let back = WarningAct { absent: Absent::Clears, ..act("assign", seen.warning.clone(), None) };
    let back = record.undoing(seq).warning_act(&admin(), &assigned, &back).await.unwrap();
    assert_eq!((back.assignee, back.revision), (None, seen.revision + 2));
    let told = record.audit_list(&AuditFilter { limit: Some(1), ..AuditFilter::default() }).await.unwrap();
    assert_eq!(told.first().unwrap().undoes, Some(seq));
    let earlier =
        record.audit_list(&AuditFilter { before: Some(seq), limit: Some(1), ..AuditFilter::default() }).await.unwrap();
    assert_eq!(earlier.first().unwrap().seq, seq - 1);
}

pub(crate) async fn people_filter_sort_page_and_count(place: &impl Place) {
    let record = place.open().await;
    let run = raised(&record, &["S1", "S2", "S3"]).await;
    let mut other = raise(warning("S9"));
    (other.severity, other.object_name, other.unit) = (3, "张_三".to_owned(), ">department/D2>class/C1>".to_owned());
    record.warning_save(&admin(), &run, &[other]).await.unwrap();
    let seen = only_of(&record, "S2").await;
    let due = WarningAct {
        assignee: Some("张老师".into()),
        due: Some(day("2026-03-01")),
        ..act("assign", seen.warning.clone(), None)
    };
    record.warning_act(&admin(), &seen, &due).await.unwrap();
    let objects = async |filter: WarningFilter, sort, order| {
        let found = record.warning_page(&filter, sort, order).await.unwrap();
        assert!(filter.limit.is_some() || record.warning_count(&filter).await.unwrap() == found.len() as u64);
        found.iter().map(|one| one.warning.identity.object.to_string()).collect::<Vec<_>>().join(" ")
    };
    let any = WarningFilter::default;
    let (up, down) = (WarningOrder::Up, WarningOrder::Down);
    assert_eq!(objects(any(), WarningSort::Severity, down).await, "S9 S3 S2 S1");
    assert_eq!(objects(any(), WarningSort::Due, up).await, "S2 S1 S3 S9");
    assert_eq!(objects(any(), WarningSort::Assignee, down).await, "S2 S9 S3 S1");
    let page = WarningFilter { limit: Some(2), offset: 1, ..any() };
    assert_eq!(objects(page, WarningSort::Raised, up).await, "S2 S3");
    let unit = WarningFilter { units: vec![(id("class"), id("C1"))], ..any() };
    assert_eq!(objects(unit, WarningSort::Raised, up).await, "S9");
    let text = |text: &str, rules: Vec<_>| WarningFilter {
        text: Some(WarningText { text: text.into(), rules, objects: Vec::new() }),
        ..any()
    };
    assert_eq!(objects(text("_", vec![]), WarningSort::Raised, up).await, "S9", "signs of patterns are letters here");
    assert_eq!(objects(text("s1", vec![]), WarningSort::Raised, up).await, "S1");
    assert_eq!(objects(text("s1", vec![id("STU-ATTENDANCE")]), WarningSort::Raised, up).await, "S1 S2 S3 S9");
    let late = WarningFilter { due_before: Some(day("2026-03-02")), ..any() };
    assert_eq!(objects(late, WarningSort::Raised, up).await, "S2");
    assert_eq!(objects(WarningFilter { unassigned: true, ..any() }, WarningSort::Raised, up).await, "S1 S3 S9");
    let scope = |scope: Vec<Vec<Allowed>>| WarningFilter { scope, ..any() };
    let below = |kind: &str, one: &str| Allowed::Units(vec![Layer::Student], vec![(id(kind), id(one))]);
    let seen = [
        (vec![vec![Allowed::Layers(vec![Layer::Course])]], ""),
        (vec![vec![]], ""),
        (vec![vec![below("department", "D1"), below("class", "C1")]], "S1 S2 S3 S9"),
        (vec![vec![below("department", "d1"), below("student", "S9")]], "S9"),
        (vec![vec![below("department", "D1")], vec![Allowed::Object(id("student"), id("S3"))]], "S3"),
        (vec![vec![Allowed::OtherKinds(vec![id("student")])]], ""),
        (vec![vec![Allowed::OtherKinds(vec![id("teacher")])]], "S1 S2 S3 S9"),
    ];
    for (allowed, expected) in seen {
        assert_eq!(objects(scope(allowed.clone()), WarningSort::Raised, up).await, expected, "{allowed:?}");
    }
    let groups = record.warning_groups(&any(), WarningGrouping::Unit).await.unwrap();
    let told: Vec<_> =
        groups.iter().map(|group| (group.key.as_deref().unwrap(), group.count, group.severity)).collect();
    assert_eq!(told, [(">department/D1>", 3, 2), (">department/D2>class/C1>", 1, 3)]);
    assert!(record.warning_groups(&any(), WarningGrouping::Cause).await.unwrap().is_empty());
}

async fn only_of(record: &Record, object: &str) -> WarningRecord {
    let filter = WarningFilter { object: Some(id(object)), ..WarningFilter::default() };
    record.warning_list(&filter).await.unwrap().into_iter().next().unwrap()
}
