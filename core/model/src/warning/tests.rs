//! The life of a warning: steps up and down, and what people do to it.

use super::*;
use crate::pack::Level;
use crate::rule::Outcome;
use crate::text::Names;
use crate::threshold::Condition;
use crate::value::Value;
use crate::verdict::Levels;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn today() -> NaiveDate {
    day("2026-11-21")
}

fn level(text: &str) -> LevelId {
    LevelId::new(text).expect("a level")
}

fn identity(object: &str) -> Identity {
    Identity {
        rule: RuleId::new("R").expect("an id"),
        kind: ObjectKind::new("student").expect("a kind"),
        object: ObjectId::new(object).expect("an id"),
        period: PeriodId::new("AY2025-T1").expect("an id"),
    }
}

fn bad() -> Seen {
    Seen::Bad(level("general"))
}

fn evaluation(seen: Seen) -> Evaluation {
    Evaluation { identity: identity("S1"), seen, today: today(), mode: Mode::Live }
}

fn run(policy: StepPolicy, seen: &[Seen]) -> (Option<Warning>, Vec<Event>) {
    let mut warning = None;
    let mut events = Vec::new();
    for one in seen {
        let transition = step(warning, &evaluation(one.clone()), policy);
        warning = transition.warning;
        events.extend(transition.event);
    }
    (warning, events)
}

fn check(policy: StepPolicy, seen: &[Seen], condition: Option<ConditionState>, events: &[Event]) {
    let (warning, happened) = run(policy, seen);
    assert_eq!(warning.map(|warning| warning.condition), condition, "{seen:?}");
    assert_eq!(happened, events, "{seen:?}");
}

const ONCE: StepPolicy = StepPolicy { raise_after: 1, clear_after: 1 };
const TWICE: StepPolicy = StepPolicy { raise_after: 2, clear_after: 2 };

#[test]
fn one_bad_evaluation_raises_and_a_second_changes_nothing() {
    check(ONCE, &[bad()], Some(ConditionState::Active), &[Event::Raised]);
    check(ONCE, &[bad(), bad()], Some(ConditionState::Active), &[Event::Raised]);
}

#[test]
fn a_pending_warning_needs_so_many_in_a_row_or_never_was() {
    check(TWICE, &[bad()], Some(ConditionState::Pending), &[Event::Pending]);
    check(TWICE, &[bad(), bad()], Some(ConditionState::Active), &[Event::Pending, Event::Raised]);
    check(TWICE, &[bad(), Seen::Good], None, &[Event::Pending, Event::Withdrawn]);
    check(TWICE, &[bad(), Seen::NoData, bad()], Some(ConditionState::Active), &[Event::Pending, Event::Raised]);
}

#[test]
fn leaving_wants_the_recovery_value_so_many_times() {
    check(
        TWICE,
        &[bad(), bad(), Seen::Good],
        Some(ConditionState::Recovering),
        &[Event::Pending, Event::Raised, Event::Recovering],
    );
    let cleared = [bad(), bad(), Seen::Good, Seen::Good];
    check(
        TWICE,
        &cleared,
        Some(ConditionState::Inactive),
        &[Event::Pending, Event::Raised, Event::Recovering, Event::Cleared],
    );
    let broken = [bad(), bad(), Seen::Good, Seen::Between, Seen::Good];
    let (warning, _) = run(TWICE, &broken);
    assert_eq!(warning.map(|warning| warning.condition), Some(ConditionState::Recovering));
}

#[test]
fn between_warning_and_recovery_value_a_warning_stays() {
    check(ONCE, &[bad(), Seen::Between], Some(ConditionState::Active), &[Event::Raised]);
    check(ONCE, &[Seen::Between], None, &[]);
}

#[test]
fn the_recovery_value_decides_when_quiet_is_good() {
    let leave: Condition = ">= 85".parse().expect("a condition");
    let value = |text: &str| Value::Number(text.parse().expect("a decimal"));
    let quiet = |value: &Value, leave: Option<&Condition>| seen(&Outcome::Quiet, &level("general"), value, leave);
    assert_eq!(quiet(&value("85"), Some(&leave)), Seen::Good);
    assert_eq!(quiet(&value("84.99"), Some(&leave)), Seen::Between);
    assert_eq!(quiet(&value("84.99"), None), Seen::Good);
    assert_eq!(quiet(&Value::NotDue, Some(&leave)), Seen::NoData);
    assert_eq!(seen(&Outcome::Unknown(vec![]), &level("general"), &value("1"), None), Seen::NoData);
}

#[test]
fn no_data_neither_raises_nor_clears() {
    check(ONCE, &[Seen::NoData], None, &[]);
    check(ONCE, &[Seen::Error], None, &[]);
    check(ONCE, &[bad(), Seen::NoData], Some(ConditionState::NoData), &[Event::Raised, Event::NoData]);
    check(
        ONCE,
        &[bad(), Seen::NoData, bad()],
        Some(ConditionState::Active),
        &[Event::Raised, Event::NoData, Event::DataBack],
    );
    check(ONCE, &[bad(), Seen::Good, Seen::NoData], Some(ConditionState::Inactive), &[Event::Raised, Event::Cleared]);
}

#[test]
fn clearing_the_condition_does_not_close_the_handling() {
    let (warning, _) = run(ONCE, &[bad(), Seen::Good]);
    let warning = warning.expect("a warning");
    assert_eq!(
        (warning.condition, warning.handling, warning.resolution),
        (ConditionState::Inactive, Handling::New, None)
    );
    assert!(warning.is_open());
}

#[test]
fn an_object_that_is_gone_is_never_cured() {
    let (warning, events) = run(ONCE, &[bad(), Seen::Gone, Seen::Gone, Seen::NoData]);
    let warning = warning.expect("a warning");
    assert_eq!(warning.condition, ConditionState::Gone);
    assert_eq!(events, [Event::Raised, Event::Gone]);
    let resolve = |resolution| apply_action(&warning, &Action::Resolve { resolution, why: "撤销专业".into() }, today());
    assert_eq!(resolve(Resolution::Cured), Err(ActionRefused::GoneIsNotCured));
    assert!(resolve(Resolution::AcceptedRisk).is_ok());
}

fn resolved(resolution: Resolution, seen: &[Seen]) -> Warning {
    let warning = run(ONCE, seen).0.expect("a warning");
    apply_action(&warning, &Action::Resolve { resolution, why: "已辅导".into() }, today()).expect("resolved")
}

#[test]
fn a_resolved_warning_that_comes_back_is_reopened_and_not_raised_anew() {
    let closed = resolved(Resolution::Cured, &[bad(), Seen::Good]);
    assert!(!closed.is_open());
    let again = step(Some(closed), &evaluation(bad()), ONCE);
    let warning = again.warning.expect("the same warning");
    assert_eq!((again.event, again.notify), (Some(Event::Reopened), Notify::New));
    assert_eq!((warning.handling, warning.resolution), (Handling::Reopened, None));
}

#[test]
fn an_accepted_risk_stays_resolved_when_it_comes_back() {
    let closed = resolved(Resolution::AcceptedRisk, &[bad(), Seen::Good]);
    let again = step(Some(closed), &evaluation(bad()), ONCE).warning.expect("the same warning");
    assert_eq!((again.handling, again.resolution), (Handling::Resolved, Some(Resolution::AcceptedRisk)));
}

#[test]
fn backfilled_history_rises_into_a_digest_and_never_as_new() {
    let backfill = Evaluation { mode: Mode::Backfill, ..evaluation(bad()) };
    assert_eq!(step(None, &backfill, ONCE).notify, Notify::Digest);
    assert_eq!(step(None, &evaluation(bad()), ONCE).notify, Notify::New);
}

#[test]
fn a_silenced_warning_moves_on_but_tells_nobody_until_the_day() {
    let warning = run(ONCE, &[bad(), Seen::Good]).0.expect("a warning");
    let silence =
        |until: &str| Action::Silence {
            until: day(until), by: "系主任".into(), why: "学期末统一处理".into()
        };
    let silent = apply_action(&warning, &silence("2026-12-01"), today()).expect("silenced");
    let on = |date: &str| Evaluation { today: day(date), ..evaluation(bad()) };
    assert_eq!(step(Some(silent.clone()), &on("2026-11-30"), ONCE).notify, Notify::Silent);
    assert_eq!(step(Some(silent), &on("2026-12-01"), ONCE).notify, Notify::New);
    assert!(matches!(apply_action(&warning, &silence("2026-11-21"), today()), Err(ActionRefused::SilencePast { .. })));
    let nameless = Action::Silence { until: day("2026-12-01"), by: String::new(), why: "x".into() };
    assert_eq!(apply_action(&warning, &nameless, today()), Err(ActionRefused::NoReason));
}

#[test]
fn a_change_of_level_is_an_event_and_not_a_second_warning() {
    let (warning, events) = run(ONCE, &[bad(), Seen::Bad(level("serious"))]);
    assert_eq!(warning.map(|warning| warning.level), Some(level("serious")));
    assert_eq!(events[1], Event::LevelChanged { from: level("general"), to: level("serious") });
}

#[test]
fn people_move_the_handling_only_along_its_ways() {
    let warning = run(ONCE, &[bad()]).0.expect("a warning");
    let act = |warning: &Warning, action: &Action| apply_action(warning, action, today());
    let seen = act(&warning, &Action::Acknowledge).expect("acknowledged");
    let started = act(&seen, &Action::Start).expect("started");
    assert!(matches!(act(&started, &Action::Acknowledge), Err(ActionRefused::Handling { .. })));
    let reopen = Action::Reopen { why: "复发".into() };
    assert!(matches!(act(&started, &reopen), Err(ActionRefused::Handling { .. })));
    let resolve = Action::Resolve { resolution: Resolution::Cured, why: " ".into() };
    assert_eq!(act(&started, &resolve), Err(ActionRefused::NoReason));
    let done =
        act(&started, &Action::Resolve { resolution: Resolution::DataError, why: "录入错误".into() }).expect("done");
    assert_eq!(done.condition, ConditionState::Active);
    assert_eq!(act(&done, &reopen).expect("reopened").handling, Handling::Reopened);
    let pending = run(TWICE, &[bad()]).0.expect("pending");
    assert_eq!(act(&pending, &Action::Acknowledge), Err(ActionRefused::Pending));
}

#[test]
fn overdue_is_a_matter_of_the_date() {
    let warning = run(ONCE, &[bad()]).0.expect("a warning");
    assert!(!warning.is_overdue(day("2026-11-21"), today()));
    assert!(warning.is_overdue(day("2026-11-20"), today()));
}

#[test]
fn a_cap_keeps_the_most_severe_and_counts_the_rest() {
    let levels =
        Levels::new(["notice", "serious"].map(|id| Level { id: level(id), names: Names::new(id, id), default: false }));
    let raised = vec![("S1", "notice"), ("S3", "serious"), ("S2", "serious"), ("S0", "notice")];
    let about = |item: &(&str, &str)| (level(item.1), identity(item.0));
    let capped = cap(raised.clone(), Some(3), &levels, about);
    assert_eq!(capped, Capped { kept: vec![("S2", "serious"), ("S3", "serious"), ("S0", "notice")], held_back: 1 });
    assert_eq!(cap(raised, None, &levels, about).held_back, 0);
}

fn any_seen() -> impl Strategy<Value = Seen> {
    prop_oneof![
        3 => Just(Seen::Bad(level("general"))),
        1 => Just(Seen::Bad(level("serious"))),
        3 => Just(Seen::Good),
        1 => Just(Seen::Between),
        2 => Just(Seen::NoData),
        1 => Just(Seen::Error),
        1 => Just(Seen::Gone),
    ]
}

fn any_policy() -> impl Strategy<Value = StepPolicy> {
    (1_u32..4, 1_u32..4).prop_map(|(raise_after, clear_after)| StepPolicy { raise_after, clear_after })
}

proptest! {
    #[test]
    fn whatever_happens_the_machine_keeps_its_promises(policy in any_policy(), seen in prop::collection::vec((any_seen(), any::<bool>()), 1..40)) {
        let mut warning: Option<Warning> = None;
        for (one, resolve) in seen {
            let before = warning.clone();
            let transition = step(before.clone(), &evaluation(one.clone()), policy);
            let after = transition.warning.clone();
            // At most one for an identity: the identity never changes.
            if let Some(after) = &after {
                prop_assert_eq!(&after.identity, &identity("S1"));
            }
            if matches!(one, Seen::NoData | Seen::Error) {
                let rose = before.is_none() && after.is_some();
                let cleared = before.as_ref().is_some_and(|w| w.condition != ConditionState::Inactive)
                    && after.as_ref().is_none_or(|w| w.condition == ConditionState::Inactive);
                prop_assert!(!rose && !cleared);
            }
            // Only good evaluations clear.
            let was_wrong = before.as_ref().is_some_and(|w| !matches!(w.condition, ConditionState::Inactive | ConditionState::Pending));
            if was_wrong && after.as_ref().is_none_or(|w| w.condition == ConditionState::Inactive) {
                prop_assert_eq!(&one, &Seen::Good);
            }
            // The machine never resolves and never forgets a warning that people could see.
            if let (Some(before), Some(after)) = (&before, &after) {
                prop_assert!(after.handling == before.handling || after.handling == Handling::Reopened);
                prop_assert!(after.resolution == before.resolution || after.resolution.is_none());
            }
            prop_assert!(!(was_wrong && after.is_none()));
            // Only a person opens the way to silence.
            if let (Some(before), Some(after)) = (&before, &after) {
                prop_assert_eq!(&before.suppression, &after.suppression);
            }
            warning = after;
            if let (true, Some(now)) = (resolve, &warning) {
                let action = Action::Resolve { resolution: Resolution::Cured, why: "整改".into() };
                if let Ok(done) = apply_action(now, &action, today()) {
                    prop_assert!(now.condition != ConditionState::Gone);
                    prop_assert_eq!(done.condition, now.condition);
                    warning = Some(done);
                }
            }
        }
    }

    #[test]
    fn the_same_evaluation_again_is_quiet_once_settled(policy in any_policy(), one in any_seen()) {
        let mut warning = None;
        for _ in 0..5 {
            warning = step(warning, &evaluation(one.clone()), policy).warning;
        }
        let again = step(warning.clone(), &evaluation(one), policy);
        prop_assert_eq!(again.event, None);
    }
}
