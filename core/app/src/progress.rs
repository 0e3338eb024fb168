//! Progress on standard error: a bar with rate and ETA when a person watches, nothing otherwise.

use crate::context::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;
use zhengai_wire::{Job, JobState};

/// A bar, or nothing to be seen.
pub(crate) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// A bar for rows. Without a total it counts and shows the rate.
    pub(crate) fn rows(context: &Context, title: &str, total: Option<u64>) -> Self {
        let bar = visible(context, total);
        let unit = context.text("progress-rows");
        let template = match total {
            Some(_) => format!("{{msg}} {{bar:24}} {{human_pos}}/{{human_len}} {unit} {{per_sec}} {{eta}}"),
            None => format!("{{msg}} {{spinner}} {{human_pos}} {unit} {{per_sec}} {{elapsed}}"),
        };
        Self::styled(bar, &template, title)
    }

    /// A counter of bytes.
    pub(crate) fn bytes(context: &Context, title: &str) -> Self {
        Self::styled(visible(context, None), "{msg} {spinner} {bytes} {bytes_per_sec} {elapsed}", title)
    }

    /// A bar for the stages of a diagnosis.
    pub(crate) fn stages(context: &Context, title: &str) -> Self {
        Self::styled(visible(context, Some(1)), "{msg} {bar:24} {pos}/{len} {elapsed}", title)
    }

    fn styled(bar: ProgressBar, template: &str, title: &str) -> Self {
        // A template of ours is well formed; were it not, the default bar does.
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("=> "));
        bar.set_message(title.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar }
    }

    /// Whether nobody knows how much there is in all.
    fn is_open(&self) -> bool {
        self.bar.length().is_none()
    }

    /// So many are done.
    pub(crate) fn at(&self, done: u64) {
        self.bar.set_position(done);
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The bar of a job, whose shape follows what the job counts.
pub(crate) struct JobBar {
    title: String,
    bar: Option<(String, Bar)>,
}

impl JobBar {
    /// Nothing to be seen before the job says how far it is.
    pub(crate) fn new(title: &str) -> Self {
        Self { title: title.to_owned(), bar: None }
    }

    /// The job has come so far.
    pub(crate) fn show(&mut self, context: &Context, job: &Job) {
        let progress = &job.progress;
        if job.state != JobState::Running || progress.unit.is_empty() {
            return;
        }
        let title = progress.what.as_deref().unwrap_or(&self.title);
        let same = |(unit, bar): &(String, Bar)| *unit == progress.unit && bar.is_open() == progress.total.is_none();
        if !self.bar.as_ref().is_some_and(same) {
            let bar = match progress.unit.as_str() {
                "rows" => Bar::rows(context, title, progress.total),
                "bytes" => Bar::bytes(context, title),
                _ => Bar::stages(context, title),
            };
            self.bar = Some((progress.unit.clone(), bar));
        }
        let Some((_, Bar { bar })) = &self.bar else { return };
        bar.set_message(match progress.stage.as_str() {
            "" => title.to_owned(),
            stage => format!("{title} {stage}"),
        });
        if let Some(total) = progress.total {
            bar.set_length(total);
        }
        bar.set_position(progress.done);
    }

    /// Takes the bar away.
    pub(crate) fn end(&mut self) {
        self.bar = None;
    }
}

fn visible(context: &Context, total: Option<u64>) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() && !context.global.quiet {
        ProgressDrawTarget::stderr_with_hz(8)
    } else {
        ProgressDrawTarget::hidden()
    };
    ProgressBar::with_draw_target(total, target)
}
