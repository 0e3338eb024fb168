//! The connector in C of `docs/guide/examples/connector-c`, built where a test wants it: the plugin itself, and its small
//! host under the sanitizers of the compiler.

use crate::zoo;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Its id.
pub const ID: &str = "connector-journal";

/// What it is compiled from.
const SOURCES: [&str; 5] = ["connector.c", "journal.c", "columns.c", "fault.c", "json.c"];
const STRICT: [&str; 5] = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic"];

/// Its folder in the tree.
#[must_use]
pub fn source() -> PathBuf {
    root().join("docs/guide/examples/connector-c")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn compiler() -> Command {
    let name = zoo::compiler().unwrap_or_else(|| panic!("ask `zoo::compiler()` first and skip where there is none"));
    let mut command = Command::new(name);
    command.args(STRICT).arg("-I").arg(root().join("plugins/abi/include"));
    command
}

fn run(mut command: Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// Builds it as the plugin folder `into/connector-journal` and gives that folder.
///
/// # Panics
/// When it cannot be built or copied.
#[must_use]
#[track_caller]
pub fn build(into: &Path) -> PathBuf {
    let folder = into.join(ID);
    for part in ["locales", "tests/config"] {
        std::fs::create_dir_all(folder.join(part)).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    }
    for file in ["plugin.toml", "locales/en.ftl", "locales/zh-CN.ftl", "tests/swipes.tsv", "tests/config/good.json"] {
        std::fs::copy(source().join(file), folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
    let name = format!("{}journal{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let mut command = compiler();
    command.args(["-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-o"]).arg(folder.join(name));
    command.args(SOURCES.map(|file| source().join(file)));
    let output = run(command);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// Builds its small host `try` into a folder, with the sanitizers for addresses and undefined behaviour; `None` where
/// the compiler has none, which it says.
///
/// # Panics
/// When it does not compile with them though the compiler has them.
#[must_use]
#[track_caller]
pub fn build_sanitized(into: &Path) -> Option<PathBuf> {
    let sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let empty = into.join("empty.c");
    std::fs::write(&empty, "int main(void) { return 0; }\n").unwrap_or_else(|error| panic!("{error}"));
    let program = into.join("empty");
    let mut probe = compiler();
    probe.args(sanitizers).arg("-o").arg(&program).arg(&empty);
    if !run(probe).status.success() || !run(Command::new(&program)).status.success() {
        eprintln!("skipped: this compiler has no sanitizers for addresses and undefined behaviour");
        return None;
    }
    let program = into.join("try");
    let mut command = compiler();
    command.args(["-O1", "-g"]).args(sanitizers).arg("-o").arg(&program).arg(source().join("try.c"));
    command.args(SOURCES.map(|file| source().join(file)));
    let output = run(command);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(program)
}
