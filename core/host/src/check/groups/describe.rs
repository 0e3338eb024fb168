//! What the plugin says about itself: true, complete, the same each time.

use super::settled;
use crate::check::bench::Bench;
use crate::check::report::Outcome;
use crate::{Placement, Plugin};
use std::collections::BTreeSet;
use zhengai_model::pack::PluginKind;
use zhengai_model::text::Message;

const ABILITIES: [&str; 7] = ["check", "discover", "schema", "read", "transform", "call", "write"];

/// Id and version are those of the manifest.
pub(in crate::check) fn identity(bench: &mut Bench) -> Outcome {
    settled(bench.plugin().map(|plugin| {
        let (said, manifest) = (&plugin.described().version, &bench.found.manifest.version);
        if said == manifest {
            Outcome::GOOD
        } else {
            Outcome::Fail(Message::new("check-why-version").with("said", said).with("manifest", manifest))
        }
    }))
}

/// There are components, each with a name of its own and abilities that exist.
pub(in crate::check) fn components(bench: &mut Bench) -> Outcome {
    settled(bench.plugin().map(|plugin| {
        let mut names = BTreeSet::new();
        for component in &plugin.described().components {
            if component.name.is_empty() || !names.insert(&component.name) {
                return Outcome::Fail(Message::new("check-why-component-name").with("name", &component.name));
            }
            if let Some(odd) = component.can.iter().find(|can| !ABILITIES.contains(&can.as_str())) {
                return Outcome::Fail(Message::new("check-why-ability").with("name", odd));
            }
        }
        match names.is_empty() && bench.found.manifest.kind != PluginKind::Layer {
            true => Outcome::Fail(Message::new("check-why-no-components")),
            false => Outcome::GOOD,
        }
    }))
}

/// What the manifest asks to be allowed is what the components can: no less, and no more.
pub(in crate::check) fn capabilities(bench: &mut Bench) -> Outcome {
    settled(bench.plugin().map(|plugin| {
        let can: BTreeSet<&str> =
            plugin.described().components.iter().flat_map(|component| &component.can).map(String::as_str).collect();
        let asked: BTreeSet<&str> = bench.found.manifest.capabilities.iter().map(String::as_str).collect();
        // `check`, `schema` and `call` move no rows and need no permission.
        let moving = |name: &&str| !matches!(*name, "check" | "schema" | "call");
        if let Some(name) = asked.iter().find(|name| ABILITIES.contains(name) && !can.contains(*name)) {
            return Outcome::Fail(Message::new("check-why-capability-unused").with("name", name));
        }
        match can.difference(&asked).find(|name| moving(name)) {
            Some(name) => Outcome::Fail(Message::new("check-why-capability-missing").with("name", name)),
            None => Outcome::GOOD,
        }
    }))
}

/// Each configuration is described by a JSON Schema that is one.
pub(in crate::check) fn schemas(bench: &mut Bench) -> Outcome {
    settled(bench.plugin().map(|plugin| {
        for component in &plugin.described().components {
            if component.config.is_null() {
                continue;
            }
            let meta = jsonschema::draft202012::meta::validate(&component.config).map_err(|error| error.to_string());
            let made = meta.and_then(|()| {
                jsonschema::draft202012::new(&component.config).map(drop).map_err(|error| error.to_string())
            });
            if let Err(reason) = made {
                let message = Message::new("check-why-schema").with("name", &component.name);
                return Outcome::Fail(message.with("reason", crate::check::bench::short(&reason)));
            }
        }
        Outcome::GOOD
    }))
}

/// Asked twice, it says the same.
pub(in crate::check) fn stable(bench: &mut Bench) -> Outcome {
    settled(bench.plugin().and_then(|first| {
        let again = Plugin::load(&bench.found, Placement::InProcess, None);
        let again = again.map_err(|error| bench.failed("describe", &error))?;
        Ok(match first.described() == again.described() {
            true => Outcome::GOOD,
            false => Outcome::Fail(Message::new("check-why-unstable").with("call", "describe")),
        })
    }))
}
