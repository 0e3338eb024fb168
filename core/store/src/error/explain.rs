//! What to tell a person about an error of the record, by keys of the catalogue.

use super::StoreError;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;

impl Explain for StoreError {
    fn fault(&self) -> Fault {
        match self {
            Self::BadAddress { .. }
            | Self::NotADatabase { .. }
            | Self::NoDatabase { .. }
            | Self::Tls { .. }
            | Self::NulInText { .. }
            | Self::NotUtf8 { .. }
            | Self::BadDump { .. }
            | Self::Foreign { .. }
            | Self::ReasonMissing { .. }
            | Self::ExceptionOver { .. }
            | Self::NoSteps { .. } => Fault::Invalid,
            Self::NotFound { .. } => Fault::NotFound,
            Self::Newer { .. }
            | Self::AlteredMigration { .. }
            | Self::NotEmpty { .. }
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
            Self::Full { .. } | Self::Exhausted { .. } => Fault::Exhausted,
            Self::Unreachable { .. }
            | Self::NoServer { .. }
            | Self::Lost { .. }
            | Self::CommitUnknown { .. }
            | Self::Damaged { .. }
            | Self::Busy { .. }
            | Self::InUse { .. }
            | Self::DumpIo { .. }
            | Self::ReadOnly { .. } => Fault::Unavailable,
            Self::NotAllowed { .. } => Fault::Forbidden,
            Self::Nobody | Self::Login { .. } => Fault::Unauthenticated,
            Self::Migration { .. }
            | Self::Refused { .. }
            | Self::Spoilt { .. }
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
            | Self::NoServer { place, .. }
            | Self::Login { place, .. }
            | Self::NoDatabase { place, .. }
            | Self::Tls { place, .. }
            | Self::Lost { place, .. }
            | Self::CommitUnknown { place, .. }
            | Self::Exhausted { place, .. }
            | Self::NotAllowed { place, .. }
            | Self::NulInText { place, .. }
            | Self::InUse { place }
            | Self::NotEmpty { place }
            | Self::Refused { place, .. } => message.with("place", place),
            Self::NotUtf8 { place, encoding } => message.with("place", place).with("encoding", encoding),
            Self::BadDump { line, rule } => message.with("line", line).with("rule", rule),
            Self::Newer { place, found, known } => {
                message.with("place", place).with("found", found).with("known", known)
            }
            Self::AlteredMigration { place, version } => message.with("place", place).with("version", version),
            Self::BadRow { table, column, .. } => message.with("table", table).with("column", column),
            Self::Encode { .. } | Self::DumpIo { .. } | Self::WarningOpen | Self::Nobody => message,
            Self::Spoilt { code } => message.with("code", code),
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
