//! `why`, fingerprints, comparing, checking.

use super::case::{Case, block_on};
use crate::{DifferenceCause, Engine, NoTransforms, WhyRequest, compare};
use zhengai_model::ids::{IndicatorCode, ObjectId, ObjectKind, PeriodId};

const RATE: &str = include_str!("cases/group_rate.txt");
const SCOPES: &str = include_str!("cases/scopes.txt");
const T1: &str = "AY2025-T1 2026-06-01";

#[test]
fn equal_inputs_have_equal_fingerprints_and_equal_bytes() {
    block_on(async {
        let first = Case::read(RATE).diagnose(T1).await;
        let second = Case::read(RATE).diagnose("AY2025-T1 2026-07-09").await;
        assert_eq!(first.fingerprint, second.fingerprint);
        assert_eq!(first.results, second.results);
    });
}

#[test]
fn another_threshold_another_row_another_formula_each_change_the_fingerprint() {
    block_on(async {
        let base = Case::read(RATE).diagnose(T1).await.fingerprint;
        for (from, to) in
            [(">= 60\"", ">= 61\""), ("s5,2025-09-10,1", "s5,2025-09-10,1\ns5,2025-09-11,1"), ("100 * ", "1 * 100 * ")]
        {
            assert!(RATE.contains(from), "{from}");
            let other = Case::read(&RATE.replace(from, to)).diagnose(T1).await.fingerprint;
            assert_ne!(base, other, "{from} → {to}");
        }
    });
}

#[test]
fn differences_name_their_causes() {
    block_on(async {
        let causes = |from: &'static str, to: &'static str| async move {
            let before = Case::read(RATE).diagnose(T1).await;
            let after = Case::read(&RATE.replace(from, to)).diagnose(T1).await;
            let found = compare((&before.inputs, &before.results), (&after.inputs, &after.results)).unwrap();
            assert!(!found.is_empty(), "{from} → {to} changes something");
            found[0].causes.clone()
        };
        assert_eq!(causes(">= 60\"", ">= 99\"").await, [DifferenceCause::Standard]);
        assert_eq!(causes("100 * ", "50 * ").await, [DifferenceCause::Definition]);
        assert_eq!(causes("s5,2025-09-10,1", "s5,2025-09-10,1\ns5,2025-09-11,0").await, [DifferenceCause::Data]);
    });
}

fn request(inputs: &crate::Inputs, code: &str, kind: &str, object: &str) -> WhyRequest {
    WhyRequest::of(
        inputs,
        IndicatorCode::new(code).unwrap(),
        ObjectKind::new(kind).unwrap(),
        ObjectId::new(object).unwrap(),
        PeriodId::new("AY2025-T1").unwrap(),
    )
}

#[test]
fn why_shows_parts_rows_and_rounding() {
    block_on(async {
        let case = Case::read(RATE);
        let inputs = case.diagnose(T1).await.inputs;
        let (compiled, source) = (case.compile().unwrap(), case.source().await);
        let asked = request(&inputs, "STU-ATT", "class", "c1");
        let why = Engine::why_source(&source, &compiled, &asked, case.history(), &NoTransforms).await.unwrap();
        assert_eq!(why.exact.as_deref(), Some("200/3"));
        assert_eq!(why.value.number().map(|number| number.to_string()).as_deref(), Some("66.67"));
        let present = why.measures.iter().find(|measure| measure.name == "present").unwrap();
        assert_eq!((present.name.as_str(), present.value.as_deref()), ("present", Some("4")));
        assert_eq!(present.children_total, 2);
        assert_eq!(present.rows[0].batch, "B1");
        assert!(present.rows.iter().all(|row| row.line >= 2 && row.cells.iter().any(|(field, _)| field == "here")));
        assert!(present.sql.as_deref().unwrap().contains("FILTER (WHERE here = 1)"));
    });
}

#[test]
fn why_shows_the_threshold_chosen_and_those_that_it_beat() {
    block_on(async {
        let case = Case::read(SCOPES);
        let inputs = case.diagnose(T1).await.inputs;
        let (compiled, source) = (case.compile().unwrap(), case.source().await);
        let asked = request(&inputs, "MAJ-RATE", "major", "m1");
        let why = Engine::why_source(&source, &compiled, &asked, case.history(), &NoTransforms).await.unwrap();
        let standard = &why.thresholds[0];
        assert_eq!(standard.scope, "object:major:m1");
        let beaten: Vec<&str> = standard.beaten.iter().map(|beaten| beaten.scope.as_str()).collect();
        assert_eq!(beaten, ["college", "nation", "unit:department:d1", "group:major:category=eng", "object:major:m4"]);
        assert_eq!(why.units[0].1.as_str(), "d1");
    });
}
