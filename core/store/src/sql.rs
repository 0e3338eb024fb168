//! One SQL text with its arguments. Placeholders are `$1`, `$2`, … on every database; texts are either constants or
//! put together from constants here, and values only ever travel as arguments.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe};
use std::borrow::Cow;
use std::fmt::Write;

/// An argument: the two column types that every database of ours has.
#[derive(Debug, Clone)]
enum Argument {
    Text(Option<String>),
    Int(Option<i64>),
}

/// A statement and its arguments.
#[derive(Debug, Clone)]
pub(crate) struct Sql {
    text: Cow<'static, str>,
    arguments: Vec<Argument>,
    filtered: bool,
}

impl Sql {
    /// A statement; arguments are added in the order of their numbers.
    pub(crate) fn new(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), arguments: Vec::new(), filtered: false }
    }

    /// A statement put together from names of the schema; values still travel as arguments only.
    pub(crate) fn built(text: String) -> Self {
        Self { text: Cow::Owned(text), arguments: Vec::new(), filtered: false }
    }

    /// Appends text put together from names of the schema.
    pub(crate) fn append(mut self, text: &str) -> Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// The next argument: a text.
    pub(crate) fn text(mut self, value: impl Into<String>) -> Self {
        self.arguments.push(Argument::Text(Some(value.into())));
        self
    }

    /// The next argument: a text or nothing.
    pub(crate) fn maybe(mut self, value: Option<impl Into<String>>) -> Self {
        self.arguments.push(Argument::Text(value.map(Into::into)));
        self
    }

    /// The next argument: a whole number.
    pub(crate) fn int(mut self, value: i64) -> Self {
        self.arguments.push(Argument::Int(Some(value)));
        self
    }

    /// The next argument: a whole number or nothing.
    pub(crate) fn maybe_int(mut self, value: Option<i64>) -> Self {
        self.arguments.push(Argument::Int(value));
        self
    }

    /// Appends constant text.
    pub(crate) fn push(mut self, text: &'static str) -> Self {
        self.text.to_mut().push_str(text);
        self
    }

    fn placeholder(&mut self) {
        let number = self.arguments.len() + 1;
        write!(self.text.to_mut(), "${number}").expect("writing to a String never fails");
    }

    fn clause(&mut self, text: &'static str) {
        let word = if self.filtered { " AND " } else { " WHERE " };
        self.filtered = true;
        self.text.to_mut().push_str(word);
        self.text.to_mut().push_str(text);
    }

    /// One more condition: a constant such as `state =`, followed by the text.
    pub(crate) fn only(mut self, condition: &'static str, value: impl Into<String>) -> Self {
        self.clause(condition);
        self.placeholder();
        self.text(value)
    }

    /// [`Sql::only`] when there is a value, otherwise no condition.
    pub(crate) fn only_if(self, condition: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.only(condition, value),
            None => self,
        }
    }

    /// One more condition on a whole number.
    pub(crate) fn only_int(mut self, condition: &'static str, value: i64) -> Self {
        self.clause(condition);
        self.placeholder();
        self.int(value)
    }

    /// One more condition without an argument.
    pub(crate) fn only_where(mut self, condition: &'static str) -> Self {
        self.clause(condition);
        self
    }

    /// The column must be one of the values; no condition when there are none.
    pub(crate) fn any_of(mut self, column: &'static str, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() {
            return self;
        }
        self.clause(column);
        self.text.to_mut().push_str(" IN ");
        self.list(values)
    }

    /// [`Sql::any_of`] for whole numbers.
    pub(crate) fn any_of_int(mut self, column: &'static str, values: &[i64]) -> Self {
        if values.is_empty() {
            return self;
        }
        self.clause(column);
        self.text.to_mut().push_str(" IN (");
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.text.to_mut().push_str(", ");
            }
            self.placeholder();
            self = self.int(*value);
        }
        self.push(")")
    }

    /// One of several conditions must hold, each a constant followed by its text; no condition when there are none.
    pub(crate) fn either(mut self, conditions: Vec<(&'static str, String)>) -> Self {
        let mut word = "(";
        for (condition, value) in conditions {
            if word == "(" {
                self.clause(word);
                word = " OR ";
            } else {
                self.text.to_mut().push_str(word);
            }
            self.text.to_mut().push_str(condition);
            self.placeholder();
            self = self.text(value).push(" ESCAPE '\\'");
        }
        if word == "(" { self } else { self.push(")") }
    }

    /// One more condition, written piece by piece.
    pub(crate) fn clause_by(mut self, write: impl FnOnce(Pieces) -> Pieces) -> Self {
        self.clause("(");
        write(Pieces { sql: self }).sql.push(")")
    }

    /// `($n, $n+1, …)` with the texts as arguments.
    fn list(mut self, values: impl Iterator<Item = impl Into<String>>) -> Self {
        for (index, value) in values.enumerate() {
            self.text.to_mut().push_str(if index == 0 { "(" } else { ", " });
            self.placeholder();
            self = self.text(value);
        }
        self.push(")")
    }

    /// ` LIMIT` and ` OFFSET`, each when given.
    pub(crate) fn page(mut self, limit: Option<u32>, offset: u32) -> Self {
        if limit.is_none() && offset == 0 {
            return self;
        }
        self.text.to_mut().push_str(" LIMIT ");
        self.placeholder();
        self = self.int(limit.map_or(i64::MAX, i64::from)).push(" OFFSET ");
        self.placeholder();
        self.int(i64::from(offset))
    }

    /// `VALUES` for `rows` rows of `columns` columns, whose arguments follow row by row. Each row ends in `tail`, a
    /// constant such as `, $1, $2` that names arguments given before and is the same in all rows.
    pub(crate) fn values(mut self, columns: usize, tail: &'static str, rows: usize) -> Self {
        let mut number = self.arguments.len();
        self.arguments.reserve(columns * rows);
        let text = self.text.to_mut();
        text.push_str(" VALUES ");
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..columns {
                number += 1;
                let comma = if column == 0 { "" } else { "," };
                write!(text, "{comma}${number}").expect("writing to a String never fails");
            }
            text.push_str(tail);
            text.push(')');
        }
        self
    }

    /// The same statement with nameless placeholders, for SQLite: it finds an argument by its name in time proportional
    /// to their number, which tells in statements of many rows. PostgreSQL knows no others than the numbered ones.
    pub(crate) fn nameless(self) -> Self {
        let mut text = String::with_capacity(self.text.len());
        let mut arguments = Vec::with_capacity(self.arguments.len());
        let mut parts = self.text.split('$');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = part.split_at(digits);
            let number = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            if let Some(argument) = number.and_then(|number| self.arguments.get(number)) {
                arguments.push(argument.clone());
                text.push('?');
            }
            text.push_str(rest);
        }
        Self { text: Cow::Owned(text), arguments, filtered: self.filtered }
    }

    /// Ready to run.
    pub(crate) fn query(self) -> Query<'static, Any, AnyArguments> {
        // The text holds constants of this crate and placeholders only; see the methods above.
        let mut query = sqlx::query(AssertSqlSafe(self.text));
        for argument in self.arguments {
            query = match argument {
                Argument::Text(value) => query.bind(value),
                Argument::Int(value) => query.bind(value),
            };
        }
        query
    }
}

/// A condition that is being written.
pub(crate) struct Pieces {
    sql: Sql,
}

impl Pieces {
    /// Constant text.
    pub(crate) fn text(mut self, text: &'static str) -> Self {
        self.sql.text.to_mut().push_str(text);
        self
    }

    /// An argument.
    pub(crate) fn argument(mut self, value: impl Into<String>) -> Self {
        self.sql.placeholder();
        self.sql = self.sql.text(value);
        self
    }

    /// The pieces of each item, with constant text between them; `none` stands where there are no items.
    pub(crate) fn between<T>(
        mut self,
        items: impl IntoIterator<Item = T>,
        (word, none): (&'static str, &'static str),
        each: impl Fn(Self, T) -> Self,
    ) -> Self {
        let mut first = true;
        for item in items {
            if !first {
                self = self.text(word);
            }
            first = false;
            self = each(self, item);
        }
        if first { self.text(none) } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_number_their_placeholders_in_order() {
        let sql = Sql::new("SELECT id FROM batch")
            .only_if("dataset = ", Some("d"))
            .only_if("file = ", None::<String>)
            .any_of("state", ["a", "b"])
            .any_of("mode", Vec::<String>::new())
            .push(" ORDER BY id")
            .page(Some(5), 0);
        assert_eq!(
            sql.text,
            "SELECT id FROM batch WHERE dataset = $1 AND state IN ($2, $3) ORDER BY id LIMIT $4 OFFSET $5"
        );
        assert_eq!(sql.arguments.len(), 5);
    }

    #[test]
    fn without_names_an_argument_used_twice_is_given_twice() {
        let sql = Sql::new("INSERT INTO t").text("same").values(2, ",$1", 2).int(1).int(2).int(3).int(4).nameless();
        assert_eq!(sql.text, "INSERT INTO t VALUES (?,?,?), (?,?,?)");
        assert_eq!(format!("{:?}", sql.arguments.get(2)), r#"Some(Text(Some("same")))"#);
        assert_eq!(sql.arguments.len(), 6);
    }

    #[test]
    fn several_words_are_sought_in_several_columns() {
        let sql =
            Sql::new("SELECT 1").only_where("a = 1").either(vec![("b LIKE ", "x".into()), ("c LIKE ", "x".into())]);
        assert_eq!(sql.text, r"SELECT 1 WHERE a = 1 AND (b LIKE $1 ESCAPE '\' OR c LIKE $2 ESCAPE '\')");
        assert_eq!(Sql::new("SELECT 1").either(Vec::new()).text, "SELECT 1");
    }

    #[test]
    fn rows_of_values_number_their_placeholders_row_by_row() {
        let sql = Sql::new("INSERT INTO t").text("same").values(2, ",$1", 2);
        assert_eq!(sql.text, "INSERT INTO t VALUES ($2,$3,$1), ($4,$5,$1)");
    }
}
