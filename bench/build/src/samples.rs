//! Every measurement so far, kept in a file beside the projects.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
};

use crate::{Result, build::Build, cargo::Cost, project::Side};

/// Measurements by what was built.
#[derive(Debug)]
pub(crate) struct Samples {
    file: PathBuf,
    all: Vec<(Build, Side, usize, Cost)>,
}

impl Samples {
    /// Those of `folder`; none where there was no run before.
    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let file = folder.join("samples");
        let text = if file.exists() { fs::read_to_string(&file)? } else { String::new() };
        let all = text.lines().map(|line| parse(line).ok_or_else(|| format!("{}: {line}", file.display())));
        Ok(Self { all: all.collect::<std::result::Result<_, _>>()?, file })
    }

    /// Adds one, in the file too.
    pub(crate) fn add(&mut self, build: Build, side: Side, resources: usize, cost: Cost) -> Result<()> {
        let line = print(build, side, resources, &cost);
        eprintln!("{line}");
        writeln!(OpenOptions::new().create(true).append(true).open(&self.file)?, "{line}")?;
        self.all.push((build, side, resources, cost));
        Ok(())
    }

    /// All of one kind.
    pub(crate) fn of(&self, build: Build, side: Side, resources: usize) -> impl Iterator<Item = &Cost> {
        let wanted = (build, side, resources);
        self.all.iter().filter(move |(build, side, resources, _)| (*build, *side, *resources) == wanted).map(|s| &s.3)
    }

    /// How often something was measured on every one of some sides.
    pub(crate) fn rounds(&self, build: Build, sides: &[Side], resources: usize) -> usize {
        sides.iter().map(|side| self.of(build, *side, resources).count()).min().unwrap_or(0)
    }

    /// The numbers of resources that something of this kind was built with.
    pub(crate) fn resources(&self, build: Build) -> Vec<usize> {
        let mut found: Vec<_> = self.all.iter().filter(|s| s.0 == build).map(|s| s.2).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn print(build: Build, side: Side, resources: usize, cost: &Cost) -> String {
    let Cost { wall, cpu, crates, bytes } = cost;
    format!("{} {} {resources} {wall:.3} {cpu:.2} {crates} {bytes}", build.name(), side.name())
}

fn parse(line: &str) -> Option<(Build, Side, usize, Cost)> {
    let words: Vec<&str> = line.split(' ').collect();
    let [build, side, resources, wall, cpu, crates, bytes] = words[..] else { return None };
    let cost = Cost {
        wall: wall.parse().ok()?,
        cpu: cpu.parse().ok()?,
        crates: crates.parse().ok()?,
        bytes: bytes.parse().ok()?,
    };
    let build = Build::ALL.into_iter().find(|b| b.name() == build)?;
    let side = Side::ALL.into_iter().find(|s| s.name() == side)?;
    Some((build, side, resources.parse().ok()?, cost))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_before_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let cost = Cost { wall: 1.25, cpu: 2.5, crates: 3, bytes: 4 };
        let mut samples = Samples::load(folder.path()).unwrap();
        samples.add(Build::Debug, Side::Hand, 10, cost).unwrap();
        samples.add(Build::Check, Side::Generated, 1, cost).unwrap();

        let samples = Samples::load(folder.path()).unwrap();
        let found: Vec<_> = samples.of(Build::Debug, Side::Hand, 10).collect();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].wall.to_bits(), found[0].cpu.to_bits()), (cost.wall.to_bits(), cost.cpu.to_bits()));
        assert_eq!((found[0].crates, found[0].bytes), (3, 4));
        assert_eq!(samples.resources(Build::Check), [1]);
        assert_eq!(samples.of(Build::Debug, Side::Generated, 10).count(), 0);
        assert_eq!(samples.rounds(Build::Debug, &[Side::Hand], 10), 1);
        assert_eq!(samples.rounds(Build::Debug, &Side::ALL, 10), 0, "one of them has still to come");
    }
}
