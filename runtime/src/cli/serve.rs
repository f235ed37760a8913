//! `serve`, which is also the bare command.

use std::io::{self, IsTerminal as _};

use super::{Failure, banner::Banner, connect, list};
use crate::{
    app::App,
    config::{Asker, Config, Settings},
    db::DbOptions,
};

pub(super) async fn serve(app: App, settings: &Settings, dev: bool) -> Result<(), Failure> {
    // Before the database is touched: a file that nothing will serve should not be made.
    let config = Config::decide(settings, Asker::Server { dev, debug_build: cfg!(debug_assertions) })?;
    let (name, url) = (app.name, settings.database());
    // Elsewhere than in development a file that is not there is a mistyped name.
    let options = DbOptions {
        statement_timeout: Some(config.limits.statement()),
        create: config.development,
        ..DbOptions::default()
    };
    let db = connect(&url, config.bcrypt_cost, options).await?;
    let started = app.start(db, config, io::stderr().is_terminal()).await?;
    let banner = Banner {
        name,
        address: started.address,
        metrics: started.metrics.as_ref().map(|monitor| monitor.address),
        docs: started.docs,
        database: &url,
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
