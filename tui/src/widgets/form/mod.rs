//! A form made from a schema: fields below each other, what is wrong under each. Enter goes to the next field and never
//! submits; F10 or Ctrl+S does.

mod check;
mod schema;
mod view;

pub use schema::{Field, Kind, Schema};

use super::editor::Editor;
use super::input::Input;
use super::motion::{Motion, moved};
use super::picker::Item;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Rect;
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What a key or a click did to a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormEvent {
    /// Nothing: the key belongs to the screen.
    Ignored,
    /// The cursor moved, nothing else.
    Moved,
    /// A field changed: cheap checks, drafts, completion.
    Edited(String),
    /// The focus left a field: checks that ask the server.
    Left(String),
    /// A choice wants the picker: `cx.pick` with [`Form::choices`].
    Choose(String),
    /// F10 or Ctrl+S.
    Submit,
}

/// What holds the text of a field.
#[derive(Debug)]
enum Holder {
    Line(Input),
    Area(Box<Editor>),
    /// Choices and switches: the id.
    Word(String),
}

impl Holder {
    fn of(field: &Field) -> Self {
        match &field.kind {
            Kind::Multiline(_) | Kind::Formula(_) => Self::Area(Box::new(Editor::new(&field.value))),
            Kind::Choice(_) => Self::Word(field.value.clone()),
            Kind::Switch => Self::Word(if field.value == "true" { "true" } else { "false" }.to_owned()),
            Kind::Secret => Self::Line(Input::new(field.value.clone()).secret()),
            _ => Self::Line(Input::new(field.value.clone())),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Line(input) => input.text().to_owned(),
            Self::Area(editor) => editor.text(),
            Self::Word(word) => word.clone(),
        }
    }
}

/// What a screen offers to complete the field of the cursor.
#[derive(Debug, Default)]
struct Offer {
    from: usize,
    items: Vec<Item>,
    at: u64,
}

/// A form.
#[derive(Debug, Default)]
pub struct Form {
    fields: Vec<Field>,
    holders: Vec<Holder>,
    at: usize,
    faults: BTreeMap<String, String>,
    offer: Option<Offer>,
    /// A completion was taken just now: none is offered until something is typed.
    taken: bool,
    first: RefCell<u16>,
    areas: RefCell<Vec<Rect>>,
    original: Vec<String>,
}

impl Form {
    /// A form for a schema; the first field that can be edited has the focus.
    pub fn new(schema: Schema) -> Self {
        let fields = schema.fields;
        let holders: Vec<Holder> = fields.iter().map(Holder::of).collect();
        let original = holders.iter().map(Holder::text).collect();
        let at = fields.iter().position(|field| !field.fixed).unwrap_or(0);
        Self { fields, holders, at, original, ..Self::default() }
    }

    /// The fields.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field of the cursor.
    pub fn focused(&self) -> Option<&Field> {
        self.fields.get(self.at)
    }

    /// Puts the focus on a field.
    pub fn focus(&mut self, id: &str) {
        if let Some(at) = self.place(id) {
            self.at = at;
            self.offer = None;
        }
    }

    /// Which of the fields has the focus.
    pub fn place_of_focus(&self) -> usize {
        self.at
    }

    /// Puts the focus on a field by its place, or on the nearest before it that can be edited.
    pub fn focus_near(&mut self, at: usize) {
        let open = |at: &usize| self.fields.get(*at).is_some_and(|field| !field.fixed);
        if let Some(at) = (0..=at).rev().find(open) {
            self.at = at;
        }
    }

    /// Text of a field.
    pub fn text(&self, id: &str) -> String {
        self.place(id).and_then(|at| self.holders.get(at)).map(Holder::text).unwrap_or_default()
    }

    /// Puts text into a field.
    pub fn set(&mut self, id: &str, text: &str) {
        let Some(at) = self.place(id) else { return };
        match self.holders.get_mut(at) {
            Some(Holder::Line(input)) => input.set(text),
            Some(Holder::Area(editor)) => editor.set(text),
            Some(Holder::Word(word)) => text.clone_into(word),
            None => {}
        }
    }

    /// Bytes before the cursor in the field that has the focus.
    pub fn cursor(&self) -> usize {
        match self.holders.get(self.at) {
            Some(Holder::Line(input)) => input.cursor(),
            Some(Holder::Area(editor)) => editor.cursor(),
            _ => 0,
        }
    }

    /// Items of a field of choices.
    pub fn choices(&self, id: &str) -> Vec<Item> {
        match self.place(id).and_then(|at| self.fields.get(at)).map(|field| &field.kind) {
            Some(Kind::Choice(items)) => items.clone(),
            _ => Vec::new(),
        }
    }

    /// Other items for a field of choices; what is chosen stays.
    pub fn set_choices(&mut self, id: &str, items: Vec<Item>) {
        if let Some(field) = self.place(id).and_then(|at| self.fields.get_mut(at)) {
            field.kind = Kind::Choice(items);
        }
    }

    /// All values as JSON, objects nested by the dots of ids. Empty fields are left out.
    pub fn values(&self) -> Value {
        let mut all = Map::new();
        for (field, holder) in self.fields.iter().zip(&self.holders) {
            if let Some(value) = schema::value(&field.kind, &holder.text()) {
                insert(&mut all, &field.id, value);
            }
        }
        Value::Object(all)
    }

    /// All values over those that were there before: what no field shows stays, an emptied field goes.
    pub fn values_over(&self, before: &Value) -> Value {
        let mut all = before.as_object().cloned().unwrap_or_default();
        for (field, holder) in self.fields.iter().zip(&self.holders) {
            match schema::value(&field.kind, &holder.text()) {
                Some(value) => insert(&mut all, &field.id, value),
                None => remove(&mut all, &field.id),
            }
        }
        Value::Object(all)
    }

    /// All texts, for a draft.
    pub fn draft(&self) -> BTreeMap<String, String> {
        self.fields
            .iter()
            .zip(&self.holders)
            .filter(|(field, _)| field.kind != Kind::Secret)
            .map(|(field, holder)| (field.id.clone(), holder.text()))
            .collect()
    }

    /// Takes a draft; fields that it does not have stay.
    pub fn restore(&mut self, draft: &BTreeMap<String, String>) {
        for (id, text) in draft {
            self.set(id, text);
        }
    }

    /// Whether anything differs from what it was made with.
    pub fn is_changed(&self) -> bool {
        self.holders.iter().zip(&self.original).any(|(holder, original)| holder.text() != *original)
    }

    /// What it holds now counts as saved.
    pub fn saved(&mut self) {
        self.original = self.holders.iter().map(Holder::text).collect();
    }

    /// Says what is wrong with a field; an empty text takes it back.
    pub fn fault(&mut self, id: &str, text: impl Into<String>) {
        let text = text.into();
        if text.is_empty() {
            self.faults.remove(id);
        } else {
            self.faults.insert(id.to_owned(), text);
        }
    }

    /// Takes back all faults.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// Faults by id of their fields.
    pub fn faults(&self) -> &BTreeMap<String, String> {
        &self.faults
    }

    /// Puts the focus on the next field with a fault.
    pub fn next_fault(&mut self) {
        let count = self.fields.len();
        let next = (1..=count)
            .map(|step| (self.at + step) % count.max(1))
            .find(|at| self.fields.get(*at).is_some_and(|field| self.faults.contains_key(&field.id)));
        if let Some(at) = next {
            self.at = at;
        }
    }

    /// Offers completions for the field of the cursor: they take the place of what stands between byte `from` and the
    /// cursor. No items take the offer back; nothing is offered right after a completion was taken.
    pub fn offer(&mut self, from: usize, items: Vec<Item>) {
        self.offer = if items.is_empty() || self.taken { None } else { Some(Offer { from, items, at: 0 }) };
    }

    /// Whether completions are shown.
    pub fn is_offering(&self) -> bool {
        self.offer.is_some()
    }

    /// Takes pasted text into the field of the cursor.
    pub fn paste(&mut self, text: &str) -> FormEvent {
        let Some(field) = self.fields.get(self.at).filter(|field| !field.fixed) else { return FormEvent::Ignored };
        match self.holders.get_mut(self.at) {
            Some(Holder::Line(input)) => input.paste(text),
            Some(Holder::Area(editor)) => editor.paste(text),
            _ => return FormEvent::Ignored,
        }
        FormEvent::Edited(field.id.clone())
    }

    /// Takes a key.
    pub fn key(&mut self, key: &KeyEvent) -> FormEvent {
        if key.kind == KeyEventKind::Release {
            return FormEvent::Ignored;
        }
        self.taken = false;
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        if key.code == KeyCode::F(10) || control && key.code == KeyCode::Char('s') {
            return FormEvent::Submit;
        }
        if let Some(event) = self.offer_key(key) {
            return event;
        }
        match key.code {
            KeyCode::Tab => return self.step(1),
            KeyCode::BackTab => return self.step(-1),
            KeyCode::PageDown if key.modifiers.is_empty() => return self.leap(self.page()),
            KeyCode::PageUp if key.modifiers.is_empty() => return self.leap(-self.page()),
            // In a text of several lines these are its own first and last line.
            KeyCode::Home if control && !self.is_in_area() => return self.leap(isize::MIN),
            KeyCode::End if control && !self.is_in_area() => return self.leap(isize::MAX),
            _ => {}
        }
        let Some(field) = self.fields.get(self.at) else { return FormEvent::Ignored };
        let (id, fixed) = (field.id.clone(), field.fixed);
        let edited = match self.holders.get_mut(self.at) {
            Some(_) if fixed => None,
            Some(Holder::Line(input)) => {
                let before = input.text().to_owned();
                input.key(key).then(|| input.text() != before)
            }
            Some(Holder::Area(editor)) => {
                let leaves =
                    key.code == KeyCode::Up && editor.is_at_top() || key.code == KeyCode::Down && editor.is_at_bottom();
                let before = editor.text();
                if leaves { None } else { editor.key(key).then(|| editor.text() != before) }
            }
            Some(Holder::Word(_)) => return self.choose_key(key, &id),
            None => None,
        };
        match (edited, key.code) {
            (Some(true), _) => {
                self.offer = None;
                FormEvent::Edited(id)
            }
            (Some(false), _) => FormEvent::Moved,
            (None, KeyCode::Enter | KeyCode::Down) => self.step(1),
            (None, KeyCode::Up) => self.step(-1),
            (None, _) => FormEvent::Ignored,
        }
    }

    fn choose_key(&mut self, key: &KeyEvent, id: &str) -> FormEvent {
        let few = self.choices(id);
        let (Some(Holder::Word(word)), Some(field)) = (self.holders.get_mut(self.at), self.fields.get(self.at)) else {
            return FormEvent::Ignored;
        };
        let turn = match key.code {
            KeyCode::Enter | KeyCode::Down => return self.step(1),
            KeyCode::Up => return self.step(-1),
            KeyCode::Left => -1,
            KeyCode::Right => 1,
            KeyCode::Char(' ') if few.len() > 6 => return FormEvent::Choose(id.to_owned()),
            KeyCode::Char(' ') => 1,
            KeyCode::F(4) if !few.is_empty() => return FormEvent::Choose(id.to_owned()),
            _ => return FormEvent::Ignored,
        };
        if field.kind == Kind::Switch {
            *word = if word == "true" { "false" } else { "true" }.to_owned();
            return FormEvent::Edited(id.to_owned());
        }
        let count = few.len();
        let now = few.iter().position(|item| item.id == *word);
        let next = match (now, turn) {
            (None, _) => 0,
            (Some(now), 1) => (now + 1) % count.max(1),
            (Some(now), _) => now.checked_sub(1).unwrap_or(count.saturating_sub(1)),
        };
        if let Some(item) = few.get(next) {
            item.id.clone_into(word);
        }
        FormEvent::Edited(id.to_owned())
    }

    /// Keys of an offer: up and down move in it, Tab or Enter take it, Esc takes it back.
    fn offer_key(&mut self, key: &KeyEvent) -> Option<FormEvent> {
        let offer = self.offer.as_mut()?;
        let count = offer.items.len() as u64;
        match key.code {
            KeyCode::Up => offer.at = moved(offer.at, Motion::Up, count, 6),
            KeyCode::Down => offer.at = moved(offer.at, Motion::Down, count, 6),
            KeyCode::Esc => self.offer = None,
            KeyCode::Tab | KeyCode::Enter => {
                let (from, at) = (offer.from, offer.at);
                let text = offer.items.get(usize::try_from(at).ok()?)?.id.clone();
                self.offer = None;
                self.taken = true;
                let id = self.fields.get(self.at)?.id.clone();
                match self.holders.get_mut(self.at)? {
                    Holder::Line(input) => input.replace_before(from, &text),
                    Holder::Area(editor) => editor.replace_before(from, &text),
                    Holder::Word(_) => return None,
                }
                return Some(FormEvent::Edited(id));
            }
            _ => return None,
        }
        Some(FormEvent::Moved)
    }

    fn is_in_area(&self) -> bool {
        matches!(self.holders.get(self.at), Some(Holder::Area(_)))
    }

    /// How many fields were seen at once when it was drawn last, but one.
    fn page(&self) -> isize {
        let seen = self.areas.borrow().iter().filter(|area| area.height > 0).count();
        isize::try_from(seen.saturating_sub(1)).unwrap_or(1).max(1)
    }

    /// Goes so many fields on or back, at most to the last or first, and to one that can be edited.
    fn leap(&mut self, by: isize) -> FormEvent {
        let left = self.fields.get(self.at).map(|field| field.id.clone()).unwrap_or_default();
        let last = self.fields.len().saturating_sub(1);
        let to = self.at.saturating_add_signed(by).min(last);
        let open = |at: &usize| self.fields.get(*at).is_some_and(|field| !field.fixed);
        // Onwards from there, or else the nearest on the way.
        let met = if by > 0 {
            (to..=last).find(open).or_else(|| (0..to).rev().find(open))
        } else {
            (0..=to).rev().find(open).or_else(|| (to..=last).find(open))
        };
        if let Some(at) = met {
            self.at = at;
        }
        self.offer = None;
        FormEvent::Left(left)
    }

    /// Goes to the next or previous field that can be edited.
    fn step(&mut self, by: isize) -> FormEvent {
        let left = self.fields.get(self.at).map(|field| field.id.clone()).unwrap_or_default();
        let count = self.fields.len() as isize;
        let mut at = self.at as isize;
        for _ in 0..count {
            at = (at + by).rem_euclid(count);
            if self.fields.get(at.unsigned_abs()).is_some_and(|field| !field.fixed) {
                break;
            }
        }
        self.at = at.unsigned_abs();
        self.offer = None;
        FormEvent::Left(left)
    }

    /// Puts the focus on the field that was clicked, and the cursor into its text; a choice or switch turns.
    pub fn click(&mut self, column: u16, row: u16) -> FormEvent {
        let met = self.areas.borrow().iter().position(|area| area.contains((column, row).into()));
        let Some(at) = met.filter(|at| self.fields.get(*at).is_some_and(|field| !field.fixed)) else {
            return FormEvent::Ignored;
        };
        let again = at == self.at;
        self.at = at;
        match self.holders.get_mut(at) {
            Some(Holder::Line(input)) => {
                input.click(column, row);
            }
            Some(Holder::Area(editor)) => {
                editor.click(column, row);
            }
            Some(Holder::Word(_)) if again => {
                return self.key(&KeyEvent::new(KeyCode::Char(' '), KeyModifiers::NONE));
            }
            _ => {}
        }
        FormEvent::Moved
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.id == id)
    }
}

fn insert(into: &mut Map<String, Value>, id: &str, value: Value) {
    match id.split_once('.') {
        None => {
            into.insert(id.to_owned(), value);
        }
        Some((head, rest)) => {
            let inner = into.entry(head.to_owned()).or_insert(Value::Null);
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

fn remove(from: &mut Map<String, Value>, id: &str) {
    match id.split_once('.') {
        None => drop(from.remove(id)),
        Some((head, rest)) => {
            if let Some(Value::Object(inner)) = from.get_mut(head) {
                remove(inner, rest);
            }
        }
    }
}

#[cfg(test)]
mod tests;
