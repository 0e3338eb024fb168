//! How much a statement asks of the planner, before the planner sees it, and how much a plan asks of the optimiser: both
//! take stack for what stands in each other and time for what stands beside each other, and neither can be stopped.
//!
//! A text is measured by its tokens. A plan is measured unfolded: a name that is used twice counts twice, as the optimiser
//! puts what it stands for in place of each.

use crate::error::{Result, WarehouseError};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::sql::parser::Statement as Parsed;
use datafusion::sql::sqlparser::ast::{self, Visit, Visitor};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
use std::collections::HashMap;
use std::ops::ControlFlow;

/// The most operators, conditions, brackets, branches and parts of a statement; a list of values may be longer.
pub(crate) const MOST_PARTS: usize = 400;

/// What a part of a query counts that reads rows of its own.
const SELECT: usize = 8;

/// The longest text between quotes, in bytes: each row of an answer may bear it many times.
pub(crate) const LONGEST_TEXT: usize = 2_000;

/// The most tables that a statement reads, unfolded.
const MOST_READS: usize = 200;

/// The most steps of a plan, unfolded.
const MOST_STEPS: usize = 1_000;

/// The most columns of a step.
const MOST_COLUMNS: usize = 1_000;

/// The largest expression of a plan, unfolded.
const LARGEST: usize = 5_000;

/// Refuses a text with more parts than people write. What cannot be taken apart is left to the parser, which says why.
pub(crate) fn text(sql: &str) -> Result<()> {
    let Ok(tokens) = Tokenizer::new(&GenericDialect {}, sql).tokenize() else { return Ok(()) };
    let tokens: Vec<Token> = tokens.into_iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect();
    let mut parts = 0;
    for (place, token) in tokens.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|before| tokens.get(before));
        parts += counts(token, before, tokens.get(place + 1));
    }
    if parts > MOST_PARTS {
        return Err(WarehouseError::DeskParts { parts, most: MOST_PARTS });
    }
    let texts = tokens.iter().filter_map(|token| match token {
        Token::SingleQuotedString(text) | Token::DoubleQuotedString(text) => Some(text.len()),
        Token::NationalStringLiteral(text) | Token::EscapedStringLiteral(text) => Some(text.len()),
        Token::UnicodeStringLiteral(text) | Token::HexStringLiteral(text) => Some(text.len()),
        Token::DollarQuotedString(text) => Some(text.value.len()),
        _ => None,
    });
    match texts.max().filter(|bytes| *bytes > LONGEST_TEXT) {
        Some(bytes) => Err(WarehouseError::DeskText { bytes, most: LONGEST_TEXT }),
        None => Ok(()),
    }
}

/// How much a token counts. A list of names or numbers costs neither stack nor much time.
fn counts(token: &Token, before: Option<&Token>, after: Option<&Token>) -> usize {
    match token {
        Token::Word(word) => match word.keyword {
            Keyword::SELECT | Keyword::VALUES | Keyword::JOIN | Keyword::UNION | Keyword::INTERSECT => SELECT,
            Keyword::EXCEPT | Keyword::WITH | Keyword::OVER => SELECT,
            Keyword::AND | Keyword::OR | Keyword::NOT | Keyword::IS | Keyword::IN | Keyword::BETWEEN => 1,
            Keyword::LIKE | Keyword::ILIKE | Keyword::SIMILAR | Keyword::RLIKE | Keyword::REGEXP => 1,
            Keyword::CASE | Keyword::WHEN | Keyword::AT | Keyword::COLLATE | Keyword::INTERVAL | Keyword::DIV => 1,
            Keyword::OVERLAPS | Keyword::XOR | Keyword::ESCAPE | Keyword::MEMBER | Keyword::EXISTS => 1,
            _ => 0,
        },
        // The sign of a number in a list.
        Token::Minus | Token::Plus
            if matches!(before, Some(Token::Comma | Token::LParen)) && matches!(after, Some(Token::Number(..))) =>
        {
            0
        }
        Token::Comma | Token::RParen | Token::RBracket | Token::RBrace | Token::Period | Token::SemiColon => 0,
        Token::Number(..) | Token::Char(_) | Token::EOF | Token::Whitespace(_) | Token::Placeholder(_) => 0,
        Token::SingleQuotedString(_) | Token::DoubleQuotedString(_) | Token::TripleSingleQuotedString(_) => 0,
        Token::NationalStringLiteral(_) | Token::EscapedStringLiteral(_) | Token::UnicodeStringLiteral(_) => 0,
        Token::HexStringLiteral(_) | Token::DollarQuotedString(_) => 0,
        _ => 1,
    }
}

/// Refuses a statement whose names, each put in place of what it stands for, read more tables than can be planned: the
/// planner already puts them there.
pub(crate) fn names(parsed: &Parsed) -> Result<()> {
    let Parsed::Statement(statement) = parsed else { return Ok(()) };
    let mut named = Named::default();
    // The visitor never breaks off.
    let _ = statement.visit(&mut named);
    let mut sizes = HashMap::new();
    let whole = relations(statement.as_ref());
    let reads = whole.iter().fold(0_usize, |sum, name| sum.saturating_add(named.size(name, &mut sizes)));
    match reads > MOST_READS {
        true => Err(WarehouseError::DeskUnfolds),
        false => Ok(()),
    }
}

/// What each name of a WITH reads.
#[derive(Default)]
struct Named(HashMap<String, Vec<String>>);

impl Named {
    /// How many tables a name stands for; one that stands for itself counts once.
    fn size(&self, name: &str, known: &mut HashMap<String, usize>) -> usize {
        if let Some(size) = known.get(name) {
            return *size;
        }
        known.insert(name.to_owned(), 1);
        let Some(reads) = self.0.get(name) else { return 1 };
        let size = reads.iter().fold(0_usize, |sum, read| sum.saturating_add(self.size(read, known))).max(1);
        known.insert(name.to_owned(), size);
        size
    }
}

impl Visitor for Named {
    type Break = ();

    fn pre_visit_query(&mut self, query: &ast::Query) -> ControlFlow<()> {
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            let name = cte.alias.name.value.to_lowercase();
            self.0.entry(name).or_default().extend(relations(cte.query.as_ref()));
        }
        ControlFlow::Continue(())
    }
}

/// Names of the tables in a part of a statement, each as often as it stands there.
fn relations(part: &impl Visit) -> Vec<String> {
    let mut names = Vec::new();
    let _ = ast::visit_relations(part, |name| {
        let last = name.0.last().and_then(|part| part.as_ident());
        names.extend(last.map(|ident| ident.value.to_lowercase()));
        ControlFlow::<()>::Continue(())
    });
    names
}

/// Refuses a plan that the optimiser would unfold to more than it can bear.
pub(crate) fn plan(plan: &LogicalPlan) -> Result<()> {
    let mut measure = Measure { steps: 0 };
    match measure.step(plan) {
        Ok(_) => Ok(()),
        Err(Stop::Large) => Err(WarehouseError::DeskUnfolds),
        Err(Stop::Broken(error)) => Err(WarehouseError::query("desk", error)),
    }
}

/// Why a plan is not measured to its end.
enum Stop {
    /// It is too large.
    Large,
    /// It could not be walked through.
    Broken(DataFusionError),
}

impl From<DataFusionError> for Stop {
    fn from(error: DataFusionError) -> Self {
        Self::Broken(error)
    }
}

/// How large each column of a step is, unfolded, in the order of its schema.
type Sizes = Vec<usize>;

struct Measure {
    steps: usize,
}

impl Measure {
    fn step(&mut self, plan: &LogicalPlan) -> Result<Sizes, Stop> {
        self.steps += 1;
        let columns = plan.schema().fields().len();
        if self.steps > MOST_STEPS || columns > MOST_COLUMNS {
            return Err(Stop::Large);
        }
        let mut below = Vec::new();
        for input in plan.inputs() {
            below.push((input, self.step(input)?));
        }
        // What an expression names stands in one of the inputs; of names that several have, the largest counts.
        let mut named: HashMap<&str, usize> = HashMap::new();
        for (input, sizes) in &below {
            for (field, size) in input.schema().fields().iter().zip(sizes) {
                let known = named.entry(field.name()).or_insert(0);
                *known = (*known).max(*size);
            }
        }
        let mut expressions = Vec::new();
        for expression in plan.expressions() {
            expressions.push(self.expression(&expression, &named)?);
        }
        let largest = expressions.iter().copied().max().unwrap_or(1);
        Ok(match plan {
            LogicalPlan::Projection(_) | LogicalPlan::Aggregate(_) if expressions.len() == columns => expressions,
            LogicalPlan::Filter(_) | LogicalPlan::Sort(_) | LogicalPlan::Limit(_) | LogicalPlan::SubqueryAlias(_)
                if below.len() == 1 =>
            {
                below.pop().map(|(_, sizes)| sizes).unwrap_or_default()
            }
            LogicalPlan::Join(_) => {
                let both: Sizes = below.into_iter().flat_map(|(_, sizes)| sizes).collect();
                if both.len() == columns { both } else { vec![both.into_iter().max().unwrap_or(1); columns] }
            }
            _ => {
                let of_inputs = below.iter().flat_map(|(_, sizes)| sizes).copied().max().unwrap_or(1);
                vec![largest.max(of_inputs); columns]
            }
        })
    }

    fn expression(&mut self, expression: &Expr, named: &HashMap<&str, usize>) -> Result<usize, Stop> {
        let (mut size, mut inner) = (0_usize, Vec::new());
        expression.apply(|part| {
            size = size.saturating_add(match part {
                Expr::Column(column) => named.get(column.name.as_str()).copied().unwrap_or(1),
                Expr::ScalarSubquery(query) => {
                    inner.push(query.subquery.clone());
                    1
                }
                Expr::Exists(exists) => {
                    inner.push(exists.subquery.subquery.clone());
                    1
                }
                Expr::InSubquery(within) => {
                    inner.push(within.subquery.subquery.clone());
                    1
                }
                // A list of values is one thing, however long.
                Expr::Literal(..) => 0,
                _ => 1,
            });
            Ok(if size > LARGEST { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
        })?;
        if size > LARGEST {
            return Err(Stop::Large);
        }
        for query in inner {
            self.step(&query)?;
        }
        Ok(size.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_TEXT, MOST_PARTS, text};
    use crate::error::WarehouseError;

    #[test]
    fn what_stands_in_each_other_is_counted_and_a_list_of_values_is_not() {
        let good = |sql: &str| text(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
        good(&format!("SELECT day FROM mark WHERE state IN ({}'x')", "'S1', ".repeat(5_000)));
        good(&format!("SELECT day FROM mark WHERE n IN ({}-1)", "-12, ".repeat(5_000)));
        good(&format!("SELECT CASE {} END FROM mark", "WHEN state = '到' THEN 1 ".repeat(150)));
        good(&format!("SELECT 1{}", "+1".repeat(MOST_PARTS - 20)));
        good("SELECT 'not closed");
        let bad = |sql: &str| {
            let error = text(sql).expect_err(sql);
            assert!(matches!(error, WarehouseError::DeskParts { .. }), "{error:?}");
        };
        for part in ["+1", " AND true", " IS NULL", "::text", "[1]", " - -1", " || 'a'", " UNION ALL SELECT 1"] {
            bad(&format!("SELECT 1{}", part.repeat(MOST_PARTS)));
        }
        for part in ["abs(", "(", "NOT ", "- ", "(SELECT ", "CASE WHEN "] {
            bad(&format!("SELECT {}", part.repeat(MOST_PARTS)));
        }
        bad(&format!("SELECT 1 FROM a {}", "CROSS JOIN a ".repeat(MOST_PARTS)));
    }

    #[test]
    fn a_text_longer_than_people_write_is_refused() {
        let error = text(&format!("SELECT '{}'", "x".repeat(LONGEST_TEXT + 1))).expect_err("too long");
        assert!(matches!(error, WarehouseError::DeskText { .. }), "{error:?}");
    }
}
