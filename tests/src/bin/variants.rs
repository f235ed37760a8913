//! Applications that exist to go wrong, chosen by the variable `VARIANT`.

use std::process::ExitCode;

use restruct::{App, Code, Db, Error, clap};

fn main() -> ExitCode {
    let report = clap::Command::new("report").about("Prints a figure").arg(clap::Arg::new("figure").required(true));
    let app = App::new("variants").command(report, |matches, db: Db| async move {
        let figure = matches.get_one::<String>("figure").map_or("", String::as_str);
        if figure == "none" {
            return Err(Error::new(Code::BadRequest, "there is no such figure").hint("ask for another"));
        }
        println!("{figure} on {:?}", db.dialect());
        Ok(())
    });
    match std::env::var("VARIANT").as_deref() {
        Ok("endless") => {
            let never = axum::routing::get(std::future::pending::<()>);
            app.resource::<before::Note>().routes(axum::Router::new().route("/endless", never))
        }
        Ok("colliding") => {
            let never = || axum::routing::get(std::future::pending::<()>);
            let routes = axum::Router::new().route("/notes", never()).route("/openapi.json", never());
            app.resource::<before::Note>().routes(routes)
        }
        Ok("after") => app.resource::<after::Note>(),
        Ok("failing") => app.resource::<failing::Shop>().resource::<failing::Item>(),
        Ok("misnamed") => app.resource::<computed::Misnamed>(),
        Ok("unknown") => app.resource::<computed::Unknown>(),
        Ok("mistyped") => app.resource::<computed::Mistyped>(),
        Ok("unsteady") => app.resource::<computed::Unsteady>(),
        Ok("mended") => app.resource::<mended::Shop>().resource::<mended::Item>(),
        _ => app.resource::<before::Note>(),
    }
    .run()
}

/// A struct as it was when the tables were made.
mod before {
    use restruct::prelude::*;

    #[derive(Resource)]
    #[resource(read = public, write = public)]
    pub(super) struct Note {
        id: i64,
        title: String,
        stars: i32,
    }
}

/// The same struct, changed since: a column more, a column less, a column of another type.
mod after {
    use restruct::prelude::*;

    #[derive(Resource)]
    #[resource(read = public, write = public)]
    pub(super) struct Note {
        id: i64,
        title: Option<String>,
        color: Option<String>,
    }
}

/// Expressions that a database refuses.
mod computed {
    use restruct::prelude::*;

    /// SQLite would take the name for a text.
    #[derive(Resource)]
    #[resource(read = public, write = public)]
    pub(super) struct Misnamed {
        id: i64,
        title: String,
        #[resource(computed = "\"titel\" || '\"x'")]
        label: String,
    }

    #[derive(Resource)]
    #[resource(read = public, write = public)]
    pub(super) struct Unknown {
        id: i64,
        stars: i32,
        #[resource(computed = "stars + 1")]
        more: i64,
        #[resource(computed = "no_such_function(stars)")]
        label: i64,
    }

    #[derive(Resource)]
    #[resource(read = public, write = public)]
    pub(super) struct Mistyped {
        id: i64,
        stars: i32,
        #[resource(computed = "stars +")]
        label: i64,
    }

    /// Another value at another time.
    #[derive(Resource)]
    #[resource(read = public, write = public)]
    pub(super) struct Unsteady {
        id: i64,
        stars: i32,
        #[resource(computed(sqlite = "datetime('now') || stars", postgres = "now()::text || stars"))]
        label: String,
    }
}

/// Seed hooks of which the second gives up after it has inserted.
mod failing {
    use restruct::{Code, Seeder, prelude::*};

    #[derive(Resource)]
    #[resource(read = public, write = public, seed = first_shops)]
    pub(super) struct Shop {
        id: i64,
        #[resource(unique)]
        name: String,
    }

    #[derive(Resource)]
    #[resource(read = public, write = public, seed = first_items)]
    pub(super) struct Item {
        id: i64,
        label: String,
        #[resource(references = Shop)]
        shop_id: i64,
    }

    async fn first_shops(seed: &Seeder) -> Result<()> {
        Shop::draft().set(Shop::NAME, "Corner").insert(seed).await.map(drop)
    }

    async fn first_items(seed: &Seeder) -> Result<()> {
        let shop = Shop::draft().set(Shop::NAME, "Corner").get_or_insert(seed, Shop::NAME).await?;
        Item::draft().set(Item::LABEL, "Milk").set(Item::SHOP_ID, shop.id).insert(seed).await?;
        Err(Error::new(Code::BadRequest, "the milk is sour"))
    }
}

/// The same tables and hooks, with the mistake gone.
mod mended {
    use restruct::{Seeder, prelude::*};

    #[derive(Resource)]
    #[resource(read = public, write = public, seed = first_shops)]
    pub(super) struct Shop {
        id: i64,
        #[resource(unique)]
        name: String,
    }

    #[derive(Resource)]
    #[resource(read = public, write = public, seed = first_items)]
    pub(super) struct Item {
        id: i64,
        label: String,
        #[resource(references = Shop)]
        shop_id: i64,
    }

    async fn first_shops(seed: &Seeder) -> Result<()> {
        Shop::draft().set(Shop::NAME, "Corner").insert(seed).await.map(drop)
    }

    async fn first_items(seed: &Seeder) -> Result<()> {
        let shop = Shop::draft().set(Shop::NAME, "Corner").get_or_insert(seed, Shop::NAME).await?;
        Item::draft().set(Item::LABEL, "Milk").set(Item::SHOP_ID, shop.id).insert(seed).await.map(drop)
    }
}
