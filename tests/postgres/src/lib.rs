//! A temporary PostgreSQL for tests, made of the installed server binaries: one cluster a test process, one database a
//! test, on a socket in a temporary folder. It is stopped and removed when the process ends, however it ends.
//!
//! Without the binaries tests are skipped and say so; with `ZHENGAI_REQUIRE_POSTGRES=1` they fail instead, so that a
//! machine that must not skip cannot.
#![cfg(unix)]
#![allow(clippy::panic, clippy::expect_used, reason = "everything here serves tests, which say where they fail")]

mod installed;

use installed::Installed;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Who owns the cluster; it may log in without a password.
pub const OWNER: &str = "zhengai";
/// A login that may do nothing but log in, with [`PASSWORD`] only.
pub const GUEST: &str = "guest";
/// The password of [`GUEST`]. Its signs would break a careless address.
pub const PASSWORD: &str = "p@ss:w/rd 密#1%?";

/// What stands between this process and the cluster: when the pipe from this process closes, because it dropped the
/// cluster or died, the server is stopped and everything removed.
const GUARDIAN: &str = "trap '' HUP INT TERM; cat; \"$1/pg_ctl\" -D \"$2/data\" -m immediate -w stop; rm -rf \"$2\"";

const SETTINGS: &str = "listen_addresses = ''\nfsync = off\nfull_page_writes = off\nshared_buffers = 32MB\n\
                        max_connections = 300\nlog_min_messages = warning\n";

/// Guests prove who they are; everybody else on this socket is trusted.
const ACCESS: &str = "local all guest scram-sha-256\nlocal all all trust\n";

/// How a server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// As an administrator does: sessions are told.
    Fast,
    /// As a power cut does: nobody is told and nothing is written.
    Crash,
}

impl Stop {
    fn as_str(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Crash => "immediate",
        }
    }
}

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    installed: Installed,
    folder: PathBuf,
    made: AtomicU32,
    guardian: Child,
}

/// The cluster that all tests of this process share, or nothing where PostgreSQL is not installed.
///
/// # Panics
/// When `ZHENGAI_REQUIRE_POSTGRES=1` and there are no binaries, and when they do not work.
pub fn shared() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    SHARED.get_or_init(own).as_ref()
}

/// A cluster that one test may stop and start as it likes. See [`shared`].
pub fn own() -> Option<Cluster> {
    match Installed::find() {
        Ok(installed) => Some(Cluster::start(installed)),
        Err(why) => {
            let required = std::env::var_os("ZHENGAI_REQUIRE_POSTGRES").is_some_and(|value| value == "1");
            assert!(!required, "ZHENGAI_REQUIRE_POSTGRES=1, but {why}");
            // Not `eprintln`: the test harness shows that of failing tests only.
            let _ = writeln!(std::io::stderr(), "SKIPPED a test on PostgreSQL: {why}");
            None
        }
    }
}

impl Cluster {
    fn start(installed: Installed) -> Self {
        let folder = fresh_folder(&installed);
        let mut guardian = installed.command("/bin/sh");
        guardian.args(["-c", GUARDIAN, "sh"]).arg(installed.binaries()).arg(&folder);
        // Of a process group of its own: what a terminal sends to the tests must not reach it.
        let guardian = guardian.stdin(Stdio::piped()).process_group(0).spawn().expect("a shell");
        let cluster = Self { installed, folder, made: AtomicU32::new(0), guardian };
        cluster.initialise();
        cluster.go();
        cluster.sql("postgres", &format!("CREATE ROLE {GUEST} LOGIN PASSWORD '{PASSWORD}'"));
        cluster
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn initialise(&self) {
        let mut initdb = self.installed.tool("initdb");
        // Texts of a usual installation do not compare by their bytes, and the record must not depend on it.
        initdb.args(["--locale=C", "--locale-provider=icu", "--icu-locale=zh-CN"]);
        initdb.arg("-D").arg(self.data()).args(["-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-sync"]);
        self.done(initdb);
        let settings = format!("{SETTINGS}unix_socket_directories = '{}'\n", self.folder.display());
        self.write("postgresql.auto.conf", &settings);
        self.write("pg_hba.conf", ACCESS);
    }

    /// Writes a file of the server, whose owner stays.
    fn write(&self, name: &str, text: &str) {
        fs::write(self.data().join(name), text).expect("a file of the cluster");
    }

    /// Where the server tells what it does.
    fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// Runs a tool to its end, which must be a good one.
    fn done(&self, mut tool: Command) {
        let log = fs::OpenOptions::new().append(true).create(true).open(self.folder.join("tools.log"));
        let log = log.expect("a log");
        let out = log.try_clone().expect("a second handle");
        let status = tool.stdout(out).stderr(log).status().expect("the tool starts");
        assert!(status.success(), "{tool:?}:\n{}", self.said());
    }

    /// What server and tools said so far.
    pub fn said(&self) -> String {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        read(self.folder.join("tools.log")) + &read(self.log())
    }

    fn control(&self, words: &[&str]) {
        let mut command = self.installed.tool("pg_ctl");
        command.arg("-D").arg(self.data()).arg("-l").arg(self.log()).args(["-w", "-s"]).args(words);
        self.done(command);
    }

    /// Starts the server after [`Cluster::stop`].
    pub fn go(&self) {
        self.control(&["start"]);
    }

    /// Stops the server.
    pub fn stop(&self, how: Stop) {
        self.control(&["stop", "-m", how.as_str()]);
    }

    fn psql(&self, database: &str) -> Command {
        let mut command = self.installed.tool("psql");
        command.arg("-h").arg(&self.folder).args(["-U", OWNER, "-d", database, "-XAtq", "-v", "ON_ERROR_STOP=1"]);
        command
    }

    /// Runs statements in a database as its owner and gives what they print: columns between `|`.
    pub fn sql(&self, database: &str, text: &str) -> String {
        let mut command = self.psql(database);
        let output =
            command.arg("-c").arg(text).stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("psql starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A new empty database with what is told after its name, for example `TEMPLATE template0`.
    pub fn database_with(&self, options: &str) -> Database<'_> {
        let name = format!("t{}", self.made.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name} {options}"));
        Database { cluster: self, name }
    }

    /// A new empty database.
    pub fn database(&self) -> Database<'_> {
        self.database_with("")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guardian.stdin.take());
        // It cannot fail but by being killed, and then there is nothing to be done here.
        let _ = self.guardian.wait();
    }
}

/// A database of a test.
#[derive(Debug, Clone)]
pub struct Database<'a> {
    /// The cluster that it is in.
    pub cluster: &'a Cluster,
    /// Its name.
    pub name: String,
}

impl Database<'_> {
    /// Its address for the owner.
    pub fn url(&self) -> String {
        self.url_of(OWNER)
    }

    /// Its address for a login: `name` or `name:password`, escaped already.
    pub fn url_of(&self, login: &str) -> String {
        format!("postgres://{login}@localhost/{}?host={}", self.name, self.cluster.folder.display())
    }

    /// Runs statements in it as its owner and gives what they print.
    pub fn sql(&self, text: &str) -> String {
        self.cluster.sql(&self.name, text)
    }
}

/// Rows that a session of its own holds locked until it is dropped.
#[derive(Debug)]
pub struct Locked {
    session: Child,
}

impl Database<'_> {
    /// Locks what the statement selects `FOR UPDATE`: whoever wants to change it waits.
    pub fn lock(&self, select: &str) -> Locked {
        let mut command = self.cluster.psql(&self.name);
        let mut session = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("psql starts");
        let words = format!("BEGIN; {select} FOR UPDATE;\n\\echo locked\n");
        session.stdin.as_mut().expect("a pipe").write_all(words.as_bytes()).expect("psql listens");
        let mut said = BufReader::new(session.stdout.take().expect("a pipe")).lines();
        assert!(said.any(|line| line.is_ok_and(|line| line == "locked")), "{select}: {}", self.cluster.said());
        Locked { session }
    }

    /// Returns as soon as a session of this database waits for a lock.
    pub fn wait_for_waiter(&self) {
        let waiting =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while self.sql(waiting) == "0\n" {}
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        let _ = self.session.kill();
        let _ = self.session.wait();
    }
}

/// A folder of the user who runs the server, with a path short enough for a socket.
fn fresh_folder(installed: &Installed) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let temporary = std::env::temp_dir();
    // A folder of root's own would keep the server out.
    let usable = temporary.as_os_str().len() < 60 && installed.user().is_none();
    let root = if usable { temporary.as_path() } else { Path::new("/tmp") };
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = root.join(format!("zhengai-pg-{}-{count}", std::process::id()));
        match fs::create_dir(&folder) {
            Ok(()) => {
                // Others may go through to the socket; the data in it are the server's alone.
                fs::set_permissions(&folder, Permissions::from_mode(0o755)).expect("a folder of ours");
                if let Some((user, group)) = installed.user() {
                    chown(&folder, Some(user), Some(group)).expect("root may give a folder away");
                }
                return folder;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => panic!("{}: {error}", folder.display()),
        }
    }
}

/// A command that knows nothing of the settings of whoever runs the tests.
fn clean(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
    command.env_clear().env("PATH", path).env("LC_ALL", "C").current_dir("/");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}
