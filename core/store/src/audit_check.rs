//! Walking the audit chain from its first row: a changed, removed, added or reordered row breaks it.

use crate::audit::{COLUMNS, Link};
use crate::error::{Result, StoreError, Thing};
use crate::record::Record;
use crate::sql::Sql;
use serde::{Deserialize, Serialize};

/// Rows read at a time.
const PAGE: u32 = 2_000;

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditCheck {
    /// Rows that hold, from the first one on.
    pub sound: u64,
    /// Hash of the last sound row; write it down elsewhere to prove later that nothing was rewritten.
    pub head: String,
    /// The first break, if there is one.
    pub broken: Option<AuditBreak>,
}

/// The first place where the chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditBreak {
    /// The position at fault.
    pub seq: u64,
    /// What is wrong there.
    pub cause: BreakCause,
}

/// What is wrong with the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BreakCause {
    /// The row is not what was written, or stands in another's place.
    Changed,
    /// The row is not there.
    Removed,
    /// The row was added behind the end of the chain.
    Added,
}

impl Record {
    /// Recomputes the whole chain. Damage is a finding and never an error. It reads one state of the database: rows
    /// that are appended meanwhile are left to the next check.
    pub async fn audit_verify(&self) -> Result<AuditCheck> {
        let head = self.row("audit_head", Sql::new("SELECT seq, hash FROM audit_head WHERE id = 1")).await?;
        let head = head.ok_or_else(|| StoreError::NotFound { thing: Thing::Setting, id: "audit_head".to_owned() })?;
        let (end, end_hash) = (head.int("seq")?, head.text("hash")?);
        let (mut older, mut previous) = (String::new(), String::new());
        let mut sound = 0_i64;
        while sound < end {
            let sql = Sql::new(COLUMNS).only_int("seq > ", sound).only_int("seq <= ", end).push(" ORDER BY seq");
            let page = self.rows("audit", sql.page(Some(PAGE), 0)).await?;
            if page.is_empty() {
                return Ok(broken(sound, previous, BreakCause::Removed));
            }
            for row in &page {
                let link = Link::read(row)?;
                if link.seq != sound + 1 {
                    return Ok(broken(sound, previous, BreakCause::Removed));
                }
                let hash = link.hash(&previous)?;
                if hash != row.text("hash")? {
                    return Ok(broken(sound, previous, BreakCause::Changed));
                }
                older = std::mem::replace(&mut previous, hash);
                sound = link.seq;
            }
        }
        if previous != end_hash {
            // Every row agrees with the one before it and the end is not the one written: the tail was rewritten.
            return Ok(broken(sound - 1, older, BreakCause::Changed));
        }
        // A row behind the head was written by no change of ours, unless the head has moved on meanwhile.
        let beyond = Sql::new(
            "SELECT audit.seq AS seq FROM audit, audit_head WHERE audit_head.id = 1 AND audit.seq > audit_head.seq \
             ORDER BY audit.seq LIMIT 1",
        );
        if self.row("audit", beyond).await?.is_some() {
            return Ok(broken(sound, previous, BreakCause::Added));
        }
        Ok(AuditCheck { sound: count(sound), head: previous, broken: None })
    }
}

fn broken(sound: i64, head: String, cause: BreakCause) -> AuditCheck {
    let sound = count(sound);
    AuditCheck { sound, head, broken: Some(AuditBreak { seq: sound + 1, cause }) }
}

fn count(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}
