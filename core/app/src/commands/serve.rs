//! `serve`: the API for other computers, until somebody asks it to stop.

mod ending;

use crate::cli::ServeArgs;
use crate::client::CliError;
use crate::context::{Context, opening};
use crate::exit;
use crate::out::say;
use anyhow::Result;
use std::sync::Arc;
use zhengai_api::serve::Server;
use zhengai_api::{Api, ApiSettings};

/// The setting that `--listen` stands for.
const LISTEN: &str = "serve.listen";

pub(crate) async fn run(context: &Context, args: &ServeArgs) -> Result<u8> {
    let mut global = context.global.clone();
    if let Some(listen) = &args.listen {
        global.set.push(format!("{LISTEN}={listen}"));
    }
    let environment = context.environment.clone();
    let reload = move || opening(&global, &environment);
    let opening = reload()?;
    let (data, settings) = (opening.data.root().to_path_buf(), opening.config.serve());
    let time = settings.stop;
    let api = ApiSettings {
        reload: Some(Arc::new(reload)),
        longest_wait: settings.write_wait,
        most_jobs: settings.jobs,
        upload_bytes: settings.upload_bytes,
        uploads_bytes: settings.uploads_bytes,
        clock_behind: Some(Arc::new(|newest| tracing::warn!(%newest, "the clock lies behind the newest change"))),
        ..ApiSettings::default()
    };
    let server = Server::bind(Api::new(opening, api), settings, &data).await.map_err(CliError::from)?;
    let asked = ending::listen(context, time)?;
    say!("{}", context.fill("serve-listens", &[("address", &server.address())]));
    let stop = async move {
        // Without the thread that listens nobody could ask any more.
        let _ = asked.await;
    };
    let ended = server.run(stop).await.map_err(CliError::from)?;
    context.hint(&context.text(if ended { "serve-ended" } else { "serve-cut" }));
    Ok(if ended { exit::DONE } else { exit::PARTLY })
}
