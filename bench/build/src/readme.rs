//! The block of bench/README.md that these figures stand in.

use std::fs;

use crate::{Result, project::repository};

const BEGIN: &str = "<!-- figures: build -->\n";
const END: &str = "<!-- figures: end -->";

/// Puts the report in the place of the one before.
pub(crate) fn write(report: &str) -> Result<()> {
    let path = repository().join("bench/README.md");
    let text = replaced(&fs::read_to_string(&path)?, report).ok_or("bench/README.md has no block for these figures")?;
    Ok(fs::write(path, text)?)
}

fn replaced(text: &str, report: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}\n\n{END}{after}", report.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_block_changes() {
        let text = format!("a\n<!-- figures: other -->\nx\n{END}\n{BEGIN}old\n{END}\nb\n");
        let new = format!("a\n<!-- figures: other -->\nx\n{END}\n{BEGIN}\nnew\n\n{END}\nb\n");
        assert_eq!(replaced(&text, "new\n").as_deref(), Some(&*new));
        assert_eq!(replaced(&new, "new").as_deref(), Some(&*new));
        assert_eq!(replaced("none", "new"), None);
    }

    #[test]
    fn the_readme_has_the_block() {
        let text = fs::read_to_string(repository().join("bench/README.md")).unwrap();
        assert!(replaced(&text, "").is_some());
    }
}
