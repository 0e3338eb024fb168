//! Results of a run: querying, comparing, exporting, and values of earlier runs for the next one.

use crate::college::College;
use crate::error::ServiceError;
use crate::overview::attainment;
use crate::rights::ScopeFilter;
use crate::rows::{ResultRow, decode};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use zhengai_engine::{Compiled, DiagnoseRequest, HistoryNeeds, HistoryTable, Inputs};
use zhengai_model::batch::BatchState;
use zhengai_model::ids::{IndicatorCode, ObjectId, ObjectKind, PeriodId, RunId};
use zhengai_model::layer::Layer;
use zhengai_model::pack::Definitions;
use zhengai_model::rights::Right;
use zhengai_model::value::{Gap, NotApplicable, Value};
use zhengai_store::{BatchFilter, RunFilter, RunRecord, RunState, WarningFilter};
use zhengai_warehouse::{Direction, ResultFilter, ResultOrder};

/// Which results of a run.
#[derive(Debug, Clone, Default)]
pub struct ResultQuery {
    /// The run; the newest finished one when absent.
    pub run: Option<String>,
    /// Of this layer.
    pub layer: Option<Layer>,
    /// Of this object: `kind/id`, or the id alone.
    pub object: Option<String>,
    /// Of this indicator.
    pub indicator: Option<String>,
    /// With this verdict.
    pub verdict: Option<String>,
    /// With this text in the object's id or name or in the indicator's code.
    pub search: Option<String>,
}

/// Which piece of a list, and in which order.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    /// The column by which it is ordered, with `-` before it from the large end; the usual order when absent.
    pub sort: Option<String>,
    /// Left out first.
    pub offset: usize,
    /// At most so many.
    pub limit: usize,
}

/// A piece of a run's results.
#[derive(Debug)]
pub struct ResultPiece {
    /// The run.
    pub run: RunRecord,
    /// The rows of the piece.
    pub rows: Vec<ResultRow>,
    /// Rows that fit in all.
    pub total: u64,
}

/// How many rows of a run fit. Runs are never overwritten, so a count stays true; a few are kept for those who turn pages.
pub(crate) type Counts = Mutex<BTreeMap<(RunId, ResultFilter), u64>>;

/// Counts that are kept; when there are more, all are counted anew.
const COUNTS: usize = 512;

/// Columns by which results can be ordered.
const SORTABLE: [&str; 10] =
    ["layer", "indicator", "grain", "object", "object_name", "period", "value", "attainment", "level", "n"];

/// Columns in which a text is searched.
const SEARCHED: [&str; 3] = ["object", "object_name", "indicator"];

/// `kind/id` or `id`.
pub(crate) fn split_object(text: &str) -> (Option<&str>, &str) {
    match text.split_once('/') {
        Some((kind, id)) if ObjectKind::new(kind).is_ok() => (Some(kind), id),
        _ => (None, text),
    }
}

impl College {
    /// Rows that fit, with the run that they are of.
    pub async fn results(&self, query: &ResultQuery) -> Result<(RunRecord, Vec<ResultRow>), ServiceError> {
        self.permit(Right::ReadResults)?;
        let run = self.finished(query.run.as_deref()).await?;
        let scope = self.scope().await?;
        let filter = self.results_within(&run.id, &scope, self.result_filter(query).await?).await?;
        let rows = decode(&self.warehouse.results(&run.id, &filter).await?)?;
        if rows.is_empty()
            && let Some(object) = &query.object
        {
            self.known_object(&run.id, object, &scope).await?;
        }
        Ok((run, rows))
    }

    /// A piece of the rows that fit, with the run that they are of.
    pub async fn results_piece(&self, query: &ResultQuery, piece: &Piece) -> Result<ResultPiece, ServiceError> {
        self.permit(Right::ReadResults)?;
        let run = self.finished(query.run.as_deref()).await?;
        let by = piece.sort.as_deref().map(sort_column).transpose()?;
        let scope = self.scope().await?;
        let filter = self.results_within(&run.id, &scope, self.result_filter(query).await?).await?;
        let order = ResultOrder { by, offset: piece.offset, limit: piece.limit };
        let counted = (run.id.clone(), filter);
        let counts = || self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        // Bound before the question is asked: no lock is held meanwhile.
        let known = counts().get(&counted).copied();
        let (batches, total) = self.warehouse.results_piece(&run.id, &counted.1, &order, known).await?;
        if known.is_none() {
            let mut counts = counts();
            if counts.len() >= COUNTS {
                counts.clear();
            }
            counts.insert(counted, total);
        }
        let rows = decode(&batches)?;
        if total == 0
            && let Some(object) = &query.object
        {
            self.known_object(&run.id, object, &scope).await?;
        }
        Ok(ResultPiece { run, rows, total })
    }

    async fn result_filter(&self, query: &ResultQuery) -> Result<ResultFilter, ServiceError> {
        if let Some(code) = &query.indicator {
            self.indicator(code)?;
        }
        if let Some(verdict) = &query.verdict {
            attainment(verdict).ok_or_else(|| ServiceError::BadArgument { what: "verdict", value: verdict.clone() })?;
        }
        let mut filter = ResultFilter::all();
        for (column, wanted) in [
            ("layer", query.layer.map(Layer::as_str)),
            ("indicator", query.indicator.as_deref()),
            ("attainment", query.verdict.as_deref()),
        ] {
            if let Some(wanted) = wanted {
                filter = filter.with(column, wanted);
            }
        }
        if let Some(object) = &query.object {
            let (kind, id) = split_object(object);
            filter = filter.with("object", id);
            if let Some(kind) = kind {
                filter = filter.with("grain", kind);
            }
        }
        if let Some(text) = query.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            let meant = self.meant(text).await?;
            filter = filter
                .with_part(&SEARCHED, text)
                .or_any("object", meant.objects.iter().map(|place| place.id.as_str()))
                .or_any("indicator", meant.indicators.iter().map(IndicatorCode::as_str));
        }
        Ok(filter)
    }

    /// Says so when a run knows nothing of an object at all.
    async fn known_object(&self, run: &RunId, object: &str, scope: &ScopeFilter) -> Result<(), ServiceError> {
        let (kind, id) = split_object(object);
        let mut filter = ResultFilter::all().with("object", id);
        if let Some(kind) = kind {
            filter = filter.with("grain", kind);
        }
        let mut rows = decode(&self.warehouse.results(run, &filter).await?)?;
        scope.keep(&mut rows, ResultRow::place);
        if rows.is_empty() {
            return Err(ServiceError::NotFound { what: "object", name: object.to_owned(), near: String::new() });
        }
        Ok(())
    }

    /// Values and firings of earlier periods that this diagnosis asks for: values from the newest finished run that
    /// computed the period for the indicator's layer.
    pub(crate) async fn history(
        &self,
        compiled: &Compiled,
        request: &DiagnoseRequest,
    ) -> Result<HistoryTable, ServiceError> {
        self.recalled(&compiled.history(request), &compiled.definitions).await
    }

    /// What earlier runs know of what is needed.
    pub(crate) async fn recalled(
        &self,
        needs: &HistoryNeeds,
        definitions: &Definitions,
    ) -> Result<HistoryTable, ServiceError> {
        let mut table = HistoryTable::default();
        let runs = self.computed_periods().await?;
        let mut wanted: BTreeMap<(&RunId, &PeriodId), BTreeSet<&str>> = BTreeMap::new();
        for (indicator, _, period) in &needs.values {
            let layer = definitions.indicator(indicator).map(|indicator| indicator.layer);
            let has = |(run, periods): &&(RunRecord, BTreeSet<PeriodId>)| {
                periods.contains(period) && layer.is_some_and(|layer| run.layers.contains(&layer))
            };
            if let Some((run, _)) = runs.iter().find(has) {
                wanted.entry((&run.id, period)).or_default().insert(indicator.as_str());
            }
        }
        for ((run, period), indicators) in wanted {
            let filter = ResultFilter::all().with("period", period.as_str()).with_any("indicator", indicators);
            let mut columns: HashMap<(String, String), BTreeMap<ObjectId, Value>> = HashMap::new();
            for row in decode(&self.warehouse.results(run, &filter).await?)? {
                let (Ok(object), Some(value)) = (ObjectId::new(row.object.clone()), value(&row)) else { continue };
                columns.entry((row.indicator, row.grain)).or_default().insert(object, value);
            }
            for place in needs.values.iter().filter(|(_, _, asked)| asked == period) {
                if let Some(column) = columns.remove(&(place.0.to_string(), place.1.to_string())) {
                    table.values.insert(place.clone(), column);
                }
            }
        }
        for (rule, kind, period) in &needs.firings {
            let filter = WarningFilter {
                with_closed: true,
                rule: Some(rule.clone()),
                kind: Some(kind.clone()),
                period: Some(period.clone()),
                ..WarningFilter::default()
            };
            let objects = self.record.warning_list(&filter).await?;
            let objects = objects.into_iter().map(|record| record.warning.identity.object).collect();
            table.firings.insert((rule.clone(), kind.clone(), period.clone()), objects);
        }
        for dataset in &needs.datasets {
            let filter =
                BatchFilter { dataset: Some(dataset.clone()), states: vec![BatchState::Applied], limit: Some(1) };
            if let Some(batch) = self.record.batch_list(&filter).await?.into_iter().next() {
                table.batches.insert(dataset.clone(), batch.updated_at.date_naive());
            }
        }
        Ok(table)
    }

    /// Finished runs, the newest first, each with the periods that it computed: its own and those inside and around it.
    pub(crate) async fn computed_periods(&self) -> Result<Vec<(RunRecord, BTreeSet<PeriodId>)>, ServiceError> {
        let filter = RunFilter { states: vec![RunState::Finished], ..RunFilter::default() };
        let runs = self.record.run_list(&filter).await?;
        let covered = |run: &RunRecord| Ok(inputs(run)?.periods.into_keys().collect());
        runs.into_iter().map(|run| covered(&run).map(|periods| (run, periods))).collect()
    }
}

/// The column that a list is ordered by, and from which end: `value`, `-value`.
fn sort_column(text: &str) -> Result<(String, Direction), ServiceError> {
    let (name, direction) = match text.strip_prefix('-') {
        Some(name) => (name, Direction::Down),
        None => (text, Direction::Up),
    };
    if SORTABLE.contains(&name) {
        return Ok((name.to_owned(), direction));
    }
    Err(ServiceError::BadArgument { what: "column", value: text.to_owned() })
}

/// What a run read, as it was kept.
pub(crate) fn inputs(run: &RunRecord) -> Result<Inputs, ServiceError> {
    let kept = run.summary.as_ref().and_then(|summary| summary.get("inputs")).cloned().unwrap_or_default();
    serde_json::from_value(kept)
        .map_err(|error| ServiceError::Internal { what: format!("inputs of run {}: {error}", run.id) })
}

/// The value of a stored row, as far as later periods need it.
fn value(row: &ResultRow) -> Option<Value> {
    Some(match row.state.as_str() {
        "number" => Value::Number(row.value?),
        // Nor does it matter why an indicator did not apply.
        "not-applicable" => Value::NotApplicable(NotApplicable::Population),
        "not-due" => Value::NotDue,
        // Which of the gaps it was does not matter to a later period: there is no number.
        _ => Value::Undetermined(Gap::Overflow),
    })
}
