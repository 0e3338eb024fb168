//! What a text of SQL is before anything of it runs: exactly one query, or the explanation of one.

use super::{fault, measure};
use crate::error::{Result, WarehouseError};
use datafusion::sql::parser::{DFParser, Statement as Parsed};
use datafusion::sql::sqlparser::ast;
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};

/// The longest text that is read; longer ones come from machines and cost the planner more than they bring.
pub(crate) const LONGEST: usize = 64 << 10;

/// Words that a query begins with, and words that make it write nevertheless.
const READS: [&str; 2] = ["SELECT", "WITH"];
const WRITES: [&str; 5] = ["INSERT", "UPDATE", "DELETE", "MERGE", "INTO"];

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
    measure::text(sql)?;
    let mut parsed = DFParser::parse_sql(sql).map_err(|error| fault::in_text(&error, sql))?;
    let only = match (parsed.pop_front(), parsed.len()) {
        (Some(only), 0) => only,
        (None, _) => return Err(WarehouseError::DeskEmpty { example: None }),
        (Some(_), more) => return Err(WarehouseError::DeskMany { count: more + 1 }),
    };
    match &only {
        Parsed::Explain(explain) => measure::names(&explain.statement)?,
        other => measure::names(other)?,
    }
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

/// The word that makes a statement something else than a query: the one that it begins with, or that stands behind
/// EXPLAIN, or in a query that writes.
pub(crate) fn word(sql: &str) -> String {
    let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize().unwrap_or_default();
    let words: Vec<String> = tokens.iter().filter_map(bare).collect();
    let explains = words.first().is_some_and(|word| word == "EXPLAIN");
    let mut rest = words.iter().skip(usize::from(explains)).peekable();
    while explains && rest.next_if(|word| ["ANALYZE", "VERBOSE"].contains(&word.as_str())).is_some() {}
    if explains && rest.next_if(|word| *word == "FORMAT").is_some() {
        rest.next();
    }
    let Some(first) = rest.next() else { return words.into_iter().next().unwrap_or_default() };
    let writes = |word: &&String| WRITES.contains(&word.as_str());
    let meant = if READS.contains(&first.as_str()) { rest.find(writes).unwrap_or(first) } else { first };
    meant.chars().take(20).collect()
}

/// A word that is not between quotes.
fn bare(token: &Token) -> Option<String> {
    match token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.value.to_uppercase()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn the_word_that_forbids_a_statement_is_named_also_where_it_does_not_stand_first() {
        for (sql, expected) in [
            ("delete from mark", "DELETE"),
            ("EXPLAIN COPY mark TO '/tmp/x'", "COPY"),
            ("explain analyze verbose delete from mark", "DELETE"),
            ("EXPLAIN FORMAT TREE INSERT INTO mark VALUES (1)", "INSERT"),
            ("EXPLAIN", "EXPLAIN"),
            ("ANALYZE mark", "ANALYZE"),
            ("WITH x AS (SELECT 1) INSERT INTO mark SELECT * FROM x", "INSERT"),
            ("SELECT * INTO t FROM mark", "INTO"),
            ("SELECT \"into\"", "SELECT"),
        ] {
            assert_eq!(word(sql), expected, "{sql}");
        }
    }
}
