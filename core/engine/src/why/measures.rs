//! Behind a measure: the query that was run, the objects whose parts were put together, and rows with their lines.

use super::told::{Child, MeasureWhy, SampleRow};
use super::{About, WhyRequest};
use crate::behind::{self, Behind};
use crate::compile::is_top;
use crate::compile::measure::{Base, From, Measured, RowMeasure};
use crate::error::EngineError;
use crate::objects::{NOBODY, Objects};
use crate::request::Transforms;
use crate::scan::rollup::Part;
use crate::scan::time::last_day;
use crate::scan::{run, sql};
use arrow::array::{Array, RecordBatch};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use std::collections::BTreeMap;
use zhengai_model::ids::{DatasetId, ObjectKind};

/// How many children an explanation lists.
const CHILDREN: usize = 50;
/// How many children a query for rows names.
const NAMED: usize = 500;

impl About<'_> {
    pub(super) async fn measure(
        &self,
        measured: &Measured,
        request: &WhyRequest,
        transforms: &dyn Transforms,
    ) -> Result<MeasureWhy, EngineError> {
        let used = self.judged.measures.iter().find(|used| used.name == measured.name);
        let mut told = MeasureWhy {
            name: measured.name.to_string(),
            value: used.and_then(|used| used.read(self.object).ok()).map(|exact| exact.to_string()),
            unit: measured.unit.clone(),
            dataset: None,
            over: None,
            aggregate: String::new(),
            sql: None,
            children: Vec::new(),
            children_total: 0,
            rows_sql: None,
            rows: Vec::new(),
            sources: Vec::new(),
        };
        match &measured.from {
            From::Off => {}
            From::Over { indicator, kind, .. } => self.over(*indicator, kind, measured, &mut told),
            From::Rows { dataset, base, measure, .. } => {
                told.dataset = Some(dataset.clone());
                told.aggregate = sql::aggregate(measure);
                if let Some(slice) = self.again.columns.slice(measured, self.position).cloned() {
                    told.sql = Some(run::text(dataset, base, &slice, measure));
                    let rows = Rows { dataset, base, slice: &slice, measure };
                    self.rows(&rows, request, transforms, &mut told).await?;
                }
            }
        }
        Ok(told)
    }

    fn over(&self, indicator: usize, kind: &ObjectKind, measured: &Measured, told: &mut MeasureWhy) {
        let Some(below) = self.again.values.get(indicator, self.position, kind) else { return };
        let code = self.world.compiled.indicators.get(indicator).map(|input| input.definition.code.clone());
        told.over = code;
        let definition = self.ready.definition.measures.get(&measured.name);
        told.aggregate = definition
            .map(|definition| match &definition.filter {
                Some(filter) => format!("{} FILTER (WHERE {filter})", definition.agg),
                None => definition.agg.clone(),
            })
            .unwrap_or_default();
        let nobody = Objects::default();
        let children = self.world.cast.get(kind).unwrap_or(&nobody);
        let Some(period) = self.again.plan.periods.get(self.position) else { return };
        let day = self.world.view.day(last_day(period), self.world.today);
        let places = self.world.places.parents(self.world.cast, kind, &self.judged.grain, day);
        for (child, (cell, place)) in below.cells.iter().zip(places.iter()).enumerate() {
            let number = cell.as_ref().and_then(|cell| cell.value.number());
            if let (Some(number), Some(id)) = (number, children.ids.get(child))
                && usize::try_from(*place).is_ok_and(|place| place == self.object)
            {
                told.children_total += 1;
                if told.children.len() < CHILDREN {
                    told.children.push(Child { kind: kind.clone(), object: id.clone(), value: number.to_string() });
                }
            }
        }
    }

    /// Children with their parts, and rows with the batch and line that they came from.
    async fn rows(
        &self,
        rows: &Rows<'_>,
        request: &WhyRequest,
        transforms: &dyn Transforms,
        told: &mut MeasureWhy,
    ) -> Result<(), EngineError> {
        let Some(period) = self.again.plan.periods.get(self.position) else { return Ok(()) };
        let computed = self.world.compiled.definitions.is_computed(rows.dataset);
        crate::computed::provide(self.world, rows.dataset, period, transforms).await?;
        let mut members = None;
        if let Base::Field { kind, .. } = rows.base {
            if *kind == self.judged.grain {
                members = Some(vec![request.object.to_string()]);
            } else {
                let found = self.members(rows, kind).await?;
                told.children_total = found.len();
                told.children = found.iter().take(CHILDREN).cloned().collect();
                // The college has everybody: naming them all would say nothing.
                if !is_top(&self.judged.grain) {
                    members = Some(found.into_iter().take(NAMED).map(|child| child.object.to_string()).collect());
                }
            }
        }
        let text = sql::sample(rows.dataset, rows.base, rows.slice, rows.measure, members.as_deref(), request.rows);
        if members.as_ref().is_none_or(|members| !members.is_empty()) {
            told.rows = sample_rows(&self.world.source.rows(&text).await?)?;
        }
        told.rows_sql = Some(text);
        if computed {
            if let (Base::Field { kind, .. }, Some(objects)) = (rows.base, &members) {
                let behind =
                    Behind { dataset: rows.dataset, kind, objects: objects.as_slice(), period, limit: request.rows };
                told.sources = behind::rows(self.world, &behind).await?;
            }
            crate::computed::forget(self.world);
        }
        Ok(())
    }

    /// The objects of the base that belong to this object, each with its part.
    async fn members(&self, rows: &Rows<'_>, kind: &ObjectKind) -> Result<Vec<Child>, EngineError> {
        let nobody = Objects::default();
        let children = self.world.cast.get(kind).unwrap_or(&nobody);
        let measures = [rows.measure.clone()];
        let scan = run::Scan { dataset: rows.dataset, base: rows.base, slice: rows.slice, measures: &measures };
        let parts = run::fused(self.world.source, &scan, Some(children)).await?;
        let mut found: BTreeMap<usize, Part> = BTreeMap::new();
        let Some(column) = parts.columns.first() else { return Ok(Vec::new()) };
        for ((object, epoch), part) in parts.objects.iter().zip(&parts.epochs).zip(&column.cells) {
            let day = usize::try_from(*epoch).ok().and_then(|epoch| rows.slice.days.get(epoch)).copied();
            let (Some(day), Ok(child)) = (day, usize::try_from(*object)) else { continue };
            let places = self.world.places.parents(self.world.cast, kind, &self.judged.grain, day);
            let place = places.get(child).copied().filter(|place| *place != NOBODY);
            if place.and_then(|place| usize::try_from(place).ok()) == Some(self.object) {
                let known = found.entry(child).or_default();
                *known = known.merge(*part, rows.measure.agg);
            }
        }
        let mut told: Vec<(i128, Child)> = found
            .into_iter()
            .filter_map(|(child, part)| {
                let Part::Number(number) = part else { return None };
                let scale = 10_i128.checked_pow(u32::from(column.scale))?;
                let value = zhengai_model::exact::Exact::new(number, scale)?.to_string();
                Some((number, Child { kind: kind.clone(), object: children.ids.get(child)?.clone(), value }))
            })
            .collect();
        told.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.object.cmp(&b.1.object)));
        Ok(told.into_iter().map(|(_, child)| child).collect())
    }
}

/// What rows are asked for.
struct Rows<'a> {
    dataset: &'a DatasetId,
    base: &'a Base,
    slice: &'a crate::scan::time::Slice,
    measure: &'a RowMeasure,
}

/// Rows as text, with the batch and the line that they came from.
pub(crate) fn sample_rows(batches: &[RecordBatch]) -> Result<Vec<SampleRow>, EngineError> {
    let mut found = Vec::new();
    let options = FormatOptions::default();
    for batch in batches {
        let schema = batch.schema();
        let mut columns = Vec::with_capacity(batch.num_columns());
        for (field, column) in schema.fields().iter().zip(batch.columns()) {
            let formatter = ArrayFormatter::try_new(column.as_ref(), &options).map_err(EngineError::shape)?;
            columns.push((field.name().clone(), column, formatter));
        }
        for row in 0..batch.num_rows() {
            let mut sample = SampleRow { batch: String::new(), line: 0, cells: Vec::new() };
            for (field, column, formatter) in &columns {
                let text = (!column.is_null(row)).then(|| formatter.value(row).to_string());
                match field.as_str() {
                    "_batch" => sample.batch = text.unwrap_or_default(),
                    "_line" => sample.line = text.and_then(|text| text.parse().ok()).unwrap_or(0),
                    "_school" => {}
                    _ => sample.cells.push((field.clone(), text)),
                }
            }
            found.push(sample);
        }
    }
    Ok(found)
}
