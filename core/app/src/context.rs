//! What every command needs: texts, format, the college to open; and how every command ends.

use crate::cli::{Format, Global};
use crate::client::CliError;
use crate::exit;
use crate::out::{Align, Column, Rows};
use anyhow::{Result, anyhow};
use chrono::{DateTime, Local, NaiveDate, Utc};
use std::collections::BTreeMap;
use std::io::{ErrorKind, IsTerminal};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use zhengai_api::Api;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;
use zhengai_service::ServiceError;
use zhengai_service::college::{Access, College, Opening};
use zhengai_service::config::{Config, ConsoleSettings};
use zhengai_service::home::{DataDir, Home};
use zhengai_service::text::Texts;
use zhengai_service::{Actor, CancelFlag, WorkerSettings};
use zhengai_wire::Failure;

/// The data directory when nobody names one.
const DEFAULT_DATA: &str = "college";

/// What every command needs.
pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) texts: Arc<Texts>,
    pub(crate) cancel: CancelFlag,
    pub(crate) environment: BTreeMap<String, String>,
    /// The API in this process, once something was asked of it.
    pub(crate) api: OnceLock<Api>,
}

impl Context {
    /// Starts listening for Ctrl+C as well.
    pub(crate) fn new(global: Global, texts: Texts, environment: BTreeMap<String, String>) -> Self {
        Self { global, texts: Arc::new(texts), cancel: CancelFlag::new(), environment, api: OnceLock::new() }
    }

    /// Raises the cancel flag on the first Ctrl+C or SIGTERM; a second Ctrl+C ends the process at once, which loses
    /// nothing that was committed.
    pub(crate) fn listen(&self) {
        let cancel = self.cancel.clone();
        let stopping = (!self.global.quiet).then(|| self.text("stopping"));
        tokio::spawn(async move {
            let mut interrupts = Interrupts::new();
            interrupts.next().await;
            cancel.cancel();
            if let Some(stopping) = stopping {
                eprintln!("{stopping}");
            }
            interrupts.next().await;
            std::process::exit(i32::from(exit::code(Fault::Cancelled)));
        });
    }

    /// The data directory.
    pub(crate) fn data(&self) -> DataDir {
        data(&self.global)
    }

    /// How a college is opened by this person now.
    pub(crate) fn opening(&self) -> Result<Opening> {
        if let Some(server) = &self.global.server {
            return Err(CliError::LocalOnly { server: server.clone() }.into());
        }
        let opening = opening(&self.global, &self.environment)?;
        if let Some(purpose) = self.global.purpose() {
            zhengai_service::rights::known_purpose(&opening, purpose)?;
        }
        Ok(opening)
    }

    /// What the console begins with: as the college has it, or, for a server, as the person has it in this folder.
    pub(crate) fn console_settings(&self, folder: &Path) -> Result<ConsoleSettings, ServiceError> {
        let file = match self.global.server {
            Some(_) => folder.join("zhengai.toml"),
            None => self.data().config_file(),
        };
        Ok(config(&self.global, &self.environment, &file)?.console())
    }

    /// Whether the settings that were typed exist and may be so.
    pub(crate) fn check_settings(&self) -> Result<(), ServiceError> {
        config(&self.global, &BTreeMap::new(), Path::new("")).map(|_| ())
    }

    /// The clock of the house.
    pub(crate) fn clock(&self) -> fn() -> DateTime<Utc> {
        Utc::now
    }

    /// Opens the college.
    pub(crate) async fn open(&self, access: Access) -> Result<College> {
        if access == Access::Write {
            self.listen();
        }
        let college = College::open(self.opening()?, access).await?;
        self.texts.adopt(college.plugins().catalogues());
        if access == Access::Write
            && let Some(newest) = college.clock_behind().await?
        {
            let newest = newest.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string();
            self.hint(&self.fill("clock-behind", &[("newest", &newest)]));
        }
        Ok(college)
    }

    /// Variables of the environment.
    pub(crate) fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    /// The college or server that this person works with, as a word.
    pub(crate) fn place(&self) -> String {
        match &self.global.server {
            Some(server) => server.clone(),
            None => {
                let root = self.data().root().to_path_buf();
                std::path::absolute(&root).unwrap_or(root).display().to_string()
            }
        }
    }

    /// The text of a key.
    pub(crate) fn text(&self, key: &str) -> String {
        self.texts.text(key, &[])
    }

    /// The text of a key with arguments.
    pub(crate) fn fill(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        self.texts.text(key, arguments)
    }

    /// A label from Chinese and English names.
    pub(crate) fn label<'a>(&self, names: &'a zhengai_model::text::Names) -> &'a str {
        names.get(self.texts.language())
    }

    /// Columns by key; the label is the catalogue entry `col-<key>`. A `>` before the key aligns right.
    pub(crate) fn columns(&self, keys: &[&'static str]) -> Vec<Column> {
        keys.iter()
            .map(|key| {
                let (key, align) = match key.strip_prefix('>') {
                    Some(key) => (key, Align::Right),
                    None => (*key, Align::Left),
                };
                let label = self.text(&format!("col-{}", key.replace('_', "-")));
                Column { key: key.to_owned(), label, align }
            })
            .collect()
    }

    /// Prints rows in the format asked for.
    pub(crate) fn print(&self, rows: &Rows) -> Result<()> {
        match self.global.format {
            Format::Table | Format::Json | Format::Csv => rows.print(self.global.format, self.width()),
            // `formats` lets no command through that would come here.
            other => Err(anyhow!("no rows as {other:?}")),
        }
    }

    /// Width of the terminal, when standard output is one.
    pub(crate) fn width(&self) -> Option<u16> {
        if !std::io::stdout().is_terminal() {
            return None;
        }
        terminal_size::terminal_size().map(|(width, _)| width.0)
    }

    /// Whether tables are read by a person: hints and headings are for people only.
    pub(crate) fn is_table(&self) -> bool {
        self.global.format == Format::Table
    }

    /// A line for people, on standard error, unless they asked for quiet.
    pub(crate) fn hint(&self, text: &str) {
        if !self.global.quiet {
            eprintln!("{text}");
        }
    }

    /// Whether a threshold was checked against its source, as people read it.
    pub(crate) fn verified(&self, verified: bool) -> String {
        self.text(if verified { "verified-yes" } else { "verified-no" })
    }

    /// The same for a cell: words for people, true or false for scripts.
    pub(crate) fn verified_cell(&self, verified: bool) -> serde_json::Value {
        if self.is_table() { self.verified(verified).into() } else { verified.into() }
    }

    /// A day as people write it.
    pub(crate) fn day(&self, text: &str) -> Result<NaiveDate> {
        Ok(text.parse().map_err(|_| ServiceError::BadArgument { what: "date", value: text.to_owned() })?)
    }

    /// Ends a command: prints what went wrong in the user's language, and gives the exit code.
    pub(crate) fn end(&self, outcome: Result<u8>) -> u8 {
        let error = match outcome {
            Ok(code) => return code,
            Err(error) => error,
        };
        if error.chain().any(is_broken_pipe) {
            return exit::DONE;
        }
        if let Some(error) = error.downcast_ref::<ServiceError>() {
            return self.told(&self.texts.say(&error.message()), &self.details(error), exit::code(error.fault()));
        }
        if let Some(error) = error.downcast_ref::<Failure>() {
            let (text, more) = self.failure(error);
            return self.told(&text, more, exit::code(error.fault()));
        }
        if let Some(error) = error.downcast_ref::<CliError>() {
            return self.told(&self.texts.say(&error.message()), &[], error.code());
        }
        eprintln!("{error:#}");
        exit::code(Fault::Internal)
    }

    /// Says what went wrong, and gives the exit code.
    fn told(&self, text: &str, more: &[String], code: u8) -> u8 {
        eprintln!("{text}");
        for line in more {
            eprintln!("  {line}");
        }
        tracing::debug!(text, "command failed");
        code
    }

    /// What stands behind an error that counts several.
    fn details(&self, error: &ServiceError) -> Vec<String> {
        match error {
            ServiceError::Packs { faults } => faults
                .iter()
                .map(|fault| {
                    let text = self.texts.say(&fault.message);
                    if fault.line == 0 {
                        format!("{}: {text}", fault.file)
                    } else {
                        format!("{}:{}:{}: {text}", fault.file, fault.line, fault.column)
                    }
                })
                .collect(),
            ServiceError::Quarantined { why, .. } => vec![self.texts.say(why)],
            ServiceError::Indicators { faults } | ServiceError::Threshold { faults } => {
                faults.iter().map(|fault| self.owned(fault)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A fault of a definition, which always says whose it is.
    pub(crate) fn owned(&self, fault: &Message) -> String {
        let text = self.texts.say(fault);
        match fault.args.iter().find(|(name, _)| name == "owner") {
            Some((_, owner)) if !text.contains(owner.as_str()) => format!("{owner}: {text}"),
            _ => text,
        }
    }
}

/// The data directory.
fn data(global: &Global) -> DataDir {
    DataDir::at(global.data.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_DATA)))
}

/// Settings in force.
fn config(global: &Global, environment: &BTreeMap<String, String>, file: &Path) -> Result<Config, ServiceError> {
    let mut flags = Vec::new();
    for pair in &global.set {
        let (key, value) =
            pair.split_once('=').ok_or_else(|| ServiceError::BadArgument { what: "setting", value: pair.clone() })?;
        flags.push((key.trim().to_owned(), value.trim().to_owned()));
    }
    Config::load(file, environment, &flags)
}

/// How a college is opened by this person now, with the settings of this moment.
pub(crate) fn opening(global: &Global, environment: &BTreeMap<String, String>) -> Result<Opening, ServiceError> {
    let unknown = |source| ServiceError::Io { path: PathBuf::from("zhengai"), source };
    let executable = std::env::current_exe().map_err(unknown)?;
    let named = environment.get("ZHENGAI_HOME").map(PathBuf::from);
    let name = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|key| environment.get(*key));
    let actor = Actor::local(name.map_or("administrator", String::as_str));
    let actor = match global.purpose() {
        Some(purpose) => actor.for_purpose(Some(purpose.to_owned())),
        None => actor,
    };
    Ok(Opening {
        data: data(global),
        home: Home::find(named, &executable)?,
        config: config(global, environment, &data(global).config_file())?,
        actor,
        clock: Utc::now,
        today: Local::now().date_naive(),
        packs: global.pack.clone(),
        worker: WorkerSettings::this_program().map_err(unknown)?,
        wait,
    })
}

/// Waits so long, or until somebody asks to stop.
fn wait(time: Duration, cancel: CancelFlag) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    let raised = async move {
        let mut look = tokio::time::interval(Duration::from_millis(100));
        while !cancel.is_cancelled() {
            look.tick().await;
        }
    };
    Box::pin(async move {
        // Both ends are good: the time is over, or somebody asked.
        let _ = tokio::time::timeout(time, raised).await;
    })
}

/// Whoever read our output has seen enough.
fn is_broken_pipe(cause: &(dyn std::error::Error + 'static)) -> bool {
    let io = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    let csv = || match cause.downcast_ref::<csv::Error>().map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(io)) => Some(io.kind()),
        _ => None,
    };
    let json = || cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
    io.or_else(csv).or_else(json) == Some(ErrorKind::BrokenPipe)
}

/// Ctrl+C and, on Unix, SIGTERM, from the moment that this is made: none that comes between two waits is lost.
pub(crate) struct Interrupts {
    #[cfg(unix)]
    terminate: Option<tokio::signal::unix::Signal>,
    #[cfg(unix)]
    interrupt: Option<tokio::signal::unix::Signal>,
}

impl Interrupts {
    /// Listens, inside a runtime.
    pub(crate) fn new() -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Self { terminate: signal(SignalKind::terminate()).ok(), interrupt: signal(SignalKind::interrupt()).ok() }
        }
        #[cfg(not(unix))]
        Self {}
    }

    /// Waits for the next one. Without a handler there is nothing to wait for; the default action then ends the process.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            () = heard(&mut self.terminate) => {}
            () = heard(&mut self.interrupt) => {}
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
async fn heard(signal: &mut Option<tokio::signal::unix::Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    }
}
