//! `config show`.

use clap::ArgMatches;
use serde::Serialize;

use super::{Failure, list};
use crate::config::{Asker, Config, Found, Kind, Settings, Unfit};

pub(super) fn run(settings: &Settings, matches: &ArgMatches) -> Result<(), Failure> {
    let Some(("show", matches)) = matches.subcommand() else { return Ok(()) };
    let dev = matches.get_flag("dev");
    match Config::decide(settings, Asker::Server { dev, debug_build: cfg!(debug_assertions) }) {
        Err(wrong @ Unfit::Wrong(_)) => return Err(wrong.into()),
        // What is missing is to be seen here.
        Ok(_) | Err(Unfit::Missing(_)) => {}
    }
    let rows: Vec<_> = settings.all().iter().map(Row::of).collect();
    Ok(list::settings(&rows, matches.get_flag("json"))?)
}

/// A setting as it is printed.
#[derive(Serialize)]
pub(super) struct Row {
    pub(super) key: &'static str,
    /// What is secret in it is `***`; null where it is not set.
    pub(super) value: serde_json::Value,
    /// `default`, `program`, a file and line, the name of a variable, a flag
    pub(super) source: String,
    variable: &'static str,
    flag: Option<String>,
    default: &'static str,
    about: String,
}

impl Row {
    fn of(found: &Found) -> Self {
        let setting = found.setting;
        let value = found.shown().map(|text| match setting.kind {
            Kind::Number { .. } => text.parse::<u64>().map_or_else(|_| text.into(), Into::into),
            Kind::Switch => (text == "true").into(),
            Kind::Origins => text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect(),
            Kind::Text | Kind::OneOf(_) | Kind::Address => text.into(),
        });
        Self {
            key: setting.key,
            value: value.unwrap_or_default(),
            source: found.source.to_string(),
            variable: setting.variable,
            flag: setting.flag.map(|flag| format!("--{}", flag.name())),
            default: setting.default,
            about: setting.told(),
        }
    }
}
