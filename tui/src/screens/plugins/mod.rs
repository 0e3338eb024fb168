//! The screen `plugins` (插件): what is there, how it stands, switching, trusting, settings, the conformance check, and the
//! screens that plugins bring.

mod bringing;
mod panel;
#[cfg(test)]
mod tests;

use crate::app::{
    Answer, Choice, Command, Confirm, Cx, Handled, Load, Params, Pick, Screen, ScreenEvent, ScreenId, Tone,
};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::beside::{self, Focus, Turn};
use crate::theme::Role;
use crate::widgets::{Column, DataTable, Form, FormEvent, Schema, Shown, TextView, Width, titled_rule};
use ratatui::layout::Rect;
use zhengai_wire::plugins::{self, CheckReport, Component, Plugin, PluginChange, PluginDetail, PluginForm, PluginList};

/// Makes the screen; with `plugin` and `screen` one that the plugin brings.
pub fn build(params: &Params) -> Box<dyn Screen> {
    match (params.get("plugin"), params.get("screen")) {
        (Some(plugin), Some(screen)) => Box::new(bringing::Bringing::new(plugin, screen)),
        _ => Box::new(Plugins::new()),
    }
}

/// Settings while they are edited.
struct Editing {
    /// The component that asks for them, where the plugin has several.
    component: Option<String>,
    form: Form,
}

/// The screen.
struct Plugins {
    list: Load<PluginList>,
    table: DataTable<Plugin>,
    detail: Load<PluginDetail>,
    form: Load<PluginForm>,
    /// Nothing while nobody edits.
    editing: Option<Editing>,
    check: Option<CheckReport>,
    panel: TextView,
    focus: Focus,
}

impl Plugins {
    fn new() -> Self {
        let columns = vec![
            Column::new("name", "plugins-col-name", |one: &Plugin, _| one.name.clone()).width(Width::Fill(10)),
            Column::new("state", "plugins-col-state", |one: &Plugin, _| {
                let role = match one.state.as_str() {
                    "enabled" => Role::Good,
                    "disabled" => Role::Dim,
                    _ => Role::Bad,
                };
                Shown::new(one.state_name.clone(), role)
            })
            .width(Width::Fit(18)),
            Column::new("id", "plugins-col-id", |one: &Plugin, _| Shown::dim(one.id.clone()))
                .width(Width::Fit(24))
                .priority(2),
            Column::new("version", "plugins-col-version", |one: &Plugin, _| one.version.clone())
                .width(Width::Fit(10))
                .priority(3),
            Column::new("runs", "plugins-col-runs", |one: &Plugin, _| Shown::dim(one.runs_name.clone()))
                .width(Width::Fit(22))
                .priority(4),
        ];
        Self {
            list: Load::default(),
            table: DataTable::new(columns, |one| one.id.clone()).empty("plugins-none"),
            detail: Load::default(),
            form: Load::default(),
            editing: None,
            check: None,
            panel: TextView::default(),
            focus: Focus::default(),
        }
    }

    fn chosen(&self) -> Option<&Plugin> {
        self.table.selected()
    }

    fn follow(&mut self, cx: &mut Cx<'_>) {
        let Some(id) = self.chosen().map(|one| one.id.clone()) else { return };
        if self.detail.get().is_none_or(|shown| shown.plugin.id != id) {
            self.check = None;
            cx.load(&mut self.detail, plugins::show(&id));
        }
    }

    fn change(&mut self, change: &PluginChange, cx: &mut Cx<'_>) {
        if let Some(id) = self.chosen().map(|one| one.id.clone()) {
            cx.act(plugins::change(&id, change), "changed");
        }
    }

    fn own(&mut self, id: &str, cx: &mut Cx<'_>) -> Handled {
        let Some(plugin) = self.chosen().cloned() else { return Handled::No };
        match id {
            "switch" if plugin.state == "enabled" => {
                let title = cx.text("plugins-sure-off", &[("name", &plugin.name)]);
                let lines = vec![cx.text("plugins-sure-off-means", &[])];
                let yes = cx.text("plugins-do-disable", &[]);
                cx.confirm(Confirm { tag: "off".to_owned(), title, lines, yes, code: None });
            }
            "switch" => {
                self.change(&PluginChange { switch: Some("on".to_owned()), ..PluginChange::default() }, cx);
            }
            "trust" if plugin.trusted => {
                self.change(&PluginChange { trust: Some("withdrawn".to_owned()), ..PluginChange::default() }, cx);
            }
            "trust" => {
                let title = cx.text("plugins-sure-trust", &[("name", &plugin.name)]);
                let lines = vec![cx.text("plugins-sure-trust-means", &[])];
                let yes = cx.text("plugins-do-trust", &[]);
                cx.confirm(Confirm { tag: "trust".to_owned(), title, lines, yes, code: Some(plugin.id) });
            }
            "configure" => {
                cx.load(&mut self.form, plugins::form(&plugin.id));
            }
            "check" => {
                cx.job(plugins::check(&plugin.id));
            }
            "accept" => {
                cx.act(plugins::accept(), "changed");
            }
            "screens" => {
                let screens = self.detail.get().map(|detail| detail.screens.clone()).unwrap_or_default();
                let choices = screens.iter().map(|one| Choice::new(&*one.id, &*one.title)).collect();
                let title = cx.text("plugins-do-screens", &[]);
                cx.pick(Pick { tag: "screen".to_owned(), title, choices, ..Pick::default() });
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn general(&mut self, action: Action, cx: &mut Cx<'_>) -> Handled {
        if self.editing.is_some() {
            match action {
                Action::Save | Action::Submit => self.save(cx),
                Action::Back => self.editing = None,
                _ => return Handled::No,
            }
            return Handled::Yes;
        }
        match beside::turn(action, &mut self.table, &mut self.panel, &mut self.focus) {
            Turn::Row => {
                self.follow(cx);
                return Handled::Yes;
            }
            Turn::Here => return Handled::Yes,
            Turn::Missed => {}
        }
        match action {
            Action::Refresh => {
                self.detail.clear();
                self.open(cx);
            }
            Action::Edit => return self.own("configure", cx),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    /// The components that ask for anything.
    fn asking(&self) -> Vec<Component> {
        let asks = |one: &&Component| {
            one.config.get("properties").and_then(serde_json::Value::as_object).is_some_and(|all| !all.is_empty())
        };
        self.form.get().map(|form| form.components.iter().filter(asks).cloned().collect()).unwrap_or_default()
    }

    /// The components came: one is asked about at once, of several somebody chooses.
    fn offered(&mut self, cx: &mut Cx<'_>) {
        if let Some(failure) = self.form.failure() {
            return cx.failed(&failure.clone());
        }
        match self.asking().as_slice() {
            [] => {
                let text = cx.text("plugins-no-settings", &[]);
                cx.toast(Tone::Info, text);
            }
            [only] => self.edit(only, false, cx),
            several => {
                let choices = several.iter().map(|one| Choice::new(&*one.name, &*one.name).detail(one.can.join(" ")));
                let (title, choices) = (cx.text("plugins-ask-component", &[]), choices.collect());
                cx.pick(Pick { tag: "component".to_owned(), title, choices, ..Pick::default() });
            }
        }
    }

    fn edit(&mut self, component: &Component, named: bool, cx: &Cx<'_>) {
        let values = self.detail.get().map(|detail| detail.config.clone()).unwrap_or_default();
        let schema = Schema::from_json(&component.config, &values, cx.texts.language());
        let component = named.then(|| component.name.clone());
        self.editing = Some(Editing { component, form: Form::new(schema) });
    }

    fn save(&mut self, cx: &mut Cx<'_>) {
        let Some(Editing { form, .. }) = &mut self.editing else { return };
        if !form.check(cx.texts) {
            return;
        }
        let before = self.detail.get().map(|detail| detail.config.clone()).unwrap_or_default();
        let config = Some(form.values_over(&before));
        self.change(&PluginChange { config, ..PluginChange::default() }, cx);
    }
}

impl Screen for Plugins {
    fn id(&self) -> ScreenId {
        ScreenId::Plugins
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.list, plugins::list());
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(action) => return self.general(*action, cx),
            ScreenEvent::Own(id) => return self.own(id, cx),
            ScreenEvent::Confirmed { tag } if tag == "off" => {
                self.change(&PluginChange { switch: Some("off".to_owned()), ..PluginChange::default() }, cx);
            }
            ScreenEvent::Confirmed { tag } if tag == "trust" => {
                self.change(&PluginChange { trust: Some("given".to_owned()), ..PluginChange::default() }, cx);
            }
            ScreenEvent::Picked { tag, ids } if tag == "screen" => {
                if let (Some(plugin), Some(screen)) = (self.chosen(), ids.first()) {
                    cx.go(ScreenId::Plugins, Params::new().with("plugin", &*plugin.id).with("screen", screen));
                }
            }
            ScreenEvent::Picked { tag, ids } if tag == "component" => {
                if let Some(one) = self.asking().iter().find(|one| ids.contains(&one.name)) {
                    self.edit(one, true, cx);
                }
            }
            ScreenEvent::Key(key) => {
                let Some(Editing { form, .. }) = &mut self.editing else { return Handled::No };
                match form.key(key) {
                    FormEvent::Submit => self.save(cx),
                    FormEvent::Ignored => return Handled::No,
                    _ => {}
                }
            }
            ScreenEvent::Paste(text) => {
                let Some(Editing { form, .. }) = &mut self.editing else { return Handled::No };
                form.paste(text);
            }
            ScreenEvent::Job(job) if job.kind == "plugin-check" => {
                self.check = job.result.clone().and_then(|result| serde_json::from_value(result).ok());
                self.panel.set(panel::pieces(self.detail.get(), self.check.as_ref(), cx.texts));
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.list.take(answer) {
            self.table.set_rows(self.list.get().map(|list| list.plugins.clone()).unwrap_or_default());
            self.follow(cx);
        } else if self.detail.take(answer) {
            self.panel.set(panel::pieces(self.detail.get(), self.check.as_ref(), cx.texts));
        } else if self.form.take(answer) {
            self.offered(cx);
        } else if answer.is("changed") {
            match answer.read::<serde_json::Value>() {
                Ok(_) => {
                    self.editing = None;
                    let text = cx.text("plugins-changed", &[]);
                    cx.toast(Tone::Good, text);
                }
                Err(failure) => cx.failed(&failure),
            }
            self.detail.clear();
            self.open(cx);
        }
    }

    fn commands(&self) -> Vec<Command> {
        if self.editing.is_some() {
            return vec![Command::act(Action::Submit).hint(1), Command::act(Action::Back).hint(2)];
        }
        let one = if self.chosen().is_some() { Ok(()) } else { Err("plugins-why-none") };
        let on = self.chosen().is_some_and(|plugin| plugin.state == "enabled");
        let ships = self.chosen().is_some_and(|plugin| plugin.ships);
        let trusted = self.chosen().is_some_and(|plugin| plugin.trusted);
        let screens = match self.detail.get() {
            Some(detail) if !detail.screens.is_empty() => Ok(()),
            _ => Err("plugins-why-no-screens"),
        };
        let trust = match (one, ships) {
            (Ok(()), true) => Err("plugins-why-ships"),
            (other, _) => other,
        };
        let kept_out = self.chosen().is_some_and(|plugin| plugin.quarantine.is_some());
        let switch = match (on, kept_out) {
            (true, _) => "plugins-do-disable",
            (false, true) => "plugins-do-release",
            (false, false) => "plugins-do-enable",
        };
        vec![
            Command::act(Action::Open).when(one).hint(1),
            Command::own("switch", switch).when(one).hint(2),
            Command::own("trust", if trusted { "plugins-do-untrust" } else { "plugins-do-trust" }).when(trust).hint(3),
            Command::own("configure", "plugins-do-configure").when(one).hint(4),
            Command::own("check", "plugins-do-check").when(one).hint(5),
            Command::own("screens", "plugins-do-screens").when(screens).hint(6),
            Command::own("accept", "plugins-do-accept"),
            Command::act(Action::Refresh),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if let Some(Editing { component, form }) = &self.editing {
            let head = u16::from(component.is_some()).min(area.height);
            if let Some(name) = component {
                let title = canvas.text("plugins-component", &[("name", name)]);
                titled_rule(canvas, Rect { height: head, ..area }, &title, Role::Title);
            }
            let body = Rect { y: area.y + head, height: area.height - head, ..area };
            return form.view(canvas, body, crate::widgets::input::Focus::Here);
        }
        beside::draw(canvas, area, (&self.table, &self.list), &self.panel, self.focus);
    }

    fn editing(&self) -> bool {
        self.editing.is_some()
    }

    fn unsaved(&self) -> bool {
        self.editing.as_ref().is_some_and(|editing| editing.form.is_changed())
    }
}
