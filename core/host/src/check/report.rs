//! What a check found: outcomes with messages for people, and the two forms that machines read.

use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use zhengai_model::text::Message;

/// What a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Files, without running anything.
    Static,
    /// The entry and the tables.
    Abi,
    /// What the plugin says about itself.
    Describe,
    /// Configurations, good and bad.
    Config,
    /// Made and destroyed many times.
    Lifecycle,
    /// What can be read.
    Catalogue,
    /// Rows in.
    Read,
    /// Reading on from a state.
    Incremental,
    /// Rows from rows.
    Transform,
    /// Messages out.
    Deliver,
    /// Killed, cancelled, entrusted with secrets.
    Faults,
    /// How it behaves as a process.
    Manners,
    /// Against the last release.
    Compatibility,
    /// How fast; measured, never judged.
    Speed,
}

impl Group {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 14] = [
        Self::Static,
        Self::Abi,
        Self::Describe,
        Self::Config,
        Self::Lifecycle,
        Self::Catalogue,
        Self::Read,
        Self::Incremental,
        Self::Transform,
        Self::Deliver,
        Self::Faults,
        Self::Manners,
        Self::Compatibility,
        Self::Speed,
    ];

    /// Its word in reports and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Abi => "abi",
            Self::Describe => "describe",
            Self::Config => "config",
            Self::Lifecycle => "lifecycle",
            Self::Catalogue => "catalogue",
            Self::Read => "read",
            Self::Incremental => "incremental",
            Self::Transform => "transform",
            Self::Deliver => "deliver",
            Self::Faults => "faults",
            Self::Manners => "manners",
            Self::Compatibility => "compatibility",
            Self::Speed => "speed",
        }
    }
}

/// Checks that are not made in a probe: of files, of what is seen from outside, of two releases.
pub(super) const OUTSIDE: [&str; 19] = [
    "static.manifest",
    "static.definitions",
    "static.catalogues",
    "static.fixtures",
    "static.signature",
    "static.library",
    "static.exports",
    "static.search",
    "read.worker",
    "faults.kill",
    "faults.secrets",
    "manners.output",
    "manners.children",
    "manners.files",
    "manners.texts",
    "manners.exit",
    "compatibility.identity",
    "compatibility.streams",
    "compatibility.config",
];

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// As it should be; sometimes with a number worth knowing.
    Pass(Option<Message>),
    /// Not as it should be: what, where, and what to do.
    Fail(Message),
    /// Not looked at, and why.
    Skip(Message),
}

impl Outcome {
    /// As it should be, and nothing to add.
    pub(crate) const GOOD: Self = Self::Pass(None);

    /// `pass`, `fail` or `skip`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pass(_) => "pass",
            Self::Fail(_) => "fail",
            Self::Skip(_) => "skip",
        }
    }

    /// What there is to say.
    #[must_use]
    pub fn message(&self) -> Option<&Message> {
        match self {
            Self::Pass(message) => message.as_ref(),
            Self::Fail(message) | Self::Skip(message) => Some(message),
        }
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its id: `read.complete`. Its title in catalogues is `check-read-complete`.
    pub id: &'static str,
    /// What it is about.
    pub group: Group,
    /// How it ended.
    pub outcome: Outcome,
}

impl Check {
    /// A check that ended.
    pub(crate) fn new(id: &'static str, group: Group, outcome: Outcome) -> Self {
        Self { id, group, outcome }
    }

    /// Its title, for people.
    #[must_use]
    pub fn title(&self) -> Message {
        Message::new(&format!("check-{}", self.id.replace('.', "-")))
    }
}

/// All checks of one plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Id of the plugin; empty when not even that could be read.
    pub plugin: String,
    /// Its version.
    pub version: String,
    /// Its folder.
    pub dir: PathBuf,
    /// Where the random choices started.
    pub seed: u64,
    /// How long it took.
    pub took: Duration,
    /// The checks.
    pub checks: Vec<Check>,
}

impl Report {
    pub(crate) fn new(dir: &Path, seed: u64) -> Self {
        let nothing = String::new();
        Self {
            plugin: nothing.clone(),
            version: nothing,
            dir: dir.to_owned(),
            seed,
            took: Duration::ZERO,
            checks: Vec::new(),
        }
    }

    /// Whether no check failed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.count("fail") == 0
    }

    /// How many checks ended with this word.
    #[must_use]
    pub fn count(&self, word: &str) -> usize {
        self.checks.iter().filter(|check| check.outcome.word() == word).count()
    }

    /// As JSON; `say` puts messages into somebody's language.
    #[must_use]
    pub fn to_json(&self, say: &dyn Fn(&Message) -> String) -> serde_json::Value {
        let checks = self.checks.iter().map(|check| {
            serde_json::json!({
                "id": check.id, "group": check.group.word(), "outcome": check.outcome.word(),
                "title": say(&check.title()), "reason": check.outcome.message().map(say),
                "key": check.outcome.message().map(|message| message.key.as_str()),
            })
        });
        serde_json::json!({
            "plugin": self.plugin, "version": self.version, "dir": self.dir.display().to_string(), "seed": self.seed,
            "passed": self.passed(), "pass": self.count("pass"), "fail": self.count("fail"), "skip": self.count("skip"),
            "checks": checks.collect::<Vec<_>>(),
        })
    }

    /// As the XML that build servers read: a suite for each group, a case for each check.
    #[must_use]
    pub fn to_junit(&self, say: &dyn Fn(&Message) -> String) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let put = "writing to a string cannot fail";
        let (all, failed, skipped) = (self.checks.len(), self.count("fail"), self.count("skip"));
        let (name, seconds) = (escaped(&self.plugin), self.took.as_secs_f64());
        writeln!(
            xml,
            "<testsuites name=\"{name}\" tests=\"{all}\" failures=\"{failed}\" skipped=\"{skipped}\" time=\"{seconds:.3}\">"
        )
        .expect(put);
        for group in Group::ALL {
            let checks: Vec<&Check> = self.checks.iter().filter(|check| check.group == group).collect();
            if checks.is_empty() {
                continue;
            }
            let with = |word: &str| checks.iter().filter(|check| check.outcome.word() == word).count();
            let (word, tests, failures, skipped) = (group.word(), checks.len(), with("fail"), with("skip"));
            writeln!(
                xml,
                "  <testsuite name=\"{name}.{word}\" tests=\"{tests}\" failures=\"{failures}\" skipped=\"{skipped}\">"
            )
            .expect(put);
            for check in checks {
                let title = escaped(&say(&check.title()));
                write!(xml, "    <testcase classname=\"{name}.{word}\" name=\"{} {title}\"", check.id).expect(put);
                let reason = check.outcome.message().map(say).map(|text| escaped(&text)).unwrap_or_default();
                match &check.outcome {
                    Outcome::Pass(None) => writeln!(xml, "/>"),
                    Outcome::Pass(Some(_)) => writeln!(xml, "><system-out>{reason}</system-out></testcase>"),
                    Outcome::Fail(_) => writeln!(xml, "><failure message=\"{reason}\"/></testcase>"),
                    Outcome::Skip(_) => writeln!(xml, "><skipped message=\"{reason}\"/></testcase>"),
                }
                .expect(put);
            }
            writeln!(xml, "  </testsuite>").expect(put);
        }
        xml.push_str("</testsuites>\n");
        xml
    }
}

/// Text inside XML; what XML cannot hold is replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            control if control.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let mut report = Report::new(Path::new("/x"), 7);
        report.plugin = "a<b".to_owned();
        let bad = Message::new("why").with("text", "line 1\nline \u{1}\"2\"");
        report.checks = vec![
            Check::new("read.complete", Group::Read, Outcome::Fail(bad)),
            Check::new("abi.open", Group::Abi, Outcome::GOOD),
            Check::new("abi.room", Group::Abi, Outcome::Skip(Message::new("no"))),
        ];
        report
    }

    fn said(message: &Message) -> String {
        message.args.first().map_or_else(|| message.key.clone(), |(_, text)| text.clone())
    }

    #[test]
    fn xml_counts_by_group_and_holds_any_text() {
        let xml = report().to_junit(&said);
        assert!(xml.contains("<testsuites name=\"a&lt;b\" tests=\"3\" failures=\"1\" skipped=\"1\""), "{xml}");
        assert!(xml.contains("<failure message=\"line 1&#10;line \u{fffd}&quot;2&quot;\"/>"), "{xml}");
        assert!(xml.find("a&lt;b.abi") < xml.find("a&lt;b.read"), "groups in their order: {xml}");
    }

    #[test]
    fn a_report_with_a_failure_has_not_passed_and_json_says_which() {
        let json = report().to_json(&said);
        assert_eq!((json["passed"].as_bool(), json["fail"].as_u64()), (Some(false), Some(1)));
        assert_eq!(json["checks"][0]["id"], "read.complete");
        assert_eq!(json["checks"][1]["title"], "check-abi-open");
    }
}
