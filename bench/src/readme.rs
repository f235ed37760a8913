//! Blocks of the READMEs that are written from figures: what stands between `<!-- name -->` and `<!-- /name -->`.

use std::{fs, path::PathBuf};

use crate::Result;

/// A README that has such blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readme {
    /// This package's.
    Bench,
    /// The project's.
    Project,
}

impl Readme {
    fn path(self) -> PathBuf {
        let bench = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        match self {
            Self::Bench => bench.join("README.md"),
            Self::Project => bench.join("../README.md"),
        }
    }

    /// Puts `content` into the block `name`.
    pub(crate) fn write(self, name: &str, content: &str) -> Result<()> {
        let text = fs::read_to_string(self.path())?;
        let text = replace(&text, name, content).ok_or_else(|| format!("{self:?} README: no <!-- {name} -->"))?;
        Ok(fs::write(self.path(), text)?)
    }
}

fn replace(text: &str, name: &str, content: &str) -> Option<String> {
    let (before, after) = around(text, name)?;
    let content = content.trim_end();
    Some(format!("{before}{content}\n{after}", before = &text[..before], after = &text[after..]))
}

/// Where the block's content begins and ends.
fn around(text: &str, name: &str) -> Option<(usize, usize)> {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let begin = text.find(&start)? + start.len();
    Some((begin, begin + text[begin..].find(&end)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{baseline::Baseline, database::Kind, report};

    #[test]
    fn a_block_is_replaced_and_nothing_else() {
        let text = "a\n<!-- x -->\nold\n<!-- /x -->\n<!-- y -->\nb\n<!-- /y -->\n";
        let new = "a\n<!-- x -->\nnew\nlines\n<!-- /x -->\n<!-- y -->\nb\n<!-- /y -->\n";
        assert_eq!(replace(text, "x", "new\nlines\n\n").as_deref(), Some(new));
        assert_eq!(replace(new, "x", "old").as_deref(), Some(text));
    }

    #[test]
    fn a_block_that_is_not_there_or_has_no_end_is_not_written() {
        assert_eq!(replace("text", "x", "new"), None);
        assert_eq!(replace("<!-- /x -->\n<!-- x -->\n", "x", "new"), None);
    }

    fn block(readme: Readme, name: &str) -> String {
        let text = fs::read_to_string(readme.path()).unwrap();
        let (begin, end) = around(&text, name).unwrap_or_else(|| panic!("{readme:?} README: no <!-- {name} -->"));
        text[begin..end].to_owned()
    }

    /// The tables and the baseline come out of the same run: this holds them to it, row by row.
    #[test]
    fn the_tables_say_what_is_committed() {
        let figures = block(Readme::Bench, "figures");
        let mut shown = String::new();
        let mut kind = None;
        for line in figures.lines() {
            kind = Kind::ALL.into_iter().find(|k| line.starts_with(&format!("**{} ", k.title()))).or(kind);
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let ratio = cells.get(4).and_then(|cell| cell.strip_prefix("**")?.strip_suffix("**"));
            if let (Some(kind), Some(ratio)) = (kind, ratio) {
                shown += &[kind.word(), "\t", cells[1], "\t", ratio, "\n"].concat();
            }
        }
        assert_eq!(Baseline::parse(&shown).unwrap(), Baseline::read().unwrap());
    }

    #[test]
    fn the_summary_says_what_is_committed() {
        assert_eq!(block(Readme::Project, "figures"), report::summary(&Baseline::read().unwrap()));
    }
}
