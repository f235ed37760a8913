//! Seed hooks: what fills an empty database, once.

use std::pin::Pin;

use crate::error::Result;

/// A seed hook, as a table holds it.
pub type SeedFn = for<'a> fn(&'a Seeder) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// What a seed hook gets: typed inserts inside the seeding transaction.
#[derive(Debug)]
pub struct Seeder(());
