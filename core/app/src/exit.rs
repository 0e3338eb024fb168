//! Exit codes, documented in `docs/exit-codes.md`: one for each class of fault, so that scripts can tell them apart.

use zhengai_model::fault::Fault;

/// Everything done.
pub(crate) const DONE: u8 = 0;
/// Done, but some rows were rejected or some checks failed; nothing is lost.
pub(crate) const PARTLY: u8 = 1;
/// The command line itself is wrong.
pub(crate) const USAGE: u8 = 2;

/// A check found damage: a broken audit chain, a college that the doctor calls broken.
pub(crate) const DAMAGED: u8 = 9;

/// The code for a class of fault.
pub(crate) fn code(fault: Fault) -> u8 {
    match fault {
        Fault::Invalid => 3,
        Fault::NotFound => 4,
        Fault::Conflict => 5,
        Fault::Forbidden | Fault::Unauthenticated => 6,
        Fault::Exhausted => 7,
        Fault::Unavailable => 8,
        Fault::Internal => 70,
        Fault::Cancelled => 130,
    }
}
