//! The language of indicator values: arithmetic over measures and other indicators. It is parsed into a typed tree and
//! evaluated with exact fractions; it never runs code, reads a clock or reaches data by itself.
//!
//! ```text
//! 100 * passed / taken                 measures by name
//! @STAFF-TOTAL, prev(@X), last_year(@X)  indicators: this period, the period before, the same period a year earlier
//! + - * /  ( )  >= > <= < = !=          a comparison is 1 or 0
//! if(c, a, b)  round(x, n)  min(a, b, …)  max(a, b, …)  abs(x)  or_zero(x)
//! ```

mod eval;
mod lexer;
mod parser;
mod print;
mod words;

pub use eval::Inputs;
pub use words::{Word, WordKind, word_at, words};

use crate::fault::{Explain, Fault};
use crate::ids::{IndicatorCode, MeasureName};
use crate::text::Message;
use crate::value::Gap;
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::fmt;

/// A parsed expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    root: Node,
}

/// Which period an indicator is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum When {
    /// The same period.
    Now,
    /// The period before: `prev(@CODE)`.
    Previous,
    /// The same period a year earlier: `last_year(@CODE)`.
    LastYear,
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A constant.
    Number(Decimal),
    /// A measure of the indicator itself.
    Measure(MeasureName),
    /// The value of an indicator.
    Indicator(IndicatorCode, When),
    /// `-x`
    Negate(Box<Node>),
    /// `x op y`
    Binary(Operator, Box<Node>, Box<Node>),
    /// A function and its arguments; their number has been checked.
    Call(Function, Vec<Node>),
}

/// Binary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
}

impl Operator {
    /// Whether it yields 1 or 0.
    pub fn compares(self) -> bool {
        !matches!(self, Self::Add | Self::Subtract | Self::Multiply | Self::Divide)
    }
}

/// Functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// `if(c, a, b)`: only the branch taken is evaluated.
    If,
    /// `round(x, n)`: an intermediate rounding, half up to `n` digits; `n` is a constant.
    Round,
    /// `min(a, b, …)`
    Min,
    /// `max(a, b, …)`
    Max,
    /// `abs(x)`
    Abs,
    /// `or_zero(x)`: a declared zero where `x` has no data.
    OrZero,
}

impl Function {
    /// All functions, as people write them, those that read an indicator of another period last.
    pub const SPELLINGS: [&'static str; 8] = [
        "if(c, a, b)",
        "round(x, 2)",
        "min(a, b)",
        "max(a, b)",
        "abs(x)",
        "or_zero(x)",
        "prev(@CODE)",
        "last_year(@CODE)",
    ];
}

impl Expr {
    /// Parses an expression, or says at which character it stops making sense.
    pub fn parse(text: &str) -> Result<Self, ExprError> {
        parser::parse(text).map(|root| Self { root })
    }

    /// The tree.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// All measures that it names.
    pub fn measures(&self) -> BTreeSet<MeasureName> {
        let mut found = BTreeSet::new();
        self.root.visit(&mut |node| {
            if let Node::Measure(name) = node {
                found.insert(name.clone());
            }
        });
        found
    }

    /// All indicators that it reads: for this period, for the period before, for a year earlier.
    pub fn indicators(&self) -> (BTreeSet<IndicatorCode>, BTreeSet<IndicatorCode>, BTreeSet<IndicatorCode>) {
        let (mut now, mut previous, mut last_year) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        self.root.visit(&mut |node| {
            if let Node::Indicator(code, when) = node {
                let set = match when {
                    When::Now => &mut now,
                    When::Previous => &mut previous,
                    When::LastYear => &mut last_year,
                };
                set.insert(code.clone());
            }
        });
        (now, previous, last_year)
    }

    /// Evaluates it. The first gap met from left to right is the reason why there is no number.
    pub fn eval(&self, inputs: &dyn Inputs) -> Result<crate::exact::Exact, Gap> {
        eval::eval(&self.root, inputs)
    }
}

impl Node {
    fn visit(&self, see: &mut dyn FnMut(&Node)) {
        see(self);
        match self {
            Self::Number(_) | Self::Measure(_) | Self::Indicator(..) => {}
            Self::Negate(inner) => inner.visit(see),
            Self::Binary(_, left, right) => {
                left.visit(see);
                right.visit(see);
            }
            Self::Call(_, arguments) => arguments.iter().for_each(|argument| argument.visit(see)),
        }
    }
}

impl std::str::FromStr for Expr {
    type Err = ExprError;

    fn from_str(text: &str) -> Result<Self, ExprError> {
        Self::parse(text)
    }
}

impl fmt::Display for Expr {
    /// The canonical spelling; parsing it gives the same tree.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::node(&self.root, f)
    }
}

/// A text that is not an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an expression at character {position}: {cause}")]
pub struct ExprError {
    /// Where, counting characters from 1.
    pub position: usize,
    /// What is wrong there.
    pub cause: ExprFault,
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExprFault {
    /// Something stands where it may not.
    #[error("unexpected `{found}`")]
    Unexpected {
        /// What stands there.
        found: String,
    },
    /// The text stops in the middle.
    #[error("unexpected end")]
    End,
    /// A name with letters that no measure or indicator code may have.
    #[error("`{text}` is not a measure name or indicator code")]
    BadName {
        /// What stands there.
        text: String,
    },
    /// A function that does not exist.
    #[error("unknown function `{name}`")]
    UnknownFunction {
        /// Its name.
        name: String,
    },
    /// Too few or too many arguments, or one of the wrong kind.
    #[error("`{name}` wants {wanted}")]
    Arguments {
        /// The function.
        name: String,
        /// How it is written.
        wanted: &'static str,
    },
    /// Longer or more deeply nested than is allowed.
    #[error("too long or too deeply nested")]
    TooBig,
}

impl Explain for ExprError {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        let message = match &self.cause {
            ExprFault::Unexpected { found } => Message::new("model-expr-unexpected").with("found", found),
            ExprFault::End => Message::new("model-expr-end"),
            ExprFault::BadName { text } => Message::new("model-expr-bad-name").with("text", text),
            ExprFault::UnknownFunction { name } => Message::new("model-expr-unknown-function").with("name", name),
            ExprFault::Arguments { name, wanted } => {
                Message::new("model-expr-arguments").with("name", name).with("wanted", wanted)
            }
            ExprFault::TooBig => Message::new("model-expr-too-big"),
        };
        message.with("position", self.position)
    }
}

#[cfg(test)]
mod tests;
