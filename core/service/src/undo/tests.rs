//! Deeds and undos over a college of its own: whatever was done goes back step by step, and what somebody else changed since
//! stays.

use crate::college::{Access, College, Opening};
use crate::config::Config;
use crate::error::ServiceError;
use crate::home::{DataDir, Home};
use crate::undo::{KINDS, UndoRefused, Undoable};
use crate::warnings::{Chosen, Deed};
use proptest::prelude::*;
use serde_json::json;
use std::path::Path;
use zhengai_host::WorkerSettings;
use zhengai_model::fault::Explain;
use zhengai_model::layer::Layer;
use zhengai_model::period::PeriodState;
use zhengai_model::rights::{Grant, Right, Scope};
use zhengai_model::warning::{ConditionState, Event, Handling, Identity, Mode, Resolution, Suppression, Warning};
use zhengai_store::{Actor, Fate, NewRun, WarningFilter, WarningId, WarningWrite};

const WARNINGS: i64 = 4;

fn opening(folder: &Path) -> Opening {
    let data = DataDir::at(folder.join("data"));
    Opening {
        config: Config::load(&data.config_file(), &Default::default(), &[]).expect("settings"),
        data,
        home: Home::find(Some(folder.join("home")), Path::new("zhengai")).expect("a home"),
        actor: Actor::local("王敏"),
        clock: chrono::Utc::now,
        today: "2026-11-22".parse().expect("a day"),
        packs: Vec::new(),
        worker: WorkerSettings::this_program().expect("a program"),
        wait: |_, _| Box::pin(async {}),
    }
}

/// A college without plugins, with four warnings.
async fn college(folder: &Path) -> College {
    let (home, shipped) = (folder.join("home"), Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config"));
    for path in ["plugins", "config"] {
        std::fs::create_dir_all(home.join(path)).expect("a folder");
    }
    for file in ["calendar.toml", "roles.toml"] {
        std::fs::copy(shipped.join(file), home.join("config").join(file)).expect("shipped");
    }
    let pack = "id = \"policy\"\nkind = \"pack\"\nversion = \"1.0.0\"\n[names]\nzh = \"政策\"\nen = \"Policy\"\n";
    std::fs::write(home.join("config/pack.toml"), pack).expect("a pack");
    College::init(&DataDir::at(folder.join("data")), "test", Some("测试学院")).expect("a college");
    let college = College::open(opening(folder), Access::Write).await.expect("open");
    let run = NewRun {
        id: "R1".parse().expect("an id"),
        cycle: None,
        period: "AY2025-T1".parse().expect("a period"),
        layers: vec![Layer::Student],
        request: json!({}),
    };
    let machine = Actor::local("system");
    college.record.run_start(&machine, &run).await.expect("a run");
    let writes: Vec<WarningWrite> = (1..=WARNINGS).map(raise).collect();
    college.record.warning_save(&machine, &run.id, &writes).await.expect("warnings");
    college
}

fn raise(number: i64) -> WarningWrite {
    WarningWrite {
        seen: None,
        warning: Warning {
            identity: Identity {
                rule: "STU-ATTENDANCE".parse().expect("a rule"),
                kind: "student".parse().expect("a kind"),
                object: format!("S{number}").parse().expect("an id"),
                period: "AY2025-T1".parse().expect("a period"),
            },
            condition: ConditionState::Active,
            good_in_a_row: 0,
            bad_in_a_row: 1,
            handling: Handling::New,
            resolution: None,
            suppression: Suppression::None,
            level: "general".parse().expect("a level"),
        },
        layer: Layer::Student,
        severity: 1,
        object_name: "李雷".to_owned(),
        unit: String::new(),
        because: json!([]),
        event: Some(Event::Raised),
        fate: Fate::Stands,
        mode: Mode::Live,
        due: None,
    }
}

/// What people move, of every warning.
async fn axes(college: &College) -> Vec<String> {
    let filter = WarningFilter { with_closed: true, ..WarningFilter::default() };
    let found = college.record.warning_list(&filter).await.expect("warnings");
    let told =
        |one: &zhengai_store::WarningRecord| format!("{} {:?} {:?} {:?}", one.id, one.warning, one.assignee, one.due);
    found.iter().map(told).collect()
}

fn deeds() -> impl Strategy<Value = Deed> {
    let day = || "2026-12-01".parse().expect("a day");
    prop::sample::select(vec![
        Deed::Acknowledge,
        Deed::Assign { to: "张老师".to_owned(), due: Some(day()) },
        Deed::Assign { to: "李老师".to_owned(), due: None },
        Deed::Comment { text: "已联系家长".to_owned() },
        Deed::Silence { until: day(), why: "实习".to_owned() },
        Deed::Resolve { resolution: Resolution::Cured, why: None },
        Deed::Reopen { why: "又旷课".to_owned() },
        Deed::Inhibit { by: "教务系统未更新".to_owned() },
        Deed::Shelve,
        Deed::Speak,
    ])
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn whatever_was_done_goes_back_step_by_step(
        done in prop::collection::vec((deeds(), prop::collection::btree_set(1..=WARNINGS, 1..=4)), 1..7)
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        run(async {
            let college = college(folder.path()).await;
            let mut before = Vec::new();
            for (deed, ids) in &done {
                let was = axes(&college).await;
                let chosen: Vec<Chosen> =
                    ids.iter().map(|id| Chosen { id: WarningId(*id), revision: None }).collect();
                let handled = college.handle_warnings(&chosen, deed).await.expect("a deed");
                prop_assert_eq!(handled.done.len() + handled.refused.len(), ids.len());
                // A comment changes nothing, so that there is nothing to take back.
                if !handled.done.is_empty() && !matches!(deed, Deed::Comment { .. }) {
                    before.push(was);
                }
            }
            while let Some(was) = before.pop() {
                let undone = college.undo(None).await.expect("an undo");
                prop_assert!(undone.obstacle.is_none());
                prop_assert_eq!(axes(&college).await, was);
            }
            let nothing = matches!(college.undo(None).await, Err(ServiceError::Undo(UndoRefused::Nothing)));
            prop_assert!(nothing, "only what was done is taken back");
            prop_assert_eq!(college.record.audit_verify().await.expect("a check").broken, None);
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn what_somebody_else_changed_since_is_refused_with_the_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let college = college(folder.path()).await;
    let one = Chosen { id: WarningId(1), revision: None };
    college.handle_warning(one, &Deed::Acknowledge).await.expect("a deed");
    let other = college.acting(Actor::local("李四"));
    other.handle_warning(one, &Deed::Assign { to: "赵六".to_owned(), due: None }).await.expect("a deed");
    let shown = college.undoable().await.expect("a look").expect("a change");
    let why = shown.obstacle.expect("an obstacle");
    assert_eq!(why.key, "service-undo-changed-by");
    assert!(why.args.contains(&("by".to_owned(), "李四".to_owned())), "{why:?}");
    assert!(matches!(college.undo(None).await, Err(ServiceError::Undo(UndoRefused::Obstacle { .. }))));
    // The other takes back first; then the way is free.
    other.undo(None).await.expect("an undo");
    college.undo(Some(shown.rows.first().expect("a row").seq)).await.expect("an undo");
}

#[tokio::test]
async fn a_bulk_that_meets_a_changed_warning_leaves_that_one_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let college = college(folder.path()).await;
    let first = Chosen { id: WarningId(1), revision: Some(0) };
    college.handle_warning(first, &Deed::Acknowledge).await.expect("a deed");
    let all: Vec<Chosen> = (1..=WARNINGS).map(|id| Chosen { id: WarningId(id), revision: Some(0) }).collect();
    let handled = college.handle_warnings(&all, &Deed::Shelve).await.expect("a deed");
    let refused: Vec<_> = handled.refused.iter().map(|(id, why)| (id.0, why.key.as_str())).collect();
    assert_eq!((handled.done.len(), refused), (3, vec![(1, "store-stale")]));
}

#[tokio::test]
async fn a_locked_period_opens_again_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let college = college(folder.path()).await;
    college.lock_period("CY2026", "年终").await.expect("locked");
    college.undo(None).await.expect("an undo");
    let states = college.periods().await.expect("periods");
    assert!(states.iter().all(|record| record.state != PeriodState::Locked), "{states:?}");
}

/// The same person, who may now do this much less.
fn without(college: &College, right: Right) -> College {
    let mut grant = Grant::everything();
    grant.rights.remove(&right);
    college.acting(Actor::new("王敏", "quality-officer").holding([grant]))
}

#[track_caller]
fn forbidden(refused: Result<Undoable, ServiceError>, needed: Right) {
    assert!(
        matches!(&refused, Err(ServiceError::Forbidden { right, .. }) if *right == needed),
        "{needed}: {refused:?}"
    );
}

#[tokio::test]
async fn whoever_lost_the_right_to_a_change_cannot_take_it_back_and_is_told_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let college = college(folder.path()).await;
    let one = Chosen { id: WarningId(1), revision: None };
    college.handle_warning(one, &Deed::Acknowledge).await.expect("a deed");
    let was = axes(&college).await;
    let demoted = without(&college, Right::HandleWarnings);
    let shown = demoted.undoable().await.expect("a look").expect("a change");
    let why = shown.obstacle.expect("an obstacle");
    assert!(why.args.iter().any(|(_, said)| said == Right::HandleWarnings.as_str()), "{why:?}");
    forbidden(demoted.undo(None).await, Right::HandleWarnings);
    assert_eq!(axes(&college).await, was);
    // Somebody who still has it takes back the same change.
    without(&college, Right::ManageCycles).undo(None).await.expect("an undo");

    college.lock_period("CY2026", "年终").await.expect("locked");
    forbidden(without(&college, Right::ManageCycles).undo(None).await, Right::ManageCycles);
    let locked = college.periods().await.expect("periods");
    assert!(locked.iter().any(|record| record.state == PeriodState::Locked), "{locked:?}");
}

#[tokio::test]
async fn a_deed_on_a_warning_that_lies_outside_the_scope_by_now_is_not_taken_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let college = college(folder.path()).await;
    college.handle_warning(Chosen { id: WarningId(1), revision: None }, &Deed::Acknowledge).await.expect("a deed");
    let was = axes(&college).await;
    let elsewhere = Scope::units(["department/D9".parse().expect("a place")]);
    let moved = Actor::new("王敏", "department").holding([Grant { scope: elsewhere, ..Grant::everything() }]);
    let moved = college.acting(moved);
    let shown = moved.undoable().await.expect("a look").expect("a change");
    assert_eq!(shown.obstacle.expect("an obstacle").key, crate::warnings::missing(1).message().key);
    assert!(matches!(moved.undo(None).await, Err(ServiceError::Undo(UndoRefused::Obstacle { .. }))));
    assert_eq!(axes(&college).await, was);
}

#[test]
fn each_kind_asks_for_the_right_of_the_change_itself() {
    let asked: Vec<(&str, Right)> =
        KINDS.iter().flat_map(|kind| kind.actions().iter().map(|action| (*action, kind.right()))).collect();
    for (action, right) in asked {
        let thing = action.split_once('.').map(|(thing, _)| thing);
        let needed = match thing {
            Some("warning") => Right::HandleWarnings,
            Some("threshold") => Right::PublishIndicators,
            Some("plugin") => Right::ManagePlugins,
            Some("period") => Right::ManageCycles,
            Some("source") => Right::ManageSources,
            _ => panic!("{action} has no line here"),
        };
        assert_eq!(right, needed, "{action}");
    }
}
