//! `report`: a file for people.

use crate::cli::{Format, ReportArgs};
use crate::context::Context;
use crate::exit;
use anyhow::Result;
use std::path::PathBuf;
use zhengai_service::ServiceError;
use zhengai_service::college::Access;
use zhengai_service::export::{write_whole, write_xlsx};
use zhengai_service::report::{html, markdown, sheets};
use zhengai_service::reporting::ReportOrder;

pub(crate) async fn run(context: &Context, args: &ReportArgs) -> Result<u8> {
    let (end, format) = match context.global.format {
        Format::Table | Format::Html => ("html", Format::Html),
        Format::Xlsx => ("xlsx", Format::Xlsx),
        Format::Md => ("md", Format::Md),
        Format::Json | Format::Csv | Format::Junit => {
            let value = format!("{:?}", context.global.format).to_lowercase();
            return Err(ServiceError::BadArgument { what: "format", value }.into());
        }
    };
    let college = context.open(Access::Read).await?;
    let order = ReportOrder { run: args.run.clone(), layer: args.layer.map(Into::into), object: args.object.clone() };
    let (run, report) = college.report(&order, &context.texts).await?;
    let file = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.{end}", run.id)));
    match format {
        Format::Xlsx => write_xlsx(&file, &sheets(&report, &context.texts))?,
        Format::Md => write_whole(&file, markdown(&report, &context.texts)?.as_bytes())?,
        _ => write_whole(&file, html(&report, &context.texts)?.as_bytes())?,
    }
    context.hint(&context.fill("report-written", &[("file", &file.display().to_string())]));
    Ok(exit::DONE)
}
