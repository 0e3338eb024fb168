//! Warnings, undo and objects over the API, on a college that has none yet.

use super::house::House;
use super::problem;
use zhengai_model::fault::Fault;
use zhengai_wire::objects::{self, ObjectQuery, PortraitQuery};
use zhengai_wire::search::{SearchQuery, search};
use zhengai_wire::undo::{self, UndoOrder};
use zhengai_wire::warnings::{self, Act, ActOrder, BulkOrder, Grouping, Sort, WarningQuery};

#[tokio::test]
async fn a_college_without_warnings_answers_every_question_about_them() {
    let house = House::new();
    let client = house.client("wang");
    for sort in [Sort::Severity, Sort::Rule, Sort::Object, Sort::Due, Sort::Assignee] {
        let query = WarningQuery { sort: Some(sort), text: Some("李雷".into()), ..WarningQuery::default() };
        assert_eq!(client.send(warnings::list(&query)).await.expect("a page").total, 0);
    }
    for by in Grouping::ALL {
        assert!(client.send(warnings::groups(by, &WarningQuery::default())).await.expect("groups").is_empty());
    }
    assert!(client.send(warnings::tree(&WarningQuery::default())).await.expect("a tree").is_empty());
    assert!(client.send(warnings::sparks(&[1, 2])).await.expect("curves").is_empty());
    assert!(client.send(objects::list(&ObjectQuery::default())).await.expect("objects").items.is_empty());
    let query = SearchQuery { q: "lilei".into(), limit: None };
    assert!(client.send(search(&query)).await.expect("a search").is_empty());
}

#[tokio::test]
async fn a_word_that_nobody_knows_is_refused_with_its_name() {
    let house = House::new();
    let client = house.client("wang");
    let query = WarningQuery { state: Some("new,old".into()), ..WarningQuery::default() };
    let refused = problem(client.send(warnings::list(&query)).await.expect_err("no such state"));
    assert_eq!(refused.status, 422);
    assert!(refused.detail.contains("old") && !refused.detail.contains("new,"), "{}", refused.detail);
}

#[tokio::test]
async fn a_bulk_order_names_a_selection_or_a_filter() {
    let house = House::new();
    let client = house.client("wang");
    let both = BulkOrder { act: Act::Acknowledge, chosen: Some(Vec::new()), filter: Some(WarningQuery::default()) };
    let neither = BulkOrder { chosen: None, filter: None, ..both.clone() };
    for order in [both, neither] {
        let refused = problem(client.send(warnings::bulk(&order)).await.expect_err("not one of them"));
        assert_eq!(refused.key, "api-warnings-one-choice");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let house = House::new();
    let client = house.client("wang");
    let refused = problem(client.send(warnings::show("7")).await.expect_err("no warning"));
    assert_eq!(refused.code, Fault::NotFound);
    let call = objects::portrait("student", "S1", &PortraitQuery::default());
    assert_eq!(problem(client.send(call).await.expect_err("no run")).code, Fault::NotFound);
}

#[tokio::test]
async fn who_may_only_read_acts_on_no_warning() {
    let house = House::new();
    let order = ActOrder { act: Act::Acknowledge, revision: None };
    let refused = house.client("wang").send(warnings::act("7", &order)).await.expect_err("no right");
    assert_eq!(problem(refused).code, Fault::Forbidden);
}

#[tokio::test]
async fn without_a_change_there_is_nothing_to_undo() {
    let house = House::new();
    let client = house.client("wang");
    assert_eq!(client.send(undo::show()).await.expect("an answer"), None);
    let refused = problem(client.send(undo::take_back(&UndoOrder::default())).await.expect_err("nothing"));
    assert_eq!((refused.status, refused.key.as_str()), (404, "service-undo-nothing"));
}
