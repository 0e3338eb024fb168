//! What holds for every screen, whoever made it.

use crate::app::{CommandId, Params, ScreenId};
use crate::i18n::texts;
use crate::keymap::Keymap;
use crate::testkit::{Fake, Stage};
use zhengai_model::period::{PeriodKind, PeriodState};
use zhengai_model::text::Language;
use zhengai_wire::periods::PeriodRow;
use zhengai_wire::search::{Found, FoundKind};

#[test]
fn every_screen_is_drawn_at_every_size_without_and_with_its_data_missing() {
    let fake = Fake::new();
    for id in ScreenId::ALL {
        Stage::open(id, &Params::new(), &fake).draw_at_every_size().draw_bare_at_every_size();
    }
}

#[test]
fn every_command_has_a_name_in_both_languages_and_a_key_that_an_input_method_lets_through() {
    let (fake, keymap) = (Fake::new(), Keymap::house().expect("a key map"));
    let both = [texts(Language::Chinese), texts(Language::English)];
    for id in ScreenId::ALL {
        let stage = Stage::open(id, &Params::new(), &fake);
        let commands = stage.app().screen().map(crate::app::Screen::commands).unwrap_or_default();
        for command in commands {
            for texts in &both {
                assert!(texts.has(command.label), "{}: {}", id.word(), command.label);
                if let Err(reason) = command.enabled {
                    assert!(texts.has(reason), "{}: {reason}", id.word());
                }
            }
            let keys = keymap.keys(id.word(), command.id);
            assert!(
                keys.iter().any(|keys| !keys.is_plain()),
                "[{}] {:?} needs a key that is no letter",
                id.word(),
                command.id
            );
            if let CommandId::Own(word) = command.id {
                assert!(keymap.entries().any(|(place, own, _)| place == id.word() && own == word));
            }
        }
    }
}

#[test]
fn every_screen_lets_go_when_asked_to_go_back() {
    let fake = Fake::new();
    for id in ScreenId::ALL.into_iter().filter(|id| *id != ScreenId::Overview) {
        let mut stage = Stage::open(id, &Params::new(), &fake);
        stage.press("Esc Esc Esc");
        assert_eq!(stage.screen(), Some(ScreenId::Overview), "{} keeps people in", id.word());
    }
}

#[test]
fn what_the_server_finds_stands_in_the_palette_with_its_kind() {
    let found = |kind: FoundKind, id: &str, name: &str, about: &str| Found {
        kind,
        id: id.to_owned(),
        name: name.to_owned(),
        about: about.to_owned(),
        object: None,
    };
    let fake = Fake::new().get(
        "search",
        &[
            found(FoundKind::Object, "student/2024000306", "吴学业", "2024000306"),
            found(FoundKind::Indicator, "STU-FAILED-CREDITS", "补考后未获学分", "STU-FAILED-CREDITS"),
            found(
                FoundKind::Rule,
                "STU-ACADEMIC-YELLOW",
                "学业黄色预警：补考后不及格课程不少于 3 门或未获学分不少于 7",
                "STU-ACADEMIC-YELLOW",
            ),
            found(FoundKind::Warning, "17", "学业橙色预警：补考后未获学分不少于 16", "吴学业"),
        ],
    );
    let mut stage = Stage::open(ScreenId::Audit, &Params::new(), &fake);
    stage.press("ctrl+p 'xueye'").wait(150);
    assert_eq!(stage.last_request(), "GET /v1/search?q=xueye&limit=5");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("palette-found", stage.text());
    });
}

/// The academic year that tests of screens are about.
pub(crate) fn year() -> PeriodRow {
    PeriodRow {
        id: "AY2025".to_owned(),
        name: "2025–2026 学年".to_owned(),
        kind: PeriodKind::AcademicYear,
        start: "2025-09-01".parse().expect("a day"),
        end: "2026-09-01".parse().expect("a day"),
        over: true,
        state: PeriodState::Grace,
        settled: None,
    }
}

#[test]
fn the_screen_that_one_is_on_stays_in_the_way_here_however_long_it_is() {
    let fake = Fake::new();
    for width in 60..140 {
        let mut stage = Stage::open(ScreenId::Runs, &Params::new().with("run", "R20261122-005"), &fake);
        stage.resize(width, 24);
        stage.press("f2 \"audit\" enter");
        let way = stage.text().lines().nth(1).unwrap_or_default().to_owned();
        assert!(way.trim_end().ends_with("/ 审计"), "{width}: {way}");
        stage.press("f2 \"warnings\" enter f2 \"heatmap\" enter f2 \"reports\" enter");
        let way = stage.text().lines().nth(1).unwrap_or_default().to_owned();
        assert!(way.trim_end().ends_with("/ 报告"), "{width}: {way}");
    }
}

#[test]
fn the_role_of_the_person_is_named_even_where_the_server_gives_its_word() {
    let session = zhengai_wire::session::Session {
        user: "zhangsan".to_owned(),
        roles: vec!["department".to_owned()],
        ..Default::default()
    };
    let fake = Fake::new().get("session", &session);
    let mut stage = Stage::open(ScreenId::Overview, &Params::new(), &fake);
    let head = stage.text().lines().next().unwrap_or_default().to_owned();
    assert!(head.contains("zhangsan（院系）"), "{head}");
}
