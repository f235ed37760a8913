//! The steps that are measured, in the order of a request.

mod errors;
mod input;
mod output;
mod query;
mod statements;
mod text;
mod tokens;

use crate::{Result, case::Case};

/// All of them, or those whose name holds `part`; that there are none is an error.
pub(crate) fn of(part: &str) -> Result<Vec<Case>> {
    let chosen: Vec<_> = all().filter(|case| case.name.contains(part)).collect();
    if chosen.is_empty() {
        let names: Vec<_> = all().map(|case| case.name).collect();
        return Err(format!("no step's name holds `{part}`; there are {}", names.join(", ")).into());
    }
    Ok(chosen)
}

fn all() -> impl Iterator<Item = Case> {
    let all = [tokens::CASES, query::CASES, input::CASES, statements::CASES, text::CASES, output::CASES, errors::CASES];
    all.into_iter().flatten().copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{all, of};

    #[test]
    fn every_step_ends_as_it_should() {
        for case in all() {
            // A step that passes or is refused against its name panics.
            (case.prepare)(1)();
        }
    }

    #[test]
    fn names_are_unique_and_choose() {
        let names: BTreeSet<_> = all().map(|case| case.name).collect();
        assert_eq!(names.len(), all().count());
        assert_eq!(of("").expect("all of them").len(), names.len());
        assert!(of("query/").expect("some").iter().all(|case| case.name.starts_with("query/")));
    }

    #[test]
    fn a_part_that_chooses_nothing_is_refused_with_the_names() {
        let Err(refused) = of("nothing") else { panic!("nothing was chosen") };
        let refused = refused.to_string();
        assert!(refused.starts_with("no step's name holds `nothing`; there are tokens/issue, "), "{refused}");
        assert!(refused.ends_with(", errors/fields"), "{refused}");
    }
}
