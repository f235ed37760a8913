//! One random question: a path, its parameters and its headers.

use restruct_tests::client::encode;

use super::{
    filters::filters,
    manners::{json_server, simple_rest},
    random::Random,
    selects::{order, select},
    tables::{Holds, Listed, TABLES},
};

#[derive(Debug)]
pub(super) struct Question {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) signed_in: bool,
    /// Nothing is wrong with it.
    pub(super) valid: bool,
    /// What else than 200 it may be answered: 404 for a row by its key, or 416 where it asks for the total and skips rows.
    pub(super) instead: Option<&'static str>,
}

impl Question {
    /// The same on a condition: that the row is in another state than the answer said, or in that one.
    pub(super) fn on_condition(&self, etag: &str, random: &mut Random) -> Self {
        let name = random.pick(&["if-none-match", "if-none-match", "if-match"]);
        let tags = match random.below(4) {
            0 => format!("\"0-0\", {etag}"),
            1 => format!("W/{etag}"),
            2 => "*".to_owned(),
            _ => etag.to_owned(),
        };
        let headers = self.headers.iter().cloned().chain([(name, tags)]).collect();
        Self { path: self.path.clone(), headers, valid: false, ..*self }
    }
}

pub(super) type Pairs = Vec<(String, String)>;

pub(super) fn question(random: &mut Random) -> Question {
    let listed = &TABLES[random.below(TABLES.len())];
    let signed_in = listed.path == "users" || random.percent(50);
    let mut asked = Question {
        method: if random.percent(5) { "HEAD" } else { "GET" },
        path: String::new(),
        headers: Vec::new(),
        signed_in,
        valid: true,
        instead: None,
    };
    let counted = random.percent(30);
    if counted {
        asked.headers.push(("prefer", "count=exact".to_owned()));
    }
    let one = random.percent(8);
    let mut pairs = match random.below(10) {
        _ if one => selected(listed, signed_in, random),
        0 => simple_rest(listed, random),
        1 => json_server(listed, random),
        _ => {
            let mut pairs = native(listed, signed_in, random);
            let skips = page(&mut pairs, &mut asked.headers, random);
            asked.instead = (skips && counted).then_some("416");
            pairs
        }
    };
    let words = !one && listed.fields.iter().any(|field| field.holds == Holds::Words);
    if words
        && random.percent(10)
        && !pairs.iter().any(|(name, _)| name == "filter" || name == "range" || name == "sort")
    {
        pairs.push(("q".to_owned(), random.pick(&["alpha", "al be", "GAMMA", "żół"]).to_owned()));
    }
    if random.percent(8) && !pairs.is_empty() {
        asked.valid = false;
        damage(&mut pairs, random);
    }
    let query: Vec<_> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    let key = if one { format!("/{}", 1 + random.below(8)) } else { String::new() };
    if one {
        asked.instead = Some("404");
    }
    asked.path = format!("/{}{key}{mark}{}", listed.path, query.join("&"));
    asked
}

/// One character less, or another one: what comes of it is mostly refused.
fn damage(pairs: &mut Pairs, random: &mut Random) {
    let at = random.below(pairs.len());
    let (name, value) = &mut pairs[at];
    let text = if random.percent(30) { name } else { value };
    let mut chars: Vec<_> = text.chars().collect();
    if chars.is_empty() || random.percent(20) {
        chars.push('(');
    } else {
        let at = random.below(chars.len());
        if random.percent(50) {
            chars.remove(at);
        } else {
            chars[at] = random.pick(&['x', '(', ')', '.', ',', '"', '\\', '{', '9', '-', '\0']);
        }
    }
    *text = chars.into_iter().collect();
}

/// Relations of one question, at most.
const MOST_RELATIONS: usize = 10;

fn native(listed: &Listed, signed_in: bool, random: &mut Random) -> Pairs {
    let mut pairs = filters(listed, "", random.below(4), random);
    // As clients write it that keep parameters in a map.
    for (at, (name, _)) in pairs.iter_mut().enumerate() {
        if random.percent(5) && listed.fields.iter().any(|field| field.name == name) {
            *name = format!("{name}[{at}]");
        }
    }
    if random.percent(50) {
        pairs.push(("order".to_owned(), order(listed, random)));
    }
    if random.percent(60) {
        pairs.extend(selected(listed, signed_in, random));
    }
    pairs
}

fn selected(listed: &Listed, signed_in: bool, random: &mut Random) -> Pairs {
    let mut pairs = Vec::new();
    let select = select(listed, "", 1, signed_in, &mut pairs, random);
    // Each relation has its parentheses, and nothing else has any.
    if select.matches('(').count() > MOST_RELATIONS {
        return Vec::new();
    }
    pairs.push(("select".to_owned(), select));
    pairs
}

/// Says whether rows are skipped.
fn page(pairs: &mut Pairs, headers: &mut Vec<(&'static str, String)>, random: &mut Random) -> bool {
    let (first, rows) = (random.below(12), random.below(9));
    match random.below(6) {
        0 | 1 => pairs.push(("limit".to_owned(), rows.to_string())),
        2 => {
            pairs.push(("limit".to_owned(), rows.to_string()));
            pairs.push(("offset".to_owned(), first.to_string()));
            return true;
        }
        3 => {
            let unit = random.pick(&["", "items=", "others="]);
            let last = if random.percent(20) { String::new() } else { (first + rows).to_string() };
            headers.push(("range", format!("{unit}{first}-{last}")));
            return true;
        }
        _ => {}
    }
    false
}
