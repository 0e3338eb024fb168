//! What a worker takes away from itself before it opens a library: descriptors, limits, files, network; and how it
//! ends when its host does.

use super::frame::Open;
use super::{Confinement, Limits};
use rustix::fs::Mode;
use rustix::process::{
    Resource, Rlimit, Signal, getpgrp, getpid, getppid, kill_current_process_group, setrlimit, umask,
};
use std::io;

/// Code, stacks and what allocators keep in reserve count as address space, though nobody uses them as memory.
const RESERVE: u64 = 2 << 30;

/// Closes every descriptor that is not ours: none of the host's may reach the plugin.
pub(super) fn close_the_rest(has_library: bool) {
    let first = if has_library { super::spawn::LIBRARY + 1 } else { super::spawn::LIBRARY };
    let folder = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
    let Ok(listed) = std::fs::read_dir(folder) else { return };
    let open: Vec<i32> = listed.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    for descriptor in open {
        if descriptor < first {
            continue;
        }
        // SAFETY: the descriptor is only looked at; the one of the list itself is closed by now.
        let looked_at = unsafe { std::os::fd::BorrowedFd::borrow_raw(descriptor) };
        if rustix::io::fcntl_getfd(looked_at).is_ok() {
            // SAFETY: this process has just started and has opened nothing that it still uses; whoever passed these on
            // did so by mistake.
            unsafe { rustix::io::close(descriptor) };
        }
    }
    if has_library {
        // SAFETY: the host put the library there; the descriptor stays open as long as the process lives.
        let library = unsafe { std::os::fd::BorrowedFd::borrow_raw(super::spawn::LIBRARY) };
        let _ = rustix::io::fcntl_setfd(library, rustix::io::FdFlags::CLOEXEC);
    }
}

/// Dies with the parent, which must be this process: it may have died before we could ask to follow it.
pub(super) fn follow_parent(parent: i32) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "freebsd"))]
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    match getppid() {
        Some(now) if now.as_raw_nonzero().get() == parent => Ok(()),
        _ => Err(io::Error::other("the host is gone")),
    }
}

/// Ends this process and whatever it started.
pub(super) fn end_the_group(status: u8) -> ! {
    if getpgrp() == getpid() {
        let _ = kill_current_process_group(Signal::KILL);
    }
    std::process::exit(i32::from(status))
}

/// Takes away what this plugin may not have, and says what the system let us take.
pub(super) fn confine(open: &Open) -> Confinement {
    umask(Mode::RWXG | Mode::RWXO);
    let mut confinement = Confinement { unset: limit(&open.limits, open.grace_seconds), ..Confinement::default() };
    system::confine(open, &mut confinement);
    confinement
}

/// Sets the limits; the answer is those that the system refused.
fn limit(limits: &Limits, grace_seconds: u64) -> Vec<String> {
    let both = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    let cpu =
        Rlimit { current: Some(limits.cpu_seconds), maximum: Some(limits.cpu_seconds.saturating_add(grace_seconds)) };
    let mut wanted = vec![
        ("core", Resource::Core, both(0)),
        ("cpu", Resource::Cpu, cpu),
        ("files", Resource::Nofile, both(limits.open_files)),
        ("file", Resource::Fsize, both(limits.file_bytes)),
        ("memory", Resource::Data, both(limits.memory_bytes)),
    ];
    #[cfg(not(target_os = "openbsd"))]
    wanted.push(("space", Resource::As, both(limits.memory_bytes.saturating_add(RESERVE))));
    if let Some(processes) = limits.processes {
        wanted.push(("processes", Resource::Nproc, both(processes)));
    }
    let refused = wanted.into_iter().filter(|(_, resource, most)| {
        // A hard limit that somebody set lower than ours stays: it cannot be raised, and need not.
        let now = rustix::process::getrlimit(*resource);
        let lower = |ours: Option<u64>| match (now.maximum, ours) {
            (Some(theirs), Some(ours)) => Some(theirs.min(ours)),
            (theirs, ours) => ours.or(theirs),
        };
        setrlimit(*resource, Rlimit { current: lower(most.current), maximum: lower(most.maximum) }).is_err()
    });
    refused.map(|(name, ..)| name.to_owned()).collect()
}

#[cfg(target_os = "linux")]
mod system {
    use super::super::frame::Open;
    use super::Confinement;
    use landlock::{
        ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, RestrictionStatus, Ruleset, RulesetAttr,
        RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
    };

    /// The newest rules that we know; the crate leaves out what the kernel does not know yet.
    const RULES: ABI = ABI::V6;
    /// TCP came with this version of the kernel's rules.
    const WITH_TCP: u32 = ABI::V4 as u32;

    /// Libraries of the system, and what they read: caches, zones, locales, certificates, names.
    const SYSTEM: [&str; 34] = [
        "/lib",
        "/lib32",
        "/lib64",
        "/usr/lib",
        "/usr/lib32",
        "/usr/lib64",
        "/usr/local/lib",
        "/usr/local/lib64",
        "/nix/store",
        "/gnu/store",
        "/usr/share/zoneinfo",
        "/usr/share/locale",
        "/usr/share/i18n",
        "/usr/share/ca-certificates",
        "/usr/share/pki",
        "/usr/local/share/ca-certificates",
        "/etc/ld.so.cache",
        "/etc/ld.so.conf",
        "/etc/ld.so.conf.d",
        "/etc/localtime",
        "/etc/timezone",
        "/etc/ssl",
        "/etc/pki",
        "/etc/ca-certificates",
        "/etc/crypto-policies",
        "/etc/hosts",
        "/etc/host.conf",
        "/etc/resolv.conf",
        "/run/systemd/resolve",
        "/etc/nsswitch.conf",
        "/etc/gai.conf",
        "/etc/services",
        "/sys/devices/system/cpu",
        "/sys/fs/cgroup",
    ];
    /// Devices without content of their own.
    const DEVICES: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

    pub(super) fn confine(open: &Open, confinement: &mut Confinement) {
        match restrict(open) {
            Ok(status) => {
                confinement.landlock = match status.landlock {
                    LandlockStatus::Available { effective_abi, .. } => effective_abi as u32,
                    LandlockStatus::NotEnabled | LandlockStatus::NotImplemented => 0,
                };
                confinement.files = status.ruleset != RulesetStatus::NotEnforced;
                confinement.network = !open.access.network && confinement.files && confinement.landlock >= WITH_TCP;
            }
            Err(error) => confinement.unset.push(format!("landlock: {error}")),
        }
    }

    /// The library itself stands in memory, where these rules do not reach and need not.
    fn restrict(open: &Open) -> Result<RestrictionStatus, RulesetError> {
        let read = AccessFs::ReadFile | AccessFs::ReadDir;
        let device: BitFlags<AccessFs> = AccessFs::ReadFile | AccessFs::WriteFile;
        // A plugin may start programs only where it may write, which are its own.
        let write = AccessFs::from_all(RULES);
        let mut rules = Ruleset::default().handle_access(AccessFs::from_all(RULES))?.scope(Scope::from_all(RULES))?;
        if !open.access.network {
            rules = rules.handle_access(AccessNet::from_all(RULES))?;
        }
        let own_process = [format!("/proc/{}", std::process::id())];
        rules
            .create()?
            .add_rules(path_beneath_rules(SYSTEM, read))?
            .add_rules(path_beneath_rules(["/proc/cpuinfo", "/proc/meminfo", "/proc/filesystems"], read))?
            .add_rules(path_beneath_rules(own_process, read))?
            .add_rules(path_beneath_rules(DEVICES, device))?
            .add_rules(path_beneath_rules(&open.access.read, read))?
            .add_rules(path_beneath_rules(&open.access.write, write))?
            .add_rules(path_beneath_rules(&open.folder, write))?
            .restrict_self()
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::super::frame::Open;
    use super::Confinement;

    /// No such thing here: limits and the empty environment are all there is.
    pub(super) fn confine(_open: &Open, _confinement: &mut Confinement) {}
}
