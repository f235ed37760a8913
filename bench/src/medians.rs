//! Medians of samples.

use crate::measure::Sample;

/// The median of each figure over the rounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Medians {
    pub(crate) requests_per_second: f64,
    pub(crate) cpu: f64,
    /// None where a round has none.
    pub(crate) p99: Option<f64>,
}

impl Medians {
    pub(crate) fn of(samples: &[Sample]) -> Self {
        let of = |figure: fn(&Sample) -> f64| median(samples.iter().map(figure));
        let p99 = median_if_all(samples.iter().map(|s| s.p99));
        Self { requests_per_second: of(|s| s.requests_per_second), cpu: of(|s| s.cpu), p99 }
    }
}

/// The median where every round has the figure.
pub(crate) fn median_if_all(figures: impl IntoIterator<Item = Option<f64>>) -> Option<f64> {
    figures.into_iter().collect::<Option<Vec<f64>>>().map(median)
}

/// The middle one, or between the two middle ones; of none it is not a number.
pub(crate) fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.into_iter().collect();
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    match figures.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => figures[middle],
        _ => f64::midpoint(figures[middle - 1], figures[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_the_two_middles() {
        assert!((median([3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median([4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
        assert!(median([]).is_nan());
    }

    #[test]
    fn each_figure_has_a_median_of_its_own() {
        let sample = |requests_per_second, cpu, p99| Sample { requests_per_second, cpu, p99: Some(p99) };
        let medians = Medians::of(&[sample(1.0, 30.0, 8.0), sample(2.0, 10.0, 9.0), sample(3.0, 20.0, 7.0)]);
        let figures = (medians.requests_per_second, medians.cpu, medians.p99);
        assert_eq!(figures, (2.0, 20.0, Some(8.0)));
    }

    #[test]
    fn a_figure_that_a_round_lacks_has_no_median() {
        assert_eq!(median_if_all([Some(3.0), Some(1.0), Some(2.0)]), Some(2.0));
        assert_eq!(median_if_all([Some(3.0), None, Some(2.0)]), None);
    }
}
