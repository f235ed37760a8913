//! Who may do what: closed by default.

use proc_macro2::{Ident, Span};

use super::{Facts, one_of};
use crate::{
    errors::Errors,
    keys,
    model::{About, Assert, RuleWord, Rules},
    raw::{At, Given, RawResource, Word},
};

/// The words of a rule, as they are written.
const WORDS: [&str; 5] = ["public", "authenticated", "owner", "admin", "none"];

/// The rule of each action.
pub(super) fn rules(raw: &RawResource, facts: &Facts, asserts: &mut Vec<Assert>, errors: &mut Errors) -> Rules {
    let keys = &raw.keys;
    let own = [("create", &keys.create), ("update", &keys.update), ("delete", &keys.delete)];
    let missing: Vec<_> = [("read", &keys.read)]
        .into_iter()
        .chain(own.into_iter().filter(|_| keys.write.is_none()))
        .filter(|(_, given)| given.is_none())
        .map(|(action, _)| action)
        .collect();
    if !missing.is_empty() && raw.keys_read {
        errors.at(raw.ident.span(), missing_text(&missing));
    }
    if let Some(write) = &keys.write
        && own.iter().all(|(_, given)| given.is_some())
    {
        errors.at(write.span, "create, update and delete have a rule of their own each; remove `write`");
    }

    for given in [&keys.read, &keys.create, &keys.update, &keys.delete, &keys.write].into_iter().flatten() {
        check_words(given, errors);
    }
    check_owner(raw, facts, errors);
    let create = keys.create.as_ref().or(keys.write.as_ref());
    let owner = raw.fields.iter().find(|field| field.keys.owner.is_some() && !facts.login);
    if let (Some(public), Some(owner)) = (create.and_then(|rule| find(rule, "public")), owner) {
        let constant = super::constant(&owner.ident);
        asserts.push(Assert { span: public.span(), constant, about: About::PublicOwner });
    }

    let of = |own: &Given<Vec<Word>>| own.as_ref().or(keys.write.as_ref()).map_or_else(Vec::new, meaning);
    Rules {
        read: keys.read.as_ref().map_or_else(Vec::new, meaning),
        create: of(&keys.create),
        update: of(&keys.update),
        delete: of(&keys.delete),
    }
}

fn missing_text(missing: &[&str]) -> String {
    let (last, others) = missing.split_last().expect("called where something is missing");
    let actions = if others.is_empty() { (*last).to_owned() } else { format!("{} and {last}", others.join(", ")) };
    let keys = match missing {
        [one] => format!("`{one} = ..`"),
        ["read", ..] => "`read = ..` and `write = ..`".to_owned(),
        _ => "`write = ..`".to_owned(),
    };
    format!("no rule says who may {actions}; add {keys} with {}, or several joined by `|`", WORDS.join(", "))
}

fn check_words(rule: &At<Vec<Word>>, errors: &mut Errors) {
    for (i, Word { ident, called }) in rule.value.iter().enumerate() {
        let text = ident.to_string();
        if !WORDS.contains(&text.as_str()) {
            errors.at(ident.span(), format!("unknown rule word `{text}`; {}", meant(&text)));
        } else if *called {
            errors.at(ident.span(), format!("`{text}` takes no arguments"));
        } else if rule.value[..i].iter().any(|word| word.ident == text) {
            errors.at(ident.span(), format!("`{text}` stands twice; keep one"));
        } else if text == "none" && rule.value.len() > 1 {
            errors.at(ident.span(), "`none` means nobody; remove it or the other words");
        }
    }
}

/// `owner` as a word needs somebody who can be meant.
fn check_owner(raw: &RawResource, facts: &Facts, errors: &mut Errors) {
    let keys = &raw.keys;
    if facts.login {
        let create = keys.create.as_ref().or(keys.write.as_ref());
        if let Some(word) = create.and_then(|rule| find(rule, "owner")) {
            let text = "a user cannot own its row before it is there; say `create = admin` or another word (`register` opens `/auth/register`)";
            errors.at(word.span(), text);
        }
        return;
    }
    let owned = raw.fields.iter().any(|field| field.keys.owner.is_some());
    if owned || !facts.fields_read {
        return;
    }
    let rules = [&keys.read, &keys.create, &keys.update, &keys.delete, &keys.write];
    if let Some(word) = rules.into_iter().flatten().find_map(|rule| find(rule, "owner")) {
        let text = "no field says whose row it is; mark one with `#[resource(owner, references = User)]`";
        errors.at(word.span(), text);
    }
}

/// The word, where it stands without a mistake of its own.
fn find<'a>(rule: &'a At<Vec<Word>>, text: &str) -> Option<&'a Ident> {
    rule.value.iter().find(|word| word.ident == text && !word.called).map(|word| &word.ident)
}

fn meaning(rule: &At<Vec<Word>>) -> Vec<RuleWord> {
    let word = |word: &Word| match word.ident.to_string().as_str() {
        "public" => Some(RuleWord::Public),
        "authenticated" => Some(RuleWord::Authenticated),
        "owner" => Some(RuleWord::Owner),
        "admin" => Some(RuleWord::Admin),
        _ => None, // `none`, or a word reported above
    };
    rule.value.iter().filter_map(word).collect()
}

/// Whether anybody may make an account.
pub(super) fn register(raw: &RawResource, facts: &Facts, errors: &mut Errors) -> bool {
    const CHOICES: [&str; 2] = ["public", "none"];
    match &raw.keys.register {
        None if facts.login && raw.keys_read => {
            let text = "say whether anybody may make an account: `register = public` or `register = none`";
            errors.at(login_span(raw), text);
        }
        Some(at) if !facts.login && facts.fields_read => {
            errors.at(at.span, "`register` belongs on the login resource, which has a `login` field");
        }
        Some(at) if !CHOICES.contains(&at.value.to_string().as_str()) => {
            let word = at.value.to_string();
            errors.at(at.value.span(), format!("unknown word `{word}`; {}", one_of(&word, &CHOICES)));
        }
        Some(_) | None => {}
    }
    raw.keys.register.as_ref().is_some_and(|at| at.value == "public")
}

fn login_span(raw: &RawResource) -> Span {
    raw.fields.iter().find_map(|field| field.keys.login.as_ref()).map_or(raw.ident.span(), |at| at.span)
}

/// The rule word that a slip most likely meant. `none` is the opposite of what most people try ("anyone"), so it takes a
/// nearer miss than the others.
fn meant(text: &str) -> String {
    if keys::nearest(text, WORDS) == Some("none") && strsim::damerau_levenshtein(text, "none") > 1 {
        return format!("there are {}", WORDS.join(", "));
    }
    one_of(text, &WORDS)
}
