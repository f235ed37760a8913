//! What is no row of requests: memory, the start, and how reads fare while people sign in.

mod buffers;
mod idle;
mod start;
mod storm;

use std::fmt::Write as _;

use crate::{
    Result,
    arena::{Arena, Ground},
    contender::{GENERATED, HAND},
    database::Kind,
    options::Pace,
    report,
};

/// A row of the table.
struct Line {
    title: &'static str,
    digits: usize,
    /// On SQLite, on PostgreSQL.
    aims: [&'static str; 2],
}

/// What one server came to, in the order of [`LINES`]; None where too little was seen to say.
pub(crate) type Figures = [Option<f64>; LINES.len()];

const LINES: [Line; 7] = [
    line("resident with 1,000 idle connections, MB", 1, ["< 30", "< 30"]),
    line("from start to first answer, ms", 0, ["< 50", ""]),
    line("peak growth in pages of 1,000, MB", 1, ["≤ 4", "≤ 4"]),
    line("GET one, p99 ms, quiet", 2, ["", ""]),
    line("GET one, p99 ms, in a storm of logins", 2, ["", ""]),
    line("that in times of quiet", 2, ["≤ 3", "≤ 3"]),
    line("logins/s in the storm", 1, ["", ""]),
];

const fn line(title: &'static str, digits: usize, aims: [&'static str; 2]) -> Line {
    Line { title, digits, aims }
}

/// Takes the figures of both servers, each started anew over its own database, while nothing else runs.
pub(crate) async fn run(arena: &Arena<'_>, pace: &Pace) -> Result<[Figures; 2]> {
    Ok([of(arena, &arena.grounds[HAND], pace).await?, of(arena, &arena.grounds[GENERATED], pace).await?])
}

/// One database's figures.
pub(crate) fn table(kind: Kind, names: [&str; 2], [hand, generated]: &[Figures; 2]) -> String {
    let mut text = format!("| | {} | {} | aim |\n| --- | ---: | ---: | ---: |\n", names[0], names[1]);
    for ((line, hand), generated) in LINES.iter().zip(hand).zip(generated) {
        let Line { title, digits, aims: [sqlite, postgres] } = line;
        let aim = match kind {
            Kind::Sqlite => sqlite,
            Kind::Postgres => postgres,
        };
        // Writing to a String cannot fail.
        let [hand, generated] = [hand, generated].map(|side| report::figure(*side, *digits));
        let _ = writeln!(text, "| {title} | {hand} | {generated} | {aim} |");
    }
    text
}

async fn of(arena: &Arena<'_>, ground: &Ground<'_>, pace: &Pace) -> Result<Figures> {
    eprintln!("{}, {}: memory, start, storm", arena.description, ground.contender.name);
    ground.settle().await?;
    let first_answer = start::first_answer(arena, ground).await?;
    let resident = idle::resident(arena, ground).await?;
    let growth = buffers::growth(arena, ground).await?;
    let storm = storm::run(arena, ground, pace).await?;
    let times = storm.stormy.zip(storm.quiet).map(|(stormy, quiet)| stormy / quiet);
    let [resident, first_answer, growth, logins] = [resident, first_answer, growth, storm.logins_per_second].map(Some);
    Ok([resident, first_answer, growth, storm.quiet, storm.stormy, times, logins])
}

/// Bytes as the table has them.
#[expect(clippy::cast_precision_loss, reason = "no server has 2^52 bytes")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_its_digits_and_its_aim() {
        let hand = [Some(12.34), Some(20.4), Some(1.0), Some(2.0), None, None, Some(3.0)];
        let names = ["hand", "hand again"];
        let text = table(Kind::Sqlite, names, &[hand, hand.map(|figure| figure.map(|figure| figure * 2.0))]);
        assert!(text.starts_with("| | hand | hand again | aim |\n"), "{text}");
        assert!(text.contains("\n| resident with 1,000 idle connections, MB | 12.3 | 24.7 | < 30 |\n"), "{text}");
        assert!(text.contains("\n| from start to first answer, ms | 20 | 41 | < 50 |\n"), "{text}");
        assert!(text.contains("\n| GET one, p99 ms, in a storm of logins | - | - |  |\n"), "{text}");
        let text = table(Kind::Postgres, names, &[hand, hand]);
        assert!(text.contains("\n| from start to first answer, ms | 20 | 20 |  |\n"), "{text}");
    }
}
