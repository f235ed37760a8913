//! Which builds, in what order.

use std::path::Path;

use crate::{
    Result,
    build::Build,
    cargo,
    options::Options,
    project::{Project, Side},
    samples::Samples,
    serve,
};

/// Measures what the options ask for.
pub(crate) fn run(options: &Options, folder: &Path, samples: &mut Samples) -> Result<()> {
    for &build in &options.builds {
        if build.is_clean() {
            clean(options, build, folder, samples)?;
        } else {
            for &resources in &options.resources {
                rebuilds(options, build, resources, folder, samples)?;
            }
        }
    }
    Ok(())
}

fn clean(options: &Options, build: Build, folder: &Path, samples: &mut Samples) -> Result<()> {
    for _ in 0..options.rounds(build) {
        for side in turns(build, samples.rounds(build, &options.sides, 1), &options.sides) {
            let project = Project::write(folder, side, 1)?;
            cargo::clean(&project, build)?;
            samples.add(build, side, 1, cargo::build(&project, build)?)?;
        }
    }
    Ok(())
}

fn rebuilds(options: &Options, build: Build, resources: usize, folder: &Path, samples: &mut Samples) -> Result<()> {
    let mut projects = Vec::new();
    for &side in &options.sides {
        let project = Project::write(folder, side, resources)?;
        // All that the field has no part in. The last build before may have been of another kind or of another size.
        cargo::build(&project, build)?;
        projects.push(project);
    }
    if build == Build::Debug && projects.len() == Side::ALL.len() {
        serve::compare(&projects, folder)?;
    }
    for _ in 0..options.rounds(build) {
        let done = samples.rounds(build, &options.sides, resources);
        for project in turns(build, done, &projects.iter().collect::<Vec<_>>()) {
            project.rename_field()?;
            let cost = cargo::build(project, build)?;
            if cost.crates != 1 {
                return Err(format!("a changed field compiles one crate, and not {}", cost.crates).into());
            }
            samples.add(build, project.side, resources, cost)?;
        }
    }
    Ok(())
}

/// In which order the apps are built after so many rounds: the other way about in the next one, so that what the machine
/// does beside it, or has done before, hits both. One kind of build begins with the one, the next with the other: of clean
/// builds there may be one round.
fn turns<T: Clone>(build: Build, done: usize, apps: &[T]) -> Vec<T> {
    let mut apps = apps.to_vec();
    let kind = Build::ALL.iter().position(|b| *b == build).unwrap_or(0);
    if (kind + done) % 2 == 1 {
        apps.reverse();
    }
    apps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_begins_alternates_from_round_to_round_and_from_kind_to_kind() {
        let first = |build, done| turns(build, done, &["hand", "generated"])[0];
        assert_eq!([0, 1, 2].map(|done| first(Build::CleanDebug, done)), ["hand", "generated", "hand"]);
        assert_eq!([0, 1, 2].map(|done| first(Build::CleanRelease, done)), ["generated", "hand", "generated"]);
        let firsts = Build::ALL.map(|build| first(build, 0));
        assert!(firsts.windows(2).all(|pair| pair[0] != pair[1]), "{firsts:?}");
    }

    #[test]
    fn every_app_has_its_turn() {
        for done in 0..4 {
            let mut all = turns(Build::Check, done, &[1, 2]);
            all.sort_unstable();
            assert_eq!(all, [1, 2]);
        }
        assert_eq!(turns(Build::Debug, 1, &["hand"]), ["hand"]);
    }
}
