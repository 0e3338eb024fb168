//! Faults of definitions, each with the place where a person finds it.

use zhengai_model::expr::ExprError;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::ids::{DatasetId, FieldName, IndicatorCode, MeasureName, ObjectKind, RuleId};
use zhengai_model::period::PeriodKind;
use zhengai_model::text::Message;

/// One fault in a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{owner}, {place}: {cause}")]
pub struct EngineFault {
    /// Code of the indicator, id of the rule or dataset at fault.
    pub owner: String,
    /// Which part of it.
    pub place: Place,
    /// Character in that part, counting from 1, when known.
    pub position: Option<usize>,
    /// What is wrong.
    pub cause: Cause,
}

/// The part of a definition that is at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The definition as a whole.
    Definition,
    /// The value expression.
    Value,
    /// The aggregate of a measure.
    Aggregate(MeasureName),
    /// The filter of a measure.
    Filter(MeasureName),
    /// `applies`.
    Applies,
    /// 目标 标准 预警.
    Thresholds,
    /// A node of a rule.
    Test,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Definition => f.write_str("definition"),
            Self::Value => f.write_str("value"),
            Self::Aggregate(name) => write!(f, "measures.{name}.agg"),
            Self::Filter(name) => write!(f, "measures.{name}.where"),
            Self::Applies => f.write_str("applies"),
            Self::Thresholds => f.write_str("values"),
            Self::Test => f.write_str("when"),
        }
    }
}

/// What is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The value is not an expression.
    #[error("not an expression")]
    Expression(#[source] ExprError),
    /// The value names a measure that is not declared.
    #[error("no measure {0}")]
    UnknownMeasure(MeasureName),
    /// An indicator that nobody defines.
    #[error("no indicator {0}")]
    UnknownIndicator(IndicatorCode),
    /// A dataset that nobody declares.
    #[error("no dataset {0}")]
    UnknownDataset(DatasetId),
    /// A rule that nobody defines.
    #[error("no rule {0}")]
    UnknownRule(RuleId),
    /// A field that the dataset lacks.
    #[error("no field {field} in {dataset}")]
    UnknownField {
        /// The name.
        field: String,
        /// The dataset.
        dataset: DatasetId,
    },
    /// SQL that DataFusion does not take; its words are for the log and for the author.
    #[error("not SQL: {said}")]
    Sql {
        /// What the planner said.
        said: String,
    },
    /// A function that does not take fields of this type.
    #[error("{found} takes other types")]
    Arguments {
        /// Function and types, as `sum(Utf8)`.
        found: String,
        /// The dataset.
        dataset: DatasetId,
    },
    /// Anything but count, sum, min, max and count(distinct): parts of others cannot be put together.
    #[error("{found} is not a mergeable aggregate")]
    NotMergeable {
        /// The text.
        found: String,
    },
    /// An aggregate that yields no exact number.
    #[error("{found} is not an exact number")]
    NotANumber {
        /// The Arrow type.
        found: String,
    },
    /// A condition that is not true or false.
    #[error("{found} is not a condition")]
    NotACondition {
        /// The Arrow type.
        found: String,
    },
    /// A measure needs a dataset or `over`, not both.
    #[error("give either dataset or over")]
    DatasetOrOver,
    /// `agg` or `where` of a measure over another indicator cannot be read.
    #[error("cannot read {text} over an indicator")]
    Over {
        /// The text.
        text: String,
    },
    /// Indicators that read each other.
    #[error("cycle {}", path.iter().map(IndicatorCode::as_str).collect::<Vec<_>>().join(" → "))]
    Cycle {
        /// The way round, first and last the same.
        path: Vec<IndicatorCode>,
    },
    /// No field of the dataset leads to the grain.
    #[error("{dataset} has no field for {kind}")]
    NoField {
        /// The dataset.
        dataset: DatasetId,
        /// The grain.
        kind: ObjectKind,
    },
    /// Several fields lead to the grain.
    #[error("several fields of {dataset} lead to {kind}")]
    ManyFields {
        /// The dataset.
        dataset: DatasetId,
        /// The grain.
        kind: ObjectKind,
        /// The candidates.
        fields: Vec<FieldName>,
    },
    /// No dataset describes objects of the grain.
    #[error("no dataset describes {0}")]
    NoMaster(ObjectKind),
    /// An indicator read at a grain at which it is not computed.
    #[error("{indicator} is not computed for {kind}")]
    GrainOfInput {
        /// The indicator read.
        indicator: IndicatorCode,
        /// The grain of the reader.
        kind: ObjectKind,
    },
    /// An indicator read for a period of another kind that does not lead to it.
    #[error("{indicator} is computed for another kind of period")]
    PeriodOfInput {
        /// The indicator read.
        indicator: IndicatorCode,
        /// Its kind of period.
        kind: PeriodKind,
    },
    /// Units do not agree; the message says how.
    #[error("units: {}", .0.key)]
    Units(Message),
    /// Thresholds contradict each other or the direction; the message says how.
    #[error("contradiction {}", .0.key)]
    Contradiction(Message),
    /// More digits than results can hold.
    #[error("{0} digits are too many")]
    Decimals(u8),
}

impl Cause {
    /// Whether the fault may come from a layer that is not installed: something unknown, or a way that is broken.
    pub(crate) fn may_be_of_an_absent_layer(&self) -> bool {
        matches!(
            self,
            Self::UnknownDataset(_)
                | Self::UnknownIndicator(_)
                | Self::NoField { .. }
                | Self::ManyFields { .. }
                | Self::GrainOfInput { .. }
        )
    }
}

impl EngineFault {
    /// A fault without a position.
    pub(crate) fn new(owner: impl ToString, place: Place, cause: Cause) -> Self {
        Self { owner: owner.to_string(), place, position: None, cause }
    }

    /// The same at a character, counting from 1.
    pub(crate) fn at(mut self, position: Option<usize>) -> Self {
        self.position = position;
        self
    }
}

impl Explain for EngineFault {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        let message = match &self.cause {
            Cause::Expression(error) => error.message(),
            Cause::UnknownMeasure(name) => Message::new("engine-unknown-measure").with("name", name),
            Cause::UnknownIndicator(code) => Message::new("engine-unknown-input").with("indicator", code),
            Cause::UnknownDataset(id) => Message::new("engine-unknown-dataset").with("dataset", id),
            Cause::UnknownRule(id) => Message::new("engine-unknown-rule").with("rule", id),
            Cause::UnknownField { field, dataset } => {
                Message::new("engine-unknown-field").with("field", field).with("dataset", dataset)
            }
            Cause::Sql { said } => Message::new("engine-sql").with("said", said),
            Cause::Arguments { found, dataset } => {
                Message::new("engine-arguments").with("found", found).with("dataset", dataset)
            }
            Cause::NotMergeable { found } => Message::new("engine-not-mergeable").with("found", found),
            Cause::NotANumber { found } => Message::new("engine-not-a-number").with("found", found),
            Cause::NotACondition { found } => Message::new("engine-not-a-condition").with("found", found),
            Cause::DatasetOrOver => Message::new("engine-dataset-or-over"),
            Cause::Over { text } => Message::new("engine-over").with("text", text),
            Cause::Cycle { path } => {
                let way: Vec<&str> = path.iter().map(IndicatorCode::as_str).collect();
                Message::new("engine-cycle").with("path", way.join(" → "))
            }
            Cause::NoField { dataset, kind } => {
                Message::new("engine-no-field").with("dataset", dataset).with("kind", kind)
            }
            Cause::ManyFields { dataset, kind, fields } => {
                let names: Vec<&str> = fields.iter().map(FieldName::as_str).collect();
                Message::new("engine-many-fields")
                    .with("dataset", dataset)
                    .with("kind", kind)
                    .with("fields", names.join(", "))
            }
            Cause::NoMaster(kind) => Message::new("engine-no-master").with("kind", kind),
            Cause::GrainOfInput { indicator, kind } => {
                Message::new("engine-grain-of-input").with("indicator", indicator).with("kind", kind)
            }
            Cause::PeriodOfInput { indicator, kind } => {
                Message::new("engine-period-of-input").with("indicator", indicator).with("kind", kind)
            }
            Cause::Units(message) | Cause::Contradiction(message) => message.clone(),
            Cause::Decimals(digits) => Message::new("engine-decimals").with("digits", digits),
        };
        let message = message.with("owner", &self.owner).with("place", &self.place);
        let message = message.with("at", if self.position.is_some() { "known" } else { "unknown" });
        match self.position {
            Some(position) if !message.args.iter().any(|(name, _)| name == "position") => {
                message.with("position", position)
            }
            None if !matches!(self.cause, Cause::Expression(_)) => message.with("position", 0),
            _ => message,
        }
    }
}
