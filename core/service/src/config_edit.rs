//! Changing the configuration file of a college by program, as little as can be: lines of `[record]` come, change or
//! go, everything else stays as a person wrote it. A file for which this cannot be done is left to the person.

use crate::config::RECORD_URL;
use crate::error::ServiceError;
use crate::record_move::Settings;
use std::path::Path;

/// The text of the file with the record there, ready to be written.
///
/// # Errors
/// [`ServiceError::ConfigByHand`] when the changed text would not say what it should, with the lines to be written.
pub(crate) fn with_record(path: &Path, settings: &Settings) -> Result<String, ServiceError> {
    let text = std::fs::read_to_string(path).map_err(|source| ServiceError::Io { path: path.to_path_buf(), source })?;
    let wanted = [("url", settings.url.as_deref()), ("password_file", settings.password_file.as_deref())];
    let edited = edit(&text, &wanted);
    if says(&text, &edited, &wanted) {
        return Ok(edited);
    }
    let lines = wanted.iter().filter_map(|(key, value)| Some(line(key, (*value)?)));
    let lines = std::iter::once("[record]".to_owned()).chain(lines).collect::<Vec<_>>().join("; ");
    Err(ServiceError::ConfigByHand { path: path.to_path_buf(), key: RECORD_URL.to_owned(), lines })
}

/// The text of the file with one dotted key at this TOML value, or without it.
///
/// # Errors
/// [`ServiceError::ConfigByHand`] when the changed text would not say what it should.
pub(crate) fn with_value(path: &Path, key: &str, value: Option<&str>) -> Result<String, ServiceError> {
    let text = std::fs::read_to_string(path).map_err(|source| ServiceError::Io { path: path.to_path_buf(), source })?;
    let (section, name) = key.split_once('.').unwrap_or(("", key));
    let edited = edit_one(&text, section, name, value);
    if tells(&text, &edited, (section, name), value) {
        return Ok(edited);
    }
    let head = if section.is_empty() { String::new() } else { format!("[{section}]; ") };
    let lines = format!("{head}{name} = {}", value.unwrap_or_default());
    Err(ServiceError::ConfigByHand { path: path.to_path_buf(), key: key.to_owned(), lines })
}

fn edit_one(text: &str, section: &str, name: &str, value: Option<&str>) -> String {
    let new = value.map(|value| format!("{name} = {value}\n"));
    let (mut out, mut inside, mut done) = (String::new(), section.is_empty(), false);
    if inside && let Some(new) = &new {
        out.push_str(new);
        done = true;
    }
    for old in text.split_inclusive('\n') {
        let head = old.trim().split('#').next().unwrap_or_default().trim();
        if head.starts_with('[') {
            inside = head.trim_start_matches('[').trim_end_matches(']').trim() == section && !section.is_empty();
        }
        let ours = inside && !head.starts_with('[') && head.split('=').next().is_some_and(|one| one.trim() == name);
        if !ours || head.is_empty() {
            out.push_str(old);
        }
        if inside && head.starts_with('[') && !done {
            end_line(&mut out);
            out.push_str(new.as_deref().unwrap_or_default());
            done = true;
        }
    }
    if let Some(new) = new.filter(|_| !done) {
        end_line(&mut out);
        out.push_str(&format!("\n[{section}]\n{new}"));
    }
    out
}

/// Whether the new text says this value, and of everything else what the old one did.
fn tells(old: &str, new: &str, (section, name): (&str, &str), value: Option<&str>) -> bool {
    let (Ok(mut old), Ok(mut new)) = (old.parse::<toml::Table>(), new.parse::<toml::Table>()) else { return false };
    let take = |table: &mut toml::Table| {
        if section.is_empty() {
            return table.remove(name);
        }
        let inside = table.get_mut(section).and_then(toml::Value::as_table_mut)?;
        let taken = inside.remove(name);
        if inside.is_empty() {
            table.remove(section);
        }
        taken
    };
    take(&mut old);
    let now = take(&mut new);
    let wanted = value.and_then(|value| format!("x = {value}").parse::<toml::Table>().ok()?.remove("x"));
    for table in [&mut old, &mut new] {
        table.retain(|_, value| value.as_table().is_none_or(|inside| !inside.is_empty()));
    }
    now == wanted && old == new
}

fn line(key: &str, value: &str) -> String {
    format!("{key} = {}", toml::Value::String(value.to_owned()))
}

fn edit(text: &str, wanted: &[(&str, Option<&str>)]) -> String {
    let mut out = String::new();
    let (mut inside, mut seen) = (false, false);
    for old in text.split_inclusive('\n') {
        let bare = old.trim();
        let head = bare.split('#').next().unwrap_or_default().trim();
        if head.starts_with('[') {
            inside = head == "[record]";
        }
        let ours =
            inside && wanted.iter().any(|(key, _)| bare.split('=').next().is_some_and(|name| name.trim() == *key));
        if !ours {
            out.push_str(old);
        }
        if inside && head == "[record]" {
            seen = true;
            end_line(&mut out);
            write_lines(&mut out, wanted);
        }
    }
    if !seen && wanted.iter().any(|(_, value)| value.is_some()) {
        end_line(&mut out);
        out.push_str("\n[record]\n");
        write_lines(&mut out, wanted);
    }
    out
}

fn end_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn write_lines(out: &mut String, wanted: &[(&str, Option<&str>)]) {
    for (key, value) in wanted {
        if let Some(value) = value {
            out.push_str(&line(key, value));
            out.push('\n');
        }
    }
}

/// Whether the new text says of the record what it should, and of everything else what the old one did.
fn says(old: &str, new: &str, wanted: &[(&str, Option<&str>)]) -> bool {
    let (Ok(mut old), Ok(mut new)) = (old.parse::<toml::Table>(), new.parse::<toml::Table>()) else { return false };
    let record = |table: &mut toml::Table| match table.remove("record") {
        Some(toml::Value::Table(record)) => record,
        _ => toml::Table::new(),
    };
    let (mut before, mut after) = (record(&mut old), record(&mut new));
    for (key, value) in wanted {
        before.remove(*key);
        if after.remove(*key) != value.map(|value| toml::Value::String(value.to_owned())) {
            return false;
        }
    }
    old == new && before == after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, url: Option<&str>, expect: Option<&str>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("zhengai.toml");
        std::fs::write(&path, text).expect("a file");
        let settings = Settings::new(url, None);
        match (with_record(&path, &settings), expect) {
            (Ok(found), Some(expect)) => assert_eq!(found, expect),
            (Err(ServiceError::ConfigByHand { .. }), None) => {}
            (found, expect) => assert_eq!(format!("{found:?}"), format!("{expect:?}")),
        }
    }

    const URL: Option<&str> = Some("postgres://u@h/d");

    #[test]
    fn a_section_is_added_changed_and_emptied_and_what_people_wrote_stays() {
        let own = "# 学校\n[college] # 我们\nid = \"a\"   # 不改\n";
        let with = format!("{own}\n[record]\nurl = \"postgres://u@h/d\"\n");
        check(own, URL, Some(&with));
        check(own.trim_end(), URL, Some(&format!("{}\n\n[record]\nurl = \"postgres://u@h/d\"\n", own.trim_end())));
        check(&with, None, Some(&format!("{own}\n[record]\n")));
        check(
            "[record] # 数据库\n# 旧\nurl = 'x:y'\n[engine]\n",
            URL,
            Some("[record] # 数据库\nurl = \"postgres://u@h/d\"\n# 旧\n[engine]\n"),
        );
        check("", None, Some(""));
    }

    #[test]
    fn one_setting_comes_changes_and_goes_and_what_people_wrote_stays() {
        let own = "# 学校\nlanguage = \"en\" # 旧\n[college]\nid = \"a\"\n";
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("zhengai.toml");
        let set = |text: &str, key: &str, value: Option<&str>| {
            std::fs::write(&path, text).expect("a file");
            with_value(&path, key, value).expect("edited")
        };
        assert_eq!(set(own, "college.name", Some("\"校\"")), own.replace("[college]\n", "[college]\nname = \"校\"\n"));
        let added = set(own, "sync.attempts", Some("7"));
        assert_eq!(added, format!("{own}\n[sync]\nattempts = 7\n"));
        assert_eq!(set(&added, "sync.attempts", Some("8")), format!("{own}\n[sync]\nattempts = 8\n"));
        assert_eq!(set(&added, "sync.attempts", None), format!("{own}\n[sync]\n"));
        assert!(set(own, "language", Some("\"zh-CN\"")).starts_with("language = \"zh-CN\"\n# 学校\n[college]"));
        std::fs::write(&path, "college = { id = \"a\" }\n").expect("a file");
        assert!(matches!(with_value(&path, "college.name", Some("\"b\"")), Err(ServiceError::ConfigByHand { .. })));
    }

    #[test]
    fn a_file_in_another_form_is_left_to_the_person() {
        check("record.url = \"sqlite:/a.db\"\n", URL, None);
        check("record = { url = \"sqlite:/a.db\" }\n", URL, None);
        check("[record]\nurl = \"\"\"\nx\"\"\"\n", URL, None);
        check("not a configuration", URL, None);
    }
}
