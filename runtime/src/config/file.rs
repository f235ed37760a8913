//! `restruct.toml`: settings by table and key, every mistake in it at once.

use std::{fs, io, path::Path};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    secrets,
    table::{Kind, Setting, TABLE},
};
use crate::{
    error::{Error, Result},
    names,
};

/// The file that is read where nothing names one.
pub(crate) const NAME: &str = "restruct.toml";

/// A setting that the file has, as text.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: &'static str,
    pub(super) text: String,
    pub(super) line: usize,
}

/// Reads the file; `required`, it must be there.
pub(super) fn read(path: &Path, required: bool) -> Result<Vec<Entry>> {
    match fs::read_to_string(path) {
        Ok(text) => parse(&text, &path.display().to_string()),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !required => Ok(Vec::new()),
        Err(error) => Err(Error::startup(format!("the settings in {} cannot be read", path.display()))
            .hint("--config or RESTRUCT_CONFIG names the file")
            .source(error)),
    }
}

/// Reads the text of a file. `file` is what errors call it; they never show a value, which could be a secret.
fn parse(text: &str, file: &str) -> Result<Vec<Entry>> {
    let line = |at: usize| text.get(..at).map_or(1, |above| above.matches('\n').count() + 1);
    let document = DeTable::parse(text).map_err(|error| {
        let place = error.span().map_or_else(String::new, |span| format!(":{}", line(span.start)));
        Error::startup(format!("{file}{place} is not TOML: {}", error.message().lines().next().unwrap_or("unreadable")))
    })?;
    let mut found = Found { entries: Vec::new(), mistakes: Vec::new(), line: &line, file };
    found.table("", document.get_ref());
    if found.mistakes.is_empty() { Ok(found.entries) } else { Err(Error::startup(found.mistakes.join("\n"))) }
}

struct Found<'a> {
    entries: Vec<Entry>,
    mistakes: Vec<String>,
    line: &'a dyn Fn(usize) -> usize,
    file: &'a str,
}

impl Found<'_> {
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let line = (self.line)(key.span().start);
            let name =
                if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
            let setting = TABLE.iter().find(|setting| setting.key == name);
            match (setting, value.get_ref()) {
                (Some(setting), _) => self.value(setting, value, line),
                (None, DeValue::Table(inner)) if prefix.is_empty() && is_table(&name) => self.table(&name, inner),
                (None, DeValue::Table(inner)) if prefix.is_empty() && !inner.is_empty() => {
                    self.strange_table(&name, inner);
                }
                (None, _) if prefix.is_empty() && is_table(&name) => {
                    self.mistake(line, &name, "must be a table of settings");
                }
                (None, _) => self.unknown(&name, line),
            }
        }
    }

    fn value(&mut self, setting: &'static Setting, value: &Spanned<DeValue<'_>>, line: usize) {
        let text = match (setting.kind, value.get_ref()) {
            (Kind::Text | Kind::OneOf(_) | Kind::Address, DeValue::String(text)) => text.to_string(),
            (Kind::Switch, DeValue::Boolean(on)) => on.to_string(),
            (Kind::Origins, DeValue::Array(items)) if items.iter().all(|item| item.get_ref().is_str()) => {
                items.iter().filter_map(|item| item.get_ref().as_str()).collect::<Vec<_>>().join(",")
            }
            (Kind::Number { .. }, DeValue::Integer(number)) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => number.to_string(),
                    Err(_) => String::new(),
                }
            }
            (kind @ Kind::Origins, DeValue::Array(_)) => {
                return self.mistake(line, setting.key, &format!("must be {}, and each a text", kind.expected()));
            }
            (kind @ Kind::Origins, DeValue::String(_)) => {
                return self.mistake(line, setting.key, &format!("must be {}, in brackets", kind.expected()));
            }
            (kind, other) => {
                let what = other.type_str();
                return self.mistake(
                    line,
                    setting.key,
                    &format!("must be {}, and it is of the type {what}", kind.expected()),
                );
            }
        };
        match setting.kind.check(&text) {
            Ok(()) => self.entries.push(Entry { key: setting.key, text, line }),
            Err(reason) => self.mistake(line, setting.key, &reason),
        }
    }

    /// A table that no setting lies in: where its name is a slip, its keys say which setting is meant.
    fn strange_table(&mut self, name: &str, inner: &DeTable<'_>) {
        for key in inner.keys() {
            self.unknown(&format!("{name}.{}", key.get_ref()), (self.line)(key.span().start));
        }
    }

    fn unknown(&mut self, name: &str, line: usize) {
        let near = names::nearest(name, TABLE.iter().map(|setting| setting.key)).or_else(|| {
            // `port` at the top, or in the wrong table.
            let last = name.rsplit('.').next()?;
            TABLE.iter().map(|setting| setting.key).find(|key| key.rsplit('.').next() == Some(last))
        });
        let way = near.map_or_else(
            || "; `config show` lists the settings".to_owned(),
            |near| format!("; did you mean `{near}`?"),
        );
        self.mistake(line, &names::shown(name), &format!("is not a setting{way}"));
    }

    fn mistake(&mut self, line: usize, key: &str, what: &str) {
        self.mistakes.push(format!("{}:{line}: `{key}` {what}", self.file));
    }
}

fn is_table(name: &str) -> bool {
    TABLE.iter().any(|setting| setting.key.split_once('.').is_some_and(|(table, _)| table == name))
}

/// What to say of a file of settings that everybody on the machine can read and that holds secrets.
pub(super) fn exposed(path: &Path, entries: &[Entry]) -> Option<String> {
    let held = entries.iter().map(|entry| (super::setting(entry.key), entry.key, entry.text.as_str()));
    secrets::exposed(path, held)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> String {
        parse(text, "restruct.toml").unwrap_err().to_string()
    }

    #[test]
    fn settings_are_found_by_table_and_by_dotted_key() {
        for text in ["\n[server]\nport = 3_000\n", "\n\nserver.port = 3000", "\n\nserver = { port = 0xbb8 }"] {
            let entries = parse(text, "restruct.toml").unwrap();
            let [entry] = &entries[..] else { panic!("{entries:?}") };
            assert_eq!((entry.key, entry.text.as_str(), entry.line), ("server.port", "3000", 3), "{text}");
        }
    }

    #[test]
    fn every_mistake_is_told_at_once_with_file_line_and_the_nearest_name() {
        let text =
            mistakes("port = 1\n[server]\nprot = 1\nport = \"80\"\nhost = 1\n[srever]\nport = 1\n[colour]\nx = 1");
        for line in [
            "restruct.toml:1: `port` is not a setting; did you mean `server.port`?",
            "restruct.toml:3: `server.prot` is not a setting; did you mean `server.port`?",
            "restruct.toml:4: `server.port` must be a number from 0 to 65535, and it is of the type string",
            "restruct.toml:5: `server.host` must be a text that is not empty, and it is of the type integer",
            "restruct.toml:7: `srever.port` is not a setting; did you mean `server.port`?",
            "restruct.toml:9: `colour.x` is not a setting; `config show` lists the settings",
        ] {
            assert!(text.lines().any(|told| told == line), "{line}\n{text}");
        }
        assert_eq!(text.lines().count(), 6, "{text}");
    }

    #[test]
    fn a_value_out_of_bounds_is_told_without_the_value() {
        assert_eq!(mistakes("server.port = 70000"), "restruct.toml:1: `server.port` must be a number from 0 to 65535");
        assert_eq!(mistakes("server.port = -1"), "restruct.toml:1: `server.port` must be a number from 0 to 65535");
        assert_eq!(mistakes("log.format = \"xml\""), "restruct.toml:1: `log.format` must be `text` or `json`");
        assert_eq!(mistakes("server = 1"), "restruct.toml:1: `server` must be a table of settings");
        assert!(
            mistakes("cors.origins = [1]")
                .ends_with("must be a list of origins, such as `https://app.example.com`, and each a text")
        );
        assert!(mistakes("cors.origins = \"https://a.example\"").ends_with("`https://app.example.com`, in brackets"));
        let text = mistakes("[auth]\njwt_secret = [\"hunter2hunter2\"]");
        assert!(text.contains("auth.jwt_secret") && !text.contains("hunter2"), "{text}");
    }

    #[test]
    fn what_is_not_toml_is_told_by_its_line_and_never_shown() {
        for broken in
            ["[auth]\njwt_secret = hunter2", "[auth]\njwt_secret = \"hunter2", "[auth]\njwt_secret \"hunter2\""]
        {
            let text = mistakes(broken);
            assert!(text.starts_with("restruct.toml:2 is not TOML: "), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
        }
    }
}
