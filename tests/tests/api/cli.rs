//! The command line: exit codes, and errors that say what to do next.

use std::fs;

use restruct_tests::{
    Backend, Client, Database, both_databases,
    process::{Program, SECRET},
    server::{PASSWORD, session},
};
use serde_json::{Value, json};

use crate::{KANBAN, VARIANTS};

both_databases!(helps, refuses_wrong_usage, lists_routes, prints_the_schema, makes_and_drops_tables, makes_users);
both_databases!(serves_in_development, refuses_to_serve_unprepared, sees_that_structs_have_changed);
both_databases!(leaves_foreign_tables_alone, resets_kill_tokens, reads_dot_env, says_where_it_cannot_connect);
both_databases!(hides_the_password_of_the_database, runs_commands_of_the_users_own);
both_databases!(refuses_databases_that_cannot_hold_it, many_may_start_first, names_what_cannot_be_computed);
both_databases!(names_routes_that_collide, asks_for_yes_before_all_else);
both_databases!(wrong_settings_are_wrong_usage, says_its_version, shows_what_makes_a_user);
#[cfg(unix)]
both_databases!(warns_of_secrets_that_all_can_read);

async fn helps(database: Database) {
    let program = Program::new(KANBAN, &database);
    for arguments in
        [&["--help"][..], &["-h"], &["help"], &["serve", "--help"], &["db", "--help"], &["user", "create", "--help"]]
    {
        let help = program.run(arguments).await;
        help.assert_code(0);
        assert!(help.stdout.contains("Usage") && help.stderr.is_empty(), "{help:?}");
    }
    program.run(&["user", "create", "--help"]).await.assert_says("  kanban user create --set name=Ann");
    let help = program.env("JWT_SECRET", SECRET).run(&["--help"]).await;
    for word in ["serve", "db", "routes", "user", "Examples", "DATABASE_URL"] {
        help.assert_says(word);
    }
    assert!(!help.stdout.contains(SECRET) && !help.stdout.contains(&database.url), "{help:?}");
}

async fn refuses_wrong_usage(database: Database) {
    let program = Program::new(KANBAN, &database);
    for arguments in [
        &["nonsense"][..],
        &["--nonsense"],
        &["serve", "--port", "x"],
        &["serve", "--port", "70000"],
        &["db"],
        &["db", "nonsense"],
        &["user", "create", "--password", "x"],
        &["user"],
        &["routes", "x"],
        &["--port", "1", "db", "status"],
    ] {
        let refused = program.run(arguments).await;
        refused.assert_code(2);
        assert!(!refused.stderr.is_empty(), "{refused:?}");
    }
    let near = program.run(&["db", "creat"]).await;
    near.assert_code(2).assert_says("create");
}

async fn lists_routes(database: Database) {
    let program = Program::new(KANBAN, &database);
    let table = program.run(&["routes"]).await;
    table
        .assert_code(0)
        .assert_says("/cards/{id}")
        .assert_says("PATCH")
        .assert_says("owner")
        .assert_says("/auth/register");
    let list = program.run(&["routes", "--json"]).await;
    list.assert_code(0);
    let routes: Vec<Value> = serde_json::from_str(&list.stdout).expect("a JSON list");
    let find = |method: &str, path: &str| routes.iter().find(|r| r["method"] == method && r["path"] == path);
    for (method, path, who) in [
        ("GET", "/cards", &["public"][..]),
        // Whoever makes a card is its owner.
        ("POST", "/cards", &["authenticated"]),
        ("DELETE", "/cards/{id}", &["owner", "admin"]),
        ("GET", "/users", &["owner", "admin"]),
        ("DELETE", "/users/{id}", &["admin"]),
        ("POST", "/auth/login", &["public"]),
    ] {
        let route = find(method, path).unwrap_or_else(|| panic!("{method} {path} is not in {}", list.stdout));
        assert_eq!(route["who"], who.join(" | "), "{route}");
    }
    assert!(find("PUT", "/cards").is_none(), "{}", list.stdout);
    assert_eq!(list.stderr, "");
}

/// What would stop a server is told by the command that lists its routes, too.
async fn names_routes_that_collide(database: Database) {
    let program = Program::new(VARIANTS, &database).env("VARIANT", "colliding");
    for arguments in [&["routes"][..], &["routes", "--json"], &["serve", "--port", "0", "--dev"]] {
        let refused = program.run(arguments).await;
        refused.assert_code(1).assert_says("GET /notes").assert_says("GET /openapi.json");
        assert_eq!(refused.stdout, "", "{refused:?}");
    }
    let undocumented = program.env("OPENAPI", "false").run(&["routes"]).await;
    undocumented.assert_code(1).assert_says("GET /notes");
    assert!(!undocumented.stderr.contains("openapi.json"), "{undocumented:?}");
}

async fn prints_the_schema(database: Database) {
    let program = Program::new(KANBAN, &database);
    let printed = program.run(&["db", "create", "--print"]).await;
    printed.assert_code(0);
    let sql = &printed.stdout;
    assert!(sql.contains("CREATE TABLE"), "{sql}");
    match database.backend {
        Backend::Sqlite => assert!(sql.contains("STRICT") && sql.contains("AUTOINCREMENT"), "{sql}"),
        Backend::Postgres => assert!(sql.contains("GENERATED") && sql.contains("COLLATE \"C\""), "{sql}"),
    }
    // Nothing was made, and what was printed can be run.
    program.run(&["db", "status"]).await.assert_code(1);
    database.execute(sql).await;
    assert_eq!(database.number("SELECT count(*) FROM cards").await, 0);
    let again = program.run(&["db", "create", "--print"]).await;
    assert_eq!(again.stdout, *sql, "the same structs are the same SQL");
}

async fn makes_and_drops_tables(database: Database) {
    let program = Program::new(KANBAN, &database);
    program.run(&["db", "status"]).await.assert_code(1).assert_says("db create");
    program.run(&["db", "create"]).await.assert_code(0);
    program.run(&["db", "create"]).await.assert_code(0);
    program.run(&["db", "status"]).await.assert_code(0).assert_says("cards");
    let status = program.run(&["db", "status", "--json"]).await;
    status.assert_code(0);
    assert!(serde_json::from_str::<Value>(&status.stdout).is_ok(), "{status:?}");
    program.run(&["db", "seed"]).await.assert_code(0);
    let cards = database.number("SELECT count(*) FROM cards").await;
    program.run(&["db", "status"]).await.assert_code(0).assert_says(&cards.to_string());
    for unsure in ["drop", "reset"] {
        program.run(&["db", unsure]).await.assert_code(2).assert_says("--yes");
    }
    assert_eq!(database.number("SELECT count(*) FROM cards").await, cards, "nothing was dropped");
    program.run(&["db", "drop", "--yes"]).await.assert_code(0);
    let left = match database.backend {
        Backend::Sqlite => "SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
        Backend::Postgres => "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'",
    };
    assert_eq!(database.number(left).await, 0, "not even ours are left");
    program.run(&["db", "drop", "--yes"]).await.assert_code(0);
    program.run(&["db", "reset", "--yes"]).await.assert_code(0);
    assert_eq!(database.number("SELECT count(*) FROM cards").await, cards);
}

/// Whoever is not sure is told that and nothing else, also where there is no database.
async fn asks_for_yes_before_all_else(database: Database) {
    let nowhere = match database.backend {
        Backend::Sqlite => "sqlite:nothing.db",
        Backend::Postgres => "postgres://somebody@127.0.0.1:1/nothing",
    };
    let lost = Program::bare(KANBAN).env("DATABASE_URL", nowhere);
    for name in ["drop", "reset"] {
        let refused = lost.run(&["db", name]).await;
        refused.assert_code(2).assert_says(&format!("`db {name} --yes`")).assert_says("would destroy");
        assert!(!refused.stderr.contains("cannot open"), "{refused:?}");
        assert_eq!(refused.stderr.matches("hint: ").count(), 1, "{refused:?}");
    }
    lost.run(&["db", "drop", "--yes"]).await.assert_code(1).assert_says("cannot open");
}

async fn login(client: &Client, email: &str, password: &str) -> restruct_tests::Answer {
    client.post("/auth/login").json(&json!({"email": email, "password": password})).send().await
}

async fn makes_users(database: Database) {
    let program = Program::new(KANBAN, &database);
    program.run(&["db", "create"]).await.assert_code(0);
    let create = async |extra: &[&str], input: &str| {
        let mut arguments = vec!["user", "create", "--password-stdin"];
        arguments.extend(extra);
        program.run_with(&arguments, input).await
    };
    let root = ["--admin", "--set", "name=Root", "--set", "email=root@example.com"];
    let made = create(&root, &format!("{PASSWORD}\n")).await;
    made.assert_code(0);
    assert!(!made.stdout.contains(PASSWORD) && !made.stderr.contains(PASSWORD), "{made:?}");
    let taken = create(&root, PASSWORD).await;
    taken.assert_code(1).assert_says("the user cannot be created").assert_says("email: is taken");
    create(&["--set", "name=Ann", "--set", "email=ann@example.com"], "short").await.assert_code(1).assert_says("8");
    create(&["--set", "name=Ann"], PASSWORD).await.assert_code(1).assert_says("email");
    create(&["--set", "name=Ann", "--set", "email=nobody"], PASSWORD).await.assert_code(1).assert_says("email");
    let typo = create(&["--set", "nmae=Ann", "--set", "email=ann@example.com"], PASSWORD).await;
    assert!(matches!(typo.code, Some(1 | 2)), "{typo:?}");
    typo.assert_says("name");
    let open =
        create(&["--set", "name=Ann", "--set", "email=ann@example.com", "--set", "password=long enough"], PASSWORD)
            .await;
    assert!(matches!(open.code, Some(1 | 2)), "a password is never an argument: {open:?}");
    let unasked =
        program.run_with(&["user", "create", "--set", "name=Ann", "--set", "email=ann@example.com"], PASSWORD);
    let unasked = unasked.await;
    assert!(matches!(unasked.code, Some(1 | 2)), "there is no terminal to ask at: {unasked:?}");
    unasked.assert_says("--password-stdin");
    create(&["--set", "nonsense"], PASSWORD).await.assert_code(2);
    create(&["--set", "name=A=nn", "--set", "email=ann@example.com"], PASSWORD).await.assert_code(0);
    let running = program.serve(&[]).await;
    let root = login(&running.client, "root@example.com", PASSWORD).await;
    assert_eq!(root.ok(200)["user"]["is_admin"], true);
    let ann = login(&running.client, "ann@example.com", PASSWORD).await.ok(200);
    assert_eq!((&ann["user"]["is_admin"], &ann["user"]["name"]), (&json!(false), &json!("A=nn")));
    running.stop().await;
}

async fn serves_in_development(database: Database) {
    let running = Program::new(KANBAN, &database).serve(&[]).await;
    running.client.get("/cards").send().await.assert_status(200);
    running.client.get("/stats").send().await.assert_status(200);
    let body = json!({"name": "x", "email": "x@example.com", "password": PASSWORD});
    let token = session(&running.client.post("/auth/register").json(&body).send().await, 201, PASSWORD).token;
    running.client.get("/auth/me").token(&token).send().await.assert_status(200);
    let banner = running.stop().await;
    for word in ["/cards", "/users", "/comments", "JWT_SECRET", "user create --admin"] {
        assert!(banner.contains(word), "{word} is not in\n{banner}");
    }
    // Without a file name in the way, the default is one beside the caller.
    if database.backend == Backend::Sqlite {
        let bare = Program::bare(KANBAN);
        bare.serve(&[]).await.stop().await;
        assert!(bare.folder().join("kanban.db").is_file());
    }
}

async fn refuses_to_serve_unprepared(database: Database) {
    let program = Program::new(KANBAN, &database).full_cost();
    let open = ["serve", "--host", "0.0.0.0", "--port", "0"];
    program.run(&open).await.assert_code(1).assert_says("JWT_SECRET").assert_says("32");
    program.run(&open).await.assert_says("--host is `0.0.0.0`");
    let short = Program::new(KANBAN, &database).full_cost().env("JWT_SECRET", "thirty-one bytes are too few...");
    for arguments in [&open[..], &["config", "show"]] {
        let refused = short.run(arguments).await;
        refused.assert_code(2).assert_says("32");
        assert!(!refused.stderr.contains("thirty-one"), "{refused:?}");
    }
    let secret = Program::new(KANBAN, &database).full_cost().env("JWT_SECRET", SECRET);
    secret.run(&open).await.assert_code(1).assert_says("db create");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    secret.run(&["serve", "--port", &port]).await.assert_code(1).assert_says(&port);
}

async fn sees_that_structs_have_changed(database: Database) {
    let before = Program::new(VARIANTS, &database).env("VARIANT", "before");
    before.run(&["db", "create"]).await.assert_code(0);
    before.run(&["db", "status"]).await.assert_code(0);
    let after = Program::new(VARIANTS, &database).env("VARIANT", "after");
    for arguments in [&["serve", "--port", "0"][..], &["db", "status"], &["db", "seed"], &["db", "create"]] {
        let drifted = after.run(arguments).await;
        drifted.assert_code(1).assert_says("stars").assert_says("color").assert_says("title");
    }
    before.serve(&[]).await.stop().await;
    after.run(&["db", "reset", "--yes"]).await.assert_code(0);
    after.serve(&[]).await.stop().await;
}

async fn leaves_foreign_tables_alone(database: Database) {
    database.execute("CREATE TABLE cards (mine TEXT); INSERT INTO cards VALUES ('precious')").await;
    let program = Program::new(KANBAN, &database);
    for arguments in [
        &["db", "create"][..],
        &["db", "drop", "--yes"],
        &["db", "reset", "--yes"],
        &["db", "seed"],
        &["serve", "--port", "0"],
    ] {
        program.run(arguments).await.assert_code(1);
        assert_eq!(database.texts("SELECT mine FROM cards").await, [Some("precious".to_owned())], "{arguments:?}");
    }
}

async fn resets_kill_tokens(database: Database) {
    let program = Program::new(KANBAN, &database).env("JWT_SECRET", SECRET);
    let running = program.serve(&[]).await;
    let body = json!({"name": "x", "email": "x@example.com", "password": PASSWORD});
    let before = session(&running.client.post("/auth/register").json(&body).send().await, 201, PASSWORD);
    running.stop().await;
    let running = program.serve(&[]).await;
    running.client.get("/auth/me").token(&before.token).send().await.assert_status(200);
    running.stop().await;
    program.run(&["db", "reset", "--yes"]).await.assert_code(0);
    let running = program.serve(&[]).await;
    let after = session(&running.client.post("/auth/register").json(&body).send().await, 201, PASSWORD);
    assert_eq!(after.id, before.id, "ids come back after a reset");
    running.client.get("/auth/me").token(&before.token).send().await.assert_problem(401, "PGRST301");
    running.client.get("/auth/me").token(&after.token).send().await.assert_status(200);
    running.stop().await;
    // Nor does a token of one server open another.
    let other = Program::new(KANBAN, &database).env("JWT_SECRET", "another secret that is long enough too");
    let running = other.serve(&[]).await;
    running.client.get("/auth/me").token(&after.token).send().await.assert_problem(401, "PGRST301");
    running.stop().await;
}

async fn reads_dot_env(database: Database) {
    let program = Program::bare(KANBAN);
    let file = format!("# settings\nDATABASE_URL=\"{}\"\nJWT_SECRET='{SECRET}'\n", database.url);
    fs::write(program.folder().join(".env"), file).expect("the file");
    program.run(&["db", "create"]).await.assert_code(0);
    assert_eq!(database.number("SELECT count(*) FROM cards").await, 0);
    let banner = program.serve(&[]).await.stop().await;
    assert!(!banner.contains("random"), "the secret is set: {banner}");
    assert!(!banner.contains(SECRET), "{banner}");
}

#[cfg(unix)]
async fn warns_of_secrets_that_all_can_read(database: Database) {
    use std::os::unix::fs::PermissionsExt as _;

    let program = Program::bare(KANBAN);
    let file = program.folder().join(".env");
    let url = match database.backend {
        Backend::Sqlite => database.url.clone(),
        Backend::Postgres => database.url.replace("postgres@", "postgres:hunter2@"),
    };
    let warned = async |text: &str, mode: u32| {
        fs::write(&file, text).expect("the file");
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("its permissions");
        let done = program.run(&["db", "status"]).await;
        assert!(!done.stderr.contains("hunter2") && !done.stderr.contains(SECRET), "{done:?}");
        done.stderr.lines().filter(|line| line.contains("chmod 600 .env")).map(str::to_owned).collect::<Vec<_>>()
    };
    let held = format!("DATABASE_URL={url}\nJWT_SECRET='{SECRET}'\n");
    let told = warned(&held, 0o644).await;
    let [line] = &told[..] else { panic!("one warning: {told:?}") };
    assert!(line.contains("everybody on this machine can read .env") && line.contains("JWT_SECRET"), "{line}");
    assert_eq!(line.contains("DATABASE_URL"), database.backend == Backend::Postgres, "{line}");
    assert_eq!(warned(&held, 0o600).await.len(), 0);
    assert_eq!(warned(&held, 0o640).await.len(), 0, "a group is somebody's choice");
    // What is no secret may be read.
    assert_eq!(warned(&format!("DATABASE_URL={}\nPORT=0\n", database.url), 0o644).await.len(), 0);
}

async fn says_its_version(database: Database) {
    let program = Program::new(KANBAN, &database);
    for flag in ["--version", "-V"] {
        let told = program.run(&[flag]).await;
        told.assert_code(0);
        assert_eq!(told.stdout, concat!("kanban ", env!("CARGO_PKG_VERSION"), "\n"));
    }
    let described = program.run(&["openapi"]).await;
    let described: Value = serde_json::from_str(&described.stdout).expect("JSON");
    let version = described["info"]["version"].as_str().expect("a version");
    assert!(version.starts_with(concat!(env!("CARGO_PKG_VERSION"), "+")), "{version}");
    // One that says none has none.
    Program::new(VARIANTS, &database).run(&["--version"]).await.assert_code(2);
}

/// The examples of the help, as they stand there.
async fn shows_what_makes_a_user(database: Database) {
    let program = Program::new(KANBAN, &database);
    program.run(&["db", "create"]).await.assert_code(0);
    let help = [program.run(&["user", "create", "--help"]).await, program.run(&["--help"]).await];
    let text: String = help.iter().map(|help| help.stdout.replace("\\\n", " ")).collect();
    let examples: Vec<_> = text.lines().filter_map(|line| line.trim().strip_prefix("kanban user create ")).collect();
    let [plain, piped, first] = &examples[..] else { panic!("{examples:?}") };
    for (example, admins) in [(plain, 0), (piped, 1)] {
        let mut arguments = vec!["user", "create"];
        arguments.extend(example.split_whitespace().take_while(|word| *word != "<"));
        if !arguments.contains(&"--password-stdin") {
            arguments.push("--password-stdin");
        }
        program.run_with(&arguments, PASSWORD).await.assert_code(0);
        assert_eq!(database.number("SELECT count(*) FROM users WHERE is_admin").await, admins, "{example}");
    }
    assert_eq!(*first, "--admin --set name=Ann --set email=ann@example.com");
}

async fn says_where_it_cannot_connect(database: Database) {
    let unreachable = match database.backend {
        Backend::Sqlite => "sqlite:/nonexistent/folder/file.db",
        Backend::Postgres => "postgres://somebody:hunter2@127.0.0.1:1/nothing",
    };
    let lost = Program::bare(KANBAN).env("DATABASE_URL", unreachable);
    for arguments in [&["serve", "--port", "0"][..], &["db", "status"], &["db", "create"]] {
        let refused = lost.run(arguments).await;
        refused.assert_code(1);
        assert!(!refused.stderr.is_empty(), "{refused:?}");
        assert!(!format!("{refused:?}").contains("hunter2"), "{refused:?}");
    }
    let unknown = Program::bare(KANBAN).run(&["--database-url", "mysql://x/y", "db", "status"]).await;
    unknown.assert_code(2).assert_says("--database-url").assert_says("sqlite:").assert_says("postgres://");
}

async fn hides_the_password_of_the_database(database: Database) {
    // PostgreSQL takes any password here; a path may look like one.
    let url = database.url.replace("postgres@", "postgres:hunter2@");
    let program = Program::bare(KANBAN).env("DATABASE_URL", &url).env("RUST_LOG", "trace");
    let banner = program.serve(&[]).await.stop().await;
    assert!(!banner.contains("hunter2"), "{banner}");
    for arguments in [&["db", "status"][..], &["db", "create"], &["db", "drop"], &["db", "reset", "--yes"]] {
        let run = program.run(arguments).await;
        assert!(!format!("{run:?}").contains("hunter2"), "{run:?}");
    }
}

async fn runs_commands_of_the_users_own(database: Database) {
    let program = Program::new(VARIANTS, &database);
    program.run(&["--help"]).await.assert_code(0).assert_says("report");
    let dialect = format!("{:?}", database.backend);
    program.run(&["report", "seven"]).await.assert_code(0).assert_says(&format!("seven on {dialect}"));
    program.run(&["report", "none"]).await.assert_code(1).assert_says("no such figure").assert_says("ask for another");
    program.run(&["report"]).await.assert_code(2);
}

async fn refuses_databases_that_cannot_hold_it(database: Database) {
    let program = Program::new(KANBAN, &database);
    let wrong = |url: &str| Program::new(KANBAN, &database).env("DATABASE_URL", url);
    for url in ["mysql://x/y", "kanban.db"] {
        for arguments in [&["db", "create"][..], &["db", "create", "--print"], &["serve"], &["config", "show"]] {
            wrong(url).run(arguments).await.assert_code(2).assert_says("DATABASE_URL");
        }
    }
    match database.backend {
        Backend::Sqlite => {
            for url in ["sqlite:", "sqlite:x?mode=memory"] {
                wrong(url).run(&["db", "create"]).await.assert_code(2).assert_says("sqlite::memory:");
            }
            // A slip in the name makes no file.
            let missing = program.folder().join("missing.db");
            for arguments in [&["db", "status"][..], &["db", "drop", "--yes"], &["db", "seed"]] {
                let refused = wrong(&format!("sqlite:{}", missing.display())).run(arguments).await;
                refused.assert_code(1).assert_says("db create");
                assert!(!missing.exists(), "{arguments:?}");
            }
            for unsure in ["drop", "reset"] {
                let refused = wrong(&format!("sqlite:{}", missing.display())).run(&["db", unsure]).await;
                refused.assert_code(2).assert_says("--yes");
                assert!(!missing.exists(), "{unsure}");
            }
        }
        Backend::Postgres => {
            let path = database.url.split('?').next().unwrap_or_default();
            let (_, name) = path.rsplit_once('/').expect("a database in the URL");
            let other = |other: &str| database.url.replacen(&format!("/{name}"), &format!("/{other}"), 1);
            wrong(&other("not_there_at_all")).run(&["db", "create"]).await.assert_code(1).assert_says("createdb");
            let latin = format!("{name}_latin");
            let create = format!(
                "CREATE DATABASE \"{latin}\" ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc TEMPLATE template0"
            );
            database.execute(&create).await;
            let refused = wrong(&other(&latin)).run(&["db", "create"]).await;
            database.execute(&format!("DROP DATABASE \"{latin}\"")).await;
            refused.assert_code(1).assert_says("UTF8");
        }
    }
}

/// The file, a variable and a flag: what cannot be used is told alike.
async fn wrong_settings_are_wrong_usage(database: Database) {
    for (key, variable, flag, value) in [
        ("server.port", "PORT", "--port", "70000"),
        ("log.format", "LOG_FORMAT", "--log-format", "xml"),
        ("server.host", "HOST", "--host", "nope host"),
        ("metrics.listen", "METRICS_LISTEN", "--metrics-listen", "9090"),
        ("cors.origins", "CORS_ORIGINS", "--cors-origins", "example.com"),
    ] {
        let toml = match key {
            "server.port" => value.to_owned(),
            "cors.origins" => format!("[\"{value}\"]"),
            _ => format!("\"{value}\""),
        };
        let file = Program::new(KANBAN, &database);
        fs::write(file.folder().join("restruct.toml"), format!("{key} = {toml}\n")).expect("the file");
        file.run(&["config", "show"]).await.assert_code(2).assert_says(key);
        let by_variable = Program::new(KANBAN, &database).env(variable, value);
        by_variable.run(&["config", "show"]).await.assert_code(2).assert_says(variable);
        let plain = Program::new(KANBAN, &database);
        plain.run(&["config", "show", flag, value]).await.assert_code(2).assert_says(flag);
        plain.run(&["serve", flag, value]).await.assert_code(2).assert_says(flag);
    }
    for (variable, value) in [("RUST_LOG", "blah=="), ("BCRYPT_COST", "3"), ("RESTRUCT_CONFIG", "none.toml")] {
        Program::new(KANBAN, &database).env(variable, value).run(&["serve"]).await.assert_code(2);
    }
    let dotenv = Program::new(KANBAN, &database);
    fs::write(dotenv.folder().join(".env"), "this is no line\n").expect("the file");
    dotenv.run(&["db", "status"]).await.assert_code(2).assert_says(".env");
}

async fn names_what_cannot_be_computed(database: Database) {
    for (variant, column) in [
        ("misnamed", "`Misnamed.label`"),
        ("unknown", "`Unknown.label`"),
        ("mistyped", "`Mistyped.label`"),
        ("unsteady", "`Unsteady.label`"),
    ] {
        let program = Program::new(VARIANTS, &database).env("VARIANT", variant);
        for arguments in [&["db", "create"][..], &["serve", "--port", "0", "--dev"]] {
            program.run(arguments).await.assert_code(1).assert_says(column);
        }
    }
    // Nothing stays behind.
    Program::new(VARIANTS, &database).env("VARIANT", "before").run(&["db", "create"]).await.assert_code(0);
}

/// Two servers that start on an empty database at once: one makes the tables, both serve.
async fn many_may_start_first(database: Database) {
    let programs = [Program::new(KANBAN, &database), Program::new(KANBAN, &database)];
    let [first, second] = &programs;
    let (first, second) = tokio::join!(first.serve(&[]), second.serve(&[]));
    for running in [first, second] {
        let counted = running.client.get("/cards").header("prefer", "count=exact").send().await;
        counted.assert_header("x-total-count", "48");
        running.stop().await;
    }
}
