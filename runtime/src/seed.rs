//! Seed hooks: what fills an empty database, once.

use std::{fmt, pin::Pin, sync::Mutex, time::Duration};

use futures_util::future::BoxFuture;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    db::{Db, Lane, Run, Tx, admin},
    error::{Error, Result},
    row::Row,
    schema::Schema,
    sql::{Dialect, Statement},
    value::Password,
};

/// A seed hook, as a table holds it.
pub type SeedFn = for<'a> fn(&'a Seeder) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// What a seed hook gets: typed inserts inside the seeding transaction.
///
/// All hooks run in one transaction, each after those of the tables that its own points to. Where one fails, none of
/// them has happened. A hook that was done is remembered and does not run again, so rows that somebody deleted since
/// do not come back.
#[derive(Debug)]
pub struct Seeder {
    tx: Tx,
    bar: ProgressBar,
    passwords: Mutex<Vec<Account>>,
}

impl Seeder {
    /// A random password for the account that signs in as `login`.
    ///
    /// Whoever starts the server or runs `db seed` at a terminal is shown it once; it is stored as a hash and kept
    /// nowhere else.
    ///
    /// # Panics
    /// Where the operating system has no random numbers.
    pub fn random_password(&self, login: impl Into<String>) -> Password {
        let password = random_text();
        let account = Account { login: login.into(), password: password.clone() };
        self.passwords.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(account);
        Password::new(password)
    }

    /// Says how many steps this hook has, for the progress bar.
    pub fn progress(&self, total: u64) {
        self.bar.set_position(0);
        self.bar.set_length(total);
        self.bar.set_style(style("  {spinner} {prefix} [{bar:32}] {pos}/{len}"));
    }

    /// Says that `steps` more of them are done.
    pub fn advance(&self, steps: u64) {
        self.bar.inc(steps);
    }
}

impl Run for Seeder {
    #[expect(private_interfaces, reason = "sealed: only this crate calls or implements it")]
    fn run(&self, lane: Lane, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>> {
        self.tx.run(lane, statement)
    }

    fn speaks(&self) -> Dialect {
        self.tx.speaks()
    }

    fn bcrypt_cost(&self) -> u32 {
        self.tx.bcrypt_cost()
    }

    fn outside(&self) -> &Db {
        self.tx.outside()
    }
}

/// An account with a password that was made up. Only the banner reads it.
pub(crate) struct Account {
    pub(crate) login: String,
    pub(crate) password: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("login", &self.login).finish_non_exhaustive()
    }
}

/// What seeding did.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The hooks that ran, by name.
    pub(crate) done: Vec<&'static str>,
    /// The hooks that had run before.
    pub(crate) skipped: Vec<&'static str>,
    /// The accounts whose passwords were made up.
    pub(crate) accounts: Vec<Account>,
}

/// Runs every hook that has not run yet, in one transaction.
pub(crate) async fn run(db: &Db, schema: &Schema, progress: bool) -> Result<Report> {
    run_in(db.begin().await?, schema, progress).await
}

/// Makes every table and runs every hook, in one transaction: whatever interrupts it, there are no tables without their
/// seeds.
pub(crate) async fn create_and_run(db: &Db, schema: &Schema, progress: bool) -> Result<Report> {
    let tx = db.begin().await?;
    admin::create_in(&tx, schema).await?;
    run_in(tx, schema, progress).await
}

async fn run_in(tx: Tx, schema: &Schema, progress: bool) -> Result<Report> {
    let bar = ProgressBar::with_draw_target(None, target(progress));
    let seeder = Seeder { tx, bar, passwords: Mutex::default() };
    let mut report = Report::default();
    for seed in schema.tables().iter().filter_map(|table| table.seed) {
        if admin::is_seeded(&seeder.tx, seed.name).await? {
            report.skipped.push(seed.name);
            continue;
        }
        seeder.bar.set_style(style("  {spinner} {prefix}"));
        seeder.bar.set_prefix(seed.name);
        seeder.bar.enable_steady_tick(Duration::from_millis(100));
        (seed.run)(&seeder).await.map_err(|e| failed(seed.name, e))?;
        admin::set_seeded(&seeder.tx, seed.name).await?;
        report.done.push(seed.name);
    }
    seeder.bar.finish_and_clear();
    seeder.tx.commit().await?;
    report.accounts = seeder.passwords.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok(report)
}

fn failed(hook: &str, cause: Error) -> Error {
    Error::startup(format!("the seed hook {hook} failed, and nothing was seeded"))
        .source(cause)
        .hint("mend the hook and run `db seed`; the hooks before it run again too")
}

fn target(progress: bool) -> ProgressDrawTarget {
    if progress { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates of this file are well-formed")
}

/// A hundred random bits in letters and digits that cannot be mistaken for each other.
fn random_text() -> String {
    // 32 characters, so that five bits of a byte choose one and none is likelier than another.
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers");
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    letters.chunks(5).map(String::from_iter).collect::<Vec<_>>().join("-")
}
