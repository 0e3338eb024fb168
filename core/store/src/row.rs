//! Rows into typed values. A value that does not parse is reported with its table and column, never guessed.

use crate::error::{Result, StoreError};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::error::Error;
use std::str::FromStr;

/// One row of a named table.
pub(crate) struct Row {
    table: &'static str,
    row: AnyRow,
}

impl Row {
    pub(crate) fn new(table: &'static str, row: AnyRow) -> Self {
        Self { table, row }
    }

    fn bad(&self, column: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> StoreError {
        StoreError::BadRow { table: self.table, column, source: source.into() }
    }

    /// A text that is always there.
    pub(crate) fn text(&self, column: &'static str) -> Result<String> {
        self.row.try_get(column).map_err(|error| self.bad(column, error))
    }

    /// A text that may be absent.
    pub(crate) fn maybe(&self, column: &'static str) -> Result<Option<String>> {
        self.row.try_get(column).map_err(|error| self.bad(column, error))
    }

    /// A whole number that is always there.
    pub(crate) fn int(&self, column: &'static str) -> Result<i64> {
        self.row.try_get(column).map_err(|error| self.bad(column, error))
    }

    /// A whole number that may be absent.
    pub(crate) fn maybe_int(&self, column: &'static str) -> Result<Option<i64>> {
        self.row.try_get(column).map_err(|error| self.bad(column, error))
    }

    /// An identifier or anything else that parses from text.
    pub(crate) fn parsed<T>(&self, column: &'static str) -> Result<T>
    where
        T: FromStr<Err: Error + Send + Sync + 'static>,
    {
        self.text(column)?.parse().map_err(|error: T::Err| self.bad(column, error))
    }

    /// [`Row::parsed`] for a column that may be empty.
    pub(crate) fn maybe_parsed<T>(&self, column: &'static str) -> Result<Option<T>>
    where
        T: FromStr<Err: Error + Send + Sync + 'static>,
    {
        self.maybe(column)?.map(|text| text.parse().map_err(|error: T::Err| self.bad(column, error))).transpose()
    }

    /// An enum stored as its word.
    pub(crate) fn word<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        unword(self.text(column)?).map_err(|error| self.bad(column, error))
    }

    /// A value stored as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        serde_json::from_str(&self.text(column)?).map_err(|error| self.bad(column, error))
    }

    /// [`Row::json`] for a column that may be empty.
    pub(crate) fn maybe_json<T: DeserializeOwned>(&self, column: &'static str) -> Result<Option<T>> {
        self.maybe(column)?.map(|text| serde_json::from_str(&text).map_err(|error| self.bad(column, error))).transpose()
    }

    /// A point in time.
    pub(crate) fn time(&self, column: &'static str) -> Result<DateTime<Utc>> {
        self.parsed(column)
    }

    /// A point in time, if any.
    pub(crate) fn maybe_time(&self, column: &'static str) -> Result<Option<DateTime<Utc>>> {
        self.maybe_parsed(column)
    }

    /// A day, if any.
    pub(crate) fn maybe_day(&self, column: &'static str) -> Result<Option<NaiveDate>> {
        self.maybe_parsed(column)
    }
}

/// The word of an enum without fields, as `serde` writes it.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => Ok(text),
        Ok(other) => Err(StoreError::NotAWord { json: other.to_string() }),
        Err(source) => Err(StoreError::Encode { source }),
    }
}

fn unword<T: DeserializeOwned>(text: String) -> serde_json::Result<T> {
    serde_json::from_value(Value::String(text))
}

/// JSON text of a value.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|source| StoreError::Encode { source })
}
