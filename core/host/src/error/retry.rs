//! What to do after an error: the table of error classes as one answer.

use super::HostError;
use std::time::Duration;
use zhengai_plugin_abi::ErrorClass;

/// What may be tried after an error, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same would come out again: this stream stops, others go on.
    Never,
    /// A person must act first: configuration, account, library, limit.
    Person,
    /// Passing trouble: back off, then resume at the last committed state.
    Later {
        /// How long the other side asked us to wait; `None` when it did not say.
        after: Option<Duration>,
    },
    /// The plugin failed, not the data: resume once more at the last committed state; when that fails in this way too,
    /// this version of the plugin goes into quarantine.
    OnceThenQuarantine,
    /// Nothing is wrong: somebody asked to stop. Resume at the last committed state when it is wanted.
    Resume,
}

impl HostError {
    /// What may be tried after this error.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::Plugin(failure) => match failure.class {
                ErrorClass::Config | ErrorClass::Auth | ErrorClass::Abi => Retry::Person,
                ErrorClass::Transient | ErrorClass::Timeout | ErrorClass::RateLimit => Retry::Later {
                    after: (failure.retry_after_ms > 0)
                        .then(|| Duration::from_millis(u64::from(failure.retry_after_ms))),
                },
                ErrorClass::Data | ErrorClass::Unsupported => Retry::Never,
                ErrorClass::System | ErrorClass::Panic => Retry::OnceThenQuarantine,
                ErrorClass::Cancelled => Retry::Resume,
            },
            Self::Malformed { .. }
            | Self::Poisoned { .. }
            | Self::Crashed { .. }
            | Self::Incomplete { .. }
            | Self::Stalled { .. } => Retry::OnceThenQuarantine,
            Self::Worker { .. } => Retry::Later { after: None },
            Self::ManifestMissing { .. }
            | Self::Manifest { .. }
            | Self::Contradiction { .. }
            | Self::Twice { .. }
            | Self::File { .. }
            | Self::NotText { .. }
            | Self::TooLarge { .. }
            | Self::Abi { .. }
            | Self::NoLibrary { .. }
            | Self::LibraryMissing { .. }
            | Self::Changed { .. }
            | Self::NeedsRestart { .. }
            | Self::Open { .. }
            | Self::Entry { .. }
            | Self::OtherPlugin { .. }
            | Self::NoComponent { .. }
            | Self::Config { .. }
            | Self::Key { .. }
            | Self::NotSigned { .. }
            | Self::BadSignature { .. }
            | Self::UnknownKey { .. }
            | Self::Limit { .. } => Retry::Person,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{HostError, Retry};
    use crate::wire::failed;
    use std::time::Duration;
    use zhengai_model::ids::PluginId;
    use zhengai_plugin_abi::ErrorClass;

    fn of(class: ErrorClass) -> Retry {
        failed(&PluginId::new("zoo").unwrap(), class, "x").retry()
    }

    #[test]
    fn errors_that_need_a_person_are_not_retried() {
        for class in [ErrorClass::Config, ErrorClass::Auth, ErrorClass::Abi] {
            assert_eq!(of(class), Retry::Person);
        }
    }

    #[test]
    fn passing_trouble_is_retried_later_as_asked() {
        for class in [ErrorClass::Transient, ErrorClass::Timeout, ErrorClass::RateLimit] {
            assert_eq!(of(class), Retry::Later { after: None });
        }
        let HostError::Plugin(mut failure) = failed(&PluginId::new("zoo").unwrap(), ErrorClass::RateLimit, "x") else {
            unreachable!("failed makes errors of plugins")
        };
        failure.retry_after_ms = 1500;
        assert_eq!(HostError::Plugin(failure).retry(), Retry::Later { after: Some(Duration::from_millis(1500)) });
    }

    #[test]
    fn a_plugin_that_fails_gets_one_more_try() {
        let plugin = || PluginId::new("zoo").unwrap();
        assert_eq!(of(ErrorClass::System), Retry::OnceThenQuarantine);
        assert_eq!(of(ErrorClass::Panic), Retry::OnceThenQuarantine);
        assert_eq!(
            HostError::Crashed { plugin: plugin(), how: "SIGSEGV".to_owned() }.retry(),
            Retry::OnceThenQuarantine
        );
        assert_eq!(HostError::Incomplete { plugin: plugin(), rule: String::new() }.retry(), Retry::OnceThenQuarantine);
        assert_eq!(of(ErrorClass::Cancelled), Retry::Resume);
        assert_eq!(of(ErrorClass::Data), Retry::Never);
        assert_eq!(of(ErrorClass::Unsupported), Retry::Never);
    }
}
