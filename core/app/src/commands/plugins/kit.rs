//! `plugin new|check|dev|sign`: for authors; no college is opened.

use crate::cli::{CheckArgs, DevArgs, Format, KindName, LanguageName, NewArgs, SignArgs};
use crate::context::Context;
use crate::exit;
use crate::out::{Align, Column, Rows, say};
use anyhow::Result;
use serde_json::json;
use std::path::Path;
use std::time::Duration;
use zhengai_model::text::Message;
use zhengai_service::ServiceError;
use zhengai_service::author::{self, Built, Group, Kind, Language, NewPlugin, Outcome, Report, Settings};

pub(super) fn new(context: &Context, args: &NewArgs) -> Result<u8> {
    let new = NewPlugin {
        name: args.name.clone(),
        kind: match args.kind {
            KindName::Connector => Kind::Connector,
            KindName::Layer => Kind::Layer,
            KindName::Notifier => Kind::Notifier,
        },
        language: language(context, args)?,
        dir: args.dir.clone(),
        sdk: args.sdk.clone(),
    };
    let dir = author::new_plugin(&new)?.display().to_string();
    say!("{dir}");
    context.hint(&context.fill("plugin-new-next", &[("dir", &dir)]));
    Ok(exit::DONE)
}

/// `--lang rust` says what people mean, although the option of this name is everybody's; `--in rust` beside it leaves
/// that one to the language of messages.
fn language(context: &Context, args: &NewArgs) -> Result<Language> {
    match (args.language, context.global.lang.as_deref()) {
        (Some(LanguageName::Rust), _) | (None, Some("rust")) => Ok(Language::Rust),
        (Some(LanguageName::C), _) | (None, Some("c")) => Ok(Language::C),
        (None, other) => {
            let value = other.unwrap_or_default().to_owned();
            Err(ServiceError::BadArgument { what: "plugin-language", value }.into())
        }
    }
}

fn settings() -> Result<Settings> {
    Ok(Settings::new(std::env::current_exe()?))
}

pub(super) fn check(context: &Context, args: &CheckArgs) -> Result<u8> {
    let mut settings = settings()?;
    settings.library = args.library.clone();
    settings.against = args.against.clone();
    settings.seed = args.seed;
    settings.patience = Duration::from_secs(args.patience.max(1));
    for name in &args.group {
        let group = Group::ALL.into_iter().find(|group| group.word() == name);
        let bad = || ServiceError::BadArgument { what: "group", value: name.clone() };
        settings.groups.push(group.ok_or_else(bad)?);
    }
    let report = author::check(&args.path, &settings).map_err(ServiceError::Host)?;
    let speak = |message: &Message| context.texts.say(message);
    let text = match context.global.format {
        Format::Json => Some(serde_json::to_string_pretty(&report.to_json(&speak))? + "\n"),
        Format::Junit => Some(report.to_junit(&speak)),
        _ => None,
    };
    match (text, &args.out) {
        (Some(text), Some(file)) => write(file, &text)?,
        (Some(text), None) => say!("{}", text.trim_end()),
        (None, Some(file)) => {
            let lines: Vec<String> = report.checks.iter().map(|check| line(context, check)).collect();
            write(file, &(lines.join("\n") + "\n"))?;
        }
        (None, None) => context.print(&table(context, &report))?,
    }
    context.hint(&summary(context, &report));
    Ok(if report.passed() { exit::DONE } else { exit::PARTLY })
}

fn write(file: &Path, text: &str) -> Result<()> {
    Ok(std::fs::write(file, text).map_err(|source| ServiceError::Io { path: file.to_owned(), source })?)
}

fn word(context: &Context, outcome: &Outcome) -> String {
    match outcome {
        _ if !context.is_table() => outcome.word().to_owned(),
        Outcome::Pass(_) => context.text("check-pass"),
        Outcome::Fail(_) => context.text("check-fail"),
        Outcome::Skip(_) => context.text("check-skip"),
    }
}

fn line(context: &Context, check: &author::Check) -> String {
    let reason = check.outcome.message().map(|message| format!(": {}", context.texts.say(message)));
    let title = context.texts.say(&check.title());
    format!("{} {} {title}{}", word(context, &check.outcome), check.id, reason.unwrap_or_default())
}

fn table(context: &Context, report: &Report) -> Rows {
    let mut rows = Rows::new(context.columns(&["outcome", "check", "title", "reason"]));
    for check in &report.checks {
        let reason = check.outcome.message().map(|message| context.texts.say(message)).unwrap_or_default();
        let title = context.texts.say(&check.title());
        rows.rows.push(vec![json!(word(context, &check.outcome)), json!(check.id), json!(title), json!(reason)]);
    }
    rows
}

fn summary(context: &Context, report: &Report) -> String {
    let count = |word: &str| report.count(word).to_string();
    let seconds = format!("{:.1}", report.took.as_secs_f64());
    let (pass, fail, skip, seed) = (count("pass"), count("fail"), count("skip"), report.seed.to_string());
    context.fill(
        "plugin-check-summary",
        &[
            ("plugin", &report.plugin),
            ("pass", &pass),
            ("fail", &fail),
            ("skip", &skip),
            ("seconds", &seconds),
            ("seed", &seed),
        ],
    )
}

/// Groups that answer in a second: what an author wants to know after each change.
const QUICK: [Group; 8] = [
    Group::Static,
    Group::Abi,
    Group::Describe,
    Group::Config,
    Group::Catalogue,
    Group::Read,
    Group::Transform,
    Group::Deliver,
];

pub(super) fn dev(context: &Context, args: &DevArgs) -> Result<u8> {
    if args.once {
        return round(context, args);
    }
    context.listen();
    let watch = author::Watch::start(&args.dir)?;
    loop {
        // A round that fails is shown and waits for the next change.
        if let Err(error) = round(context, args) {
            context.end(Err(error));
        }
        context.hint(&context.fill("plugin-dev-waiting", &[("dir", &args.dir.display().to_string())]));
        if !watch.changed(&context.cancel) {
            return Ok(exit::DONE);
        }
    }
}

/// Builds, checks quickly, shows the first rows.
fn round(context: &Context, args: &DevArgs) -> Result<u8> {
    if let Built::Failed(said) = author::build(&args.dir)? {
        eprintln!("{}", said.trim_end());
        context.hint(&context.text("plugin-dev-not-built"));
        return Ok(exit::PARTLY);
    }
    let settings = Settings { groups: QUICK.to_vec(), ..settings()? };
    let report = author::check(&args.dir, &settings).map_err(ServiceError::Host)?;
    for check in report.checks.iter().filter(|check| matches!(check.outcome, Outcome::Fail(_))) {
        say!("{}", line(context, check));
    }
    context.hint(&summary(context, &report));
    let reads = report.checks.iter().any(|check| check.id == "read.complete" && check.outcome.word() == "pass");
    if reads && let Ok(previews) = author::preview(&args.dir, &settings, args.rows).map_err(ServiceError::Host)? {
        for preview in previews {
            say!("{}", preview.stream);
            let column = |label: &String| Column { key: String::new(), label: label.clone(), align: Align::Left };
            let mut rows = Rows::new(preview.columns.iter().map(column).collect());
            rows.rows.extend(preview.rows.into_iter().map(|row| row.into_iter().map(|cell| json!(cell)).collect()));
            rows.print(Format::Table, context.width())?;
        }
    }
    Ok(if report.passed() { exit::DONE } else { exit::PARTLY })
}

pub(super) fn sign(context: &Context, args: &SignArgs) -> Result<u8> {
    let password = args.password_file.as_deref();
    if args.new_key {
        let (id, public) = author::make_keys(&args.key, password)?;
        say!("{}", public.display());
        context.hint(&context.fill("plugin-key-made", &[("key", &id), ("file", &args.key.display().to_string())]));
    }
    match &args.dir {
        Some(dir) => say!("{}", author::sign_plugin(dir, &args.key, password)?.display()),
        None if args.new_key => {}
        None => return Err(ServiceError::BadArgument { what: "plugin", value: String::new() }.into()),
    }
    Ok(exit::DONE)
}
