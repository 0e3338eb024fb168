//! What the terminal sends, as events of the console.

use crate::app::Event;
use crossterm::event::{Event as Raw, EventStream, KeyCode, KeyEvent, KeyModifiers};
use futures_util::StreamExt;
use tokio::sync::mpsc::Sender;

/// Forwards what the terminal sends, what was typed before anybody listened first. Ends the console when the terminal is
/// gone.
pub(super) async fn forward(events: Sender<Event>, typed: String) {
    for letter in typed.chars() {
        let code = match letter {
            '\r' | '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            '\x1b' => KeyCode::Esc,
            '\x7f' => KeyCode::Backspace,
            letter if letter.is_control() => continue,
            letter => KeyCode::Char(letter),
        };
        if events.send(Event::Key(KeyEvent::new(code, KeyModifiers::NONE))).await.is_err() {
            return;
        }
    }
    let mut stream = EventStream::new();
    while let Some(Ok(raw)) = stream.next().await {
        let event = match raw {
            Raw::Key(key) => Event::Key(key),
            Raw::Mouse(mouse) => Event::Mouse(mouse),
            Raw::Paste(text) => Event::Paste(text),
            Raw::Resize(width, height) => Event::Resize { width, height },
            Raw::FocusGained => Event::Focus,
            Raw::FocusLost => continue,
        };
        if events.send(event).await.is_err() {
            return;
        }
    }
    let _ = events.send(Event::Terminate).await;
}
