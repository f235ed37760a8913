//! How a database would run a statement, and what it looked at.

use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

use crate::backend::{Backend, Database};

/// The steps of a plan as the database words them, indented by what they are part of.
#[derive(Debug)]
pub struct Plan(pub Vec<String>);

impl Plan {
    /// Whether any step has these words.
    pub fn has(&self, words: &str) -> bool {
        self.0.iter().any(|step| step.contains(words))
    }

    /// How many rows PostgreSQL read at every step, with those that it read in vain.
    pub fn rows(&self) -> u64 {
        self.0.iter().map(|step| number(step, "actual rows=") + number(step, "Rows Removed by ")).sum()
    }
}

/// The number behind some words.
fn number(step: &str, words: &str) -> u64 {
    let Some((_, behind)) = step.split_once(words) else { return 0 };
    let digits: String = behind.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a number of rows")
}

/// Parts the last plan from those before.
const LAST: &str = "the last";

impl Database {
    /// The plan of a statement with the texts of what is bound to it. PostgreSQL runs it and says how many rows it met.
    pub async fn plan(&self, statement: &str, binds: &[Option<String>]) -> Plan {
        match self.backend {
            Backend::Sqlite => self.plan_of_sqlite(statement).await,
            Backend::Postgres => {
                let literal = |bind: &Option<String>| match bind {
                    Some(text) => format!("'{}'", text.replace('\'', "''")),
                    None => "NULL".to_owned(),
                };
                let binds: Vec<_> = binds.iter().map(literal).collect();
                let binds = if binds.is_empty() { String::new() } else { format!("({})", binds.join(", ")) };
                let asked = format!("EXECUTE asked{binds}");
                let explain = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)";
                // From the sixth time on it may be planned for no values in particular.
                let before = format!("EXPLAIN {asked}; ").repeat(6);
                let sql = format!("PREPARE asked AS {statement}; {before} SELECT '{LAST}'; {explain} {asked}");
                let steps = self.texts(&sql).await.into_iter().flatten();
                Plan(steps.skip_while(|step| step != LAST).skip(1).collect())
            }
        }
    }

    /// SQLite's plan is the same whatever is bound.
    async fn plan_of_sqlite(&self, statement: &str) -> Plan {
        let mut connection = SqliteConnection::connect(&self.url).await.expect("the SQLite file opens");
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let rows = sqlx::raw_sql(explain).fetch_all(&mut connection).await.expect("a plan");
        let (mut depths, mut steps) = (vec![(0_i64, 0_usize)], Vec::new());
        for row in rows {
            let (id, parent, step): (i64, i64, String) = (row.get(0), row.get(1), row.get(3));
            let depth = depths.iter().find(|(known, _)| *known == parent).map_or(0, |(_, depth)| *depth);
            depths.push((id, depth + 1));
            steps.push(format!("{}{step}", "  ".repeat(depth)));
        }
        Plan(steps)
    }
}
