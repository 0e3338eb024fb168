//! What is kept, what is left out, and that it reads back.

use super::{Head, MOST, Privacy, Recorder};
use crate::app::load::{Reply, RequestId};
use crate::app::{Event, Params, ScreenId};
use crate::runtime::moment::Moment;
use crate::theme::GlyphSet;
use chrono::{DateTime, Utc};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use zhengai_model::text::Language;

const NOW: DateTime<Utc> = DateTime::<Utc>::UNIX_EPOCH;

fn recorder() -> Recorder {
    Recorder::new(Head {
        version: "0".into(),
        language: Language::Chinese,
        theme: "dark".into(),
        glyphs: GlyphSet::Unicode,
        size: (80, 24),
        screen: ScreenId::Overview,
        params: Params::new(),
        at: NOW,
        lost: 0,
    })
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

#[test]
fn what_goes_into_a_field_for_secrets_is_not_kept() {
    let mut recorder = recorder();
    for letter in "hunter2".chars() {
        recorder.take(&key(KeyCode::Char(letter), KeyModifiers::NONE), NOW, Privacy::Secret);
    }
    recorder.take(&Event::Paste("hunter2".into()), NOW, Privacy::Secret);
    recorder.take(&key(KeyCode::Enter, KeyModifiers::NONE), NOW, Privacy::Secret);
    let text = recorder.write();
    assert!(!text.contains("hunter2") && !text.contains("\"h\""), "{text}");
    assert!(text.contains("Enter"), "keys that are no text stay: {text}");
}

#[test]
fn tokens_in_answers_are_not_kept() {
    let mut recorder = recorder();
    let body = serde_json::json!({"user": "王", "token": "zg_abc", "list": [{"api_secret": "s3"}]});
    let answer = Event::Answer { id: RequestId(1), outcome: Ok(Reply::of(&body)) };
    recorder.take(&answer, NOW, Privacy::Open);
    let text = recorder.write();
    assert!(!text.contains("zg_abc") && !text.contains("s3\""), "{text}");
    assert!(text.contains('王'), "{text}");
}

#[test]
fn keys_read_back_as_they_were_pressed() {
    let pressed = [
        (KeyCode::Char('：'), KeyModifiers::NONE),
        (KeyCode::Char(' '), KeyModifiers::NONE),
        (KeyCode::Char('p'), KeyModifiers::CONTROL),
        (KeyCode::Char('+'), KeyModifiers::NONE),
        (KeyCode::F(12), KeyModifiers::SHIFT),
        (KeyCode::Left, KeyModifiers::ALT),
    ];
    for (code, modifiers) in pressed {
        let mut recorder = recorder();
        recorder.take(&key(code, modifiers), NOW, Privacy::Open);
        let text = recorder.write();
        let line = text.lines().nth(1).expect("a line");
        let moment: Moment = serde_json::from_str(line).expect("a moment");
        let Some(Event::Key(read)) = moment.event.event() else { panic!("{line}") };
        assert_eq!((read.code, read.modifiers), (code, modifiers), "{line}");
    }
}

#[test]
fn only_the_last_events_are_kept() {
    let mut recorder = recorder();
    for _ in 0..MOST + 5 {
        recorder.take(&Event::Focus, NOW, Privacy::Open);
    }
    assert_eq!(recorder.len(), MOST);
    assert!(recorder.write().contains("\"lost\":5"));
}
