//! `user`, `role`, `token`: who may come in, as what, and with which token.

use crate::cli::{RoleCommand, TokenCommand, UserCommand};
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, say};
use anyhow::Result;
use serde_json::json;
use zhengai_model::layer::Layer;
use zhengai_wire::users::{self, RoleScope, ScopeShown, Token, TokenOrder, TokenQuery, User, UserChange, UserOrder};

pub(crate) async fn run(context: &Context, command: &UserCommand) -> Result<u8> {
    let client = context.client().await?;
    match command {
        UserCommand::List => print(context, &client.send(users::list()).await?)?,
        UserCommand::Show { name } => print(context, &[client.send(users::show(name)).await?])?,
        UserCommand::Add { name, label, person } => {
            let order = UserOrder { name: name.clone(), label: label.clone(), person: person.clone() };
            client.send(users::add(&order)).await?;
            context.hint(&context.fill("user-added", &[("name", name)]));
        }
        UserCommand::Role { name, role, unit, layer, remove } => {
            let changed = if *remove {
                client.send(users::withdraw(name, role)).await?
            } else {
                let layers = layer.iter().map(|layer| Layer::from(*layer)).collect();
                client.send(users::grant(name, role, &RoleScope { units: unit.clone(), layers })).await?
            };
            print(context, &[changed])?;
        }
        UserCommand::Disable { name, why } => {
            let change = UserChange { state: Some("disabled".to_owned()), why: why.clone(), ..UserChange::default() };
            client.send(users::change(name, &change)).await?;
            context.hint(&context.fill("user-disabled", &[("name", name)]));
        }
        UserCommand::Enable { name } => {
            let change = UserChange { state: Some("active".to_owned()), ..UserChange::default() };
            client.send(users::change(name, &change)).await?;
            context.hint(&context.fill("user-enabled", &[("name", name)]));
        }
    }
    Ok(exit::DONE)
}

/// One row for each role that somebody holds, and one for each user without any.
fn print(context: &Context, users: &[User]) -> Result<()> {
    let mut rows = Rows::new(context.columns(&["user", "name", "person", "state", "role", "scope"]));
    for user in users {
        let state = word(context, "user", &user.state);
        let head = |role: &str, scope: String| {
            vec![json!(user.name), json!(user.label), json!(user.person), json!(state), json!(role), json!(scope)]
        };
        for held in &user.roles {
            let role = if context.is_table() { &held.name } else { &held.role };
            rows.rows.push(head(role, scope(context, &held.scope)));
        }
        if user.roles.is_empty() {
            rows.rows.push(head("", String::new()));
        }
    }
    context.print(&rows)
}

fn word(context: &Context, kind: &str, state: &str) -> String {
    if context.is_table() { context.text(&format!("{kind}-state-{state}")) } else { state.to_owned() }
}

/// Where a role counts, in one cell.
fn scope(context: &Context, scope: &ScopeShown) -> String {
    let reach = match scope.reach.as_str() {
        "units" => scope.units.join(" "),
        other if context.is_table() => context.text(&format!("scope-{other}")),
        other => other.to_owned(),
    };
    if scope.layers.len() == Layer::ALL.len() {
        return reach;
    }
    let layers: Vec<&str> = scope.layers.iter().map(|layer| layer.as_str()).collect();
    context.fill("scope-layers", &[("reach", &reach), ("layers", &layers.join(" "))])
}

pub(crate) async fn roles(context: &Context, command: &RoleCommand) -> Result<u8> {
    let RoleCommand::List = command;
    let mut rows = Rows::new(context.columns(&["role", "name", "rights", "about"]));
    for role in context.client().await?.send(users::roles()).await? {
        let right = |right: &users::Labelled| if context.is_table() { right.name.clone() } else { right.id.clone() };
        let rights: Vec<String> = role.rights.iter().map(right).collect();
        let rights = rights.join(&context.text("list-separator"));
        rows.rows.push(vec![json!(role.id), json!(role.name), json!(rights), json!(role.about)]);
    }
    context.print(&rows)?;
    Ok(exit::DONE)
}

pub(crate) async fn tokens(context: &Context, command: &TokenCommand) -> Result<u8> {
    let client = context.client().await?;
    match command {
        TokenCommand::List { user } => {
            let mut rows =
                Rows::new(context.columns(&["token", "user", "note", "state", "at", "expires_at", "last_used_at"]));
            for token in client.send(users::tokens(&TokenQuery { user: user.clone() })).await? {
                rows.rows.push(cells(context, &token));
            }
            context.print(&rows)?;
        }
        TokenCommand::Create { user, note, days } => {
            let order = TokenOrder { user: user.clone(), note: note.clone(), days: *days };
            let made = client.send(users::create_token(&order)).await?;
            say!("{}", made.secret);
            context.hint(&context.fill("token-made", &[("id", &made.token.id), ("user", user)]));
        }
        TokenCommand::Revoke { id } => {
            client.send(users::revoke_token(id)).await?;
            context.hint(&context.fill("token-revoked", &[("id", id)]));
        }
    }
    Ok(exit::DONE)
}

fn cells(context: &Context, token: &Token) -> Vec<serde_json::Value> {
    let time = |at: Option<chrono::DateTime<chrono::Utc>>| match at {
        Some(at) if context.is_table() => json!(at.format("%Y-%m-%d %H:%M").to_string()),
        at => json!(at),
    };
    vec![
        json!(token.id),
        json!(token.user),
        json!(token.note),
        json!(word(context, "token", &token.state)),
        time(Some(token.at)),
        time(token.expires_at),
        time(token.last_used_at),
    ]
}
