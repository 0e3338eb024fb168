//! Runs, results, comparisons and reports over the transport in memory, as far as a college without layers has them.

use super::house::House;
use super::problem;
use zhengai_model::fault::Fault;
use zhengai_wire::job::JobState;
use zhengai_wire::reports::{self, ReportQuery, ReportSubject};
use zhengai_wire::runs::{self, CompareQuery, DiagnoseOrder, Diagnosed, LATEST, ResultQuery, RunQuery, RunState};

fn order(period: &str) -> DiagnoseOrder {
    DiagnoseOrder { period: period.to_owned(), ..DiagnoseOrder::default() }
}

#[tokio::test]
async fn a_diagnosis_of_a_period_that_is_none_fails_as_a_job_with_the_words_of_the_use_case() {
    let house = House::new();
    let client = house.client("administrator");
    let started = client.send(runs::diagnose(&order("2025"))).await.expect("a job");
    assert_eq!((started.kind.as_str(), started.subject.as_str()), ("diagnose", "2025"));
    let job = house.over("administrator", &started.id).await;
    let problem = job.problem.expect("why");
    assert_eq!(
        (job.state, problem.code, problem.key.as_str()),
        (JobState::Failed, Fault::Invalid, "service-bad-argument")
    );
    assert!(problem.detail.contains("2025"), "{problem:?}");
}

#[tokio::test]
async fn a_run_is_listed_shown_and_compared_with_itself_without_a_difference() {
    let house = House::new();
    let client = house.client("administrator");
    let started = client.send(runs::diagnose(&order("CY2025"))).await.expect("a job");
    let job = house.over("administrator", &started.id).await;
    assert_eq!(job.problem, None);
    assert!(job.progress.counts.contains_key("rows"), "{:?}", job.progress);
    let done: Diagnosed = serde_json::from_value(job.result.expect("a result")).expect("a run");
    let listed = client.send(runs::list(&RunQuery::default())).await.expect("runs");
    assert_eq!((listed.total, listed.items[0].id.as_str()), (1, done.run.as_str()));
    assert_eq!((listed.items[0].state, listed.items[0].view.as_str()), (RunState::Finished, "as-was"));
    let shown = client.send(runs::show(LATEST)).await.expect("the run");
    assert_eq!(shown.run.id, done.run);
    let none = RunQuery { state: Some(RunState::Failed), ..RunQuery::default() };
    assert_eq!(client.send(runs::list(&none)).await.expect("runs").total, 0);
}

#[tokio::test]
async fn what_is_asked_of_a_run_that_is_not_there_is_not_found() {
    let house = House::new();
    let client = house.client("administrator");
    let latest = problem(client.send(runs::show(LATEST)).await.expect_err("no run"));
    assert_eq!(latest.key, "service-no-run");
    let one = "R20261122-001";
    let results = client.send(runs::results(one, &ResultQuery::default())).await.expect_err("no run");
    let compared = client.send(runs::compare(one, one, &CompareQuery::default())).await.expect_err("no run");
    let exported = client.open(runs::export(one, "r.csv").request(), None).await.expect_err("no run");
    let report = ReportQuery { run: Some(one.to_owned()), ..ReportQuery::default() };
    let previewed = client.send(reports::preview(&report)).await.expect_err("no run");
    for failure in [results, compared, exported, previewed] {
        assert_eq!(problem(failure).code, Fault::NotFound);
    }
}

#[tokio::test]
async fn kinds_of_reports_and_choices_of_a_diagnosis_have_names() {
    let house = House::new();
    let client = house.client("administrator");
    let kinds = client.send(reports::kinds()).await.expect("kinds");
    let subjects: Vec<ReportSubject> = kinds.iter().map(|kind| kind.subject).collect();
    assert_eq!(subjects, [ReportSubject::College, ReportSubject::Layer, ReportSubject::Object]);
    assert!(kinds.iter().all(|kind| !kind.name.contains('⟦') && kind.sections.iter().all(|name| !name.contains('⟦'))));
    let choices = client.send(runs::choices()).await.expect("choices");
    assert_eq!((choices.period.as_deref(), choices.view.as_str()), (Some("AY2025"), "as-was"));
    assert!(choices.periods.iter().any(|period| period.id == "AY2026" && !period.over));
    assert!(choices.layers.iter().all(|layer| !layer.enabled));
}
