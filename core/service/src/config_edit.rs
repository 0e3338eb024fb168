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
    Err(ServiceError::ConfigByHand { path: path.to_path_buf(), key: RECORD_URL, lines })
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
    fn a_file_in_another_form_is_left_to_the_person() {
        check("record.url = \"sqlite:/a.db\"\n", URL, None);
        check("record = { url = \"sqlite:/a.db\" }\n", URL, None);
        check("[record]\nurl = \"\"\"\nx\"\"\"\n", URL, None);
        check("not a configuration", URL, None);
    }
}
