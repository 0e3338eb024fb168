//! Periods and cycles over the transport in memory.

use super::house::House;
use super::problem;
use zhengai_model::fault::Fault;
use zhengai_model::period::{PeriodKind, PeriodState};
use zhengai_wire::cycles::{self, CycleMove, CycleQuery, CycleState, NewCycle, StepState};
use zhengai_wire::periods::{self, PeriodQuery};

fn new(template: &str) -> NewCycle {
    NewCycle { template: template.to_owned(), period: "CY2025".to_owned(), ..NewCycle::default() }
}

#[tokio::test]
async fn a_cycle_goes_from_step_to_step_of_its_template_and_ends_with_a_reason() {
    let house = House::new();
    let client = house.client("administrator");
    let template = client.send(cycles::templates()).await.expect("templates").remove(0).0;
    let made = client.send(cycles::create(&new(&template.id))).await.expect("a cycle");
    assert_eq!((made.state, made.by.as_str()), (CycleState::Open, "administrator"));
    let shown = client.send(cycles::show(&made.id)).await.expect("the cycle");
    assert_eq!(shown.steps.len() as u64, shown.progress.total);
    assert_eq!((shown.progress.done, shown.steps[0].state), (0, StepState::Current));
    let to = shown.next.first().expect("a step that may follow").clone();
    let order = CycleMove { to: to.clone(), evidence: vec!["会议纪要.pdf".to_owned()] };
    let moved = client.send(cycles::advance(&made.id, &order)).await.expect("moved");
    assert_eq!(moved.step, to);
    let shown = client.send(cycles::show(&made.id)).await.expect("the cycle");
    assert_eq!((shown.progress.done, shown.steps[0].state), (1, StepState::Done));
    assert_eq!(shown.steps[0].evidence, serde_json::json!(["会议纪要.pdf"]));
    let closed = client.send(cycles::close(&made.id, "完成")).await.expect("closed");
    assert_eq!((closed.state, closed.close_reason.as_deref()), (CycleState::Closed, Some("完成")));
    let shown = client.send(cycles::show(&made.id)).await.expect("the cycle");
    assert!(shown.next.is_empty());
    let open = CycleQuery { state: Some(CycleState::Open), ..CycleQuery::default() };
    assert_eq!(client.send(cycles::list(&open)).await.expect("a list").total, 0);
}

#[tokio::test]
async fn a_cycle_that_cannot_be_made_or_moved_says_what_is_wrong() {
    let house = House::new();
    let client = house.client("administrator");
    let unknown = problem(client.send(cycles::create(&new("school-yaer"))).await.expect_err("no template"));
    assert_eq!(unknown.code, Fault::NotFound);
    let template = client.send(cycles::templates()).await.expect("templates").remove(0).0;
    let period = NewCycle { period: "2025".to_owned(), ..new(&template.id) };
    assert_eq!(problem(client.send(cycles::create(&period)).await.expect_err("no period")).status, 422);
    let made = client.send(cycles::create(&new(&template.id))).await.expect("a cycle");
    let nowhere = CycleMove { to: "nowhere".to_owned(), evidence: Vec::new() };
    let refused = problem(client.send(cycles::advance(&made.id, &nowhere)).await.expect_err("no step"));
    assert_eq!(refused.code, Fault::NotFound);
    let same = CycleMove { to: made.step.clone(), evidence: Vec::new() };
    let refused = problem(client.send(cycles::advance(&made.id, &same)).await.expect_err("not allowed"));
    assert_eq!(refused.code, Fault::Conflict);
    let silent = problem(client.send(cycles::close(&made.id, " ")).await.expect_err("no reason"));
    assert_eq!(silent.code, Fault::Invalid);
}

#[tokio::test]
async fn a_locked_period_is_told_with_its_reason_and_opens_for_late_rows_again() {
    let house = House::new();
    let client = house.client("administrator");
    let query = PeriodQuery { kind: Some(PeriodKind::CalendarYear), back: Some(2) };
    let listed = client.send(periods::list(&query)).await.expect("periods");
    let ids: Vec<(&str, bool)> = listed.iter().map(|period| (period.id.as_str(), period.over)).collect();
    assert_eq!(ids, [("CY2026", false), ("CY2025", true)]);
    let locked = client.send(periods::lock("CY2025", "已上报")).await.expect("locked");
    assert_eq!((locked.state, locked.why.as_deref()), (PeriodState::Locked, Some("已上报")));
    let listed = client.send(periods::list(&query)).await.expect("periods");
    assert_eq!(listed[1].state, PeriodState::Locked);
    client.send(periods::unlock("CY2025", "补报")).await.expect("unlocked");
    let settled = client.send(periods::settled()).await.expect("states");
    assert_eq!((settled[0].state, settled[0].by.as_str()), (PeriodState::Grace, "administrator"));
}
