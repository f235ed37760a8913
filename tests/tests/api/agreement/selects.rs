//! What is shown of rows and of related ones, and in which order.

use super::{
    filters::filters,
    questions::Pairs,
    random::Random,
    tables::{Field, Holds, Listed, Relation, table},
};

pub(super) fn sortable(listed: &Listed, random: &mut Random) -> Vec<Field> {
    let fields: Vec<_> = listed.fields.iter().copied().filter(|field| field.holds != Holds::Json).collect();
    random.some(&fields, 3)
}

pub(super) fn order(listed: &Listed, random: &mut Random) -> String {
    let keys: Vec<_> = sortable(listed, random)
        .iter()
        .map(|field| {
            let direction = random.pick(&["", ".asc", ".desc"]);
            format!("{}{direction}{}", field.name, random.pick(&["", "", ".nullsfirst", ".nullslast"]))
        })
        .collect();
    keys.join(",")
}

/// What is shown; what is asked of related rows goes into the pairs.
pub(super) fn select(
    listed: &Listed,
    prefix: &str,
    depth: usize,
    signed_in: bool,
    pairs: &mut Pairs,
    random: &mut Random,
) -> String {
    let mut shown: Vec<_> = match random.below(4) {
        0 => vec!["*".to_owned()],
        _ => random.some(listed.fields, 4).iter().map(|field| field.name.to_owned()).collect(),
    };
    if random.percent(20) {
        let alias = random.pick(&["renamed", "\"a,(b)\"", "ü", "\"id \""]);
        shown.push(format!("{alias}:{}", random.pick(listed.fields).name));
    }
    for (at, relation) in random.some(listed.relations, 2).into_iter().enumerate() {
        if depth <= 3 && random.percent(70) && (signed_in || relation.path != "users") {
            shown.push(embedded(relation, at, prefix, depth, signed_in, pairs, random));
        }
    }
    let at = random.below(shown.len());
    shown.rotate_left(at);
    shown.join(",")
}

fn embedded(
    relation: Relation,
    at: usize,
    prefix: &str,
    depth: usize,
    signed_in: bool,
    pairs: &mut Pairs,
    random: &mut Random,
) -> String {
    let listed = table(relation.path);
    let (alias, known) = if random.percent(30) {
        (format!("r{at}:"), format!("r{at}"))
    } else {
        (String::new(), relation.name.to_owned())
    };
    let prefix = format!("{prefix}{known}.");
    if random.percent(40) {
        let some = 1 + random.below(2);
        pairs.extend(filters(listed, &prefix, some, random));
    }
    if relation.many {
        if random.percent(40) {
            pairs.push((format!("{prefix}order"), order(listed, random)));
        }
        if random.percent(40) {
            pairs.push((format!("{prefix}limit"), random.below(4).to_string()));
        }
        if random.percent(20) {
            pairs.push((format!("{prefix}offset"), random.below(3).to_string()));
        }
        if random.percent(10) && listed.fields.iter().any(|field| field.holds == Holds::Words) {
            pairs.push((format!("{prefix}q"), random.pick(&["alpha", "al be", "GAMMA"]).to_owned()));
        }
    }
    let join = random.pick(&["", "", "!left", "!inner"]);
    if join != "!inner" && random.percent(10) {
        pairs.push((prefix.trim_end_matches('.').to_owned(), random.pick(&["is.null", "not.is.null"]).to_owned()));
    }
    let inner = if join == "!inner" && random.percent(30) {
        String::new()
    } else {
        select(listed, &prefix, depth + 1, signed_in, pairs, random)
    };
    format!("{alias}{}{join}({inner})", relation.name)
}
