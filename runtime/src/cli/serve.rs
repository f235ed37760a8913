//! `serve`, which is also the bare command.

use std::io::{self, IsTerminal as _};

use clap::ArgMatches;

use super::{Failure, arguments, banner::Banner, connect, list};
use crate::{
    app::App,
    config::{DatabaseUrl, Given},
    db::DbOptions,
};

pub(super) async fn serve(app: App, url: &DatabaseUrl, matches: &ArgMatches) -> Result<(), Failure> {
    let host = arguments::text(matches, "host").to_owned();
    let port = matches.get_one("port").copied().unwrap_or(Given::PORT);
    let given = Given::with_secrets(host, port, matches.get_flag("dev"))?;
    // Before the database is touched: a file that nothing will serve should not be made.
    let config = app.settings(given, cfg!(debug_assertions))?;
    let connections = matches.get_one::<u32>("max-connections").copied();
    let app = match connections.and_then(|count| usize::try_from(count).ok()) {
        Some(count) => app.max_connections(count),
        None => app,
    };
    let name = app.name;
    let db = connect(url, config.bcrypt_cost, DbOptions::default()).await?;
    let started = app.start(db, config, io::stderr().is_terminal()).await?;
    let banner = Banner {
        name,
        address: started.address,
        database: url,
        development: started.development,
        random_secret: started.random_secret,
        seeded: started.seeded.as_ref(),
        routes: &started.routes(),
        terminal: io::stdout().is_terminal(),
    };
    // Straight to standard output: the log must never hold a password.
    list::print(&banner.to_string())?;
    Ok(started.run().await?)
}
