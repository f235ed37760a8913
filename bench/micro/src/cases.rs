//! The steps that are measured, in the order of a request.

mod errors;
mod input;
mod output;
mod query;
mod statements;
mod text;
mod tokens;

use crate::case::Case;

/// All of them, or those whose name holds `part`.
pub(crate) fn of(part: &str) -> Vec<Case> {
    let all = [tokens::CASES, query::CASES, input::CASES, statements::CASES, text::CASES, output::CASES, errors::CASES];
    all.into_iter().flatten().filter(|case| case.name.contains(part)).copied().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::of;

    #[test]
    fn every_step_ends_as_it_should() {
        for case in of("") {
            // A step that passes or is refused against its name panics.
            (case.prepare)(1)();
        }
    }

    #[test]
    fn names_are_unique_and_choose() {
        let names: BTreeSet<_> = of("").iter().map(|case| case.name).collect();
        assert_eq!(names.len(), of("").len());
        assert!(of("query/").iter().all(|case| case.name.starts_with("query/")));
    }
}
