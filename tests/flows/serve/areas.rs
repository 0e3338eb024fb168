//! What a client of the API does in areas that the command line reaches only in part: overview, heat map, drafts of
//! indicators, rows and where they come from, users and their tokens.

use super::house::Serving;
use crate::clubs;
use crate::harness::College;
use serde_json::{Value, json};

#[test]
fn overview_and_heat_map_tell_of_the_run_that_was_made_and_the_worst_stands_first() {
    let college = clubs::diagnosed();
    let server = Serving::start(&college, &[]);
    let token = server.token("wang", "quality-officer");
    let overview = server.get("/v1/overview", Some(&token)).json();
    let layers = overview["layers"].as_array().expect("layers");
    assert_eq!(layers.len(), 5, "{overview}");
    let school = layers.iter().find(|tile| tile["layer"] == "school").expect("the layer");
    assert_eq!((&school["verdicts"]["achieved"], &school["verdicts"]["unmet"]), (&json!(1), &json!(1)));
    assert_eq!(school["warnings"]["general"], 1);
    let trend = overview["trend"].as_array().expect("a trend");
    assert_eq!((trend.len(), &trend[0]["run"]["id"]), (1, &school["run"]["id"]));
    assert!(layers.iter().all(|tile| tile["layer"] == "school" || tile["run"].is_null()), "{overview}");

    let heat = server.get("/v1/heatmap?layer=school&kind=club", Some(&token)).json();
    let rows: Vec<(&str, &str, &str)> = heat["items"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["object"].as_str(), row["cells"][0]["state"].as_str(), row["cells"][0]["verdict"].as_str()))
        .map(|(object, state, verdict)| (object.unwrap_or(""), state.unwrap_or(""), verdict.unwrap_or("")))
        .collect();
    let expected = [("C2", "number", "unmet"), ("C1", "number", "achieved"), ("C3", "no-data", "undetermined")];
    assert_eq!(rows, expected);
    let one = server.get("/v1/heatmap?layer=school&kind=club&sort=id&offset=1&limit=1", Some(&token)).json();
    assert_eq!((&one["total"], &one["items"][0]["object"]), (&json!(3), &json!("C2")));
}

#[test]
fn whoever_has_a_part_of_the_college_counts_and_turns_the_pages_of_that_part_only() {
    let college = clubs::diagnosed();
    let server = Serving::start(&college, &[]);
    let token = server.token("wang", "administrator");
    let ask = |method: &str, path: &str, body: Value| server.ask(method, path, &token, &[], &body);
    assert_eq!(ask("POST", "/v1/users", json!({ "name": "li" })).status, 200);
    let given = ask("PUT", "/v1/users/li/roles/department", json!({ "units": ["club/C2"] }));
    assert_eq!(given.status, 200, "{}", given.body);
    let theirs = ask("POST", "/v1/tokens", json!({ "user": "li", "note": "社团" })).json();
    let theirs = theirs["secret"].as_str().expect("shown once");

    let school = |who: &str| {
        let overview = server.get("/v1/overview", Some(who)).json();
        let layers = overview["layers"].as_array().expect("layers");
        layers.iter().find(|tile| tile["layer"] == "school").expect("the layer").clone()
    };
    let (all, part) = (school(&token), school(theirs));
    assert_eq!((&all["verdicts"]["achieved"], &all["verdicts"]["unmet"]), (&json!(1), &json!(1)));
    assert_eq!((&part["verdicts"], &part["warnings"]), (&json!({ "unmet": 1 }), &json!({ "general": 1 })));
    let run = part["run"]["id"].as_str().expect("a run");
    for (rest, objects, total) in [("", vec!["C2"], 1), ("&offset=1", vec![], 1), ("&object=club/C1", vec![], 0)] {
        let piece = server.get(&format!("/v1/runs/{run}/results?limit=1{rest}"), Some(theirs));
        if total == 0 {
            assert_eq!(piece.status, 404, "{}", piece.body);
            continue;
        }
        let piece = piece.json();
        let found: Vec<&str> =
            piece["items"].as_array().expect("rows").iter().filter_map(|row| row["object"].as_str()).collect();
        assert_eq!((found, &piece["total"]), (objects, &json!(total)), "{rest}");
    }
}

#[test]
fn a_slip_of_the_pen_is_refused_and_a_change_is_made_to_the_version_that_was_seen_only() {
    let college = clubs::diagnosed();
    let server = Serving::start(&college, &[]);
    let token = server.token("wang", "administrator");
    let ask = |method: &str, path: &str, tag: &str, body: Value| {
        let headers = [("If-Match", tag)];
        server.ask(method, path, &token, if tag.is_empty() { &[] } else { &headers }, &body)
    };
    let said = |path: &str| {
        let answer = server.get(path, Some(&token));
        (answer.status, answer.body)
    };
    let (status, body) = said("/v1/runs?perod=CY2025");
    assert_eq!(status, 422, "{body}");
    assert!(body.contains("perod") && body.contains("period, state"), "{body}");
    for path in [
        "/v1/warnings?level=bogus",
        "/v1/warnings?period=bogus",
        "/v1/runs?period=bogus",
        "/v1/runs/latest/results?verdict=bogus",
        "/v1/objects?kind=bogus",
        "/v1/batches?dataset=bogus",
    ] {
        let (status, body) = said(path);
        assert!((400..500).contains(&status) && body.contains("bogus"), "{path}: {status} {body}");
    }
    let odd = ask("POST", "/v1/users", "", json!({ "name": "li", "lable": "李四" }));
    assert!((400..500).contains(&odd.status) && odd.body.contains("lable"), "{}", odd.body);
    assert_eq!(server.get("/v1/users/li", Some(&token)).status, 404, "nothing was made of half a request");

    assert_eq!(ask("POST", "/v1/users", "", json!({ "name": "li" })).status, 200);
    let seen = server.get("/v1/users/li", Some(&token)).header("etag").expect("a version");
    assert_eq!(ask("PATCH", "/v1/users/li", &seen, json!({ "label": "李四" })).status, 200);
    let behind = ask("PATCH", "/v1/users/li", &seen, json!({ "label": "李五" }));
    assert_eq!((behind.status, &behind.json()["key"]), (409, &json!("api-changed-meanwhile")));
    assert_eq!(server.get("/v1/users/li", Some(&token)).json()["label"], "李四");
    let warning = server.get("/v1/warnings", Some(&token)).json()["items"][0].clone();
    let path = format!("/v1/warnings/{}", warning["id"]);
    let seen = server.get(&path, Some(&token)).header("etag").expect("a version");
    let act = json!({ "do": "acknowledge" });
    assert_eq!(ask("POST", &format!("{path}/acts"), "\"of another day\"", act.clone()).status, 409);
    let done = ask("POST", &format!("{path}/acts"), &seen, act);
    assert_eq!(done.status, 200, "{}", done.body);

    let lost = ask("PUT", "/v1/users/li/roles/department", "", json!({ "units": ["club/C9"] }));
    assert_eq!((lost.status, lost.body.contains("C9")), (404, true), "{}", lost.body);
}

#[test]
fn a_draft_is_saved_against_what_was_seen_rehearsed_and_published_as_a_new_version() {
    let college = clubs::diagnosed();
    let server = Serving::start(&college, &[]);
    let token = server.token("wang", "quality-officer");
    let tree = server.get("/v1/indicators", Some(&token)).json();
    let point = tree["points"].as_array().and_then(|all| all.iter().find(|point| point["id"] == "school.clubs"));
    assert_eq!(point.expect("the point")["parent"], "school");

    let path = "/v1/drafts/CLUB-MEMBERS";
    let seen = server.get(path, Some(&token));
    let tag = seen.header("etag").expect("a version");
    let mut text = seen.json()["text"].clone();
    text["form"]["values"]["standard"] = json!(">= 2");
    let body = json!({ "text": text });
    let saved = server.ask("PUT", path, &token, &[("If-Match", &tag)], &body);
    assert_eq!((saved.status, &saved.json()["revision"]), (200, &json!(1)), "{}", saved.body);
    let behind = server.ask("PUT", path, &token, &[("If-Match", &tag)], &body);
    assert_eq!((behind.status, &behind.json()["key"]), (409, &json!("api-changed-meanwhile")));
    let other = server.ask("PUT", path, &token, &[], &json!({ "text": text, "revision": 7 }));
    assert_eq!((other.status, &other.json()["key"]), (409, &json!("store-stale")), "{}", other.body);
    let mut odd = text.clone();
    let threshold = |until: &str, source: &str| {
        json!({ "kind": "standard", "when": ">= 3", "scope": "object:club:C1", "grain": "", "level": "", "from": "",
            "until": until, "source": source, "verified": false, "leave": "" })
    };
    odd["thresholds"] = json!([threshold("", ""), threshold("2026-13-40", "会议纪要")]);
    let told = server.post("/v1/drafts/examine", &token, &odd).json();
    let fields: Vec<&str> =
        told["fields"].as_array().expect("faults").iter().filter_map(|one| one["pointer"].as_str()).collect();
    assert_eq!(fields, ["/thresholds/0/source", "/thresholds/1/until"], "{told}");
    let examined = server.post("/v1/drafts/examine", &token, &text);
    assert_eq!(examined.json()["good"], true, "{}", examined.body);

    let started = server.post("/v1/indicators/CLUB-MEMBERS/rehearse", &token, &json!({ "periods": ["CY2025"] }));
    let job = server.over(&token, started.json()["id"].as_str().expect("a job"));
    let value = &job["result"]["periods"][0]["values"][0];
    let shift = ["object", "verdict_before", "verdict_after"].map(|field| value[field].as_str().unwrap_or_default());
    assert_eq!(shift, ["C2", "unmet", "met"], "{job}");

    let publish = format!("{path}/publish");
    let moved = server.post(&publish, &token, &json!({ "revision": 9 }));
    assert_eq!(moved.status, 409, "{}", moved.body);
    let done = server.post(&publish, &token, &json!({ "revision": 1, "why": "章程修订" })).json();
    let changed = json!([{ "field": "values.standard", "before": ">= 10", "after": ">= 2" }]);
    assert_eq!((&done["published"]["version"], &done["changes"]), (&json!(1), &changed), "{done}");
    assert_eq!(server.get("/v1/drafts", Some(&token)).json(), json!([]));
    college.run(&["diagnose", "--period", "CY2025", "--layer", "school"]).good();
    let heat = server.get("/v1/heatmap?layer=school&kind=club&sort=id", Some(&token)).json();
    assert_eq!(heat["items"][1]["cells"][0]["verdict"], "met", "{heat}");

    // A second version, whose difference the first is held against.
    let mut next = server.get(path, Some(&token)).json()["text"].clone();
    next["form"]["values"]["standard"] = json!(">= 4");
    next["form"]["meaning"] = json!("2");
    assert_eq!(server.ask("PUT", path, &token, &[], &json!({ "text": next })).status, 200);
    assert_eq!(server.post(&publish, &token, &json!({ "why": "再次修订" })).status, 200);
    let diff = server.get("/v1/indicators/CLUB-MEMBERS/diff", Some(&token)).json();
    assert_eq!((&diff["from"]["version"], &diff["to"]["version"]), (&json!(1), &json!(2)), "{diff}");
    let fields: Vec<&Value> = diff["changes"].as_array().expect("changes").iter().map(|one| &one["field"]).collect();
    assert!(fields.contains(&&json!("values.standard")), "{diff}");
    assert_eq!(diff["comparable"], false, "a change of meaning breaks the line");
}

#[test]
fn a_number_leads_to_the_dataset_the_batch_and_the_line_of_its_file() {
    let college = clubs::diagnosed();
    let server = Serving::start(&college, &[]);
    let token = server.token("wang", "quality-officer");
    let dataset = server.get("/v1/datasets/clubs", Some(&token)).json();
    assert_eq!((&dataset["line"]["rows"], &dataset["key"]), (&json!(3), &json!(["club_id"])));
    let known = server.get("/v1/datasets", Some(&token)).json();
    let line =
        known["items"].as_array().expect("datasets").iter().find(|line| line["id"] == "clubs").expect("the dataset");
    assert_eq!((&line["rows"], &line["waiting"]), (&json!(3), &json!(0)));
    let found = server.get("/v1/why?indicator=CLUB-MEMBERS&object=club/C2", Some(&token)).json();
    let row = &found[0]["why"]["measures"][0]["rows"][0];
    let batch = row["batch"].as_str().expect("a batch");
    assert_eq!((&row["line"], &found[0]["files"][batch]), (&json!(3), &json!("clubs.csv")), "{found}");
    assert_eq!(found[0]["result"]["value"], "3");
    let query = json!({ "sql": "SELECT name FROM clubs WHERE members < 5" });
    assert_eq!(server.post("/v1/query", &token, &query).json()["rows"], json!([["诗社"]]));
    let wrong = server.post("/v1/query", &token, &json!({ "sql": "SELECT name\nFROM clubs WHERE" }));
    let problem = wrong.json();
    assert_eq!((wrong.status, &problem["code"]), (422, &json!("invalid")), "{problem}");
    assert_eq!((&problem["line"], &problem["column"]), (&json!(2), &json!(17)), "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|text| text.contains("第 2 行第 17 列")), "{problem}");
    let missing = server.get("/v1/why?indicator=CLUB-MEMBERS&object=club/C9", Some(&token));
    assert_eq!(missing.status, 404, "{}", missing.body);
}

#[test]
fn a_user_is_added_changed_and_kept_out_and_what_is_taken_away_counts_at_once() {
    let college = College::new();
    let server = Serving::start(&college, &[]);
    let token = server.token("wang", "administrator");
    let ask = |method: &str, path: &str, body: Value| server.ask(method, path, &token, &[], &body);
    assert_eq!(ask("POST", "/v1/users", json!({ "name": "li", "label": "李四" })).status, 200);
    let role = "/v1/users/li/roles/auditor";
    let given = ask("PUT", role, json!({}));
    assert_eq!((given.status, &given.json()["roles"][0]["role"]), (200, &json!("auditor")), "{}", given.body);
    let made = ask("POST", "/v1/tokens", json!({ "user": "li", "note": "笔记本" })).json();
    let theirs = made["secret"].as_str().expect("shown once").to_owned();
    let status = |path: &str| server.get(path, Some(&theirs)).status;
    assert_eq!((status("/v1/audit"), status("/v1/users")), (200, 403));
    let own = server.ask("PUT", "/v1/users/li/roles/administrator", &theirs, &[], &json!({}));
    assert_eq!(own.status, 403, "nobody gives himself a role: {}", own.body);
    let listed = server.get("/v1/tokens", Some(&token)).json();
    assert!(!listed.to_string().contains(&theirs), "a token is shown once");

    let renamed = ask("PATCH", "/v1/users/li", json!({ "label": "李思" })).json();
    assert_eq!((&renamed["label"], &renamed["state"]), (&json!("李思"), &json!("active")));
    assert_eq!(ask("PATCH", "/v1/users/li", json!({ "state": "disabled", "why": "离职" })).status, 200);
    assert_eq!(status("/v1/me"), 401);
    assert_eq!(ask("PATCH", "/v1/users/li", json!({ "state": "active" })).status, 200);
    assert_eq!(status("/v1/audit"), 200);
    assert_eq!(ask("DELETE", role, Value::Null).status, 200);
    assert_eq!((status("/v1/audit"), status("/v1/me")), (403, 200));
    let id = made["token"]["id"].as_str().expect("an id");
    assert_eq!(ask("DELETE", &format!("/v1/tokens/{id}"), Value::Null).status, 200);
    assert_eq!(status("/v1/me"), 401);
}
