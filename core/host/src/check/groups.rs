//! The checks that need the plugin's code, by group. Each runs in a probe; none trusts what an earlier one saw.

pub(super) mod abi;
pub(super) mod catalogue;
pub(super) mod config;
pub(super) mod deliver;
pub(super) mod describe;
pub(super) mod faults;
pub(super) mod incremental;
pub(super) mod lifecycle;
pub(super) mod manners;
pub(super) mod read;
pub(super) mod table;
pub(super) mod transform;

use super::bench::Bench;
use super::report::{Group, Outcome};

/// A check: its id and what it does.
pub(super) type Entry = (&'static str, fn(&mut Bench) -> Outcome);

/// The checks of a group, in their order; none for groups that need no probe.
pub(super) fn of(group: Group) -> &'static [Entry] {
    match group {
        Group::Static | Group::Compatibility => &[],
        Group::Abi => &[("abi.open", abi::open), ("abi.majors", abi::majors), ("abi.room", abi::room)],
        Group::Describe => &[
            ("describe.identity", describe::identity),
            ("describe.components", describe::components),
            ("describe.capabilities", describe::capabilities),
            ("describe.schemas", describe::schemas),
            ("describe.stable", describe::stable),
        ],
        Group::Config => {
            &[("config.good", config::good), ("config.bad", config::bad), ("config.mutations", config::mutated)]
        }
        Group::Lifecycle => &[("lifecycle.thousand", lifecycle::thousand), ("lifecycle.reads", lifecycle::reads)],
        Group::Catalogue => &[
            ("catalogue.check", catalogue::works),
            ("catalogue.answer", catalogue::answer),
            ("catalogue.stable", catalogue::stable),
        ],
        Group::Read => &[
            ("read.complete", read::complete),
            ("read.schema", read::schema),
            ("read.keys", read::keys),
            ("read.again", read::again),
            ("read.unknown", read::unknown),
        ],
        Group::Incremental => &[
            ("incremental.state", incremental::state),
            ("incremental.resume", incremental::resume),
            ("incremental.end", incremental::end),
            ("incremental.future", incremental::future),
        ],
        Group::Transform => &[
            ("transform.known", transform::known),
            ("transform.empty", transform::empty),
            ("transform.examples", transform::examples),
        ],
        Group::Deliver => &[
            ("deliver.receipts", deliver::receipts),
            ("deliver.nothing", deliver::nothing),
            ("deliver.odd", deliver::odd),
        ],
        Group::Faults => &[("faults.cancel", faults::cancel), ("faults.abandon", faults::abandon)],
        Group::Manners => &[("manners.descriptors", manners::descriptors), ("manners.process", manners::process)],
        Group::Speed => &[("speed.read", read::speed)],
    }
}

/// The good side of a check that can end early: `Err` holds why it failed or was skipped.
fn settled(outcome: Result<Outcome, Outcome>) -> Outcome {
    outcome.unwrap_or_else(|outcome| outcome)
}
