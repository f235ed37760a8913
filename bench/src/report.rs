//! Samples as a table for bench/README.md.

use std::fmt::Write as _;

use crate::{
    contender::Contender,
    measure::Sample,
    trial::{Row, Trial},
};

/// A markdown table: medians over the rounds, and ratios of medians.
pub(crate) fn table(contenders: &[Contender; 2], trial: &Trial) -> String {
    let [a, b] = [contenders[0].name, contenders[1].name];
    let mut text = format!(
        "**{}**, medians of {} rounds\n\n\
         | request | {a} CPU µs | {b} CPU µs | CPU {b}/{a} | {a} req/s | {b} req/s | req/s {b}/{a} | {a} p99 ms | {b} p99 ms |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
        trial.database, trial.rounds
    );
    for row in &trial.rows {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", line(row));
    }
    text
}

fn line(row: &Row) -> String {
    let of = |figure: fn(&Sample) -> f64| row.samples.each_ref().map(|s| median(s.iter().map(figure)));
    let [cpu, rate, p99] = [of(|s| s.cpu), of(|s| s.requests_per_second), of(|s| s.p99)];
    format!(
        "| {} | {:.0} | {:.0} | **{:.2}** | {:.0} | {:.0} | {:.2} | {:.2} | {:.2} |",
        row.workload.title(),
        cpu[0],
        cpu[1],
        cpu[1] / cpu[0],
        rate[0],
        rate[1],
        rate[1] / rate[0],
        p99[0],
        p99[1],
    )
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
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
    use super::median;

    #[test]
    fn the_median_is_the_middle_or_between_the_two_middles() {
        assert!((median([3.0, 1.0, 2.0].into_iter()) - 2.0).abs() < f64::EPSILON);
        assert!((median([4.0, 1.0, 2.0, 3.0].into_iter()) - 2.5).abs() < f64::EPSILON);
    }
}
