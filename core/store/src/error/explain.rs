//! What to tell a person about an error of the record, by keys of the catalogue.

use super::StoreError;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;

impl Explain for StoreError {
    fn fault(&self) -> Fault {
        match self {
            Self::BadAddress { .. }
            | Self::NotADatabase { .. }
            | Self::Foreign { .. }
            | Self::ReasonMissing { .. }
            | Self::ExceptionOver { .. }
            | Self::NoSteps { .. } => Fault::Invalid,
            Self::NotFound { .. } => Fault::NotFound,
            Self::Newer { .. }
            | Self::AlteredMigration { .. }
            | Self::Exists { .. }
            | Self::WrongState { .. }
            | Self::RunSettled { .. }
            | Self::CannotSupersede { .. }
            | Self::CycleClosed { .. }
            | Self::StepNotAllowed { .. }
            | Self::WarningOpen
            | Self::Stale { .. }
            | Self::StaleWarnings { .. }
            | Self::PeriodSigned { .. } => Fault::Conflict,
            Self::Full { .. } => Fault::Exhausted,
            Self::Unreachable { .. } | Self::Damaged { .. } | Self::Busy { .. } | Self::ReadOnly { .. } => {
                Fault::Unavailable
            }
            Self::Nobody => Fault::Unauthenticated,
            Self::Migration { .. }
            | Self::Refused { .. }
            | Self::BadRow { .. }
            | Self::Encode { .. }
            | Self::NotAWord { .. } => Fault::Internal,
        }
    }

    fn message(&self) -> Message {
        let message = Message { key: format!("store-{}", self.code()), args: Vec::new() };
        match self {
            Self::BadAddress { place }
            | Self::Unreachable { place, .. }
            | Self::NotADatabase { place, .. }
            | Self::Damaged { place, .. }
            | Self::Foreign { place }
            | Self::Migration { place, .. }
            | Self::Busy { place, .. }
            | Self::Full { place, .. }
            | Self::ReadOnly { place, .. }
            | Self::Refused { place, .. } => message.with("place", place),
            Self::Newer { place, found, known } => {
                message.with("place", place).with("found", found).with("known", known)
            }
            Self::AlteredMigration { place, version } => message.with("place", place).with("version", version),
            Self::BadRow { table, column, .. } => message.with("table", table).with("column", column),
            Self::Encode { .. } | Self::WarningOpen | Self::Nobody => message,
            Self::NotAWord { json } => message.with("json", json),
            Self::NotFound { thing, id } | Self::Exists { thing, id } | Self::Stale { thing, id } => {
                message.with("thing", thing).with("id", id)
            }
            Self::WrongState { thing, id, from, to } => {
                message.with("thing", thing).with("id", id).with("from", from).with("to", to)
            }
            Self::StaleWarnings { count } => message.with("count", count),
            Self::RunSettled { run, state } => message.with("run", run).with("state", state),
            Self::CannotSupersede { run, by } => message.with("run", run).with("by", by),
            Self::CycleClosed { cycle } => message.with("cycle", cycle),
            Self::StepNotAllowed { cycle, from, to } => message.with("cycle", cycle).with("from", from).with("to", to),
            Self::NoSteps { template } => message.with("template", template),
            Self::ReasonMissing { action } => message.with("action", action),
            Self::ExceptionOver { period, until } => message.with("period", period).with("until", until),
            Self::PeriodSigned { period } => message.with("period", period),
        }
    }
}
