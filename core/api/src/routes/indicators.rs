//! Indicators: the catalogue, one in full, what differs between versions, checks on real data, publishing a file.

use crate::state::Api;
use crate::{Answer, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use std::collections::{BTreeMap, BTreeSet};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::fault::Explain;
use zhengai_model::indicator::{FieldChange, IndicatorText, changes, is_comparable};
use zhengai_model::layer::{Layer, System};
use zhengai_model::pack::indicator_hash;
use zhengai_model::period::PeriodKind;
use zhengai_service::catalog::{CatalogEntry, ValueInForce};
use zhengai_service::college::College;
use zhengai_service::words::word;
use zhengai_service::{CheckReport, Published, ServiceError};
use zhengai_wire::indicators::{
    Catalog, CatalogQuery, ChangeRow, CheckRequest, CheckResult, Diff, DiffQuery, IndicatorDetail, IndicatorRow,
    Origin, PointRow, PublishFile, PublishedRow, ReadingRow, SampleRow, ValueRow, VersionRow,
};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(catalog))
        .routes(routes!(check))
        .routes(routes!(publish))
        .routes(routes!(show))
        .routes(routes!(diff))
}

/// The catalogue: 质控点 as a tree and the indicators at its leaves.
#[utoipa::path(get, path = "/v1/indicators", tag = "indicators", operation_id = "indicators_catalog", params(CatalogQuery),
    responses((status = 200, body = Catalog)))]
async fn catalog(cx: Cx, Query(query): Query<CatalogQuery>) -> Answer<Catalog> {
    let college = cx.read().await?;
    let bad = |what: &'static str, value: &str| ServiceError::BadArgument { what, value: value.to_owned() };
    let layer = query.layer.map(|text| Layer::parse(&text).ok_or_else(|| bad("layer", &text))).transpose()?;
    let system = |text: String| {
        let found = System::ALL.into_iter().find(|system| word(system) == text);
        found.ok_or_else(|| bad("system", &text))
    };
    let system = query.system.map(system).transpose()?;
    let wanted = zhengai_service::catalog::CatalogQuery { layer, point: query.point, system, search: query.search };
    let entries = college.catalog(&wanted).await?;
    let indicators: Vec<IndicatorRow> = entries.iter().map(|entry| row(&cx, &college, entry)).collect();
    Ok(Json(Catalog { points: points(&cx, &college, &indicators), indicators }))
}

/// Nodes above the indicators, parents before children.
fn points(cx: &Cx, college: &College, rows: &[IndicatorRow]) -> Vec<PointRow> {
    let sums: BTreeMap<String, String> =
        college.weights().into_iter().map(|(point, sum)| (point.to_string(), sum.normalize().to_string())).collect();
    let names: BTreeMap<&str, String> =
        college.definitions().points.iter().map(|(id, point)| (id.as_str(), cx.label(&point.names))).collect();
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    for row in rows {
        let mut at = Some(row.point.as_str());
        while let Some(id) = at {
            wanted.insert(id.to_owned());
            at = id.rsplit_once('.').map(|(above, _)| above);
        }
    }
    let layers: BTreeMap<String, String> = college.layer_labels(&cx.texts).into_iter().collect();
    let rank = |id: &String| {
        let layer = id.split('.').next().unwrap_or_default();
        (Layer::ALL.iter().position(|known| known.as_str() == layer).unwrap_or(usize::MAX), id.clone())
    };
    let mut wanted: Vec<String> = wanted.into_iter().collect();
    wanted.sort_by_key(rank);
    let point = |id: String| PointRow {
        parent: id.rsplit_once('.').map(|(above, _)| above.to_owned()),
        name: names.get(id.as_str()).or_else(|| layers.get(&id)).cloned().unwrap_or_else(|| id.clone()),
        weights: sums.get(&id).cloned(),
        id,
    };
    wanted.into_iter().map(point).collect()
}

/// Everything about one indicator.
#[utoipa::path(get, path = "/v1/indicators/{code}", tag = "indicators", operation_id = "indicators_show",
    params(("code" = String, Path, description = "Code of the indicator")),
    responses((status = 200, body = IndicatorDetail)))]
async fn show(cx: Cx, Path(code): Path<String>) -> Answer<IndicatorDetail> {
    let college = cx.read().await?;
    let found = college.portrait_of(&code).await?;
    let definition = found.entry.indicator.clone();
    let reading = |one: zhengai_service::catalog::Reading| {
        let measure = definition.measures.iter().find(|(name, _)| name.as_str() == one.measure).map(|(_, own)| own);
        let filter = measure.and_then(|measure| measure.filter.clone());
        let agg = measure.map(|measure| measure.agg.clone()).unwrap_or_default();
        ReadingRow {
            measure: one.measure,
            dataset: one.dataset.map(|id| id.to_string()),
            over: one.over.map(|code| code.to_string()),
            fields: one.fields.iter().map(ToString::to_string).collect(),
            text: filter.map(|filter| format!("{agg} where {filter}")).unwrap_or(agg),
        }
    };
    Ok(Json(IndicatorDetail {
        row: row(&cx, &college, &found.entry),
        all_values: found.values.iter().map(|value| value_row(&cx, value)).collect(),
        versions: found.versions.iter().map(version).collect(),
        readings: found.readings.into_iter().map(reading).collect(),
        reads: found.reads.iter().map(ToString::to_string).collect(),
        read_by: found.read_by.iter().map(ToString::to_string).collect(),
        rules: found.rules.iter().map(ToString::to_string).collect(),
        weights: found.weights.map(|sum| sum.normalize().to_string()),
        definition,
    }))
}

/// What differs between two versions, field by field.
#[utoipa::path(get, path = "/v1/indicators/{code}/diff", tag = "indicators", operation_id = "indicators_diff",
    params(("code" = String, Path, description = "Code of the indicator"), DiffQuery),
    responses((status = 200, body = Diff)))]
async fn diff(cx: Cx, Path(code): Path<String>, Query(query): Query<DiffQuery>) -> Answer<Diff> {
    let college = cx.read().await?;
    let [(before, from), (after, to)] = college.two_versions(&code, query.from, query.to).await?;
    let changes = changes(&IndicatorText::of(&before), &IndicatorText::of(&after));
    Ok(Json(Diff {
        code,
        from: from.as_ref().map(version),
        to: to.as_ref().map(version),
        comparable: is_comparable(&before, &after),
        changes: changes.into_iter().map(change).collect(),
    }))
}

/// Checks an indicator in force, or those of a file as if they were, with samples on real data.
#[utoipa::path(post, path = "/v1/indicators/check", tag = "indicators", operation_id = "indicators_check",
    request_body = CheckRequest, responses((status = 200, body = Vec<CheckResult>)))]
async fn check(cx: Cx, Json(request): Json<CheckRequest>) -> Answer<Vec<CheckResult>> {
    let college = cx.read().await?;
    let period = match &request.period {
        Some(id) => college.period(id)?,
        None => college.last_period(PeriodKind::AcademicYear)?,
    };
    let reports = match (&request.code, &request.file) {
        (Some(code), None) => vec![college.check_indicator(code, &period).await?],
        (_, Some(file)) => college.check_file(&cx.local_file(file)?, &period).await?,
        (None, None) => {
            return Err(ServiceError::BadArgument { what: "indicator", value: String::new() }.into());
        }
    };
    Ok(Json(reports.into_iter().map(|report| checked(&cx, report)).collect()))
}

/// Publishes the indicators of a file: all of them or none.
#[utoipa::path(post, path = "/v1/indicators/publish", tag = "indicators", operation_id = "indicators_publish",
    request_body = PublishFile, responses((status = 200, body = Vec<PublishedRow>)))]
async fn publish(cx: Cx, Json(request): Json<PublishFile>) -> Answer<Vec<PublishedRow>> {
    let file = cx.local_file(&request.file)?;
    let college = cx.write().await?;
    let published = college.publish(&file, request.why.as_deref()).await?;
    Ok(Json(published.iter().map(published_row).collect()))
}

pub(crate) fn published_row(published: &Published) -> PublishedRow {
    let record = published.record();
    PublishedRow { code: record.code.to_string(), version: record.version, new: matches!(published, Published::New(_)) }
}

pub(crate) fn checked(cx: &Cx, report: CheckReport) -> CheckResult {
    let sample = |one: zhengai_service::Sample| SampleRow {
        kind: one.kind.to_string(),
        object: one.object.to_string(),
        object_name: one.object_name,
        period: one.period.to_string(),
        measures: one.measures,
        value: one.value,
        attainment: one.attainment,
    };
    CheckResult {
        indicator: report.indicator.to_string(),
        faults: report.faults.iter().map(|fault| owned(cx, fault)).collect(),
        samples: report.samples.into_iter().map(sample).collect(),
        numbers: report.numbers,
        objects: report.objects,
    }
}

/// A fault of a definition, which always says whose it is.
fn owned(cx: &Cx, fault: &impl Explain) -> String {
    let message = fault.message();
    let text = cx.say(&message);
    match message.args.iter().find(|(name, _)| name == "owner") {
        Some((_, owner)) if !text.contains(owner.as_str()) => {
            cx.texts.text("api-line-at", &[("place", owner), ("text", &text)])
        }
        _ => text,
    }
}

pub(crate) fn change(change: FieldChange) -> ChangeRow {
    ChangeRow { field: change.field, before: change.before, after: change.after }
}

fn version(record: &zhengai_service::IndicatorRecord) -> VersionRow {
    VersionRow {
        version: record.version,
        hash: record.hash.clone(),
        at: record.at,
        by: record.by.clone(),
        note: record.note.clone(),
    }
}

fn origin(origin: &zhengai_service::catalog::Origin) -> Origin {
    match origin {
        zhengai_service::catalog::Origin::Pack { pack, file } => {
            Origin::Pack { pack: pack.clone(), file: file.clone() }
        }
        zhengai_service::catalog::Origin::Published => Origin::Published,
        zhengai_service::catalog::Origin::Set { id, by } => Origin::Set { id: *id, by: by.clone() },
    }
}

fn value_row(cx: &Cx, value: &ValueInForce) -> ValueRow {
    let threshold = &value.threshold;
    ValueRow {
        kind: threshold.kind.to_string(),
        label: cx.texts.text(&format!("api-threshold-{}", threshold.kind), &[]),
        when: threshold.when.to_string(),
        scope: threshold.scope.to_string(),
        grain: threshold.grain.as_ref().map(ToString::to_string),
        category: threshold.category.as_ref().map(|category| format!("{}={}", category.field, category.value)),
        level: threshold.level.as_ref().map(ToString::to_string),
        from: threshold.from,
        until: threshold.to,
        source: threshold.source.clone(),
        verified: threshold.verified,
        origin: origin(&value.origin),
        holds: value.holds,
    }
}

fn row(cx: &Cx, college: &College, entry: &CatalogEntry) -> IndicatorRow {
    let indicator = &entry.indicator;
    // A version that something else has replaced since, such as a pack of the data directory, is not in force.
    let current = entry.version.as_ref().filter(|version| version.hash == indicator_hash(indicator));
    IndicatorRow {
        code: indicator.code.to_string(),
        name: cx.label(&indicator.names),
        names: indicator.names.clone(),
        layer: indicator.layer.to_string(),
        point: indicator.point.to_string(),
        point_path: college.point_path(&indicator.point, &cx.texts),
        system: indicator.system.as_ref().map(word),
        quantity: indicator.quantity,
        weight: indicator.weight.map(|weight| weight.normalize().to_string()),
        unit: indicator.unit.clone(),
        direction: indicator.direction.to_string(),
        grain: indicator.grain.to_string(),
        period: word(&indicator.period),
        values: entry.values.iter().map(|value| value_row(cx, value)).collect(),
        origin: origin(&entry.origin),
        version: current.map(|version| version.version),
        draft: entry.draft,
        off: entry.off,
    }
}
