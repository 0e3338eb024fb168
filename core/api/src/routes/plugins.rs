//! Plugins and the screens that they bring.

use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::Path;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::rights::Right;
use zhengai_model::screen::{Align, Screen, Target};
use zhengai_model::text::Message;
use zhengai_service::college::College;
use zhengai_service::plugin_care::LockStanding;
use zhengai_service::plugins::{PluginState, Switch, Trust};
use zhengai_service::words::word;
use zhengai_wire::plugins::{
    CheckLine, CheckReport, Component, Key, Lock, LockDifference, Plugin, PluginChange, PluginDetail, PluginForm,
    PluginList, PluginScreen, Quarantine, ScreenAction, ScreenColumn, ScreenHead,
};
use zhengai_wire::{FileRef, Job};

/// Rows of a plugin's screen.
const ROWS: usize = 1_000;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(show, change))
        .routes(routes!(form))
        .routes(routes!(check))
        .routes(routes!(lock, accept))
        .routes(routes!(keys, add_key))
        .routes(routes!(remove_key))
        .routes(routes!(screens))
        .routes(routes!(screen))
}

/// All plugins, and folders that are none.
#[utoipa::path(get, path = "/v1/plugins", tag = "plugins", operation_id = "plugins_list",
    responses((status = 200, body = PluginList)))]
async fn list(cx: Cx) -> Answer<PluginList> {
    let college = cx.read().await?;
    college.permit(Right::ManagePlugins)?;
    let mut plugins = Vec::new();
    for state in college.plugins().all() {
        plugins.push(plugin(&cx, &college, state).await?);
    }
    let refused = college.plugins().refused().iter().map(|error| cx.say(&error.message())).collect();
    Ok(Json(PluginList { plugins, refused }))
}

/// One plugin.
#[utoipa::path(get, path = "/v1/plugins/{id}", tag = "plugins", operation_id = "plugins_show",
    params(("id" = String, Path, description = "Id of the plugin")), responses((status = 200, body = PluginDetail)))]
async fn show(cx: Cx, Path(id): Path<String>) -> Answer<PluginDetail> {
    let college = cx.read().await?;
    college.permit(Right::ManagePlugins)?;
    detail(&cx, &college, &id).await.map(Json)
}

/// Switches a plugin, trusts it, sets its configuration.
#[utoipa::path(patch, path = "/v1/plugins/{id}", tag = "plugins", operation_id = "plugins_change",
    params(("id" = String, Path, description = "Id of the plugin")), request_body = PluginChange,
    responses((status = 200, body = PluginDetail)))]
async fn change(cx: Cx, Path(id): Path<String>, Json(change): Json<PluginChange>) -> Answer<PluginDetail> {
    cx.read().await?.permit(Right::ManagePlugins)?;
    let bad = |value: &str| {
        let message = Message::new("service-bad-argument").with("what", "plugin").with("value", value);
        ApiError::new(Fault::Invalid, message)
    };
    let switch = match change.switch.as_deref() {
        None => None,
        Some("on") => Some(Switch::On),
        Some("off") => Some(Switch::Off),
        Some(other) => return Err(bad(other)),
    };
    let trust = match change.trust.as_deref() {
        None => None,
        Some("given") => Some(Trust::Given),
        Some("withdrawn") => Some(Trust::Withdrawn),
        Some(other) => return Err(bad(other)),
    };
    if let Some(config) = change.config.as_ref().filter(|config| !config.is_object()) {
        return Err(bad(&config.to_string()));
    }
    {
        let college = cx.write().await?;
        if let Some(config) = &change.config {
            college.configure_plugin(&id, config).await?;
        }
        if let Some(to) = trust {
            college.trust_plugin(&id, to).await?;
        }
        if let Some(to) = switch {
            college.switch_plugin(&id, to).await?;
        }
    }
    // A change of plugins makes a college old: it is read anew.
    detail(&cx, &cx.read().await?, &id).await.map(Json)
}

/// What a plugin wants to be told: a JSON Schema for each component.
#[utoipa::path(get, path = "/v1/plugins/{id}/form", tag = "plugins", operation_id = "plugins_form",
    params(("id" = String, Path, description = "Id of the plugin")), responses((status = 200, body = PluginForm)))]
async fn form(cx: Cx, Path(id): Path<String>) -> Answer<PluginForm> {
    let components = cx.read().await?.plugin_form(&id)?.into_iter();
    let told = components.map(|one| Component { name: one.name, can: one.can, config: one.config });
    Ok(Json(PluginForm { components: told.collect() }))
}

/// Starts the conformance check on a plugin.
#[utoipa::path(post, path = "/v1/plugins/{id}/check", tag = "plugins", operation_id = "plugins_check",
    params(("id" = String, Path, description = "Id of the plugin")), responses((status = 202, body = Job)))]
async fn check(cx: Cx, Path(id): Path<String>) -> Result<(StatusCode, Json<Job>), ApiError> {
    let college = cx.read().await?;
    college.permit(Right::ManagePlugins)?;
    college.plugins().get(&id)?;
    cx.start("plugin-check", id.clone(), async move |work| {
        let report = work.read().await?.check_plugin(&id)?;
        let line = |check: &zhengai_service::author::Check| CheckLine {
            id: check.id.to_owned(),
            outcome: check.outcome.word().to_owned(),
            detail: check.outcome.message().map(|message| work.cx.say(message)),
        };
        super::data::result(&CheckReport { passed: report.passed(), checks: report.checks.iter().map(line).collect() })
    })
    .await
}

/// What differs from the lock.
#[utoipa::path(get, path = "/v1/plugin-lock", tag = "plugins", operation_id = "plugins_lock",
    responses((status = 200, body = Lock)))]
async fn lock(cx: Cx) -> Answer<Lock> {
    let found = cx.read().await?.lock_differences()?;
    Ok(Json(Lock { locked: found.is_some(), differences: differences(found.unwrap_or_default()) }))
}

/// Accepts every plugin that is on as it is now.
#[utoipa::path(put, path = "/v1/plugin-lock", tag = "plugins", operation_id = "plugins_accept",
    responses((status = 200, body = Lock)))]
async fn accept(cx: Cx) -> Answer<Lock> {
    let changed = cx.write().await?.lock_plugins().await?;
    Ok(Json(Lock { locked: true, differences: differences(changed) }))
}

/// Public keys whose signatures the college believes.
#[utoipa::path(get, path = "/v1/plugin-keys", tag = "plugins", operation_id = "plugins_keys",
    responses((status = 200, body = Vec<Key>)))]
async fn keys(cx: Cx) -> Answer<Vec<Key>> {
    Ok(Json(cx.read().await?.plugin_keys()?.into_iter().map(|(id, key)| Key { id, key: key.text() }).collect()))
}

/// Adds a public key.
#[utoipa::path(post, path = "/v1/plugin-keys", tag = "plugins", operation_id = "plugins_add_key", request_body = FileRef,
    responses((status = 200, body = Key)))]
async fn add_key(cx: Cx, Json(file): Json<FileRef>) -> Answer<Key> {
    let path = cx.local_file(&file)?;
    let (id, key) = cx.write().await?.add_plugin_key(&path).await?;
    Ok(Json(Key { id, key: key.text() }))
}

/// Takes a key out again.
#[utoipa::path(delete, path = "/v1/plugin-keys/{id}", tag = "plugins", operation_id = "plugins_remove_key",
    params(("id" = String, Path, description = "Name of the key")), responses((status = 200, description = "It is gone.")))]
async fn remove_key(cx: Cx, Path(id): Path<String>) -> Result<(), ApiError> {
    Ok(cx.write().await?.remove_plugin_key(&id).await?)
}

/// Screens of enabled plugins.
#[utoipa::path(get, path = "/v1/screens", tag = "plugins", operation_id = "plugins_screens",
    responses((status = 200, body = Vec<ScreenHead>)))]
async fn screens(cx: Cx) -> Answer<Vec<ScreenHead>> {
    let screens = cx.read().await?.screens()?;
    Ok(Json(screens.iter().map(|(plugin, screen)| head(&cx, plugin, screen)).collect()))
}

/// One screen with its rows.
#[utoipa::path(get, path = "/v1/screens/{plugin}/{id}", tag = "plugins", operation_id = "plugins_screen",
    params(("plugin" = String, Path, description = "Id of the plugin"), ("id" = String, Path, description = "Id of the screen")),
    responses((status = 200, body = PluginScreen)))]
async fn screen(cx: Cx, Path((plugin, id)): Path<(String, String)>) -> Answer<PluginScreen> {
    let (screen, found) = cx.read().await?.screen(&plugin, &id, ROWS).await?;
    let names: Vec<&str> = found.answer.columns.iter().map(|column| column.name.as_str()).collect();
    let at = |id: &str| names.iter().position(|name| *name == id);
    // Columns that only actions need stand behind those that are shown.
    let shown = screen.columns.iter().map(|column| column.id.as_str());
    let hidden = names.iter().copied().filter(|name| screen.columns.iter().all(|column| column.id != *name));
    let order: Vec<&str> = shown.chain(hidden).collect();
    let row = |row: &Vec<Option<String>>| order.iter().map(|id| row.get(at(id)?).cloned().flatten()).collect();
    let label = |id: &str| screen.columns.iter().find(|column| column.id == id);
    let column = |id: &&str| ScreenColumn {
        id: (*id).to_owned(),
        label: label(id).map(|column| cx.label(&column.names)).unwrap_or_default(),
        align: match label(id).map(|column| column.align) {
            Some(Align::End) => "end".to_owned(),
            _ => "start".to_owned(),
        },
        priority: label(id).map_or(u8::MAX, |column| column.priority),
    };
    let action = |action: &zhengai_model::screen::Action| ScreenAction {
        label: cx.label(&action.names),
        go: match action.go {
            Target::Object => "object",
            Target::Warnings => "warnings",
            Target::Why => "why",
            Target::Screen => "screen",
        }
        .to_owned(),
        params: action.params.clone(),
    };
    Ok(Json(PluginScreen {
        head: head(&cx, &plugin, &screen),
        about: cx.label(&screen.about),
        columns: order.iter().map(column).collect(),
        actions: screen.actions.iter().map(action).collect(),
        rows: found.answer.rows.iter().map(row).collect(),
        more: found.answer.cut.is_some(),
        masked: found.why.iter().map(|why| cx.say(why)).collect(),
    }))
}

fn head(cx: &Cx, plugin: &str, screen: &Screen) -> ScreenHead {
    ScreenHead { id: screen.id.clone(), plugin: plugin.to_owned(), title: cx.label(&screen.names) }
}

fn differences(found: Vec<zhengai_service::pinned::LockDifference>) -> Vec<LockDifference> {
    found.into_iter().map(|one| LockDifference { id: one.id, what: one.what }).collect()
}

async fn plugin(cx: &Cx, college: &College, state: &PluginState) -> Result<Plugin, ApiError> {
    let manifest = &state.found.manifest;
    let id = manifest.id.to_string();
    let (lock, lock_differs) = match college.lock_standing(&id)? {
        LockStanding::None => ("none", Vec::new()),
        LockStanding::AsAccepted => ("as-accepted", Vec::new()),
        LockStanding::Differs(what) => ("differs", what),
        LockStanding::NotLocked => ("not-locked", Vec::new()),
    };
    let faults = college.plugin_record(&id).await?.map_or(0, |record| record.faults);
    Ok(Plugin {
        name: cx.label(&manifest.names),
        about: manifest.about.as_ref().map(|about| cx.label(about)),
        kind: word(&manifest.kind),
        layer: manifest.layer.map(|layer| layer.to_string()),
        version: manifest.version.clone(),
        state: state.standing().to_owned(),
        state_name: cx.say(&Message::new("api-plugin-state").with("state", state.standing())),
        runs: state.place().to_owned(),
        runs_name: cx.say(&Message::new("api-plugin-runs").with("place", state.place())),
        ships: state.ships,
        fetches: state.fetches(),
        trusted: state.trusted,
        faults,
        quarantine: state.quarantine.as_ref().map(|one| Quarantine { at: one.at, why: cx.say(&one.why) }),
        lock: lock.to_owned(),
        lock_differs,
        id,
    })
}

async fn detail(cx: &Cx, college: &College, id: &str) -> Result<PluginDetail, ApiError> {
    let state = college.plugins().get(id)?;
    let manifest = &state.found.manifest;
    let (signed, signature) = match college.verify_plugin(&state.found.dir) {
        Ok(key) => (true, cx.say(&Message::new("api-plugin-signed").with("key", key))),
        Err(error) => (false, cx.say(&error.message())),
    };
    let screens = college.screens().unwrap_or_default();
    Ok(PluginDetail {
        plugin: plugin(cx, college, state).await?,
        folder: state.found.dir.display().to_string(),
        abi: manifest.abi.clone(),
        sha256: state.found.sha256.clone(),
        files_sha256: state.found.files_sha256.clone(),
        capabilities: manifest.capabilities.clone(),
        requires: manifest.requires.iter().map(|layer| layer.to_string()).collect(),
        license: manifest.license.clone(),
        signature,
        signed,
        config: state.config.clone(),
        screens: screens.iter().filter(|(of, _)| of == id).map(|(of, screen)| head(cx, of, screen)).collect(),
    })
}
