//! One step of a request to be repeated.

use std::{fmt::Debug, hint::black_box};

/// A step, by its name in `instructions.tsv`.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// How often the step is repeated in one measurement.
    pub(crate) times: u32,
    /// Makes what is to be repeated that often; what it costs is not counted.
    pub(crate) prepare: fn(u32) -> Step,
}

/// What is repeated.
pub(crate) type Step = Box<dyn FnMut()>;

/// A step that must go well.
pub(crate) fn passes<T, E: Debug>(mut step: impl FnMut() -> Result<T, E> + 'static) -> Step {
    Box::new(move || {
        black_box(step().expect("the step goes well"));
    })
}

/// A step that must be refused.
pub(crate) fn refused<T: Debug, E>(mut step: impl FnMut() -> Result<T, E> + 'static) -> Step {
    Box::new(move || {
        black_box(step().expect_err("the step is refused"));
    })
}

/// The repetition, and nothing else: callgrind counts from where this is entered to where it is left, so it keeps its
/// name and its place.
#[inline(never)]
pub(crate) fn measured(step: &mut dyn FnMut(), times: u32) {
    for _ in 0..times {
        step();
    }
}
