//! What each error of a use case is: its class, and its catalogue entry with the arguments.

use super::ServiceError;
use std::path::Path;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;

pub(crate) fn io_fault(source: &std::io::Error) -> Fault {
    use std::io::ErrorKind;
    match source.kind() {
        ErrorKind::NotFound => Fault::NotFound,
        ErrorKind::PermissionDenied => Fault::Forbidden,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Fault::Exhausted,
        _ => Fault::Unavailable,
    }
}

impl ServiceError {
    /// Line and column in the text that somebody sent, where the error lies in one.
    pub fn place(&self) -> Option<(u64, u64)> {
        match self {
            Self::Warehouse(error) => error.place().map(|at| (at.line, at.column)),
            _ => None,
        }
    }
}

impl Explain for ServiceError {
    fn fault(&self) -> Fault {
        match self {
            Self::NoCollege { .. } | Self::NotFound { .. } | Self::NoHome { .. } | Self::NoRun => Fault::NotFound,
            Self::Calendar { source, .. } => source.fault(),
            Self::Action { source, .. } => source.fault(),
            Self::NotEmpty { .. } | Self::WrongState { .. } | Self::NotLocked { .. } | Self::PeriodLocked { .. } => {
                Fault::Conflict
            }
            Self::DraftMoved { .. } | Self::RecordOfOther { .. } | Self::SettingElsewhere { .. } => Fault::Conflict,
            Self::PasswordExposed { .. } | Self::ConfigByHand { .. } => Fault::Invalid,
            Self::DirectoryBusy { .. } | Self::RecordLost { .. } | Self::TableLost { .. } => Fault::Unavailable,
            Self::Io { source, .. } => io_fault(source),
            Self::BadFile { .. }
            | Self::UnknownSetting { .. }
            | Self::BadSetting { .. }
            | Self::Packs { .. }
            | Self::Indicators { .. }
            | Self::Threshold { .. }
            | Self::Fields { .. }
            | Self::BadArgument { .. }
            | Self::UnknownPurpose { .. }
            | Self::TooMany { .. }
            | Self::ComputedDataset { .. }
            | Self::ChooseComponent { .. }
            | Self::FetchesNothing { .. }
            | Self::NoCatalogue { .. }
            | Self::NoStreams { .. }
            | Self::SecretEmpty { .. }
            | Self::ShippedPlugin { .. }
            | Self::MappingForOther { .. } => Fault::Invalid,
            Self::SecretMissing { .. } => Fault::NotFound,
            Self::Forbidden { .. } | Self::WholeCollege { .. } | Self::Hidden { .. } => Fault::Forbidden,
            Self::NotAuthenticated { .. } => Fault::Unauthenticated,
            Self::Roles { .. } | Self::RoleNeeds { .. } | Self::SettingFixed { .. } => Fault::Invalid,
            Self::Quarantined { .. } | Self::SecretInUse { .. } | Self::SourceWaits { .. } => Fault::Conflict,
            Self::NotAFile { .. } => Fault::Invalid,
            Self::Cancelled => Fault::Cancelled,
            Self::SheetFull { .. } => Fault::Exhausted,
            Self::Workbook { .. } => Fault::Unavailable,
            Self::Template { .. } | Self::Internal { .. } => Fault::Internal,
            Self::Backup(error) => error.fault(),
            Self::Mend(error) => error.fault(),
            Self::Demo(error) => error.fault(),
            Self::Warehouse(error) => error.fault(),
            Self::Engine(error) => error.fault(),
            Self::Undo(error) => error.fault(),
            Self::Store(error) => error.fault(),
            Self::BadPlugin { fault, .. } => *fault,
            Self::Connector { source, .. } => source.fault(),
            Self::Host(error) => error.fault(),
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::NoCollege { data } => Message::new("service-no-college").with("data", data.display()),
            Self::Forbidden { right, roles } => {
                let key = if roles.is_empty() { "service-forbidden-nobody" } else { "service-forbidden" };
                Message::new(key).with("right", right).with("roles", roles.join(", "))
            }
            Self::SettingFixed { key } => Message::new("service-setting-fixed").with("key", key),
            Self::Hidden { why } => why.clone(),
            Self::WholeCollege { right } => Message::new("service-whole-college").with("right", right),
            Self::NotAuthenticated { .. } => Message::new("service-not-authenticated"),
            Self::Roles { path, faults } => {
                Message::new("service-roles").with("path", path.display()).with("count", faults.len())
            }
            Self::RoleNeeds { role, needs } => {
                Message::new("service-role-needs").with("role", role).with("needs", needs)
            }
            Self::NotEmpty { data } => Message::new("service-not-empty").with("data", data.display()),
            Self::DirectoryBusy { data, holder } => {
                Message::new("service-directory-busy").with("data", data.display()).with("holder", holder)
            }
            Self::RecordLost { path } => Message::new("service-record-lost").with("path", path.display()),
            Self::RecordOfOther { place, college } => {
                Message::new("service-record-of-other").with("place", place).with("college", college)
            }
            Self::PasswordExposed { path } => Message::new("service-password-exposed").with("path", path.display()),
            Self::SettingElsewhere { key, origin } => {
                Message::new("service-setting-elsewhere").with("key", key).with("origin", origin)
            }
            Self::ConfigByHand { path, key, lines } => Message::new("service-config-by-hand")
                .with("path", path.display())
                .with("key", key)
                .with("lines", lines),
            Self::TableLost { dataset, path } => {
                Message::new("service-table-lost").with("dataset", dataset).with("path", path.display())
            }
            Self::NoHome { looked } => Message::new("service-no-home").with("looked", looked.display()),
            Self::Io { path, source } => io_message(path, source),
            Self::NotAFile { path } => Message::new("service-not-a-file").with("path", path.display()),
            Self::BadFile { path, line, column, problem } => Message::new("service-bad-file")
                .with("path", path.display())
                .with("line", line)
                .with("column", column)
                .with("problem", problem),
            Self::UnknownSetting { key, known } => {
                Message::new("service-unknown-setting").with("key", key).with("known", known)
            }
            Self::BadSetting { key, value } => {
                Message::new("service-bad-setting").with("key", key).with("value", value)
            }
            Self::Packs { faults } => Message::new("service-packs").with("count", faults.len()),
            Self::Indicators { faults } => Message::new("service-indicators").with("count", faults.len()),
            Self::Fields { faults } => Message::new("service-fields").with("count", faults.len()),
            Self::DraftMoved { code, by } => Message::new("service-draft-moved").with("code", code).with("by", by),
            Self::Threshold { faults } => Message::new("service-threshold").with("count", faults.len()),
            Self::NotFound { what, name, near } => {
                let key = if near.is_empty() { "service-not-found" } else { "service-not-found-near" };
                let message = Message::new(key).with("what", what).with("name", name);
                if near.is_empty() { message } else { message.with("near", near) }
            }
            Self::BadArgument { what, value } => {
                Message::new("service-bad-argument").with("what", what).with("value", value)
            }
            Self::UnknownPurpose { named, known } => {
                Message::new("service-unknown-purpose").with("named", named).with("known", known)
            }
            Self::TooMany { what, count, most } => {
                Message::new("service-too-many").with("what", what).with("count", count).with("most", most)
            }
            Self::WrongState { what, name, state } => {
                Message::new("service-wrong-state").with("what", what).with("name", name).with("state", state)
            }
            Self::NotLocked { plugin, what } => {
                Message::new("service-not-locked").with("plugin", plugin).with("what", what)
            }
            Self::MappingForOther { mapping, dataset } => {
                Message::new("service-mapping-for-other").with("mapping", mapping).with("dataset", dataset)
            }
            Self::PeriodLocked { period, state, rows } => {
                Message::new("service-period-locked").with("period", period).with("state", state).with("rows", rows)
            }
            Self::Quarantined { plugin, version, day, .. } => {
                Message::new("service-quarantined").with("plugin", plugin).with("version", version).with("day", day)
            }
            Self::ShippedPlugin { plugin } => Message::new("service-shipped-plugin").with("plugin", plugin),
            Self::SecretMissing { secret, field } => {
                Message::new("service-secret-missing").with("secret", secret).with("field", field)
            }
            Self::SecretEmpty { secret } => Message::new("service-secret-empty").with("secret", secret),
            Self::SecretInUse { secret, source_name } => {
                Message::new("service-secret-in-use").with("secret", secret).with("source", source_name)
            }
            Self::FetchesNothing { plugin } => Message::new("service-fetches-nothing").with("plugin", plugin),
            Self::ChooseComponent { plugin, wanted, known } => Message::new("service-choose-component")
                .with("plugin", plugin)
                .with("wanted", wanted)
                .with("known", known),
            Self::NoCatalogue { plugin } => Message::new("service-no-catalogue").with("plugin", plugin),
            Self::NoStreams { source_name } => Message::new("service-no-streams").with("source", source_name),
            Self::SourceWaits { source_name, batch } => {
                Message::new("service-source-waits").with("source", source_name).with("batch", batch)
            }
            Self::NoRun => Message::new("service-no-run"),
            Self::Calendar { source, .. } => source.message(),
            Self::Action { source, .. } => source.message(),
            Self::Cancelled => Message::new("service-cancelled"),
            Self::ComputedDataset { dataset } => Message::new("service-computed-dataset").with("dataset", dataset),
            Self::SheetFull { path, rows, most } => {
                Message::new("service-sheet-full").with("path", path.display()).with("rows", rows).with("most", most)
            }
            Self::Workbook { path, source } => {
                Message::new("service-workbook").with("path", path.display()).with("problem", source)
            }
            Self::Template { source } => Message::new("service-template").with("problem", source),
            Self::Backup(error) => error.message(),
            Self::Mend(error) => error.message(),
            Self::Demo(error) => error.message(),
            Self::Warehouse(error) => error.message(),
            Self::Engine(error) => error.message(),
            Self::Undo(error) => error.message(),
            Self::Store(error) => error.message(),
            Self::BadPlugin { message, .. } | Self::Connector { message, .. } => message.clone(),
            Self::Host(error) => error.message(),
            Self::Internal { what } => Message::new("service-internal").with("what", what),
        }
    }
}

pub(crate) fn io_message(path: &Path, source: &std::io::Error) -> Message {
    use std::io::ErrorKind;
    let key = match source.kind() {
        ErrorKind::NotFound => "service-io-not-found",
        ErrorKind::PermissionDenied => "service-io-denied",
        ErrorKind::ReadOnlyFilesystem => "service-io-read-only",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "service-io-full",
        _ => return Message::new("service-io").with("path", path.display()).with("problem", source),
    };
    Message { key: key.to_owned(), args: vec![("path".to_owned(), path.display().to_string())] }
}
