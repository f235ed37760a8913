//! `.env` in the working directory.

use std::{collections::HashSet, env, fs};

use crate::error::{Error, Result};

/// Sets the variables that it holds and that are not set yet, and gives their names. That there is none is fine.
pub(super) fn load() -> Result<HashSet<String>> {
    let names = dotenvy::from_path_iter(".env").map(|pairs| pairs.filter_map(|pair| Some(pair.ok()?.0)));
    let unset = |name: &String| env::var_os(name).is_none();
    let names = names.map_or_else(|_| HashSet::new(), |names| names.filter(unset).collect());
    match dotenvy::from_path(".env") {
        Ok(()) => Ok(names),
        Err(error) if error.not_found() => Ok(names),
        // The library's own text would print the line, and with it what may be a secret.
        Err(dotenvy::Error::LineParse(line, _)) => {
            let number = fs::read_to_string(".env")
                .ok()
                .and_then(|text| text.lines().position(|one| line.lines().next() == Some(one)));
            let place = number.map_or_else(String::new, |n| format!(" in line {}", n + 1));
            Err(Error::startup(format!(".env cannot be read{place}"))
                .hint("a line is NAME=value; a value with blanks or quotes goes in single quotes"))
        }
        Err(error) => Err(Error::startup(".env cannot be read").source(error)),
    }
}
