//! Indicators (指标): looking, checking on real data, publishing as immutable versions.

use crate::college::College;
use crate::error::ServiceError;
use crate::transforms::HostTransforms;
use std::collections::BTreeSet;
use std::path::Path;
use zhengai_engine::{CheckReport, Engine};
use zhengai_model::fault::Explain;
use zhengai_model::ids::IndicatorCode;
use zhengai_model::indicator::Indicator;
use zhengai_model::layer::Layer;
use zhengai_model::pack::{Definitions, IndicatorFile, indicator_hash};
use zhengai_model::period::Period;
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_model::threshold::{FloorFault, Threshold, ThresholdKind, check_floor, check_revision};
use zhengai_store::{IndicatorRecord, Published};

impl College {
    /// Indicators in force, by layer and code.
    pub fn indicators(&self, layer: Option<Layer>) -> Vec<&Indicator> {
        let mut chosen: Vec<&Indicator> = self
            .definitions
            .indicators
            .values()
            .filter(|indicator| layer.is_none_or(|layer| indicator.layer == layer))
            .collect();
        chosen.sort_by(|one, other| (one.layer, &one.code).cmp(&(other.layer, &other.code)));
        chosen
    }

    /// The indicator with this code.
    pub fn indicator(&self, code: &str) -> Result<&Indicator, ServiceError> {
        let wanted = IndicatorCode::new(code).ok().and_then(|code| self.definitions.indicators.get(&code));
        wanted.ok_or_else(|| {
            ServiceError::not_found("indicator", code, self.definitions.indicators.keys().map(IndicatorCode::as_str))
        })
    }

    /// Published versions of an indicator, the newest first; none when only a pack brings it.
    pub async fn versions(&self, code: &IndicatorCode) -> Result<Vec<IndicatorRecord>, ServiceError> {
        self.permit(Right::ReadResults)?;
        Ok(self.record.indicator_history(code).await?)
    }

    /// Reads a file of indicators; faults come with line and column.
    pub fn read_indicators(file: &Path) -> Result<IndicatorFile, ServiceError> {
        let text =
            std::fs::read_to_string(file).map_err(|source| ServiceError::Io { path: file.to_path_buf(), source })?;
        toml::from_str(&text).map_err(|source| ServiceError::config(file, &text, &source))
    }

    /// The definitions as they would be with a file's indicators in force.
    fn with_file(&self, file: &IndicatorFile) -> Definitions {
        let mut definitions = Definitions::clone(&self.definitions);
        for point in &file.points {
            definitions.points.insert(point.id.clone(), point.clone());
        }
        for indicator in &file.indicators {
            definitions.indicators.insert(indicator.code.clone(), indicator.clone());
        }
        definitions
    }

    /// Checks an indicator in force, with sample values on real data.
    pub async fn check_indicator(&self, code: &str, period: &Period) -> Result<CheckReport, ServiceError> {
        self.permit(Right::DefineIndicators)?;
        let code = self.indicator(code)?.code.clone();
        self.sampled(&self.definitions, &code, period).await
    }

    /// Checks the indicators of a file as if they were in force.
    pub async fn check_file(&self, file: &Path, period: &Period) -> Result<Vec<CheckReport>, ServiceError> {
        self.permit(Right::DefineIndicators)?;
        let read = Self::read_indicators(file)?;
        let definitions = self.with_file(&read);
        let mut reports = Vec::new();
        for indicator in &read.indicators {
            reports.push(self.sampled(&definitions, &indicator.code, period).await?);
        }
        Ok(reports)
    }

    /// Faults and samples of one indicator, with what plugins compute.
    pub(crate) async fn sampled(
        &self,
        definitions: &Definitions,
        code: &IndicatorCode,
        period: &Period,
    ) -> Result<CheckReport, ServiceError> {
        let transforms = HostTransforms::new(&self.plugins);
        Ok(Engine::check(&self.warehouse, definitions, &self.calendar, code, period, &transforms).await?)
    }

    /// Publishes the indicators of a file. All of them must compile together with everything in force, or none counts.
    pub async fn publish(&self, file: &Path, why: Option<&str>) -> Result<Vec<Published>, ServiceError> {
        self.permit(Right::PublishIndicators)?;
        let read = Self::read_indicators(file)?;
        let definitions = self.with_file(&read);
        self.compile_these(&definitions)?;
        let mut faults: Vec<Message> = read.indicators.iter().flat_map(|one| below_floors(one, &definitions)).collect();
        for indicator in &read.indicators {
            faults.extend(self.left_below(&definitions, &indicator.code, None).await?);
        }
        if !faults.is_empty() {
            return Err(ServiceError::Indicators { faults });
        }
        let mut published = Vec::new();
        for indicator in &read.indicators {
            let hash = indicator_hash(indicator);
            published.push(self.record.indicator_publish(self.actor(), indicator, &hash, why).await?);
        }
        Ok(published)
    }
}

/// Values of an indicator that are looser than what the nation or the province demands.
pub(crate) fn below_floors(indicator: &Indicator, definitions: &Definitions) -> Vec<Message> {
    let proposed = indicator.values.as_ref().map(|values| values.thresholds(&indicator.code)).unwrap_or_default();
    let faults = proposed.iter().flat_map(|value| floor_faults(value, definitions));
    faults.map(|fault| fault.message().with("owner", &indicator.code)).collect()
}

/// A target that the new definition lowers: at revision it may be raised, never lowered without leave.
pub(crate) fn lowered_targets(old: Option<&Indicator>, new: &Indicator) -> Option<Message> {
    let target = |indicator: &Indicator| indicator.values.as_ref().and_then(|values| values.target);
    let (old, changed) = (target(old?)?, target(new)?);
    let fault = check_revision(&new.code, &old, &changed).err()?;
    Some(fault.message().with("owner", &new.code))
}

/// Standards above than which a threshold is looser. Where the demand differs by category, one is refused that is too
/// loose for each of them; the others are judged with the college's own row.
pub(crate) fn floor_faults(proposed: &Threshold, definitions: &Definitions) -> Vec<FloorFault> {
    let existing = definitions.thresholds_of(&proposed.indicator);
    let categories: BTreeSet<(String, String)> = existing
        .iter()
        .filter(|floor| floor.kind == ThresholdKind::Standard)
        .filter_map(|floor| floor.category.as_ref())
        .map(|category| (category.field.to_string(), category.value.clone()))
        .collect();
    let general = check_floor(proposed, &existing, &[]);
    let each: Vec<_> =
        categories.iter().map(|category| check_floor(proposed, &existing, std::slice::from_ref(category))).collect();
    if !general.is_empty() || each.iter().any(Vec::is_empty) {
        return general;
    }
    // The loosest is told: it is the one that has to be met whatever the college is.
    let loosest = each.iter().flatten().find(|one| each.iter().flatten().all(|other| one.allows_all_of(other)));
    loosest.map_or_else(|| each.concat(), |loosest| vec![loosest.clone()])
}
