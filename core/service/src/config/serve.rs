//! Settings of the server: where it listens, with which certificate, and how much it takes on.

use super::{Config, Key, Kind};
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

pub(super) const KEYS: [Key; 18] = [
    Key { name: "serve.listen", kind: Kind::Socket, default: "127.0.0.1:8443" },
    Key { name: "serve.tls_certificate", kind: Kind::Text, default: "" },
    Key { name: "serve.tls_key", kind: Kind::Text, default: "" },
    Key { name: "serve.clear", kind: Kind::Clear, default: "loopback" },
    Key { name: "serve.hosts", kind: Kind::Text, default: "" },
    Key { name: "serve.connections", kind: Kind::Count, default: "512" },
    Key { name: "serve.requests", kind: Kind::Count, default: "128" },
    Key { name: "serve.requests_per_second", kind: Kind::Count, default: "50" },
    Key { name: "serve.burst", kind: Kind::Count, default: "200" },
    Key { name: "serve.failures_per_minute", kind: Kind::Count, default: "20" },
    Key { name: "serve.header_seconds", kind: Kind::Count, default: "15" },
    Key { name: "serve.body_seconds", kind: Kind::Count, default: "30" },
    Key { name: "serve.request_seconds", kind: Kind::Count, default: "300" },
    Key { name: "serve.write_wait_seconds", kind: Kind::Count, default: "30" },
    Key { name: "serve.stop_seconds", kind: Kind::Count, default: "30" },
    Key { name: "serve.jobs", kind: Kind::Count, default: "64" },
    Key { name: "serve.upload_bytes", kind: Kind::Count, default: "4294967296" },
    Key { name: "serve.uploads_bytes", kind: Kind::Count, default: "17179869184" },
];

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileServe {
    listen: Option<String>,
    tls_certificate: Option<String>,
    tls_key: Option<String>,
    clear: Option<String>,
    hosts: Option<String>,
    connections: Option<u64>,
    requests: Option<u64>,
    requests_per_second: Option<u64>,
    burst: Option<u64>,
    failures_per_minute: Option<u64>,
    header_seconds: Option<u64>,
    body_seconds: Option<u64>,
    request_seconds: Option<u64>,
    write_wait_seconds: Option<u64>,
    stop_seconds: Option<u64>,
    jobs: Option<u64>,
    upload_bytes: Option<u64>,
    uploads_bytes: Option<u64>,
}

impl FileServe {
    pub(super) fn values(self) -> Vec<(&'static str, Option<String>)> {
        let count = |number: Option<u64>| number.map(|number| number.to_string());
        vec![
            ("serve.listen", self.listen),
            ("serve.tls_certificate", self.tls_certificate),
            ("serve.tls_key", self.tls_key),
            ("serve.clear", self.clear),
            ("serve.hosts", self.hosts),
            ("serve.connections", count(self.connections)),
            ("serve.requests", count(self.requests)),
            ("serve.requests_per_second", count(self.requests_per_second)),
            ("serve.burst", count(self.burst)),
            ("serve.failures_per_minute", count(self.failures_per_minute)),
            ("serve.header_seconds", count(self.header_seconds)),
            ("serve.body_seconds", count(self.body_seconds)),
            ("serve.request_seconds", count(self.request_seconds)),
            ("serve.write_wait_seconds", count(self.write_wait_seconds)),
            ("serve.stop_seconds", count(self.stop_seconds)),
            ("serve.jobs", count(self.jobs)),
            ("serve.upload_bytes", count(self.upload_bytes)),
            ("serve.uploads_bytes", count(self.uploads_bytes)),
        ]
    }
}

/// Where requests may come in that are not encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clear {
    /// From this very computer.
    Loopback,
    /// From anywhere: something before the server encrypts.
    Anywhere,
}

/// Settings of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeSettings {
    /// Address and port.
    pub listen: String,
    /// Certificates in PEM form, the own one first.
    pub tls_certificate: Option<PathBuf>,
    /// Key of the certificate in PEM form.
    pub tls_key: Option<PathBuf>,
    /// Where requests may come in that are not encrypted.
    pub clear: Clear,
    /// Names under which the server is reached; any when there are none.
    pub hosts: Vec<String>,
    /// Connections at a time.
    pub connections: usize,
    /// Requests at a time.
    pub requests: usize,
    /// Requests a second of one token or address.
    pub requests_per_second: u32,
    /// So many of them may come at once.
    pub burst: u32,
    /// Wrong tokens a minute from one address.
    pub failures_per_minute: u32,
    /// How long the head of a request may take.
    pub header: Duration,
    /// How long the body of a request may stand still.
    pub body: Duration,
    /// How long an answer may take to begin.
    pub request: Duration,
    /// How long a request waits for its turn to write.
    pub write_wait: Duration,
    /// How long jobs get to end when the server stops.
    pub stop: Duration,
    /// Jobs that wait or run at a time.
    pub jobs: usize,
    /// Bytes of one upload.
    pub upload_bytes: u64,
    /// Bytes of all uploads together.
    pub uploads_bytes: u64,
}

impl Config {
    /// Settings of the server.
    pub fn serve(&self) -> ServeSettings {
        let path = |name| Some(self.text(name)).filter(|text| !text.is_empty()).map(PathBuf::from);
        let size = |name| usize::try_from(self.count(name)).unwrap_or(usize::MAX);
        let small = |name| u32::try_from(self.count(name)).unwrap_or(u32::MAX);
        let seconds = |name| Duration::from_secs(self.count(name));
        let hosts = self.text("serve.hosts").split(',').map(str::trim).filter(|host| !host.is_empty());
        ServeSettings {
            listen: self.text("serve.listen").to_owned(),
            tls_certificate: path("serve.tls_certificate"),
            tls_key: path("serve.tls_key"),
            clear: if self.text("serve.clear") == "anywhere" { Clear::Anywhere } else { Clear::Loopback },
            hosts: hosts.map(str::to_owned).collect(),
            connections: size("serve.connections"),
            requests: size("serve.requests"),
            requests_per_second: small("serve.requests_per_second"),
            burst: small("serve.burst"),
            failures_per_minute: small("serve.failures_per_minute"),
            header: seconds("serve.header_seconds"),
            body: seconds("serve.body_seconds"),
            request: seconds("serve.request_seconds"),
            write_wait: seconds("serve.write_wait_seconds"),
            stop: seconds("serve.stop_seconds"),
            jobs: size("serve.jobs"),
            upload_bytes: self.count("serve.upload_bytes"),
            uploads_bytes: self.count("serve.uploads_bytes"),
        }
    }
}
