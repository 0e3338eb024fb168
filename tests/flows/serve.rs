//! `zhengai serve`: who gets in, what is refused, how it ends. Requests are written by hand where the command line would
//! never send them.

mod areas;
mod desk;
mod fuzz;
mod house;

use crate::harness::{College, ran};
use crate::samples::{departments, import, table, three_departments};
pub use house::Serving;
use house::{Ca, signal};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

#[test]
fn a_word_that_is_not_valid_is_told_with_a_next_step_for_those_who_type_no_commands() {
    let college = College::new();
    let server = Serving::start(&college, &[]);
    let token = server.token("wang", "administrator");
    let answer = server.get("/v1/runs?cycle=a%20b", Some(&token));
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert!(answer.body.contains("/v1/openapi.json"), "{}", answer.body);
}

#[test]
fn a_server_that_is_not_there_is_told_with_what_to_look_at() {
    let college = College::nowhere();
    let told = college.run(&["--server", "http://127.0.0.1:1", "batch", "list"]).exits(8);
    told.says(&["http://127.0.0.1:1", "zhengai serve", "--server", "--ca", "防火墙"]);
}

#[test]
fn who_shows_no_token_or_a_wrong_one_stays_outside_and_a_good_one_gets_in() {
    let college = College::new();
    let server = Serving::start(&college, &[]);
    let token = server.token("wang", "administrator");
    assert_eq!(server.get("/v1/session", None).status, 401);
    let wrong = server.get("/v1/session", Some("zt_wrong"));
    assert_eq!((wrong.status, wrong.header("www-authenticate").as_deref()), (401, Some("Bearer")));
    assert_eq!(wrong.json()["type"], "urn:zhengai:problem:unauthenticated");
    let good = server.get("/v1/session", Some(&token));
    assert_eq!((good.status, good.json()["user"].as_str()), (200, Some("wang")));
    assert_eq!(server.get("/v1/nothing", Some(&token)).status, 404);
    assert_eq!(server.get("/v1/health", None).status, 204);
    assert_eq!(good.header("x-content-type-options").as_deref(), Some("nosniff"));
    assert!(good.header("etag").is_some() && good.header("x-request-id").is_some());
}

#[test]
fn a_right_that_the_role_does_not_have_is_refused_with_403() {
    let college = College::new();
    let server = Serving::start(&college, &[]);
    let token = server.token("li", "auditor");
    assert_eq!(server.get("/v1/users", Some(&token)).status, 403);
}

#[test]
fn a_page_that_calls_the_server_by_another_name_is_turned_away() {
    let college = College::new();
    let server = Serving::start(&college, &[]);
    let answer = server.send("GET /v1/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert_eq!(answer.status, 403, "{}", answer.body);
    assert_eq!(answer.json()["key"], "api-other-host");
}

#[test]
fn what_is_too_large_is_413_and_what_comes_too_often_is_429() {
    let college = College::new();
    let limits = ["serve.upload_bytes=1000", "serve.burst=5", "serve.requests_per_second=1"];
    let server = Serving::start(&college, &limits);
    let token = server.token("wang", "administrator");
    let large = "x".repeat(2000);
    let head = format!("PUT /v1/uploads/a.csv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n");
    let request = format!("{head}Content-Length: 2000\r\nConnection: close\r\n\r\n{large}");
    assert_eq!(server.send(&request).status, 413);
    let uploads = college.data().join("uploads");
    assert_eq!(std::fs::read_dir(uploads).map(Iterator::count).unwrap_or(0), 0);
    let answers: Vec<u16> = (0..20).map(|_| server.get("/v1/session", Some(&token)).status).collect();
    assert!(answers.contains(&429), "{answers:?}");
}

#[test]
fn too_many_wrong_tokens_close_the_door_for_a_while_but_not_to_those_with_a_good_one() {
    let college = College::new();
    let server = Serving::start(&college, &["serve.failures_per_minute=3"]);
    let token = server.token("wang", "administrator");
    let answers: Vec<u16> =
        (0..8).map(|number| server.get("/v1/session", Some(&format!("zt_{number}"))).status).collect();
    assert_eq!(answers[..3], [401, 401, 401]);
    assert!(answers.contains(&429), "{answers:?}");
    assert_eq!(server.get("/v1/session", Some(&token)).status, 200);
}

#[test]
fn a_name_that_leads_to_another_folder_is_no_name_of_an_upload() {
    let college = College::new();
    let server = Serving::start(&college, &[]);
    let token = server.token("wang", "administrator");
    for name in ["..%2f..%2fevil.csv", "%2e%2e", "a%5cb", "a%00b", ".owner", "a%0d%0ab"] {
        let head = format!("PUT /v1/uploads/{name} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n");
        let answer = server.send(&format!("{head}Content-Length: 1\r\nConnection: close\r\n\r\nx"));
        assert!((400..500).contains(&answer.status), "{name}: {}", answer.status);
        assert!(answer.header("injected").is_none());
    }
    assert!(!college.path("evil.csv").exists());
}

#[test]
fn a_head_that_never_ends_is_not_waited_for() {
    let college = College::new();
    let server = Serving::start(&college, &["serve.header_seconds=1"]);
    let mut stream = TcpStream::connect(server.host()).expect("a connection");
    stream.write_all(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n").expect("half a head");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
    let began = Instant::now();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(began.elapsed() < Duration::from_secs(20), "the server waits for {:?}", began.elapsed());
    assert_eq!(server.get("/v1/health", None).status, 204);
}

#[test]
fn the_command_line_speaks_to_a_server_over_tls_with_an_authority_of_its_own() {
    let college = College::new();
    let ca = Ca::new(&college);
    let server = Serving::start(&college, &ca.settings());
    let token = server.token("wang", "administrator");
    let file = college.file("token", format!("{token}\n"));
    college.run(&["doctor"]).good();
    let (url, file) = (server.url(), file.to_string_lossy().into_owned());
    let ca_file = ca.file.to_string_lossy().into_owned();
    let words = ["--server", &url, "--token-file", &file, "--ca", &ca_file, "job", "list"];
    college.run(&words).exits(3).says(&["chmod 600"]);
    house::only_mine(std::path::Path::new(&file));
    college.run(&words).good();
    college.run(&["--server", &url, "--token-file", &file, "job", "list"]).exits(8);
    college.run(&["--server", &url, "--ca", &ca_file, "job", "list"]).exits(6).says(&["zhengai token create"]);
    college.run(&["--server", "http://college.example", "job", "list"]).exits(3).says(&["https://"]);
    college.run(&["--server", &url, "record", "show"]).exits(3).says(&[&url]);
}

#[test]
fn settings_of_this_computer_are_refused_where_a_server_does_the_work_and_nothing_is_sent() {
    let college = three_departments();
    let server = Serving::start(&college, &[]);
    let token = server.token("wang", "administrator");
    let url = server.url();
    let file = college.file("more.csv", departments(&["D9,九系,教学单位,S1,2001-09-01"])).display().to_string();
    let batches = || server.get("/v1/batches", Some(&token)).json()["total"].clone();
    let before = batches();
    let asked = |words: &[&str]| {
        let mut command = college.command(&[&["--server", &url], words].concat());
        ran(command.env("ZHENGAI_TOKEN", &token).output().expect("the binary starts"))
    };
    let import = ["import", &file, "--dataset", "departments"];
    for (option, value) in [("--set", "import.review=hold"), ("--set", "no.such=1"), ("--pack", "p"), ("--data", "d")] {
        let words = [&[option, value], &import[..]].concat();
        asked(&words).exits(2).says(&[option, value, &url, "--server"]);
    }
    assert_eq!(batches(), before, "a refused command sends nothing");
    asked(&["--set", "console.theme=pink", "batch", "list"]).exits(3).says(&["console.theme"]);
    asked(&["--set", "console.theme=mono", "batch", "list"]).good();
}

#[test]
fn other_computers_are_not_let_in_without_a_certificate() {
    let college = College::new();
    college.run(&["serve", "--listen", "0.0.0.0:0"]).exits(3).says(&["serve.tls_certificate"]);
}

#[test]
fn sigterm_ends_the_server_with_success_and_the_record_is_whole() {
    let college = College::new();
    let mut server = Serving::start(&college, &[]);
    let token = server.token("wang", "administrator");
    assert_eq!(server.get("/v1/session", Some(&token)).status, 200);
    signal(server.id(), "TERM");
    assert_eq!(server.end(), Some(0));
    college.run(&["audit", "verify"]).good();
}

#[test]
fn a_server_and_the_command_line_beside_it_see_what_the_other_wrote() {
    let college = three_departments();
    let server = Serving::start(&college, &[]);
    let token = server.token("wang", "administrator");
    let count = || server.get("/v1/batches", Some(&token)).json()["total"].as_u64().expect("a total");
    let before = count();
    let file = college.file("more.csv", departments(&["D9,九系,教学单位,S1,2001-09-01"]));
    import(&college, &file, "departments", &[]).good();
    assert_eq!(count(), before + 1);
    let job = server.import(&token, &departments(&["D8,八系,教学单位,S1,2001-09-01"]));
    assert_eq!(server.over(&token, &job)["state"], "done");
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(5));
}

#[test]
fn two_clients_that_import_at_once_take_turns_and_both_are_served() {
    let college = College::new();
    let server = Serving::start(&college, &[]);
    let (wang, li) = (server.token("wang", "administrator"), server.token("li", "administrator"));
    let one = server.import(&wang, &many('A', 2_000));
    let two = server.import(&li, &many('B', 2_000));
    assert_ne!(one, two);
    assert_eq!(server.over(&wang, &one)["state"], "done");
    assert_eq!(server.over(&li, &two)["state"], "done");
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(4_000));
    // An administrator sees the jobs of others as well.
    assert_eq!(server.get(&format!("/v1/jobs/{two}"), Some(&wang)).status, 200);
}

/// A request whose body never comes, once the server waits for it.
fn unfinished(server: &Serving<'_>, token: &str) -> TcpStream {
    let head = format!("PUT /v1/uploads/a.csv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n");
    let mut stream = TcpStream::connect(server.host()).expect("a connection");
    let request = format!("{head}Content-Length: 2000\r\nExpect: 100-continue\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("a head");
    let mut first = [0; 12];
    stream.read_exact(&mut first).expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 100");
    stream
}

#[test]
fn a_second_signal_ends_the_server_at_once_and_another_may_open_the_college() {
    let college = College::new();
    let mut server = Serving::start(&college, &["serve.stop_seconds=3000"]);
    let token = server.token("wang", "administrator");
    let waiting = unfinished(&server, &token);
    signal(server.id(), "TERM");
    // It has heard the first one when it takes no more connections.
    while TcpStream::connect(server.host()).is_ok() {}
    signal(server.id(), "TERM");
    assert_eq!(server.end(), Some(130));
    drop(waiting);
    college.run(&["audit", "verify"]).good();
    college.run(&["user", "add", "li"]).good();
}

#[test]
fn a_server_does_not_wait_for_a_request_beyond_its_time_to_stop() {
    let college = College::new();
    let mut server = Serving::start(&college, &["serve.stop_seconds=1"]);
    let token = server.token("wang", "administrator");
    let waiting = unfinished(&server, &token);
    let began = Instant::now();
    signal(server.id(), "TERM");
    assert!(matches!(server.end(), Some(0 | 1)), "it ends by itself");
    assert!(began.elapsed() < Duration::from_secs(20), "it took {:?}", began.elapsed());
    drop(waiting);
    college.run(&["audit", "verify"]).good();
}

#[test]
fn sigterm_in_the_middle_of_a_job_ends_in_time_and_leaves_nothing_half_done() {
    let college = College::new();
    let mut server = Serving::start(&college, &[]);
    let token = server.token("wang", "administrator");
    server.import(&token, &many('A', 60_000));
    signal(server.id(), "TERM");
    assert_eq!(server.end(), Some(0));
    whole(&college);
}

#[test]
fn a_server_killed_in_the_middle_of_a_job_starts_again_and_settles_what_was_open() {
    let college = College::new();
    let mut server = Serving::start(&college, &[]);
    let token = server.token("wang", "administrator");
    server.import(&token, &many('A', 60_000));
    signal(server.id(), "KILL");
    assert_eq!(server.end(), None);
    let again = Serving::start(&college, &[]);
    assert_eq!(again.get("/v1/session", Some(&token)).status, 200);
    let job = again.import(&token, &many('A', 100));
    assert_eq!(again.over(&token, &job)["state"], "done");
    drop(again);
    whole(&college);
}

/// Departments enough that importing them takes a while.
fn many(prefix: char, rows: u32) -> String {
    let rows: Vec<String> = (0..rows).map(|number| format!("{prefix}{number},某系,教学单位,S1,2001-09-01")).collect();
    departments(&rows.iter().map(String::as_str).collect::<Vec<_>>())
}

/// No batch is between two states, the chain is whole, and the doctor finds no damage.
fn whole(college: &College) {
    let batches = college.json(&["batch", "list"]);
    for batch in batches.as_array().expect("a list") {
        let state = batch["state"].as_str().expect("a state");
        assert!(!["staging", "applying"].contains(&state), "{batches}");
    }
    college.run(&["audit", "verify"]).good();
    let applied = batches.as_array().expect("a list").iter().any(|batch| batch["state"] == "applied");
    let rows = table(college, "departments").map_or(0, |(rows, _)| rows);
    assert_eq!(applied, rows > 0, "{batches}: {rows} rows");
}
