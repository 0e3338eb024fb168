//! Whether a cycle template can be walked: one start, known next steps, every step reachable, a step that diagnoses, a
//! small loop that comes back into the large one.

use super::{CycleTemplate, LoopKind, Step};
use crate::fault::{Explain, Fault};
use crate::text::Message;
use std::collections::BTreeSet;

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    /// It has no steps.
    #[error("no steps")]
    Empty,
    /// Two steps have one id.
    #[error("step `{step}` stands twice")]
    Twice {
        /// The id.
        step: String,
    },
    /// A next step that is not there.
    #[error("step `{step}` leads to `{next}`, which is not there")]
    UnknownNext {
        /// The step.
        step: String,
        /// The id that is not there.
        next: String,
    },
    /// The first step must be of the large loop; it is where a cycle starts.
    #[error("the first step `{step}` is not of the large loop")]
    Start {
        /// The step.
        step: String,
    },
    /// A step that no way from the first leads to.
    #[error("step `{step}` cannot be reached")]
    Unreachable {
        /// The step.
        step: String,
    },
    /// No step diagnoses, so runs would belong nowhere.
    #[error("no step diagnoses")]
    NoDiagnosis,
    /// The small loop never leads back into the large one.
    #[error("from step `{step}` of the small loop no way leads back into the large loop")]
    LoopsApart {
        /// The step.
        step: String,
    },
}

impl Explain for TemplateFault {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        match self {
            Self::Empty => Message::new("model-cycle-empty"),
            Self::Twice { step } => Message::new("model-cycle-step-twice").with("step", step),
            Self::UnknownNext { step, next } => {
                Message::new("model-cycle-unknown-next").with("step", step).with("next", next)
            }
            Self::Start { step } => Message::new("model-cycle-start").with("step", step),
            Self::Unreachable { step } => Message::new("model-cycle-unreachable").with("step", step),
            Self::NoDiagnosis => Message::new("model-cycle-no-diagnosis"),
            Self::LoopsApart { step } => Message::new("model-cycle-loops-apart").with("step", step),
        }
    }
}

impl CycleTemplate {
    /// The step with this id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// Where a cycle starts: the first step.
    pub fn start(&self) -> Option<&Step> {
        self.steps.first()
    }

    /// The steps that may follow a step: those named, otherwise the next of the same loop in order. After the last step of
    /// the large loop a new round begins with a new cycle, so it has none.
    pub fn following(&self, id: &str) -> Vec<&Step> {
        let Some(at) = self.steps.iter().position(|step| step.id == id) else { return Vec::new() };
        let Some(step) = self.steps.get(at) else { return Vec::new() };
        if !step.next.is_empty() {
            return step.next.iter().filter_map(|next| self.step(next)).collect();
        }
        self.steps.iter().skip(at + 1).find(|later| later.of_loop == step.of_loop).into_iter().collect()
    }

    /// Whether a cycle may move from one step to the other.
    pub fn allows(&self, from: &str, to: &str) -> bool {
        self.following(from).iter().any(|step| step.id == to)
    }

    fn reachable<'a>(&'a self, from: &'a str) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(self.following(id).into_iter().map(|step| step.id.as_str()));
            }
        }
        seen
    }
}

/// Everything that is wrong with a template.
pub fn check_template(template: &CycleTemplate) -> Vec<TemplateFault> {
    let Some(start) = template.start() else { return vec![TemplateFault::Empty] };
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for step in &template.steps {
        if !seen.insert(&step.id) {
            faults.push(TemplateFault::Twice { step: step.id.clone() });
        }
        for next in step.next.iter().filter(|next| template.step(next).is_none()) {
            faults.push(TemplateFault::UnknownNext { step: step.id.clone(), next: next.clone() });
        }
    }
    if start.of_loop != LoopKind::Large {
        faults.push(TemplateFault::Start { step: start.id.clone() });
    }
    let reachable = template.reachable(&start.id);
    for step in &template.steps {
        if !reachable.contains(step.id.as_str()) {
            faults.push(TemplateFault::Unreachable { step: step.id.clone() });
        }
        let back = |id: &&str| template.step(id).is_some_and(|step| step.of_loop == LoopKind::Large);
        if step.of_loop == LoopKind::Small && !template.reachable(&step.id).iter().any(back) {
            faults.push(TemplateFault::LoopsApart { step: step.id.clone() });
        }
    }
    if !template.steps.iter().any(|step| step.diagnoses) {
        faults.push(TemplateFault::NoDiagnosis);
    }
    faults
}

#[cfg(test)]
mod tests;
