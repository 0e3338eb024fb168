//! What is wrong with SQL that a person wrote, and where: taken out of what parser and planner say, so that it can be told
//! in any language. What is not known here is told in their words.

use crate::error::WarehouseError;
use arrow::error::ArrowError;
use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::ParserError;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
use zhengai_model::text::Message;

/// Columns that are named where one is not found.
const NAMED: usize = 12;

/// A place in a text of SQL; both count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlPlace {
    /// The line.
    pub line: u64,
    /// The character in it.
    pub column: u64,
}

/// What is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SqlFault {
    /// Something else should stand here.
    #[error("{expected} expected, found {found:?}")]
    Expected {
        /// What should, in the words of the parser.
        expected: String,
        /// What does; nothing where the text ends.
        found: Option<String>,
    },
    /// A quote, a name or a comment is opened and never closed.
    #[error("a {what} is not closed")]
    Open {
        /// `text`, `name` or `comment`.
        what: &'static str,
    },
    /// No dataset of the query has this column.
    #[error("no column `{name}`")]
    Column {
        /// The name.
        name: String,
        /// The first of those that there are.
        known: Vec<String>,
    },
    /// Several datasets of the query have this column.
    #[error("the column `{name}` is in several datasets")]
    Ambiguous {
        /// The name.
        name: String,
    },
    /// There is no such function.
    #[error("no function `{name}`")]
    Function {
        /// The name.
        name: String,
        /// The nearest that there is.
        near: Option<String>,
    },
    /// Neither grouped by nor aggregated.
    #[error("`{name}` is neither grouped by nor aggregated")]
    Group {
        /// The expression.
        name: String,
    },
    /// A division by zero.
    #[error("division by zero")]
    Zero,
    /// Something else, in the words of the one who found it.
    #[error("{cause}")]
    Other {
        /// The words.
        cause: String,
    },
}

impl SqlFault {
    /// What a person reads.
    pub(crate) fn message(&self, at: Option<SqlPlace>) -> Message {
        let key = |name: &str| {
            let message = Message::new(&["warehouse-desk-sql", name].concat());
            match at {
                Some(place) => message.with("at", "place").with("line", place.line).with("column", place.column),
                None => message.with("at", "nowhere"),
            }
        };
        match self {
            Self::Expected { expected, found } => {
                let message = key(if found.is_some() { "-expected" } else { "-ends" });
                let word: String = expected
                    .chars()
                    .map(|letter| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { '-' })
                    .collect();
                let message = message.with("word", word).with("expected", expected);
                message.with("found", found.as_deref().unwrap_or_default())
            }
            Self::Open { what } => key("-open").with("what", what),
            Self::Column { name, known } if known.is_empty() => key("-column").with("name", name),
            Self::Column { name, known } => key("-column-known").with("name", name).with("known", known.join(", ")),
            Self::Ambiguous { name } => key("-ambiguous").with("name", name),
            Self::Function { name, near: None } => key("-function").with("name", name),
            Self::Function { name, near: Some(near) } => key("-function-near").with("name", name).with("near", near),
            Self::Group { name } => key("-group").with("name", name),
            Self::Zero => key("-zero"),
            Self::Other { cause } => key("").with("cause", cause),
        }
    }
}

/// What the parser says of a text.
pub(crate) fn in_text(error: &DataFusionError, sql: &str) -> WarehouseError {
    match of(error) {
        // The parser gives no place for the end of the text.
        WarehouseError::DeskSql { fault: fault @ SqlFault::Expected { found: None, .. }, at: None } => {
            WarehouseError::DeskSql { fault, at: Some(end(sql)) }
        }
        other => other,
    }
}

/// What an error means for the one who wrote the text.
pub(crate) fn of(error: &DataFusionError) -> WarehouseError {
    let told = error.diagnostic().and_then(|found| found.span).map(|span| span.start);
    let told = told.map(|start| SqlPlace { line: start.line, column: start.column }).filter(|place| place.line > 0);
    let (fault, at) = match error.find_root() {
        DataFusionError::SQL(parser, _) => parsed(parser),
        DataFusionError::SchemaError(schema, _) => (column(schema), None),
        DataFusionError::ArrowError(arrow, _) if matches!(**arrow, ArrowError::DivideByZero) => (SqlFault::Zero, None),
        root => (planned(&root.message()), None),
    };
    WarehouseError::DeskSql { fault, at: at.or(told) }
}

/// The place of the first word that is this name, for what planner and parser do not place.
pub(crate) fn place_of(sql: &str, name: &str) -> Option<SqlPlace> {
    let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize_with_location().ok()?;
    let found = tokens.iter().find(|token| match &token.token {
        Token::Word(word) => word.value.eq_ignore_ascii_case(name),
        Token::SingleQuotedString(text) => text == name,
        _ => false,
    })?;
    Some(SqlPlace { line: found.span.start.line, column: found.span.start.column })
}

/// `Expected: an expression, found: FROM at Line: 1, Column: 8`, or what the tokenizer says.
fn parsed(error: &ParserError) -> (SqlFault, Option<SqlPlace>) {
    let text = match error {
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => text.as_str(),
        ParserError::RecursionLimitExceeded => "the statement is nested too deeply",
    };
    let text = text.lines().next().unwrap_or_default();
    let (what, at) = match text.rsplit_once(" at Line: ") {
        Some((what, place)) => (what, placed(place)),
        None => (text, None),
    };
    let fault = if let Some((expected, found)) =
        what.strip_prefix("Expected: ").and_then(|rest| rest.split_once(", found: "))
    {
        let found = Some(found.trim()).filter(|found| *found != "EOF").map(str::to_owned);
        SqlFault::Expected { expected: expected.to_owned(), found }
    } else if what.starts_with("Unterminated string") {
        SqlFault::Open { what: "text" }
    } else if what.starts_with("Expected close delimiter") {
        SqlFault::Open { what: "name" }
    } else if what.contains("multi-line comment") {
        SqlFault::Open { what: "comment" }
    } else {
        SqlFault::Other { cause: what.to_owned() }
    };
    (fault, at)
}

/// `1, Column: 8`.
fn placed(text: &str) -> Option<SqlPlace> {
    let (line, column) = text.split_once(", Column: ")?;
    Some(SqlPlace { line: line.parse().ok()?, column: column.trim().parse().ok()? })
}

/// The place behind the last character of a text.
fn end(sql: &str) -> SqlPlace {
    let written = sql.trim_end();
    let last = written.rsplit('\n').next().unwrap_or_default();
    SqlPlace { line: written.matches('\n').count() as u64 + 1, column: last.chars().count() as u64 + 1 }
}

fn column(error: &SchemaError) -> SqlFault {
    match error {
        SchemaError::FieldNotFound { field, valid_fields } => {
            let mut known: Vec<String> = Vec::new();
            for name in valid_fields.iter().map(|field| &field.name) {
                if known.len() < NAMED && !known.contains(name) {
                    known.push(name.clone());
                }
            }
            SqlFault::Column { name: field.name.clone(), known }
        }
        SchemaError::AmbiguousReference { field } => SqlFault::Ambiguous { name: field.name.clone() },
        other => SqlFault::Other { cause: first_line(&other.to_string()) },
    }
}

/// What the planner says in words of its own.
fn planned(text: &str) -> SqlFault {
    let quoted = |text: &str| text.split('\'').nth(1).map(str::to_owned);
    if text.starts_with("Invalid function '") {
        let near = text.lines().nth(1).and_then(quoted);
        return SqlFault::Function { name: quoted(text).unwrap_or_default(), near };
    }
    if let Some((_, rest)) = text.split_once("While expanding wildcard, column \"")
        && let Some((name, _)) = rest.split_once("\" must appear in the GROUP BY clause")
    {
        return SqlFault::Group { name: name.to_owned() };
    }
    SqlFault::Other { cause: first_line(text) }
}

fn first_line(text: &str) -> String {
    text.split(DataFusionError::BACK_TRACE_SEP).next().unwrap_or_default().lines().next().unwrap_or_default().to_owned()
}
