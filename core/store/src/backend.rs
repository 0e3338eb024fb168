//! The two kinds of database and where they differ: how a record is recognised, how connections behave, how a change
//! begins, what an error means. Everything else is one SQL text for both.

use crate::address::Address;
use crate::error::{Result, StoreError};
use crate::migrations::{self, Script};
use crate::{postgres, sqlite};
use serde::{Deserialize, Serialize};
use sqlx::{Any, AnyPool, Transaction};

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Backend {
    /// A file beside the warehouse: nothing to set up, one machine.
    Sqlite,
    /// A server of its own: many users, many machines.
    Postgres,
}

impl Backend {
    /// The word of the backend, for catalogues and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// By the scheme of an address.
    pub(crate) fn of(url: &str) -> Option<Self> {
        match url.split_once(':')?.0 {
            "sqlite" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            _ => None,
        }
    }

    /// Migrations, oldest first.
    pub(crate) fn scripts(self) -> &'static [Script] {
        match self {
            Self::Sqlite => &migrations::SQLITE,
            Self::Postgres => &migrations::POSTGRES,
        }
    }

    /// Sorts what the database says by cause.
    pub(crate) fn cause(self, place: &str, source: sqlx::Error) -> StoreError {
        match self {
            Self::Sqlite => sqlite::cause(place, source),
            Self::Postgres => postgres::cause(place, source),
        }
    }

    /// Statement that begins a reading transaction of one state of the database.
    pub(crate) fn snapshot(self) -> &'static str {
        match self {
            // The first read fixes the state that the transaction sees until its end (WAL).
            Self::Sqlite => "BEGIN DEFERRED",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }
}

/// Refuses a database that is no record, before anything of it is touched.
pub(crate) async fn recognise(address: &Address) -> Result<()> {
    match address.backend() {
        Backend::Sqlite => sqlite::recognise(address).await,
        Backend::Postgres => postgres::recognise(address).await,
    }
}

/// Readers and writers.
pub(crate) async fn pools(address: &Address) -> Result<(AnyPool, AnyPool)> {
    let made = match address.backend() {
        Backend::Sqlite => sqlite::pools(address.options()).await,
        Backend::Postgres => postgres::pools(address.options()).await,
    };
    made.map_err(|source| address.failed(source))
}

/// Begins a change. From here on nobody else changes the record until it ends, on either database: a change that
/// reads first can never fail half-way because somebody else wrote in between, and the audit chain has no forks.
pub(crate) async fn begin(address: &Address, writer: &AnyPool) -> Result<Transaction<'static, Any>> {
    let begun = match address.backend() {
        Backend::Sqlite => writer.begin_with("BEGIN IMMEDIATE").await,
        Backend::Postgres => postgres::begin(writer).await,
    };
    match begun {
        Err(sqlx::Error::PoolTimedOut) => Err(no_turn(address).await),
        other => other.map_err(|source| address.failed(source)),
    }
}

/// Why no connection was to be had: a server that is gone says so itself, otherwise all are in use.
pub(crate) async fn no_turn(address: &Address) -> StoreError {
    let found = match address.backend() {
        Backend::Sqlite => None,
        Backend::Postgres => postgres::probe(address).await.err(),
    };
    found.unwrap_or_else(|| address.failed(sqlx::Error::PoolTimedOut))
}
