//! A tree in the spelling that both engines read alike.

use super::{Set, Times, Tree};

pub(super) fn write(tree: &Tree, fold: bool) -> String {
    let mut writer = Writer { text: String::new(), fold };
    writer.tree(tree);
    writer.text
}

struct Writer {
    text: String,
    fold: bool,
}

impl Writer {
    fn tree(&mut self, tree: &Tree) {
        match tree {
            Tree::Either(branches) => {
                for (at, branch) in branches.iter().enumerate() {
                    if at > 0 {
                        self.text.push('|');
                    }
                    match branch {
                        Tree::Either(_) => self.group(branch),
                        branch => self.tree(branch),
                    }
                }
            }
            Tree::Then(parts) => {
                for part in parts {
                    match part {
                        Tree::Either(_) => self.group(part),
                        part => self.tree(part),
                    }
                }
            }
            Tree::Repeat(tree, times) => {
                match **tree {
                    Tree::One(_) => self.tree(tree),
                    _ => self.group(tree),
                }
                self.times(*times);
            }
            Tree::One(set) => self.set(set),
            Tree::Start => self.text.push('^'),
            Tree::End => self.text.push('$'),
        }
    }

    fn group(&mut self, tree: &Tree) {
        self.text.push_str("(?:");
        self.tree(tree);
        self.text.push(')');
    }

    fn times(&mut self, times: Times) {
        let bounds = match times {
            Times { least: 0, most: None } => "*".to_owned(),
            Times { least: 1, most: None } => "+".to_owned(),
            Times { least: 0, most: Some(1) } => "?".to_owned(),
            Times { least, most: None } => format!("{{{least},}}"),
            Times { least, most: Some(most) } if least == most => format!("{{{least}}}"),
            Times { least, most: Some(most) } => format!("{{{least},{most}}}"),
        };
        self.text.push_str(&bounds);
    }

    fn set(&mut self, set: &Set) {
        match set {
            Set::Any => self.text.push('.'),
            Set::Char(c) if self.fold && c.is_ascii_alphabetic() => self.ranges(&[(*c, *c)], false),
            Set::Char(c) => {
                if r"\.+*?()|[]{}^$".contains(*c) {
                    self.text.push('\\');
                }
                self.text.push(*c);
            }
            Set::Ranges { ranges, negated } => self.ranges(ranges, *negated),
        }
    }

    fn ranges(&mut self, ranges: &[(char, char)], negated: bool) {
        self.text.push_str(if negated { "[^" } else { "[" });
        for (from, to) in ranges {
            self.range(*from, *to);
            if self.fold {
                for (first, last, flip) in
                    [('a', 'z', char::to_ascii_uppercase as fn(&char) -> char), ('A', 'Z', char::to_ascii_lowercase)]
                {
                    let (from, to) = (*from.max(&first), *to.min(&last));
                    if from <= to {
                        self.range(flip(&from), flip(&to));
                    }
                }
            }
        }
        self.text.push(']');
    }

    fn range(&mut self, from: char, to: char) {
        self.member(from);
        if from < to {
            self.text.push('-');
            self.member(to);
        }
    }

    fn member(&mut self, c: char) {
        // What means something in a set of either engine.
        if r"\[]^-&~".contains(c) {
            self.text.push('\\');
        }
        self.text.push(c);
    }
}
