//! Drafts of indicators (指标草稿): written in pieces, kept in the record, examined as they grow, published as a whole.

use crate::college::College;
use crate::error::ServiceError;
use crate::indicators::{below_floors, lowered_targets};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zhengai_model::ids::IndicatorCode;
use zhengai_model::indicator::{FieldChange, Indicator, IndicatorText, changes, is_comparable};
use zhengai_model::pack::indicator_hash;
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_model::threshold::ThresholdText;
use zhengai_store::{DraftKey, DraftRecord, Published, ThresholdRecord};

/// The kind of thing that these drafts are of.
const THING: &str = "indicator";

/// What somebody has written so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftBody {
    /// The definition.
    pub form: IndicatorText,
    /// Thresholds of narrower scopes that are to be set with it.
    pub thresholds: Vec<ThresholdText>,
}

/// A draft and where it stands to what is in force.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Code of the indicator that it is of.
    pub code: String,
    /// As recorded; absent for one that was never saved.
    pub record: Option<DraftRecord>,
    /// What was written.
    pub body: DraftBody,
    /// Hash of what is in force now; absent for a new indicator.
    pub current: Option<String>,
    /// What publishing would change.
    pub changes: Vec<FieldChange>,
    /// Whether trends go on over the change; absent while the draft is not complete.
    pub comparable: Option<bool>,
    /// What others published since the draft was begun.
    pub theirs: Vec<FieldChange>,
}

/// What is saved.
#[derive(Debug, Clone)]
pub struct DraftOrder {
    /// What was written.
    pub body: DraftBody,
    /// The revision that the writer saw; none for a new draft.
    pub seen: Option<u64>,
    /// The writer has taken in what others published meanwhile: the draft is now based on what is in force.
    pub rebased: bool,
}

/// How a draft is published.
#[derive(Debug, Clone, Default)]
pub struct PublishOrder {
    /// Why.
    pub why: Option<String>,
    /// The revision that was looked at; any when absent.
    pub seen: Option<u64>,
    /// Why a target may be lower than the one in force.
    pub leave: Option<String>,
}

/// What publishing a draft did.
#[derive(Debug)]
pub struct PublishedDraft {
    /// The version.
    pub published: Published,
    /// Thresholds set with it.
    pub thresholds: Vec<ThresholdRecord>,
    /// What differs from the version before.
    pub changes: Vec<FieldChange>,
}

impl College {
    /// All drafts, by code.
    pub async fn drafts(&self) -> Result<Vec<Draft>, ServiceError> {
        self.permit(Right::DefineIndicators)?;
        let mut found = Vec::new();
        for record in self.record.draft_list(THING).await? {
            found.push(self.draft_of(record).await?);
        }
        Ok(found)
    }

    /// The draft of an indicator; where there is none, what a new one would begin with.
    pub async fn draft(&self, code: &str) -> Result<Draft, ServiceError> {
        self.permit(Right::DefineIndicators)?;
        match self.record.draft_find(&key(code)?).await? {
            Some(record) => self.draft_of(record).await,
            None => {
                let code = parsed(code)?;
                let known = self.definitions.indicator(&code);
                let blank =
                    || IndicatorText { code: code.to_string(), meaning: "1".to_owned(), ..IndicatorText::default() };
                let form = known.map(IndicatorText::of).unwrap_or_else(blank);
                let current = known.map(indicator_hash);
                let body = DraftBody { form, thresholds: Vec::new() };
                let (code, changes, theirs) = (code.to_string(), Vec::new(), Vec::new());
                Ok(Draft { code, record: None, body, current, changes, comparable: None, theirs })
            }
        }
    }

    /// Saves a draft.
    pub async fn save_draft(&self, code: &str, order: &DraftOrder) -> Result<Draft, ServiceError> {
        self.permit(Right::DefineIndicators)?;
        let key = key(code)?;
        let current = self.definitions.indicator(&parsed(code)?).map(indicator_hash);
        let before = self.record.draft_find(&key).await?;
        let base = match &before {
            Some(record) if !order.rebased => record.base.clone(),
            _ => current,
        };
        let body = serde_json::to_value(&order.body)
            .map_err(|error| ServiceError::Internal { what: format!("draft of {code}: {error}") })?;
        let record = self.record.draft_save(self.actor(), &key, base.as_deref(), &body, order.seen).await?;
        self.draft_of(record).await
    }

    /// Throws a draft away.
    pub async fn discard_draft(&self, code: &str, seen: Option<u64>) -> Result<(), ServiceError> {
        self.permit(Right::DefineIndicators)?;
        self.record.draft_discard(self.actor(), &key(code)?, seen).await?;
        Ok(())
    }

    /// Revisions of all drafts by code.
    pub(crate) async fn draft_revisions(&self) -> Result<BTreeMap<String, u64>, ServiceError> {
        let drafts = self.record.draft_list(THING).await?;
        Ok(drafts.into_iter().map(|draft| (draft.key.subject, draft.revision)).collect())
    }

    /// Publishes a draft: the definition as a new version, its thresholds, and then the draft is gone. All of it must
    /// compile together with everything in force, hold to the floors and not contradict itself, or nothing counts. Where
    /// a process dies on the way, the draft is still there, and publishing it again does what was left.
    pub async fn publish_draft(&self, code: &str, order: &PublishOrder) -> Result<PublishedDraft, ServiceError> {
        self.permit(Right::PublishIndicators)?;
        let key = key(code)?;
        let known = self.record.draft_list(THING).await?;
        let record = known.iter().find(|record| record.key == key);
        let Some(record) = record else {
            let names = known.iter().map(|record| record.key.subject.as_str());
            return Err(ServiceError::not_found("draft", code, names));
        };
        if order.seen.is_some_and(|seen| seen != record.revision) {
            return Err(ServiceError::DraftMoved { code: code.to_owned(), by: record.updated_by.clone() });
        }
        let draft = self.draft_of(record.clone()).await?;
        let indicator = draft.body.form.read().map_err(|faults| ServiceError::Fields { faults })?;
        if indicator.code.as_str() != code {
            return Err(ServiceError::BadArgument { what: "indicator", value: indicator.code.to_string() });
        }
        if record.base != draft.current && draft.current.as_ref() != Some(&indicator_hash(&indicator)) {
            let by = self.versions(&indicator.code).await?.into_iter().next().map(|version| version.by);
            return Err(ServiceError::DraftMoved { code: code.to_owned(), by: by.unwrap_or_default() });
        }
        self.allowed(&indicator, order.leave.as_deref()).await?;
        let mut with = self.trial(std::slice::from_ref(&indicator));
        let orders = draft.body.thresholds.iter().map(|text| text_order(&indicator.code, text));
        let orders: Vec<crate::thresholds::ThresholdOrder> = orders.collect::<Result<_, _>>()?;
        for order in &orders {
            let threshold = self.checked_threshold(&with, order).await?;
            with.thresholds.push(threshold);
        }
        self.compile_these(&with)?;
        let why = publish_reason(order);
        let hash = indicator_hash(&indicator);
        let published = self.record.indicator_publish(self.actor(), &indicator, &hash, why.as_deref()).await?;
        let mut inside = self.clone();
        inside.definitions = std::sync::Arc::new(self.trial(&[indicator]));
        let mut thresholds = Vec::new();
        for order in &orders {
            thresholds.push(inside.set_threshold(order).await?);
        }
        self.record.draft_discard(self.actor(), &key, Some(record.revision)).await?;
        Ok(PublishedDraft { published, thresholds, changes: draft.changes })
    }

    /// Refuses a definition whose values are looser than a floor above, that pulls the floor up above values below it,
    /// or that lowers a target without leave.
    pub(crate) async fn allowed(&self, indicator: &Indicator, leave: Option<&str>) -> Result<(), ServiceError> {
        let definitions = self.trial(std::slice::from_ref(indicator));
        let mut faults = below_floors(indicator, &definitions);
        faults.extend(self.left_below(&definitions, &indicator.code, None).await?);
        if leave.is_none_or(|leave| leave.trim().is_empty()) {
            faults.extend(lowered_targets(self.definitions.indicator(&indicator.code), indicator));
        }
        if faults.is_empty() { Ok(()) } else { Err(ServiceError::Indicators { faults }) }
    }

    /// A recorded draft held against what is in force.
    async fn draft_of(&self, record: DraftRecord) -> Result<Draft, ServiceError> {
        let body: DraftBody = serde_json::from_value(record.body.clone())
            .map_err(|error| ServiceError::Internal { what: format!("draft of {}: {error}", record.key.subject) })?;
        let code = record.key.subject.clone();
        let known = self.definitions.indicator(&parsed(&code)?);
        let now = known.map(IndicatorText::of).unwrap_or_default();
        let current = known.map(indicator_hash);
        let mut theirs = Vec::new();
        if record.base != current {
            let begun =
                self.versions(&parsed(&code)?).await?.into_iter().find(|one| Some(&one.hash) == record.base.as_ref());
            theirs = changes(&begun.map(|version| IndicatorText::of(&version.body)).unwrap_or_default(), &now);
        }
        let read = body.form.read().ok();
        let comparable = known.zip(read.as_ref()).map(|(old, new)| is_comparable(old, new));
        let changes = changes(&now, &body.form);
        Ok(Draft { code, record: Some(record), body, current, changes, comparable, theirs })
    }

    /// The definitions as they would be with these indicators in force.
    pub(crate) fn trial(&self, indicators: &[Indicator]) -> zhengai_model::pack::Definitions {
        let mut definitions = zhengai_model::pack::Definitions::clone(&self.definitions);
        for indicator in indicators {
            definitions.indicators.insert(indicator.code.clone(), indicator.clone());
        }
        definitions
    }
}

/// The reason as it is kept: leave to lower a target is part of it.
fn publish_reason(order: &PublishOrder) -> Option<String> {
    let parts: Vec<&str> = [&order.why, &order.leave].into_iter().flatten().map(|text| text.trim()).collect();
    let parts: Vec<&str> = parts.into_iter().filter(|text| !text.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// A threshold of a draft as an order.
pub(crate) fn text_order(
    code: &IndicatorCode,
    text: &ThresholdText,
) -> Result<crate::thresholds::ThresholdOrder, ServiceError> {
    let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let day = |text: &str| {
        let bad = |_| ServiceError::BadArgument { what: "date", value: text.to_owned() };
        given(text).map(|text| text.parse()).transpose().map_err(bad)
    };
    Ok(crate::thresholds::ThresholdOrder {
        indicator: code.to_string(),
        kind: text.kind.trim().to_owned(),
        when: text.when.trim().to_owned(),
        scope: given(&text.scope).unwrap_or_else(|| "college".to_owned()),
        grain: given(&text.grain),
        level: given(&text.level),
        from: day(&text.from)?,
        until: day(&text.until)?,
        source: text.source.clone(),
        verified: text.verified,
        leave: given(&text.leave),
    })
}

fn parsed(code: &str) -> Result<IndicatorCode, ServiceError> {
    IndicatorCode::new(code).map_err(|_| ServiceError::BadArgument { what: "indicator", value: code.to_owned() })
}

fn key(code: &str) -> Result<DraftKey, ServiceError> {
    Ok(DraftKey { thing: THING.to_owned(), subject: parsed(code)?.to_string() })
}

/// What a message says about a field of the form.
pub(crate) fn about(pointer: &str, message: Message) -> zhengai_model::indicator::FieldFault {
    zhengai_model::indicator::FieldFault { pointer: pointer.to_owned(), message }
}
