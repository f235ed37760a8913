//! A resource for each set of rules, and the rules as words, so that a test can work out what to expect.

use restruct::{App, prelude::*};

/// A set of rules, as the words of the attribute.
#[derive(Clone, Copy, Debug)]
pub struct Ruled {
    /// `/pamphlets`
    pub path: &'static str,
    /// Who may read.
    pub read: &'static str,
    /// Who may create.
    pub create: &'static str,
    /// Who may update.
    pub update: &'static str,
    /// Who may delete.
    pub delete: &'static str,
}

macro_rules! ruled {
    ($($(#[$doc:meta])* $name:ident $path:literal: read = [$($read:tt)+], create = [$($create:tt)+],
       update = [$($update:tt)+], delete = [$($delete:tt)+];)+) => {
        $(
            $(#[$doc])*
            #[derive(Resource, Debug)]
            #[resource(path = $path, read = $($read)+, create = $($create)+, update = $($update)+, delete = $($delete)+)]
            pub struct $name {
                /// The key.
                pub id: i64,
                /// Any text.
                pub label: String,
                /// Whose it is.
                #[resource(owner, references = User, on_delete = cascade)]
                pub user_id: Option<i64>,
            }
        )+

        /// Every set of rules.
        pub const RULED: &[Ruled] = &[$(Ruled {
            path: concat!("/", $path),
            read: stringify!($($read)+),
            create: stringify!($($create)+),
            update: stringify!($($update)+),
            delete: stringify!($($delete)+),
        }),+];

        /// Adds them all to an application.
        pub(super) fn register_rules(app: App) -> App {
            app$(.resource::<$name>())+
        }
    };
}

use super::User;

ruled! {
    /// Anybody does anything.
    Pamphlet "pamphlets": read = [public], create = [public], update = [public], delete = [public];
    /// Whoever is signed in does anything.
    Memo "memos": read = [authenticated], create = [authenticated], update = [authenticated], delete = [authenticated];
    /// Nobody else sees it.
    Letter "letters": read = [owner], create = [owner], update = [owner], delete = [owner];
    /// For administrators.
    Ledger "ledgers": read = [admin], create = [admin], update = [admin], delete = [admin];
    /// Seen by all, written by its owner and administrators.
    Poem "poems": read = [public], create = [owner | admin], update = [owner | admin], delete = [owner | admin];
    /// Seen and written by its owner and administrators.
    Invoice "invoices": read = [owner | admin], create = [owner | admin], update = [owner | admin], delete = [owner | admin];
    /// Never written over HTTP.
    Law "laws": read = [public], create = [none], update = [none], delete = [none];
    /// A rule of its own for each action.
    Story "stories": read = [public], create = [authenticated], update = [owner], delete = [admin];
    /// Anybody may leave one, only administrators see them.
    Tip "tips": read = [admin], create = [public], update = [none], delete = [admin];
    /// Written and never read.
    Trace "traces": read = [none], create = [authenticated], update = [none], delete = [none];
    /// Seen by those who are signed in, changed by its owner, removed by administrators.
    Report "reports": read = [authenticated], create = [owner], update = [owner], delete = [admin];
    /// The owner may change what only they and administrators see; nobody removes it.
    Vote "votes": read = [owner | admin], create = [authenticated], update = [owner], delete = [none];
    /// Words that say the same twice.
    Wiki "wikis": read = [public | owner], create = [authenticated | admin], update = [authenticated | owner], delete = [owner | admin];
}
