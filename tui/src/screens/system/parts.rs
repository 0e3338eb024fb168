//! The tables of the parts and what fills them.

use crate::app::{Answer, Load, Notice};
use crate::screens::indicator::told;
use crate::theme::Role as Look;
use crate::widgets::{Column, DataTable, Piece, Shown, Width};
use zhengai_text::Texts;
use zhengai_wire::system::{Finding, Setting};
use zhengai_wire::users::{Role, Token, User};

pub(super) struct Parts {
    pub(super) users: Load<Vec<User>>,
    pub(super) users_table: DataTable<User>,
    pub(super) roles: Load<Vec<Role>>,
    pub(super) tokens: Load<Vec<Token>>,
    pub(super) tokens_table: DataTable<Token>,
    pub(super) config: Load<Vec<Setting>>,
    pub(super) config_table: DataTable<Setting>,
    pub(super) findings_table: DataTable<Finding>,
}

impl Default for Parts {
    fn default() -> Self {
        let state = |state: &str| match state {
            "active" | "good" => Look::Good,
            _ => Look::Dim,
        };
        let users = vec![
            Column::new("name", "system-col-user", |user: &User, _| user.name.clone()).width(Width::Fit(16)),
            Column::new("label", "system-col-label", |user: &User, _| user.label.clone())
                .width(Width::Fit(14))
                .priority(2),
            Column::new("state", "system-col-state", move |user: &User, brush| {
                Shown::new(brush.texts.text("system-state", &[("state", &user.state)]), state(&user.state))
            })
            .width(Width::Fit(10)),
            Column::new("roles", "system-col-roles", |user: &User, brush| roles(user, brush.texts))
                .width(Width::Fill(12)),
        ];
        let tokens = vec![
            Column::new("id", "system-col-token", |token: &Token, _| token.id.clone()).width(Width::Fit(12)),
            Column::new("user", "system-col-user", |token: &Token, _| token.user.clone()).width(Width::Fit(14)),
            Column::new("note", "system-col-note", |token: &Token, _| token.note.clone()).width(Width::Fill(8)),
            Column::new("state", "system-col-state", move |token: &Token, brush| {
                Shown::new(brush.texts.text("system-state", &[("state", &token.state)]), state(&token.state))
            })
            .width(Width::Fit(10)),
            Column::new("used", "system-col-used", |token: &Token, _| {
                let used = token.last_used_at.map(|at| at.format("%Y-%m-%d %H:%M").to_string());
                Shown::dim(used.unwrap_or_default())
            })
            .width(Width::Fit(16))
            .priority(3),
        ];
        let config = vec![
            Column::new("key", "system-col-key", |line: &Setting, _| line.key.clone()).width(Width::Fit(28)),
            Column::new("value", "system-col-value", |line: &Setting, _| line.value.clone()).width(Width::Fit(24)),
            Column::new("origin", "system-col-origin", |line: &Setting, _| Shown::dim(line.origin_name.clone()))
                .width(Width::Fit(10)),
            Column::new("about", "system-col-about", |line: &Setting, _| Shown::dim(line.about.clone()))
                .width(Width::Fill(10))
                .priority(3),
        ];
        let findings = vec![
            Column::new("severity", "system-col-severity", |one: &Finding, brush| {
                let role = match one.severity.as_str() {
                    "broken" => Look::Bad,
                    "warning" => Look::Warn,
                    _ => Look::Dim,
                };
                Shown::new(brush.texts.text("system-severity", &[("severity", &one.severity)]), role)
            })
            .width(Width::Fit(8)),
            Column::new("finding", "system-col-finding", |one: &Finding, _| one.finding.clone()).width(Width::Fill(16)),
            Column::new("advice", "system-col-advice", |one: &Finding, _| Shown::dim(one.advice.clone()))
                .width(Width::Fill(12))
                .priority(2),
        ];
        Self {
            users: Load::default(),
            users_table: DataTable::new(users, |user| user.name.clone()).empty("system-no-users"),
            roles: Load::default(),
            tokens: Load::default(),
            tokens_table: DataTable::new(tokens, |token| token.id.clone()).empty("system-no-tokens"),
            config: Load::default(),
            config_table: DataTable::new(config, |line| line.key.clone()).empty("system-no-config"),
            findings_table: DataTable::new(findings, |one| [one.check.as_str(), &one.subject].concat())
                .empty("system-no-findings"),
        }
    }
}

impl Parts {
    /// Takes an answer that one of them waits for.
    pub(super) fn take(&mut self, answer: &Answer) -> bool {
        if self.users.take(answer) {
            self.users_table.set_rows(self.users.get().cloned().unwrap_or_default());
        } else if self.tokens.take(answer) {
            self.tokens_table.set_rows(self.tokens.get().cloned().unwrap_or_default());
        } else if self.config.take(answer) {
            self.config_table.set_rows(self.config.get().cloned().unwrap_or_default());
        } else {
            return self.roles.take(answer);
        }
        true
    }
}

/// Roles with the units in which they count.
fn roles(user: &User, texts: &Texts) -> String {
    let one = |held: &zhengai_wire::users::HeldRole| match held.scope.units.as_slice() {
        [] => held.name.clone(),
        units => {
            let units: Vec<String> = units.iter().map(|unit| told::named(unit, texts)).collect();
            [held.name.as_str(), " ", &units.join(" ")].concat()
        }
    };
    user.roles.iter().map(one).collect::<Vec<_>>().join("  ")
}

/// A setting with its explanation, as a whole.
pub(super) fn about(setting: &Setting, texts: &Texts) -> Notice {
    let line = |key: &str, value: &str| {
        [Piece::new(texts.text(key, &[]), Look::Header), Piece::new(value, Look::Text).indent(2)]
    };
    let pieces = [
        line("system-col-value", &setting.value),
        line("system-col-default", &setting.default),
        line("system-col-origin", &setting.origin_name),
        line("system-col-about", &setting.about),
    ];
    Notice { title: setting.key.clone(), pieces: pieces.into_iter().flatten().collect(), copy: None }
}

/// A finding with what to do about it, as a whole.
pub(super) fn told(finding: &Finding, texts: &Texts) -> Notice {
    let mut pieces = vec![Piece::new(finding.finding.clone(), Look::Text)];
    if !finding.advice.is_empty() {
        pieces.push(Piece::new(texts.text("system-col-advice", &[]), Look::Header));
        pieces.push(Piece::new(finding.advice.clone(), Look::Text).indent(2));
    }
    let severity = texts.text("system-severity", &[("severity", &finding.severity)]);
    Notice { title: [severity.as_str(), &finding.subject].join("  "), pieces, copy: None }
}
