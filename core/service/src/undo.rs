//! Undo (撤销): takes the last reversible change of a person back, out of the audit log, so that it survives a restart.
//! What was taken back is told by rows of their own, which name the row that they undo; nothing is ever removed.
//!
//! Each kind of thing that can be undone is a `Reversal` in `KINDS`. A change can be taken back as long as the thing
//! still is as that change left it, and as long as the person has the right to make such a change: whoever changed it since,
//! or what right was lost, is named.

mod periods;
mod plugins;
mod sources;
mod thresholds;
mod warnings;

use crate::college::College;
use crate::error::ServiceError;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_store::{AuditFilter, AuditRow};

/// What a reversal gives later.
pub(crate) type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, ServiceError>> + Send + 'a>>;

/// How changes of one kind of thing are taken back. To make something reversible, write one and add it to [`KINDS`].
pub(crate) trait Reversal: Sync {
    /// Words of the audit for such changes.
    fn actions(&self) -> &'static [&'static str];

    /// The right that such a change needs; taking it back is such a change too.
    fn right(&self) -> Right;

    /// Whether this very change can be taken back at all.
    fn reversible(&self, _college: &College, _row: &AuditRow) -> bool {
        true
    }

    /// The change in words.
    fn told(&self, rows: &[AuditRow]) -> Message;

    /// Why it cannot be taken back now. `rows` are the rows of one change, in order.
    fn obstacle<'a>(&'a self, college: &'a College, rows: &'a [AuditRow]) -> Later<'a, Option<Message>>;

    /// Takes it back. The record of this college marks what is written as an undo.
    fn revert<'a>(&'a self, college: &'a College, rows: &'a [AuditRow]) -> Later<'a, ()>;
}

/// Everything that can be undone.
const KINDS: [&dyn Reversal; 5] =
    [&warnings::Deeds, &thresholds::Thresholds, &plugins::Switches, &periods::States, &sources::Changes];

/// Rows of the audit that are read at once.
const PAGE: u32 = 500;
/// How many pages back are looked through.
const PAGES: usize = 20;

/// A change that can be taken back, or could.
#[derive(Debug, Clone, PartialEq)]
pub struct Undoable {
    /// Its rows in the audit, in order.
    pub rows: Vec<AuditRow>,
    /// The change in words.
    pub told: Message,
    /// Why it cannot be taken back any more.
    pub obstacle: Option<Message>,
}

impl Undoable {
    /// The number by which it is named: that of its first row.
    pub fn seq(&self) -> u64 {
        self.rows.first().map_or(0, |row| row.seq)
    }
}

/// Why nothing is taken back.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum UndoRefused {
    /// There is nothing that this person could take back.
    #[error("nothing to undo")]
    Nothing,
    /// The change that was named is not the last one.
    #[error("the last change is {last}, not {asked}")]
    NotTheLast {
        /// The row that was named.
        asked: u64,
        /// The row of the last change.
        last: u64,
    },
    /// It cannot be taken back any more.
    #[error("change {seq} cannot be undone")]
    Obstacle {
        /// Its row.
        seq: u64,
        /// Why.
        why: Message,
    },
}

impl Explain for UndoRefused {
    fn fault(&self) -> Fault {
        match self {
            Self::Nothing => Fault::NotFound,
            Self::NotTheLast { .. } | Self::Obstacle { .. } => Fault::Conflict,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Nothing => Message::new("service-undo-nothing"),
            Self::NotTheLast { asked, last } => {
                Message::new("service-undo-not-last").with("asked", asked).with("last", last)
            }
            Self::Obstacle { why, .. } => why.clone(),
        }
    }
}

impl College {
    /// The last reversible change of this person, and whether it can still be taken back.
    pub async fn undoable(&self) -> Result<Option<Undoable>, ServiceError> {
        let Some((kind, rows)) = self.last_reversible().await? else { return Ok(None) };
        let obstacle = match self.permit(kind.right()) {
            Ok(()) => kind.obstacle(self, &rows).await?,
            Err(lost) => Some(lost.message()),
        };
        Ok(Some(Undoable { told: kind.told(&rows), rows, obstacle }))
    }

    /// Takes the last reversible change of this person back. With a number it must be that one.
    pub async fn undo(&self, seq: Option<u64>) -> Result<Undoable, ServiceError> {
        let (kind, rows) = self.last_reversible().await?.ok_or(UndoRefused::Nothing)?;
        self.permit(kind.right())?;
        let undoable = Undoable { told: kind.told(&rows), rows, obstacle: None };
        let last = undoable.seq();
        if let Some(asked) = seq.filter(|asked| *asked != last) {
            return Err(UndoRefused::NotTheLast { asked, last }.into());
        }
        if let Some(why) = kind.obstacle(self, &undoable.rows).await? {
            return Err(UndoRefused::Obstacle { seq: last, why }.into());
        }
        kind.revert(&self.undoing(last), &undoable.rows).await?;
        Ok(undoable)
    }

    async fn last_reversible(&self) -> Result<Option<(&'static dyn Reversal, Vec<AuditRow>)>, ServiceError> {
        let mine = AuditFilter { actor: Some(self.actor().name.clone()), ..AuditFilter::default() };
        let mut undone = BTreeSet::new();
        let mut before = None;
        for _ in 0..PAGES {
            let page = AuditFilter { before, limit: Some(PAGE), ..mine.clone() };
            let rows = self.record.audit_list(&page).await?;
            for row in rows.iter().rev() {
                if let Some(seq) = row.undoes {
                    undone.insert(seq);
                    continue;
                }
                let Some(kind) = kind_of(self, row) else { continue };
                if undone.contains(&row.bulk.unwrap_or(row.seq)) {
                    continue;
                }
                let rows = match row.bulk {
                    None => vec![row.clone()],
                    Some(first) => {
                        let (after, before) = (Some(first.saturating_sub(1)), Some(row.seq + 1));
                        let all = AuditFilter { after, before, ..mine.clone() };
                        self.record.audit_list(&all).await?
                    }
                };
                return Ok(Some((kind, rows)));
            }
            match rows.first() {
                Some(oldest) if rows.len() == PAGE as usize => before = Some(oldest.seq),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Who changed a thing after a row, as a reason against taking that row back.
    pub(crate) async fn changed_since(&self, row: &AuditRow) -> Result<Message, ServiceError> {
        let filter = AuditFilter {
            thing: Some(row.thing.clone()),
            subject: Some(row.subject.clone()),
            after: Some(row.seq),
            ..AuditFilter::default()
        };
        let later = self.record.audit_list(&filter).await?;
        let message = |key| Message::new(key).with("thing", &row.thing).with("subject", &row.subject);
        Ok(match later.last() {
            Some(last) => message("service-undo-changed-by")
                .with("by", &last.actor.name)
                .with("at", last.at.format("%Y-%m-%d %H:%M UTC")),
            None => message("service-undo-changed"),
        })
    }
}

fn kind_of(college: &College, row: &AuditRow) -> Option<&'static dyn Reversal> {
    KINDS.into_iter().find(|kind| kind.actions().contains(&row.action.as_str()) && kind.reversible(college, row))
}

/// What a row says of its thing, as far as a reversal needs it.
pub(crate) fn read<T: DeserializeOwned>(row: &AuditRow, said: Option<&Value>) -> Result<T, ServiceError> {
    serde_json::from_value(said.cloned().unwrap_or_default())
        .map_err(|error| ServiceError::Internal { what: format!("audit row {}: {error}", row.seq) })
}

/// The reason that stands in the record for what an undo does: the number of the row that it takes back.
pub(crate) fn because(row: &AuditRow) -> String {
    format!("#{}", row.seq)
}

#[cfg(test)]
mod tests;
