//! The command line as a client of the API: in this process over the local college, or of a server with `--server`. Long
//! work is a job: it is watched with a bar, and Ctrl+C asks it to stop and waits until it has.

use crate::context::Context;
use crate::exit;
use crate::progress::JobBar;
use anyhow::Result;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use zhengai_api::remote::RemoteError;
use zhengai_api::serve::ServeError;
use zhengai_api::{Api, ApiSettings};
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;
use zhengai_service::CancelFlag;
use zhengai_wire::job::{self, Job, JobState};
use zhengai_wire::{Call, Client, Failure, FileRef};

/// How often somebody looks whether Ctrl+C was pressed.
const LOOK: Duration = Duration::from_millis(50);

/// Bytes of a file that are sent at a time.
const PIECE: usize = 64 << 10;

/// How long the record gets to be closed when a command is over; what was committed is safe without it.
const CLOSE: Duration = Duration::from_secs(5);

/// What is wrong with how a command was called.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// A command that works on a data directory, called with a server.
    #[error("a command of this computer, not of {server}")]
    LocalOnly {
        /// The server.
        server: String,
    },
    /// A format that the command does not know.
    #[error("no format {format} here")]
    Format {
        /// What was asked for.
        format: String,
        /// Those that it knows.
        known: Vec<String>,
    },
    /// Settings of this computer, typed with a command that a server carries out.
    #[error("{options} are of this computer, not of {server}")]
    NotOnServer {
        /// What was typed.
        options: String,
        /// The server.
        server: String,
    },
    /// A file with a token that cannot be used.
    #[error("{} holds no token", path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// A file with a token that others may read.
    #[error("others may read {}", path.display())]
    TokenExposed {
        /// The file.
        path: PathBuf,
    },
    /// The address of the server, or its authority.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// The server.
    #[error(transparent)]
    Serve(#[from] ServeError),
}

impl Explain for CliError {
    fn fault(&self) -> Fault {
        match self {
            Self::LocalOnly { .. } | Self::NotOnServer { .. } | Self::Format { .. } => Fault::Invalid,
            Self::TokenFile { .. } | Self::TokenExposed { .. } => Fault::Invalid,
            Self::Remote(error) => error.fault(),
            Self::Serve(error) => error.fault(),
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::LocalOnly { server } => Message::new("cli-local-only").with("server", server),
            Self::Format { format, known } => {
                Message::new("cli-format").with("format", format).with("known", known.join(", "))
            }
            Self::NotOnServer { options, server } => {
                Message::new("cli-not-on-server").with("options", options).with("server", server)
            }
            Self::TokenFile { path, cause } => {
                Message::new("cli-token-file").with("path", path.display()).with("problem", cause)
            }
            Self::TokenExposed { path } => Message::new("cli-token-exposed").with("path", path.display()),
            Self::Remote(error) => error.message(),
            Self::Serve(error) => error.message(),
        }
    }
}

impl CliError {
    /// The exit code: what was typed and cannot be together is a fault of the command line itself.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::NotOnServer { .. } => exit::USAGE,
            other => exit::code(other.fault()),
        }
    }
}

impl Context {
    /// A client of the college: in this process, or of the server that `--server` names.
    pub(crate) async fn client(&self) -> Result<Client> {
        let language = self.texts.language();
        if let Some(server) = &self.global.server {
            self.refuse_own_settings(server)?;
            let transport = zhengai_api::remote::connect(server, self.global.ca.as_deref()).map_err(CliError::from)?;
            let client = Client::new(transport, language);
            let client = match self.token()? {
                Some(token) => client.with_token(&token),
                None => client,
            };
            return Ok(match self.global.purpose() {
                Some(purpose) => client.for_purpose(purpose),
                None => client,
            });
        }
        let opening = self.opening()?;
        let actor = opening.actor.clone();
        let api = self.api.get_or_init(|| Api::new(opening, self.settings()));
        Ok(Client::new(api.memory(actor), language))
    }

    /// Refuses settings of this computer for what a server does: nobody is to believe that they count there.
    fn refuse_own_settings(&self, server: &str) -> Result<()> {
        let typed = self.global.of_this_computer();
        if !typed.is_empty() {
            let options = typed.join(&self.text("list-separator"));
            return Err(CliError::NotOnServer { options, server: server.to_owned() }.into());
        }
        Ok(self.check_settings()?)
    }

    fn settings(&self) -> ApiSettings {
        let (texts, quiet) = (Arc::clone(&self.texts), self.global.quiet);
        let clock_behind = move |newest: chrono::DateTime<chrono::Utc>| {
            let newest = newest.with_timezone(&chrono::Local).format("%Y-%m-%d %H:%M").to_string();
            if !quiet {
                eprintln!("{}", texts.text("clock-behind", &[("newest", &newest)]));
            }
        };
        ApiSettings { clock_behind: Some(Arc::new(clock_behind)), ..ApiSettings::default() }
    }

    /// The token for a server: from a file that nobody else may read, or from the environment; never an argument, which
    /// everybody on this computer can see.
    fn token(&self) -> Result<Option<String>> {
        let Some(path) = &self.global.token_file else {
            return Ok(self.environment.get("ZHENGAI_TOKEN").filter(|token| !token.is_empty()).cloned());
        };
        refuse_exposed(path)?;
        let failed = |cause: String| CliError::TokenFile { path: path.clone(), cause };
        let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        match text.lines().next().map(str::trim) {
            Some(token) if !token.is_empty() => Ok(Some(token.to_owned())),
            _ => Err(failed(self.text("cli-token-empty")).into()),
        }
    }

    /// Starts a job, shows how far it is, and gives it when it is done. Ctrl+C asks it to stop; it then ends as cancelled.
    pub(crate) async fn job(&self, call: Call<Job>) -> Result<Job> {
        self.listen();
        let client = self.client().await?;
        let started = client.send(call).await?;
        self.follow(&client, &started).await
    }

    /// Follows a job that runs.
    pub(crate) async fn follow(&self, client: &Client, started: &Job) -> Result<Job> {
        let mut bar = JobBar::new(&started.subject);
        let mut events = pin!(client.watch(&started.id).await?);
        let mut last = started.clone();
        let mut asked = false;
        while !last.state.is_over() {
            tokio::select! {
                event = events.next() => match event {
                    Some(job) => last = job?,
                    // The stream ended before the job did: the server went away.
                    None => last = client.send(job::show(&started.id)).await?,
                },
                () = raised(&self.cancel), if !asked => {
                    asked = true;
                    client.send(job::cancel(&started.id)).await?;
                }
            }
            bar.show(self, &last);
        }
        bar.end();
        match (last.state, last.problem.take()) {
            (JobState::Done, _) | (_, None) => Ok(last),
            (_, Some(problem)) => Err(Failure::Problem(Box::new(problem)).into()),
        }
    }

    /// How a file of this computer is named in a request: by its path in this process, otherwise it is sent first.
    pub(crate) async fn file(&self, client: &Client, path: &Path) -> Result<FileRef> {
        if client.is_local() {
            return Ok(FileRef::path(path.to_string_lossy()));
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let io = |source| zhengai_service::ServiceError::Io { path: path.to_path_buf(), source };
        let file = tokio::fs::File::open(path).await.map_err(io)?;
        let sent = client.upload(&name, pieces(file)).await?;
        Ok(FileRef::upload(sent.id))
    }

    /// Closes the college when the command is over.
    pub(crate) async fn close(&self) {
        if let Some(api) = self.api.get() {
            api.close(CLOSE).await;
        }
    }

    /// What a failure says, and the lines behind it.
    pub(crate) fn failure<'a>(&self, failure: &'a Failure) -> (String, &'a [String]) {
        match failure {
            Failure::Problem(problem) => (problem.detail.clone(), &problem.more),
            Failure::Unreachable { server, cause } => {
                (self.fill("cli-unreachable", &[("server", server), ("problem", cause)]), &[])
            }
            Failure::Unreadable { path, cause } => {
                (self.fill("cli-unreadable", &[("path", path), ("problem", cause)]), &[])
            }
        }
    }
}

/// A file in pieces.
fn pieces(file: tokio::fs::File) -> impl Stream<Item = std::io::Result<Bytes>> + Send + 'static {
    futures_util::stream::try_unfold(file, |mut file| async move {
        let mut piece = BytesMut::with_capacity(PIECE);
        let read = file.read_buf(&mut piece).await?;
        Ok((read > 0).then(|| (piece.freeze(), file)))
    })
}

/// Ready when somebody asked to stop.
async fn raised(cancel: &CancelFlag) {
    let mut look = tokio::time::interval(LOOK);
    while !cancel.is_cancelled() {
        look.tick().await;
    }
}

/// Refuses a file with a secret that others may read.
fn refuse_exposed(path: &Path) -> Result<(), CliError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0) {
            return Err(CliError::TokenExposed { path: path.to_path_buf() });
        }
    }
    Ok(())
}
