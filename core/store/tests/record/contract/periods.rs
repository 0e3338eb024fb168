//! Settled periods and exceptions.

use super::Place;
use super::samples::{admin, clock, day, id, refused};
use zhengai_model::fault::Fault;
use zhengai_model::period::PeriodState::{Grace, Locked, Open, Signed};
use zhengai_store::NewException;

pub(crate) fn exception(until: &str) -> NewException {
    NewException {
        period: id("AY2025-T1"),
        dataset: Some(id("grade")),
        granted_to: "教务处".to_owned(),
        why: "补录".to_owned(),
        until: day(until),
    }
}

pub(crate) async fn a_period_is_settled_step_by_step_and_signing_is_final(place: &impl Place) {
    let record = place.open().await;
    let period = id("AY2025-T1");
    assert_eq!(record.period_settlement(&period).await.unwrap().recorded, None);
    refused(record.period_set(&admin(), &period, Open, Signed, "上报").await, "wrong-state", Fault::Conflict);
    refused(record.period_set(&admin(), &period, Open, Grace, " ").await, "reason-missing", Fault::Invalid);
    record.period_set(&admin(), &period, Grace, Locked, "截止").await.unwrap();
    refused(record.period_set(&admin(), &period, Open, Grace, "放开").await, "stale", Fault::Conflict);
    record.period_set(&admin(), &period, Locked, Grace, "补录").await.unwrap();
    record.period_set(&admin(), &period, Grace, Locked, "截止").await.unwrap();
    let signed = record.period_set(&admin(), &period, Locked, Signed, "上报").await.unwrap();
    assert_eq!((signed.state, signed.why.as_deref()), (Signed, Some("上报")));
    refused(record.period_set(&admin(), &period, Signed, Locked, "改").await, "period-signed", Fault::Conflict);
    assert_eq!(record.period_list().await.unwrap(), [signed]);
}

pub(crate) async fn an_exception_counts_until_it_is_taken_back(place: &impl Place) {
    let record = place.open().await;
    let today = day("2026-03-01");
    let period = id("AY2025-T1");
    let granted = record.exception_grant(&admin(), &exception("2026-03-10"), today).await.unwrap();
    assert_eq!((&*granted.exception.by, &*granted.granted_to), ("王敏", "教务处"));
    let settlement = record.period_settlement(&period).await.unwrap();
    assert_eq!(settlement.exceptions, [granted.exception]);
    assert!(record.exception_list(Some(&id("AY2025-T2"))).await.unwrap().is_empty());
    let revoked = record.exception_revoke(&admin(), granted.id, "已补完").await.unwrap();
    assert_eq!(revoked.revoked_at, Some(clock()));
    refused(record.exception_revoke(&admin(), granted.id, "再收").await, "wrong-state", Fault::Conflict);
    assert!(record.period_settlement(&period).await.unwrap().exceptions.is_empty());
    assert_eq!(record.exception_list(None).await.unwrap().len(), 1);
}

pub(crate) async fn an_exception_needs_reason_name_and_an_end_ahead(place: &impl Place) {
    let record = place.open().await;
    let today = day("2026-03-10");
    refused(record.exception_grant(&admin(), &exception("2026-03-10"), today).await, "exception-over", Fault::Invalid);
    for bad in [
        NewException { why: String::new(), ..exception("2026-04-01") },
        NewException { granted_to: " ".to_owned(), ..exception("2026-04-01") },
    ] {
        refused(record.exception_grant(&admin(), &bad, today).await, "reason-missing", Fault::Invalid);
    }
    let period = id("AY2025-T1");
    record.period_set(&admin(), &period, Locked, Signed, "上报").await.unwrap();
    let late = record.exception_grant(&admin(), &exception("2026-04-01"), today).await;
    refused(late, "period-signed", Fault::Conflict);
}
