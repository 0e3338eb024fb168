//! Checks across all definitions, as far as they can be made without data: what is named exists, expressions parse,
//! units agree, indicators do not go in circles, values do not contradict each other.

use super::{Definitions, PackFault, Subject};
use crate::cycle::check_template;
use crate::dataset::{Dataset, check_dataset};
use crate::expr::Expr;
use crate::fault::Explain;
use crate::ids::{DatasetId, FieldName, IndicatorCode, MeasureName, ObjectKind};
use crate::indicator::{Indicator, Measure};
use crate::layer::Layer;
use crate::rule::{Rule, Test};
use crate::text::Message;
use crate::threshold::{Scope, Threshold, check_thresholds};
use crate::unit::{Unit, Units, check_units};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

impl Definitions {
    /// Everything that is wrong, with the place where each thing stands. Thresholds are held against each other as they
    /// are in force on `today`.
    pub fn check(&self, today: NaiveDate) -> Vec<PackFault> {
        let mut checker = Checker { definitions: self, faults: Vec::new() };
        checker.datasets();
        checker.indicators();
        checker.circles();
        checker.thresholds(today);
        checker.rules();
        checker.cycles();
        checker.faults.sort();
        checker.faults.dedup();
        checker.faults
    }

    /// The layer for whose absence an indicator cannot be computed: one that is switched off, or one that its pack
    /// requires and that is not installed. What depends on it is 不适用.
    pub fn off(&self, code: &IndicatorCode) -> Option<Layer> {
        self.off_from(code, &mut BTreeSet::new())
    }

    fn off_from(&self, code: &IndicatorCode, seen: &mut BTreeSet<IndicatorCode>) -> Option<Layer> {
        if !seen.insert(code.clone()) {
            return None;
        }
        let indicator = self.indicators.get(code)?;
        if self.disabled.contains(&indicator.layer) {
            return Some(indicator.layer);
        }
        let absent = || self.absent_layer(&Subject::Indicator(code.to_string()));
        for measure in indicator.measures.values() {
            let layer = match &measure.dataset {
                Some(id) => match self.datasets.get(id) {
                    Some(dataset) => dataset.layer.filter(|layer| self.disabled.contains(layer)),
                    None => absent(),
                },
                None => None,
            };
            if layer.is_some() {
                return layer;
            }
        }
        for read in indicator.reads() {
            let layer = if self.indicators.contains_key(&read) { self.off_from(&read, seen) } else { absent() };
            if layer.is_some() {
                return layer;
            }
        }
        None
    }

    /// A layer that the owner of a definition requires and that no plugin brings.
    pub fn absent_layer(&self, subject: &Subject) -> Option<Layer> {
        let (owner, _) = self.origins.get(subject)?;
        let required = &self.manifests.get(owner)?.requires;
        let brought = |layer: &Layer| self.manifests.values().any(|manifest| manifest.layer == Some(*layer));
        required.iter().copied().find(|layer| !brought(layer))
    }
}

impl Indicator {
    /// All indicators that it reads for the same period: in its expression and by aggregation over their values.
    pub fn reads(&self) -> BTreeSet<IndicatorCode> {
        let mut codes = Expr::parse(&self.value).map(|expr| expr.indicators().0).unwrap_or_default();
        codes.extend(self.measures.values().filter_map(|measure| measure.over.clone()));
        codes
    }
}

/// Dataset, aggregate and filter of a measure.
type Part<'a> = (Option<&'a DatasetId>, &'a str, Option<&'a str>);

/// What a value is computed from, whatever its measures are called and whichever field says whose it is. What only says
/// whether there is anything to compute is no part of it.
fn formula(indicator: &Indicator) -> (String, Vec<Part<'_>>) {
    let mut value = indicator.value.clone();
    let mut parts = Vec::new();
    let read = indicator.measures.iter().filter(|(name, _)| Some(*name) != indicator.active.as_ref());
    for (index, (name, measure)) in read.enumerate() {
        value = value.replace(name.as_str(), &format!("#{index}"));
        parts.push((measure.dataset.as_ref(), measure.agg.as_str(), measure.filter.as_deref()));
    }
    (value, parts)
}

struct Checker<'a> {
    definitions: &'a Definitions,
    faults: Vec<PackFault>,
}

impl Checker<'_> {
    fn fault(&mut self, subject: &Subject, message: Message) {
        let mut place = self.definitions.place(subject);
        if place.file.is_empty() {
            place.file = format!("{subject:?}");
        }
        self.faults.push(PackFault::at(&place, message));
    }

    fn datasets(&mut self) {
        for dataset in self.definitions.datasets.values() {
            let subject = Subject::Dataset(dataset.id.to_string());
            for message in check_dataset(dataset) {
                self.fault(&subject, message.with("dataset", &dataset.id));
            }
            for field in &dataset.fields {
                if let Some((wanted, name)) = field.references.as_deref().and_then(|text| text.split_once('.')) {
                    self.reference(&subject, dataset, (&field.name, wanted, name));
                }
            }
        }
        for (id, (_, computed)) in &self.definitions.computed {
            let subject = Subject::Computed(id.to_string());
            if !self.definitions.datasets.contains_key(id) {
                self.fault(&subject, Message::new("model-check-no-dataset").with("dataset", id));
            }
            if computed.inputs.is_empty() {
                self.fault(&subject, Message::new("model-check-no-inputs").with("dataset", id));
            }
        }
    }

    fn reference(&mut self, subject: &Subject, dataset: &Dataset, (field, wanted, name): (&FieldName, &str, &str)) {
        let (Ok(id), Ok(name)) = (DatasetId::new(wanted), FieldName::new(name)) else { return };
        let target = self.definitions.datasets.get(&id);
        // A master dataset of a layer that is not installed refers nowhere; rows are then not checked against it.
        let excused = target.is_none() && self.definitions.absent_layer(subject).is_some();
        if !excused && target.is_none_or(|target| target.field(&name).is_none()) {
            let message = Message::new("model-check-reference").with("dataset", &dataset.id).with("field", field);
            self.fault(subject, message.with("target", format!("{id}.{name}")));
        }
    }

    fn indicators(&mut self) {
        let kinds: BTreeSet<&ObjectKind> = self.definitions.object_kinds().into_keys().collect();
        self.names();
        for indicator in self.definitions.indicators.values() {
            let subject = Subject::Indicator(indicator.code.to_string());
            if !self.definitions.points.contains_key(&indicator.point) {
                self.fault(&subject, Message::new("model-check-no-point").with("point", &indicator.point));
            }
            let whole = rust_decimal::Decimal::ONE_HUNDRED;
            if let Some(weight) =
                indicator.weight.filter(|weight| weight.is_zero() || weight.is_sign_negative() || *weight > whole)
            {
                self.fault(&subject, Message::new("model-check-weight").with("weight", weight));
            }
            for kind in std::iter::once(&indicator.grain).chain(&indicator.also) {
                if !kinds.contains(kind) && self.definitions.absent_layer(&subject).is_none() {
                    self.fault(&subject, Message::new("model-check-no-kind").with("kind", kind));
                }
            }
            if indicator.decimals > 10 {
                self.fault(&subject, Message::new("model-check-decimals").with("decimals", indicator.decimals));
            }
            for (name, measure) in &indicator.measures {
                self.measure(&subject, name, measure);
            }
            self.value(&subject, indicator);
        }
    }

    /// One name, one formula: 报到率 by plan and by admission are two indicators with two names. The same formula for
    /// another grain, such as 学生评教 by course and by teacher, may keep its name.
    fn names(&mut self) {
        let mut owners: BTreeMap<&str, &Indicator> = BTreeMap::new();
        for indicator in self.definitions.indicators.values() {
            let name = indicator.names.zh.as_str();
            let first = *owners.entry(name).or_insert(indicator);
            let same_formula = first.grain != indicator.grain && formula(first) == formula(indicator);
            if first.code != indicator.code && !same_formula {
                let message = Message::new("model-check-name-twice").with("name", name).with("first", &first.code);
                self.fault(&Subject::Indicator(indicator.code.to_string()), message);
            }
        }
    }

    fn measure(&mut self, subject: &Subject, name: &MeasureName, measure: &Measure) {
        let of = |key: &str| Message::new(key).with("measure", name);
        match (&measure.dataset, &measure.over) {
            (Some(_), Some(_)) | (None, None) => self.fault(subject, of("model-check-measure-source")),
            (Some(id), None) => match self.definitions.datasets.get(id) {
                Some(dataset) => {
                    if let Some(by) = measure.by.as_ref().filter(|by| dataset.field(by).is_none()) {
                        self.fault(subject, of("model-check-measure-by").with("field", by).with("dataset", id));
                    }
                }
                None if self.definitions.absent_layer(subject).is_some() => {}
                None => self.fault(subject, Message::new("model-check-no-dataset").with("dataset", id)),
            },
            (None, Some(code)) => {
                self.known_indicator(subject, code);
                if !matches!(measure.agg.trim(), "count" | "sum" | "min" | "max") {
                    self.fault(subject, of("model-check-measure-over").with("agg", &measure.agg));
                }
            }
        }
        if measure.agg.trim().is_empty() {
            self.fault(subject, of("model-check-measure-empty"));
        }
    }

    fn known_indicator(&mut self, subject: &Subject, code: &IndicatorCode) {
        let known = self.definitions.indicators.contains_key(code);
        if !known && self.definitions.absent_layer(subject).is_none() {
            self.fault(subject, Message::new("model-check-no-indicator").with("indicator", code));
        }
    }

    fn value(&mut self, subject: &Subject, indicator: &Indicator) {
        let expr = match Expr::parse(&indicator.value) {
            Ok(expr) => expr,
            Err(error) => {
                let mut place = self.definitions.place(&Subject::IndicatorValue(indicator.code.to_string()));
                if !indicator.value.contains('\n') {
                    place.column += error.position - 1;
                }
                self.faults.push(PackFault::at(&place, error.message()));
                return;
            }
        };
        let used = expr.measures();
        for name in used.iter().filter(|name| !indicator.measures.contains_key(*name)) {
            self.fault(subject, Message::new("model-check-no-measure").with("measure", name));
        }
        let counted: Vec<&MeasureName> =
            indicator.min_n.iter().map(|minimum| &minimum.measure).chain(&indicator.active).collect();
        for name in counted.iter().filter(|name| !indicator.measures.contains_key(**name)) {
            self.fault(subject, Message::new("model-check-no-measure").with("measure", name));
        }
        for name in indicator.measures.keys().filter(|name| !used.contains(*name) && !counted.contains(name)) {
            self.fault(subject, Message::new("model-check-unused-measure").with("measure", name));
        }
        let (now, previous, last_year) = expr.indicators();
        for code in now.iter().chain(&previous).chain(&last_year) {
            self.known_indicator(subject, code);
        }
        let units = Known { definitions: self.definitions, indicator };
        if let Err(fault) = check_units(&expr, &units, &indicator.unit) {
            self.fault(subject, fault.message().with("indicator", &indicator.code));
        }
    }

    /// Indicators that need each other for the same period.
    fn circles(&mut self) {
        let reads: BTreeMap<&IndicatorCode, BTreeSet<IndicatorCode>> =
            self.definitions.indicators.iter().map(|(code, indicator)| (code, indicator.reads())).collect();
        for start in reads.keys() {
            let mut open: Vec<(&IndicatorCode, Vec<&IndicatorCode>)> = vec![(start, vec![start])];
            let mut seen = BTreeSet::new();
            while let Some((code, path)) = open.pop() {
                for next in reads.get(code).into_iter().flatten() {
                    if next == *start {
                        let way: Vec<&str> = path.iter().chain([start]).map(|code| code.as_str()).collect();
                        let message = Message::new("model-check-circle").with("way", way.join(" → "));
                        self.fault(&Subject::Indicator(start.to_string()), message);
                        open.clear();
                        break;
                    }
                    if seen.insert(next) {
                        let mut path = path.clone();
                        path.push(next);
                        open.push((next, path));
                    }
                }
            }
        }
    }

    fn thresholds(&mut self, today: NaiveDate) {
        for (index, threshold) in self.definitions.thresholds.iter().enumerate() {
            let subject = Subject::Threshold(index);
            // Policy may speak of indicators of a layer that a college has not installed.
            if let Some(level) = threshold.level.as_ref().filter(|level| !self.definitions.levels.contains(level)) {
                self.fault(&subject, Message::new("model-check-no-level").with("level", level));
            }
            if matches!((threshold.from, threshold.to), (Some(from), Some(to)) if to <= from) {
                self.fault(&subject, Message::new("model-check-dates").with("indicator", &threshold.indicator));
            }
            if let Some((kind, field)) = self.unknown_group(threshold) {
                self.fault(&subject, Message::new("model-check-no-group").with("kind", kind).with("field", field));
            }
        }
        for (code, indicator) in &self.definitions.indicators {
            let subject = Subject::Indicator(code.to_string());
            let level = indicator.values.as_ref().and_then(|values| values.level.as_ref());
            if let Some(level) = level.filter(|level| !self.definitions.levels.contains(level)) {
                self.fault(&subject, Message::new("model-check-no-level").with("level", level));
            }
            if indicator.quantity && indicator.values.is_some() {
                self.fault(&subject, Message::new("model-check-quantity-judged").with("indicator", code));
            }
            for fault in check_thresholds(indicator, &self.definitions.thresholds_of(code), today) {
                self.fault(&subject, fault.message().with("indicator", code));
            }
        }
    }

    /// The field of a group that the master of its kind lacks.
    fn unknown_group<'t>(&self, threshold: &'t Threshold) -> Option<(&'t ObjectKind, &'t str)> {
        let Scope::Group { kind, field, .. } = &threshold.scope else { return None };
        let kinds = self.definitions.object_kinds();
        let (master, _) = kinds.get(kind)?;
        let known = FieldName::new(field.as_str()).is_ok_and(|name| master.field(&name).is_some());
        (!known).then_some((kind, field.as_str()))
    }

    fn rules(&mut self) {
        for rule in self.definitions.rules.values() {
            let subject = Subject::Rule(rule.id.to_string());
            if !self.definitions.levels.contains(&rule.level) {
                self.fault(&subject, Message::new("model-check-no-level").with("level", &rule.level));
            }
            for code in rule.indicators() {
                self.known_indicator(&subject, &code);
                let computed = self.definitions.indicators.get(&code);
                if computed.is_some_and(|i| i.grain != rule.grain && !i.also.contains(&rule.grain)) {
                    let message = Message::new("model-check-rule-grain").with("indicator", &code);
                    self.fault(&subject, message.with("kind", &rule.grain));
                }
            }
            self.rule_tests(&subject, rule);
        }
    }

    fn rule_tests(&mut self, subject: &Subject, rule: &Rule) {
        let mut messages = Vec::new();
        let whole = self.definitions.absent_layer(subject).is_none();
        rule.when.visit(&mut |test| {
            let wrong = |why: &str| Message::new("model-check-rule-test").with("test", test.word()).with("why", why);
            match test {
                Test::All(tests) | Test::Any(tests) if tests.is_empty() => messages.push(wrong("[]")),
                Test::Consecutive { periods: 0, .. } => messages.push(wrong("periods = 0")),
                Test::Cumulative { times, within, .. } if *times == 0 || times > within => {
                    messages.push(wrong(&format!("times = {times}, within = {within}")));
                }
                Test::History { times, within, consecutive, .. } if *times == 0 || (!consecutive && times > within) => {
                    messages.push(wrong(&format!("times = {times}, within = {within}")));
                }
                Test::Peers { worst, .. } if worst.is_sign_negative() || worst.is_zero() || worst >= &1.into() => {
                    messages.push(wrong(&format!("worst = {worst}")));
                }
                Test::Stale { dataset, .. } if whole && !self.definitions.datasets.contains_key(dataset) => {
                    messages.push(Message::new("model-check-no-dataset").with("dataset", dataset));
                }
                Test::History { rule: other, .. } if whole && !self.definitions.rules.contains_key(other) => {
                    // Every indicator with a warning value has an implicit rule named like its code.
                    let implicit = IndicatorCode::new(other.as_str()).ok();
                    if !implicit.is_some_and(|code| self.definitions.indicators.contains_key(&code)) {
                        messages.push(Message::new("model-check-no-rule").with("rule", other));
                    }
                }
                _ => {}
            }
        });
        for message in messages {
            self.fault(subject, message);
        }
    }

    fn cycles(&mut self) {
        for template in self.definitions.cycles.values() {
            for fault in check_template(template) {
                self.fault(&Subject::Cycle(template.id.clone()), fault.message().with("cycle", &template.id));
            }
        }
    }
}

/// Units of measures from the fields that they aggregate.
struct Known<'a> {
    definitions: &'a Definitions,
    indicator: &'a Indicator,
}

impl Units for Known<'_> {
    fn measure(&self, name: &MeasureName) -> Unit {
        let Some(measure) = self.indicator.measures.get(name) else { return Unit::Unknown };
        let agg = measure.agg.trim();
        if agg.to_ascii_lowercase().starts_with("count") {
            return Unit::Count;
        }
        if let Some(code) = &measure.over {
            return self.indicator(code);
        }
        let inner = agg.split_once('(').and_then(|(function, rest)| {
            let simple = matches!(function.trim().to_ascii_lowercase().as_str(), "sum" | "min" | "max" | "avg");
            simple.then(|| rest.trim().strip_suffix(')')).flatten()
        });
        let dataset = measure.dataset.as_ref().and_then(|id| self.definitions.datasets.get(id));
        let field = inner
            .and_then(|inner| FieldName::new(inner.trim()).ok())
            .zip(dataset)
            .and_then(|(field, dataset)| dataset.field(&field));
        match field {
            Some(field) => field.unit.clone().map_or(Unit::Unknown, Unit::Known),
            None => Unit::Unknown,
        }
    }

    fn indicator(&self, code: &IndicatorCode) -> Unit {
        self.definitions.indicators.get(code).map_or(Unit::Unknown, |other| Unit::Known(other.unit.clone()))
    }
}
