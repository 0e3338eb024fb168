//! Opens palette, help, drawer and labels: gathers from the commands what they show.

use super::help::{Help, Row};
use super::palette::{Does, Entry, Palette};
use super::{Kind, Overlay, drawer, jump};
use crate::app::App;
use crate::app::command::{Command, CommandId};
use crate::app::dress::Dress;
use crate::app::screen::{Params, ScreenId};
use crate::i18n;
use crate::keymap::{Action, Keys};

impl App {
    /// The overlay of a kind on top; none when it was there and is gone now.
    fn toggle(&mut self, is: fn(&Kind) -> bool, make: impl FnOnce(&Self) -> Kind) {
        let before = self.overlays.len();
        self.overlays.retain(|overlay| !is(&overlay.kind));
        if self.overlays.len() == before {
            let kind = make(self);
            self.overlays.push(Overlay { visit: None, kind });
        }
    }

    pub(crate) fn open_palette(&mut self) {
        self.toggle(
            |kind| matches!(kind, Kind::Palette(_)),
            |app| {
                let (title, nothing) = (app.texts.text("palette-title", &[]), app.texts.text("pick-nothing", &[]));
                Kind::Palette(Palette::new(title, nothing, app.palette_entries()))
            },
        );
    }

    pub(crate) fn open_help(&mut self) {
        self.toggle(
            |kind| matches!(kind, Kind::Help(_)),
            |app| {
                let name = app.screen().map(|screen| app.texts.text(screen.id().label(), &[])).unwrap_or_default();
                let title = app.texts.text("help-title", &[("screen", &name)]);
                Kind::Help(Help::new(title, app.help_rows()))
            },
        );
    }

    pub(crate) fn toggle_jobs(&mut self) {
        self.toggle(|kind| matches!(kind, Kind::Drawer(_)), |_| Kind::Drawer(drawer::Drawer::default()));
    }

    pub(crate) fn open_jump(&mut self) {
        self.toggle(|kind| matches!(kind, Kind::Jump(_)), |app| Kind::Jump(jump::Jump::new(&app.targets)));
    }

    fn palette_entries(&self) -> Vec<Entry> {
        let other = i18n::other(self.texts.language());
        let entry = |does: Does, key: &str, word: String| Entry {
            does,
            label: self.texts.text(key, &[]),
            // Whoever reads English may know the Chinese name, and the other way round.
            words: vec![word, other.text(key, &[])],
            keys: String::new(),
            reason: None,
        };
        let mut entries = Vec::new();
        for command in self.commands().iter().filter(|command| command.palette) {
            let word = match command.id {
                CommandId::Act(Action::Palette) => continue,
                CommandId::Act(action) if action.is_move() => continue,
                CommandId::Act(action) => action.word(),
                CommandId::Own(word) => word,
            };
            entries.push(Entry {
                keys: self.key_of(command.id),
                reason: command.enabled.err().map(|reason| self.texts.text(reason, &[])),
                ..entry(Does::Command(command.id), command.label, word.to_owned())
            });
        }
        for id in ScreenId::ALL.into_iter().filter(|id| id.stands_alone()) {
            entries.push(entry(Does::Screen(id, Params::new()), id.label(), id.word().to_owned()));
        }
        for dress in Dress::all() {
            entries.push(Entry {
                reason: self.wears(dress).then(|| self.texts.text("dress-worn", &[])),
                ..entry(Does::Dress(dress), dress.label(), dress.word())
            });
        }
        entries.push(entry(Does::Record, "palette-record", "record".to_owned()));
        entries
    }

    fn help_rows(&self) -> Vec<Row> {
        let commands = self.commands();
        let row = |command: &Command| Row::Command {
            keys: self.keys_of(command.id),
            label: self.texts.text(command.label, &[]),
            reason: command.enabled.err().map(|reason| self.texts.text(reason, &[])),
        };
        let own: Vec<CommandId> = self
            .screen()
            .map(|screen| screen.commands().into_iter().map(|command| command.id).collect())
            .unwrap_or_default();
        let mut rows = Vec::new();
        let mut group = |head: &str, members: Vec<Row>| {
            if !members.is_empty() {
                rows.push(Row::Head(self.texts.text(head, &[])));
                rows.extend(members);
            }
        };
        group("help-here", commands.iter().filter(|command| own.contains(&command.id)).map(row).collect());
        group("help-everywhere", commands.iter().filter(|command| !own.contains(&command.id)).map(row).collect());
        let moves = Action::ALL.iter().filter(|action| action.is_move());
        group("help-moves", moves.map(|action| row(&Command::act(*action))).collect());
        rows
    }

    /// All keys of a command.
    fn keys_of(&self, id: CommandId) -> String {
        let keys: Vec<String> = self.keymap.keys(self.place(), id).iter().map(Keys::to_string).collect();
        keys.join("  ")
    }
}
