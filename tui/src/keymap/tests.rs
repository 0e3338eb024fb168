//! The key map of the house, and what is refused.

use super::{Action, Chord, Keymap, KeymapError, Meaning};

fn typed(text: &str) -> Vec<Chord> {
    text.split(' ').map(|word| Chord::parse(word).expect(word)).collect()
}

#[test]
fn the_house_has_a_key_for_every_action_that_works_under_an_input_method() {
    let house = Keymap::house().expect("a key map without conflicts");
    for action in Action::ALL {
        let keys = house.keys("", super::CommandId::Act(*action));
        assert!(keys.iter().any(|keys| !keys.is_plain()), "{} has only plain keys", action.word());
    }
    for (place, word, keys) in house.entries() {
        assert!(keys.iter().any(|keys| !keys.is_plain()), "[{place}] {word} has only plain keys");
    }
}

#[test]
fn a_key_of_two_chords_waits_for_the_second() {
    let house = Keymap::house().expect("a key map");
    assert_eq!(house.meaning("warnings", &typed("g")), Meaning::Begins);
    assert_eq!(house.meaning("warnings", &typed("g g")), Meaning::Act(Action::First));
    assert_eq!(house.meaning("warnings", &typed("g x")), Meaning::Nothing);
}

#[test]
fn a_file_of_changes_replaces_the_keys_of_the_actions_that_it_names() {
    let map = Keymap::with_changes("my.toml", "[keys]\npalette = [\"Ctrl+K\"]").expect("a key map");
    assert_eq!(map.meaning("", &typed("Ctrl+K")), Meaning::Act(Action::Palette));
    assert_eq!(map.meaning("", &typed("Ctrl+P")), Meaning::Nothing);
    assert_eq!(map.meaning("", &typed("F1")), Meaning::Act(Action::Help));
}

#[test]
fn one_key_with_two_meanings_is_refused_and_both_are_named() {
    let error = Keymap::with_changes("my.toml", "[keys]\nhelp = [\"F5\"]").expect_err("F5 refreshes");
    let KeymapError::Conflict { key, first, second, .. } = error else { panic!("{error}") };
    assert_eq!((key.as_str(), first.as_str(), second.as_str()), ("F5", "[keys] help", "[keys] refresh"));
}

#[test]
fn words_and_keys_that_do_not_exist_are_refused_by_name() {
    let wrong = |text: &str| Keymap::with_changes("my.toml", text).expect_err(text);
    assert!(matches!(wrong("[keys]\nfly = [\"F5\"]"), KeymapError::Unknown { action, .. } if action == "fly"));
    assert!(matches!(wrong("[kitchen]\ncook = [\"F5\"]"), KeymapError::Unknown { table, .. } if table == "kitchen"));
    assert!(matches!(wrong("[keys]\nhelp = [\"F77\"]"), KeymapError::Key { key, .. } if key == "F77"));
    assert!(matches!(wrong("[keys]\nhelp = 7"), KeymapError::Unreadable { .. }));
}
