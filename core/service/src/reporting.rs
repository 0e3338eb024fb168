//! From a run in the record and its rows in the warehouse to a report.

use crate::college::College;
use crate::error::ServiceError;
use crate::report::{IndicatorText, Pair, Report, ReportInput, SourceLine, Subject, WarningLine, build};
use crate::results::{inputs, split_object};
use crate::rights::ScopeFilter;
use crate::rows::{ResultRow, decode};
use crate::text::Texts;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::batch::BatchState;
use zhengai_model::dataset::Dataset;
use zhengai_model::ids::{ObjectId, ObjectKind, PeriodId, PointId};
use zhengai_model::indicator::Direction;
use zhengai_model::layer::Layer;
use zhengai_model::rights::Right;
use zhengai_model::rule::Because;
use zhengai_store::{BatchFilter, RunFilter, RunRecord, RunState, WarningFilter, WarningRecord};
use zhengai_warehouse::ResultFilter;

/// Warnings that a report lists; the rest are counted.
const WARNINGS: usize = 60;

/// What to report on.
#[derive(Debug, Clone, Default)]
pub struct ReportOrder {
    /// The run; the newest finished one when absent.
    pub run: Option<String>,
    /// One layer.
    pub layer: Option<Layer>,
    /// One object: `kind/id`, or the id alone.
    pub object: Option<String>,
}

impl College {
    /// Makes a report's data in the language of the texts.
    pub async fn report(&self, order: &ReportOrder, texts: &Texts) -> Result<(RunRecord, Report), ServiceError> {
        self.permit(Right::WriteReports)?;
        let run = self.finished(order.run.as_deref()).await?;
        let scope = self.scope().await?;
        let mut rows = decode(&self.warehouse.results(&run.id, &ResultFilter::all()).await?)?;
        scope.keep(&mut rows, ResultRow::place);
        let subject = self.subject(order, &rows)?;
        let previous = self.previous(&run, &scope).await?;
        let warnings = self.warnings_of(&run, &subject, &scope).await?;
        let indicators = self.indicator_texts(texts);
        let label = |run: &RunRecord| format!("{} ({})", run.id, run.at.format("%Y-%m-%d %H:%M"));
        let listed: Vec<WarningLine> =
            warnings.iter().take(WARNINGS).map(|warning| self.warning_line(warning, texts)).collect();
        let input = ReportInput {
            texts,
            subject: &subject,
            college: self.config().college_name(),
            facts: self.facts(&run, texts),
            period: run.period.to_string(),
            periods: self.period_labels(&rows, texts),
            indicators: &indicators,
            layers: self.layer_labels(texts),
            rows: &rows,
            previous: previous.as_ref().map(|(run, rows)| (label(run), rows.as_slice())),
            sources: self.sources(&run, texts).await?,
            more_warnings: warnings.len().saturating_sub(listed.len()),
            warnings: listed,
            provenance: self.provenance(&run, texts)?,
            synthetic: self.is_synthetic(),
        };
        let report = build(input);
        Ok((run, report))
    }

    fn subject(&self, order: &ReportOrder, rows: &[ResultRow]) -> Result<Subject, ServiceError> {
        let Some(object) = &order.object else {
            return Ok(order.layer.map_or(Subject::College, Subject::Layer));
        };
        let (kind, id) = split_object(object);
        let row = rows
            .iter()
            .find(|row| row.object == id && kind.is_none_or(|kind| row.grain == kind))
            .ok_or_else(|| ServiceError::NotFound { what: "object", name: object.clone(), near: String::new() })?;
        let bad = |_| ServiceError::BadArgument { what: "object", value: object.clone() };
        Ok(Subject::Object {
            kind: ObjectKind::new(row.grain.clone()).map_err(bad)?,
            id: ObjectId::new(id).map_err(bad)?,
            name: row.object_name.clone(),
        })
    }

    /// The finished run before this one over the same period, or else over the period before it.
    async fn previous(
        &self,
        run: &RunRecord,
        scope: &ScopeFilter,
    ) -> Result<Option<(RunRecord, Vec<ResultRow>)>, ServiceError> {
        let mut periods = vec![run.period.clone()];
        if let Some(before) = self.calendar.get(&run.period).and_then(|period| self.calendar.previous(&period)) {
            periods.push(before.id);
        }
        for period in periods {
            let filter = RunFilter { period: Some(period), states: vec![RunState::Finished], ..RunFilter::default() };
            let earlier = self.record.run_list(&filter).await?.into_iter().find(|other| other.at < run.at);
            if let Some(earlier) = earlier {
                let mut rows = decode(&self.warehouse.results(&earlier.id, &ResultFilter::all()).await?)?;
                scope.keep(&mut rows, ResultRow::place);
                return Ok(Some((earlier, rows)));
            }
        }
        Ok(None)
    }

    /// Open warnings that the report's subject is concerned with, the most severe first.
    async fn warnings_of(
        &self,
        run: &RunRecord,
        subject: &Subject,
        scope: &ScopeFilter,
    ) -> Result<Vec<WarningRecord>, ServiceError> {
        let mut filter = WarningFilter::default();
        match subject {
            Subject::College => {}
            Subject::Layer(layer) => filter.layer = Some(*layer),
            Subject::Object { kind, id, .. } => {
                filter.kind = Some(kind.clone());
                filter.object = Some(id.clone());
            }
        }
        let periods = inputs(run)?.periods;
        let mut warnings = self.record.warning_list(&filter).await?;
        scope.keep(&mut warnings, crate::warnings::place);
        warnings.retain(|record| {
            periods.contains_key(&record.warning.identity.period) && run.layers.contains(&record.layer)
        });
        let levels = &self.definitions.levels;
        warnings.sort_by(|one, other| {
            let severity = |record: &WarningRecord| std::cmp::Reverse(levels.severity(&record.warning.level));
            (severity(one), &one.warning.identity).cmp(&(severity(other), &other.warning.identity))
        });
        Ok(warnings)
    }

    /// A warning in words.
    pub fn warning_line(&self, record: &WarningRecord, texts: &Texts) -> WarningLine {
        let level = &record.warning.level;
        let because: Vec<Because> = serde_json::from_value(record.because.clone()).unwrap_or_default();
        WarningLine {
            level: self.level_name(level.as_str(), texts),
            level_word: level.to_string(),
            rule: self.rule_name(record.warning.identity.rule.as_str(), texts),
            object: record.object_name.clone(),
            object_id: record.warning.identity.object.to_string(),
            because: because
                .iter()
                .map(|one| self.because(one, texts))
                .collect::<Vec<_>>()
                .join(&texts.text("list-separator", &[])),
            handling: texts.text(&format!("handling-{}", record.warning.handling.as_str()), &[]),
        }
    }

    /// The name of a rule; an implicit one has the name of its indicator.
    pub fn rule_name(&self, id: &str, texts: &Texts) -> String {
        let language = texts.language();
        let rule = self.definitions.rules.iter().find(|(rule, _)| rule.as_str() == id);
        let indicator = || self.definitions.indicators.iter().find(|(code, _)| code.as_str() == id);
        match rule {
            Some((_, rule)) => rule.names.get(language).to_owned(),
            None => indicator().map_or_else(|| id.to_owned(), |(_, found)| found.names.get(language).to_owned()),
        }
    }

    /// Why a rule fired, in words, with names in place of codes.
    pub fn because(&self, because: &Because, texts: &Texts) -> String {
        texts.say(&self.named(because.message(), texts))
    }

    /// The name of a warning level.
    pub fn level_name(&self, id: &str, texts: &Texts) -> String {
        let level = self.definitions.levels.all().iter().find(|level| level.id.as_str() == id);
        level.map_or_else(|| id.to_owned(), |level| level.names.get(texts.language()).to_owned())
    }

    /// The message with the names of indicators and rules in place of their codes.
    fn named(&self, mut message: zhengai_model::text::Message, texts: &Texts) -> zhengai_model::text::Message {
        for (name, value) in &mut message.args {
            match name.as_str() {
                "indicator" | "rule" => *value = self.rule_name(value, texts),
                "level" => *value = self.level_name(value, texts),
                _ => {}
            }
        }
        message
    }

    fn facts(&self, run: &RunRecord, texts: &Texts) -> Vec<Pair> {
        let language = texts.language();
        let period = self
            .calendar
            .get(&run.period)
            .map_or_else(|| run.period.to_string(), |period| period.names.get(language).to_owned());
        let labels: BTreeMap<String, String> = self.layer_labels(texts).into_iter().collect();
        let layers = run
            .layers
            .iter()
            .map(|layer| labels.get(layer.as_str()).cloned().unwrap_or_else(|| layer.as_str().to_owned()));
        let layers = layers.collect::<Vec<_>>().join(&texts.text("list-separator", &[]));
        vec![
            pair(texts, "report-fact-period", period),
            pair(texts, "report-fact-run", run.id.to_string()),
            pair(texts, "report-fact-layers", layers),
            pair(texts, "report-fact-started", run.at.format("%Y-%m-%d %H:%M UTC").to_string()),
        ]
    }

    fn period_labels(&self, rows: &[ResultRow], texts: &Texts) -> BTreeMap<String, String> {
        let ids: BTreeSet<&String> = rows.iter().map(|row| &row.period).collect();
        let label = |id: &String| {
            let period = PeriodId::new(id.clone()).ok().and_then(|id| self.calendar.get(&id))?;
            Some((id.clone(), period.names.get(texts.language()).to_owned()))
        };
        ids.into_iter().filter_map(label).collect()
    }

    fn provenance(&self, run: &RunRecord, texts: &Texts) -> Result<Vec<Pair>, ServiceError> {
        let kept = inputs(run)?;
        Ok(vec![
            pair(texts, "report-fact-fingerprint", run.fingerprint.clone().unwrap_or_default()),
            pair(texts, "report-fact-run", run.id.to_string()),
            pair(texts, "report-fact-view", kept.view.to_string()),
            pair(texts, "report-fact-engine", format!("zhengai {} / {}", env!("CARGO_PKG_VERSION"), kept.engine)),
            pair(texts, "report-fact-actor", run.by.clone()),
        ])
    }

    async fn sources(&self, run: &RunRecord, texts: &Texts) -> Result<Vec<SourceLine>, ServiceError> {
        let mut lines = Vec::new();
        for (id, version) in inputs(run)?.datasets {
            let filter = BatchFilter { dataset: Some(id.clone()), states: vec![BatchState::Applied], limit: None };
            // What was applied after the run did not take part in it.
            let batch = self
                .record
                .batch_list(&filter)
                .await?
                .into_iter()
                .find(|batch| batch.table_version.is_none_or(|applied| applied <= version));
            let rows = self.warehouse.state_at(&id, version).await?.map(|state| state.rows.to_string());
            lines.push(SourceLine {
                name: self
                    .definitions
                    .datasets
                    .get(&id)
                    .map_or_else(String::new, |dataset: &Dataset| dataset.names.get(texts.language()).to_owned()),
                dataset: id.to_string(),
                rows: rows.unwrap_or_default(),
                version: version.to_string(),
                file: batch.as_ref().map(|batch| batch.file.clone()).unwrap_or_default(),
                at: batch.map(|batch| batch.updated_at.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default(),
            });
        }
        Ok(lines)
    }

    /// Layer word → label, as the packs name their layers.
    pub fn layer_labels(&self, texts: &Texts) -> Vec<(String, String)> {
        Layer::ALL
            .into_iter()
            .map(|layer| {
                let manifest = self.definitions.manifests.values().find(|manifest| manifest.layer == Some(layer));
                let label = manifest.map_or_else(
                    || layer.as_str().to_owned(),
                    |manifest| manifest.names.get(texts.language()).to_owned(),
                );
                (layer.as_str().to_owned(), label)
            })
            .collect()
    }

    fn indicator_texts(&self, texts: &Texts) -> BTreeMap<String, IndicatorText> {
        let language = texts.language();
        self.definitions
            .indicators
            .values()
            .map(|indicator| {
                let text = IndicatorText {
                    name: indicator.names.get(language).to_owned(),
                    point: self.point_path(&indicator.point, texts),
                    unit: indicator.unit.clone(),
                    advice: indicator.advice.as_ref().map(|names| names.get(language).to_owned()).unwrap_or_default(),
                    grain: indicator.grain.to_string(),
                    higher_is_better: indicator.direction != Direction::Lower,
                    quantity: indicator.quantity,
                    yes_no: indicator.direction == Direction::YesNo,
                };
                (indicator.code.to_string(), text)
            })
            .collect()
    }

    /// Names of a control point and of the nodes above it, without the layer itself.
    pub fn point_path(&self, point: &PointId, texts: &Texts) -> String {
        let mut names = Vec::new();
        let mut id = point.as_str();
        while let Some((above, _)) = id.rsplit_once('.') {
            if let Some(node) = self.definitions.points.iter().find(|(known, _)| known.as_str() == id) {
                names.push(node.1.names.get(texts.language()).to_owned());
            }
            id = above;
        }
        names.reverse();
        names.join(" / ")
    }

    /// A training college is marked so in its data directory.
    pub fn is_synthetic(&self) -> bool {
        self.opening.data.root().join(crate::training::MARK).exists()
    }
}

fn pair(texts: &Texts, key: &str, value: String) -> Pair {
    Pair { label: texts.text(key, &[]), value }
}
