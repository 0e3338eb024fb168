//! The contract on SQLite files.

use crate::contract::samples::clock;
use crate::contract::{Place, every_contract};
use sqlx::{AnyConnection, Connection};
use std::path::PathBuf;
use tempfile::TempDir;
use zhengai_store::{Address, Record};

/// A file in a folder of its own, whose name would break a careless address.
pub(crate) struct SqlitePlace {
    folder: TempDir,
}

impl SqlitePlace {
    pub(crate) fn fresh() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("记录 a+b%20#1?.db")
    }

    /// A connection of somebody else's program.
    pub(crate) async fn tool(&self) -> AnyConnection {
        // A link without signs saves this tool from having to escape them.
        let link = self.folder.path().join("tool.db");
        sqlx::any::install_default_drivers();
        std::os::unix::fs::symlink(self.file(), &link).ok();
        AnyConnection::connect(&format!("sqlite:{}?mode=rwc", link.display())).await.unwrap()
    }
}

impl Place for SqlitePlace {
    fn sibling(&self) -> Self {
        Self::fresh()
    }

    fn address(&self) -> Address {
        Address::file(&self.file()).unwrap()
    }

    async fn open(&self) -> Record {
        Record::open_file(&self.file(), clock).await.unwrap()
    }

    async fn tamper(&self, sql: &'static str) {
        let mut tool = self.tool().await;
        let unguard = "DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_shrinks";
        sqlx::raw_sql(unguard).execute(&mut tool).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut tool).await.unwrap();
        tool.close().await.unwrap();
    }
}

every_contract! { Some(SqlitePlace::fresh()) }
