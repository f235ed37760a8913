//! Samples as tables for bench/README.md.

use std::{fmt::Write as _, process::Command, thread};

use crate::{build::Build, cargo::Cost, project::Side, samples::Samples};

/// Everything that was measured of both apps; nothing where nothing was.
pub(crate) fn report(samples: &Samples) -> Option<String> {
    let tables: Vec<_> =
        [clean(samples), rebuilds(samples), programs(samples), further(samples)].into_iter().flatten().collect();
    if tables.is_empty() {
        return None;
    }
    let parts = std::iter::once(machine()).chain(tables.iter().map(|table| table.trim_end().to_owned()));
    Some(parts.collect::<Vec<_>>().join("\n\n"))
}

fn machine() -> String {
    let version =
        Command::new("rustc").arg("--version").output().map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    format!("{cores} cores, {}", version.as_deref().map_or("unknown compiler", str::trim))
}

fn clean(samples: &Samples) -> Option<String> {
    let mut text = String::from(
        "**Clean build of 1 resource**, medians of n\n\n\
         | | n | hand s | generated s | generated/hand | hand CPU s | generated CPU s | CPU generated/hand | hand crates | generated crates |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    let mut any = false;
    for build in Build::ALL.into_iter().filter(|b| b.is_clean()) {
        let of = |figure| pair(samples, build, 1, figure);
        let (Some(wall), Some(cpu), Some(crates)) = (of(wall), of(cpu), of(crates)) else { continue };
        any = true;
        let _ = writeln!(
            text,
            "| {} | {} | {:.0} | {:.0} | **{:.2}** | {:.0} | {:.0} | {:.2} | {:.0} | {:.0} |",
            build.title(),
            counts(samples, build, 1),
            wall[0],
            wall[1],
            wall[1] / wall[0],
            cpu[0],
            cpu[1],
            cpu[1] / cpu[0],
            crates[0],
            crates[1]
        );
    }
    any.then_some(text)
}

fn rebuilds(samples: &Samples) -> Option<String> {
    let rebuilds: Vec<_> = Build::ALL.into_iter().filter(|b| !b.is_clean()).collect();
    let mut text = String::from(
        "**Rebuild after a field was renamed**, medians of n\n\n\
         | | resources | n | hand s | generated s | generated/hand | hand CPU s | generated CPU s | CPU generated/hand |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    let mut any = false;
    for build in rebuilds {
        for resources in samples.resources(build) {
            let of = |figure| pair(samples, build, resources, figure);
            let (Some(wall), Some(cpu)) = (of(wall), of(cpu)) else { continue };
            any = true;
            let _ = writeln!(
                text,
                "| {} | {resources} | {} | {:.2} | {:.2} | **{:.2}** | {:.2} | {:.2} | {:.2} |",
                build.title(),
                counts(samples, build, resources),
                wall[0],
                wall[1],
                wall[1] / wall[0],
                cpu[0],
                cpu[1],
                cpu[1] / cpu[0]
            );
        }
    }
    any.then_some(text)
}

fn programs(samples: &Samples) -> Option<String> {
    let sizes = samples.resources(Build::Release);
    let rows: Vec<_> =
        sizes.into_iter().filter_map(|n| Some((n, pair(samples, Build::Release, n, kibibytes)?))).collect();
    if rows.is_empty() {
        return None;
    }
    let mut text =
        String::from("**Release program**\n\n| resources | hand KiB | generated KiB |\n| ---: | ---: | ---: |\n");
    for (resources, size) in rows {
        let _ = writeln!(text, "| {resources} | {:.0} | {:.0} |", size[0], size[1]);
    }
    Some(text)
}

/// What one more costs, from the smallest app to the largest.
fn further(samples: &Samples) -> Option<String> {
    let mut text = String::from("**Per further resource**\n\n| | hand | generated |\n| --- | ---: | ---: |\n");
    let mut any = false;
    for (build, what, figure, factor) in [
        (Build::Check, "`cargo check`, ms", wall as fn(&Cost) -> f64, 1000.0),
        (Build::Debug, "`cargo build`, ms", wall, 1000.0),
        (Build::Release, "`cargo build --release`, ms", wall, 1000.0),
        (Build::Release, "release program, KiB", kibibytes, 1.0),
    ] {
        let sizes = samples.resources(build);
        let (Some(&least), Some(&most)) = (sizes.first(), sizes.last()) else { continue };
        let ends = (pair(samples, build, least, figure), pair(samples, build, most, figure));
        let (Some(few), Some(many)) = ends else { continue };
        let Some(further) = u32::try_from(most - least).ok().filter(|n| *n > 0) else { continue };
        any = true;
        let per = |side: usize| (many[side] - few[side]) * factor / f64::from(further);
        let _ = writeln!(text, "| {what} | {:.1} | **{:.1}** |", per(0), per(1));
    }
    any.then_some(text)
}

fn wall(cost: &Cost) -> f64 {
    cost.wall
}

fn cpu(cost: &Cost) -> f64 {
    cost.cpu
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred of them")]
fn crates(cost: &Cost) -> f64 {
    cost.crates as f64
}

#[expect(clippy::cast_precision_loss, reason = "programs are shorter than 2^52 bytes")]
fn kibibytes(cost: &Cost) -> f64 {
    cost.bytes as f64 / 1024.0
}

/// The medians of both sides, by hand first; nothing where one was not measured.
fn pair(samples: &Samples, build: Build, resources: usize, figure: fn(&Cost) -> f64) -> Option<[f64; 2]> {
    let [hand, generated] = Side::ALL.map(|side| median(samples.of(build, side, resources).map(figure)));
    Some([hand?, generated?])
}

/// Of how many measurements the medians are; both numbers where the sides were not measured as often.
fn counts(samples: &Samples, build: Build, resources: usize) -> String {
    match Side::ALL.map(|side| samples.of(build, side, resources).count()) {
        [hand, generated] if hand == generated => hand.to_string(),
        [hand, generated] => format!("{hand}, {generated}"),
    }
}

fn median(figures: impl Iterator<Item = f64>) -> Option<f64> {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    match figures.len() {
        0 => None,
        n if n % 2 == 1 => Some(figures[middle]),
        _ => Some(f64::midpoint(figures[middle - 1], figures[middle])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Samples of builds that took so many seconds.
    fn samples(of: &[(Build, Side, usize, &[f64])]) -> Samples {
        let folder = tempfile::tempdir().unwrap();
        let mut samples = Samples::load(folder.path()).unwrap();
        for &(build, side, resources, walls) in of {
            for &wall in walls {
                samples.add(build, side, resources, Cost { wall, cpu: wall, crates: 1, bytes: 0 }).unwrap();
            }
        }
        samples
    }

    #[test]
    fn a_report_has_medians_ratios_and_what_one_more_costs() {
        let text = report(&samples(&[
            (Build::Debug, Side::Hand, 1, &[2.0, 9.0, 1.0]),
            (Build::Debug, Side::Generated, 1, &[1.0, 1.0, 1.0]),
            (Build::Debug, Side::Hand, 101, &[12.0]),
            (Build::Debug, Side::Generated, 101, &[3.0]),
        ]))
        .unwrap();
        assert!(text.contains("| `cargo build` | 1 | 3 | 2.00 | 1.00 | **0.50** | 2.00 | 1.00 | 0.50 |"), "{text}");
        assert!(text.contains("| `cargo build` | 101 | 1 | 12.00 | 3.00 | **0.25** | 12.00 | 3.00 | 0.25 |"), "{text}");
        assert!(text.contains("| `cargo build`, ms | 100.0 | **20.0** |"), "{text}");
        assert!(!text.contains("Clean build") && !text.contains("Release program"), "{text}");
    }

    #[test]
    fn a_clean_build_says_how_often_it_was_made() {
        let text = report(&samples(&[
            (Build::CleanDebug, Side::Hand, 1, &[80.0, 100.0]),
            (Build::CleanDebug, Side::Generated, 1, &[99.0]),
            (Build::CleanRelease, Side::Hand, 1, &[100.0]),
        ]))
        .unwrap();
        assert!(text.contains("| `cargo build` | 2, 1 | 90 | 99 | **1.10** | 90 | 99 | 1.10 | 1 | 1 |"), "{text}");
        assert!(!text.contains("--release") && !text.contains("Rebuild"), "one app alone is no comparison: {text}");
    }

    #[test]
    fn every_row_of_a_table_has_the_cells_of_its_head() {
        let mut all = Vec::new();
        for build in Build::ALL {
            for side in Side::ALL {
                all.extend([1, 2].map(|resources| (build, side, resources, &[1.0][..])));
            }
        }
        let text = report(&samples(&all)).unwrap();
        let tables: Vec<_> = text.split("\n\n").filter(|part| part.starts_with('|')).collect();
        assert_eq!(tables.len(), 4, "{text}");
        for table in tables {
            let cells: Vec<_> = table.lines().map(|line| line.matches('|').count()).collect();
            assert!(cells.len() > 2 && cells.iter().all(|n| *n == cells[0]), "{table}");
        }
    }

    #[test]
    fn what_was_not_measured_of_both_is_no_report() {
        assert_eq!(report(&samples(&[])), None);
        assert_eq!(report(&samples(&[(Build::Check, Side::Hand, 1, &[1.0])])), None);
    }
}
