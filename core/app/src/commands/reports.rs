//! `report`: a file for people.

use crate::cli::{Format, ReportArgs};
use crate::context::Context;
use crate::exit;
use crate::files::fetch;
use anyhow::Result;
use std::path::PathBuf;
use zhengai_wire::reports::{self, ReportFormat, ReportQuery};

pub(crate) async fn run(context: &Context, args: &ReportArgs) -> Result<u8> {
    let format = match context.global.format {
        Format::Xlsx => ReportFormat::Xlsx,
        Format::Md => ReportFormat::Md,
        _ => ReportFormat::Html,
    };
    let client = context.client().await?;
    let query = ReportQuery {
        run: args.run.clone(),
        layer: args.layer.map(Into::into),
        object: args.object.clone(),
        format: Some(format),
    };
    let fetched = fetch(&client, reports::file(&query).request()).await?;
    let file = args.out.clone().unwrap_or_else(|| PathBuf::from(fetched.name()));
    fetched.write(&file).await?;
    context.hint(&context.fill("report-written", &[("file", &file.display().to_string())]));
    Ok(exit::DONE)
}
