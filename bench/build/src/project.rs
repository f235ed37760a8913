//! The two apps as cargo projects: the same resources, generated and written by hand.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{Result, build::Build};

/// Who wrote the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Hand,
    Generated,
}

/// A file of an app, and its template.
type File = (&'static str, &'static str);

macro_rules! templates {
    ($folder:literal: $($file:literal),*) => {
        &[$((concat!("src/", $file), include_str!(concat!("../templates/", $folder, "/", $file)))),*]
    };
}

/// What the user of restruct is told to put there, and the other app gets as well.
const PROFILES: &str = "\
[profile.dev.package.bcrypt]
opt-level = 3
[profile.dev.package.blowfish]
opt-level = 3
[profile.dev.package.libsqlite3-sys]
opt-level = 3
";

/// The two names of the field that a rebuild finds renamed.
const TITLES: [&str; 2] = ["title", "headline"];

impl Side {
    pub(crate) const ALL: [Self; 2] = [Self::Hand, Self::Generated];

    /// As the command line, the samples and the tables say it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Generated => "generated",
        }
    }

    fn manifest(self) -> &'static str {
        match self {
            Self::Hand => include_str!("../templates/hand/manifest.toml"),
            Self::Generated => include_str!("../templates/generated/manifest.toml"),
        }
    }

    /// The files that an app has once.
    fn files(self) -> &'static [File] {
        match self {
            Self::Hand => {
                templates!("hand": "main.rs", "auth.rs", "body.rs", "error.rs", "pool.rs", "status.rs", "users.rs")
            }
            Self::Generated => templates!("generated": "main.rs", "status.rs", "user.rs"),
        }
    }

    /// The file that every resource has.
    fn resource(self) -> &'static str {
        match self {
            Self::Hand => include_str!("../templates/hand/resource.rs"),
            Self::Generated => include_str!("../templates/generated/resource.rs"),
        }
    }

    fn registration(self, number: usize) -> String {
        match self {
            Self::Hand => format!(".merge(task{number}::routes())"),
            Self::Generated => format!(".resource::<task{number}::Task{number}>()"),
        }
    }
}

/// One app of so many resources, on the disk.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) side: Side,
    pub(crate) resources: usize,
    /// Of the package and of the program.
    name: String,
    root: PathBuf,
    /// The projects of a side share it, since they share the crates they depend on.
    target: PathBuf,
}

impl Project {
    /// Writes the project under `folder`. One that is there already is brought up to date; what has not changed keeps its
    /// time, so that cargo builds no more than it must.
    pub(crate) fn write(folder: &Path, side: Side, resources: usize) -> Result<Self> {
        // A name of its own for each: cargo tells packages that share a target folder apart by their names alone.
        let name = format!("{}-{resources}", side.name());
        let project = Self {
            side,
            resources,
            root: folder.join(&name),
            name,
            target: folder.join(format!("target-{}", side.name())),
        };
        let repository = repository();
        let lock = project.root.join("Cargo.lock");
        fs::create_dir_all(project.root.join("src"))?;
        if !lock.exists() {
            fs::copy(repository.join("Cargo.lock"), lock)?;
        }
        let runtime = repository.join("runtime");
        let manifest = side
            .manifest()
            .replace("@NAME@", &project.name)
            .replace("@RUNTIME@", &runtime.to_string_lossy())
            .replace("@PROFILES@", PROFILES);
        project.put("Cargo.toml", &manifest)?;
        for (name, template) in side.files() {
            project.put(name, &project.filled(template))?;
        }
        for number in 1..=resources {
            project.put(&module(number), &resource(side, number, TITLES[0]))?;
        }
        Ok(project)
    }

    /// Renames a field of the last resource, wherever the app names it.
    pub(crate) fn rename_field(&self) -> Result<()> {
        let path = self.root.join(module(self.resources));
        let [first, second] = TITLES.map(|title| resource(self.side, self.resources, title));
        let next = if fs::read_to_string(&path)? == first { second } else { first };
        Ok(fs::write(path, next)?)
    }

    /// The folder with the manifest.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder that cargo builds into.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The program that `build` makes.
    pub(crate) fn program(&self, build: Build) -> PathBuf {
        self.target.join(build.profile()).join(&self.name)
    }

    fn put(&self, name: &str, text: &str) -> Result<()> {
        let path = self.root.join(name);
        if fs::read_to_string(&path).is_ok_and(|there| there == text) {
            return Ok(());
        }
        Ok(fs::write(path, text)?)
    }

    /// A file of the whole app: what stands there once for each resource.
    fn filled(&self, template: &str) -> String {
        let each = |line: &dyn Fn(usize) -> String, between: &str| {
            (1..=self.resources).map(line).collect::<Vec<_>>().join(between)
        };
        template
            .replace("@MODULES@", &each(&|n| format!("mod task{n};"), "\n"))
            .replace("@REGISTRATIONS@", &each(&|n| self.side.registration(n), "\n        "))
            .replace("@BOUNDS@", &each(&|n| format!("S: task{n}::Store,"), "\n    "))
            .replace("@SQLITE@", &each(&|n| format!("task{n}::SQLITE"), ", "))
            .replace("@POSTGRES@", &each(&|n| format!("task{n}::POSTGRES"), ", "))
    }
}

fn module(number: usize) -> String {
    format!("src/task{number}.rs")
}

fn resource(side: Side, number: usize, title: &str) -> String {
    side.resource().replace("@NUMBER@", &number.to_string()).replace("@TITLE@", title)
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root.pop();
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(side: Side) -> (tempfile::TempDir, Project) {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::write(folder.path(), side, 2).unwrap();
        (folder, project)
    }

    #[test]
    fn nothing_of_a_template_is_left_unfilled() {
        for side in Side::ALL {
            let (_folder, project) = written(side);
            for file in fs::read_dir(project.root.join("src")).unwrap() {
                let text = fs::read_to_string(file.unwrap().path()).unwrap();
                let left = text.split('@').skip(1).step_by(2).find(|w| w.chars().all(|c| c.is_ascii_uppercase()));
                assert_eq!(left, None, "{side:?}");
            }
        }
    }

    #[test]
    fn a_project_is_a_workspace_of_its_own_inside_of_another() {
        let outer = tempfile::tempdir().unwrap();
        fs::write(outer.path().join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = []\n").unwrap();
        for side in Side::ALL {
            let project = Project::write(&outer.path().canonicalize().unwrap(), side, 1).unwrap();
            let mut cargo = std::process::Command::new(env!("CARGO"));
            cargo.args(["locate-project", "--workspace", "--message-format", "plain"]).current_dir(project.root());
            let output = cargo.output().unwrap();
            let found = String::from_utf8(output.stdout).unwrap();
            assert_eq!(
                Path::new(found.trim()),
                project.root().join("Cargo.toml"),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }

    #[test]
    fn a_renamed_field_changes_one_file_and_changes_it_back() {
        for side in Side::ALL {
            let (_folder, project) = written(side);
            let read = |number| fs::read_to_string(project.root.join(module(number))).unwrap();
            let before = [read(1), read(2)];
            project.rename_field().unwrap();
            assert_eq!(read(1), before[0]);
            assert!(read(2).contains("headline: String") && !read(2).contains("title"));
            project.rename_field().unwrap();
            assert_eq!(read(2), before[1]);
        }
    }

    #[test]
    fn both_apps_have_the_same_fields() {
        let fields = |side| {
            let text = resource(side, 7, "title");
            let body = text.split_once("struct Task7 {").unwrap().1.split_once('}').unwrap().0.to_owned();
            let lines = body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(fields(Side::Hand), fields(Side::Generated));
        assert_eq!(fields(Side::Hand).len(), 10);
    }

    #[test]
    fn every_write_by_hand_is_read_to_its_end() {
        let files = Side::Hand.files().iter().map(|(_, text)| *text).chain([Side::Hand.resource()]);
        let all: String = files.collect();
        let reads = |how: &str| all.matches(&format!("{how}($write)")).count();
        assert_eq!((reads(".fetch_one"), reads(".fetch_optional")), (0, 0), "`written` says why");
        assert_eq!(reads(".fetch_all"), all.matches(".and_then(written)").count());
        assert!(reads(".fetch_all") >= 4, "{}", reads(".fetch_all"));
    }

    #[test]
    fn the_profiles_are_those_that_the_readme_tells_users() {
        let readme = fs::read_to_string(repository().join("README.md")).unwrap();
        let told: Vec<_> = readme.lines().filter_map(|line| line.strip_prefix("> ")).collect();
        assert!(told.join("\n").contains(PROFILES.trim_end()), "{told:?}");
    }
}
