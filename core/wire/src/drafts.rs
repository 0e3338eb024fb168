//! Drafts of indicators (指标草稿): kept half done, examined and assisted as they grow, rehearsed over past periods,
//! published as a whole.

use crate::call::Call;
use crate::indicators::{ChangeRow, CheckResult, PublishedRow};
use crate::job::Job;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zhengai_model::expr::WordKind;
use zhengai_model::indicator::IndicatorText;
use zhengai_model::threshold::ThresholdText;

/// What somebody has written so far; every field is text and nothing is checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DraftText {
    /// The definition.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub form: IndicatorText,
    /// Thresholds of narrower scopes to be set with it.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub thresholds: Vec<ThresholdText>,
}

/// A draft and where it stands to what is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Draft {
    /// Code of the indicator.
    pub code: String,
    /// What was written; what is in force where nobody has begun a draft.
    pub text: DraftText,
    /// Grows with every save; absent for a draft that was never saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
    /// When it was last saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Who saved it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Whether an indicator with this code is in force.
    pub exists: bool,
    /// What publishing would change.
    pub changes: Vec<ChangeRow>,
    /// Whether trends go on over the change; absent while the draft is not complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparable: Option<bool>,
    /// What others published since the draft was begun; nothing when nobody did.
    pub theirs: Vec<ChangeRow>,
}

/// A draft to be saved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveDraft {
    /// What was written.
    pub text: DraftText,
    /// The revision that the writer saw; absent for a new draft. Another one is refused with `conflict`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
    /// The writer has taken in what others published meanwhile.
    #[serde(default)]
    pub rebased: bool,
}

/// Something wrong at a place in a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlacedFault {
    /// JSON pointer into the text: `/measures/0/agg`; empty for the draft as a whole.
    pub pointer: String,
    /// Character in the field, counting from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// What is wrong, in the language of the request.
    pub text: String,
}

/// What an examination found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Examination {
    /// Nothing stands in the way of publishing.
    pub good: bool,
    /// Fields that are not good yet.
    pub fields: Vec<PlacedFault>,
    /// Formula, aggregates and filters that make no sense together with everything in force.
    pub formula: Vec<PlacedFault>,
    /// Values that contradict each other or the direction.
    pub contradictions: Vec<PlacedFault>,
    /// Values looser than somebody above allows.
    pub floors: Vec<PlacedFault>,
    /// Targets lower than those in force: publishing them needs leave.
    #[serde(default)]
    pub lowered: Vec<PlacedFault>,
    /// What is allowed and still worth a look.
    pub hints: Vec<PlacedFault>,
    /// The formula in its canonical spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical: Option<String>,
    /// Indicators that read this one.
    pub read_by: Vec<String>,
    /// Rules that look at it or at one of those.
    pub rules: Vec<String>,
    /// Open warnings of all these.
    pub warnings: u64,
    /// Sum of the weights at its 质控点.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<String>,
}

impl Examination {
    /// Everything that stands in the way, in the order of the form.
    pub fn faults(&self) -> impl Iterator<Item = &PlacedFault> {
        self.fields.iter().chain(&self.formula).chain(&self.contradictions).chain(&self.floors)
    }
}

/// A field with the cursor in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssistRequest {
    /// The definition so far.
    #[schema(value_type = Object)]
    pub form: IndicatorText,
    /// JSON pointer of the field.
    pub pointer: String,
    /// The cursor, in characters from the start; the end when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<u64>,
}

/// A word of a formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WordRow {
    /// Its first character, from 0.
    pub start: u64,
    /// The character behind its last.
    pub end: u64,
    /// What it looks like: `number`, `name`, `code`, `quoted`, `sign`, `other`.
    #[schema(value_type = String)]
    pub kind: WordKind,
    /// What it is: `measure`, `indicator`, `function`, `field`, `keyword`, `text`, `number`, `sign`, `unknown`; absent where
    /// nothing can be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
}

/// Something that could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CandidateRow {
    /// What is put there.
    pub insert: String,
    /// What it is called, in the language of the request.
    pub label: String,
    /// `measure`, `field`, `function`, `indicator`, `dataset`, `point`, `kind`, `word`.
    pub kind: String,
    /// A unit, an aggregate, a layer.
    pub detail: String,
}

/// Help with one field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Assistance {
    /// The words of the field.
    pub words: Vec<WordRow>,
    /// Where the grammar breaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<PlacedFault>,
    /// First character that a candidate replaces, from 0.
    pub replace_start: u64,
    /// The character behind the last.
    pub replace_end: u64,
    /// What could stand there, the best first.
    pub candidates: Vec<CandidateRow>,
}

/// A draft whose formula is computed on real data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleRequest {
    /// The draft.
    pub text: DraftText,
    /// The period; the newest of the indicator's kind that is over when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
}

/// What is rehearsed. Without a text, the draft that is saved; without a draft, what is in force with other thresholds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RehearseRequest {
    /// The draft as it is on somebody's screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<DraftText>,
    /// Thresholds beside it, held to have been in force all the time.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub thresholds: Vec<ThresholdText>,
    /// Past periods; the newest that runs have computed when empty.
    #[serde(default)]
    pub periods: Vec<String>,
}

/// Before and after.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counted {
    /// The verdict or the level.
    pub word: String,
    /// With the definitions in force.
    pub before: u64,
    /// With the draft.
    pub after: u64,
}

/// A warning that would be different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WarningShift {
    /// `appears`, `disappears`, `changes`.
    pub shift: String,
    /// The rule; an indicator's code for its warning value.
    pub rule: String,
    /// Kind of the object.
    pub kind: String,
    /// The object.
    pub object: String,
    /// Its name.
    pub object_name: String,
    /// The period.
    pub period: String,
    /// Level with the definitions in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Level with the draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A value that would be different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ValueShift {
    /// Kind of the object.
    pub kind: String,
    /// The object.
    pub object: String,
    /// Its name.
    pub object_name: String,
    /// The period.
    pub period: String,
    /// Number before, exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Number after, exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Verdict before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict_before: Option<String>,
    /// Verdict after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict_after: Option<String>,
}

/// One period replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RehearsedPeriod {
    /// The period.
    pub period: String,
    /// The run whose rows were read; the newest rows where no run has computed the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Objects with a value, before and after.
    pub objects: Counted,
    /// Verdicts.
    pub verdicts: Vec<Counted>,
    /// Warnings by level, mild first.
    pub levels: Vec<Counted>,
    /// Warnings that would appear.
    pub appear: u64,
    /// Warnings that would disappear.
    pub disappear: u64,
    /// Warnings that would change their level.
    pub change: u64,
    /// Values that would be different.
    pub values_changed: u64,
    /// The first of these warnings.
    pub warnings: Vec<WarningShift>,
    /// The first of these values.
    pub values: Vec<ValueShift>,
}

/// What a rehearsal found: the `result` of a job of kind `rehearse`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rehearsal {
    /// The indicator.
    pub code: String,
    /// Periods, the newest first.
    pub periods: Vec<RehearsedPeriod>,
    /// Indicators whose warnings were looked at.
    pub indicators: Vec<String>,
    /// Rules that were looked at.
    pub rules: Vec<String>,
}

/// How a draft is published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishDraft {
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The revision that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
    /// Why a target may be lower than the one in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leave: Option<String>,
}

/// What publishing did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublishedDraft {
    /// The version.
    pub published: PublishedRow,
    /// Numbers of the thresholds set with it.
    pub thresholds: Vec<i64>,
    /// What differs from before.
    pub changes: Vec<ChangeRow>,
}

/// `GET /v1/drafts`.
pub fn list() -> Call<Vec<Draft>> {
    Call::get(&["drafts"])
}

/// `GET /v1/drafts/{code}`: the draft; where there is none, what a new one would begin with.
pub fn show(code: &str) -> Call<Draft> {
    Call::get(&["drafts", code])
}

/// `PUT /v1/drafts/{code}`.
pub fn save(code: &str, draft: &SaveDraft) -> Call<Draft> {
    Call::put(&["drafts", code]).body(draft)
}

/// `DELETE /v1/drafts/{code}`.
pub fn discard(code: &str) -> Call<()> {
    Call::delete(&["drafts", code])
}

/// `POST /v1/drafts/{code}/publish`.
pub fn publish(code: &str, request: &PublishDraft) -> Call<PublishedDraft> {
    Call::post(&["drafts", code, "publish"]).body(request)
}

/// `POST /v1/indicators/{code}/rehearse`: a job whose result is a [`Rehearsal`].
pub fn rehearse(code: &str, request: &RehearseRequest) -> Call<Job> {
    Call::post(&["indicators", code, "rehearse"]).body(request)
}

/// `POST /v1/drafts/examine`.
pub fn examine(text: &DraftText) -> Call<Examination> {
    Call::post(&["drafts", "examine"]).body(text)
}

/// `POST /v1/drafts/assist`.
pub fn assist(request: &AssistRequest) -> Call<Assistance> {
    Call::post(&["drafts", "assist"]).body(request)
}

/// `POST /v1/drafts/sample`.
pub fn sample(request: &SampleRequest) -> Call<CheckResult> {
    Call::post(&["drafts", "sample"]).body(request)
}
