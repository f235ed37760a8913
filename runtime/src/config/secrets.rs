//! What must not be printed: the key that signs tokens, and the password in the URL of the database.

use std::{fmt, path::Path};

use url::Url;

use super::table::{Secret, Setting, TABLE};
use crate::{
    auth::token::MIN_SECRET,
    error::{Error, Result},
};

/// The key that signs tokens. Nothing prints it.
pub(crate) struct JwtSecret(Vec<u8>);

impl JwtSecret {
    /// `name` is what an error calls it.
    pub(crate) fn new(bytes: Vec<u8>, name: &str) -> Result<Self> {
        if bytes.len() < MIN_SECRET {
            let text = format!("{name} has {} bytes, and {MIN_SECRET} are the least", bytes.len());
            return Err(Error::startup(text).hint("make one with `openssl rand -base64 48`"));
        }
        Ok(Self(bytes))
    }

    pub(crate) fn random() -> Result<Self> {
        let mut bytes = vec![0; MIN_SECRET];
        getrandom::fill(&mut bytes).map_err(|e| Error::startup("the system has no random numbers").source(e))?;
        Ok(Self(bytes))
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Debug for JwtSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JwtSecret(..)")
    }
}

/// Where the database is. Printed, it hides the password.
#[derive(Clone)]
pub(crate) struct DatabaseUrl(String);

impl DatabaseUrl {
    pub(crate) fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The URL with its password, for the driver alone.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is one in it.
    pub(crate) fn has_password(&self) -> bool {
        // The options can name one too.
        !self.0.starts_with("sqlite:")
            && Url::parse(&self.0).map_or(true, |url| {
                url.password().is_some() || url.query_pairs().any(|(name, _)| name.eq_ignore_ascii_case("password"))
            })
    }
}

/// What to say of a file that everybody on the machine can read, and that holds secrets among the settings in it, each
/// under some name.
#[cfg(unix)]
pub(super) fn exposed<'a>(
    path: &Path,
    held: impl Iterator<Item = (&'static Setting, &'a str, &'a str)>,
) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;

    let secrets: Vec<_> = held.filter(|(setting, _, text)| is_secret(setting, text)).map(|(_, name, _)| name).collect();
    if secrets.is_empty() || std::fs::metadata(path).ok()?.permissions().mode() & 0o004 == 0 {
        return None;
    }
    let path = path.display();
    Some(format!(
        "everybody on this machine can read {path}, which holds {}: `chmod 600 {path}`",
        secrets.join(" and ")
    ))
}

#[cfg(not(unix))]
pub(super) fn exposed<'a>(_: &Path, _: impl Iterator<Item = (&'static Setting, &'a str, &'a str)>) -> Option<String> {
    None
}

/// The same of a file of variables. It holds them, whether or not others win.
pub(crate) fn exposed_variables(path: &Path, variables: &[(String, String)]) -> Option<String> {
    let held = variables.iter().filter_map(|(name, text)| {
        let setting = TABLE.iter().find(|setting| setting.variable == name)?;
        Some((setting, name.as_str(), text.as_str()))
    });
    exposed(path, held)
}

fn is_secret(setting: &Setting, text: &str) -> bool {
    match setting.secret {
        Secret::No => false,
        Secret::Whole => true,
        Secret::Password => DatabaseUrl::new(text).has_password(),
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.starts_with("sqlite:") {
            return f.write_str(&self.0);
        }
        let Ok(mut url) = Url::parse(&self.0) else {
            return f.write_str("(a URL that cannot be read)");
        };
        if url.password().is_some() && url.set_password(Some("***")).is_err() {
            return f.write_str("(a URL with a password)");
        }
        // The options after the question mark can name a password and key files too.
        url.set_query(None);
        write!(f, "{url}")
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}
