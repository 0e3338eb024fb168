//! The host against bad plugins, each in a worker: what becomes of it is said in both languages, no process stays, and
//! rows that came before are exactly those that were covered by a cursor. And the connector in C that the guide shows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "everything here is a test")]
#![cfg(unix)]

mod cage;
mod connector;
mod crashes;
mod hangs;
mod headers;
mod lies;
mod manners;
mod memory;
