//! Settings of the record itself: the school's code and name and the like, each a word and a text.

use crate::audit::{Actor, Entry};
use crate::error::{Result, Thing};
use crate::record::Record;
use crate::sql::Sql;

impl Record {
    /// The setting, if it was ever set.
    pub async fn meta_get(&self, key: &str) -> Result<Option<String>> {
        let row = self.row("meta", Sql::new("SELECT value FROM meta").only("key = ", key)).await?;
        row.map(|row| row.text("value")).transpose()
    }

    /// Sets it; the same value again writes nothing.
    pub async fn meta_set(&self, actor: &Actor, key: &str, value: &str) -> Result<()> {
        let mut change = self.change(actor).await?;
        let before = change.row("meta", Sql::new("SELECT value FROM meta").only("key = ", key)).await?;
        let before = before.map(|row| row.text("value")).transpose()?;
        if before.as_deref() == Some(value) {
            return Ok(());
        }
        let sql = Sql::new(
            "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        );
        change.run(sql.text(key).text(value)).await?;
        change.commit(Entry::new("setting.set", Thing::Setting, key).before(&before)?.after(&value)?).await
    }
}
