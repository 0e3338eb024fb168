//! Crash safety: whatever stops a command, its batch or run is in or out, nothing is doubled, and a repeat brings the truth
//! of an unharmed run. A shim between the product and libc counts, stops and spoils its steps; the product knows nothing.
//!
//! By default each walk takes the steps that change names and an even choice of the writes. `ZHENGAI_CRASH_WALK=full`
//! takes every step; it runs for a long time.

mod faults;
mod lost;
mod others;
mod power;
mod shim;
mod story;
mod walk;
