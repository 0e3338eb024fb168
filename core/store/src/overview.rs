//! What a record holds, in numbers.

use crate::backend::Backend;
use crate::dump::Head;
use crate::error::Result;
use crate::migrations;
use crate::record::Record;
use crate::sql::Sql;
use crate::tables;
use serde::Serialize;

/// A record in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// Kind of its database.
    pub backend: Backend,
    /// Where it is, without user and password.
    pub place: String,
    /// Version of the schema.
    pub schema: i64,
    /// Tables by name, with their rows.
    pub tables: Vec<(String, u64)>,
    /// End of the audit chain.
    pub audit: Head,
}

impl Record {
    /// Counts what is there, at one moment.
    pub async fn overview(&self) -> Result<Overview> {
        let failed = |source| self.failed(source);
        let mut snapshot = self.readers().begin_with(self.backend().snapshot()).await.map_err(failed)?;
        let schema = migrations::version(&mut snapshot).await.map_err(failed)?;
        let mut counted = Vec::new();
        for table in tables::tables(self.backend(), &mut snapshot).await.map_err(failed)? {
            let sql = Sql::built(format!("SELECT count(*) AS n FROM \"{}\"", table.name));
            let row = sql.query().fetch_one(&mut *snapshot).await.map_err(failed)?;
            let rows = crate::row::Row::new(table.name, row).int("n")?;
            counted.push((table.name.to_owned(), u64::try_from(rows).unwrap_or(0)));
        }
        let audit = crate::dump::head(self, &mut snapshot).await?;
        snapshot.rollback().await.map_err(failed)?;
        let place = self.place().to_owned();
        Ok(Overview { backend: self.backend(), place, schema, tables: counted, audit })
    }
}
