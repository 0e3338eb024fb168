//! Questions before acts of 数据, and what is asked of the server once they are answered.

use crate::app::{Choice, Confirm, Cx, Handled, Length, Pick, Prompt, ScreenEvent, Tone};
use zhengai_model::period::PeriodState;
use zhengai_wire::batches::{self, Approval, Refusal};
use zhengai_wire::periods::{self, PeriodRow};
use zhengai_wire::plugins::PluginList;
use zhengai_wire::secrets::{self, SecretValue};
use zhengai_wire::sources::{self, RemoveQuery};

/// Tag of answers after which lists are to be asked for again.
pub(super) const CHANGED: &str = "changed";

/// Tag of answers after which something is no longer there.
pub(super) const REMOVED: &str = "removed";

/// Asks whether a batch is to be applied.
pub(super) fn approve(batch: &str, cx: &mut Cx<'_>) {
    cx.confirm(Confirm {
        tag: format!("approve {batch}"),
        title: cx.text("data-approve-title", &[("batch", batch)]),
        lines: vec![cx.text("data-approve-line", &[])],
        yes: cx.text("data-approve", &[]),
        code: None,
    });
}

/// Asks why a batch is refused.
pub(super) fn refuse(batch: &str, cx: &mut Cx<'_>) {
    ask(format!("refuse {batch}"), ("data-refuse-title", "data-refuse-help"), ("batch", batch), Length::Line, cx);
}

/// Asks which connector a new source is for.
pub(super) fn connector(plugins: &PluginList, cx: &mut Cx<'_>) {
    let found = plugins.plugins.iter().filter(|one| one.fetches && one.state == "enabled");
    let choices: Vec<Choice> = found.map(|one| Choice::new(&one.id, &one.name).detail(&one.id)).collect();
    if choices.is_empty() {
        let text = cx.text("data-no-connectors", &[]);
        return cx.toast(Tone::Caution, text);
    }
    let title = cx.text("data-pick-connector", &[]);
    cx.pick(Pick { tag: "connector".to_owned(), title, choices, ..Pick::default() });
}

/// Asks why a source goes.
pub(super) fn remove_source(name: &str, cx: &mut Cx<'_>) {
    let keys = ("data-remove-source-title", "data-remove-source-help");
    ask(format!("remove-source {name}"), keys, ("source", name), Length::Line, cx);
}

/// Asks for the name of a new secret.
pub(super) fn name_secret(cx: &mut Cx<'_>) {
    let keys = ("data-secret-name-title", "data-secret-name-help");
    ask("name-secret".to_owned(), keys, ("secret", ""), Length::Line, cx);
}

/// Asks for the value of a secret.
pub(super) fn set_secret(name: &str, cx: &mut Cx<'_>) {
    let keys = ("data-secret-title", "data-secret-help");
    ask(format!("secret {name}"), keys, ("secret", name), Length::Secret, cx);
}

/// Asks whether a secret is to be forgotten.
pub(super) fn remove_secret(name: &str, cx: &mut Cx<'_>) {
    cx.confirm(Confirm {
        tag: format!("remove-secret {name}"),
        title: cx.text("data-remove-secret-title", &[("secret", name)]),
        lines: vec![cx.text("data-remove-secret-line", &[])],
        yes: cx.text("data-remove-secret", &[]),
        code: None,
    });
}

/// Asks why a period is locked, or opened again.
pub(super) fn settle(period: &PeriodRow, cx: &mut Cx<'_>) {
    let (word, keys) = match period.state {
        PeriodState::Locked => ("unlock", ("data-unlock-title", "data-unlock-help")),
        _ => ("lock", ("data-lock-title", "data-lock-help")),
    };
    ask(format!("{word} {}", period.id), keys, ("period", &period.name), Length::Line, cx);
}

fn ask(tag: String, (title, help): (&str, &str), about: (&str, &str), length: Length, cx: &mut Cx<'_>) {
    let (title, help) = (cx.text(title, &[about]), cx.text(help, &[]));
    cx.prompt(Prompt { tag, title, help, text: String::new(), length });
}

/// What was decided.
pub(super) fn decided(event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
    match event {
        ScreenEvent::Confirmed { tag } => match tag.split_once(' ') {
            Some(("approve", batch)) => drop(cx.job(batches::approve(batch, &Approval::default()))),
            Some(("remove-secret", name)) => drop(cx.act(secrets::remove(name), REMOVED)),
            _ => return Handled::No,
        },
        ScreenEvent::Prompted { tag, text } => prompted(tag, text, cx),
        _ => return Handled::No,
    }
    Handled::Yes
}

fn prompted(tag: &str, text: &str, cx: &mut Cx<'_>) {
    let said = text.trim();
    let (word, subject) = tag.split_once(' ').unwrap_or((tag, ""));
    match (word, said.is_empty()) {
        ("remove-source", _) => {
            let why = Some(said.to_owned()).filter(|why| !why.is_empty());
            cx.act(sources::remove(subject, &RemoveQuery { why }), REMOVED);
        }
        ("refuse" | "lock" | "unlock", true) => {
            let text = cx.text("data-reason-empty", &[]);
            cx.toast(Tone::Caution, text);
        }
        ("refuse", false) => drop(cx.act(batches::refuse(subject, &Refusal { why: text.to_owned() }), CHANGED)),
        ("lock", false) => drop(cx.act(periods::lock(subject, said), CHANGED)),
        ("unlock", false) => drop(cx.act(periods::unlock(subject, said), CHANGED)),
        ("name-secret", false) => set_secret(said, cx),
        // A value may begin or end with a space, so it goes as it was typed; an empty one is no value.
        ("secret", _) if !text.is_empty() => {
            cx.act(secrets::set(subject, &SecretValue { value: text.to_owned() }), CHANGED);
        }
        _ => {}
    }
}
