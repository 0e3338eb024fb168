//! A server that gives canned answers: by method and path, the same each time or one after another.

use crate::app::Reply;
use serde::Serialize;
use std::collections::BTreeMap;
use zhengai_model::fault::Fault;
use zhengai_wire::call::{Method, Request};
use zhengai_wire::{Call, Failure, Job, Problem};

/// A path as answers are filed: without the root of the server; `*` stands for any one segment.
type Place = (Method, String);
type Make = Box<dyn Fn(&Request) -> Result<Reply, Failure>>;

/// A server that gives canned answers.
#[derive(Default)]
pub struct Fake {
    answers: Vec<(Place, Make)>,
    jobs: BTreeMap<String, Vec<Job>>,
    drafts: BTreeMap<String, String>,
}

impl std::fmt::Debug for Fake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fake").field("places", &self.answers.len()).finish_non_exhaustive()
    }
}

impl Fake {
    /// A server that knows who asks and has no jobs.
    pub fn new() -> Self {
        let session = zhengai_wire::session::Session {
            institution: "示例职业技术学院".to_owned(),
            academic_year: Some("2026-2027".to_owned()),
            cycle: None,
            user: "王建国".to_owned(),
            roles: vec!["管理员".to_owned()],
            ..Default::default()
        };
        Self::default().get("session", &session).get("jobs", &Vec::<Job>::new())
    }

    /// Answers `GET` of a path (`warnings/7`, `warnings/*/events`) with a value. A later answer to a path takes the place
    /// of an earlier one.
    #[must_use]
    pub fn get<T: Serialize>(self, path: &str, value: &T) -> Self {
        self.on(Method::Get, path, value)
    }

    /// Answers a method and path with a value.
    #[must_use]
    pub fn on<T: Serialize>(self, method: Method, path: &str, value: &T) -> Self {
        let reply = Reply::of(value);
        self.with(method, path, move |_| Ok(reply.clone()))
    }

    /// Answers a call's very path with what the call answers with: keeps fakes and calls of one type.
    #[must_use]
    pub fn answer<T: Serialize>(self, call: &Call<T>, value: &T) -> Self {
        let request = call.request();
        let path = request.path.trim_start_matches(zhengai_wire::ROOT).trim_start_matches('/').to_owned();
        self.on(request.method, &path, value)
    }

    /// Answers with whatever this makes of the request: pages, filters.
    #[must_use]
    pub fn with(
        mut self,
        method: Method,
        path: &str,
        make: impl Fn(&Request) -> Result<Reply, Failure> + 'static,
    ) -> Self {
        self.answers.push(((method, path.to_owned()), Box::new(make)));
        self
    }

    /// Refuses a method and path.
    #[must_use]
    pub fn refuse(self, method: Method, path: &str, fault: Fault, detail: &str) -> Self {
        let problem = Problem::new(fault, "test-refused", detail);
        self.with(method, path, move |_| Err(Failure::Problem(Box::new(problem.clone()))))
    }

    /// What following a job gives, event by event.
    #[must_use]
    pub fn job(mut self, id: &str, events: Vec<Job>) -> Self {
        self.jobs.insert(id.to_owned(), events);
        self
    }

    /// A draft that was kept earlier.
    #[must_use]
    pub fn draft(mut self, key: &str, text: &str) -> Self {
        self.drafts.insert(key.to_owned(), text.to_owned());
        self
    }

    pub(super) fn reply(&self, request: &Request) -> Result<Reply, Failure> {
        let path = request.path.trim_start_matches(zhengai_wire::ROOT).trim_start_matches('/');
        let found =
            self.answers.iter().rev().find(|((method, place), _)| *method == request.method && fits(place, path));
        match found {
            Some((_, make)) => make(request),
            None => Err(Failure::Unreadable {
                path: request.path.clone(),
                cause: format!("the fake has no answer to {:?} {path}", request.method),
            }),
        }
    }

    pub(super) fn events(&self, job: &str) -> Vec<Job> {
        self.jobs.get(job).cloned().unwrap_or_default()
    }

    pub(super) fn kept(&self, draft: &str) -> Option<&String> {
        self.drafts.get(draft)
    }
}

fn fits(place: &str, path: &str) -> bool {
    let mut places = place.split('/');
    let mut segments = path.split('/');
    loop {
        match (places.next(), segments.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(one), Some(other)) if one == other => {}
            _ => return false,
        }
    }
}
