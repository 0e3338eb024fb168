//! What a probe takes away from itself before it opens the library: memory, and files and network that no fixture names.
//! A plugin that needs the network says so with the capability `network`.

use super::job::Job;
use rustix::process::{Resource, Rlimit, setrlimit};

/// What a plugin may take at most while it is checked: whoever needs more is not fit for a worker.
const MEMORY: u64 = 1 << 30;

/// Confines this thread and all that it starts. What the system does not let us take is no reason not to check.
pub(super) fn confine(job: &Job) {
    let limit = |resource, most| {
        let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    };
    limit(Resource::Core, 0);
    limit(Resource::As, MEMORY);
    system::confine(job);
}

#[cfg(target_os = "linux")]
mod system {
    use super::Job;
    use landlock::{
        ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, path_beneath_rules,
    };
    use rustix::process::{Signal, getpid, set_child_subreaper, set_parent_process_death_signal};
    use std::path::PathBuf;

    /// The newest rules that we know; the crate leaves out what the kernel does not know yet.
    const RULES: ABI = ABI::V6;

    /// What belongs to the system and to nobody.
    const SYSTEM: [&str; 10] =
        ["/lib", "/lib64", "/usr", "/nix/store", "/gnu/store", "/etc", "/proc", "/sys", "/dev", "/run/systemd/resolve"];

    pub(super) fn confine(job: &Job) {
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
        // Children that lose their parent come to us, so that they are seen.
        let _ = set_child_subreaper(Some(getpid()));
        if let Err(error) = restrict(job) {
            tracing::debug!(%error, "the probe is not confined");
        }
    }

    fn restrict(job: &Job) -> Result<(), RulesetError> {
        let read = AccessFs::from_read(RULES);
        let all = AccessFs::from_all(RULES);
        let mut rules = Ruleset::default().handle_access(all)?;
        if !job.network {
            rules = rules.handle_access(AccessNet::from_all(RULES))?;
        }
        let own: Vec<PathBuf> = [Some(job.dir.clone()), std::env::current_exe().ok(), Some(job.library.clone())]
            .into_iter()
            .flatten()
            .collect();
        let scratch: Vec<PathBuf> = job.events.parent().map(ToOwned::to_owned).into_iter().collect();
        rules
            .create()?
            .add_rules(path_beneath_rules(SYSTEM, read))?
            .add_rules(path_beneath_rules(own, read))?
            .add_rules(path_beneath_rules(["/dev/null"], all))?
            .add_rules(path_beneath_rules(scratch, all))?
            .restrict_self()?;
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    pub(super) fn confine(_job: &super::Job) {}
}
