//! The record as its users see it: one contract suite, instantiated for each database, and what is particular to each:
//! SQLite files, PostgreSQL servers, the schema of both.
#![allow(clippy::unwrap_used, clippy::panic)] // Everything here is a test.

mod catalogue;
mod contract;
mod postgres;
mod postgres_server;
mod schema;
mod sqlite;
mod sqlite_files;
