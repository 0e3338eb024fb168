//! An indicator as somebody is writing it: every part is text, nothing is checked yet, and it can be kept half done.
//! [`IndicatorText::read`] makes a definition of it, or names every field that is none yet.

use super::{Absent, Indicator, Measure, MinimumN};
use crate::fault::Explain;
use crate::ids::BadId;
use crate::text::{Message, Names};
use crate::threshold::{Condition, InlineValues};
use indexmap::IndexMap;
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Every field of an [`Indicator`] as text; empty text is a field that is not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndicatorText {
    /// See [`Indicator::code`].
    pub code: String,
    /// See [`Indicator::names`].
    pub names: Label,
    /// See [`Indicator::layer`].
    pub layer: String,
    /// See [`Indicator::point`].
    pub point: String,
    /// See [`Indicator::system`].
    pub system: String,
    /// See [`Indicator::quantity`].
    pub quantity: bool,
    /// See [`Indicator::weight`].
    pub weight: String,
    /// See [`Indicator::unit`].
    pub unit: String,
    /// See [`Indicator::direction`].
    pub direction: String,
    /// See [`Indicator::grain`].
    pub grain: String,
    /// See [`Indicator::also`].
    pub also: Vec<String>,
    /// See [`Indicator::period`].
    pub period: String,
    /// See [`Indicator::time`].
    pub time: String,
    /// See [`Indicator::decimals`].
    pub decimals: String,
    /// See [`Indicator::value`].
    pub value: String,
    /// See [`Indicator::measures`], in their order.
    pub measures: Vec<MeasureText>,
    /// See [`Indicator::min_n`]: the measure.
    pub min_n_measure: String,
    /// See [`Indicator::min_n`]: the minimum.
    pub min_n_at_least: String,
    /// See [`Indicator::applies`].
    pub applies: String,
    /// See [`Indicator::active`].
    pub active: String,
    /// See [`Indicator::values`].
    pub values: ValuesText,
    /// See [`Indicator::owners`].
    pub owners: Vec<Label>,
    /// See [`Indicator::sources`].
    pub sources: Vec<Label>,
    /// See [`Indicator::advice`].
    pub advice: Label,
    /// See [`Indicator::basis`].
    pub basis: String,
    /// See [`Indicator::privacy`].
    pub privacy: String,
    /// See [`Indicator::meaning`].
    pub meaning: String,
}

/// A label in both languages, either of which may still be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A measure as text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MeasureText {
    /// Its name.
    pub name: String,
    /// See [`Measure::dataset`].
    pub dataset: String,
    /// See [`Measure::agg`].
    pub agg: String,
    /// See [`Measure::filter`].
    #[serde(rename = "where")]
    pub filter: String,
    /// See [`Measure::by`].
    pub by: String,
    /// See [`Measure::absent`].
    pub absent: String,
    /// See [`Measure::over`].
    pub over: String,
    /// See [`Measure::over_grain`].
    pub over_grain: String,
}

/// The values written inside an indicator, as text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ValuesText {
    /// 初始值
    pub start: String,
    /// 过程值
    pub process: String,
    /// 目标值
    pub target: String,
    /// 标准值
    pub standard: String,
    /// 预警值
    pub warning: String,
    /// 恢复值
    pub recovery: String,
    /// Level of the warning.
    pub level: String,
    /// Grains for which they hold.
    pub grains: Vec<String>,
    /// Where they come from.
    pub source: String,
    /// Whether checked against the source.
    pub verified: bool,
}

/// A field that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFault {
    /// JSON pointer into the text form: `/measures/0/agg`.
    pub pointer: String,
    /// What is wrong with it.
    pub message: Message,
}

impl IndicatorText {
    /// A definition, written out.
    pub fn of(indicator: &Indicator) -> Self {
        let minimum = indicator.min_n.as_ref();
        Self {
            code: indicator.code.to_string(),
            names: Label::of(&indicator.names),
            layer: word(&indicator.layer),
            point: indicator.point.to_string(),
            system: indicator.system.as_ref().map(word).unwrap_or_default(),
            quantity: indicator.quantity,
            weight: text(indicator.weight.as_ref()),
            unit: indicator.unit.clone(),
            direction: indicator.direction.to_string(),
            grain: indicator.grain.to_string(),
            also: indicator.also.iter().map(ToString::to_string).collect(),
            period: word(&indicator.period),
            time: word(&indicator.time),
            decimals: indicator.decimals.to_string(),
            value: indicator.value.clone(),
            measures: indicator.measures.iter().map(|(name, measure)| MeasureText::of(name, measure)).collect(),
            min_n_measure: text(minimum.map(|minimum| &minimum.measure)),
            min_n_at_least: text(minimum.map(|minimum| &minimum.at_least)),
            applies: indicator.applies.clone().unwrap_or_default(),
            active: text(indicator.active.as_ref()),
            values: indicator.values.as_ref().map(ValuesText::of).unwrap_or_default(),
            owners: indicator.owners.iter().map(Label::of).collect(),
            sources: indicator.sources.iter().map(Label::of).collect(),
            advice: indicator.advice.as_ref().map(Label::of).unwrap_or_default(),
            basis: indicator.basis.clone().unwrap_or_default(),
            privacy: word(&indicator.privacy),
            meaning: indicator.meaning.to_string(),
        }
    }

    /// The definition, or every field that is not good yet. Whether the formula fits its measures is another question.
    pub fn read(&self) -> Result<Indicator, Vec<FieldFault>> {
        let mut reader = Reader::default();
        let code = reader.id("/code", &self.code);
        let names = reader.names("/names", &self.names);
        let layer = reader.choice("/layer", &self.layer);
        let point = reader.id("/point", &self.point);
        let system = reader.maybe("/system", &self.system, Reader::choice);
        let weight = reader.maybe("/weight", &self.weight, Reader::number::<Decimal>);
        let unit = reader.given("/unit", &self.unit);
        let direction = reader.choice("/direction", &self.direction);
        let grain = reader.id("/grain", &self.grain);
        let also = reader.ids("/also", &self.also);
        let period = reader.choice("/period", &self.period);
        let time = reader.maybe("/time", &self.time, Reader::choice).flatten();
        let decimals = reader.number("/decimals", &self.decimals);
        let value = reader.given("/value", &self.value);
        let measures = self.read_measures(&mut reader);
        let min_n = self.read_minimum(&mut reader);
        let active = reader.maybe("/active", &self.active, Reader::id);
        let values = self.values.read(&mut reader);
        let owners = reader.labels("/owners", &self.owners);
        let sources = reader.labels("/sources", &self.sources);
        let advice = (self.advice != Label::default()).then(|| reader.names("/advice", &self.advice));
        let privacy = reader.maybe("/privacy", &self.privacy, Reader::choice).flatten();
        let meaning = reader.maybe("/meaning", &self.meaning, Reader::number);
        let faults = reader.faults;
        let read = || {
            Some(Indicator {
                code: code?,
                names: names?,
                layer: layer?,
                point: point?,
                system: system.flatten(),
                quantity: self.quantity,
                weight: weight.flatten(),
                unit: unit?,
                direction: direction?,
                grain: grain?,
                also,
                period: period?,
                time: time.unwrap_or_default(),
                decimals: decimals?,
                value: value?,
                measures,
                min_n,
                applies: given(&self.applies),
                active: active.flatten(),
                values,
                owners,
                sources,
                advice: advice.flatten(),
                basis: given(&self.basis),
                privacy: privacy.unwrap_or_default(),
                meaning: meaning.flatten().unwrap_or(1),
            })
        };
        if faults.is_empty() { read().ok_or(faults) } else { Err(faults) }
    }

    fn read_measures(&self, reader: &mut Reader) -> IndexMap<crate::ids::MeasureName, Measure> {
        let mut measures = IndexMap::new();
        for (index, measure) in self.measures.iter().enumerate() {
            let at = format!("/measures/{index}");
            let name: Option<crate::ids::MeasureName> = reader.id(&format!("{at}/name"), &measure.name);
            let read = measure.read(&at, reader);
            let Some(name) = name else { continue };
            if measures.contains_key(&name) {
                let message = Message::new("model-form-twice").with("value", &name);
                reader.fault(&format!("{at}/name"), message);
            } else if let Some(read) = read {
                measures.insert(name, read);
            }
        }
        measures
    }

    fn read_minimum(&self, reader: &mut Reader) -> Option<MinimumN> {
        if self.min_n_measure.trim().is_empty() && self.min_n_at_least.trim().is_empty() {
            return None;
        }
        let measure = reader.id("/min_n_measure", &self.min_n_measure);
        let at_least = reader.number("/min_n_at_least", &self.min_n_at_least);
        Some(MinimumN { measure: measure?, at_least: at_least? })
    }
}

impl Label {
    fn of(names: &Names) -> Self {
        Self { zh: names.zh.clone(), en: names.en.clone() }
    }
}

impl MeasureText {
    fn of(name: &crate::ids::MeasureName, measure: &Measure) -> Self {
        Self {
            name: name.to_string(),
            dataset: text(measure.dataset.as_ref()),
            agg: measure.agg.clone(),
            filter: measure.filter.clone().unwrap_or_default(),
            by: text(measure.by.as_ref()),
            absent: if measure.absent == Absent::default() { String::new() } else { word(&measure.absent) },
            over: text(measure.over.as_ref()),
            over_grain: text(measure.over_grain.as_ref()),
        }
    }

    fn read(&self, at: &str, reader: &mut Reader) -> Option<Measure> {
        let dataset = reader.maybe(&format!("{at}/dataset"), &self.dataset, Reader::id);
        let agg = reader.given(&format!("{at}/agg"), &self.agg);
        let by = reader.maybe(&format!("{at}/by"), &self.by, Reader::id);
        let absent = reader.maybe(&format!("{at}/absent"), &self.absent, Reader::choice);
        let over = reader.maybe(&format!("{at}/over"), self.over.trim_start_matches('@'), Reader::id);
        let over_grain = reader.maybe(&format!("{at}/over_grain"), &self.over_grain, Reader::id);
        Some(Measure {
            dataset: dataset.flatten(),
            agg: agg?,
            filter: given(&self.filter),
            by: by.flatten(),
            absent: absent.flatten().unwrap_or_default(),
            over: over.flatten(),
            over_grain: over_grain.flatten(),
        })
    }
}

impl ValuesText {
    fn of(values: &InlineValues) -> Self {
        Self {
            start: text(values.start.as_ref()),
            process: text(values.process.as_ref()),
            target: text(values.target.as_ref()),
            standard: text(values.standard.as_ref()),
            warning: text(values.warning.as_ref()),
            recovery: text(values.recovery.as_ref()),
            level: text(values.level.as_ref()),
            grains: values.grains.iter().map(ToString::to_string).collect(),
            source: values.source.clone(),
            verified: values.verified,
        }
    }

    fn read(&self, reader: &mut Reader) -> Option<InlineValues> {
        let conditions =
            [&self.start, &self.process, &self.target, &self.standard, &self.warning, &self.recovery].into_iter();
        if conditions.clone().all(|text| text.trim().is_empty()) {
            return None;
        }
        let mut condition =
            |name: &str, text: &String| reader.maybe(&format!("/values/{name}"), text, Reader::condition).flatten();
        let start = condition("start", &self.start);
        let process = condition("process", &self.process);
        let target = condition("target", &self.target);
        let standard = condition("standard", &self.standard);
        let warning = condition("warning", &self.warning);
        let recovery = condition("recovery", &self.recovery);
        let level = reader.maybe("/values/level", &self.level, Reader::id).flatten();
        let grains = reader.ids("/values/grains", &self.grains);
        let source = reader.given("/values/source", &self.source)?;
        let verified = self.verified;
        Some(InlineValues { start, process, target, standard, warning, recovery, level, grains, source, verified })
    }
}

/// Reads fields one by one and remembers what is wrong with them.
#[derive(Default)]
struct Reader {
    faults: Vec<FieldFault>,
}

impl Reader {
    fn fault(&mut self, pointer: &str, message: Message) {
        self.faults.push(FieldFault { pointer: pointer.to_owned(), message });
    }

    /// Text that must be there.
    fn given(&mut self, pointer: &str, text: &str) -> Option<String> {
        let found = given(text);
        if found.is_none() {
            self.fault(pointer, Message::new("model-form-required"));
        }
        found
    }

    /// An identifier that must be there.
    fn id<T>(&mut self, pointer: &str, text: &str) -> Option<T>
    where
        T: TryFrom<String, Error = BadId>,
    {
        let text = self.given(pointer, text)?;
        T::try_from(text).map_err(|bad| self.fault(pointer, bad.message())).ok()
    }

    fn ids<T>(&mut self, pointer: &str, texts: &[String]) -> Vec<T>
    where
        T: TryFrom<String, Error = BadId>,
    {
        let found = texts.iter().enumerate().map(|(index, text)| self.id(&format!("{pointer}/{index}"), text));
        found.collect::<Vec<Option<T>>>().into_iter().flatten().collect()
    }

    /// One word of a closed list.
    fn choice<T: DeserializeOwned>(&mut self, pointer: &str, text: &str) -> Option<T> {
        let text = self.given(pointer, text)?;
        let read = serde_json::from_value(Value::String(text.clone()));
        read.map_err(|_| self.fault(pointer, Message::new("model-form-choice").with("value", text))).ok()
    }

    fn number<T: std::str::FromStr>(&mut self, pointer: &str, text: &str) -> Option<T> {
        let text = self.given(pointer, text)?;
        text.parse().map_err(|_| self.fault(pointer, Message::new("model-form-number").with("value", text))).ok()
    }

    fn condition(&mut self, pointer: &str, text: &str) -> Option<Condition> {
        let text = self.given(pointer, text)?;
        text.parse().map_err(|bad: crate::threshold::BadCondition| self.fault(pointer, bad.message())).ok()
    }

    /// A label, which needs both languages.
    fn names(&mut self, pointer: &str, label: &Label) -> Option<Names> {
        let chinese = self.given(&format!("{pointer}/zh"), &label.zh);
        let english = self.given(&format!("{pointer}/en"), &label.en);
        Some(Names::new(chinese?, english?))
    }

    fn labels(&mut self, pointer: &str, labels: &[Label]) -> Vec<Names> {
        let found = labels.iter().enumerate().map(|(index, label)| self.names(&format!("{pointer}/{index}"), label));
        found.collect::<Vec<Option<Names>>>().into_iter().flatten().collect()
    }

    /// A field that may be empty: `None` then, otherwise what reading it gave.
    fn maybe<T>(
        &mut self,
        pointer: &str,
        text: &str,
        read: impl Fn(&mut Self, &str, &str) -> Option<T>,
    ) -> Option<Option<T>> {
        given(text).map(|text| read(self, pointer, &text))
    }
}

fn given(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn text<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// The word that files use for one of a closed list.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
