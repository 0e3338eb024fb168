//! A server on a college, and requests to it written by hand.

use crate::harness::College;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server that listens. It dies with this.
pub struct Serving<'a> {
    college: &'a College,
    child: Child,
    url: String,
}

impl<'a> Serving<'a> {
    /// Starts it on a free port of this computer, with more settings.
    pub fn start(college: &'a College, settings: &[&str]) -> Self {
        let mut words = vec!["--lang", "en", "serve", "--listen", "127.0.0.1:0"];
        for setting in settings {
            words.extend(["--set", setting]);
        }
        let mut command = college.command(&words);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("text");
        let url = line.split_whitespace().find(|word| word.starts_with("http")).map(|word| word.trim_end_matches('.'));
        let url = url.unwrap_or_else(|| panic!("it does not say where it listens: {line:?}")).to_owned();
        Self { college, child, url }
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Host and port.
    pub fn host(&self) -> &str {
        self.url.split("//").nth(1).expect("a host")
    }

    /// Number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Makes a user with a role and gives a token.
    pub fn token(&self, name: &str, role: &str) -> String {
        self.college.run(&["user", "add", name]).good();
        self.college.run(&["user", "role", name, role]).good();
        self.college.run(&["token", "create", name, "--note", "flows"]).good().out.trim().to_owned()
    }

    /// Reads a path.
    pub fn get(&self, path: &str, token: Option<&str>) -> Answer {
        let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{token}Connection: close\r\n\r\n"))
    }

    /// Sends JSON to a path.
    pub fn post(&self, path: &str, token: &str, body: &serde_json::Value) -> Answer {
        self.ask("POST", path, token, &[], body)
    }

    /// The same with any method and more headers; without a body where it is null.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: &serde_json::Value,
    ) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n");
        let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let kind = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        self.send(&format!("{head}{more}{kind}Connection: close\r\n\r\n{body}"))
    }

    /// Uploads a file of departments and starts its import; the number of the job.
    #[track_caller]
    pub fn import(&self, token: &str, text: &str) -> String {
        let head =
            format!("PUT /v1/uploads/departments.csv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n");
        let sent = self.send(&format!("{head}Content-Length: {}\r\nConnection: close\r\n\r\n{text}", text.len()));
        assert_eq!(sent.status, 200, "{}", sent.body);
        let body = serde_json::json!({ "dataset": "departments", "file": { "upload": sent.json()["id"] } });
        let started = self.post("/v1/imports", token, &body);
        assert_eq!(started.status, 202, "{}", started.body);
        started.json()["id"].as_str().expect("a number").to_owned()
    }

    /// Waits until a job is over, by its events.
    #[track_caller]
    pub fn over(&self, token: &str, job: &str) -> serde_json::Value {
        self.get(&format!("/v1/jobs/{job}/events"), Some(token));
        self.get(&format!("/v1/jobs/{job}"), Some(token)).json()
    }

    /// Sends these bytes over a connection of their own.
    pub fn send(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.host()).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(120))).expect("a limit");
        // A server that refuses a body early may close before all of it is sent.
        let _ = stream.write_all(request.as_bytes());
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        Answer::read(&String::from_utf8_lossy(&bytes))
    }

    /// Waits for its end; the exit code.
    pub fn end(&mut self) -> Option<i32> {
        self.child.wait().expect("an end").code()
    }
}

impl Drop for Serving<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer taken apart.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<String> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Sends a signal.
pub fn signal(process: u32, name: &str) {
    let status = Command::new("sh").args(["-c", &format!("kill -{name} {process}")]).status();
    assert!(status.expect("a shell").success(), "kill -{name}");
}

/// Lets nobody else read a file.
pub fn only_mine(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("permissions");
    }
}

/// An authority that signed the certificate of a server.
pub struct Ca {
    pub file: PathBuf,
    certificate: String,
    key: String,
}

impl Ca {
    pub fn new(college: &College) -> Self {
        let mut params = rcgen::CertificateParams::new(Vec::<String>::new()).expect("parameters");
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign, rcgen::KeyUsagePurpose::DigitalSignature];
        let authority_key = rcgen::KeyPair::generate().expect("a key");
        let authority = params.self_signed(&authority_key).expect("a certificate");
        let issuer = rcgen::Issuer::new(params, authority_key);
        let key = rcgen::KeyPair::generate().expect("a key");
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let server = rcgen::CertificateParams::new(names).expect("parameters").signed_by(&key, &issuer);
        let certificate = college.file("server.pem", server.expect("a certificate").pem());
        let key_file = college.file("server.key", key.serialize_pem());
        only_mine(&key_file);
        Self {
            file: college.file("ca.pem", authority.pem()),
            certificate: format!("serve.tls_certificate={}", certificate.display()),
            key: format!("serve.tls_key={}", key_file.display()),
        }
    }

    /// The settings of a server with the certificate.
    pub fn settings(&self) -> [&str; 2] {
        [&self.certificate, &self.key]
    }
}
