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
    for &side in &options.sides {
        let project = Project::write(folder, side, 1)?;
        cargo::clean(&project, build)?;
        samples.add(build, side, 1, cargo::build(&project, build)?)?;
    }
    Ok(())
}

/// One app after the other, the other way about in the next round: what the machine does beside it hits both.
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
    for _ in 0..options.rounds {
        for project in &projects {
            project.rename_field()?;
            let cost = cargo::build(project, build)?;
            if cost.crates != 1 {
                return Err(format!("a changed field compiles one crate, and not {}", cost.crates).into());
            }
            samples.add(build, project.side, resources, cost)?;
        }
        projects.reverse();
    }
    Ok(())
}
