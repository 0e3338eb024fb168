//! Thresholds that people set (目标值 标准值 预警值 …): held against the floors above them and against each other before
//! they count. Diagnoses from then on judge by them; runs that are finished keep what they judged by.

use crate::college::College;
use crate::error::ServiceError;
use crate::indicators::floor_faults;
use chrono::NaiveDate;
use serde_json::Value;
use zhengai_engine::Engine;
use zhengai_model::fault::Explain;
use zhengai_model::ids::{IndicatorCode, LevelId, ObjectKind};
use zhengai_model::pack::Definitions;
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_model::threshold::{FloorFault, FloorOverride, Scope, Threshold, ThresholdKind};
use zhengai_store::{Override, ThresholdFilter, ThresholdRecord};

/// A threshold as a person asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThresholdOrder {
    /// Code of the indicator.
    pub indicator: String,
    /// `target`, `standard`, `warning`, …
    pub kind: String,
    /// The condition: `>= 95`.
    pub when: String,
    /// For whom: `college`, `unit:department:D1`, …
    pub scope: String,
    /// For this grain only.
    pub grain: Option<String>,
    /// Level of a warning value.
    pub level: Option<String>,
    /// First day on which it holds.
    pub from: Option<NaiveDate>,
    /// First day on which it no longer holds.
    pub until: Option<NaiveDate>,
    /// Decision or plan that it comes from.
    pub source: String,
    /// Whether somebody has checked it against the source.
    pub verified: bool,
    /// Why it may be looser than a floor until that day; only somebody who answers for it says so.
    pub leave: Option<String>,
}

impl College {
    /// Sets a threshold. One that is looser than somebody above allows, that pulls the floor up above somebody below, that
    /// contradicts another or that is for an object nobody knows is refused with the rule named. Leave to break a floor
    /// is recorded with who, why and until when, and ends with the threshold.
    pub async fn set_threshold(&self, order: &ThresholdOrder) -> Result<ThresholdRecord, ServiceError> {
        self.permit(Right::PublishIndicators)?;
        let threshold = self.checked_threshold(&self.definitions, order).await?;
        let leave = self.leave(&self.definitions, order, &threshold)?;
        Ok(self.record.threshold_set(self.actor(), &threshold, &order.source, leave.as_ref()).await?)
    }

    /// The order as a threshold that may be set beside these definitions.
    pub(crate) async fn checked_threshold(
        &self,
        definitions: &Definitions,
        order: &ThresholdOrder,
    ) -> Result<Threshold, ServiceError> {
        let threshold = self.ordered(definitions, order)?;
        self.leave(definitions, order, &threshold)?;
        self.known_scope(definitions, &threshold).await?;
        let with = self.with_threshold(definitions, &threshold).await?;
        self.compile_these(&with).map_err(refusal)?;
        // Its own floor was looked at above, where leave may be given.
        let below = self.left_below(&with, &threshold.indicator, Some(&threshold)).await?;
        if below.is_empty() { Ok(threshold) } else { Err(ServiceError::Threshold { faults: below }) }
    }

    /// Holds a threshold that is to be in force again against all that is in force now.
    pub(crate) async fn may_stand(&self, threshold: &Threshold) -> Result<(), ServiceError> {
        let with = self.with_threshold(&self.definitions, threshold).await?;
        self.compile_these(&with).map_err(refusal)?;
        let below = self.left_below(&with, &threshold.indicator, None).await?;
        if below.is_empty() { Ok(()) } else { Err(ServiceError::Threshold { faults: below }) }
    }

    /// The definitions as they would be with the threshold set: what stood in its place is gone.
    async fn with_threshold(
        &self,
        definitions: &Definitions,
        threshold: &Threshold,
    ) -> Result<Definitions, ServiceError> {
        let set = self.record.threshold_list(&of(&threshold.indicator)).await?;
        let mut definitions = Definitions::clone(definitions);
        let replaced = set.iter().map(|record| &record.threshold).find(|known| same_place(known, threshold));
        if let Some(at) = replaced.and_then(|old| definitions.thresholds.iter().rposition(|known| known == old)) {
            definitions.thresholds.remove(at);
        }
        definitions.thresholds.push(threshold.clone());
        Ok(definitions)
    }

    /// Values of units, groups and objects that would be looser than a standard above them and are not so today: a
    /// standard that is raised asks those below to follow first. Those with leave that still lasts are left alone.
    pub(crate) async fn left_below(
        &self,
        with: &Definitions,
        code: &IndicatorCode,
        but: Option<&Threshold>,
    ) -> Result<Vec<Message>, ServiceError> {
        let set = self.record.threshold_list(&of(code)).await?;
        let excused = |threshold: &Threshold| {
            let record = set.iter().find(|record| &record.threshold == threshold);
            let leave = record.and_then(|record| record.overrides.as_ref());
            leave.is_some_and(|leave| self.opening.today < leave.until)
        };
        let told = |definitions: &Definitions| -> Vec<Message> {
            let below = definitions.thresholds_of(code).into_iter();
            let below =
                below.filter(|own| own.scope.rank() > Scope::College.rank() && !excused(own) && but != Some(own));
            let each = below.flat_map(|own| {
                let faults = floor_faults(&own, definitions);
                faults.into_iter().map(move |fault| fault.message().with("owner", &own.scope))
            });
            each.collect()
        };
        let known = told(&self.definitions);
        Ok(told(with).into_iter().filter(|fault| !known.contains(fault)).collect())
    }

    /// Refuses a scope that names a unit or an object that is not there.
    async fn known_scope(&self, definitions: &Definitions, threshold: &Threshold) -> Result<(), ServiceError> {
        let (Scope::Unit { kind, id } | Scope::Object { kind, id }) = &threshold.scope else { return Ok(()) };
        // Without a single row nothing can be said; rows come later than plans now and then.
        if Engine::knows(&self.warehouse, definitions, kind, id).await? == Some(false) {
            let name = format!("{kind}/{id}");
            return Err(ServiceError::NotFound { what: "object", name, near: String::new() });
        }
        Ok(())
    }

    /// Thresholds that people set and that are in force, of one indicator or of all.
    pub async fn set_thresholds(&self, indicator: Option<&str>) -> Result<Vec<ThresholdRecord>, ServiceError> {
        self.permit(Right::ReadResults)?;
        let filter = match indicator {
            Some(code) => of(&self.indicator(code)?.code),
            None => ThresholdFilter::default(),
        };
        Ok(self.record.threshold_list(&filter).await?)
    }

    /// Withdraws a threshold that somebody set; it stays on record, and what it replaced in packs holds again.
    pub async fn withdraw_threshold(&self, id: i64, why: &str) -> Result<ThresholdRecord, ServiceError> {
        self.permit(Right::PublishIndicators)?;
        Ok(self.record.threshold_withdraw(self.actor(), id, why).await?)
    }

    /// The order, read.
    pub(crate) fn ordered(&self, definitions: &Definitions, order: &ThresholdOrder) -> Result<Threshold, ServiceError> {
        let known = IndicatorCode::new(order.indicator.as_str()).ok();
        let indicator = match known.and_then(|code| definitions.indicators.get(&code)) {
            Some(indicator) => indicator,
            None => self.indicator(&order.indicator)?,
        };
        let bad = |what: &'static str, value: &str| ServiceError::BadArgument { what, value: value.to_owned() };
        let kind: ThresholdKind = serde_json::from_value(Value::String(order.kind.clone()))
            .map_err(|_| bad("threshold-kind", &order.kind))?;
        let mut faults = Vec::new();
        if indicator.quantity {
            faults.push(Message::new("model-check-quantity-judged").with("indicator", &indicator.code));
        }
        let when = order.when.parse().map_err(|fault| refuse(&[fault]))?;
        let scope: Scope = order.scope.parse().map_err(|fault| refuse(&[fault]))?;
        if scope == Scope::Nation {
            // What the nation demands comes in policy packs, with its regulation; nobody in a college sets it.
            faults.push(Message::new("service-threshold-nation"));
        }
        let grain = order.grain.as_deref().map(|kind| ObjectKind::new(kind).map_err(|_| bad("grain", kind)));
        let grain = grain.transpose()?;
        let own = |kind: &ObjectKind| std::iter::once(&indicator.grain).chain(&indicator.also).any(|own| own == kind);
        if let Some(kind) = grain.as_ref().filter(|kind| !own(kind)) {
            return Err(bad("grain", kind.as_str()));
        }
        if let Scope::Object { kind, .. } | Scope::Group { kind, .. } = &scope
            && !own(kind)
        {
            faults.push(Message::new("service-threshold-grain").with("indicator", &indicator.code).with("kind", kind));
        }
        let level = order.level.as_deref().map(|level| LevelId::new(level).map_err(|_| bad("level", level)));
        let level = level.transpose()?;
        if level.is_some() && kind != ThresholdKind::Warning {
            faults.push(Message::new("service-threshold-level").with("kind", kind));
        }
        if order.source.trim().is_empty() {
            return Err(bad("source", &order.source));
        }
        if !faults.is_empty() {
            return Err(ServiceError::Threshold { faults });
        }
        Ok(Threshold {
            indicator: indicator.code.clone(),
            kind,
            when,
            grain,
            scope,
            category: None,
            level,
            from: order.from,
            to: order.until,
            source: order.source.trim().to_owned(),
            verified: order.verified,
        })
    }

    /// Leave for what is looser than a floor. Without a floor in the way there is nothing to leave.
    fn leave(
        &self,
        definitions: &Definitions,
        order: &ThresholdOrder,
        threshold: &Threshold,
    ) -> Result<Option<Override>, ServiceError> {
        let faults = floor_faults(threshold, definitions);
        if faults.is_empty() {
            return Ok(None);
        }
        let Some((why, until)) = order.leave.clone().zip(threshold.to) else { return Err(refuse(&faults)) };
        let by = self.actor().name.clone();
        let leave = FloorOverride {
            indicator: threshold.indicator.clone(),
            allowed: threshold.when,
            by: by.clone(),
            why: why.clone(),
            until,
        };
        let left: Vec<FloorFault> =
            faults.into_iter().filter(|fault| !leave.excuses(fault, self.opening.today)).collect();
        if left.is_empty() { Ok(Some(Override { by, why, until })) } else { Err(refuse(&left)) }
    }
}

/// Those in force of an indicator.
pub(crate) fn of(indicator: &IndicatorCode) -> ThresholdFilter {
    ThresholdFilter { indicator: Some(indicator.clone()), ..ThresholdFilter::default() }
}

/// Whether setting the one withdraws the other, as the record sees it.
pub(crate) fn same_place(one: &Threshold, other: &Threshold) -> bool {
    let place = |threshold: &Threshold| {
        let Threshold { kind, grain, scope, level, from, .. } = threshold.clone();
        (kind, grain, scope, level, from)
    };
    place(one) == place(other)
}

fn refuse<F: Explain>(faults: &[F]) -> ServiceError {
    ServiceError::Threshold { faults: faults.iter().map(Explain::message).collect() }
}

/// Faults of definitions that would follow from the threshold, told as reasons against it.
fn refusal(error: ServiceError) -> ServiceError {
    match error {
        ServiceError::Indicators { faults } => ServiceError::Threshold { faults },
        ServiceError::Packs { faults } => {
            ServiceError::Threshold { faults: faults.into_iter().map(|fault| fault.message).collect() }
        }
        other => other,
    }
}
