//! Running the binary in a data directory of its own, without the locale, settings or clock of whoever runs the tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The binary and its home, as `cargo xtask test` assembled them.
pub fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let home =
            std::env::var_os("ZHENGAI_TEST_HOME").map(PathBuf::from).unwrap_or_else(|| root().join("target/home"));
        assert!(home.join("plugins").is_dir(), "no home folder at {}: run `cargo xtask test`", home.display());
        home
    })
}

/// The root of the checkout.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace")
}

/// The binary.
pub fn binary() -> PathBuf {
    std::env::var_os("ZHENGAI_TEST_BINARY")
        .map(PathBuf::from)
        .unwrap_or_else(|| home().join(format!("zhengai{}", std::env::consts::EXE_SUFFIX)))
}

/// A data directory and the binary that works on it.
pub struct College {
    folder: tempfile::TempDir,
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Asserts success.
    #[track_caller]
    pub fn good(self) -> Self {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        self
    }

    /// Asserts this exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }

    /// Asserts that standard error says all of this.
    #[track_caller]
    pub fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.err.contains(part), "`{part}` is not in:\n{}", self.err);
        }
        assert!(!self.err.contains('⟦'), "a key without text:\n{}", self.err);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}:\n{}\n{}", self.out, self.err))
    }
}

impl College {
    /// A folder in which nothing was initialised yet.
    pub fn nowhere() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A new college.
    pub fn new() -> Self {
        let college = Self::nowhere();
        college.run(&["init", "--id", "test", "--name", "测试学院"]).good();
        college
    }

    /// The same college once more, with the files beside it.
    pub fn twin(&self) -> Self {
        let twin = Self::nowhere();
        copy(self.folder.path(), twin.folder.path());
        twin
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A file beside the data directory, with these bytes.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file in the temporary folder");
        path
    }

    /// The path of a file beside the data directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary, ready to run in Chinese on this college.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.env_clear();
        for kept in ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command.env("ZHENGAI_HOME", home()).env("LANG", "zh_CN.UTF-8").env("USER", "tester");
        match words.contains(&"--server") {
            // A server has data of its own: the option would be refused.
            true => command.env("ZHENGAI_DATA", self.data()),
            false => command.arg("--data").arg(self.data()),
        };
        command.args(words);
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, words: &[&str]) -> Ran {
        ran(self.command(words).output().expect("the binary starts"))
    }

    /// Runs a command and reads its output as JSON.
    #[track_caller]
    pub fn json(&self, words: &[&str]) -> serde_json::Value {
        let mut words = words.to_vec();
        words.extend(["--format", "json"]);
        self.run(&words).good().json()
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a kind").is_dir() {
            std::fs::create_dir(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// What a finished process left.
pub fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
