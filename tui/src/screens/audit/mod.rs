//! The screen `audit` (审计): who did what, what it was before and after, and whether anybody touched the chain.

mod diff;
#[cfg(test)]
mod tests;

use crate::app::Choice;
use crate::app::{Answer, Command, Cx, Handled, Load, Params, Pick, Prompt, Screen, ScreenEvent, ScreenId, Tone};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::beside::{self, Focus, Turn};
use crate::theme::Role;
use crate::widgets::{Column, DataTable, Piece, Shown, TextView, Width};
use ratatui::layout::Rect;
use std::collections::BTreeMap;
use zhengai_text::Texts;
use zhengai_wire::audit::{self, AuditCheck, AuditQuery, AuditRow};

/// Tag of the choice of a value, before the field.
const VALUE: &str = "value ";
/// How a time is written.
const MOMENT: &str = "%Y-%m-%d %H:%M:%S";
/// Fields that the list can be narrowed by.
const FIELDS: [&str; 4] = ["subject", "actor", "thing", "action"];

/// Makes the screen. Params are fields of the filter: `subject`, `actor`, `thing`, `action`.
pub fn build(params: &Params) -> Box<dyn Screen> {
    let word = |name: &str| params.get(name).map(str::to_owned);
    let query = AuditQuery {
        subject: word("subject"),
        actor: word("actor"),
        thing: word("thing"),
        action: word("action"),
        ..AuditQuery::default()
    };
    let columns = vec![
        Column::new("seq", "audit-col-seq", |row: &AuditRow, _| row.seq.to_string()).number(),
        Column::new("at", "audit-col-at", |row: &AuditRow, _| row.at.format(MOMENT).to_string())
            .width(Width::Fit(19))
            .priority(2),
        Column::new("actor", "audit-col-actor", |row: &AuditRow, _| row.actor.clone()).width(Width::Fit(14)),
        Column::new("role", "audit-col-role", |row: &AuditRow, _| Shown::dim(row.role.clone()))
            .width(Width::Fit(16))
            .priority(4),
        Column::new("action", "audit-col-action", |row: &AuditRow, _| row.action.clone()).width(Width::Fit(18)),
        Column::new("subject", "audit-col-subject", |row: &AuditRow, _| row.subject.clone())
            .width(Width::Fill(8))
            .priority(1),
        Column::new("why", "audit-col-why", |row: &AuditRow, _| Shown::dim(row.why.clone().unwrap_or_default()))
            .width(Width::Fill(8))
            .priority(3),
    ];
    Box::new(Audit {
        query,
        list: Load::default(),
        table: DataTable::new(columns, |row| row.seq.to_string()).empty("audit-none"),
        panel: TextView::default(),
        focus: Focus::default(),
    })
}

/// The screen.
struct Audit {
    query: AuditQuery,
    list: Load<Vec<AuditRow>>,
    table: DataTable<AuditRow>,
    panel: TextView,
    focus: Focus,
}

impl Screen for Audit {
    fn id(&self) -> ScreenId {
        ScreenId::Audit
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.list, audit::list(&self.query));
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(action) => return self.general(*action, cx),
            ScreenEvent::Own("verify") => {
                cx.job(audit::verify());
            }
            ScreenEvent::Own("older") => {
                self.query.before = self.list.get().and_then(|rows| rows.last()).map(|row| row.seq);
                self.open(cx);
            }
            ScreenEvent::Own("clear") => {
                self.query = AuditQuery::default();
                self.open(cx);
            }
            ScreenEvent::Picked { tag, ids } if tag == "field" => {
                let Some(field) = ids.first() else { return Handled::No };
                self.offer(field, cx);
            }
            ScreenEvent::Picked { tag, ids } => {
                let (Some(field), Some(value)) = (tag.strip_prefix(VALUE), ids.first()) else { return Handled::No };
                match value.split_once(' ') {
                    Some(("is", value)) => {
                        self.narrow(field, value);
                        self.open(cx);
                    }
                    _ if value == "any" => {
                        self.narrow(field, "");
                        self.open(cx);
                    }
                    _ => {
                        let (title, text) = (cx.text("audit-ask-value", &[("field", field)]), self.value(field));
                        cx.prompt(Prompt { tag: field.to_owned(), title, text, ..Prompt::default() });
                    }
                }
            }
            ScreenEvent::Prompted { tag, text } => {
                self.narrow(tag, text);
                self.open(cx);
            }
            ScreenEvent::Job(job) if job.kind == "audit-verify" => {
                let check = job.result.clone().and_then(|result| serde_json::from_value::<AuditCheck>(result).ok());
                if let Some(check) = check {
                    told(&check, cx);
                }
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.list.take(answer) {
            self.table.set_rows(self.list.get().cloned().unwrap_or_default());
            self.write(cx.texts);
        }
    }

    fn commands(&self) -> Vec<Command> {
        let filtered = if self.query == AuditQuery::default() { Err("audit-why-no-filter") } else { Ok(()) };
        let one = if self.table.selected().is_some() { Ok(()) } else { Err("audit-why-no-row") };
        vec![
            Command::act(Action::Open).when(one).hint(1),
            Command::act(Action::Filter).hint(2),
            Command::own("clear", "audit-do-clear").when(filtered).hint(3),
            Command::own("older", "audit-do-older").when(one).hint(4),
            Command::own("verify", "audit-do-verify").hint(5),
            Command::act(Action::Copy).when(one),
            Command::act(Action::Columns),
            Command::act(Action::Refresh),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 {
            return;
        }
        let shown: Vec<String> = FIELDS
            .iter()
            .map(|field| (field, self.value(field)))
            .filter(|(_, value)| !value.is_empty())
            .map(|(field, value)| canvas.text("audit-filter", &[("field", field), ("value", &value)]))
            .collect();
        canvas.put(area.x + 2, area.y, &shown.join("  "), canvas.style(Role::Dim), area.width.saturating_sub(2));
        let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        beside::draw(canvas, body, (&self.table, &self.list), &self.panel, self.focus);
    }
}

impl Audit {
    fn general(&mut self, action: Action, cx: &mut Cx<'_>) -> Handled {
        match beside::turn(action, &mut self.table, &mut self.panel, &mut self.focus) {
            Turn::Row => {
                self.write(cx.texts);
                return Handled::Yes;
            }
            Turn::Here => return Handled::Yes,
            Turn::Missed => {}
        }
        match action {
            Action::Filter => {
                let choice = |field: &&str| {
                    Choice::new(*field, cx.text("audit-field", &[("field", field)])).detail(self.value(field))
                };
                let choices = FIELDS.iter().map(choice).collect();
                let title = cx.text("audit-ask-field", &[]);
                cx.pick(Pick { tag: "field".to_owned(), title, choices, ..Pick::default() });
            }
            Action::Columns => self.table.toggle_wide(),
            Action::Refresh => self.open(cx),
            Action::Copy => match self.focus {
                Focus::Panel => cx.copy(self.panel.text()),
                Focus::List => {
                    let row = self.table.selected().map(|row| row.subject.clone());
                    cx.copy(row.unwrap_or_default());
                }
            },
            _ => return Handled::No,
        }
        Handled::Yes
    }

    /// The values of a field that occur here, to be found by typing; another one can be written.
    fn offer(&self, field: &str, cx: &mut Cx<'_>) {
        let of = |row: &AuditRow| match field {
            "subject" => row.subject.clone(),
            "actor" => row.actor.clone(),
            "thing" => row.thing.clone(),
            _ => row.action.clone(),
        };
        let rows = self.list.get().map(Vec::as_slice).unwrap_or_default();
        let mut values: BTreeMap<String, u64> = BTreeMap::new();
        for value in rows.iter().map(of).filter(|value| !value.is_empty()) {
            *values.entry(value).or_default() += 1;
        }
        let mut choices: Vec<Choice> = values
            .iter()
            .map(|(value, count)| Choice::new(["is ", value].concat(), value).detail(count.to_string()))
            .collect();
        choices.push(Choice::new("any", cx.text("audit-any", &[])));
        choices.push(Choice::new("other", cx.text("audit-other", &[])));
        let title = cx.text("audit-ask-one", &[("field", field)]);
        let chosen = vec![["is ", &self.value(field)].concat()];
        cx.pick(Pick { tag: [VALUE, field].concat(), title, choices, chosen, ..Pick::default() });
    }

    fn value(&self, field: &str) -> String {
        let value = match field {
            "subject" => &self.query.subject,
            "actor" => &self.query.actor,
            "thing" => &self.query.thing,
            _ => &self.query.action,
        };
        value.clone().unwrap_or_default()
    }

    fn narrow(&mut self, field: &str, text: &str) {
        let value = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        self.query.before = None;
        match field {
            "subject" => self.query.subject = value,
            "actor" => self.query.actor = value,
            "thing" => self.query.thing = value,
            _ => self.query.action = value,
        }
    }

    /// Who, what and why, then field by field what it was and what it became.
    fn write(&mut self, texts: &Texts) {
        let Some(row) = self.table.selected() else { return self.panel.set(Vec::new()) };
        let mut pieces = vec![
            Piece::new(row.action.clone(), Role::Title),
            Piece::new(row.subject.clone(), Role::Text),
            Piece::new(texts.text("audit-who", &[("actor", &row.actor), ("role", &row.role)]), Role::Dim),
            Piece::new(row.at.format(MOMENT).to_string(), Role::Dim),
        ];
        if let Some(why) = &row.why {
            pieces.push(Piece::new(texts.text("audit-why", &[("why", why)]), Role::Text));
        }
        pieces.push(Piece::new("", Role::Text));
        pieces.extend(diff::pieces(row.before.as_ref(), row.after.as_ref()));
        pieces.push(Piece::new("", Role::Text));
        pieces.push(Piece::new(row.hash.clone(), Role::Dim));
        self.panel.set(pieces);
    }
}

fn told(check: &AuditCheck, cx: &mut Cx<'_>) {
    let sound = check.sound.to_string();
    match &check.broken {
        None => {
            let text = cx.text("audit-sound", &[("sound", &sound)]);
            cx.toast(Tone::Good, text);
        }
        Some(broken) => {
            let seq = broken.seq.to_string();
            let text = cx.text("audit-broken", &[("seq", &seq), ("cause", &broken.cause)]);
            cx.toast(Tone::Bad, text);
        }
    }
}
