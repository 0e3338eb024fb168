//! The heat map (热力图): objects × indicators of a layer in a run, a page of objects at a time.

use crate::college::College;
use crate::error::ServiceError;
use crate::overview::counts;
use crate::results::inputs;
use crate::rights::ScopeFilter;
use crate::rows::{ResultRow, decode};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use zhengai_model::ids::{IndicatorCode, LevelId, ObjectId, ObjectKind, PeriodId};
use zhengai_model::indicator::Indicator;
use zhengai_model::layer::Layer;
use zhengai_model::rights::{Place, Right};
use zhengai_store::RunRecord;
use zhengai_warehouse::ResultFilter;

/// In which order objects stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HeatOrder {
    /// Those with the most severe warnings and the most 不达标 first.
    #[default]
    Worst,
    /// By name.
    Name,
    /// By id.
    Id,
}

/// Which heat map.
#[derive(Debug, Clone)]
pub struct HeatQuery {
    /// The run; the newest finished one of the layer when absent.
    pub run: Option<String>,
    /// The layer.
    pub layer: Layer,
    /// Kind of objects; the layer's own when absent.
    pub kind: Option<String>,
    /// Values of this period; of the newest that each indicator has in the run when absent.
    pub period: Option<String>,
    /// Objects at or below this one: `department/D01`.
    pub unit: Option<String>,
    /// Objects with this in id or name.
    pub search: Option<String>,
    /// Only these indicators; all when empty.
    pub indicators: Vec<String>,
    /// Their order.
    pub order: HeatOrder,
    /// Objects to leave out first.
    pub offset: usize,
    /// At most so many objects.
    pub limit: usize,
}

/// A piece of a heat map.
#[derive(Debug, Clone)]
pub struct HeatMap<'a> {
    /// The run.
    pub run: RunRecord,
    /// The kind of its objects.
    pub kind: ObjectKind,
    /// Kinds that the layer was judged for in this run.
    pub kinds: Vec<ObjectKind>,
    /// Periods that the run computed.
    pub periods: Vec<PeriodId>,
    /// Its columns.
    pub columns: Vec<&'a Indicator>,
    /// Its rows.
    pub rows: Vec<HeatRow>,
    /// How many objects there are in all.
    pub total: u64,
}

/// An object.
#[derive(Debug, Clone)]
pub struct HeatRow {
    /// Its id.
    pub object: String,
    /// Its name.
    pub name: String,
    /// Results that are 不达标.
    pub unmet: u64,
    /// Warning values that are breached.
    pub warned: u64,
    /// Its results, in the order of the columns; `None` where the run has none.
    pub cells: Vec<Option<ResultRow>>,
}

/// An object before its cells are read.
#[derive(Debug, Clone, Default)]
struct Found {
    name: String,
    unmet: u64,
    warned: u64,
    severity: usize,
}

impl College {
    /// A piece of a heat map, within the reader's scope.
    pub async fn heat_map(&self, query: &HeatQuery) -> Result<HeatMap<'_>, ServiceError> {
        self.permit(Right::ReadResults)?;
        let scope = self.scope().await?;
        let run = self.heat_run(query).await?;
        let judged = self.judged(&run, query.layer)?;
        let kinds: Vec<ObjectKind> = judged.keys().cloned().collect();
        let kind = self.heat_kind(query, &kinds)?;
        let periods: Vec<PeriodId> = inputs(&run)?.periods.into_keys().collect();
        let columns = self.heat_columns(query, judged.get(&kind).map(Vec::as_slice).unwrap_or_default())?;
        let objects = self.heat_objects(query, &run, &kind, &columns, &scope).await?;
        let total = objects.len() as u64;
        let page: Vec<(String, Found)> = objects.into_iter().skip(query.offset).take(query.limit).collect();
        let rows = self.heat_rows(query, &run, &kind, &columns, page).await?;
        Ok(HeatMap { run, kind, kinds, periods, columns, rows, total })
    }

    async fn heat_run(&self, query: &HeatQuery) -> Result<RunRecord, ServiceError> {
        if query.run.is_some() {
            return self.finished(query.run.as_deref()).await;
        }
        let filter = zhengai_store::RunFilter {
            states: vec![zhengai_store::RunState::Finished],
            ..zhengai_store::RunFilter::default()
        };
        let period = query.period.as_deref().and_then(|id| PeriodId::new(id).ok());
        for run in self.record.run_list(&filter).await? {
            let computed = match &period {
                Some(period) => inputs(&run)?.periods.contains_key(period),
                None => true,
            };
            if computed && run.superseded_by.is_none() && run.layers.contains(&query.layer) {
                return Ok(run);
            }
        }
        Err(ServiceError::NoRun)
    }

    /// Indicators of a layer that a run judged, by kind of object.
    fn judged(&self, run: &RunRecord, layer: Layer) -> Result<BTreeMap<ObjectKind, Vec<IndicatorCode>>, ServiceError> {
        let mut kinds: BTreeMap<ObjectKind, Vec<IndicatorCode>> = BTreeMap::new();
        for (code, by_kind) in counts(run)?.indicators {
            if self.definitions.indicator(&code).is_some_and(|indicator| indicator.layer == layer) {
                for kind in by_kind.into_keys() {
                    kinds.entry(kind).or_default().push(code.clone());
                }
            }
        }
        Ok(kinds)
    }

    /// The kind asked for, or the one that most indicators of the layer are first of all computed for.
    fn heat_kind(&self, query: &HeatQuery, kinds: &[ObjectKind]) -> Result<ObjectKind, ServiceError> {
        if let Some(wanted) = &query.kind {
            let known = kinds.iter().find(|kind| kind.as_str() == wanted);
            return known
                .cloned()
                .ok_or_else(|| ServiceError::not_found("kind", wanted, kinds.iter().map(ObjectKind::as_str)));
        }
        let count = |kind: &&ObjectKind| {
            self.definitions.indicators.values().filter(|one| one.layer == query.layer && one.grain == **kind).count()
        };
        let usual = kinds.iter().max_by_key(count).cloned();
        usual.ok_or(ServiceError::NoRun)
    }

    fn heat_columns(&self, query: &HeatQuery, codes: &[IndicatorCode]) -> Result<Vec<&Indicator>, ServiceError> {
        for wanted in &query.indicators {
            self.indicator(wanted)?;
        }
        let asked = |code: &&IndicatorCode| {
            query.indicators.is_empty() || query.indicators.iter().any(|wanted| wanted == code.as_str())
        };
        let mut columns: Vec<&Indicator> =
            codes.iter().filter(asked).filter_map(|code| self.definitions.indicator(code)).collect();
        // Indicators of one 质控点 stand together.
        columns.sort_by(|one, other| (&one.point, &one.code).cmp(&(&other.point, &other.code)));
        Ok(columns)
    }

    /// Objects of the run that the reader may see and asked for, in order.
    async fn heat_objects(
        &self,
        query: &HeatQuery,
        run: &RunRecord,
        kind: &ObjectKind,
        columns: &[&Indicator],
        scope: &ScopeFilter,
    ) -> Result<Vec<(String, Found)>, ServiceError> {
        let mut filter = heat_filter(query.layer, kind, columns);
        if let Some(period) = &query.period {
            self.period(period)?;
            filter = filter.with("period", period);
        }
        if let Some(text) = query.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            let meant = self.meant(text).await?;
            filter = filter
                .with_part(&["object", "object_name"], text)
                .or_any("object", meant.objects.iter().map(|place| place.id.as_str()));
        }
        let mut found: HashMap<String, Found> = HashMap::new();
        let by = ["object", "object_name", "attainment", "level"];
        for counted in self.warehouse.count_results(&run.id, &filter, &by).await? {
            let [Some(object), name, attainment, level] = counted.texts.as_slice() else { continue };
            let of = found.entry(object.clone()).or_default();
            if of.name.is_empty() {
                of.name = name.clone().unwrap_or_default();
            }
            if attainment.as_deref() == Some("unmet") {
                of.unmet += counted.count;
            }
            if let Some(level) = level {
                of.warned += counted.count;
                let severity = LevelId::new(level.clone()).map_or(0, |id| self.definitions.levels.severity(&id));
                of.severity = of.severity.max(severity);
            }
        }
        let unit = query.unit.as_deref().map(unit).transpose()?;
        let tree = match &unit {
            Some(_) => Some(self.tree().await?),
            None => None,
        };
        let below = |object: &str| match (&unit, &tree, ObjectId::new(object)) {
            (Some(unit), Some(tree), Ok(id)) => {
                unit.kind == *kind && unit.id == id
                    || tree
                        .ancestors(kind, &id, self.opening.today)
                        .iter()
                        .any(|(kind, id)| *kind == unit.kind && *id == unit.id)
            }
            (None, _, _) => true,
            _ => false,
        };
        let mut objects: Vec<(String, Found)> = found
            .into_iter()
            .filter(|(object, _)| scope.holds(query.layer, kind.as_str(), object) && below(object))
            .collect();
        match query.order {
            HeatOrder::Worst => objects.sort_by_key(|(object, found)| {
                (Reverse(found.severity), Reverse(found.warned), Reverse(found.unmet), object.clone())
            }),
            HeatOrder::Name => objects.sort_by(|one, other| (&one.1.name, &one.0).cmp(&(&other.1.name, &other.0))),
            HeatOrder::Id => objects.sort_by(|one, other| one.0.cmp(&other.0)),
        }
        Ok(objects)
    }

    /// The cells of a page of objects: of each indicator the newest period, unless one is asked for.
    async fn heat_rows(
        &self,
        query: &HeatQuery,
        run: &RunRecord,
        kind: &ObjectKind,
        columns: &[&Indicator],
        page: Vec<(String, Found)>,
    ) -> Result<Vec<HeatRow>, ServiceError> {
        let mut filter = heat_filter(query.layer, kind, columns);
        filter = filter.with_any("object", page.iter().map(|(object, _)| object.as_str()));
        if let Some(period) = &query.period {
            filter = filter.with("period", period);
        }
        let mut cells: HashMap<(String, String), ResultRow> = HashMap::new();
        if !page.is_empty() && !columns.is_empty() {
            for row in decode(&self.warehouse.results(&run.id, &filter).await?)? {
                let end = |row: &ResultRow| {
                    PeriodId::new(row.period.clone())
                        .ok()
                        .and_then(|id| self.calendar.get(&id))
                        .map(|period| period.end)
                };
                let key = (row.object.clone(), row.indicator.clone());
                match cells.get(&key) {
                    Some(known) if end(known) >= end(&row) => {}
                    _ => {
                        cells.insert(key, row);
                    }
                }
            }
        }
        let row = |(object, found): (String, Found)| HeatRow {
            cells: columns
                .iter()
                .map(|indicator| cells.get(&(object.clone(), indicator.code.to_string())).cloned())
                .collect(),
            object,
            name: found.name,
            unmet: found.unmet,
            warned: found.warned,
        };
        Ok(page.into_iter().map(row).collect())
    }
}

fn heat_filter(layer: Layer, kind: &ObjectKind, columns: &[&Indicator]) -> ResultFilter {
    ResultFilter::all()
        .with("layer", layer.as_str())
        .with("grain", kind.as_str())
        .with_any("indicator", columns.iter().map(|indicator| indicator.code.as_str()))
}

fn unit(text: &str) -> Result<Place, ServiceError> {
    text.parse().map_err(|_| ServiceError::BadArgument { what: "unit", value: text.to_owned() })
}
