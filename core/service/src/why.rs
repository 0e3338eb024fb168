//! `why`: where a number comes from, down to file and line.

use crate::college::College;
use crate::error::ServiceError;
use crate::results::{inputs, split_object};
use crate::rows::{ResultRow, decode};
use crate::transforms::HostTransforms;
use std::collections::BTreeMap;
use zhengai_engine::{DiagnoseRequest, Engine, SampleRow, Why, WhyRequest};
use zhengai_model::ids::{BatchId, ObjectId, ObjectKind, PeriodId};
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_store::RunRecord;
use zhengai_warehouse::ResultFilter;

/// An explanation with the run that it belongs to and the files behind its rows.
#[derive(Debug)]
pub struct Explanation {
    /// The run.
    pub run: RunRecord,
    /// The row as it was stored.
    pub row: ResultRow,
    /// What the engine says.
    pub why: Why,
    /// File (and sheet) of each batch that a sample row names.
    pub files: BTreeMap<String, String>,
    /// Why the rows are masked, when they are.
    pub masked: Option<Message>,
}

impl College {
    /// Explains one number of a run.
    pub async fn why(
        &self,
        indicator: &str,
        object: &str,
        run: Option<&str>,
        rows: usize,
    ) -> Result<Vec<Explanation>, ServiceError> {
        self.permit(Right::ReadResults)?;
        let code = self.indicator(indicator)?.code.clone();
        let run = self.finished(run).await?;
        let (kind, id) = split_object(object);
        let mut filter = ResultFilter::all().with("indicator", code.as_str()).with("object", id);
        if let Some(kind) = kind {
            filter = filter.with("grain", kind);
        }
        let mut found = decode(&self.warehouse.results(&run.id, &filter).await?)?;
        let scope = self.scope().await?;
        scope.keep(&mut found, ResultRow::place);
        if found.is_empty() {
            return Err(ServiceError::NotFound {
                what: "result",
                name: format!("{code} {object} {}", run.id),
                near: String::new(),
            });
        }
        let compiled = self.compile()?;
        let kept = inputs(&run)?;
        let asked = DiagnoseRequest {
            run: run.id.clone(),
            period: run.period.clone(),
            layers: run.layers.iter().copied().collect(),
            today: kept.today,
            view: kept.view,
            disabled: kept.disabled.clone(),
        };
        let history = self.history(&compiled, &asked).await?;
        let transforms = HostTransforms::new(&self.plugins);
        let mut explanations = Vec::new();
        for row in found {
            let bad = |_| ServiceError::Internal { what: "a stored result with a malformed id".to_owned() };
            let kind = ObjectKind::new(row.grain.clone()).map_err(bad)?;
            let object = ObjectId::new(row.object.clone()).map_err(bad)?;
            let period = PeriodId::new(row.period.clone()).map_err(bad)?;
            let request = WhyRequest { rows, ..WhyRequest::of(&kept, code.clone(), kind, object, period) };
            let mut why = Engine::why(&self.warehouse, &compiled, &request, &history, &transforms).await?;
            let subject = format!("{} {code} {}/{}", run.id, row.grain, row.object);
            let masked = self.mask_why(&mut why, &scope, &subject).await?;
            let files = self.files_of(&why).await?;
            explanations.push(Explanation { run: run.clone(), row, why, files, masked });
        }
        Ok(explanations)
    }

    async fn files_of(&self, why: &Why) -> Result<BTreeMap<String, String>, ServiceError> {
        let mut files = BTreeMap::new();
        let mut rows: Vec<&SampleRow> = Vec::new();
        for measure in &why.measures {
            rows.extend(&measure.rows);
            rows.extend(measure.sources.iter().flat_map(|source| &source.rows));
        }
        for row in rows {
            if files.contains_key(&row.batch) {
                continue;
            }
            let Ok(id) = BatchId::new(row.batch.clone()) else { continue };
            if let Some(batch) = self.record.batch_find(&id).await? {
                let file = match &batch.sheet {
                    Some(sheet) => format!("{}[{sheet}]", batch.file),
                    None => batch.file.clone(),
                };
                files.insert(row.batch.clone(), file);
            }
        }
        Ok(files)
    }
}
