//! Cursors: what they cost, that they lead through a whole list, and what is none.

mod plans;
mod refused;
mod walks;

use restruct_tests::Answer;

/// The path that `Link` leads to.
pub(super) fn next(answer: &Answer) -> Option<String> {
    let link = answer.header("link")?;
    let path = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\""));
    Some(path.unwrap_or_else(|| panic!("{link}")).to_owned())
}
