//! All enabled packs together: every definition by its id, with what each refers to checked across packs.

use super::{Computed, Manifest, Pack, PackFault, Place, Subject};
use crate::cycle::CycleTemplate;
use crate::dataset::{Dataset, EdgeRows, ObjectRows};
use crate::hash::content_hash;
use crate::ids::{DatasetId, IndicatorCode, ObjectKind, PluginId, PointId, RuleId};
use crate::indicator::{Indicator, Point};
use crate::layer::Layer;
use crate::rule::Rule;
use crate::text::Message;
use crate::threshold::Threshold;
use crate::verdict::Levels;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// Definitions of all enabled packs, in the order in which packs were given.
#[derive(Debug, Clone, Default)]
pub struct Definitions {
    /// Manifests.
    pub manifests: IndexMap<PluginId, Manifest>,
    /// Datasets.
    pub datasets: IndexMap<DatasetId, Dataset>,
    /// Nodes of the 质控点 tree.
    pub points: IndexMap<PointId, Point>,
    /// Indicators and quantities.
    pub indicators: IndexMap<IndicatorCode, Indicator>,
    /// Warning rules.
    pub rules: IndexMap<RuleId, Rule>,
    /// Warning levels.
    pub levels: Levels,
    /// Thresholds of policy, in the order of packs; those written inside indicators are not among them.
    pub thresholds: Vec<Threshold>,
    /// Cycle templates.
    pub cycles: IndexMap<String, CycleTemplate>,
    /// Datasets that a library computes, and whose library.
    pub computed: IndexMap<DatasetId, (PluginId, Computed)>,
    /// Which pack brought what, and where it stands.
    pub origins: BTreeMap<Subject, (PluginId, Place)>,
    /// Layers that are switched off. Their definitions stay, so that what depends on them is 不适用 with a reason.
    pub disabled: BTreeSet<Layer>,
}

impl Definitions {
    /// Puts packs together. Two definitions with one id are a fault of the second pack.
    pub fn merge(
        packs: impl IntoIterator<Item = Pack>,
        disabled: impl IntoIterator<Item = Layer>,
    ) -> Result<Self, Vec<PackFault>> {
        let mut merged = Self { disabled: disabled.into_iter().collect(), ..Self::default() };
        let mut faults = Vec::new();
        let mut levels = Vec::new();
        for pack in packs {
            levels.extend(pack.levels.iter().cloned());
            merged.take(pack, &mut faults);
        }
        merged.levels = Levels::new(levels);
        if faults.is_empty() { Ok(merged) } else { Err(faults) }
    }

    fn take(&mut self, pack: Pack, faults: &mut Vec<PackFault>) {
        let owner = pack.manifest.id.clone();
        let mut intake = Intake { owner: owner.clone(), places: pack.places, origins: &mut self.origins, faults };
        for dataset in pack.datasets {
            let subject = Subject::Dataset(dataset.id.to_string());
            intake.put(&mut self.datasets, dataset.id.clone(), dataset, subject);
        }
        for point in pack.points {
            let subject = Subject::Point(point.id.to_string());
            // Several packs may name the same upper node of the tree, as long as they agree.
            if self.points.get(&point.id) != Some(&point) {
                intake.put(&mut self.points, point.id.clone(), point, subject);
            }
        }
        for indicator in pack.indicators {
            let subject = Subject::Indicator(indicator.code.to_string());
            intake.put(&mut self.indicators, indicator.code.clone(), indicator, subject);
        }
        for rule in pack.rules {
            let subject = Subject::Rule(rule.id.to_string());
            intake.put(&mut self.rules, rule.id.clone(), rule, subject);
        }
        for cycle in pack.cycles {
            let subject = Subject::Cycle(cycle.id.clone());
            intake.put(&mut self.cycles, cycle.id.clone(), cycle, subject);
        }
        for computed in pack.manifest.computed.iter().cloned() {
            let subject = Subject::Computed(computed.dataset.to_string());
            intake.put(&mut self.computed, computed.dataset.clone(), (owner.clone(), computed), subject);
        }
        for (index, threshold) in pack.thresholds.into_iter().enumerate() {
            let place = intake.place(&Subject::Threshold(index));
            intake.origins.insert(Subject::Threshold(self.thresholds.len()), (owner.clone(), place));
            self.thresholds.push(threshold);
        }
        for (subject, place) in &intake.places {
            if let Subject::IndicatorValue(_) | Subject::Level(_) = subject {
                intake.origins.entry(subject.clone()).or_insert_with(|| (owner.clone(), place.clone()));
            }
        }
        if self.manifests.insert(owner.clone(), pack.manifest).is_some() {
            let place = Place { file: owner.to_string(), ..Place::default() };
            faults.push(PackFault::at(&place, Message::new("model-pack-twice").with("id", owner)));
        }
    }

    /// The dataset with this id.
    pub fn dataset(&self, id: &DatasetId) -> Option<&Dataset> {
        self.datasets.get(id)
    }

    /// The indicator with this code.
    pub fn indicator(&self, code: &IndicatorCode) -> Option<&Indicator> {
        self.indicators.get(code)
    }

    /// The rule with this id.
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.rules.get(id)
    }

    /// All thresholds of an indicator: first those written inside it, then those of policy. Those of the user come
    /// after these, see [`crate::threshold::choose`].
    pub fn thresholds_of(&self, code: &IndicatorCode) -> Vec<Threshold> {
        let inline = self.indicators.get(code).and_then(|indicator| indicator.values.as_ref());
        let mut thresholds = inline.map(|values| values.thresholds(code)).unwrap_or_default();
        thresholds.extend(self.thresholds.iter().filter(|threshold| &threshold.indicator == code).cloned());
        thresholds
    }

    /// The master dataset of each kind of object, and how its rows describe objects.
    pub fn object_kinds(&self) -> IndexMap<&ObjectKind, (&Dataset, &ObjectRows)> {
        let described = self.datasets.values().filter_map(|dataset| Some((dataset, dataset.object.as_ref()?)));
        let mut kinds = IndexMap::new();
        for (dataset, rows) in described {
            kinds.entry(&rows.kind).or_insert((dataset, rows));
        }
        kinds
    }

    /// All datasets whose rows state edges of the hierarchy.
    pub fn edges(&self) -> impl Iterator<Item = (&Dataset, &EdgeRows)> {
        self.datasets.values().flat_map(|dataset| dataset.edges.iter().map(move |edge| (dataset, edge)))
    }

    /// Whether a library fills the dataset, so that nobody may import into it.
    pub fn is_computed(&self, id: &DatasetId) -> bool {
        self.computed.contains_key(id)
    }

    /// Where a definition stands.
    pub fn place(&self, subject: &Subject) -> Place {
        self.origins
            .get(subject)
            .map(|(owner, place)| Place { file: format!("{owner}/{}", place.file), ..place.clone() })
            .unwrap_or_default()
    }
}

struct Intake<'a> {
    owner: PluginId,
    places: BTreeMap<Subject, Place>,
    origins: &'a mut BTreeMap<Subject, (PluginId, Place)>,
    faults: &'a mut Vec<PackFault>,
}

impl Intake<'_> {
    fn place(&self, subject: &Subject) -> Place {
        self.places.get(subject).cloned().unwrap_or_default()
    }

    fn put<K: std::hash::Hash + Eq + ToString, V>(
        &mut self,
        map: &mut IndexMap<K, V>,
        key: K,
        thing: V,
        subject: Subject,
    ) {
        let place = self.place(&subject);
        if map.contains_key(&key) {
            let first = self.origins.get(&subject).map(|(owner, place)| format!("{owner}/{}", place.file));
            let message = Message::new("model-pack-defined-twice")
                .with("id", key.to_string())
                .with("first", first.unwrap_or_default());
            let place = Place { file: format!("{}/{}", self.owner, place.file), ..place };
            self.faults.push(PackFault::at(&place, message));
            return;
        }
        self.origins.insert(subject, (self.owner.clone(), place));
        map.insert(key, thing);
    }
}

/// The content hash of an indicator: changes with every edit, even of a label.
pub fn indicator_hash(indicator: &Indicator) -> String {
    content_hash(indicator)
}

/// The hash of what an indicator means: formula, unit, grain, population. Equal hashes are comparable in a trend;
/// labels, advice, owners and thresholds do not count.
pub fn meaning_hash(indicator: &Indicator) -> String {
    content_hash(&(
        &indicator.code,
        (&indicator.unit, indicator.direction, &indicator.grain, indicator.period, indicator.time),
        (indicator.decimals, &indicator.value, &indicator.measures, &indicator.min_n, &indicator.applies),
        indicator.meaning,
    ))
}
