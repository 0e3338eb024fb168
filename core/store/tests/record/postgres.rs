//! The contract on PostgreSQL: a database of its own for each test, in a cluster that the tests start themselves.

use crate::contract::samples::clock;
use crate::contract::{Place, every_contract};
use zhengai_store::{Address, Record};
use zhengai_test_postgres::{Database, shared};

/// A new database, or nothing where PostgreSQL is not installed.
pub(crate) struct PostgresPlace {
    pub(crate) database: Database<'static>,
}

impl PostgresPlace {
    pub(crate) fn fresh() -> Option<Self> {
        shared().map(|cluster| Self { database: cluster.database() })
    }
}

impl Place for PostgresPlace {
    fn sibling(&self) -> Self {
        Self { database: self.database.cluster.database() }
    }

    fn address(&self) -> Address {
        Address::parse(&self.database.url()).unwrap()
    }

    async fn open(&self) -> Record {
        Record::open_at(&self.address(), clock).await.unwrap()
    }

    async fn tamper(&self, sql: &'static str) {
        self.database.sql(&format!("ALTER TABLE audit DISABLE TRIGGER USER; {sql}"));
    }
}

every_contract! { PostgresPlace::fresh() }
