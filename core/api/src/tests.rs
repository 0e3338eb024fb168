//! The API over the transport in memory, on a new college without plugins.

mod cycles;
mod described;
mod handling;
mod house;
mod rights;
mod runs;

use crate::{Cx, Work};
use axum::Json;
use house::House;
use http::StatusCode;
use std::sync::Arc;
use tokio::sync::Barrier;
use zhengai_model::fault::Fault;
use zhengai_service::ServiceError;
use zhengai_wire::job::{self, JobState};
use zhengai_wire::{Call, Failure, Job, session};

fn problem(failure: Failure) -> zhengai_wire::Problem {
    match failure {
        Failure::Problem(problem) => *problem,
        other => panic!("no problem: {other:?}"),
    }
}

#[tokio::test]
async fn the_college_says_who_it_is_and_who_asks() {
    let house = House::new();
    let college = house.client("wang").send(session::show()).await.expect("an answer");
    assert_eq!((college.institution.as_str(), college.user.as_str()), ("测试学院", "wang"));
}

#[tokio::test]
async fn a_path_that_is_not_there_is_a_problem_in_the_language_of_the_request() {
    let house = House::new();
    let failed = house.client("wang").send(Call::<()>::get(&["nothing"])).await.expect_err("no path");
    let problem = problem(failed);
    assert_eq!((problem.status, problem.code, problem.key.as_str()), (404, Fault::NotFound, "api-no-path"));
    assert!(problem.detail.contains("This server"), "{problem:?}");
    assert!(problem.request.is_some());
}

#[tokio::test]
async fn a_college_that_is_not_there_is_told_as_the_use_case_tells_it() {
    let house = House::new();
    std::fs::remove_file(house.data().config_file()).expect("removed");
    let failed = house.client("wang").send(session::show()).await.expect_err("no college");
    assert_eq!(problem(failed).key, "service-no-college");
}

#[tokio::test]
async fn settings_that_change_are_in_force_for_the_next_request() {
    let house = House::new();
    let client = house.client("wang");
    client.send(session::show()).await.expect("an answer");
    house.rename("改名学院");
    assert_eq!(client.send(session::show()).await.expect("an answer").institution, "改名学院");
}

#[tokio::test]
async fn a_reader_that_has_the_newest_version_is_told_so() {
    let house = House::new();
    let router = house.api().router();
    let first = house.ask(&router, &[]).await;
    let tag = first.headers().get("etag").expect("a version").clone();
    assert_eq!(first.status(), StatusCode::OK);
    let again = house.ask(&router, &[("if-none-match", tag.to_str().expect("text"))]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    let other = house.ask(&router, &[("if-none-match", "\"other\"")]).await;
    assert_eq!(other.status(), StatusCode::OK);
}

#[tokio::test]
async fn nobody_in_particular_gets_no_answer() {
    let house = House::new();
    let request = http::Request::get("/v1/session").body(axum::body::Body::empty()).expect("a request");
    let response = tower::ServiceExt::oneshot(house.api().router(), request).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}

async fn start(
    cx: &Cx,
    work: impl AsyncFnOnce(Work) -> Result<serde_json::Value, ServiceError> + Send + 'static,
) -> Job {
    let (status, Json(job)) = cx.start("test", "nothing".to_owned(), work).await.expect("started");
    assert_eq!(status, StatusCode::ACCEPTED);
    job
}

#[tokio::test]
async fn a_job_ends_with_its_result_and_its_watcher_hears_of_it() {
    let house = House::new();
    let started = start(&house.cx("wang"), async |_: Work| Ok(serde_json::json!({"rows": 3}))).await;
    let job = house.over("wang", &started.id).await;
    assert_eq!((job.state, job.result), (JobState::Done, Some(serde_json::json!({"rows": 3}))));
}

#[tokio::test]
async fn a_job_that_panics_has_failed_and_the_next_one_runs() {
    let house = House::new();
    let cx = house.cx("wang");
    let broken = start(&cx, async |_: Work| panic!("on purpose")).await;
    let job = house.over("wang", &broken.id).await;
    assert_eq!((job.state, job.problem.map(|problem| problem.code)), (JobState::Failed, Some(Fault::Internal)));
    let next = start(&cx, async |_: Work| Ok(serde_json::Value::Null)).await;
    assert_eq!(house.over("wang", &next.id).await.state, JobState::Done);
}

#[tokio::test]
async fn the_same_request_while_its_job_runs_gives_the_same_job() {
    let house = House::new();
    let cx = Cx { fingerprint: Some(crate::cx::Fingerprint(7)), ..house.cx("wang") };
    let gate = Arc::new(Barrier::new(2));
    let held = Arc::clone(&gate);
    let first = start(&cx, async move |_: Work| {
        held.wait().await;
        Ok(serde_json::Value::Null)
    })
    .await;
    let second = start(&cx, async |_: Work| Ok(serde_json::Value::Null)).await;
    let other = Cx { fingerprint: Some(crate::cx::Fingerprint(8)), ..cx.clone() };
    let third = start(&other, async |_: Work| Ok(serde_json::Value::Null)).await;
    assert_eq!(first.id, second.id);
    assert_ne!(first.id, third.id);
    gate.wait().await;
    house.over("wang", &first.id).await;
    let later = start(&cx, async |_: Work| Ok(serde_json::Value::Null)).await;
    assert_ne!(first.id, later.id);
}

#[tokio::test]
async fn jobs_that_write_take_turns_and_one_that_waits_can_be_cancelled() {
    let house = House::new();
    let cx = house.cx("wang");
    let (begun, gate) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let (tell, held) = (Arc::clone(&begun), Arc::clone(&gate));
    let first = start(&cx, async move |work: Work| {
        let _college = work.write().await?;
        tell.wait().await;
        held.wait().await;
        Ok(serde_json::Value::Null)
    })
    .await;
    begun.wait().await;
    let second = start(&cx, async |work: Work| {
        let _college = work.write().await?;
        Ok(serde_json::Value::Null)
    })
    .await;
    house.until("wang", &second.id, |job| job.state == JobState::Queued).await;
    house.client("wang").send(job::cancel(&second.id)).await.expect("asked");
    assert_eq!(house.over("wang", &second.id).await.state, JobState::Cancelled);
    gate.wait().await;
    assert_eq!(house.over("wang", &first.id).await.state, JobState::Done);
}

#[tokio::test]
async fn one_sees_one_s_own_jobs_and_nobody_else_s() {
    let house = House::new();
    let started = start(&house.cx("wang"), async |_: Work| Ok(serde_json::Value::Null)).await;
    let li = house.client("li");
    assert!(li.send(job::list()).await.expect("a list").is_empty());
    let failed = li.send(job::show(&started.id)).await.expect_err("not hers");
    assert_eq!(problem(failed).key, "api-no-job");
}

#[tokio::test]
async fn closing_stops_jobs_and_takes_no_more() {
    let house = House::new();
    let cx = house.cx("wang");
    let started = start(&cx, async |work: Work| {
        while !work.cancel.is_cancelled() {
            tokio::task::yield_now().await;
        }
        Err(ServiceError::Cancelled)
    })
    .await;
    let mut watch = house.api().jobs().watch(&started.id, &cx.actor).expect("a job");
    assert!(house.api().close(std::time::Duration::from_secs(60)).await);
    assert_eq!(watch.borrow_and_update().state, JobState::Cancelled);
    let refused = cx.start("test", String::new(), async |_: Work| Ok(serde_json::Value::Null)).await;
    assert_eq!(refused.expect_err("closed").fault(), Fault::Unavailable);
}
