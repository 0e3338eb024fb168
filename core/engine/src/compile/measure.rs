//! One measure: its SQL parsed and typed by DataFusion against the fields of its dataset, before any row is read.

use super::fault::Cause;
use crate::source::EXACT_LITERALS;
use arrow::datatypes::{DataType, Field as ArrowField, Schema, TimeUnit};
use datafusion::common::TableReference;
use datafusion::common::{DFSchema, SchemaError};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr as Plan, ExprSchemable};
use datafusion::prelude::{SessionConfig, SessionContext};
use rust_decimal::Decimal;
use zhengai_model::dataset::{Dataset, Field, FieldType};
use zhengai_model::ids::{DatasetId, FieldName, MeasureName, ObjectKind};
use zhengai_model::indicator::{Absent, Timing};
use zhengai_model::threshold::Condition;

/// Why a text is refused, and at which character of it when known.
type Refusal = (Cause, Option<usize>);

/// What the rows of a measure are grouped by before they are rolled up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Base {
    /// Everything together: the object is the college.
    Whole,
    /// By the object that a field names.
    Field {
        /// The field.
        field: FieldName,
        /// The kind of object that it names.
        kind: ObjectKind,
    },
}

/// The aggregates whose parts can be put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Agg {
    Count,
    Sum,
    Min,
    Max,
    /// Counts of different values: parts overlap, so every grain is counted by itself.
    Distinct,
}

impl Agg {
    /// Whether SQL answers NULL where no row matches.
    pub(crate) fn can_be_null(self) -> bool {
        matches!(self, Self::Sum | Self::Min | Self::Max)
    }

    /// Two parts put together; `None` when the sum does not fit.
    pub(crate) fn merge(self, one: i128, other: i128) -> Option<i128> {
        match self {
            Self::Count | Self::Sum | Self::Distinct => one.checked_add(other),
            Self::Min => Some(one.min(other)),
            Self::Max => Some(one.max(other)),
        }
    }
}

/// A measure over rows of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowMeasure {
    /// Which aggregate.
    pub(crate) agg: Agg,
    /// Its SQL in canonical spelling.
    pub(crate) agg_sql: String,
    /// SQL of the filter in canonical spelling.
    pub(crate) filter: Option<String>,
}

/// A compiled measure.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    /// Its name within the indicator.
    pub(crate) name: MeasureName,
    /// What an absent row means.
    pub(crate) absent: Absent,
    /// Unit of the number, when known.
    pub(crate) unit: Option<String>,
    /// Where it comes from.
    pub(crate) from: From,
}

/// Where a measure comes from.
#[derive(Debug, Clone)]
pub(crate) enum From {
    /// Rows of a dataset.
    Rows { dataset: DatasetId, base: Base, timing: Timing, measure: RowMeasure },
    /// Values of another indicator at a finer grain.
    Over { indicator: usize, kind: ObjectKind, agg: Agg, conditions: Vec<Condition> },
    /// A layer whose pack is not installed.
    Off,
}

/// A session without tables, for parsing.
pub(crate) struct Parser {
    session: SessionContext,
}

impl Parser {
    /// A parser with the dialect that runs will use.
    pub(crate) fn new() -> Self {
        let key = EXACT_LITERALS.trim_start_matches("SET ").split(" = ").next().unwrap_or_default();
        let config = SessionConfig::new().set_bool(key, true);
        Self { session: SessionContext::new_with_config(config) }
    }

    /// Parses a text and types it against the dataset; gives the canonical spelling and the plan.
    fn parse(&self, text: &str, dataset: &Dataset) -> Result<(String, Plan, DFSchema), Refusal> {
        let schema = DFSchema::try_from_qualified_schema(
            TableReference::bare(dataset.id.as_str().to_owned()),
            &arrow_schema(dataset),
        )
        .map_err(|error| (Cause::Sql { said: error.strip_backtrace() }, None))?;
        let state = self.session.state();
        let dialect = state.config().options().sql_parser.dialect;
        let tree = state.sql_to_expr_with_alias(text, &dialect).map_err(|error| sql_fault(&error, text, dataset))?;
        if tree.alias.is_some() {
            return Err((Cause::Sql { said: text.to_owned() }, None));
        }
        let canonical = tree.expr.to_string();
        let plan =
            state.create_logical_expr_from_sql_expr(tree, &schema).map_err(|error| sql_fault(&error, text, dataset))?;
        Ok((canonical, plan, schema))
    }

    /// A condition over the fields of the dataset, in canonical spelling.
    pub(crate) fn condition(&self, text: &str, dataset: &Dataset) -> Result<String, Refusal> {
        let (canonical, plan, schema) = self.parse(text, dataset)?;
        let kind = plan.get_type(&schema).map_err(|error| sql_fault(&error, text, dataset))?;
        match kind {
            DataType::Boolean | DataType::Null => Ok(canonical),
            other => Err((Cause::NotACondition { found: other.to_string() }, None)),
        }
    }

    /// An aggregate that can be merged, with its unit where the argument is one field.
    pub(crate) fn aggregate(&self, text: &str, dataset: &Dataset) -> Result<(Agg, String, Option<String>), Refusal> {
        let (canonical, plan, schema) = self.parse(text, dataset)?;
        // The planner spells `count(*)` as a count of ones that is named so.
        let plan = match plan {
            Plan::Alias(named) => *named.expr,
            other => other,
        };
        let not_mergeable = || (Cause::NotMergeable { found: text.to_owned() }, None);
        let Plan::AggregateFunction(call) = &plan else { return Err(not_mergeable()) };
        if call.params.filter.is_some() || !call.params.order_by.is_empty() || call.params.args.len() != 1 {
            return Err(not_mergeable());
        }
        let agg = match (call.func.name(), call.params.distinct) {
            ("count", false) => Agg::Count,
            ("count", true) => Agg::Distinct,
            ("sum", false) => Agg::Sum,
            ("min", false) => Agg::Min,
            ("max", false) => Agg::Max,
            _ => return Err(not_mergeable()),
        };
        let kind = plan.get_type(&schema).map_err(|error| sql_fault(&error, text, dataset))?;
        if !(kind.is_integer() || matches!(kind, DataType::Decimal128(..))) {
            return Err((Cause::NotANumber { found: kind.to_string() }, None));
        }
        let unit = match (agg, call.params.args.first()) {
            (Agg::Sum | Agg::Min | Agg::Max, Some(Plan::Column(column))) => dataset
                .fields
                .iter()
                .find(|field| field.name.as_str() == column.name)
                .and_then(|field| field.unit.clone()),
            _ => None,
        };
        Ok((agg, canonical, unit))
    }
}

/// The fields of a dataset as Arrow types, system columns included.
pub(crate) fn arrow_schema(dataset: &Dataset) -> Schema {
    let mut fields: Vec<ArrowField> =
        dataset.fields.iter().map(|field| ArrowField::new(field.name.as_str(), arrow_type(field), true)).collect();
    fields.push(ArrowField::new("_school", DataType::Utf8, true));
    fields.push(ArrowField::new("_batch", DataType::Utf8, true));
    fields.push(ArrowField::new("_line", DataType::Int64, true));
    Schema::new(fields)
}

fn arrow_type(field: &Field) -> DataType {
    match field.kind {
        FieldType::Text | FieldType::Code => DataType::Utf8,
        FieldType::Integer => DataType::Int64,
        FieldType::Decimal | FieldType::Money => {
            DataType::Decimal128(28, i8::try_from(field.scale.unwrap_or(2)).unwrap_or(2))
        }
        FieldType::Date => DataType::Date32,
        // As the warehouse stores it.
        FieldType::DateTime => DataType::Timestamp(TimeUnit::Microsecond, None),
        FieldType::Bool => DataType::Boolean,
    }
}

/// Sorts DataFusion's refusals: an unknown field is told as such, with its place in the text.
fn sql_fault(error: &DataFusionError, text: &str, dataset: &Dataset) -> Refusal {
    if let DataFusionError::SchemaError(schema, _) = error.find_root()
        && let SchemaError::FieldNotFound { field, .. } = schema.as_ref()
    {
        let position = text.find(field.name.as_str()).map(|byte| text[..byte].chars().count() + 1);
        return (Cause::UnknownField { field: field.name.clone(), dataset: dataset.id.clone() }, position);
    }
    let said = error.find_root().strip_backtrace();
    let position = column_of(&said);
    if let Some(found) = said.split("argument types '").nth(1).and_then(|rest| rest.split('\'').next()) {
        return (Cause::Arguments { found: found.to_owned(), dataset: dataset.id.clone() }, position);
    }
    // What follows the first line is for those who write planners.
    let said = said.lines().next().unwrap_or_default().to_owned();
    (Cause::Sql { said }, position)
}

/// The parser says `… at Line: 1, Column: 7`.
fn column_of(said: &str) -> Option<usize> {
    let after = said.split("Column: ").nth(1)?;
    after.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}

/// `agg` of a measure over an indicator: `count`, `sum`, `min`, `max`, with or without `(value)`.
pub(crate) fn over_aggregate(text: &str) -> Option<Agg> {
    let compact: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let word = compact.strip_suffix("(value)").or_else(|| compact.strip_suffix("(*)")).unwrap_or(&compact);
    match word.to_ascii_lowercase().as_str() {
        "count" => Some(Agg::Count),
        "sum" => Some(Agg::Sum),
        "min" => Some(Agg::Min),
        "max" => Some(Agg::Max),
        _ => None,
    }
}

/// `where` of a measure over an indicator: conditions on `value` joined by `and`.
pub(crate) fn over_conditions(text: &str) -> Option<Vec<Condition>> {
    let lower = text.to_ascii_lowercase();
    lower
        .split(" and ")
        .map(|part| Condition::try_from(part.trim().strip_prefix("value")?.trim().to_owned()).ok())
        .collect()
}

/// Whether a value satisfies all conditions.
pub(crate) fn all_hold(conditions: &[Condition], value: Decimal) -> bool {
    conditions.iter().all(|condition| condition.holds(value))
}
