//! Names made of other names: columns' constants, tables, and serde's cases.

use heck::{ToShoutySnakeCase as _, ToSnakeCase as _};

/// The table of a struct: snake case, the last word in the plural.
///
/// The plural is English by one plain rule, so that it can be foreseen: a consonant and `y` become `ies`; `s`, `x`,
/// `z`, `ch` and `sh` take `es`; everything else takes `s`. `Person` is `persons`: say `table = "people"` for better.
pub(crate) fn table(name: &str) -> String {
    plural(&name.to_snake_case())
}

fn plural(word: &str) -> String {
    let consonant_y =
        word.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']) && !stem.is_empty());
    match consonant_y {
        Some(stem) => format!("{stem}ies"),
        None if word.ends_with(['s', 'x', 'z']) || word.ends_with("ch") || word.ends_with("sh") => format!("{word}es"),
        None => format!("{word}s"),
    }
}

/// The constant of a field: `user_id` is `USER_ID`.
pub(crate) fn constant(field: &str) -> String {
    // heck looks at every letter, in every field of an app; most fields are in snake case already.
    let snake = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let name = if field.split('_').all(snake) { field.to_ascii_uppercase() } else { field.to_shouty_snake_case() };
    match name.chars().next() {
        None => field.into(), // underscores alone
        Some('0'..='9') => format!("_{name}"),
        Some(_) => name,
    }
}

/// A case of names, in serde's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

/// serde's words for the cases.
pub(crate) const CASES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    /// A field's name in this case. As in serde, a field is taken to be in snake case.
    pub(crate) fn of_field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.into(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Pascal => name.split('_').map(capitalized).collect(),
            Self::Camel => uncapitalized(&Self::Pascal.of_field(name)),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// A variant's name in this case. As in serde, a variant is taken to be in Pascal case.
    pub(crate) fn of_variant(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Pascal => name.into(),
            Self::Camel => uncapitalized(name),
            Self::Snake => underscored(name),
            Self::ScreamingSnake => underscored(name).to_ascii_uppercase(),
            Self::Kebab => underscored(name).replace('_', "-"),
            Self::ScreamingKebab => underscored(name).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), chars.as_str()))
}

fn uncapitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_lowercase(), chars.as_str()))
}

fn underscored(name: &str) -> String {
    let mut text = String::new();
    for (i, c) in name.char_indices() {
        if i > 0 && c.is_uppercase() {
            text.push('_');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_plural_by_the_documented_rule() {
        for (name, expected) in [
            ("Card", "cards"),
            ("Category", "categories"),
            ("Day", "days"),
            ("Status", "statuses"),
            ("Box", "boxes"),
            ("Branch", "branches"),
            ("Wish", "wishes"),
            ("HTTPLog", "http_logs"),
            ("OrderLine", "order_lines"),
            ("Y", "ys"),
            ("type", "types"),
        ] {
            assert_eq!(table(name), expected);
        }
    }

    #[test]
    fn constants_are_identifiers_whatever_the_field() {
        for (name, expected) in
            [("id", "ID"), ("user_id", "USER_ID"), ("userId", "USER_ID"), ("_1", "_1"), ("__", "__"), ("x2", "X2")]
        {
            assert_eq!(constant(name), expected);
        }
    }

    #[test]
    fn cases_are_serde_s() {
        let fields: Vec<_> = CASES.iter().map(|(_, case)| case.of_field("created_at")).collect();
        assert_eq!(
            fields,
            [
                "created_at",
                "CREATED_AT",
                "CreatedAt",
                "createdAt",
                "created_at",
                "CREATED_AT",
                "created-at",
                "CREATED-AT"
            ]
        );
        let variants: Vec<_> = CASES.iter().map(|(_, case)| case.of_variant("ToDo")).collect();
        assert_eq!(variants, ["todo", "TODO", "ToDo", "toDo", "to_do", "TO_DO", "to-do", "TO-DO"]);
    }
}
