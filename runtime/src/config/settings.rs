//! Where each setting comes from: the program, the file, the variables, the flags, of which the later ones win.

use std::{
    collections::HashSet,
    env::{self, VarError},
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use super::{
    DatabaseUrl, file,
    table::{Secret, Setting, TABLE, setting},
};
use crate::error::{Error, Result};

/// What settings are gathered from.
#[derive(Default)]
pub(crate) struct Sources {
    /// The name of the app.
    pub(crate) app: &'static str,
    /// What the builder says, by key.
    pub(crate) program: Vec<(&'static str, String)>,
    /// What [`App::jwt_secret`](crate::App::jwt_secret) says, which wins over everything.
    pub(crate) jwt_secret: Option<Vec<u8>>,
    /// `--config`
    pub(crate) file: Option<PathBuf>,
    /// The variables that `.env` has set.
    pub(crate) dotenv: HashSet<String>,
    /// What the command line says, by key.
    pub(crate) flags: Vec<(&'static str, String)>,
}

/// Every setting, checked by its kind.
pub(crate) struct Settings {
    all: Vec<Found>,
    /// The secret that the program itself brings, which need not be a text.
    jwt_secret: Option<Vec<u8>>,
    /// What should be looked at and is no error.
    pub(crate) warnings: Vec<String>,
}

/// One setting as it was found.
pub(crate) struct Found {
    pub(crate) setting: &'static Setting,
    text: Option<String>,
    pub(crate) source: Source,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Default,
    Program,
    File { path: String, line: usize },
    DotEnv(&'static str),
    Variable(&'static str),
    Flag(&'static str),
}

impl Settings {
    /// Reads file and variables, and puts what later ones say over what earlier ones do.
    pub(crate) fn gather(sources: Sources) -> Result<Self> {
        Self::from(sources, |name| env::var(name))
    }

    /// [`Settings::gather`] with any environment.
    fn from(sources: Sources, environment: impl Fn(&str) -> Result<String, VarError>) -> Result<Self> {
        let variable = |name: &str| match environment(name) {
            Ok(text) => Ok(Some(text)),
            Err(VarError::NotPresent) => Ok(None),
            // Its error type would print the value.
            Err(VarError::NotUnicode(_)) => Err(Error::startup(format!("{name} is not UTF-8"))),
        };
        let default = |setting: &'static Setting| {
            let text = setting.default.replace("<app>", sources.app);
            let text = (!text.is_empty()).then_some(text);
            Found { setting, text, source: Source::Default }
        };
        let all = TABLE.iter().map(default).collect();
        let mut settings = Self { all, jwt_secret: sources.jwt_secret, warnings: Vec::new() };
        for (key, text) in sources.program {
            settings.put(key, text, Source::Program);
        }
        let named = match sources.file {
            Some(path) => Some(path),
            None => variable("RESTRUCT_CONFIG")?.map(PathBuf::from),
        };
        let path = named.as_deref().unwrap_or(Path::new(file::NAME));
        let entries = file::read(path, named.is_some())?;
        settings.warnings.extend(file::exposed(path, &entries));
        for entry in entries {
            settings.put(entry.key, entry.text, Source::File { path: path.display().to_string(), line: entry.line });
        }
        for setting in TABLE {
            if let Some(text) = variable(setting.variable)? {
                let own = !sources.dotenv.contains(setting.variable);
                let source = if own { Source::Variable } else { Source::DotEnv };
                settings.put(setting.key, text, source(setting.variable));
            }
        }
        for (key, text) in sources.flags {
            let flag = setting(key).flag.map_or("", |flag| flag.name());
            settings.put(key, text, Source::Flag(flag));
        }
        if settings.jwt_secret.is_some() {
            settings.put("auth.jwt_secret", "***".into(), Source::Program);
        }
        settings.check()?;
        Ok(settings)
    }

    /// What stands in the program alone.
    #[cfg(test)]
    pub(super) fn bare(sources: Sources) -> Result<Self> {
        Self::from(sources, |_| Err(VarError::NotPresent))
    }

    fn put(&mut self, key: &str, text: String, source: Source) {
        if let Some(found) = self.all.iter_mut().find(|found| found.setting.key == key) {
            (found.text, found.source) = (Some(text), source);
        }
    }

    /// Everything that is not what it must be, at once.
    fn check(&self) -> Result<()> {
        let wrong = |found: &Found| {
            let reason = found.setting.kind.check(found.text.as_deref()?).err()?;
            Some(format!("{} {reason}", found.name()))
        };
        let mistakes: Vec<_> = self.all.iter().filter_map(wrong).collect();
        if mistakes.is_empty() { Ok(()) } else { Err(Error::startup(mistakes.join("\n"))) }
    }

    /// All of them, in the order of the table.
    pub(crate) fn all(&self) -> &[Found] {
        &self.all
    }

    /// One of them.
    pub(crate) fn get(&self, key: &'static str) -> &Found {
        let found = self.all.iter().find(|found| found.setting.key == key);
        found.expect("a key that stands in the table")
    }

    /// The text of one that is set.
    pub(crate) fn text(&self, key: &'static str) -> Option<&str> {
        self.get(key).text.as_deref()
    }

    /// A number, which was checked when it came.
    pub(crate) fn number<T: FromStr>(&self, key: &'static str) -> Result<T> {
        let number = self.text(key).and_then(|text| text.parse().ok());
        number.ok_or_else(|| Error::startup(format!("{key} is no number that can be used")))
    }

    /// The key that signs tokens.
    pub(crate) fn jwt_secret(&self) -> Option<Vec<u8>> {
        self.jwt_secret.clone().or_else(|| self.text("auth.jwt_secret").map(|text| text.as_bytes().to_vec()))
    }

    /// Where the database is.
    pub(crate) fn database(&self) -> DatabaseUrl {
        DatabaseUrl::new(self.text("database.url").unwrap_or_default())
    }
}

impl Found {
    /// What errors call it: by the name it was set by.
    pub(crate) fn name(&self) -> String {
        let key = self.setting.key;
        match &self.source {
            Source::Default => key.to_owned(),
            Source::Program => format!("{key} of the program"),
            Source::File { .. } => format!("{}: `{key}`", self.source),
            Source::DotEnv(_) | Source::Variable(_) | Source::Flag(_) => self.source.to_string(),
        }
    }

    /// The value without what is secret in it.
    pub(crate) fn shown(&self) -> Option<String> {
        let text = self.text.as_ref()?;
        Some(match self.setting.secret {
            Secret::No => text.clone(),
            Secret::Whole => "***".to_owned(),
            Secret::Password => DatabaseUrl::new(text).to_string(),
        })
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.all).finish()
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found")
            .field("key", &self.setting.key)
            .field("value", &self.shown())
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Program => f.write_str("program"),
            Self::File { path, line } => write!(f, "{path}:{line}"),
            Self::DotEnv(name) => write!(f, "{name} in .env"),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => write!(f, "--{name}"),
        }
    }
}

#[cfg(test)]
mod tests;
