//! Where a record is: a SQLite file or a PostgreSQL database. An address may carry a password, so it is never shown
//! whole: people see its [`Address::place`].

use crate::backend::Backend;
use crate::error::{Result, StoreError};
use crate::sqlite;
use sqlx::any::AnyConnectOptions;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The address of a record, checked for its form. `Debug` and `Display` show the place only.
#[derive(Clone)]
pub struct Address {
    backend: Backend,
    options: AnyConnectOptions,
    place: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("place", &self.place).finish_non_exhaustive()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.place)
    }
}

impl Address {
    /// A SQLite file, made when it is not there.
    pub fn file(path: &Path) -> Result<Self> {
        Self::parse(&sqlite::address(path)?)
    }

    /// `sqlite:/path/record.db?mode=rwc` with `%` escapes, or `postgres://user:password@host:port/database?sslmode=…`.
    ///
    /// # Errors
    /// [`StoreError::BadAddress`] for anything else, and for a database in memory: a record is kept.
    pub fn parse(url: &str) -> Result<Self> {
        let place = place(url);
        let bad = || StoreError::BadAddress { place: place.clone() };
        let backend = Backend::of(url).ok_or_else(bad)?;
        let in_memory = url.contains(":memory:") || url.contains("mode=memory");
        if backend == Backend::Sqlite && in_memory {
            return Err(bad());
        }
        sqlx::any::install_default_drivers();
        let options = AnyConnectOptions::from_str(url).map_err(|_| bad())?;
        if backend == Backend::Postgres {
            let url = &options.database_url;
            let named = url.path().trim_start_matches('/').len() + url.query().unwrap_or_default().len();
            if named == 0 {
                return Err(bad());
            }
        }
        Ok(Self { backend, options, place })
    }

    /// The same address with this password, which takes the place of one that it carries.
    ///
    /// # Errors
    /// [`StoreError::BadAddress`] when addresses of its kind have none.
    pub fn with_password(mut self, password: &str) -> Result<Self> {
        let set = self.options.database_url.set_password(Some(password));
        if self.backend == Backend::Sqlite || set.is_err() {
            return Err(StoreError::BadAddress { place: self.place });
        }
        Ok(self)
    }

    /// The address as it can be written into a file that others may read, and the password that was taken out of it.
    pub fn split_password(&self) -> (String, Option<String>) {
        let mut url = self.options.database_url.clone();
        let mut password = url.password().map(unescape);
        // It may stand behind the question mark as well.
        let mut others = Vec::new();
        for pair in url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            match pair.strip_prefix("password=") {
                Some(found) => password = Some(unescape(&found.replace('+', " "))),
                None => others.push(pair.to_owned()),
            }
        }
        if password.is_some() {
            let others = others.join("&");
            url.set_query(Some(others.as_str()).filter(|others| !others.is_empty()));
            // An address without a host has no place for one, and refuses even to forget it.
            if url.password().is_some() && url.set_password(None).is_err() {
                return (self.place.clone(), password);
            }
        }
        (url.to_string(), password)
    }

    /// The kind of database.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Where it is, for people: a path, or an address without user, password and options.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The file, when it is one.
    pub fn path(&self) -> Option<PathBuf> {
        (self.backend == Backend::Sqlite).then(|| PathBuf::from(&self.place))
    }

    pub(crate) fn options(&self) -> &AnyConnectOptions {
        &self.options
    }

    /// What the database says, sorted by cause.
    pub(crate) fn failed(&self, source: sqlx::Error) -> StoreError {
        self.backend.cause(&self.place, source)
    }
}

/// A path or address without user, password and options. An address in which a password may stand where no password
/// belongs shows nothing but its scheme.
fn place(url: &str) -> String {
    let bare = url.split('?').next().unwrap_or(url);
    if let Some(path) = bare.strip_prefix("sqlite:") {
        return unescape(path.strip_prefix("//").unwrap_or(path));
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        // Not an address at all; a word with an `@` may hold a password.
        return if url.contains('@') { "…".to_owned() } else { bare.to_owned() };
    };
    let tail = rest.find(['?', '#']).map_or("", |at| rest.get(at..).unwrap_or_default());
    if tail.contains('@') {
        return format!("{scheme}://…");
    }
    let rest = rest.strip_suffix(tail).unwrap_or(rest);
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    // The folder of a socket or another host may be named behind the question mark.
    let (host, path) = host.find('/').map_or((host, ""), |at| host.split_at(at));
    let named = tail.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("host="));
    format!("{scheme}://{}{path}", unescape(named.unwrap_or(host)))
}

fn unescape(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // A test may.
mod tests {
    use super::*;

    #[test]
    fn a_place_shows_neither_password_nor_options() {
        for (url, shown) in [
            ("sqlite:/%E6%95%B0/a%20b.db?mode=rwc", "/数/a b.db"),
            ("sqlite://rel.db", "rel.db"),
            ("postgres://zhengai:secret@db.example/qa?sslmode=require", "postgres://db.example/qa"),
            ("postgres://zhengai:se@cret@db.example:6432/qa", "postgres://db.example:6432/qa"),
            ("postgres:///qa?host=/run/postgresql&password=secret", "postgres:///run/postgresql/qa"),
            ("postgres://%2Frun%2Fpostgresql/qa", "postgres:///run/postgresql/qa"),
        ] {
            assert_eq!(place(url), shown);
        }
    }

    #[test]
    fn a_password_with_signs_that_were_not_escaped_is_not_shown_either() {
        for url in ["postgres://u:12?secret@h/d", "postgres://u:12#secret@h/d", "postgres:u:12secret@h/d"] {
            assert!(!place(url).contains("12"), "{}", place(url));
        }
    }

    #[test]
    fn a_password_comes_out_of_an_address_as_it_was_meant_and_goes_into_another() {
        let address = Address::parse("postgres://u:p%40ss%20w@h/d?sslmode=require").unwrap();
        let (bare, password) = address.split_password();
        assert_eq!((&*bare, password.as_deref()), ("postgres://u@h/d?sslmode=require", Some("p@ss w")));
        let behind = Address::parse("postgres:///d?host=/run&password=a%26b+c&sslmode=prefer").unwrap();
        let (url, found) = behind.split_password();
        assert_eq!((&*url, found.as_deref()), ("postgres:///d?host=/run&sslmode=prefer", Some("a&b c")));
        let again = Address::parse(&bare).unwrap().with_password("p@ss w").unwrap();
        assert_eq!(again.split_password().1.as_deref(), Some("p@ss w"));
        for shown in [format!("{again:?}"), again.to_string()] {
            assert!(!shown.contains("%40"), "{shown}");
        }
    }

    #[test]
    fn an_address_without_a_database_is_refused() {
        for url in ["postgres://u@h", "postgres://u@h/", "postgres:", "postgresql"] {
            assert!(Address::parse(url).is_err(), "{url}");
        }
    }
}
