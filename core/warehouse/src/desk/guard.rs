//! Functions that write texts longer than those they read: before each call it is reckoned how long the texts may become,
//! as what one call makes is neither counted by the memory of a query nor stopped by its time.

use arrow::array::{Array, ArrayRef, AsArray, StringBuilder};
use arrow::datatypes::DataType;
use datafusion::common::cast::as_string_array;
use datafusion::common::{DFSchema, Result, exec_err, plan_err, resources_datafusion_err};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr, RawDictionaryExpr};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion::sql::sqlparser::ast::BinaryOperator;
use std::sync::Arc;

/// How much longer than its arguments together a function makes a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Grows {
    /// Not much: as long as all of them.
    Sum,
    /// Each byte of the first may become the longest text of the third.
    Replaces,
    /// Between each two of the others stands the first.
    Separates,
    /// Each letter of the second, a pattern, may take out the first as a whole.
    Captures,
}

/// A function of DataFusion that is not called where its answer could be too large.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Guarded {
    inner: Arc<ScalarUDF>,
    grows: Grows,
    most: usize,
}

impl Guarded {
    /// Guards a function: its texts are never longer than so many bytes in one call.
    pub(crate) fn new(inner: Arc<ScalarUDF>, grows: Grows, most: usize) -> Self {
        Self { inner, grows, most }
    }
}

impl ScalarUDFImpl for Guarded {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, kinds: &[DataType]) -> Result<DataType> {
        self.inner.return_type(kinds)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<arrow::datatypes::FieldRef> {
        self.inner.return_field_from_args(args)
    }

    fn coerce_types(&self, kinds: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(kinds)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        within(&args.args, args.number_rows, self.grows, self.most)?;
        self.inner.invoke_with_args(args)
    }
}

/// Refuses arguments of which too much could be made.
fn within(args: &[ColumnarValue], rows: usize, grows: Grows, most: usize) -> Result<()> {
    let constant = args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
    let rows = if constant { 1 } else { rows };
    let mut sizes = Vec::new();
    for arg in args {
        sizes.push(Size::of(arg, rows)?);
    }
    let sum = sizes.iter().fold(0_usize, |sum, size| sum.saturating_add(size.all));
    let reckoned = match (grows, sizes.as_slice()) {
        (Grows::Replaces, [text, _, by, ..]) => {
            // What is put in place may quote what it replaces.
            let letters = text.all.saturating_add(rows);
            sum.saturating_add(letters.saturating_mul(by.longest).saturating_mul(2))
        }
        (Grows::Captures, [text, pattern, ..]) => sum.saturating_add(text.all.saturating_mul(pattern.longest)),
        (Grows::Separates, [separator, rest @ ..]) => sum.saturating_add(separator.all.saturating_mul(rest.len())),
        _ => sum,
    };
    match reckoned > most {
        true => Err(resources_datafusion_err!("a text could become {reckoned} bytes long, {most} are allowed")),
        false => Ok(()),
    }
}

/// Bytes of all texts of an argument, and of the longest.
struct Size {
    all: usize,
    longest: usize,
}

impl Size {
    fn of(arg: &ColumnarValue, rows: usize) -> Result<Self> {
        let (array, times) = match arg {
            ColumnarValue::Array(array) => (Arc::clone(array), 1),
            ColumnarValue::Scalar(scalar) => (scalar.to_array()?, rows),
        };
        let lengths = lengths(&array);
        let sum = lengths.iter().fold(0_usize, |sum, length| sum.saturating_add(*length));
        Ok(Self { all: sum.saturating_mul(times), longest: lengths.into_iter().max().unwrap_or(0) })
    }
}

/// Bytes of each text; of what is no text, as many as it takes to write it at most.
fn lengths(array: &ArrayRef) -> Vec<usize> {
    let length = |text: Option<&str>| text.map_or(0, str::len);
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().map(length).collect(),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().map(length).collect(),
        DataType::Utf8View => array.as_string_view().iter().map(length).collect(),
        _ => vec![array.get_array_memory_size() / array.len().max(1) + 64; array.len()],
    }
}

/// The operator `||`, guarded as well: NULL where one side is.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Joined {
    signature: Signature,
    most: usize,
}

impl Joined {
    fn new(most: usize) -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable), most }
    }
}

impl ScalarUDFImpl for Joined {
    fn name(&self) -> &str {
        "||"
    }

    fn display_name(&self, args: &[Expr]) -> Result<String> {
        Ok(args.iter().map(ToString::to_string).collect::<Vec<_>>().join(" || "))
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        Ok(args.iter().map(|arg| arg.schema_name().to_string()).collect::<Vec<_>>().join(" || "))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn coerce_types(&self, kinds: &[DataType]) -> Result<Vec<DataType>> {
        let text = |kind: &DataType| {
            let plain = match kind {
                DataType::Dictionary(_, value) => value.as_ref(),
                other => other,
            };
            matches!(plain, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
        };
        let nothing = kinds.iter().all(|kind| matches!(kind, DataType::Null));
        match kinds {
            [_, _] if nothing || kinds.iter().any(text) => Ok(vec![DataType::Utf8; 2]),
            [left, right] => plan_err!("{left} || {right} joins no texts"),
            _ => plan_err!("|| joins two texts"),
        }
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        within(&args.args, args.number_rows, Grows::Sum, self.most)?;
        let constant = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let [left, right] = args.args.as_slice() else { return exec_err!("|| joins two texts") };
        let (left, right) = (left.to_array(rows)?, right.to_array(rows)?);
        let (left, right) = (as_string_array(&left)?, as_string_array(&right)?);
        let mut joined = StringBuilder::new();
        for pair in left.iter().zip(right) {
            joined.append_option(match pair {
                (Some(left), Some(right)) => Some([left, right].concat()),
                _ => None,
            });
        }
        let joined: ArrayRef = Arc::new(joined.finish());
        Ok(match constant {
            true => ColumnarValue::Scalar(datafusion::common::ScalarValue::try_from_array(&joined, 0)?),
            false => ColumnarValue::Array(joined),
        })
    }
}

/// Puts [`Joined`] in place of `||`, and what is guarded in place of words of SQL that are functions. Lists and structures
/// are not written at the desk: each may hold another twice.
#[derive(Debug)]
pub(crate) struct Joins {
    joined: Arc<ScalarUDF>,
    overlay: Option<Arc<ScalarUDF>>,
}

impl Joins {
    /// The texts that it makes are never longer than so many bytes in one call.
    pub(crate) fn new(most: usize, overlay: Option<Arc<ScalarUDF>>) -> Self {
        Self { joined: Arc::new(ScalarUDF::from(Joined::new(most))), overlay }
    }
}

impl ExprPlanner for Joins {
    fn plan_binary_op(&self, operation: RawBinaryExpr, _: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
        match operation.op {
            BinaryOperator::StringConcat => {
                Ok(PlannerResult::Planned(self.joined.call(vec![operation.left, operation.right])))
            }
            _ => Ok(PlannerResult::Original(operation)),
        }
    }

    fn plan_overlay(&self, args: Vec<Expr>) -> Result<PlannerResult<Vec<Expr>>> {
        match &self.overlay {
            Some(overlay) => Ok(PlannerResult::Planned(overlay.call(args))),
            None => none("overlay"),
        }
    }

    fn plan_array_literal(&self, _: Vec<Expr>, _: &DFSchema) -> Result<PlannerResult<Vec<Expr>>> {
        none("make_array")
    }

    fn plan_dictionary_literal(&self, _: RawDictionaryExpr, _: &DFSchema) -> Result<PlannerResult<RawDictionaryExpr>> {
        none("named_struct")
    }

    fn plan_struct_literal(&self, _: Vec<Expr>, _: bool) -> Result<PlannerResult<Vec<Expr>>> {
        none("struct")
    }

    fn plan_make_map(&self, _: Vec<Expr>) -> Result<PlannerResult<Vec<Expr>>> {
        none("map")
    }
}

/// As the planner says of a function that is not there.
fn none<T>(name: &str) -> Result<T> {
    plan_err!("Invalid function '{name}'.")
}
