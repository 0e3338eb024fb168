//! Room on the disk. A full load writes its dataset anew, so there should be room for the largest table once more.

use super::Finding;
use super::Patient;

#[cfg(unix)]
pub(super) fn look(patient: &Patient<'_>, found: &mut Vec<Finding>) {
    let sizes = patient.logs.iter().map(|log| {
        let live = log.newest().map(|newest| log.live_files(newest)).unwrap_or_default();
        live.into_values().sum::<u64>()
    });
    let needed = sizes.max().unwrap_or(0);
    let root = patient.opening.data.root();
    let Ok(disk) = rustix::fs::statvfs(root) else { return };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < needed {
        let finding = Finding::new(super::Check::DiskLow, root.display());
        found.push(finding.with("free", free).with("needed", needed));
    }
}

#[cfg(not(unix))]
pub(super) fn look(_patient: &Patient<'_>, _found: &mut Vec<Finding>) {}
