//! What screens with a form have in common: keys, paste, clicks, what was picked; and the list of a field of choices.

use crate::app::{Choice, Cx, Many, Pick, ScreenEvent};
use crate::keymap::Action;
use crate::widgets::{Form, FormEvent, Item};
use crossterm::event::{MouseButton, MouseEventKind};

/// Gives an event to a form; [`FormEvent::Ignored`] when it is none for it.
pub(crate) fn drive(form: &mut Form, event: &ScreenEvent) -> FormEvent {
    match event {
        ScreenEvent::Key(key) => form.key(key),
        ScreenEvent::Paste(text) => match form.paste(text) {
            // What cannot take text swallows it: it must not go on to the screen below.
            FormEvent::Ignored => FormEvent::Moved,
            done => done,
        },
        ScreenEvent::Picked { tag, ids } => match ids.first() {
            Some(id) => {
                form.set(tag, id);
                FormEvent::Edited(tag.clone())
            }
            None => FormEvent::Moved,
        },
        ScreenEvent::Do(Action::Submit | Action::Save) => FormEvent::Submit,
        ScreenEvent::Mouse(mouse) if mouse.kind == MouseEventKind::Down(MouseButton::Left) => {
            form.click(mouse.column, mouse.row)
        }
        _ => FormEvent::Ignored,
    }
}

/// Lets the person choose for a field of choices; the answer goes to [`drive`].
pub(crate) fn choose(form: &Form, id: String, cx: &mut Cx<'_>) {
    let choice = |item: &Item| Choice::new(&item.id, &item.label).detail(&item.note);
    cx.pick(Pick {
        title: form.focused().map(|field| field.label.clone()).unwrap_or_default(),
        choices: form.choices(&id).iter().map(choice).collect(),
        many: Many::One,
        chosen: vec![form.text(&id)],
        tag: id,
    });
}
