//! `.env` in the working directory.

use std::{collections::HashSet, env, fs, path::Path};

use crate::{
    config,
    error::{Error, Result},
};

const NAME: &str = ".env";

/// What it comes to.
pub(super) struct DotEnv {
    /// The variables that it has set.
    pub(super) names: HashSet<String>,
    /// That others can read what is secret in it.
    pub(super) warning: Option<String>,
}

/// Sets the variables that it holds and that are not set yet. That there is none is fine.
pub(super) fn load() -> Result<DotEnv> {
    let pairs: Vec<_> = dotenvy::from_path_iter(NAME).map_or_else(|_| Vec::new(), |all| all.flatten().collect());
    let warning = config::exposed_variables(Path::new(NAME), &pairs);
    let names = pairs.into_iter().map(|(name, _)| name).filter(|name| env::var_os(name).is_none()).collect();
    match dotenvy::from_path(NAME) {
        Ok(()) => Ok(DotEnv { names, warning }),
        Err(error) if error.not_found() => Ok(DotEnv { names, warning }),
        // The library's own text would print the line, and with it what may be a secret.
        Err(dotenvy::Error::LineParse(line, _)) => {
            let number = fs::read_to_string(NAME)
                .ok()
                .and_then(|text| text.lines().position(|one| line.lines().next() == Some(one)));
            let place = number.map_or_else(String::new, |n| format!(" in line {}", n + 1));
            Err(Error::startup(format!(".env cannot be read{place}"))
                .hint("a line is NAME=value; a value with blanks or quotes goes in single quotes"))
        }
        Err(error) => Err(Error::startup(".env cannot be read").source(error)),
    }
}
