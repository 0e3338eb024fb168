//! Forms: Enter never submits, faults stand under their fields, completions take the place of what was typed.

use super::{Field, Form, FormEvent, Kind, Schema};
use crate::widgets::Item;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde_json::json;
use zhengai_model::text::Language;
use zhengai_text::Texts;

fn form() -> Form {
    let choices = vec![Item::new("higher", "越高越好", ""), Item::new("lower", "越低越好", "")];
    Form::new(Schema::new(vec![
        Field::new("code", "编号", Kind::Text).fixed().value("S-01"),
        Field::new("names.zh", "名称", Kind::Text).required(),
        Field::new("target", "目标值", Kind::Number),
        Field::new("direction", "方向", Kind::Choice(choices)).value("higher"),
        Field::new("active", "启用", Kind::Switch),
        Field::new("value", "公式", Kind::Formula(2)),
    ]))
}

fn press(form: &mut Form, code: KeyCode) -> FormEvent {
    form.key(&KeyEvent::new(code, KeyModifiers::NONE))
}

fn write(form: &mut Form, text: &str) {
    for letter in text.chars() {
        press(form, KeyCode::Char(letter));
    }
}

#[test]
fn enter_goes_from_field_to_field_and_only_f10_or_ctrl_s_submits() {
    let mut form = form();
    write(&mut form, "就业率");
    assert_eq!(press(&mut form, KeyCode::Enter), FormEvent::Left("names.zh".to_owned()));
    write(&mut form, "95.5");
    press(&mut form, KeyCode::Enter);
    press(&mut form, KeyCode::Right);
    press(&mut form, KeyCode::Enter);
    press(&mut form, KeyCode::Char(' '));
    press(&mut form, KeyCode::Enter);
    write(&mut form, "a");
    press(&mut form, KeyCode::Enter);
    write(&mut form, "b");
    assert_eq!(form.text("value"), "a\nb", "Enter is a new line in a formula");
    let save = KeyEvent::new(KeyCode::Char('s'), KeyModifiers::CONTROL);
    assert_eq!((form.key(&save), press(&mut form, KeyCode::F(10))), (FormEvent::Submit, FormEvent::Submit));
    let expected = json!({"code": "S-01", "names": {"zh": "就业率"}, "target": 95.5, "direction": "lower", "active": true, "value": "a\nb"});
    assert_eq!(form.values(), expected);
}

#[test]
fn what_is_missing_or_no_number_is_said_and_gets_the_focus() {
    let texts = Texts::new(Language::English, &[]);
    let mut form = form();
    form.set("target", "abc");
    assert!(!form.check(&texts));
    assert_eq!(form.faults().keys().collect::<Vec<_>>(), ["names.zh", "target"]);
    assert_eq!(form.focused().map(|field| field.id.as_str()), Some("names.zh"));
    form.next_fault();
    assert_eq!(form.focused().map(|field| field.id.as_str()), Some("target"));
    for (text, fault) in [("1.5", false), ("-3", false), ("1.", true), ("1e3", true), (".5", false), ("", false)] {
        form.set("target", text);
        form.check_field("target", &texts);
        assert_eq!(form.faults().contains_key("target"), fault, "{text:?}");
    }
}

#[test]
fn a_completion_is_taken_by_tab_and_leaves_the_rest_of_the_text() {
    let mut form = form();
    form.focus("value");
    write(&mut form, "sum(学");
    form.offer("sum(".len(), vec![Item::new("学生.学号", "学生.学号", ""), Item::new("学分", "学分", "")]);
    press(&mut form, KeyCode::Down);
    assert_eq!(press(&mut form, KeyCode::Tab), FormEvent::Edited("value".to_owned()));
    assert_eq!(form.text("value"), "sum(学分");
    assert!(!form.is_offering());
}

#[test]
fn a_draft_brings_back_what_was_typed_but_no_secret() {
    let mut form = Form::new(Schema::new(vec![
        Field::new("name", "名称", Kind::Text),
        Field::new("password", "密码", Kind::Secret),
    ]));
    assert!(!form.is_changed());
    write(&mut form, "教务");
    press(&mut form, KeyCode::Tab);
    write(&mut form, "hidden");
    let draft = form.draft();
    assert_eq!(draft.keys().collect::<Vec<_>>(), ["name"]);
    let mut again = Form::new(Schema::new(vec![Field::new("name", "名称", Kind::Text)]));
    again.restore(&draft);
    assert_eq!(again.text("name"), "教务");
    assert!(again.is_changed());
    again.saved();
    assert!(!again.is_changed());
}

#[test]
fn what_no_field_shows_survives_an_edit_and_an_emptied_field_goes() {
    let schema = json!({"properties": {
        "url": {"type": "string"}, "note": {"type": "string"}, "headers": {"type": "object"},
        "pages": {"type": "array", "items": {"type": "integer"}},
    }});
    let before = json!({"url": "a", "note": "n", "headers": {"x": "1"}, "pages": [1, 2], "hidden": {"deep": true}});
    let mut form = Form::new(Schema::from_json(&schema, &before, Language::English));
    assert_eq!(form.values_over(&before), before, "nothing was touched");
    form.set("url", "b");
    form.set("note", "");
    let after = json!({"url": "b", "headers": {"x": "1"}, "pages": [1, 2], "hidden": {"deep": true}});
    assert_eq!(form.values_over(&before), after);
}

#[test]
fn a_field_without_a_title_is_called_by_the_first_sentence_of_its_description() {
    let schema = json!({"type": "object", "properties": {
        "a": {"type": "string", "description": "教务系统地址。以 https:// 开头。"},
        "b": {"type": "string", "description": {"zh-CN": "每页行数", "en": "Rows per page, see page.size. At most 500."}},
        "c": {"type": "string", "title": "Token", "description": "Given by the office."},
        "d": {"type": "string", "description": " "},
    }});
    let said = |language| {
        let fields = Schema::from_json(&schema, &json!({}), language).fields;
        fields.into_iter().map(|field| (field.label, field.help)).collect::<Vec<_>>()
    };
    let pair = |label: &str, help: &str| (label.to_owned(), help.to_owned());
    let expected = [
        pair("教务系统地址", "a 教务系统地址。以 https:// 开头。"),
        pair("每页行数", "b"),
        pair("Token", "Given by the office."),
        pair("d", ""),
    ];
    assert_eq!(said(Language::Chinese), expected);
    let english = pair("Rows per page, see page.size", "b Rows per page, see page.size. At most 500.");
    assert_eq!(said(Language::English).get(1), Some(&english));
}

/// Draws a form, and gives the rows.
fn drawn(form: &Form, width: u16, height: u16) -> String {
    let texts = crate::i18n::texts(Language::Chinese);
    let look = crate::testkit::Setting::default().look();
    let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, width, height));
    let area = buffer.area;
    form.view(&mut crate::canvas::Canvas::new(&mut buffer, &look, &texts), area, crate::widgets::input::Focus::Here);
    crate::testkit::frame(&buffer)
}

#[test]
fn pages_and_ends_move_in_a_form_that_is_longer_than_the_screen() {
    let field = |at: usize| Field::new(&format!("f{at}"), format!("字段{at}"), Kind::Text);
    let mut form = Form::new(Schema::new((0..45).map(field).collect()));
    let at = |form: &Form| form.focused().map(|field| field.id.clone()).unwrap_or_default();
    drawn(&form, 60, 10);
    assert_eq!(press(&mut form, KeyCode::PageDown), FormEvent::Left("f0".to_owned()));
    assert_eq!(at(&form), "f9");
    drawn(&form, 60, 10);
    press(&mut form, KeyCode::PageUp);
    assert_eq!(at(&form), "f0");
    form.key(&KeyEvent::new(KeyCode::End, KeyModifiers::CONTROL));
    assert_eq!(at(&form), "f44");
    assert!(drawn(&form, 60, 10).contains("字段44"));
    form.key(&KeyEvent::new(KeyCode::Home, KeyModifiers::CONTROL));
    assert_eq!(at(&form), "f0");
}

#[test]
fn after_a_completion_was_taken_tab_leaves_the_field_until_something_is_typed() {
    let mut form = form();
    write(&mut form, "就");
    form.offer(0, vec![Item::new("就业率", "就业率", "")]);
    press(&mut form, KeyCode::Tab);
    form.offer(0, vec![Item::new("就业率变化", "就业率变化", "")]);
    assert!(!form.is_offering(), "nothing was typed since");
    press(&mut form, KeyCode::Tab);
    assert_eq!(
        (form.text("names.zh").as_str(), form.focused().map(|field| field.id.as_str())),
        ("就业率", Some("target"))
    );
    press(&mut form, KeyCode::Up);
    write(&mut form, "变");
    form.offer(0, vec![Item::new("就业率变化", "就业率变化", "")]);
    assert!(form.is_offering());
}

#[test]
fn every_line_of_what_is_wrong_is_drawn_and_a_long_text_shows_its_beginning_where_nobody_types() {
    for width in 24..70 {
        let mut form = form();
        form.fault("names.zh", "名称与另一个指标相同，请改成别的名称，或者先停用那一个指标再保存终");
        form.set("target", "开头的一段很长很长的文字一直写到输入框右边之外很远很远的地方为止末尾");
        let shown = drawn(&form, width, 24);
        let flat = shown.replace(['\n', ' '], "");
        assert!(flat.contains("保存终"), "{width}: {shown}");
        assert!(flat.contains("开头的") && !flat.contains("末尾"), "{width}: {shown}");
    }
}
