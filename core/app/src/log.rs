//! Where the log goes: to standard error, or into a file while the console has the terminal.

use std::io::{self, Write};
use std::path::Path;
use std::sync::OnceLock;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::fmt::MakeWriter;

/// Days that are kept.
const DAYS: usize = 7;

static FILE: OnceLock<RollingFileAppender> = OnceLock::new();

/// From now on the log goes into a file of this folder, a new one each day. Where none can be made, nothing is logged: the
/// terminal is not ours to write on.
pub(crate) fn to_file(folder: &Path) {
    CONSOLE.get_or_init(|| ());
    // The appender reads the folder before it makes it, and says on standard error that it is not there.
    if std::fs::create_dir_all(folder).is_err() {
        return;
    }
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("console")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder);
    if let Ok(file) = file {
        FILE.get_or_init(|| file);
    }
}

static CONSOLE: OnceLock<()> = OnceLock::new();

/// Writes where the log goes now.
pub(crate) struct Log;

impl<'a> MakeWriter<'a> for Log {
    type Writer = Box<dyn Write + 'a>;

    fn make_writer(&'a self) -> Self::Writer {
        match (FILE.get(), CONSOLE.get()) {
            (Some(file), _) => Box::new(file.make_writer()),
            (None, Some(())) => Box::new(io::sink()),
            (None, None) => Box::new(io::stderr()),
        }
    }
}
