//! What somebody with the right to query can do to the server with SQL and numbers: be refused, in words.

use super::house::Serving;
use crate::clubs;
use serde_json::json;

#[test]
fn sql_and_numbers_beyond_all_measure_are_refused_in_words_and_the_server_goes_on() {
    let college = clubs::diagnosed();
    let server = Serving::start(&college, &[]);
    let token = server.token("wang", "quality-officer");
    let long = "x".repeat(1_900);
    let swollen = format!("SELECT replace(replace(replace('xxxx', 'x', '{long}'), 'x', '{long}'), 'x', '{long}')");
    for (sql, key) in [
        (format!("SELECT 1{}", "+1".repeat(16_000)), "warehouse-desk-parts"),
        (vec!["SELECT 1"; 3_400].join(" UNION ALL "), "warehouse-desk-parts"),
        (swollen, "warehouse-desk-memory"),
        ("SELECT levenshtein(name, name) FROM clubs".to_owned(), "warehouse-desk-sql-function"),
    ] {
        let body = json!({ "sql": sql });
        let run = server.post("/v1/query", &token, &body);
        assert!((400..500).contains(&run.status) || run.status == 507, "{}: {}", run.status, run.body);
        assert!(run.json()["key"].as_str().is_some_and(|found| found.starts_with(key)), "{key}: {}", run.body);
        if key == "warehouse-desk-parts" {
            assert_eq!(server.post("/v1/query/plan", &token, &body).json()["key"], key);
            let file = college.file("bomb.sql", sql);
            college.run(&["query", "--file", &file.to_string_lossy()]).exits(3);
        }
    }
    let copies = server.post("/v1/query", &token, &json!({ "sql": "EXPLAIN COPY clubs TO '/tmp/x'" })).json();
    assert!(copies["detail"].as_str().is_some_and(|text| text.contains("COPY")), "{copies}");
    let nothing = server.post("/v1/query", &token, &json!({ "sql": " " })).json();
    let known = server.get("/v1/datasets", Some(&token)).json();
    let known = known["items"].as_array().expect("datasets").iter().filter_map(|line| line["id"].as_str());
    let said = nothing["detail"].as_str().expect("words").to_owned();
    assert!(known.into_iter().any(|id| said.contains(&format!("FROM {id} "))), "{said}");

    let far = u64::MAX;
    let query = server.post("/v1/query", &token, &json!({ "sql": "SELECT 1", "offset": far }));
    let results = server.get(&format!("/v1/runs/latest/results?offset={far}"), Some(&token));
    for answer in [query, results] {
        assert!((400..500).contains(&answer.status), "{}: {}", answer.status, answer.body);
        assert_eq!(answer.json()["key"], "service-bad-argument", "{}", answer.body);
    }
    let most = server.get(&format!("/v1/runs/latest/results?offset=1000000000&limit={far}"), Some(&token));
    assert_eq!(most.status, 200, "{}", most.body);
    assert_eq!(server.post("/v1/query", &token, &json!({ "sql": "SELECT 1" })).json()["rows"], json!([["1"]]));
}
