//! The catalogue of indicators (指标体系): every indicator with the values that hold, where each comes from, what it reads
//! and what reads it.

use crate::college::College;
use crate::error::ServiceError;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::expr::{Expr, WordKind, words};
use zhengai_model::ids::{DatasetId, FieldName, IndicatorCode, PointId, RuleId};
use zhengai_model::indicator::{Indicator, Measure};
use zhengai_model::layer::{Layer, System};
use zhengai_model::pack::{Definitions, Subject};
use zhengai_model::rights::Right;
use zhengai_model::threshold::Threshold;
use zhengai_store::{IndicatorRecord, ThresholdFilter, ThresholdRecord};

/// Pack under which what users published stands among the definitions.
const USER: &str = "user";

/// Which indicators of the catalogue.
#[derive(Debug, Clone, Default)]
pub struct CatalogQuery {
    /// Of this layer.
    pub layer: Option<Layer>,
    /// At this 质控点 or below it.
    pub point: Option<String>,
    /// Of this system.
    pub system: Option<System>,
    /// Whose code, names, point or basis contain all of these words.
    pub search: Option<String>,
}

/// An indicator as the tree shows it.
#[derive(Debug, Clone)]
pub struct CatalogEntry {
    /// The definition in force.
    pub indicator: Indicator,
    /// Where it comes from.
    pub origin: Origin,
    /// Newest published version, when users published it.
    pub version: Option<IndicatorRecord>,
    /// Revision of the draft that somebody is writing.
    pub draft: Option<u64>,
    /// Whether its layer is switched off.
    pub off: bool,
    /// Values of the college as a whole that hold today: target, standard, warning and the others.
    pub values: Vec<ValueInForce>,
}

/// Where a definition or a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A pack: its id and the file in it.
    Pack {
        /// Id of the pack or plugin.
        pack: String,
        /// File in it.
        file: String,
    },
    /// Published in this college.
    Published,
    /// A threshold that somebody set: its number.
    Set {
        /// Number of the threshold.
        id: i64,
        /// Who set it.
        by: String,
    },
}

/// One of the values of an indicator.
#[derive(Debug, Clone)]
pub struct ValueInForce {
    /// The value.
    pub threshold: Threshold,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether it holds today; otherwise it is still to come or over.
    pub holds: bool,
}

/// What an indicator reads through one of its measures.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The measure.
    pub measure: String,
    /// The dataset; absent for a measure over another indicator.
    pub dataset: Option<DatasetId>,
    /// The other indicator.
    pub over: Option<IndicatorCode>,
    /// Fields of the dataset that aggregate and filter name.
    pub fields: Vec<FieldName>,
}

/// Everything about one indicator.
#[derive(Debug, Clone)]
pub struct IndicatorPortrait {
    /// As the tree shows it.
    pub entry: CatalogEntry,
    /// All values, those of narrower scopes and other times included.
    pub values: Vec<ValueInForce>,
    /// Published versions, the newest first.
    pub versions: Vec<IndicatorRecord>,
    /// What each measure reads.
    pub readings: Vec<Reading>,
    /// Indicators that its formula reads.
    pub reads: Vec<IndicatorCode>,
    /// Indicators whose formula reads it.
    pub read_by: Vec<IndicatorCode>,
    /// Rules that look at it.
    pub rules: Vec<RuleId>,
    /// Sum of the weights at its 质控点, when any indicator there has one.
    pub weights: Option<Decimal>,
}

impl College {
    /// Indicators that fit, in the order of layer, 质控点 and code.
    pub async fn catalog(&self, query: &CatalogQuery) -> Result<Vec<CatalogEntry>, ServiceError> {
        self.permit(Right::ReadResults)?;
        let versions: BTreeMap<IndicatorCode, IndicatorRecord> =
            self.record.indicator_list().await?.into_iter().map(|record| (record.code.clone(), record)).collect();
        let drafts = self.draft_revisions().await?;
        let set = self.record.threshold_list(&ThresholdFilter::default()).await?;
        let mut chosen: Vec<&Indicator> =
            self.definitions.indicators.values().filter(|indicator| self.fits(indicator, query)).collect();
        chosen.sort_by(|a, b| (a.layer, a.point.as_str(), &a.code).cmp(&(b.layer, b.point.as_str(), &b.code)));
        let entry = |indicator: &Indicator| {
            let mut values = self.values_of(&indicator.code, &set);
            values.retain(|value| value.holds && value.threshold.scope.rank() <= COLLEGE);
            CatalogEntry {
                origin: self.origin(&indicator.code),
                version: versions.get(&indicator.code).cloned(),
                draft: drafts.get(indicator.code.as_str()).copied(),
                off: self.definitions.disabled.contains(&indicator.layer),
                values,
                indicator: indicator.clone(),
            }
        };
        Ok(chosen.into_iter().map(entry).collect())
    }

    /// Everything about one indicator.
    pub async fn portrait_of(&self, code: &str) -> Result<IndicatorPortrait, ServiceError> {
        self.permit(Right::ReadResults)?;
        let indicator = self.indicator(code)?;
        let code = indicator.code.clone();
        let versions = self.versions(&code).await?;
        let set = self.record.threshold_list(&ThresholdFilter::default()).await?;
        let values = self.values_of(&code, &set);
        let mut held = values.clone();
        held.retain(|value| value.holds && value.threshold.scope.rank() <= COLLEGE);
        let entry = CatalogEntry {
            indicator: indicator.clone(),
            origin: self.origin(&code),
            version: versions.first().cloned(),
            draft: self.draft_revisions().await?.get(code.as_str()).copied(),
            off: self.definitions.disabled.contains(&indicator.layer),
            values: held,
        };
        let (read_by, rules) = readers(&self.definitions, &code);
        Ok(IndicatorPortrait {
            entry,
            values,
            versions,
            readings: readings(&self.definitions, indicator),
            reads: direct_inputs(indicator).into_iter().collect(),
            read_by,
            rules,
            weights: self.weights().remove(&indicator.point),
        })
    }

    /// Two versions of an indicator: those named, or what is in force and the version before it. What a pack brings stands
    /// without a record.
    pub async fn two_versions(
        &self,
        code: &str,
        from: Option<u64>,
        to: Option<u64>,
    ) -> Result<[(Indicator, Option<IndicatorRecord>); 2], ServiceError> {
        self.permit(Right::ReadResults)?;
        let now = self.indicator(code)?;
        let versions = self.versions(&now.code).await?;
        let find = |wanted: u64| {
            let known = versions.iter().find(|record| record.version == wanted);
            known.cloned().ok_or_else(|| ServiceError::BadArgument { what: "version", value: wanted.to_string() })
        };
        let to = to.map(find).transpose()?.or_else(|| versions.first().cloned());
        let before = to.as_ref().and_then(|to| versions.iter().find(|one| one.version < to.version).cloned());
        let from = from.map(find).transpose()?.or(before);
        let later = (to.as_ref().map_or_else(|| now.clone(), |to| to.body.clone()), to);
        let earlier = match from {
            Some(from) => (from.body.clone(), Some(from)),
            // Before the first version stands what the pack brings, which no longer is among the definitions.
            None => (self.of_pack(&now.code)?.unwrap_or_else(|| later.0.clone()), None),
        };
        Ok([earlier, later])
    }

    /// The definition as packs bring it, when they do.
    fn of_pack(&self, code: &IndicatorCode) -> Result<Option<Indicator>, ServiceError> {
        let mut faults = Vec::new();
        let packs = self.plugins.packs(&mut faults);
        Ok(packs.into_iter().flat_map(|pack| pack.indicators).find(|indicator| &indicator.code == code))
    }

    /// Sums of weights by 质控点, where any indicator has one; 100 is what they should be.
    pub fn weights(&self) -> BTreeMap<PointId, Decimal> {
        let mut sums = BTreeMap::new();
        for indicator in self.definitions.indicators.values() {
            if let Some(weight) = indicator.weight {
                *sums.entry(indicator.point.clone()).or_insert(Decimal::ZERO) += weight;
            }
        }
        sums
    }

    /// Where the definition of an indicator comes from.
    fn origin(&self, code: &IndicatorCode) -> Origin {
        self.pack_origin(&Subject::Indicator(code.to_string())).unwrap_or(Origin::Published)
    }

    fn pack_origin(&self, subject: &Subject) -> Option<Origin> {
        let (owner, place) = self.definitions.origins.get(subject)?;
        let pack = || Origin::Pack { pack: owner.to_string(), file: place.file.clone() };
        Some(if owner.as_str() == USER { Origin::Published } else { pack() })
    }

    /// All values of an indicator, each with its origin: those written inside it, those of packs, those that people set.
    fn values_of(&self, code: &IndicatorCode, set: &[ThresholdRecord]) -> Vec<ValueInForce> {
        let today = self.opening.today;
        let mut found = Vec::new();
        let inline = self.definitions.indicators.get(code).and_then(|indicator| indicator.values.as_ref());
        for threshold in inline.map(|values| values.thresholds(code)).unwrap_or_default() {
            found.push(ValueInForce { holds: threshold.in_force(today), threshold, origin: self.origin(code) });
        }
        for (index, threshold) in self.definitions.thresholds.iter().enumerate() {
            if &threshold.indicator != code {
                continue;
            }
            let by_person = || {
                let record = set.iter().find(|record| &record.threshold == threshold)?;
                Some(Origin::Set { id: record.id, by: record.by.clone() })
            };
            let origin = self.pack_origin(&Subject::Threshold(index)).or_else(by_person).unwrap_or(Origin::Published);
            found.push(ValueInForce { holds: threshold.in_force(today), threshold: threshold.clone(), origin });
        }
        found
    }

    fn fits(&self, indicator: &Indicator, query: &CatalogQuery) -> bool {
        let below = |point: &String| {
            let own = indicator.point.as_str();
            own == point || own.strip_prefix(point.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        query.layer.is_none_or(|layer| indicator.layer == layer)
            && query.system.is_none_or(|system| indicator.system == Some(system))
            && query.point.as_ref().is_none_or(below)
            && query.search.as_ref().is_none_or(|search| self.mentions(indicator, search))
    }

    /// Whether all words of a search stand somewhere in what people know of an indicator.
    fn mentions(&self, indicator: &Indicator, search: &str) -> bool {
        let point = self.definitions.points.get(&indicator.point).map(|point| &point.names);
        let text = [
            indicator.code.as_str(),
            &indicator.names.zh,
            &indicator.names.en,
            indicator.basis.as_deref().unwrap_or_default(),
            point.map(|names| names.zh.as_str()).unwrap_or_default(),
            point.map(|names| names.en.as_str()).unwrap_or_default(),
        ];
        let text = text.join("\n").to_lowercase();
        search.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// Rank of the scope of the college as a whole.
const COLLEGE: u8 = zhengai_model::threshold::Scope::College.rank();

/// Indicators that a formula reads in any period, or aggregates.
pub(crate) fn direct_inputs(indicator: &Indicator) -> BTreeSet<IndicatorCode> {
    let (now, previous, last_year) = Expr::parse(&indicator.value).map(|expr| expr.indicators()).unwrap_or_default();
    let over = indicator.measures.values().filter_map(|measure| measure.over.clone());
    now.into_iter().chain(previous).chain(last_year).chain(over).collect()
}

/// Indicators that read one directly or through others, and rules that look at any of these.
pub(crate) fn readers(definitions: &Definitions, code: &IndicatorCode) -> (Vec<IndicatorCode>, Vec<RuleId>) {
    let mut touched = BTreeSet::from([code.clone()]);
    let inputs: Vec<(&IndicatorCode, BTreeSet<IndicatorCode>)> =
        definitions.indicators.iter().map(|(own, indicator)| (own, direct_inputs(indicator))).collect();
    loop {
        let before = touched.len();
        for (own, reads) in &inputs {
            if !reads.is_disjoint(&touched) {
                touched.insert((*own).clone());
            }
        }
        if touched.len() == before {
            break;
        }
    }
    let mut rules = Vec::new();
    for rule in definitions.rules.values() {
        let mut looks = false;
        rule.when.visit(&mut |test| looks |= test.indicator().is_some_and(|own| touched.contains(own)));
        if looks {
            rules.push(rule.id.clone());
        }
    }
    touched.remove(code);
    (touched.into_iter().collect(), rules)
}

/// What the measures of an indicator read.
fn readings(definitions: &Definitions, indicator: &Indicator) -> Vec<Reading> {
    let reading = |(name, measure): (&zhengai_model::ids::MeasureName, &Measure)| Reading {
        measure: name.to_string(),
        dataset: measure.dataset.clone(),
        over: measure.over.clone(),
        fields: fields_of(definitions, measure),
    };
    indicator.measures.iter().map(reading).collect()
}

/// Fields of the dataset that a measure names in its aggregate, its filter or as the object.
fn fields_of(definitions: &Definitions, measure: &Measure) -> Vec<FieldName> {
    let Some(dataset) = measure.dataset.as_ref().and_then(|id| definitions.dataset(id)) else { return Vec::new() };
    let texts = [Some(&measure.agg), measure.filter.as_ref()];
    let mut named: BTreeSet<String> = texts
        .into_iter()
        .flatten()
        .flat_map(|text| words(text))
        .filter(|word| word.kind == WordKind::Name)
        .map(|word| word.text)
        .collect();
    named.extend(measure.by.as_ref().map(ToString::to_string));
    dataset.fields.iter().map(|field| field.name.clone()).filter(|name| named.contains(name.as_str())).collect()
}
