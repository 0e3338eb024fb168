//! The executable of the workers in which the animals of the zoo live.

use std::process::ExitCode;

fn main() -> ExitCode {
    zhengai_host::worker_main()
}
