//! Users, the roles they hold, and tokens of which only the hash is kept.

use super::Place;
use super::samples::{admin, audit_rows, clock, refused};
use zhengai_model::fault::Fault;
use zhengai_model::layer::Layer;
use zhengai_model::rights::Scope;
use zhengai_store::{AuditFilter, NewToken, NewUser, Record, TokenRecord, UserState};

fn lihua() -> NewUser {
    NewUser { name: "lihua".to_owned(), label: "李华".to_owned(), person: Some("teacher/T00001".parse().unwrap()) }
}

fn department() -> Scope {
    Scope::units(["department/D03".parse().unwrap()]).within(&[Layer::Major, Layer::Student])
}

fn token(id: &str) -> NewToken {
    NewToken {
        id: id.to_owned(),
        user: "lihua".to_owned(),
        note: "笔记本电脑".to_owned(),
        sha256: id.repeat(32),
        expires_at: Some("2026-06-01T00:00:00Z".parse().unwrap()),
    }
}

/// A user with a role and a token.
pub(crate) async fn with_a_token(record: &Record) -> TokenRecord {
    record.user_create(&admin(), &lihua()).await.unwrap();
    record.user_grant(&admin(), "lihua", "department", &department()).await.unwrap();
    record.token_create(&admin(), &token("ab")).await.unwrap()
}

pub(crate) async fn a_user_is_added_changed_and_kept_out(place: &impl Place) {
    let record = place.open().await;
    let made = record.user_create(&admin(), &lihua()).await.unwrap();
    assert_eq!((&made.user, made.state, made.roles.len(), &*made.by), (&lihua(), UserState::Active, 0, "王敏"));
    refused(record.user_create(&admin(), &lihua()).await, "exists", Fault::Conflict);
    assert_eq!(record.user_change(&admin(), &lihua()).await.unwrap(), made);
    assert_eq!(audit_rows(&record).await, 1, "the same again is no change");
    let other = NewUser { label: "李小华".to_owned(), person: None, ..lihua() };
    assert_eq!(record.user_change(&admin(), &other).await.unwrap().user, other);
    let out = record.user_set(&admin(), "lihua", UserState::Disabled, Some("离职")).await.unwrap();
    assert_eq!(out.state, UserState::Disabled);
    assert_eq!(record.user_find("lihua").await.unwrap().unwrap(), out);
    assert_eq!(record.user_list().await.unwrap(), [out]);
    assert_eq!(record.user_find("nobody").await.unwrap(), None);
    refused(record.user_set(&admin(), "nobody", UserState::Active, None).await, "not-found", Fault::NotFound);
    let last = record.audit_list(&AuditFilter::default()).await.unwrap().pop().unwrap();
    assert_eq!((&*last.action, &*last.thing, last.why.as_deref()), ("user.disable", "user", Some("离职")));
    assert_eq!(last.before.unwrap()["state"], "active");
}

pub(crate) async fn a_role_is_given_moved_and_taken_away(place: &impl Place) {
    let record = place.open().await;
    record.user_create(&admin(), &lihua()).await.unwrap();
    let held = record.user_grant(&admin(), "lihua", "department", &department()).await.unwrap();
    assert_eq!(
        held.roles.iter().map(|held| (&*held.role, &held.scope)).collect::<Vec<_>>(),
        [("department", &department())]
    );
    assert_eq!(record.user_grant(&admin(), "lihua", "department", &department()).await.unwrap(), held);
    record.user_grant(&admin(), "lihua", "auditor", &Scope::everything()).await.unwrap();
    let moved = record.user_grant(&admin(), "lihua", "department", &Scope::own()).await.unwrap();
    let words: Vec<&str> = moved.roles.iter().map(|held| &*held.role).collect();
    assert_eq!(words, ["auditor", "department"]);
    assert_eq!(moved.roles[1].scope, Scope::own());
    let left = record.user_withdraw(&admin(), "lihua", "department").await.unwrap();
    assert_eq!(left.roles.len(), 1);
    assert_eq!(record.user_find("lihua").await.unwrap().unwrap(), left);
    refused(record.user_withdraw(&admin(), "lihua", "department").await, "not-found", Fault::NotFound);
    refused(record.user_grant(&admin(), "nobody", "reader", &Scope::own()).await, "not-found", Fault::NotFound);
    assert_eq!(record.audit_verify().await.unwrap().sound, 5);
}

pub(crate) async fn a_token_is_found_by_its_hash_until_it_is_revoked(place: &impl Place) {
    let record = place.open().await;
    let made = with_a_token(&record).await;
    assert_eq!((&*made.user, &*made.note, made.at, made.revoked_at), ("lihua", "笔记本电脑", clock(), None));
    assert_eq!(record.token_by_hash(&"ab".repeat(32)).await.unwrap(), Some(made.clone()));
    assert_eq!(record.token_by_hash(&"cd".repeat(32)).await.unwrap(), None);
    assert!(made.is_good("2026-05-31T23:59:59Z".parse().unwrap()));
    assert!(!made.is_good("2026-06-01T00:00:00Z".parse().unwrap()), "the end itself is outside");
    refused(record.token_create(&admin(), &token("ab")).await, "exists", Fault::Conflict);
    let stranger = NewToken { user: "nobody".to_owned(), ..token("cd") };
    refused(record.token_create(&admin(), &stranger).await, "not-found", Fault::NotFound);
    record.token_create(&admin(), &token("ef")).await.unwrap();
    let gone = record.token_revoke(&admin(), "ab", Some("遗失")).await.unwrap();
    assert_eq!(
        (gone.revoked_at, gone.revoked_by.as_deref(), gone.is_good(clock())),
        (Some(clock()), Some("王敏"), false)
    );
    assert_eq!(record.token_by_hash(&"ab".repeat(32)).await.unwrap(), Some(gone), "it is still known, as revoked");
    refused(record.token_revoke(&admin(), "ab", None).await, "wrong-state", Fault::Conflict);
    refused(record.token_revoke(&admin(), "xy", None).await, "not-found", Fault::NotFound);
    assert_eq!(record.token_list(Some("lihua")).await.unwrap().len(), 2);
    assert!(record.token_list(Some("nobody")).await.unwrap().is_empty());
}

pub(crate) async fn the_hash_of_a_token_stands_nowhere_but_in_its_row(place: &impl Place) {
    let record = place.open().await;
    let made = with_a_token(&record).await;
    record.token_revoke(&admin(), "ab", None).await.unwrap();
    let hash = "ab".repeat(32);
    assert!(!serde_json::to_string(&made).unwrap().contains(&hash));
    let rows = record.audit_list(&AuditFilter::default()).await.unwrap();
    assert!(!serde_json::to_string(&rows).unwrap().contains(&hash));
}

pub(crate) async fn when_a_token_was_used_is_no_decision(place: &impl Place) {
    let record = place.open().await;
    with_a_token(&record).await;
    let rows = audit_rows(&record).await;
    record.token_seen("ab", clock()).await.unwrap();
    assert_eq!(record.token_list(None).await.unwrap()[0].last_used_at, Some(clock()));
    assert_eq!(audit_rows(&record).await, rows);
}
