//! The API without a network: requests go straight into the router of this process.

use crate::cx::{Asker, Origin};
use crate::state::Api;
use axum::Router;
use axum::body::Body;
use http_body_util::BodyExt;
use std::sync::Arc;
use tower::ServiceExt;
use zhengai_service::Actor;
use zhengai_wire::client::Sending;
use zhengai_wire::{Transport, WireBody};

/// A transport into a router.
struct Memory {
    router: Router,
    asker: Asker,
    server: String,
}

impl Api {
    /// A transport into this very process, for this person. Paths of files mean the same on both sides.
    pub fn memory(&self, actor: Actor) -> Arc<dyn Transport> {
        let server = self.place().display().to_string();
        Arc::new(Memory { router: self.router(), asker: Asker { actor, origin: Origin::Memory }, server })
    }
}

impl Transport for Memory {
    fn send(&self, mut request: http::Request<WireBody>) -> Sending {
        request.extensions_mut().insert(self.asker.clone());
        let router = self.router.clone();
        Box::pin(async move {
            let response = match router.oneshot(request.map(Body::new)).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            Ok(response.map(|body| body.map_err(Into::into).boxed_unsync()))
        })
    }

    fn server(&self) -> &str {
        &self.server
    }

    fn is_local(&self) -> bool {
        true
    }
}
