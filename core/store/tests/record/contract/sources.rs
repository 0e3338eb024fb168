//! Sources, how far they were read, when they were synced, and plugins that crash.

use super::Place;
use super::samples::{admin, audit_rows, batch, clock, id, refused, to};
use serde_json::json;
use zhengai_model::batch::BatchState;
use zhengai_model::dataset::LoadMode;
use zhengai_model::fault::Fault;
use zhengai_model::text::Message;
use zhengai_store::{
    BatchChange, CursorMove, NewSource, NewSync, PluginChoice, PluginFault, Quarantined, Record, SourceStream,
    SyncFilter, SyncState,
};

pub(crate) fn source(name: &str) -> NewSource {
    NewSource {
        id: id(name),
        plugin: id("connector-jiaowu"),
        component: "jiaowu".to_owned(),
        config: json!({"url": "https://jw.example", "password": {"$secret": "jw"}}),
        streams: vec![SourceStream {
            stream: "考勤".to_owned(),
            dataset: id("attendance"),
            mapping: None,
            mode: Some(LoadMode::Append),
            options: None,
        }],
        review: Some("hold".to_owned()),
        enabled: true,
    }
}

pub(crate) fn cursor(state: Option<serde_json::Value>) -> CursorMove {
    CursorMove { source: id("jw"), stream: "考勤".to_owned(), state }
}

/// A batch that was applied together with the cursor.
pub(crate) async fn applied(record: &Record, name: &str, cursor: CursorMove) {
    record.batch_create(&admin(), &batch(name)).await.unwrap();
    record.batch_change(&admin(), &id(name), &to(BatchState::Applying)).await.unwrap();
    let change = BatchChange { cursor: Some(cursor), ..to(BatchState::Applied) };
    record.batch_change(&admin(), &id(name), &change).await.unwrap();
}

pub(crate) async fn a_source_is_kept_changed_and_removed(place: &impl Place) {
    let record = place.open().await;
    let made = record.source_create(&admin(), &source("jw")).await.unwrap();
    assert_eq!((&made.source, made.at, &*made.by), (&source("jw"), clock(), "王敏"));
    refused(record.source_create(&admin(), &source("jw")).await, "exists", Fault::Conflict);
    assert_eq!(record.source_change(&admin(), &source("jw")).await.unwrap(), made);
    assert_eq!(audit_rows(&record).await, 1, "the same again is no change");
    let off = NewSource { enabled: false, review: None, ..source("jw") };
    assert_eq!(record.source_change(&admin(), &off).await.unwrap().source, off);
    assert_eq!(record.source_get(&id("jw")).await.unwrap().source, off);
    applied(&record, "B1", cursor(Some(json!({"after": 7})))).await;
    record.source_remove(&admin(), &id("jw"), Some("换系统")).await.unwrap();
    refused(record.source_get(&id("jw")).await, "not-found", Fault::NotFound);
    refused(record.source_remove(&admin(), &id("jw"), None).await, "not-found", Fault::NotFound);
    assert!(record.source_list().await.unwrap().is_empty());
    assert!(record.cursor_list(None).await.unwrap().is_empty(), "its cursors went with it");
    assert_eq!(record.batch_get(&id("B1")).await.unwrap().state, BatchState::Applied);
}

pub(crate) async fn a_cursor_moves_with_the_batch_that_is_applied_and_with_nothing_else(place: &impl Place) {
    let record = place.open().await;
    record.source_create(&admin(), &source("jw")).await.unwrap();
    record.batch_create(&admin(), &batch("B1")).await.unwrap();
    let to_seven = Some(cursor(Some(json!({"after": 7}))));
    for state in [BatchState::Held, BatchState::Applying] {
        let change = BatchChange { cursor: to_seven.clone(), ..to(state) };
        record.batch_change(&admin(), &id("B1"), &change).await.unwrap();
        assert_eq!(record.cursor_find(&id("jw"), "考勤").await.unwrap(), None, "{state:?}");
    }
    let change = BatchChange { cursor: to_seven, ..to(BatchState::Applied) };
    record.batch_change(&admin(), &id("B1"), &change).await.unwrap();
    let found = record.cursor_find(&id("jw"), "考勤").await.unwrap().unwrap();
    assert_eq!((&found.state, &found.batch, found.at), (&json!({"after": 7}), &id("B1"), clock()));
    applied(&record, "B2", cursor(Some(json!({"after": 9})))).await;
    let all = record.cursor_list(Some(&id("jw"))).await.unwrap();
    assert_eq!(
        all.iter().map(|cursor| (&cursor.state, cursor.batch.as_str())).collect::<Vec<_>>(),
        [(&json!({"after": 9}), "B2")]
    );
    applied(&record, "B3", cursor(None)).await;
    assert_eq!(record.cursor_find(&id("jw"), "考勤").await.unwrap(), None, "a batch without a state forgets it");
}

pub(crate) async fn a_cursor_of_a_refused_move_stays_where_it_was(place: &impl Place) {
    let record = place.open().await;
    record.source_create(&admin(), &source("jw")).await.unwrap();
    applied(&record, "B1", cursor(Some(json!(1)))).await;
    let again = BatchChange { cursor: Some(cursor(Some(json!(2)))), ..to(BatchState::Applied) };
    refused(record.batch_change(&admin(), &id("B1"), &again).await, "wrong-state", Fault::Conflict);
    assert_eq!(record.cursor_find(&id("jw"), "考勤").await.unwrap().unwrap().state, json!(1));
}

pub(crate) async fn a_batch_of_a_source_that_was_removed_leaves_no_cursor(place: &impl Place) {
    let record = place.open().await;
    applied(&record, "B1", cursor(Some(json!(1)))).await;
    assert!(record.cursor_list(None).await.unwrap().is_empty());
}

pub(crate) async fn a_sync_ends_once(place: &impl Place) {
    let record = place.open().await;
    let sync = NewSync { id: "S1".to_owned(), source: id("jw") };
    let started = record.sync_start(&admin(), &sync).await.unwrap();
    assert_eq!((started.state, started.ended_at), (SyncState::Running, None));
    refused(record.sync_start(&admin(), &sync).await, "exists", Fault::Conflict);
    let summary = json!({"streams": []});
    let running = record.sync_end(&admin(), "S1", SyncState::Running, &summary).await;
    refused(running, "wrong-state", Fault::Conflict);
    let ended = record.sync_end(&admin(), "S1", SyncState::Failed, &summary).await.unwrap();
    assert_eq!((ended.state, ended.summary, ended.ended_at), (SyncState::Failed, Some(summary.clone()), Some(clock())));
    let again = record.sync_end(&admin(), "S1", SyncState::Finished, &summary).await;
    refused(again, "wrong-state", Fault::Conflict);
    refused(record.sync_end(&admin(), "S9", SyncState::Failed, &summary).await, "not-found", Fault::NotFound);
    let running = SyncFilter { states: vec![SyncState::Running], ..SyncFilter::default() };
    assert!(record.sync_list(&running).await.unwrap().is_empty());
    let of = SyncFilter { source: Some(id("jw")), limit: Some(1), ..SyncFilter::default() };
    assert_eq!(record.sync_list(&of).await.unwrap().len(), 1);
}

pub(crate) async fn a_crashing_version_is_kept_out_until_it_is_enabled_again(place: &impl Place) {
    let record = place.open().await;
    let choice = PluginChoice {
        id: id("connector-jiaowu"),
        enabled: true,
        version: "1.0.0".to_owned(),
        sha256: Some("ab".repeat(32)),
        files_sha256: Some("cd".repeat(32)),
        trusted: false,
        config: json!({}),
    };
    let fault = PluginFault {
        id: choice.id.clone(),
        sha256: "ab".repeat(32),
        version: "1.0.0".to_owned(),
        why: Message::new("host-crashed").with("plugin", "connector-jiaowu"),
    };
    record.plugin_set(&admin(), &choice).await.unwrap();
    let once = record.plugin_fault(&admin(), &fault, Quarantined::No).await.unwrap();
    assert_eq!((once.faults, &once.quarantine, &once.choice), (1, &None, &choice));
    let twice = record.plugin_fault(&admin(), &fault, Quarantined::Yes).await.unwrap();
    let quarantine = twice.quarantine.clone().unwrap();
    assert_eq!((twice.faults, &quarantine.why, quarantine.at), (2, &fault.why, clock()));
    assert_eq!(quarantine.sha256, fault.sha256);
    let off = PluginChoice { enabled: false, ..choice.clone() };
    let off = record.plugin_set(&admin(), &off).await.unwrap();
    assert_eq!((off.faults, off.quarantine), (2, Some(quarantine)), "switching it off releases nothing");
    let released = record.plugin_set(&admin(), &choice).await.unwrap();
    assert_eq!((released.faults, released.quarantine), (0, None));
    assert_eq!(record.audit_verify().await.unwrap().sound, 5);
}

pub(crate) async fn a_crash_of_what_ships_is_kept_without_a_choice(place: &impl Place) {
    let record = place.open().await;
    let fault = PluginFault {
        id: id("connector-file"),
        sha256: "ab".repeat(32),
        version: "0.1.0".to_owned(),
        why: Message::new("host-panic"),
    };
    let kept = record.plugin_fault(&admin(), &fault, Quarantined::Yes).await.unwrap();
    assert_eq!((kept.choice.enabled, kept.choice.sha256, kept.faults), (true, None, 1));
    assert_eq!(record.plugin_find(&fault.id).await.unwrap().unwrap().quarantine, kept.quarantine);
}

pub(crate) async fn trust_is_an_audit_word_of_its_own(place: &impl Place) {
    let record = place.open().await;
    let choice = |trusted: bool| PluginChoice {
        id: id("connector-jiaowu"),
        enabled: true,
        version: "1.0.0".to_owned(),
        sha256: None,
        files_sha256: None,
        trusted,
        config: json!({}),
    };
    for trusted in [false, true, false] {
        let kept = record.plugin_set(&admin(), &choice(trusted)).await.unwrap();
        assert_eq!(kept.choice.trusted, trusted);
    }
    let rows = record.audit_list(&zhengai_store::AuditFilter::default()).await.unwrap();
    let words: Vec<&str> = rows.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(words, ["plugin.enable", "plugin.trust", "plugin.untrust"]);
}
