//! `search`: anything by name, id, pinyin or initials; the twin of what the palette of the console finds.

use crate::cli::SearchArgs;
use crate::context::Context;
use crate::exit;
use crate::out::Rows;
use anyhow::Result;
use serde_json::json;
use zhengai_service::words::word;
use zhengai_wire::search::{self, FoundKind, SearchQuery};

pub(crate) async fn run(context: &Context, args: &SearchArgs) -> Result<u8> {
    let query = SearchQuery { q: args.text.join(" "), limit: args.limit };
    let found = context.client().await?.send(search::search(&query)).await?;
    let mut rows = Rows::new(context.columns(&["kind", "id", "name", "object", "object_name"]));
    for one in &found {
        let kind = word(&one.kind);
        let kind = if context.is_table() { context.text(&format!("search-{kind}")) } else { kind };
        // Only a warning is about something else than itself.
        let about = (one.kind == FoundKind::Warning).then_some(&one.about);
        rows.rows.push(vec![json!(kind), json!(one.id), json!(one.name), json!(one.object), json!(about)]);
    }
    context.print(&rows)?;
    if found.is_empty() {
        context.hint(&context.fill("search-nothing", &[("text", &query.q)]));
    }
    Ok(exit::DONE)
}
