//! Time, as medians.

use std::time::{Duration, Instant};

use crate::case::{Case, measured};

/// How long each step is measured.
const SPAN: Duration = Duration::from_millis(300);

/// The median nanoseconds of one step, over measurements that each prepare anew.
pub(crate) fn nanoseconds(case: &Case) -> f64 {
    let sample = || {
        let mut step = (case.prepare)(case.times);
        let start = Instant::now();
        measured(&mut *step, case.times);
        start.elapsed()
    };
    sample();
    let (mut samples, mut spent) = (Vec::new(), Duration::ZERO);
    while spent < SPAN {
        let one = sample();
        spent += one;
        samples.push(one);
    }
    samples.sort_unstable();
    samples[samples.len() / 2].as_secs_f64() * 1e9 / f64::from(case.times)
}
