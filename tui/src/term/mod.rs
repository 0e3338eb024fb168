//! The terminal: taken, probed, given back as it was, whatever happens.

mod guard;
mod panic;
mod probe;
mod signal;

pub use guard::{Guard, LEAVE};
pub use panic::PanicGuard;
pub use probe::{Distance, Environment, Found, Probe, Sync, probe};
pub use signal::{Signal, Signals, signals, stop_here};
