//! What a text of SQL is before anything of it runs: exactly one query, or the explanation of one.

use super::fault;
use crate::error::{Result, WarehouseError};
use datafusion::sql::parser::{DFParser, Statement as Parsed};
use datafusion::sql::sqlparser::ast;

/// The longest text that is read; longer ones come from machines and cost the planner more than they bring.
pub(crate) const LONGEST: usize = 64 << 10;

/// What a person wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The rows.
    Rows,
    /// How they would be found.
    Plan,
}

/// A query, and what is asked of it.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) query: Parsed,
    pub(crate) asked: Asked,
}

/// Reads the text; refuses whatever changes or sets anything, and more than one statement.
pub(crate) fn read(sql: &str) -> Result<Statement> {
    if sql.len() > LONGEST {
        return Err(WarehouseError::DeskLong { bytes: sql.len(), most: LONGEST });
    }
    let mut parsed = DFParser::parse_sql(sql).map_err(|error| fault::in_text(&error, sql))?;
    let only = match (parsed.pop_front(), parsed.len()) {
        (Some(only), 0) => only,
        (None, _) => return Err(WarehouseError::DeskEmpty),
        (Some(_), more) => return Err(WarehouseError::DeskMany { count: more + 1 }),
    };
    match only {
        Parsed::Explain(explain) => Ok(Statement { query: query(*explain.statement, sql)?, asked: Asked::Plan }),
        other => Ok(Statement { query: query(other, sql)?, asked: Asked::Rows }),
    }
}

fn query(parsed: Parsed, sql: &str) -> Result<Parsed> {
    match &parsed {
        Parsed::Statement(inner) if matches!(inner.as_ref(), ast::Statement::Query(_)) => Ok(parsed),
        _ => Err(WarehouseError::DeskStatement { word: word(sql) }),
    }
}

/// The word that a statement begins with, as far as it is one.
pub(crate) fn word(sql: &str) -> String {
    let letters = sql.trim_start().chars().take_while(|letter| letter.is_ascii_alphabetic());
    letters.take(20).collect::<String>().to_uppercase()
}
