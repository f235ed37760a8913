//! THE table of keys. The parser, "did you mean", the README and a test read it; there is no second list.

/// Where a key can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `#[resource(..)]` on the struct.
    Struct,
    /// `#[resource(..)]` on a field.
    Field,
    /// `#[choice(..)]` on the enum.
    Enum,
    /// `#[choice(..)]` on a variant.
    Variant,
}

impl Place {
    /// For error texts.
    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Struct => "the struct",
            Self::Field => "a field",
            Self::Enum => "the enum",
            Self::Variant => "a variant",
        }
    }

    /// The name of the attribute.
    pub(crate) const fn attribute(self) -> &'static str {
        match self {
            Self::Struct | Self::Field => "resource",
            Self::Enum | Self::Variant => "choice",
        }
    }
}

/// One key.
#[derive(Debug)]
pub(crate) struct Key {
    /// Where it can stand.
    pub(crate) place: Place,
    /// How it is spelt.
    pub(crate) name: &'static str,
    /// The key with a value of the right shape: what an error shows, and what a test parses.
    pub(crate) usage: &'static str,
    /// What it does, in one line.
    #[cfg_attr(not(test), expect(dead_code, reason = "the README has it, by a test"))]
    pub(crate) doc: &'static str,
}

impl Key {
    /// What to say of a value of another shape.
    pub(crate) fn misshapen(&self) -> String {
        let Self { name, usage, .. } = self;
        if name == usage { format!("`{name}` takes no value") } else { format!("`{name}` is written `{usage}`") }
    }
}

const fn key(place: Place, name: &'static str, usage: &'static str, doc: &'static str) -> Key {
    Key { place, name, usage, doc }
}

/// Every key there is, in the order of the README.
#[rustfmt::skip] // a table: one row, one line
pub(crate) const KEYS: &[Key] = {
    use Place::{Enum, Field, Struct, Variant};
    &[
        key(Struct, "read", "read = public", "Who may GET: `public`, `authenticated`, `owner`, `admin` or `none`, several joined by `\\|`"),
        key(Struct, "create", "create = authenticated", "Who may POST"),
        key(Struct, "update", "update = owner | admin", "Who may PUT and PATCH"),
        key(Struct, "delete", "delete = none", "Who may DELETE"),
        key(Struct, "write", "write = owner | admin", "`create`, `update` and `delete` at once; each of them overrides it"),
        key(Struct, "register", "register = public", "`public`: anybody may make an account at `/auth/register`; `none`: nobody. On the login resource, and required there"),
        key(Struct, "seed", "seed = first_cards", "The async function that fills an empty table, once"),
        key(Struct, "table", "table = \"cards\"", "Name in SQL; unsaid, the struct's name in snake case and plural"),
        key(Struct, "path", "path = \"cards\"", "First segment of the routes; unsaid, the table's name"),
        key(Struct, "rename_all", "rename_all = \"camelCase\"", "Case of the JSON names, in serde's words"),
        key(Struct, "unique", "unique(board_id, position)", "No two rows share these fields; repeatable"),
        key(Struct, "index", "index(status, date)", "An index over these fields; repeatable"),
        key(Struct, "page", "page(20, 200)", "Rows per page: where the client does not say, and at most"),
        key(Struct, "put", "put = merge", "PUT leaves alone what it does not name, as PATCH does, for clients that send a part of a row by it"),
        key(Struct, "require_if_match", "require_if_match", "PUT, PATCH and DELETE need `If-Match` with the row's `ETag`; needs a `version`"),
        key(Struct, "crate", "crate = restruct", "Where the crate is, when it was renamed"),

        key(Field, "id", "id", "The key, `i64` or `Uuid`; a field called `id` is it without saying so"),
        key(Field, "login", "login", "What callers sign in with; its struct is the login resource"),
        key(Field, "owner", "owner, references = User", "The caller that the row belongs to, stamped on creation"),
        key(Field, "admin", "admin", "The `bool` that makes an administrator; only one may set it"),
        key(Field, "created_at", "created_at", "When the row was made"),
        key(Field, "updated_at", "updated_at", "When the row was last changed"),
        key(Field, "deleted_at", "deleted_at", "When the row was deleted: DELETE stamps it, and from then on the row is not there for clients"),
        key(Field, "version", "version", "Counts the changes of the row"),
        key(Field, "column", "column = \"title\"", "Name in SQL; unsaid, the field's"),
        key(Field, "rename", "rename = \"title\"", "Name in JSON; unsaid, the field's"),
        key(Field, "unique", "unique", "No two rows share a value"),
        key(Field, "index", "index", "An index of its own"),
        key(Field, "default", "default = Status::Open", "The value when none is given; bare, the type's `Default`"),
        key(Field, "references", "references = User", "Holds the key of that resource"),
        key(Field, "on_delete", "on_delete = cascade", "What becomes of the row when the one it references goes: `restrict` (when unsaid), `cascade` or `set_null`"),
        key(Field, "relation", "relation = \"author\"", "What the row it references is called in `select`; unsaid, the JSON name without `_id`"),
        key(Field, "inverse", "inverse = \"authored_cards\"", "What the rows with this field are called in `select`, from the row they reference; unsaid, their path"),
        key(Field, "nested", "nested", "POST of the row it references takes rows with this field along, under the name of `inverse`, and makes all of them in one transaction"),
        key(Field, "computed", "computed = \"price * count\"", "An SQL expression over the row's other columns, or `computed(sqlite = \"..\", postgres = \"..\")`; only read"),
        key(Field, "read_only", "read_only", "Clients cannot set it; what they send is ignored"),
        key(Field, "write_only", "write_only", "Clients can set it and never see it"),
        key(Field, "immutable", "immutable", "Set at creation only"),
        key(Field, "search", "search", "The words of this text can be searched: `fts` and `q` of [lists](#lists)"),
        key(Field, "skip", "skip", "No column and no JSON: `Default::default()`"),
        key(Field, "length", "length(1..=80)", "Characters of a text, bytes of a `Vec<u8>`"),
        key(Field, "range", "range(0..=100)", "Bounds of a number"),
        key(Field, "pattern", "pattern = \"^[a-z]+$\"", "A regular expression that must match somewhere in the text"),
        key(Field, "email", "email", "An e-mail address"),
        key(Field, "url", "url", "An absolute `http` or `https` URL"),
        key(Field, "validate", "validate = check_title", "A function from a reference to the field to `Result<(), impl Display>`"),

        key(Enum, "rename_all", "rename_all = \"kebab-case\"", "Case of the texts, in serde's words"),
        key(Enum, "crate", "crate = restruct", "Where the crate is, when it was renamed"),
        key(Variant, "rename", "rename = \"To Do\"", "The text; unsaid, the variant's name"),
    ]
};

/// The key of that name at that place.
pub(crate) fn find(place: Place, name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.place == place && key.name == name)
}

/// What to say of a name that is no key at this place: where it belongs, the nearest key, or all of them.
pub(crate) fn unknown(place: Place, name: &str) -> String {
    let family = || KEYS.iter().filter(|key| key.place.attribute() == place.attribute());
    if let Some(key) = family().find(|key| key.name == name) {
        return format!("`{name}` belongs on {}: `#[{}({})]`", key.place.noun(), place.attribute(), key.usage);
    }
    let here = || KEYS.iter().filter(|key| key.place == place).map(|key| key.name);
    if let Some(near) = nearest(name, here()) {
        return format!("unknown key `{name}`; did you mean `{near}`?");
    }
    if let Some(key) =
        nearest(name, family().map(|key| key.name)).and_then(|near| family().find(|key| key.name == near))
    {
        return format!("unknown key `{name}`; did you mean `{}`, which belongs on {}?", key.name, key.place.noun());
    }
    let all: Vec<_> = here().collect();
    format!("unknown key `{name}`; on {} there are {}", place.noun(), all.join(", "))
}

/// The candidate that `name` is most likely a slip of.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(1); // one slip in three letters
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The table as the README prints it.
#[cfg(test)]
pub(crate) fn markdown() -> String {
    use std::fmt::Write as _;

    let mut text = String::from("| on | key | what it does |\n| --- | --- | --- |\n");
    for key in KEYS {
        let usage = key.usage.replace('|', "\\|");
        writeln!(text, "| {} | `{usage}` | {} |", key.place.noun(), key.doc).expect("a String takes any text");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::{
        env, fs,
        path::{Path, PathBuf},
    };

    use super::*;

    fn repository() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("macros/ lies in the repository").to_owned()
    }

    /// `UPDATE_KEYS=1 cargo test -p restruct-macros` writes the table into the README.
    #[test]
    fn the_readme_shows_the_keys() {
        const START: &str = "<!-- keys -->\n";
        const END: &str = "<!-- /keys -->";
        let path = repository().join("README.md");
        let Ok(readme) = fs::read_to_string(&path) else { return };
        let Some((before, rest)) = readme.split_once(START) else { return };
        let (shown, after) = rest.split_once(END).expect("the table of keys ends in <!-- /keys -->");
        if shown.trim() == markdown().trim() {
            return;
        }
        assert!(env::var_os("UPDATE_KEYS").is_some(), "the README's keys are old: run this test with UPDATE_KEYS=1");
        let updated = format!("{before}{START}\n{}\n{END}{after}", markdown());
        fs::write(path, updated).expect("README.md can be written");
    }

    /// Somebody gets every key wrong, and is told so by its name.
    #[test]
    fn every_key_has_a_case_that_does_not_compile() {
        let root = repository().join("tests/ui/fail");
        let mut texts = Vec::new();
        for folder in fs::read_dir(root).expect("the cases").map(|entry| entry.expect("a folder").path()) {
            let of_choice = folder.ends_with("choice");
            for file in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()) {
                if file.extension().is_some_and(|extension| extension == "stderr") {
                    let text = fs::read_to_string(file).expect("a case can be read");
                    let errors = text.lines().filter(|line| line.starts_with("error")).map(str::to_owned);
                    texts.push((of_choice, errors.collect::<Vec<_>>().join("\n")));
                }
            }
        }
        for Key { place, name, .. } in KEYS {
            let of_choice = place.attribute() == "choice";
            let named = |text: &str| {
                [format!("`{name}`"), format!("`{name}("), format!("`{name} =")].iter().any(|n| text.contains(n))
            };
            assert!(
                texts.iter().any(|(choice, text)| *choice == of_choice && named(text)),
                "{name} on {}",
                place.noun()
            );
        }
    }
}
