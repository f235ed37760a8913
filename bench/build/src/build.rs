//! The kinds of build that are measured.

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    CleanDebug,
    CleanRelease,
    Check,
    Debug,
    Release,
}

impl Build {
    pub(crate) const ALL: [Self; 5] = [Self::CleanDebug, Self::CleanRelease, Self::Check, Self::Debug, Self::Release];

    /// As the command line and the samples say it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CleanDebug => "clean-debug",
            Self::CleanRelease => "clean-release",
            Self::Check => "check",
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }

    /// As the tables say it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Check => "`cargo check`",
            Self::CleanDebug | Self::Debug => "`cargo build`",
            Self::CleanRelease | Self::Release => "`cargo build --release`",
        }
    }

    /// What cargo is asked for.
    pub(crate) fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Check => &["check"],
            Self::CleanDebug | Self::Debug => &["build"],
            Self::CleanRelease | Self::Release => &["build", "--release"],
        }
    }

    /// Whether nothing is built before.
    pub(crate) fn is_clean(self) -> bool {
        matches!(self, Self::CleanDebug | Self::CleanRelease)
    }

    /// The folder under the target folder where its results are.
    pub(crate) fn profile(self) -> &'static str {
        match self {
            Self::CleanDebug | Self::Check | Self::Debug => "debug",
            Self::CleanRelease | Self::Release => "release",
        }
    }

    /// Whether it makes a program.
    pub(crate) fn links(self) -> bool {
        self != Self::Check
    }
}
