//! What follows a failure of a connector, by the class of the error: wait and resume, once more, from the beginning, stop
//! this stream, stop the source, keep the version out. Decides; waits for nobody.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use zhengai_host::{ErrorClass, HostError, Retry};
use zhengai_warehouse::CancelFlag;

/// Waits so long, or until the flag is raised. The composition hands it in, so that no test waits.
pub type Wait = fn(Duration, CancelFlag) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// Who must act on a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Nobody: somebody asked to stop.
    Cancelled,
    /// A person: configuration or permission.
    Person,
    /// Whoever keeps the data of this stream.
    Data,
    /// Nobody: the connector cannot do this.
    Unsupported,
    /// Time, as long as the other side asks for when it says so.
    Later(Option<Duration>),
    /// The plugin's author: its code failed, or its end cannot be believed.
    Crash,
}

/// The class of a failure.
pub(crate) fn class(error: &HostError) -> Class {
    match error.retry() {
        Retry::Never if error.failure().is_some_and(|failure| failure.class == ErrorClass::Unsupported) => {
            Class::Unsupported
        }
        Retry::Never => Class::Data,
        Retry::Person => Class::Person,
        Retry::Later { after } => Class::Later(after),
        Retry::OnceThenQuarantine => Class::Crash,
        Retry::Resume => Class::Cancelled,
    }
}

/// How patient a sync is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Patience {
    /// Tries in a row that bring nothing, before a stream gives up.
    pub(crate) attempts: u32,
    /// Wait before the second try; each further one is twice as long.
    pub(crate) first: Duration,
    /// Longest wait. A connector that asks for more is synced another time.
    pub(crate) longest: Duration,
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Wait, then read again from the last committed state.
    Again(Duration),
    /// Read again from the beginning: the connector cannot resume.
    FromStart,
    /// This stream stops, others go on.
    StopStream,
    /// The source stops: other streams would fail alike.
    StopSource,
    /// The source stops and this version of the plugin is kept out.
    Quarantine,
}

/// Failures of one sync so far.
#[derive(Debug)]
pub(crate) struct Retries {
    patience: Patience,
    /// Failures of this stream since rows of it were last committed.
    tries: u32,
    /// This stream is read from the beginning already.
    from_start: bool,
    /// Crashes in the whole sync: streams share the code that fails.
    crashes: u32,
}

impl Retries {
    /// No failures yet.
    pub(crate) fn new(patience: Patience) -> Self {
        Self { patience, tries: 0, from_start: false, crashes: 0 }
    }

    /// The next stream begins.
    pub(crate) fn begin_stream(&mut self) {
        self.tries = 0;
        self.from_start = false;
    }

    /// Rows were committed: what went wrong before is over.
    pub(crate) fn progressed(&mut self) {
        self.tries = 0;
    }

    /// What follows this failure of a read that did, or did not, resume from a state.
    pub(crate) fn after(&mut self, class: Class, resumed: Resumed) -> Step {
        match class {
            Class::Cancelled | Class::Person => Step::StopSource,
            Class::Data => Step::StopStream,
            Class::Unsupported if resumed == Resumed::FromState && !self.from_start => {
                self.from_start = true;
                Step::FromStart
            }
            Class::Unsupported => Step::StopStream,
            Class::Crash => {
                self.crashes += 1;
                if self.crashes > 1 { Step::Quarantine } else { Step::Again(Duration::ZERO) }
            }
            Class::Later(asked) => {
                self.tries += 1;
                let wait = self.wait().max(asked.unwrap_or_default());
                if self.tries >= self.patience.attempts || asked.is_some_and(|asked| asked > self.patience.longest) {
                    Step::StopSource
                } else {
                    Step::Again(wait)
                }
            }
        }
    }

    fn wait(&self) -> Duration {
        let doubled = 1_u32.checked_shl(self.tries.saturating_sub(1)).unwrap_or(u32::MAX);
        self.patience.first.saturating_mul(doubled).min(self.patience.longest)
    }
}

/// Where a read began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resumed {
    /// At a state.
    FromState,
    /// At the beginning.
    FromStart,
}

#[cfg(test)]
mod tests {
    use super::{Class, Patience, Resumed, Retries, Step};
    use std::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    fn retries() -> Retries {
        Retries::new(Patience { attempts: 5, first: SECOND, longest: 3 * SECOND })
    }

    fn steps(classes: &[Class]) -> Vec<Step> {
        let mut retries = retries();
        classes.iter().map(|class| retries.after(*class, Resumed::FromState)).collect()
    }

    #[test]
    fn passing_trouble_waits_twice_as_long_each_time_up_to_the_longest_and_then_gives_up() {
        let again = |seconds| Step::Again(seconds * SECOND);
        assert_eq!(steps(&[Class::Later(None); 5]), [again(1), again(2), again(3), again(3), Step::StopSource]);
    }

    #[test]
    fn committed_rows_make_patience_new() {
        let mut retries = retries();
        for _ in 0..20 {
            assert_eq!(retries.after(Class::Later(None), Resumed::FromState), Step::Again(SECOND));
            retries.progressed();
        }
    }

    #[test]
    fn the_wait_that_the_other_side_asks_for_is_kept_unless_it_is_too_long_to_wait_for() {
        let asked = |seconds| Class::Later(Some(seconds * SECOND));
        assert_eq!(steps(&[asked(2)]), [Step::Again(2 * SECOND)]);
        assert_eq!(steps(&[asked(4)]), [Step::StopSource]);
    }

    #[test]
    fn a_crash_is_tried_once_more_and_the_second_one_keeps_the_version_out_even_in_another_stream() {
        let mut retries = retries();
        assert_eq!(retries.after(Class::Crash, Resumed::FromStart), Step::Again(Duration::ZERO));
        retries.progressed();
        retries.begin_stream();
        assert_eq!(retries.after(Class::Crash, Resumed::FromStart), Step::Quarantine);
    }

    #[test]
    fn a_connector_that_cannot_resume_is_read_from_the_beginning_once() {
        assert_eq!(steps(&[Class::Unsupported, Class::Unsupported]), [Step::FromStart, Step::StopStream]);
        assert_eq!(retries().after(Class::Unsupported, Resumed::FromStart), Step::StopStream);
    }

    #[test]
    fn bad_data_stops_its_stream_and_what_a_person_must_mend_stops_the_source() {
        assert_eq!(steps(&[Class::Data]), [Step::StopStream]);
        assert_eq!(steps(&[Class::Person]), [Step::StopSource]);
    }
}
