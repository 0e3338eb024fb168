//! A college without plugins in a folder of its own, and ways to ask it.

use crate::{Api, ApiSettings, Asker, Cx, Origin};
use axum::Router;
use axum::body::Body;
use axum::response::Response;
use chrono::{NaiveDate, Utc};
use futures_util::StreamExt;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt;
use zhengai_model::rights::{Grant, Right};
use zhengai_model::text::Language;
use zhengai_service::college::{College, Opening};
use zhengai_service::config::Config;
use zhengai_service::home::{DataDir, Home};
use zhengai_service::{Actor, WorkerSettings};
use zhengai_wire::{Client, Job};

pub(super) struct House {
    folder: TempDir,
    api: Api,
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day")
}

fn opening(folder: &Path) -> Opening {
    let data = DataDir::at(folder.join("data"));
    Opening {
        config: Config::load(&data.config_file(), &Default::default(), &[]).expect("settings"),
        data,
        home: Home::find(Some(folder.join("home")), Path::new("zhengai")).expect("a home"),
        actor: Actor::local("administrator"),
        clock: Utc::now,
        today: day(),
        packs: Vec::new(),
        worker: WorkerSettings::this_program().expect("a program"),
        wait: |_, _| Box::pin(async {}),
    }
}

impl House {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("temp dir");
        let home = folder.path().join("home");
        std::fs::create_dir_all(home.join("plugins")).expect("folder");
        std::fs::create_dir_all(home.join("config")).expect("folder");
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config");
        for file in ["calendar.toml", "roles.toml"] {
            std::fs::copy(shipped.join(file), home.join("config").join(file)).expect("a file of the house");
        }
        let spirals = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/cycles/spirals.toml");
        std::fs::create_dir_all(home.join("config/cycles")).expect("folder");
        std::fs::copy(spirals, home.join("config/cycles/spirals.toml")).expect("templates of cycles");
        let pack = "id = \"policy\"\nkind = \"pack\"\nversion = \"1.0.0\"\n[names]\nzh = \"政策\"\nen = \"Policy\"\n";
        std::fs::write(home.join("config/pack.toml"), pack).expect("pack");
        College::init(&DataDir::at(folder.path().join("data")), "test", Some("测试学院")).expect("a college");
        let from = folder.path().to_path_buf();
        let settings =
            ApiSettings { today: day, reload: Some(Arc::new(move || Ok(opening(&from)))), ..ApiSettings::default() };
        Self { api: Api::new(opening(folder.path()), settings), folder }
    }

    pub(super) fn api(&self) -> &Api {
        &self.api
    }

    pub(super) fn data(&self) -> DataDir {
        DataDir::at(self.folder.path().join("data"))
    }

    /// Another name of the college in its settings.
    pub(super) fn rename(&self, name: &str) {
        let text = format!("[college]\nid = \"test\"\nname = \"{name}\"\n");
        std::fs::write(self.data().config_file(), text).expect("settings");
    }

    pub(super) fn client(&self, name: &str) -> Client {
        Client::new(self.api.memory(actor(name)), Language::English)
    }

    pub(super) fn cx(&self, name: &str) -> Cx {
        let texts = self.api.texts(Language::English);
        Cx { actor: actor(name), texts, origin: Origin::Memory, api: self.api.clone(), fingerprint: None }
    }

    /// Asks a router who asks.
    pub(super) async fn ask(&self, router: &Router, headers: &[(&str, &str)]) -> Response {
        let mut request =
            http::Request::get("/v1/session").extension(Asker { actor: actor("wang"), origin: Origin::Memory });
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer")
    }

    /// Follows a job until it is as it should be.
    pub(super) async fn until(&self, who: &str, id: &str, good: impl Fn(&Job) -> bool) -> Job {
        self.follow(&self.client(who), id, good).await
    }

    async fn follow(&self, client: &Client, id: &str, good: impl Fn(&Job) -> bool) -> Job {
        let events = client.watch(id).await.expect("events");
        let mut events = std::pin::pin!(events);
        while let Some(job) = events.next().await {
            let job = job.expect("an event");
            if good(&job) {
                return job;
            }
        }
        panic!("the job ended in another way")
    }

    /// Follows a job of this client until it is over.
    pub(super) async fn end(&self, client: &Client, id: &str) -> Job {
        self.follow(client, id, |job| job.state.is_over()).await
    }

    /// Follows a job until it is over.
    pub(super) async fn over(&self, who: &str, id: &str) -> Job {
        self.until(who, id, |job| job.state.is_over()).await
    }
}

pub(super) fn actor(name: &str) -> Actor {
    match name {
        "administrator" => Actor::local(name),
        _ => Actor::new(name, "clerk").holding([Grant { rights: [Right::ReadResults].into(), ..Grant::everything() }]),
    }
}
