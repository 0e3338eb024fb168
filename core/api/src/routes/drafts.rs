//! Drafts of indicators: saved, examined, assisted, sampled, rehearsed, published.

use super::indicators::{change, checked, published_row};
use crate::jobs::Work;
use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::Path;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::period::PeriodKind;
use zhengai_service::ServiceError;
use zhengai_service::assist::{CandidateKind, Meaning, Question};
use zhengai_service::drafts::{DraftBody, DraftOrder, PublishOrder};
use zhengai_service::rehearse::{RehearsalReport, RehearseOrder, RehearseStep};
use zhengai_service::{RehearsalDifference, Shift};
use zhengai_wire::Job;
use zhengai_wire::drafts::{
    AssistRequest, Assistance, CandidateRow, Counted, Draft, DraftText, Examination, PlacedFault, PublishDraft,
    PublishedDraft, Rehearsal, RehearseRequest, RehearsedPeriod, SampleRequest, SaveDraft, ValueShift, WarningShift,
    WordRow,
};
use zhengai_wire::indicators::CheckResult;
use zhengai_wire::job::Progress;

/// Warnings and values of one period that a rehearsal names; the rest is counted.
const NAMED: usize = 200;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(examine))
        .routes(routes!(assist))
        .routes(routes!(sample))
        .routes(routes!(show, save, discard))
        .routes(routes!(publish))
        .routes(routes!(rehearse))
}

/// All drafts, by code.
#[utoipa::path(get, path = "/v1/drafts", tag = "drafts", operation_id = "drafts_list",
    responses((status = 200, body = Vec<Draft>)))]
async fn list(cx: Cx) -> Answer<Vec<Draft>> {
    Ok(Json(cx.read().await?.drafts().await?.into_iter().map(told).collect()))
}

/// The draft of an indicator; where there is none, what a new one would begin with.
#[utoipa::path(get, path = "/v1/drafts/{code}", tag = "drafts", operation_id = "drafts_show",
    params(("code" = String, Path, description = "Code of the indicator")),
    responses((status = 200, body = Draft)))]
async fn show(cx: Cx, Path(code): Path<String>) -> Answer<Draft> {
    Ok(Json(told(cx.read().await?.draft(&code).await?)))
}

/// Saves a draft. It counts for nothing until it is published.
#[utoipa::path(put, path = "/v1/drafts/{code}", tag = "drafts", operation_id = "drafts_save",
    params(("code" = String, Path, description = "Code of the indicator")), request_body = SaveDraft,
    responses((status = 200, body = Draft)))]
async fn save(cx: Cx, Path(code): Path<String>, Json(draft): Json<SaveDraft>) -> Answer<Draft> {
    let college = cx.write().await?;
    let order = DraftOrder { body: body(draft.text), seen: draft.revision, rebased: draft.rebased };
    Ok(Json(told(college.save_draft(&code, &order).await?)))
}

/// Throws a draft away.
#[utoipa::path(delete, path = "/v1/drafts/{code}", tag = "drafts", operation_id = "drafts_discard",
    params(("code" = String, Path, description = "Code of the indicator")),
    responses((status = 204, description = "The draft is gone.")))]
async fn discard(cx: Cx, Path(code): Path<String>) -> Result<StatusCode, ApiError> {
    let college = cx.write().await?;
    college.discard_draft(&code, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is wrong with a draft, and whom it touches. Nothing is kept.
#[utoipa::path(post, path = "/v1/drafts/examine", tag = "drafts", operation_id = "drafts_examine",
    request_body = DraftText, responses((status = 200, body = Examination)))]
async fn examine(cx: Cx, Json(text): Json<DraftText>) -> Answer<Examination> {
    let found = cx.read().await?.examine(&body(text)).await?;
    let placed = |faults: &[zhengai_service::examine::PlacedFault]| -> Vec<PlacedFault> {
        let one = |fault: &zhengai_service::examine::PlacedFault| PlacedFault {
            pointer: fault.pointer.clone(),
            column: fault.column.map(|column| column as u64),
            text: cx.say(&fault.message),
        };
        faults.iter().map(one).collect()
    };
    Ok(Json(Examination {
        good: found.is_good(),
        fields: placed(&found.fields),
        formula: placed(&found.formula),
        contradictions: placed(&found.contradictions),
        floors: placed(&found.floors),
        lowered: placed(&found.lowered),
        hints: placed(&found.hints),
        canonical: found.canonical,
        read_by: found.read_by.iter().map(ToString::to_string).collect(),
        rules: found.rules.iter().map(ToString::to_string).collect(),
        warnings: found.warnings,
        weights: found.weights.map(|sum| sum.normalize().to_string()),
    }))
}

/// Help with one field while it is typed: words, grammar, completion. Nothing is kept and no row is read.
#[utoipa::path(post, path = "/v1/drafts/assist", tag = "drafts", operation_id = "drafts_assist",
    request_body = AssistRequest, responses((status = 200, body = Assistance)))]
async fn assist(cx: Cx, Json(request): Json<AssistRequest>) -> Answer<Assistance> {
    let cursor = request.cursor.and_then(|cursor| usize::try_from(cursor).ok());
    let question = Question { form: request.form, pointer: request.pointer.clone(), cursor };
    let found = cx.read().await?.assist(&question)?;
    let words = found.words.into_iter().map(|(word, meaning)| WordRow {
        start: word.start as u64,
        end: word.end as u64,
        kind: word.kind,
        meaning: meaning.map(|meaning| meaning_word(meaning).to_owned()),
    });
    let candidates = found.candidates.into_iter().map(|one| CandidateRow {
        label: one.names.as_ref().map(|names| cx.label(names)).unwrap_or_default(),
        kind: kind_word(one.kind).to_owned(),
        insert: one.insert,
        detail: one.detail,
    });
    let fault = found.fault.map(|(column, message)| PlacedFault {
        pointer: request.pointer,
        column: Some(column as u64),
        text: cx.say(&message),
    });
    Ok(Json(Assistance {
        words: words.collect(),
        fault,
        replace_start: found.replace.0 as u64,
        replace_end: found.replace.1 as u64,
        candidates: candidates.collect(),
    }))
}

/// Samples of a draft on real data.
#[utoipa::path(post, path = "/v1/drafts/sample", tag = "drafts", operation_id = "drafts_sample",
    request_body = SampleRequest, responses((status = 200, body = CheckResult)))]
async fn sample(cx: Cx, Json(request): Json<SampleRequest>) -> Answer<CheckResult> {
    let college = cx.read().await?;
    let kind = serde_json::from_value::<PeriodKind>(request.text.form.period.as_str().into());
    let period = match &request.period {
        Some(id) => college.period(id)?,
        None => college.last_period(kind.unwrap_or(PeriodKind::AcademicYear))?,
    };
    Ok(Json(checked(&cx, college.draft_samples(&body(request.text), &period).await?)))
}

/// Publishes the draft that is saved.
#[utoipa::path(post, path = "/v1/drafts/{code}/publish", tag = "drafts", operation_id = "drafts_publish",
    params(("code" = String, Path, description = "Code of the indicator")), request_body = PublishDraft,
    responses((status = 200, body = PublishedDraft)))]
async fn publish(cx: Cx, Path(code): Path<String>, Json(request): Json<PublishDraft>) -> Answer<PublishedDraft> {
    let college = cx.write().await?;
    let order = PublishOrder { why: request.why, seen: request.revision, leave: request.leave };
    let done = college.publish_draft(&code, &order).await?;
    Ok(Json(PublishedDraft {
        published: published_row(&done.published),
        thresholds: done.thresholds.iter().map(|threshold| threshold.id).collect(),
        changes: done.changes.into_iter().map(change).collect(),
    }))
}

/// Replays past periods with a draft or other thresholds; a job whose result is a `Rehearsal`.
#[utoipa::path(post, path = "/v1/indicators/{code}/rehearse", tag = "drafts", operation_id = "drafts_rehearse",
    params(("code" = String, Path, description = "Code of the indicator")), request_body = RehearseRequest,
    responses((status = 202, body = Job)))]
async fn rehearse(
    cx: Cx,
    Path(code): Path<String>,
    Json(request): Json<RehearseRequest>,
) -> Result<(StatusCode, Json<Job>), ApiError> {
    let subject = code.clone();
    cx.start("rehearse", subject, async move |work: Work| {
        let college = work.read().await?;
        let text = match request.text {
            Some(text) => Some(body(text)),
            None => college.draft(&code).await.ok().filter(|draft| draft.record.is_some()).map(|draft| draft.body),
        };
        let mut order = match text {
            Some(text) => RehearseOrder::of(&code, text, request.periods),
            None => RehearseOrder { code, periods: request.periods, ..RehearseOrder::default() },
        };
        order.thresholds.extend(request.thresholds);
        let progress = |step: RehearseStep| {
            work.progress(Progress {
                stage: work.cx.texts.text("api-stage-rehearse", &[]),
                stage_id: "rehearse".to_owned(),
                done: step.done,
                total: Some(step.total),
                unit: "periods".to_owned(),
                what: Some(step.period.to_string()),
                ..Progress::default()
            });
        };
        let report = college.rehearse_indicator(&order, &progress, &work.cancel).await?;
        let levels: Vec<String> = college.definitions().levels.all().iter().map(|one| one.id.to_string()).collect();
        serde_json::to_value(rehearsal(report, &levels))
            .map_err(|error| ServiceError::Internal { what: format!("result of a rehearsal: {error}") })
    })
    .await
}

fn body(text: DraftText) -> DraftBody {
    DraftBody { form: text.form, thresholds: text.thresholds }
}

fn told(draft: zhengai_service::drafts::Draft) -> Draft {
    let record = draft.record.as_ref();
    Draft {
        code: draft.code,
        text: DraftText { form: draft.body.form, thresholds: draft.body.thresholds },
        revision: record.map(|record| record.revision),
        at: record.map(|record| record.updated_at),
        by: record.map(|record| record.updated_by.clone()),
        exists: draft.current.is_some(),
        changes: draft.changes.into_iter().map(change).collect(),
        comparable: draft.comparable,
        theirs: draft.theirs.into_iter().map(change).collect(),
    }
}

fn rehearsal(report: RehearsalReport, levels: &[String]) -> Rehearsal {
    let period = |one: zhengai_service::rehearse::RehearsedPeriod| replayed(one, levels);
    Rehearsal {
        code: report.code.to_string(),
        periods: report.periods.into_iter().map(period).collect(),
        indicators: report.indicators.iter().map(ToString::to_string).collect(),
        rules: report.rules.iter().map(ToString::to_string).collect(),
    }
}

fn replayed(one: zhengai_service::rehearse::RehearsedPeriod, known: &[String]) -> RehearsedPeriod {
    let difference = one.difference;
    let counted = |word: String, (before, after): (u64, u64)| Counted { word, before, after };
    let mut levels: Vec<Counted> =
        difference.levels.iter().map(|(level, counts)| counted(level.to_string(), *counts)).collect();
    levels.sort_by_key(|counted| known.iter().position(|level| *level == counted.word));
    let verdicts = difference
        .attainment
        .iter()
        .map(|(verdict, counts)| counted(zhengai_service::words::word(verdict), *counts))
        .collect();
    RehearsedPeriod {
        period: one.period.to_string(),
        run: one.run.map(|run| run.to_string()),
        objects: counted(String::new(), difference.objects),
        verdicts,
        levels,
        appear: difference.count(Shift::Appears),
        disappear: difference.count(Shift::Disappears),
        change: difference.count(Shift::Changes),
        values_changed: difference.values.len() as u64,
        warnings: warnings(&difference),
        values: values(&difference),
    }
}

fn warnings(difference: &RehearsalDifference) -> Vec<WarningShift> {
    let one = |(shift, rule, seat, before, after): &zhengai_service::WarningDifference| WarningShift {
        shift: zhengai_service::words::word(shift),
        rule: rule.to_string(),
        kind: seat.kind.to_string(),
        object: seat.object.to_string(),
        object_name: after.as_ref().or(before.as_ref()).map(|one| one.object_name.clone()).unwrap_or_default(),
        period: seat.period.to_string(),
        before: before.as_ref().map(|one| one.level.to_string()),
        after: after.as_ref().map(|one| one.level.to_string()),
    };
    difference.warnings.iter().take(NAMED).map(one).collect()
}

fn values(difference: &RehearsalDifference) -> Vec<ValueShift> {
    let verdict = |one: &zhengai_service::RehearsedValue| zhengai_service::words::word(&one.attainment);
    let number = |one: &zhengai_service::RehearsedValue| one.value.map(|value| value.to_string());
    let one = |(seat, before, after): &zhengai_service::ValueDifference| ValueShift {
        kind: seat.kind.to_string(),
        object: seat.object.to_string(),
        object_name: after.as_ref().or(before.as_ref()).map(|one| one.object_name.clone()).unwrap_or_default(),
        period: seat.period.to_string(),
        before: before.as_ref().and_then(number),
        after: after.as_ref().and_then(number),
        verdict_before: before.as_ref().map(verdict),
        verdict_after: after.as_ref().map(verdict),
    };
    difference.values.iter().take(NAMED).map(one).collect()
}

fn meaning_word(meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::Number => "number",
        Meaning::Measure => "measure",
        Meaning::Indicator => "indicator",
        Meaning::Function => "function",
        Meaning::Field => "field",
        Meaning::Keyword => "keyword",
        Meaning::Text => "text",
        Meaning::Sign => "sign",
        Meaning::Unknown => "unknown",
    }
}

fn kind_word(kind: CandidateKind) -> &'static str {
    match kind {
        CandidateKind::Measure => "measure",
        CandidateKind::Field => "field",
        CandidateKind::Function => "function",
        CandidateKind::Indicator => "indicator",
        CandidateKind::Dataset => "dataset",
        CandidateKind::Point => "point",
        CandidateKind::Kind => "kind",
        CandidateKind::Word => "word",
    }
}
