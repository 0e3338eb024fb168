//! The screen `system` (系统): users, tokens, configuration with origins, check-up; backup, language, theme and terminal.

mod parts;
#[cfg(test)]
mod tests;

use crate::app::Tone;
use crate::app::{
    Answer, Choice, Command, Confirm, Cx, Handled, Notice, Params, Pick, Prompt, Screen, ScreenEvent, ScreenId,
};
use crate::canvas::Canvas;
use crate::effect::Downloaded;
use crate::keymap::Action;
use crate::screens::beside;
use crate::widgets::Tabs;
use parts::Parts;
use ratatui::layout::Rect;
use std::path::PathBuf;
use zhengai_wire::system::{self, BackupMade, BackupOrder, DoctorOrder, DoctorReport, Setting};
use zhengai_wire::users::{self, NewToken, RoleScope, TokenOrder, TokenQuery, User, UserChange, UserOrder};
use zhengai_wire::{FileRef, Job, JobState};

/// Makes the screen.
pub fn build(_params: &Params) -> Box<dyn Screen> {
    let titles = ["system-users", "system-tokens", "system-config", "system-doctor"];
    Box::new(System { tabs: Tabs::new(titles), parts: Parts::default(), role: None, fetching: None })
}

/// Which part is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Users,
    Tokens,
    Config,
    Doctor,
}

/// The screen.
struct System {
    tabs: Tabs,
    parts: Parts,
    /// The role that is being given.
    role: Option<String>,
    /// Where a backup of a server elsewhere is to be put.
    fetching: Option<String>,
}

impl System {
    fn part(&self) -> Part {
        match self.tabs.at() {
            0 => Part::Users,
            1 => Part::Tokens,
            2 => Part::Config,
            _ => Part::Doctor,
        }
    }

    fn user(&self) -> Option<&User> {
        self.parts.users_table.selected()
    }

    fn load(&mut self, cx: &mut Cx<'_>) {
        match self.part() {
            Part::Users => {
                cx.load(&mut self.parts.users, users::list());
                cx.load(&mut self.parts.roles, users::roles());
            }
            Part::Tokens => {
                cx.load(&mut self.parts.tokens, users::tokens(&TokenQuery::default()));
            }
            Part::Config => {
                cx.load(&mut self.parts.config, system::config());
            }
            Part::Doctor => {}
        }
    }

    fn ask(cx: &mut Cx<'_>, tag: &str, text: &str) {
        let title = cx.text("system-ask", &[("what", tag)]);
        cx.prompt(Prompt { tag: tag.to_owned(), title, text: text.to_owned(), ..Prompt::default() });
    }

    fn own(&mut self, id: &str, cx: &mut Cx<'_>) -> Handled {
        let user = self.user().cloned();
        match (id, user) {
            ("user-add", _) => Self::ask(cx, "user", ""),
            ("user-role", Some(_)) => {
                let roles = self.parts.roles.get().cloned().unwrap_or_default();
                let choices = roles.iter().map(|one| Choice::new(&*one.id, &*one.name).detail(&*one.about)).collect();
                let title = cx.text("system-do-role", &[]);
                cx.pick(Pick { tag: "role".to_owned(), title, choices, ..Pick::default() });
            }
            ("user-switch", Some(user)) => {
                let state = if user.state == "active" { "disabled" } else { "active" };
                let change = UserChange { state: Some(state.to_owned()), ..UserChange::default() };
                cx.act(users::change(&user.name, &change), "user");
            }
            ("token-make", Some(_)) => Self::ask(cx, "token", ""),
            ("token-revoke", _) => {
                let Some(token) = self.parts.tokens_table.selected() else { return Handled::No };
                let title = cx.text("system-sure-revoke", &[("id", &token.id), ("note", &token.note)]);
                let lines = vec![cx.text("system-sure-revoke-means", &[])];
                let yes = cx.text("system-do-revoke", &[]);
                cx.confirm(Confirm { tag: "revoke".to_owned(), title, lines, yes, code: None });
            }
            ("config-set", _) => {
                let Some(setting) = self.parts.config_table.selected().cloned() else { return Handled::No };
                Self::ask(cx, "config", &setting.value);
            }
            ("doctor", _) => {
                cx.job(system::doctor(&DoctorOrder::default()));
            }
            ("doctor-fix", _) => {
                cx.job(system::doctor(&DoctorOrder { mode: Some("fix".to_owned()) }));
            }
            ("backup", _) => Self::ask(cx, "backup", ""),
            ("terminal", _) => cx.go(ScreenId::Terminal, Params::new()),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn prompted(&mut self, tag: &str, text: &str, cx: &mut Cx<'_>) {
        let text = text.trim();
        let user = self.user().map(|user| user.name.clone());
        match (tag, user) {
            ("user", _) => {
                let order = UserOrder { name: text.to_owned(), label: None, person: None };
                cx.act(users::add(&order), "user");
            }
            ("units", Some(user)) => {
                let Some(role) = self.role.take() else { return };
                let units = text.split_whitespace().map(str::to_owned).collect();
                cx.act(users::grant(&user, &role, &RoleScope { units, layers: Vec::new() }), "user");
            }
            ("token", Some(user)) => {
                let order = TokenOrder { user, note: text.to_owned(), days: None };
                cx.act(users::create_token(&order), "token");
            }
            ("config", _) => {
                let Some(key) = self.parts.config_table.selected().map(|setting| setting.key.clone()) else { return };
                cx.act(system::set(&key, Some(text).filter(|text| !text.is_empty())), "config");
            }
            ("backup", _) => {
                if text.is_empty() {
                    return;
                }
                // A server elsewhere keeps the archive until it was fetched.
                self.fetching = Some(text.to_owned()).filter(|_| !cx.local);
                let file = if cx.local { FileRef::path(text) } else { FileRef::default() };
                cx.job(system::backup(&BackupOrder { file, secrets: None }));
            }
            _ => {}
        }
    }

    /// A backup is made: it lies where it was asked for, or is fetched from a server elsewhere.
    fn backed_up(&mut self, job: &Job, cx: &mut Cx<'_>) {
        let made = job.result.clone().and_then(|result| serde_json::from_value::<BackupMade>(result).ok());
        let Some(made) = made else { return };
        let (key, file) = match self.fetching.take() {
            Some(to) => {
                let request = system::fetch_backup(&made.file).into_request();
                cx.download(request, PathBuf::from(&to), ["fetched ", &made.file].concat());
                ("system-backup-fetching", to)
            }
            None if cx.local => ("system-backup-made", made.file),
            // Somebody else's, or of an earlier visit.
            None => return,
        };
        let text = cx.text(key, &[("file", &file)]);
        cx.toast(Tone::Info, text);
    }

    /// A backup was fetched: the server need not keep it.
    fn fetched(name: &str, answer: &Answer, cx: &mut Cx<'_>) {
        match answer.read::<Downloaded>() {
            Ok(done) => {
                let text = cx.text("system-backup-fetched", &[("file", &done.path)]);
                cx.toast(Tone::Good, text);
                cx.act(system::forget_backup(name), "forgotten");
            }
            Err(failure) => cx.failed(&failure),
        }
    }

    /// The whole of the row under the cursor, whose columns may be cut.
    fn read(&self, cx: &mut Cx<'_>) -> Handled {
        let notice = match self.part() {
            Part::Config => self.parts.config_table.selected().map(|setting| parts::about(setting, cx.texts)),
            _ => self.parts.findings_table.selected().map(|finding| parts::told(finding, cx.texts)),
        };
        let Some(notice) = notice else { return Handled::No };
        cx.notice(notice);
        Handled::Yes
    }

    fn general(&mut self, action: Action, cx: &mut Cx<'_>) -> Handled {
        if let Some(motion) = action.motion() {
            match self.part() {
                Part::Users => self.parts.users_table.apply(motion),
                Part::Tokens => self.parts.tokens_table.apply(motion),
                Part::Config => self.parts.config_table.apply(motion),
                Part::Doctor => self.parts.findings_table.apply(motion),
            }
            return Handled::Yes;
        }
        match (action, self.part()) {
            (Action::NextRegion, _) => {
                self.tabs.next();
                self.load(cx);
            }
            (Action::PreviousRegion, _) => {
                self.tabs.previous();
                self.load(cx);
            }
            (Action::Refresh, _) => self.load(cx),
            (Action::New, Part::Users) => return self.own("user-add", cx),
            (Action::Edit, Part::Config) => return self.own("config-set", cx),
            (Action::Open, Part::Config | Part::Doctor) => return self.read(cx),
            (Action::Edit | Action::Open, Part::Users) => return self.own("user-role", cx),
            _ => return Handled::No,
        }
        Handled::Yes
    }
}

impl Screen for System {
    fn id(&self) -> ScreenId {
        ScreenId::System
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.load(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(action) => return self.general(*action, cx),
            ScreenEvent::Own(id) => return self.own(id, cx),
            ScreenEvent::Prompted { tag, text } => self.prompted(tag, text, cx),
            ScreenEvent::Picked { tag, ids } if tag == "role" => {
                self.role = ids.first().cloned();
                Self::ask(cx, "units", "");
            }
            ScreenEvent::Confirmed { tag } if tag == "revoke" => {
                if let Some(token) = self.parts.tokens_table.selected() {
                    cx.act(users::revoke_token(&token.id), "revoked");
                }
            }
            ScreenEvent::Job(job) if job.kind == "backup" && job.state == JobState::Done => self.backed_up(job, cx),
            ScreenEvent::Job(job) if job.kind == "doctor" => {
                let report = job.result.clone().and_then(|result| serde_json::from_value::<DoctorReport>(result).ok());
                if let Some(report) = report {
                    self.parts.findings_table.set_rows(report.findings);
                }
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.parts.take(answer) {
            return;
        }
        if let Some(name) = answer.tag.strip_prefix("fetched ") {
            return Self::fetched(name, answer, cx);
        }
        if answer.is("forgotten") || answer.is("job") {
            return;
        }
        if answer.is("token") {
            match answer.read::<NewToken>() {
                // The only time that the token is shown; nothing of this screen keeps it.
                Ok(made) => {
                    let title = cx.text("system-token-made", &[("id", &made.token.id)]);
                    let lines = [made.secret.clone(), cx.text("system-token-once", &[])];
                    cx.notice(Notice { copy: Some(made.secret), ..Notice::plain(title, lines) });
                }
                Err(failure) => cx.failed(&failure),
            }
        } else {
            match answer.read::<serde_json::Value>() {
                Ok(_) => {
                    let text = cx.text("system-done", &[]);
                    cx.toast(Tone::Good, text);
                }
                Err(failure) => cx.failed(&failure),
            }
        }
        self.load(cx);
    }

    fn commands(&self) -> Vec<Command> {
        let have = |there: bool| if there { Ok(()) } else { Err("system-why-none") };
        let mut commands = match self.part() {
            Part::Users => {
                let one = have(self.user().is_some());
                vec![
                    Command::own("user-add", "system-do-add").hint(1),
                    Command::own("user-role", "system-do-role").when(one).hint(2),
                    Command::own("user-switch", "system-do-switch").when(one).hint(3),
                    Command::own("token-make", "system-do-token").when(one).hint(4),
                ]
            }
            Part::Tokens => {
                let one = have(self.parts.tokens_table.selected().is_some());
                vec![Command::own("token-revoke", "system-do-revoke").when(one).hint(1)]
            }
            Part::Config => {
                let editable = |setting: &Setting| setting.editable;
                let one = match self.parts.config_table.selected().is_some_and(editable) {
                    true => Ok(()),
                    false => Err("system-why-fixed"),
                };
                let read = have(self.parts.config_table.selected().is_some());
                vec![
                    Command::own("config-set", "system-do-set").when(one).hint(1),
                    Command::act(Action::Open).named("system-do-read").when(read).hint(2),
                ]
            }
            Part::Doctor => vec![
                Command::own("doctor", "system-do-doctor").hint(1),
                Command::own("doctor-fix", "system-do-fix").hint(2),
                Command::act(Action::Open)
                    .named("system-do-read")
                    .when(have(self.parts.findings_table.selected().is_some()))
                    .hint(3),
            ],
        };
        commands.extend([
            Command::act(Action::NextRegion).hint(5),
            Command::own("backup", "system-do-backup").hint(6),
            Command::own("terminal", "system-do-terminal").hint(7),
            Command::act(Action::Refresh),
        ]);
        commands
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 {
            return;
        }
        self.tabs.view(canvas, Rect { height: 1, ..area });
        let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        let parts = &self.parts;
        match self.part() {
            Part::Users => beside::rows(canvas, body, &parts.users_table, &parts.users),
            Part::Tokens => beside::rows(canvas, body, &parts.tokens_table, &parts.tokens),
            Part::Config => beside::rows(canvas, body, &parts.config_table, &parts.config),
            Part::Doctor => parts.findings_table.view(canvas, body),
        }
    }
}
