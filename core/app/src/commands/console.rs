//! `zhengai console`, and `zhengai` alone in a terminal: hands the client, the texts and the settings to the console.

use crate::cli::{ConsoleArgs, GlyphName, ThemeWord, WidthName};
use crate::context::Context;
use crate::{exit, log};
use anyhow::Result;
use clap::ValueEnum;
use std::io::{IsTerminal, Write, stdin, stdout};
use std::path::PathBuf;
use std::sync::Arc;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;
use zhengai_tui::app::Params;
use zhengai_tui::effect::{ClientPort, Mouse};
use zhengai_tui::runtime::{self, ConsoleError, Settings};

/// Opens the console, or plays a recording.
pub(crate) async fn run(context: &Context, args: &ConsoleArgs) -> Result<u8> {
    if let Some(file) = &args.replay {
        let text = std::fs::read_to_string(file)
            .map_err(|source| zhengai_service::ServiceError::Io { path: file.clone(), source })?;
        let frames = match runtime::play(&text, zhengai_tui::screens::build) {
            Ok(frames) => frames,
            Err(error) => return Ok(refused(context, &error)),
        };
        stdout().write_all(frames.as_bytes())?;
        return Ok(exit::DONE);
    }
    if !is_terminal() {
        eprintln!("{}", context.text("console-no-terminal"));
        return Ok(exit::USAGE);
    }
    let folder = folder(context);
    log::to_file(&folder.join("logs"));
    // The keys of a college; those of a person, where the college is somewhere else.
    let own = context.global.server.is_some();
    let keymap = if own { folder.join("keymap.toml") } else { context.data().root().join("keymap.toml") };
    let client = context.client().await?;
    let mut params = Params::new();
    for (name, value) in &args.about {
        params = params.with(name, value);
    }
    let set = context.console_settings(&folder)?;
    // What a person says at the start counts more than what the college has set, and that more than the locale.
    let language = match (&context.global.lang, set.language) {
        (None, Some(language)) => language,
        _ => context.texts.language(),
    };
    let theme = args.theme.or_else(|| ThemeWord::from_str(&set.theme, false).ok());
    let glyphs = args.glyphs.or_else(|| GlyphName::from_str(set.glyphs.as_deref()?, false).ok());
    let ambiguous = args.ambiguous.or_else(|| WidthName::from_str(set.ambiguous.as_deref()?, false).ok());
    let settings = Settings {
        port: Arc::new(ClientPort::opening(std::future::ready(Ok(client)), language)),
        language,
        screen: args.screen,
        params,
        theme: theme.map(Into::into).unwrap_or_default(),
        glyphs: glyphs.map(Into::into),
        ambiguous: ambiguous.map(Into::into),
        mouse: if set.mouse { Mouse::Console } else { Mouse::Terminal },
        keymap,
        folder,
        environment: context.environment().clone(),
        clock: context.clock(),
        build: zhengai_tui::screens::build,
    };
    match runtime::run(settings).await {
        Ok(()) => Ok(exit::DONE),
        Err(error) => Ok(refused(context, &error)),
    }
}

/// Whether a person sits at both ends.
pub(crate) fn is_terminal() -> bool {
    stdin().is_terminal() && stdout().is_terminal()
}

/// Where drafts, recordings and logs of this person lie for this college or server.
fn folder(context: &Context) -> PathBuf {
    let get = |name: &str| context.environment().get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = get("XDG_STATE_HOME").or_else(|| get("HOME").map(|home| home.join(".local").join("state")));
    let name: String =
        context.place().chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    match state {
        Some(state) => state.join("zhengai").join(name.trim_matches('-')),
        None => context.data().root().join("console"),
    }
}

/// Says why the console did not start; its texts are those of its own catalogue.
fn refused(context: &Context, error: &ConsoleError) -> u8 {
    let message: Message = error.message();
    eprintln!("{}", zhengai_tui::i18n::texts(context.texts.language()).say(&message));
    let fault: Fault = error.fault();
    exit::code(fault)
}
