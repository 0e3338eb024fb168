//! The editor over canned answers: frames, live help, saving, conflicts, rehearsal, publishing.

use crate::app::{Params, ScreenId};
use crate::snapshots;
use crate::testkit::{Fake, Stage};
use zhengai_model::fault::Fault;
use zhengai_model::indicator::{IndicatorText, Label, MeasureText, ValuesText};
use zhengai_wire::call::Method;
use zhengai_wire::drafts::{Assistance, CandidateRow, Draft, DraftText, Examination, PlacedFault, PublishedDraft};
use zhengai_wire::indicators::{ChangeRow, PublishedRow};
use zhengai_wire::problem::FieldProblem;
use zhengai_wire::{Job, JobState, Problem};

fn text() -> DraftText {
    let measure = |name: &str, filter: &str| MeasureText {
        name: name.into(),
        dataset: "attendance".into(),
        agg: "count(*)".into(),
        filter: filter.into(),
        ..MeasureText::default()
    };
    let form = IndicatorText {
        code: "STU-ATTENDANCE".into(),
        names: Label { zh: "出勤率".into(), en: "Attendance".into() },
        layer: "student".into(),
        point: "student.learning".into(),
        unit: "%".into(),
        direction: "higher".into(),
        grain: "student".into(),
        period: "term".into(),
        decimals: "2".into(),
        value: "100 * present / due".into(),
        measures: vec![measure("present", "status = 'present'"), measure("due", "")],
        values: ValuesText { target: ">= 95".into(), source: "校发〔2025〕1 号".into(), ..ValuesText::default() },
        ..IndicatorText::default()
    };
    DraftText { form, thresholds: Vec::new() }
}

fn draft(revision: Option<u64>) -> Draft {
    let change = ChangeRow { field: "values.warning".into(), before: None, after: Some("< 80".into()) };
    Draft {
        code: "STU-ATTENDANCE".into(),
        text: text(),
        revision,
        at: None,
        by: revision.map(|_| "李伟".into()),
        exists: true,
        changes: revision.map(|_| change).into_iter().collect(),
        comparable: Some(true),
        theirs: Vec::new(),
    }
}

fn good() -> Examination {
    Examination { good: true, canonical: Some("100 * present / due".into()), warnings: 7, ..Examination::default() }
}

fn fake() -> Fake {
    Fake::new()
        .get("drafts/STU-ATTENDANCE", &draft(None))
        .on(Method::Put, "drafts/STU-ATTENDANCE", &draft(Some(1)))
        .on(Method::Post, "drafts/examine", &good())
        .on(Method::Post, "drafts/assist", &Assistance::default())
        .on(
            Method::Post,
            "drafts/STU-ATTENDANCE/publish",
            &PublishedDraft {
                published: PublishedRow { code: "STU-ATTENDANCE".into(), version: 3, new: true },
                thresholds: Vec::new(),
                changes: Vec::new(),
            },
        )
}

fn params() -> Params {
    Params::new().with("code", "STU-ATTENDANCE")
}

#[test]
fn frames() {
    snapshots!("indicator", ScreenId::Indicator, params(), &fake(), "");
}

#[test]
fn candidates_are_offered_while_a_word_is_typed_and_a_fault_stands_under_its_field() {
    let candidate = CandidateRow {
        insert: "出勤量".into(),
        label: "present".into(),
        kind: "measure".into(),
        detail: String::new(),
    };
    let help = Assistance {
        fault: Some(PlacedFault { pointer: "/value".into(), column: Some(3), text: "写到一半".into() }),
        replace_start: 0,
        replace_end: 1,
        candidates: vec![candidate],
        ..Assistance::default()
    };
    let fake = fake().on(Method::Post, "drafts/assist", &help);
    let mut stage = Stage::open(ScreenId::Indicator, &params(), &fake);
    stage.press(&"tab ".repeat(3)).press("\"x\"");
    let shown = stage.text();
    assert!(shown.contains("出勤量"), "{shown}");
    stage.press("esc");
    let shown = stage.text();
    assert!(!shown.contains("出勤量") && shown.contains("写到一半"), "{shown}");
}

#[test]
fn what_is_typed_is_kept_on_this_machine_and_saved_after_a_pause() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Indicator, &params(), &fake);
    stage.press("\"率\"").wait(5000);
    assert!(
        stage.acts().iter().any(|act| act.contains("PUT") && act.contains("drafts/STU-ATTENDANCE")),
        "{:?}",
        stage.acts()
    );
}

#[test]
fn publishing_saves_asks_with_the_changes_and_a_reason_and_leaves() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Indicator, &params(), &fake);
    stage.press("f10");
    let shown = stage.text();
    assert!(shown.contains("预警值：（空） 改为 < 80") && !shown.contains("values.warning"), "{shown}");
    stage.press("esc").press(&"alt+p ".repeat(4));
    let shown = stage.text();
    assert!(shown.contains("修改，") && shown.contains("预警值：（空） 改为 < 80"), "{shown}");
}

#[test]
fn a_draft_that_is_not_good_is_not_published() {
    let bad = Examination {
        contradictions: vec![PlacedFault {
            pointer: "/values/target".into(), column: None, text: "自相矛盾".into()
        }],
        ..Examination::default()
    };
    let fake = fake().on(Method::Post, "drafts/examine", &bad);
    let mut stage = Stage::open(ScreenId::Indicator, &params(), &fake);
    stage.press("f10");
    assert!(stage.text().contains("自相矛盾"));
    stage.press("f5");
    let shown = stage.text();
    assert!(shown.contains("自相矛盾") && shown.contains("请先改正"), "{shown}");
    stage.press("alt+p alt+r");
    let shown = stage.text();
    assert!(shown.contains("目标值：自相矛盾") && shown.contains("然后才能预演"), "{shown}");
    let done = ["PUT", "publish", "rehearse"];
    assert!(!stage.acts().iter().any(|act| done.iter().any(|word| act.contains(word))), "{:?}", stage.acts());
}

#[test]
fn a_rehearsal_that_the_server_refuses_says_which_fields_are_wrong() {
    let mut job: Job = serde_json::from_value(serde_json::json!({
        "id": "J1", "kind": "rehearse", "subject": "STU-ATTENDANCE", "actor": "李伟", "state": "running",
        "progress": {"stage": "", "stage_id": "rehearse", "done": 0}, "queued_at": "2026-11-22T05:00:00Z",
    }))
    .expect("a job");
    let running = job.clone();
    let mut problem = Problem::new(Fault::Invalid, "service-fields", "表单有 1 个字段不合要求，列在下面。");
    problem.more = vec!["/values/target：不是条件".into()];
    problem.fields = vec![FieldProblem { pointer: "/values/target".into(), detail: "不是条件".into() }];
    (job.state, job.problem) = (JobState::Failed, Some(problem));
    let fake = fake().on(Method::Post, "indicators/STU-ATTENDANCE/rehearse", &running).job("J1", vec![job]);
    let mut stage = Stage::open(ScreenId::Indicator, &params(), &fake);
    stage.press("alt+r");
    let shown = stage.text();
    assert!(shown.contains("目标值：不是条件") && !shown.contains("/values/target"), "{shown}");
}

#[test]
fn a_lower_target_is_published_only_with_leave_which_is_kept_with_the_version() {
    let lowered =
        PlacedFault { pointer: "/values/target".into(), column: None, text: "低于现行目标值 98".into() };
    let fake = fake().on(Method::Post, "drafts/examine", &Examination { lowered: vec![lowered], ..good() });
    let mut stage = Stage::open(ScreenId::Indicator, &params(), &fake);
    stage.press("f10");
    let shown = stage.text();
    assert!(shown.contains("低于现行目标值 98") && shown.contains("没有预演过"), "{shown}");
    stage.press("right enter \"调整\" f10");
    assert!(stage.text().contains("为什么降低目标值"), "{}", stage.text());
    assert!(!stage.acts().iter().any(|act| act.contains("/publish")), "{:?}", stage.acts());
    stage.press("\"校长办公会同意\" f10");
    let act = stage.acts().into_iter().rfind(|act| act.contains("/publish")).unwrap_or_default();
    assert!(act.contains("\"leave\":\"校长办公会同意\"") && act.contains("\"why\":\"调整\""), "{act}");
}

#[test]
fn owners_and_sources_are_lines_with_both_languages_and_come_back_as_they_were() {
    let mut with = draft(None);
    with.text.form.owners = vec![Label { zh: "教务处".into(), en: "Academic affairs".into() }];
    let fake = fake().get("drafts/STU-ATTENDANCE", &with);
    let mut stage = Stage::new(crate::testkit::Setting::sized(120, 60), ScreenId::Indicator, &params(), &fake);
    assert!(stage.text().contains("教务处 / Academic affairs"), "{}", stage.text());
    stage.press("ctrl+s");
    let saved = stage.requests().iter().rev().find_map(|request| request.body.clone()).expect("a body");
    assert_eq!(saved["text"]["form"]["owners"], serde_json::json!([{"zh": "教务处", "en": "Academic affairs"}]));
}

#[test]
fn a_target_below_a_floor_becomes_an_exception_of_the_college_and_the_old_value_stays() {
    let mut now = draft(Some(1));
    now.text.form.values.target = ">= 80".into();
    now.changes =
        vec![ChangeRow { field: "values.target".into(), before: Some(">= 95".into()), after: Some(">= 80".into()) }];
    let fake = fake().get("drafts/STU-ATTENDANCE", &now);
    let mut stage = Stage::new(crate::testkit::Setting::sized(120, 30), ScreenId::Indicator, &params(), &fake);
    while !stage.text().contains("阈值 1") {
        stage.press("tab alt+l");
        assert!(stage.requests().len() < 200, "{}", stage.text());
    }
    stage.press("ctrl+s");
    let saved = stage.requests().iter().rev().find_map(|request| request.body.clone()).expect("a body");
    assert_eq!(saved["text"]["form"]["values"]["target"], ">= 95");
    let threshold = &saved["text"]["thresholds"][0];
    assert_eq!((&threshold["kind"], &threshold["when"]), (&"target".into(), &">= 80".into()));
    stage.press("alt+p");
    assert!(stage.text().contains("college"), "{}", stage.text());
}

#[test]
fn a_conflict_shows_theirs_mine_and_base() {
    let fake = fake().refuse(Method::Put, "drafts/STU-ATTENDANCE", Fault::Conflict, "别人改过");
    let mut stage = Stage::open(ScreenId::Indicator, &params(), &fake);
    stage.press("\"新\"").wait(5000);
    let shown = stage.text();
    assert!(shown.contains("冲突") && shown.contains("名称") && !shown.contains("names.zh"), "{shown}");
}

/// A server that keeps one draft and refuses whoever did not see its newest revision.
fn server(saved: std::rc::Rc<std::cell::RefCell<Draft>>) -> Fake {
    let (shown, kept) = (saved.clone(), saved);
    fake().with(Method::Get, "drafts/STU-ATTENDANCE", move |_| Ok(crate::app::Reply::of(&*shown.borrow()))).with(
        Method::Put,
        "drafts/STU-ATTENDANCE",
        move |request| {
            let sent: zhengai_wire::drafts::SaveDraft =
                serde_json::from_value(request.body.clone().unwrap_or_default()).expect("a draft");
            let mut kept = kept.borrow_mut();
            if sent.revision != kept.revision {
                let problem = zhengai_wire::Problem::new(Fault::Conflict, "service-draft-moved", "别人改过");
                return Err(zhengai_wire::Failure::Problem(Box::new(problem)));
            }
            (kept.text, kept.revision) = (sent.text, Some(kept.revision.unwrap_or(0) + 1));
            kept.by = Some("王敏".into());
            Ok(crate::app::Reply::of(&*kept))
        },
    )
}

#[test]
fn of_two_editors_the_second_is_told_who_saved_and_may_take_theirs_or_keep_his() {
    let saved = std::rc::Rc::new(std::cell::RefCell::new(draft(None)));
    let fake = server(saved.clone());
    let mut first = Stage::open(ScreenId::Indicator, &params(), &fake);
    let mut second = Stage::new(crate::testkit::Setting::sized(120, 30), ScreenId::Indicator, &params(), &fake);
    let mut third = Stage::open(ScreenId::Indicator, &params(), &fake);
    first.press("\"甲\"").wait(5000);
    second.press("\"乙\"").wait(5000);
    third.press("\"丙\"").wait(5000);
    assert_eq!(saved.borrow().text.form.names.zh, "出勤率甲", "nobody went over it unasked");
    let shown = second.text();
    for wanted in ["王敏", "出勤率甲", "出勤率乙", "原来：出勤率"] {
        assert!(shown.contains(wanted), "{wanted} in\n{shown}");
    }
    second.press("alt+o right enter");
    assert!(second.text().contains("出勤率甲") && !second.text().contains("出勤率乙"), "{}", second.text());
    second.press("\"二\"").wait(5000);
    assert_eq!(saved.borrow().text.form.names.zh, "出勤率甲二", "what was taken can be written on");
    third.press("alt+k right enter");
    assert_eq!(saved.borrow().text.form.names.zh, "出勤率甲二", "his was begun before: asked again with the newest");
    third.press("alt+k right enter");
    assert_eq!(saved.borrow().text.form.names.zh, "出勤率丙");
}

#[test]
fn what_is_found_after_a_crash_does_not_go_over_what_somebody_saved_in_between() {
    let saved = std::rc::Rc::new(std::cell::RefCell::new(draft(None)));
    let fake = server(saved.clone());
    let mut dying = Stage::open(ScreenId::Indicator, &params(), &fake);
    dying.press("\"未存\"").wait(200);
    let kept = dying.effects().iter().rev().find_map(|effect| match effect {
        crate::effect::Effect::KeepDraft { text, .. } => Some(text.clone()),
        _ => None,
    });
    let kept = kept.expect("kept");
    let again = server(saved.clone()).draft("indicator/STU-ATTENDANCE", &kept);
    let mut back = Stage::open(ScreenId::Indicator, &params(), &again);
    assert!(back.text().contains("出勤率未存"), "{}", back.text());
    let mut other = Stage::open(ScreenId::Indicator, &params(), &fake);
    other.press("\"甲\"").wait(5000);
    let later = server(saved.clone()).draft("indicator/STU-ATTENDANCE", &kept);
    let mut late = Stage::open(ScreenId::Indicator, &params(), &later);
    late.wait(5000);
    let shown = late.text();
    assert!(shown.contains("冲突") && shown.contains("王敏"), "{shown}");
    assert_eq!(saved.borrow().text.form.names.zh, "出勤率甲");
}

#[test]
fn no_size_breaks_it() {
    let fake = fake();
    Stage::open(ScreenId::Indicator, &params(), &fake).draw_bare_at_every_size();
}

#[test]
fn dropping_a_measure_leaves_the_cursor_where_it_was() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Indicator, &params(), &fake);
    stage.resize(120, 60);
    let place = |stage: &mut Stage<'_>| stage.cursor().map(|at| at.y);
    let row = |stage: &mut Stage<'_>, text: &str| {
        stage.text().lines().position(|line| line.contains(text)).and_then(|at| u16::try_from(at).ok())
    };
    let mut steps = 0;
    while place(&mut stage) != row(&mut stage, "present  ") && steps < 40 {
        stage.press("tab");
        steps += 1;
    }
    let before = place(&mut stage);
    stage.press("alt+d");
    assert!(row(&mut stage, "status = 'present'").is_none(), "{}", stage.text());
    assert_eq!(place(&mut stage), before, "{}", stage.text());
}
