//! Whether the database file itself is sound, as far as the database can tell.

use crate::backend::Backend;
use crate::error::Result;
use crate::record::Record;
use crate::sql::Sql;

impl Record {
    /// What the database finds wrong with its own file, in its own words; nothing when it is sound. A server looks after
    /// its files itself: PostgreSQL is not asked.
    pub async fn integrity(&self) -> Result<Vec<String>> {
        if self.backend() != Backend::Sqlite {
            return Ok(Vec::new());
        }
        let check = Sql::new("SELECT quick_check AS problem FROM pragma_quick_check");
        let rows = self.rows("pragma_quick_check", check).await?;
        let problems = rows.iter().map(|row| row.text("problem")).collect::<Result<Vec<_>>>()?;
        Ok(problems.into_iter().filter(|problem| problem != "ok").collect())
    }
}
