//! Periods by name: their days, neighbours and parts.

#![allow(clippy::panic, reason = "a test that cannot go on says why")]

use super::*;
use crate::ids::DatasetId;
use proptest::prelude::*;

const CALENDAR: &str = include_str!("../../../../config/calendar.toml");

fn calendar() -> Calendar {
    Calendar::from_toml(CALENDAR).expect("the sample calendar")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn id(text: &str) -> PeriodId {
    PeriodId::new(text).expect("an id")
}

fn period(text: &str) -> Period {
    calendar().get(&id(text)).unwrap_or_else(|| panic!("no period {text}"))
}

fn check(text: &str, kind: PeriodKind, start: &str, end: &str) {
    let found = period(text);
    assert_eq!((found.kind, found.start, found.end), (kind, day(start), day(end)), "{text}");
    assert_eq!(found.id.as_str(), text);
}

#[test]
fn ids_are_computed_into_half_open_ranges() {
    check("CY2025", PeriodKind::CalendarYear, "2025-01-01", "2026-01-01");
    check("AY2025", PeriodKind::AcademicYear, "2025-09-01", "2026-09-01");
    check("AY2025-T1", PeriodKind::Term, "2025-09-01", "2026-02-10");
    check("AY2025-T2", PeriodKind::Term, "2026-02-10", "2026-09-01");
    check("AY2023-T2", PeriodKind::Term, "2024-02-10", "2024-09-01");
    check("CY2025-M12", PeriodKind::Month, "2025-12-01", "2026-01-01");
    check("CY2024-M02", PeriodKind::Month, "2024-02-01", "2024-03-01");
    check("AY2025-T1-W03", PeriodKind::TeachingWeek, "2025-09-15", "2025-09-22");
    check("D2025-09-01", PeriodKind::Day, "2025-09-01", "2025-09-02");
}

#[test]
fn only_the_canonical_spelling_is_an_id() {
    for text in [
        "CY25",
        "CY2025-M9",
        "CY2025-M13",
        "AY2025-T3",
        "AY2025-T1-W3",
        "AY2025-T1-W21",
        "AY2025-W01",
        "D2025-9-1",
        "D2025-02-29",
        "T1",
        "CY2025-M09-X",
    ] {
        assert_eq!(calendar().get(&id(text)), None, "{text}");
    }
}

#[test]
fn labels_come_from_the_calendar_file() {
    assert_eq!(period("AY2025").names.zh, "2025—2026学年");
    assert_eq!(period("AY2025-T1").names.zh, "2025—2026学年第一学期");
    assert_eq!(period("CY2025-M09").names.zh, "2025年9月");
    let bare = Calendar::from_toml("").expect("an empty calendar");
    assert_eq!(bare.get(&id("CY2025")).expect("a year").names.en, "CY2025");
}

#[test]
fn a_day_on_the_boundary_belongs_to_the_later_period() {
    let last = day("2026-08-31");
    let first = day("2026-09-01");
    assert!(period("AY2025").includes(last) && !period("AY2025").includes(first));
    assert_eq!(calendar().on(PeriodKind::AcademicYear, first).expect("a year").id, id("AY2026"));
    assert_eq!(calendar().on(PeriodKind::Term, day("2026-02-09")).expect("a term").id, id("AY2025-T1"));
    assert_eq!(calendar().on(PeriodKind::TeachingWeek, day("2026-02-15")), None);
}

#[test]
fn previous_and_last_year_step_over_the_boundaries() {
    let step = |text: &str| {
        let (before, earlier) = (calendar().previous(&period(text)), calendar().last_year(&period(text)));
        let name = |found: Option<Period>| found.map_or("-".to_owned(), |period| period.id.to_string());
        (name(before), name(earlier))
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(step("CY2025"), pair("CY2024", "CY2024"));
    assert_eq!(step("AY2025"), pair("AY2024", "AY2024"));
    assert_eq!(step("AY2025-T1"), pair("AY2024-T2", "AY2024-T1"));
    assert_eq!(step("AY2025-T2"), pair("AY2025-T1", "AY2024-T2"));
    assert_eq!(step("CY2025-M01"), pair("CY2024-M12", "CY2024-M01"));
    assert_eq!(step("AY2025-T2-W01"), pair("AY2025-T1-W20", "AY2024-T2-W01"));
    assert_eq!(step("D2024-03-01"), pair("D2024-02-29", "D2023-03-01"));
    assert_eq!(step("D2024-02-29"), pair("D2024-02-28", "-"));
}

#[test]
fn roll_up_goes_only_along_declared_containment() {
    let calendar = calendar();
    let ids = |outer: &str, kind| {
        let children = calendar.children(&period(outer), kind).expect("declared");
        children.iter().map(|child| child.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids("AY2025", PeriodKind::Term), ["AY2025-T1", "AY2025-T2"]);
    assert_eq!(ids("AY2025", PeriodKind::TeachingWeek).len(), 40);
    assert_eq!(ids("AY2025", PeriodKind::Month).len(), 12);
    assert_eq!(ids("CY2024-M02", PeriodKind::Day).len(), 29);
    let refused = calendar.children(&period("CY2025"), PeriodKind::Term);
    assert!(matches!(refused, Err(CalendarError::NotDeclared { .. })));
    assert!(!calendar.contains(&period("CY2025"), &period("AY2024-T2")));
    assert!(calendar.contains(&period("AY2025"), &period("D2026-08-31")));
    assert_eq!(calendar.of_kind_containing(&period("AY2025-T1-W03"), PeriodKind::AcademicYear), Some(period("AY2025")));
    assert_eq!(calendar.of_kind_containing(&period("AY2025"), PeriodKind::CalendarYear), None);
}

#[test]
fn ids_of_one_kind_sort_in_time() {
    for kind in [PeriodKind::Term, PeriodKind::Month, PeriodKind::TeachingWeek, PeriodKind::Day] {
        let found = calendar().overlapping(kind, day("2023-09-01"), day("2026-09-01"));
        assert!(found.windows(2).all(|pair| pair[0].id < pair[1].id && pair[0].end <= pair[1].start), "{kind}");
    }
}

#[test]
fn project_stages_are_declared_and_follow_each_other() {
    let stage = |name: &str, start: &str, end: &str| {
        format!(
            "[[period]]\nid = \"{name}\"\nkind = \"project-stage\"\nnames = {{ zh = \"{name}\", en = \"{name}\" }}\nstart = \"{start}\"\nend = \"{end}\"\n"
        )
    };
    let text = stage("S-1", "2024-03-01", "2025-03-01") + &stage("S-2", "2025-03-01", "2026-03-01");
    let calendar = Calendar::from_toml(&text).expect("a calendar");
    let second = calendar.get(&id("S-2")).expect("declared");
    assert_eq!(calendar.previous(&second).map(|before| before.id), Some(id("S-1")));
    assert_eq!(calendar.last_year(&second), None);
    let empty = stage("S-3", "2026-03-01", "2026-03-01");
    assert!(matches!(Calendar::from_toml(&empty), Err(CalendarError::Empty { .. })));
    let taken = stage("CY2025", "2026-03-01", "2026-04-01");
    assert!(matches!(Calendar::from_toml(&taken), Err(CalendarError::Id { .. })));
}

#[test]
fn a_calendar_with_gaps_circles_or_weeks_outside_is_refused() {
    let term = |id: &str, start: &str, week: &str, weeks: u32| {
        format!(
            "[[term]]\nid = \"{id}\"\nnames = {{ zh = \"学期\", en = \"term\" }}\nstart = \"{start}\"\nfirst_week = \"{week}\"\nweeks = {weeks}\n"
        )
    };
    let error = |text: &str| Calendar::from_toml(text).expect_err("refused");
    assert!(matches!(error(&term("T1", "09-02", "09-02", 1)), CalendarError::Terms { .. }));
    assert!(matches!(error(&term("T2", "09-01", "09-01", 1)), CalendarError::Terms { .. }));
    assert!(matches!(error(&term("T1", "09-01", "08-25", 2)), CalendarError::Weeks { .. }));
    assert!(matches!(error(&term("T1", "09-01", "09-01", 60)), CalendarError::Weeks { .. }));
    assert!(matches!(error("[contains]\nmonth = [\"day\"]\nday = [\"month\"]"), CalendarError::Circle { .. }));
    assert_eq!(error("grace_days = 3\nmonths = 2"), CalendarError::Syntax {
        line: 2,
        detail: "unknown field `months`, expected one of `academic_year`, `term`, `year`, `period`, `contains`, `labels`, `grace_days`".into(),
    });
    assert!(matches!(error("[academic_year]\nstart = \"02-29\""), CalendarError::Syntax { line: 2, .. }));
}

#[test]
fn a_period_locks_after_grace_and_only_an_exception_opens_it() {
    let calendar = calendar();
    let term = period("AY2025-T1");
    let grades = DatasetId::new("grades").expect("an id");
    let mut settlement = Settlement::default();
    let accept = |settlement: &Settlement, on: &str| settlement.accept(&calendar, &term, &grades, day(on));
    assert_eq!(accept(&settlement, "2026-02-09"), Ok(Acceptance::InTime));
    assert_eq!(accept(&settlement, "2026-02-10"), Ok(Acceptance::Late));
    assert_eq!(accept(&settlement, "2026-03-11"), Ok(Acceptance::Late));
    let refused = LateRefused { period: term.id.clone(), state: PeriodState::Locked };
    assert_eq!(accept(&settlement, "2026-03-12"), Err(refused.clone()));
    let exception = LateException {
        period: term.id.clone(),
        dataset: Some(grades.clone()),
        by: "教务处".into(),
        why: "补录缓考成绩".into(),
        until: day("2026-04-01"),
    };
    settlement.exceptions.push(exception.clone());
    assert_eq!(accept(&settlement, "2026-03-31"), Ok(Acceptance::Excepted(exception)));
    assert_eq!(accept(&settlement, "2026-04-01"), Err(refused));
    let other = DatasetId::new("students").expect("an id");
    assert!(settlement.accept(&calendar, &term, &other, day("2026-03-31")).is_err());
    settlement.recorded = Some(PeriodState::Signed);
    assert!(accept(&settlement, "2026-03-31").is_err());
}

#[test]
fn a_signed_period_is_final_and_only_a_locked_one_is_signed() {
    use PeriodState::{Grace, Locked, Open, Signed};
    let term = id("AY2025-T1");
    for (from, to, allowed) in [
        (Open, Locked, true),
        (Open, Signed, false),
        (Grace, Signed, false),
        (Locked, Signed, true),
        (Locked, Grace, true),
        (Signed, Locked, false),
        (Signed, Open, false),
    ] {
        assert_eq!(change_state(&term, from, to).is_ok(), allowed, "{from} → {to}");
    }
}

fn any_period() -> impl Strategy<Value = Period> {
    let kinds = prop::sample::select(vec![
        PeriodKind::CalendarYear,
        PeriodKind::AcademicYear,
        PeriodKind::Term,
        PeriodKind::Month,
        PeriodKind::TeachingWeek,
        PeriodKind::Day,
    ]);
    (kinds, 0_u64..1500).prop_filter_map("holidays have no teaching week", |(kind, offset)| {
        calendar().on(kind, day("2023-01-01") + chrono::Days::new(offset))
    })
}

proptest! {
    #[test]
    fn containment_is_transitive_and_half_open(a in any_period(), b in any_period(), c in any_period()) {
        let calendar = calendar();
        // Random periods seldom nest, so each is also asked about what it lies in.
        let up = |period: &Period| [PeriodKind::Month, PeriodKind::Term, PeriodKind::AcademicYear, PeriodKind::CalendarYear]
            .into_iter().filter_map(|kind| calendar.of_kind_containing(period, kind)).collect::<Vec<_>>();
        let mut all = vec![a.clone(), b, c];
        all.extend(up(&a));
        for x in &all { for y in &all { for z in &all {
            if calendar.contains(x, y) && calendar.contains(y, z) {
                prop_assert!(calendar.contains(x, z), "{} {} {}", x.id, y.id, z.id);
            }
            if calendar.contains(x, y) {
                prop_assert!(x.includes(y.start) && !y.includes(x.end));
            }
        }}}
    }

    #[test]
    fn every_day_lies_in_exactly_one_period_of_a_covering_kind(offset in 0_u64..1500) {
        let on = day("2023-01-01") + chrono::Days::new(offset);
        for kind in [PeriodKind::CalendarYear, PeriodKind::AcademicYear, PeriodKind::Term, PeriodKind::Month, PeriodKind::Day] {
            let found = calendar().overlapping(kind, on, on.succ_opt().expect("a day"));
            prop_assert_eq!(found.len(), 1, "{} {}", kind, on);
        }
    }

    #[test]
    fn an_id_leads_back_to_its_period_and_previous_ends_before_it(period in any_period()) {
        let calendar = calendar();
        prop_assert_eq!(calendar.get(&period.id), Some(period.clone()));
        let before = calendar.previous(&period).expect("there is always one before");
        prop_assert!(before.end <= period.start && before.kind == period.kind);
        if period.kind != PeriodKind::TeachingWeek {
            prop_assert_eq!(before.end, period.start);
        }
    }
}
