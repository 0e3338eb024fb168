//! Configurations: good ones work, bad ones are refused with a pointer, and nothing that is given breaks the plugin.

use super::settled;
use crate::check::bench::{Bench, word};
use crate::check::fixtures::Config;
use crate::check::mutate::mutations;
use crate::check::report::Outcome;
use crate::runner::Runner;
use crate::{ErrorClass, HostError, PluginFailure};
use serde_json::Value;
use zhengai_model::text::Message;

/// Every good fixture fits the schema and makes an instance.
pub(in crate::check) fn good(bench: &mut Bench) -> Outcome {
    settled(all_good(bench))
}

fn all_good(bench: &mut Bench) -> Result<Outcome, Outcome> {
    if bench.fixtures.good.is_empty() {
        return Err(Outcome::Skip(Message::new("check-why-no-fixtures")));
    }
    for config in bench.fixtures.good.clone() {
        let schema = schema(bench, &config)?;
        if let Some((pointer, rule)) = crate::check::compare::broken(&schema, &config.value) {
            let message = Message::new("check-why-good-refused").with("file", &config.file);
            return Err(Outcome::Fail(message.with("reason", format!("{pointer}: {rule}"))));
        }
        if let Err(error) = bench.try_create(&config)? {
            let message = Message::new("check-why-good-refused").with("file", &config.file);
            return Err(Outcome::Fail(message.with("reason", crate::check::bench::short(&error.to_string()))));
        }
    }
    Ok(Outcome::GOOD)
}

/// Every bad fixture is refused, by the schema or by the plugin, with class `config` and a pointer to the field.
pub(in crate::check) fn bad(bench: &mut Bench) -> Outcome {
    settled(all_bad(bench))
}

fn all_bad(bench: &mut Bench) -> Result<Outcome, Outcome> {
    if bench.fixtures.bad.is_empty() {
        return Err(Outcome::Skip(Message::new("check-why-no-fixtures")));
    }
    for config in bench.fixtures.bad.clone() {
        let schema = schema(bench, &config)?;
        let by_schema = crate::check::compare::broken(&schema, &config.value).is_some();
        let fail = |key: &str| Outcome::Fail(Message::new(key).with("file", &config.file));
        match bench.try_create(&config)? {
            Ok(_) if by_schema => {}
            Ok(_) => return Err(fail("check-why-bad-accepted")),
            // The schema refused it, and with it the host, which points at the field by itself.
            Err(HostError::Config { .. }) => {}
            Err(error) => match error.failure() {
                Some(failure) if failure.class == ErrorClass::Config => {
                    if !by_schema && pointer(failure).is_none() {
                        return Err(fail("check-why-no-pointer"));
                    }
                }
                _ => return Err(bench.failed("create", &error)),
            },
        }
    }
    Ok(Outcome::GOOD)
}

/// Where a refusal points: `pointer` or `field` in its details or arguments.
fn pointer(failure: &PluginFailure) -> Option<String> {
    let of_detail = || {
        let member = failure.detail.get("pointer").or(failure.detail.get("field"));
        member.and_then(Value::as_str).map(str::to_owned)
    };
    let of_args = || {
        let named = failure.args.iter().find(|(name, _)| matches!(name.as_str(), "pointer" | "field"));
        named.map(|(_, value)| value.clone())
    };
    of_detail().or_else(of_args).filter(|pointer| pointer.is_empty() || pointer.starts_with('/'))
}

/// Broken configurations are refused with class `config` or, where the schema refuses them already, at least survived.
pub(in crate::check) fn mutated(bench: &mut Bench) -> Outcome {
    settled(all_mutated(bench))
}

fn all_mutated(bench: &mut Bench) -> Result<Outcome, Outcome> {
    let base = bench.good();
    let schema = schema(bench, &base)?;
    let made = mutations(&schema, &base.value);
    let component = bench.component(&base)?;
    // Past the host, which would refuse most of them by the schema: the plugin is to see what it was never promised.
    let bare = super::abi::bare(bench)?;
    let (count, mut refused) = (made.len(), 0);
    for mutation in made {
        let by_schema = crate::check::compare::broken(&schema, &mutation.config).is_some();
        let Err(error) = bare.create(&component, &mutation.config, bench.witness.clone()) else { continue };
        bench.hear_error("create", &error);
        refused += 1;
        let class = error.failure().map(|failure| failure.class);
        let fine = match class {
            Some(ErrorClass::Config) => true,
            // What the schema allows may fail for other reasons: a server that is not there, a secret that is refused.
            Some(ErrorClass::Panic) | None => false,
            Some(_) => !by_schema,
        };
        if !fine {
            let class = class.map_or_else(|| "-".to_owned(), word);
            let message = Message::new("check-why-mutation").with("what", mutation.what).with("class", class);
            return Err(Outcome::Fail(message.with("text", crate::check::bench::short(&error.to_string()))));
        }
    }
    Ok(Outcome::Pass(Some(Message::new("check-note-mutations").with("count", count).with("refused", refused))))
}

/// Schema of the component that a configuration is for.
pub(in crate::check) fn schema(bench: &mut Bench, config: &Config) -> Result<Value, Outcome> {
    let name = bench.component(config)?;
    let plugin = bench.plugin()?;
    let component = plugin.described().components.iter().find(|component| component.name == name);
    Ok(component.map(|component| component.config.clone()).unwrap_or_default())
}
