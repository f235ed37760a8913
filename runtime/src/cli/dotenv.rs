//! `.env` in the working directory.

use std::fs;

use crate::error::{Error, Result};

/// Sets the variables that it holds and that are not set yet. That there is none is fine.
pub(super) fn load() -> Result<()> {
    match dotenvy::from_path(".env") {
        Ok(()) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
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
