//! What is wrong with a draft while it is being written: fields, formula, contradictions, floors; and whom it touches.
//! Nothing is published and no row is read, except for samples, which are asked for by name.

use crate::catalog::readers;
use crate::college::College;
use crate::drafts::{DraftBody, about, text_order};
use crate::error::ServiceError;
use crate::indicators::{below_floors, lowered_targets};
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use zhengai_engine::{Cause, CheckReport, Engine, EngineFault, Place};
use zhengai_model::expr::Expr;
use zhengai_model::fault::Explain;
use zhengai_model::ids::{IndicatorCode, RuleId};
use zhengai_model::indicator::{FieldFault, Indicator, IndicatorText, Label};
use zhengai_model::pack::Definitions;
use zhengai_model::period::Period;
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_model::threshold::{ThresholdText, check_thresholds};

/// Something wrong at a place in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedFault {
    /// JSON pointer into the text form.
    pub pointer: String,
    /// Character in the field, counting from 1, when known.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: Message,
}

/// What an examination found.
#[derive(Debug, Clone, Default)]
pub struct Examination {
    /// Fields that are not good yet.
    pub fields: Vec<PlacedFault>,
    /// Formula, aggregates and filters that do not make sense together with everything in force.
    pub formula: Vec<PlacedFault>,
    /// Values that contradict each other or the direction.
    pub contradictions: Vec<PlacedFault>,
    /// Values that are looser than somebody above allows.
    pub floors: Vec<PlacedFault>,
    /// Targets lower than those in force: to be published only with leave.
    pub lowered: Vec<PlacedFault>,
    /// What is allowed and still worth a look.
    pub hints: Vec<PlacedFault>,
    /// The formula in its canonical spelling, once it parses.
    pub canonical: Option<String>,
    /// Indicators that read this one.
    pub read_by: Vec<IndicatorCode>,
    /// Rules that look at it or at one of those.
    pub rules: Vec<RuleId>,
    /// Open warnings of all these.
    pub warnings: u64,
    /// Sum of the weights at its 质控点 with this one, when any has a weight.
    pub weights: Option<Decimal>,
}

impl Examination {
    /// Whether nothing stands in the way of publishing.
    pub fn is_good(&self) -> bool {
        [&self.fields, &self.formula, &self.contradictions, &self.floors].into_iter().all(Vec::is_empty)
    }
}

impl College {
    /// Examines a draft.
    pub async fn examine(&self, body: &DraftBody) -> Result<Examination, ServiceError> {
        self.permit(Right::DefineIndicators)?;
        let mut found = Examination::default();
        let expr = Expr::parse(&body.form.value);
        found.canonical = expr.as_ref().ok().map(ToString::to_string);
        let fields = body.form.read().err().unwrap_or_default();
        found.fields.extend(fields.into_iter().map(PlacedFault::from));
        match filled(&body.form).read() {
            Ok(indicator) => self.held_against(&body.form, &indicator, &mut found),
            Err(_) => {
                // Something else is malformed; of the formula, at least its grammar can be told.
                if let Err(error) = expr
                    && !body.form.value.trim().is_empty()
                {
                    let column = Some(error.position);
                    found.formula.push(PlacedFault { pointer: "/value".into(), column, message: error.message() });
                }
            }
        }
        self.thresholds(body, &mut found).await?;
        if let Ok(code) = IndicatorCode::new(body.form.code.as_str()) {
            (found.read_by, found.rules) = readers(&self.definitions, &code);
            let names: BTreeSet<&str> =
                found.read_by.iter().map(IndicatorCode::as_str).chain([code.as_str()]).collect();
            let rules: Vec<RuleId> = names
                .into_iter()
                .filter_map(|name| RuleId::new(name).ok())
                .chain(found.rules.iter().cloned())
                .collect();
            for rule in rules {
                let filter =
                    zhengai_store::WarningFilter { rule: Some(rule), ..zhengai_store::WarningFilter::default() };
                found.warnings += self.record.warning_list(&filter).await?.len() as u64;
            }
        }
        found.weights = self.weights_with(&body.form);
        if let Some(sum) = found.weights.filter(|sum| *sum != Decimal::ONE_HUNDRED) {
            let message = Message::new("service-draft-weights").with("sum", sum).with("point", &body.form.point);
            found.hints.push(PlacedFault { pointer: "/weight".into(), column: None, message });
        }
        Ok(found)
    }

    /// Samples of a draft on real data of a period, and its faults.
    pub async fn draft_samples(&self, body: &DraftBody, period: &Period) -> Result<CheckReport, ServiceError> {
        self.permit(Right::DefineIndicators)?;
        let indicator = body.form.read().map_err(|faults| ServiceError::Fields { faults })?;
        let code = indicator.code.clone();
        self.sampled(&self.trial(&[indicator]), &code, period).await
    }

    /// Holds a definition against everything in force.
    fn held_against(&self, form: &IndicatorText, indicator: &Indicator, found: &mut Examination) {
        let definitions = self.trial(std::slice::from_ref(indicator));
        for fault in Engine::faults(&definitions, &self.calendar, &indicator.code) {
            let foreign = fault.owner != indicator.code.as_str();
            let unit_open = matches!(fault.cause, Cause::Units(_)) && form.unit.trim().is_empty();
            let told_elsewhere = matches!(fault.cause, Cause::Contradiction(_));
            let blank = matches!(fault.place, Place::Value) && form.value.trim().is_empty();
            if !unit_open && !told_elsewhere && !blank {
                let pointer = if foreign { String::new() } else { pointer(form, &fault) };
                found.formula.push(PlacedFault { pointer, column: fault.position, message: fault.message() });
            }
        }
        if !definitions.points.contains_key(&indicator.point) && !form.point.trim().is_empty() {
            let message = Message::new("model-check-no-point").with("point", &indicator.point);
            found.fields.push(PlacedFault { pointer: "/point".into(), column: None, message });
        }
        self.contradictions(form, indicator, &definitions, found);
        for message in below_floors(indicator, &definitions) {
            let text = |name: &str| message.args.iter().find(|(own, _)| own == name).map(|(_, text)| text.clone());
            let proposed = text("proposed").unwrap_or_default();
            let kind = if form.values.target.trim() == proposed { "target" } else { "standard" };
            let pointer = format!("/values/{kind}");
            found.floors.push(PlacedFault { pointer, column: None, message });
        }
        if let Some(message) = lowered_targets(self.definitions.indicator(&indicator.code), indicator) {
            found.lowered.push(PlacedFault { pointer: "/values/target".into(), column: None, message });
        }
        let parses = Expr::parse(&indicator.value).is_ok();
        let unused = indicator.measures.keys().filter(|name| parses && !names_measure(indicator, name.as_str()));
        for name in unused {
            let index = form.measures.iter().position(|measure| measure.name == name.as_str()).unwrap_or_default();
            let message = Message::new("model-check-unused-measure").with("measure", name);
            found.hints.push(PlacedFault { pointer: format!("/measures/{index}/name"), column: None, message });
        }
    }

    fn contradictions(
        &self,
        form: &IndicatorText,
        indicator: &Indicator,
        definitions: &Definitions,
        found: &mut Examination,
    ) {
        if form.direction.trim().is_empty() {
            return;
        }
        let thresholds = definitions.thresholds_of(&indicator.code);
        for contradiction in check_thresholds(indicator, &thresholds, self.opening.today) {
            let message = contradiction.message();
            let kind = message.args.iter().find(|(name, _)| name == "kind").map(|(_, kind)| kind.clone());
            let kind = kind.unwrap_or_else(|| "warning".to_owned());
            found.contradictions.push(PlacedFault { pointer: format!("/values/{kind}"), column: None, message });
        }
    }

    /// Thresholds of narrower scopes that the draft brings.
    async fn thresholds(&self, body: &DraftBody, found: &mut Examination) -> Result<(), ServiceError> {
        let Ok(indicator) = body.form.read() else { return Ok(()) };
        let mut definitions = self.trial(std::slice::from_ref(&indicator));
        for (index, text) in body.thresholds.iter().enumerate() {
            let pointer = format!("/thresholds/{index}");
            let checked = match text_order(&indicator.code, text) {
                Ok(order) => self.checked_threshold(&definitions, &order).await,
                Err(error) => Err(error),
            };
            match checked {
                Ok(threshold) => definitions.thresholds.push(threshold),
                Err(ServiceError::Threshold { faults }) => {
                    let each = faults.into_iter().map(|message| PlacedFault::from(about(&pointer, message)));
                    found.floors.extend(each);
                }
                Err(error)
                    if error.fault() == zhengai_model::fault::Fault::Invalid
                        || error.fault() == zhengai_model::fault::Fault::NotFound =>
                {
                    let pointer = format!("{pointer}{}", threshold_field(&error, text));
                    found.fields.push(PlacedFault { pointer, column: None, message: error.message() });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Sum of the weights at a point as it would be.
    fn weights_with(&self, form: &IndicatorText) -> Option<Decimal> {
        let own: Option<Decimal> = form.weight.trim().parse().ok();
        let others = self
            .definitions
            .indicators
            .values()
            .filter(|other| other.point.as_str() == form.point.trim() && other.code.as_str() != form.code.trim());
        let weights: Vec<Decimal> = others.filter_map(|other| other.weight).chain(own).collect();
        (!weights.is_empty()).then(|| weights.into_iter().sum())
    }
}

impl From<FieldFault> for PlacedFault {
    fn from(fault: FieldFault) -> Self {
        Self { pointer: fault.pointer, column: None, message: fault.message }
    }
}

/// Whether formula, minimum or `active` use a measure.
fn names_measure(indicator: &Indicator, name: &str) -> bool {
    let in_value =
        Expr::parse(&indicator.value).is_ok_and(|expr| expr.measures().iter().any(|own| own.as_str() == name));
    let counted = indicator.min_n.as_ref().is_some_and(|minimum| minimum.measure.as_str() == name);
    in_value || counted || indicator.active.as_ref().is_some_and(|active| active.as_str() == name)
}

/// The field at which a fault of the compiler lies.
fn pointer(form: &IndicatorText, fault: &EngineFault) -> String {
    let measure = |name: &zhengai_model::ids::MeasureName, part: &str| {
        let index = form.measures.iter().position(|own| own.name == name.as_str()).unwrap_or_default();
        format!("/measures/{index}/{part}")
    };
    match &fault.place {
        Place::Value => "/value".to_owned(),
        Place::Aggregate(name) => match fault.cause {
            Cause::UnknownDataset(_) | Cause::DatasetOrOver => measure(name, "dataset"),
            Cause::NoField { .. } | Cause::ManyFields { .. } => measure(name, "by"),
            Cause::UnknownIndicator(_) | Cause::GrainOfInput { .. } | Cause::PeriodOfInput { .. } => {
                measure(name, "over")
            }
            _ => measure(name, "agg"),
        },
        Place::Filter(name) => measure(name, "where"),
        Place::Applies => "/applies".to_owned(),
        Place::Thresholds => "/values".to_owned(),
        Place::Definition if matches!(fault.cause, Cause::Decimals(_)) => "/decimals".to_owned(),
        Place::Definition | Place::Test => String::new(),
    }
}

/// The field of a threshold's text that an error is about; nothing when it is about the whole.
fn threshold_field(error: &ServiceError, text: &ThresholdText) -> &'static str {
    match error {
        ServiceError::BadArgument { what: "threshold-kind", .. } => "/kind",
        ServiceError::BadArgument { what: "grain", .. } => "/grain",
        ServiceError::BadArgument { what: "level", .. } => "/level",
        ServiceError::BadArgument { what: "source", .. } => "/source",
        ServiceError::BadArgument { what: "scope", .. } | ServiceError::NotFound { what: "object", .. } => "/scope",
        ServiceError::BadArgument { what: "date", value } if *value == text.until => "/until",
        ServiceError::BadArgument { what: "date", .. } => "/from",
        _ => "",
    }
}

/// The form with something in every field that is still blank, so that what is there can be judged already.
fn filled(form: &IndicatorText) -> IndicatorText {
    let mut form = form.clone();
    let blank = |text: &mut String, with: &str| {
        if text.trim().is_empty() {
            with.clone_into(text);
        }
    };
    let label = |label: &mut Label| {
        blank(&mut label.zh, "?");
        blank(&mut label.en, "?");
    };
    blank(&mut form.code, "DRAFT");
    label(&mut form.names);
    form.owners.iter_mut().chain(&mut form.sources).for_each(label);
    if form.advice != Label::default() {
        label(&mut form.advice);
    }
    for (text, with) in [
        (&mut form.layer, "school"),
        (&mut form.point, "school"),
        (&mut form.unit, "?"),
        (&mut form.direction, "higher"),
        (&mut form.grain, "school"),
        (&mut form.period, "academic-year"),
        (&mut form.decimals, "2"),
        (&mut form.value, "0"),
        (&mut form.values.source, "?"),
    ] {
        blank(text, with);
    }
    form.measures.retain(|measure| !measure.name.trim().is_empty() && !measure.agg.trim().is_empty());
    form
}
