//! What people and strangers write, changed at random: expressions, conditions, mapping files, manifests, definitions,
//! calendars. Nothing panics, every fault stands inside the text, what is understood is written as it was understood.
//!
//! `PROPTEST_CASES=200000 cargo test -p zhengai-model --test fuzz` runs as long as you like.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails says where")]

mod definitions;
mod expressions;
mod mutate;
mod values;
