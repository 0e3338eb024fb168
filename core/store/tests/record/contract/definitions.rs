//! What people define and choose: indicators, thresholds, datasets, plugins, settings.

use super::Place;
use super::samples::{admin, audit_rows, clock, day, id, refused};
use serde_json::json;
use zhengai_model::dataset::Dataset;
use zhengai_model::fault::Fault;
use zhengai_model::indicator::Indicator;
use zhengai_model::threshold::{Threshold, ThresholdKind};
use zhengai_store::{DraftKey, Override, PluginChoice, Published, ThresholdFilter};

pub(crate) fn indicator(zh: &str) -> Indicator {
    // From text: the order of measures is the order of the file, which a JSON tree in memory would not keep.
    let mut indicator: Indicator = serde_json::from_str(
        r#"{"code": "STU-ATTENDANCE", "names": {"zh": "", "en": "Attendance"}, "layer": "student",
            "point": "student.learning", "unit": "%", "direction": "higher", "grain": "student", "period": "term",
            "decimals": 2, "value": "a / b * 100", "measures": {
                "b": {"dataset": "attendance", "agg": "count(*)"}, "a": {"dataset": "attendance", "agg": "sum(x)"}}}"#,
    )
    .unwrap();
    indicator.names.zh = zh.to_owned();
    indicator
}

pub(crate) fn threshold(when: &str) -> Threshold {
    serde_json::from_value(json!({
        "indicator": "STU-ATTENDANCE", "kind": "standard", "when": when, "scope": {"level": "college"},
        "source": "校发〔2025〕1 号",
    }))
    .unwrap()
}

pub(crate) fn dataset(zh: &str) -> Dataset {
    serde_json::from_value(json!({
        "id": "club", "names": {"zh": zh, "en": "Clubs"}, "key": ["club_id"],
        "field": [{"name": "club_id", "names": {"zh": "社团编号", "en": "Club"}, "type": "text"}],
    }))
    .unwrap()
}

pub(crate) fn choice() -> PluginChoice {
    PluginChoice {
        id: id("layer-student"),
        enabled: true,
        version: "0.1.0".to_owned(),
        sha256: Some("ab".repeat(32)),
        files_sha256: None,
        trusted: false,
        config: json!({"b": 1, "a": [2]}),
    }
}

pub(crate) async fn publishing_makes_versions_that_stay(place: &impl Place) {
    let record = place.open().await;
    let first = record.indicator_publish(&admin(), &indicator("出勤率"), "h1", None).await.unwrap();
    assert!(matches!(first, Published::New(_)));
    let same = record.indicator_publish(&admin(), &indicator("出勤率"), "h1", None).await.unwrap();
    assert_eq!(same, Published::Unchanged(first.record().clone()));
    assert_eq!(audit_rows(&record).await, 1);
    let second = record.indicator_publish(&admin(), &indicator("到课率"), "h2", Some("改名")).await.unwrap();
    assert_eq!((second.record().version, second.record().note.as_deref()), (2, Some("改名")));
    let code = id("STU-ATTENDANCE");
    let old = record.indicator_get(&code, Some(1)).await.unwrap();
    assert_eq!((&old.body, &*old.hash), (&indicator("出勤率"), "h1"));
    assert!(old.body.measures.keys().map(|name| name.as_str()).eq(["b", "a"]), "the order of measures is kept");
    assert_eq!(&record.indicator_get(&code, None).await.unwrap(), second.record());
    assert_eq!(record.indicator_list().await.unwrap(), [second.record().clone()]);
    assert_eq!(record.indicator_history(&code).await.unwrap().len(), 2);
    refused(record.indicator_get(&code, Some(3)).await, "not-found", Fault::NotFound);
}

pub(crate) async fn a_threshold_set_again_withdraws_the_earlier_one(place: &impl Place) {
    let record = place.open().await;
    refused(record.threshold_set(&admin(), &threshold(">= 90"), "", None).await, "reason-missing", Fault::Invalid);
    let first = record.threshold_set(&admin(), &threshold(">= 90"), "会议", None).await.unwrap();
    let leave = Override { by: "校长".to_owned(), why: "试点".to_owned(), until: day("2026-09-01") };
    let second = record.threshold_set(&admin(), &threshold(">= 85"), "会议", Some(&leave)).await.unwrap();
    assert_eq!((second.overrides.as_ref(), &second.threshold), (Some(&leave), &threshold(">= 85")));
    assert_eq!(record.threshold_list(&ThresholdFilter::default()).await.unwrap(), std::slice::from_ref(&second));
    let target = Threshold { kind: ThresholdKind::Target, ..threshold(">= 95") };
    record.threshold_set(&admin(), &target, "会议", None).await.unwrap();
    let standards = ThresholdFilter {
        indicator: Some(id("STU-ATTENDANCE")),
        kind: Some(ThresholdKind::Standard),
        with_withdrawn: true,
    };
    let kept = record.threshold_list(&standards).await.unwrap();
    assert_eq!(kept.iter().map(|kept| kept.id).collect::<Vec<_>>(), [first.id, second.id]);
    assert_eq!(kept.first().unwrap().withdrawn_at, Some(clock()));
    record.threshold_withdraw(&admin(), second.id, "作废").await.unwrap();
    refused(record.threshold_withdraw(&admin(), second.id, "作废").await, "wrong-state", Fault::Conflict);
    refused(record.threshold_withdraw(&admin(), 99, "作废").await, "not-found", Fault::NotFound);
    assert_eq!(record.threshold_list(&ThresholdFilter::default()).await.unwrap().len(), 1);
}

pub(crate) async fn a_users_dataset_keeps_its_versions(place: &impl Place) {
    let record = place.open().await;
    let first = record.dataset_define(&admin(), &dataset("社团")).await.unwrap();
    assert_eq!(record.dataset_define(&admin(), &dataset("社团")).await.unwrap(), first);
    let second = record.dataset_define(&admin(), &dataset("学生社团")).await.unwrap();
    assert_eq!((first.version, second.version), (1, 2));
    assert_eq!(record.dataset_list().await.unwrap(), std::slice::from_ref(&second));
    assert_eq!(record.dataset_get(&id("club")).await.unwrap(), second);
    refused(record.dataset_get(&id("none")).await, "not-found", Fault::NotFound);
    assert_eq!(audit_rows(&record).await, 2);
}

pub(crate) async fn a_plugin_choice_is_kept_and_repeating_it_writes_nothing(place: &impl Place) {
    let record = place.open().await;
    let choice = choice();
    assert_eq!(record.plugin_find(&choice.id).await.unwrap(), None);
    record.plugin_set(&admin(), &choice).await.unwrap();
    record.plugin_set(&admin(), &choice).await.unwrap();
    assert_eq!(audit_rows(&record).await, 1);
    let off = PluginChoice { enabled: false, sha256: None, ..choice.clone() };
    record.plugin_set(&admin(), &off).await.unwrap();
    assert_eq!(record.plugin_find(&choice.id).await.unwrap().unwrap().choice, off);
    assert_eq!(record.plugin_list().await.unwrap().len(), 1);
}

pub(crate) async fn a_setting_is_kept_and_repeating_it_writes_nothing(place: &impl Place) {
    let record = place.open().await;
    assert_eq!(record.meta_get("school").await.unwrap(), None);
    record.meta_set(&admin(), "school", "示范学院").await.unwrap();
    record.meta_set(&admin(), "school", "示范学院").await.unwrap();
    assert_eq!(audit_rows(&record).await, 1);
    record.meta_set(&admin(), "school", "示范职业学院").await.unwrap();
    assert_eq!(record.meta_get("school").await.unwrap().as_deref(), Some("示范职业学院"));
}

pub(crate) fn draft() -> DraftKey {
    DraftKey { thing: "indicator".to_owned(), subject: "STU-ATTENDANCE".to_owned() }
}

pub(crate) async fn a_draft_is_kept_saved_again_and_thrown_away(place: &impl Place) {
    let record = place.open().await;
    let first = record.draft_save(&admin(), &draft(), Some("h1"), &json!({"value": "a /"}), None).await.unwrap();
    assert_eq!((first.revision, first.base.as_deref()), (1, Some("h1")));
    let saved = record.draft_save(&admin(), &draft(), Some("h1"), &json!({"value": "a / b"}), Some(1)).await.unwrap();
    assert_eq!((saved.revision, &saved.body["value"]), (2, &json!("a / b")));
    let again = place.open().await;
    assert_eq!(again.draft_find(&draft()).await.unwrap().as_ref(), Some(&saved));
    assert_eq!(again.draft_list("indicator").await.unwrap(), std::slice::from_ref(&saved));
    assert!(again.draft_list("report").await.unwrap().is_empty());
    assert_eq!(record.draft_discard(&admin(), &draft(), Some(2)).await.unwrap(), saved);
    assert_eq!(record.draft_find(&draft()).await.unwrap(), None);
    refused(record.draft_discard(&admin(), &draft(), None).await, "not-found", Fault::NotFound);
}

pub(crate) async fn a_draft_that_somebody_else_saved_in_between_is_not_overwritten(place: &impl Place) {
    let record = place.open().await;
    let save = async |seen| record.draft_save(&admin(), &draft(), None, &json!({"by": seen}), seen).await;
    refused(save(Some(1)).await, "stale", Fault::Conflict);
    save(None).await.unwrap();
    refused(save(None).await, "stale", Fault::Conflict);
    save(Some(1)).await.unwrap();
    refused(save(Some(1)).await, "stale", Fault::Conflict);
    refused(record.draft_discard(&admin(), &draft(), Some(1)).await, "stale", Fault::Conflict);
    assert_eq!(record.draft_find(&draft()).await.unwrap().unwrap().body, json!({"by": 1}));
    assert_eq!(audit_rows(&record).await, 2);
}
