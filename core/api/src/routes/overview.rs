//! The overview.

use crate::state::Api;
use crate::{Answer, Cx};
use axum::Json;
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::ids::DatasetId;
use zhengai_model::layer::System;
use zhengai_service::RunRecord;
use zhengai_service::college::College;
use zhengai_service::overview::{self as kept, LayerState, Levels};
use zhengai_service::words::word;
use zhengai_wire::overview::{
    CycleBar, Freshness, LayerTile, Level, Overview, RunName, SourceState, StaleDataset, SystemName, SystemTile,
    TrendPoint, Verdicts, WaitingBatch,
};

/// Word of indicators that name no system.
const NONE: &str = "none";

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(show))
}

/// The state of the college at a glance, within the reader's scope.
#[utoipa::path(get, path = "/v1/overview", tag = "overview", operation_id = "overview_show",
    responses((status = 200, body = Overview)))]
async fn show(cx: Cx) -> Answer<Overview> {
    let college = cx.read().await?;
    let found = college.overview().await?;
    let labels: BTreeMap<String, String> = college.layer_labels(&cx.texts).into_iter().collect();
    let dataset = |id: &DatasetId| dataset_name(&cx, &college, id);
    let layers = found.layers.iter().map(|state| {
        let label = labels.get(state.layer.as_str()).cloned();
        layer(&cx, &college, state, label.unwrap_or_else(|| state.layer.to_string()))
    });
    let cycles = found.cycles.iter().map(|(cycle, progress)| CycleBar {
        id: cycle.id.to_string(),
        name: cycle.name.clone(),
        step: cycle.template.step(&cycle.step).map(|step| cx.label(&step.names)).unwrap_or_default(),
        done: progress.done,
        total: progress.total,
        runs: progress.runs,
        days_left: progress.days_left,
    });
    let trend = found.trend.iter().flatten().map(|point| {
        let mut verdicts = kept::Verdicts::new();
        for (attainment, count) in point.layers.values().flatten() {
            *verdicts.entry(*attainment).or_default() += count;
        }
        TrendPoint {
            run: run_name(&cx, &college, &point.run),
            kind: point.kind,
            verdicts: told(&verdicts),
            layers: point.layers.iter().map(|(layer, verdicts)| (layer.to_string(), told(verdicts))).collect(),
            warnings: levels(&point.warnings),
        }
    });
    let stale = found.stale.iter().map(|late| StaleDataset {
        dataset: late.dataset.to_string(),
        label: dataset(&late.dataset),
        newest: late.newest,
        period: late.overdue.period.to_string(),
        end: late.overdue.end,
    });
    let sources = found.sources.iter().map(|source| SourceState {
        source: source.source.clone(),
        enabled: source.enabled,
        state: source.last.as_ref().map(|sync| word(&sync.state)),
        at: source.last.as_ref().map(|sync| sync.at),
        stale: source.stale.iter().map(dataset).collect(),
    });
    let waiting = found.waiting.iter().map(|batch| {
        let counts = batch.counts.unwrap_or_default();
        WaitingBatch {
            id: batch.id.to_string(),
            dataset: batch.dataset.to_string(),
            label: dataset(&batch.dataset),
            file: batch.file.clone(),
            rows: counts.new + counts.changed + counts.gone,
            rejected: counts.rejected,
            at: batch.at,
        }
    });
    Ok(Json(Overview {
        today: college.today(),
        levels: level_names(&cx, &college),
        systems: systems(&cx),
        layers: layers.collect(),
        cycles: cycles.collect(),
        trend: trend.collect(),
        freshness: Freshness {
            datasets: found.datasets,
            fresh_at: found.fresh_at,
            stale: stale.collect(),
            sources: sources.collect(),
        },
        waiting: waiting.collect(),
        waiting_total: found.waiting_total,
    }))
}

fn layer(cx: &Cx, college: &College, state: &LayerState, label: String) -> LayerTile {
    let tiles = order().filter_map(|system| {
        let of = state.systems.get(&system)?;
        Some(SystemTile {
            system: system.map_or(NONE, System::as_str).to_owned(),
            indicators: of.indicators,
            verdicts: told(&of.verdicts),
            warnings: levels(&of.warnings),
            rules: of.rules.iter().map(ToString::to_string).collect(),
        })
    });
    LayerTile {
        layer: state.layer,
        label,
        enabled: state.enabled,
        run: state.run.as_ref().map(|run| run_name(cx, college, run)),
        verdicts: told(&state.verdicts()),
        warnings: levels(&state.warnings()),
        systems: tiles.collect(),
    }
}

/// The systems in their order, and what belongs to none at the end.
fn order() -> impl Iterator<Item = Option<System>> {
    System::ALL.into_iter().map(Some).chain([None])
}

fn systems(cx: &Cx) -> Vec<SystemName> {
    order()
        .map(|system| {
            let word = system.map_or(NONE, System::as_str);
            SystemName { system: word.to_owned(), label: cx.texts.text(&format!("system-{word}"), &[]) }
        })
        .collect()
}

pub(crate) fn run_name(cx: &Cx, college: &College, run: &RunRecord) -> RunName {
    let period = college.calendar().get(&run.period);
    RunName {
        id: run.id.to_string(),
        period: run.period.to_string(),
        period_name: period.map_or_else(|| run.period.to_string(), |period| cx.label(&period.names)),
        ended_at: run.ended_at,
    }
}

pub(crate) fn level_names(cx: &Cx, college: &College) -> Vec<Level> {
    let all = college.definitions().levels.all();
    all.iter().map(|level| Level { id: level.id.to_string(), label: cx.label(&level.names) }).collect()
}

fn dataset_name(cx: &Cx, college: &College, id: &DatasetId) -> String {
    college.definitions().dataset(id).map_or_else(|| id.to_string(), |dataset| cx.label(&dataset.names))
}

fn told(verdicts: &kept::Verdicts) -> Verdicts {
    verdicts.iter().map(|(attainment, count)| (word(attainment), *count)).collect()
}

fn levels(counts: &Levels) -> BTreeMap<String, u64> {
    counts.iter().map(|(level, count)| (level.to_string(), *count)).collect()
}
