//! The jobs that the console knows of, and what can be said about how long they take.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use zhengai_wire::{Job, JobState};

/// An estimate before this part is done would only jump about.
const ENOUGH: f64 = 0.02;

/// The jobs that the console knows of.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    known: BTreeMap<String, Job>,
    watched: Vec<String>,
}

/// What the news about a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// It moved on.
    Moved,
    /// It is over now.
    Over,
    /// Nothing that was not known.
    Old,
}

impl Jobs {
    /// Takes in news about a job.
    pub(crate) fn take(&mut self, job: Job) -> News {
        let before = self.known.get(&job.id);
        let news = match before {
            Some(before) if before.state.is_over() => News::Old,
            _ if job.state.is_over() && (before.is_some() || self.watched.contains(&job.id)) => News::Over,
            _ => News::Moved,
        };
        if news != News::Old {
            self.known.insert(job.id.clone(), job);
        }
        news
    }

    /// Whether it has to be followed from now on; says so once per job.
    pub(crate) fn watch(&mut self, id: &str) -> bool {
        let fresh = !self.watched.iter().any(|other| other == id);
        if fresh {
            self.watched.push(id.to_owned());
        }
        fresh
    }

    /// Forgets that a job is followed: the stream broke.
    pub(crate) fn lost(&mut self, id: &str) {
        self.watched.retain(|other| other != id);
    }

    /// Marks a job as being cancelled before the server has said so.
    pub(crate) fn cancelling(&mut self, id: &str) {
        if let Some(job) = self.known.get_mut(id).filter(|job| !job.state.is_over()) {
            job.state = JobState::Cancelling;
        }
    }

    /// Those that are not over, oldest first.
    pub(crate) fn running(&self) -> impl Iterator<Item = &Job> {
        self.known.values().filter(|job| !job.state.is_over())
    }

    /// All of them: at work first, then by the time they were asked for, newest first.
    pub(crate) fn all(&self) -> Vec<&Job> {
        let mut all: Vec<&Job> = self.known.values().collect();
        all.sort_by_key(|job| (job.state.is_over(), std::cmp::Reverse(job.queued_at), job.id.clone()));
        all
    }
}

/// How far it is, from 0 to 1, when that is known.
pub(crate) fn part(job: &Job) -> Option<f64> {
    let total = job.progress.total.filter(|total| *total > 0)?;
    Some((job.progress.done as f64 / total as f64).clamp(0.0, 1.0))
}

/// How long it will still take, when that can be said.
pub(crate) fn eta(job: &Job, now: DateTime<Utc>) -> Option<TimeDelta> {
    let part = part(job).filter(|part| *part >= ENOUGH)?;
    let spent = (now - job.started_at?).num_milliseconds().max(0) as f64;
    Some(TimeDelta::milliseconds((spent / part * (1.0 - part)) as i64))
}

/// Units done per second, when that can be said.
pub(crate) fn rate(job: &Job, now: DateTime<Utc>) -> Option<f64> {
    let spent = (job.ended_at.unwrap_or(now) - job.started_at?).num_milliseconds();
    (spent >= 500 && job.progress.done > 0).then(|| job.progress.done as f64 * 1000.0 / spent as f64)
}

/// A time as `3:07`, or `1:02:09`.
pub(crate) fn clock(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::{Jobs, News, clock, eta, rate};
    use chrono::{DateTime, TimeDelta, Utc};
    use zhengai_wire::job::Progress;
    use zhengai_wire::{Job, JobState};

    fn job(state: JobState, done: u64) -> Job {
        let begun = DateTime::<Utc>::UNIX_EPOCH;
        Job {
            id: "7".into(),
            kind: "diagnose".into(),
            subject: "2026".into(),
            actor: "a".into(),
            state,
            progress: Progress { done, total: Some(200), ..Progress::default() },
            queued_at: begun,
            started_at: Some(begun),
            ended_at: None,
            result: None,
            problem: None,
        }
    }

    #[test]
    fn the_time_left_follows_from_what_is_done() {
        let now = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(30);
        assert_eq!(eta(&job(JobState::Running, 50), now), Some(TimeDelta::seconds(90)));
        assert_eq!(eta(&job(JobState::Running, 1), now), None, "too early to say");
        assert_eq!(rate(&job(JobState::Running, 60), now), Some(2.0));
        assert_eq!(clock(TimeDelta::seconds(3729)), "1:02:09");
        assert_eq!(clock(TimeDelta::seconds(187)), "3:07");
    }

    #[test]
    fn the_end_of_a_job_is_news_once() {
        let mut jobs = Jobs::default();
        assert_eq!(jobs.take(job(JobState::Running, 1)), News::Moved);
        assert_eq!(jobs.take(job(JobState::Done, 200)), News::Over);
        assert_eq!(jobs.take(job(JobState::Running, 2)), News::Old, "a late event does not bring it back");
        assert_eq!(jobs.take(job(JobState::Done, 200)), News::Old);
    }

    #[test]
    fn a_job_that_was_over_before_the_console_came_is_no_news() {
        let mut jobs = Jobs::default();
        assert_eq!(jobs.take(job(JobState::Done, 200)), News::Moved);
        assert_eq!(jobs.running().count(), 0);
    }
}
