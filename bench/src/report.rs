//! Figures as the tables of the READMEs.

use std::fmt::Write as _;

use crate::{
    baseline::Baseline,
    case,
    database::Kind,
    medians::Medians,
    trial::{Row, Trial},
};

/// What stands above a table: of which database it is, and over how many rounds.
pub(crate) fn caption(trial: &Trial) -> String {
    let Trial { description, rounds, busy, .. } = trial;
    let doubt = match busy {
        0 => String::new(),
        _ => format!(", {busy} of them beside other work on the machine"),
    };
    format!("**{description}**, medians of {rounds} rounds{doubt}\n\n")
}

/// One database's rows: medians over the rounds, and ratios of medians. Who is compared with whom are `names`.
pub(crate) fn rows(trial: &Trial, names: [&str; 2]) -> String {
    let mut text = caption(trial) + &heads(names);
    for row in &trial.rows {
        if let [hand, generated] = row.medians()[..] {
            text.push_str(&line(row, hand, generated));
        }
    }
    text
}

fn heads([hand, generated]: [&str; 2]) -> String {
    format!(
        "| request | {hand} CPU µs | {generated} CPU µs | CPU {generated}/{hand} | aim | {hand} req/s \
         | {generated} req/s | req/s {generated}/{hand} | {hand} p99 ms | {generated} p99 ms |\n\
         | --- |{}\n",
        " ---: |".repeat(9)
    )
}

fn line(row: &Row, hand: Medians, generated: Medians) -> String {
    format!(
        "| {} | {:.0} | {:.0} | **{:.2}** | {} | {:.0} | {:.0} | {:.2} | {} | {} |\n",
        row.case.title(),
        hand.cpu,
        generated.cpu,
        row.cpu_ratio(),
        row.case.aim,
        hand.requests_per_second,
        generated.requests_per_second,
        generated.requests_per_second / hand.requests_per_second,
        figure(hand.p99, 2),
        figure(generated.p99, 2),
    )
}

/// A figure with its digits, or a dash where there is none.
pub(crate) fn figure(figure: Option<f64>, digits: usize) -> String {
    figure.map_or_else(|| "-".into(), |figure| format!("{figure:.digits$}"))
}

/// The ratios alone, of all databases beside one another.
pub(crate) fn summary(baseline: &Baseline) -> String {
    let mut text = String::from("| CPU generated/hand |");
    for kind in Kind::ALL {
        // Writing to a String cannot fail.
        let _ = write!(text, " {} |", kind.title());
    }
    text.push_str("\n| --- |");
    text.push_str(&" ---: |".repeat(Kind::ALL.len()));
    text.push('\n');
    // SQLite has every row that PostgreSQL has.
    for title in case::all(Kind::Sqlite).iter().map(case::Case::title) {
        let _ = write!(text, "| {title} |");
        for kind in Kind::ALL {
            let _ = write!(text, " {} |", figure(baseline.ratio(kind, &title), 2));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::Workload;

    fn trial(busy: usize, rows: Vec<Row>) -> Trial {
        Trial { description: "SQLite".into(), rounds: 5, busy, rows }
    }

    #[test]
    fn a_caption_says_whether_the_machine_was_quiet() {
        assert_eq!(caption(&trial(0, Vec::new())), "**SQLite**, medians of 5 rounds\n\n");
        assert!(caption(&trial(2, Vec::new())).ends_with(" rounds, 2 of them beside other work on the machine\n\n"));
    }

    #[test]
    fn a_row_has_a_cell_for_every_head() {
        let case = case::all(Kind::Sqlite).swap_remove(0);
        let text = rows(&trial(0, vec![Row::of_cpu(case, &[100.0, 25.0])]), ["tuned hand", "generated"]);
        let table: Vec<&str> = text.lines().skip(2).collect();
        let heads =
            "| request | tuned hand CPU µs | generated CPU µs | CPU generated/tuned hand | aim | tuned hand req/s |";
        assert!(table[0].starts_with(heads), "{text}");
        assert_eq!(table[2], "| GET one | 100 | 25 | **0.25** | ≤ 0.50 | 10000 | 40000 | 4.00 | 10.00 | 2.50 |");
        assert!(table.iter().all(|line| line.matches('|').count() == 11), "{text}");
    }

    #[test]
    fn the_summary_has_a_row_for_every_case_and_a_dash_where_there_is_none() {
        let title = Workload::One.title();
        let baseline = Baseline::parse(&format!("sqlite\t{title}\t0.5\n")).unwrap();
        let text = summary(&baseline);
        assert!(text.contains("| CPU generated/hand | SQLite | PostgreSQL |\n| --- | ---: | ---: |\n"), "{text}");
        assert!(text.contains("| GET one | 0.50 | - |\n"), "{text}");
        assert_eq!(text.lines().count(), 2 + case::all(Kind::Sqlite).len());
    }
}
