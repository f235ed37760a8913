use clap::Command;

use super::{arguments, banner::Banner, example, user::Fields};
use crate::{
    app::App,
    column::{Column, Format, Role},
    config::DatabaseUrl,
    fixture::{THINGS, Thing, USERS},
    resource::Field,
    routes::Operation,
    seed::{Account, Report},
    table::Table,
    value::Value,
};

#[test]
fn the_commands_are_well_formed_and_their_help_fits_a_terminal() {
    let mut app = App::new("kanban").version("1.0.0");
    app.tables.push(&USERS);
    let mut command = arguments::command(&app);
    command.clone().debug_assert();
    command.build();
    let mut all = vec![command];
    while let Some(mut command) = all.pop() {
        let help = command.render_long_help().to_string();
        let wide: Vec<_> = help.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty(), "{}: {wide:?}", command.get_name());
        all.extend(command.get_subcommands().cloned());
    }
}

#[test]
fn what_belongs_to_serve_does_nothing_elsewhere_and_says_so() {
    let stray = |line: &[&str]| {
        let mut command = arguments::command(&App::new("kanban"));
        let matches = command.try_get_matches_from_mut(line).unwrap();
        arguments::refuse_stray(&mut command, &matches).map_err(|e| e.exit_code()).err()
    };
    assert_eq!(stray(&["kanban", "--port", "1"]), None);
    assert_eq!(stray(&["kanban", "serve", "--port", "1"]), None);
    assert_eq!(stray(&["kanban", "--database-url", "sqlite:x", "routes"]), None);
    assert_eq!(stray(&["kanban", "--port", "1", "routes"]), Some(2));
    assert_eq!(stray(&["kanban", "--dev", "db", "seed"]), Some(2));
}

#[test]
fn two_commands_of_one_name_are_a_mistake() {
    let with = |name: &'static str| App::new("kanban").command(Command::new(name), |_, _| async { Ok(()) });
    assert!(arguments::taken(&with("report").commands).is_none());
    let error = arguments::taken(&with("db").commands).unwrap().to_string();
    assert!(error.contains("two commands `db`"), "{error}");
}

fn banner(terminal: bool) -> String {
    let account = Account { login: "ann@example.com".into(), password: "made-up".into() };
    let report = Report { accounts: vec![account], ..Report::default() };
    assert!(!format!("{report:?}").contains("made-up"));
    let operation = |method, path: &str| Operation { method, ..Operation::service(path) };
    let banner = Banner {
        name: "kanban",
        address: ([127, 0, 0, 1], 8080).into(),
        metrics: None,
        docs: Some("/docs"),
        database: &DatabaseUrl::new("postgres://ann:hunter2@db/kanban"),
        development: true,
        random_secret: true,
        seeded: Some(&report),
        routes: &[operation("GET", "/cards"), operation("POST", "/cards"), operation("GET", "/cards/{id}")],
        terminal,
    };
    banner.to_string()
}

#[test]
fn the_banner_shows_passwords_at_a_terminal_alone() {
    let (shown, hidden) = (banner(true), banner(false));
    for text in [&shown, &hidden] {
        for part in [
            "http://127.0.0.1:8080",
            "docs      http://127.0.0.1:8080/docs",
            "development mode",
            "postgres://ann:***@db/kanban",
            "JWT_SECRET",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(text.lines().any(|line| line.contains("/cards ") && line.ends_with("GET POST")), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
    assert!(shown.contains("ann@example.com  made-up"), "{shown}");
    assert!(!hidden.contains("made-up") && hidden.contains("user create --admin"), "{hidden}");
    // Others may have been seeded with passwords that are no secret.
    assert!(hidden.contains("One account has a random password"), "{hidden}");
}

#[test]
fn everything_wrong_with_a_user_is_said_at_once() {
    let settings = ["emial=ann@example.com", "password=x", "is_admin=true", "id=3"];
    let Ok(fields) = Fields::read(&USERS, settings) else { panic!("the settings have the right shape") };
    for (name, part) in [
        ("emial", "did you mean `email`?"),
        ("email", "is required"),
        ("password", "--password-stdin"),
        ("is_admin", "--admin"),
        ("id", "kept by the server"),
    ] {
        assert!(fields.errors.get(name).is_some_and(|text| text.contains(part)), "{name}: {:?}", fields.errors);
    }
    assert!(Fields::read(&USERS, ["email"]).is_err());
    assert!(Fields::read(&USERS, ["email=a@b.c", "email=d@e.f"]).is_err());
}

#[test]
fn values_are_read_by_the_kind_of_their_column_and_checked() {
    let settings = ["title=a=b", "status=Nope", "count=7", "day=2026-02-30", "meta={\"a\":1}", "code=UPPER", "big=1e3"];
    let Ok(fields) = Fields::read(&THINGS, settings) else { panic!("the settings have the right shape") };
    let names: Vec<_> = fields.errors.keys().map(String::as_str).collect();
    assert_eq!(names, ["big", "code", "count", "day", "status"]);
    let value = |json| fields.values.iter().find(|(column, _)| column.json == json).map(|(_, value)| value.clone());
    assert_eq!(value("title"), Some(Value::Text("a=b".into())));
    assert_eq!(value("meta"), Some(Value::Json("{\"a\":1}".into())));
}

static PICKY: Table = Table {
    resource: "Picky",
    columns: &[
        text("id").role(Role::Id),
        text("code").pattern("^[A-Z]+$"),
        text("site").format(Format::Url),
        text("short").length(1, Some(2)),
        text("word").pattern("^nobody knows$"),
        text("it's"),
    ],
    ..Table::BLANK
};

const fn text(name: &'static str) -> Column {
    Field::<Thing, String>::new(name).shape()
}

#[test]
fn the_example_of_a_user_is_one_that_can_be() {
    for table in [&THINGS, &USERS] {
        let all = example::fields(table, "Ann");
        let settings: Vec<_> = all.iter().map(|field| field.strip_prefix("--set ").unwrap()).collect();
        let Ok(fields) = Fields::read(table, settings) else { panic!("{all:?}") };
        assert!(fields.errors.is_empty() && !all.is_empty(), "{all:?}: {:?}", fields.errors);
    }
    let all = example::fields(&PICKY, "Ann");
    assert_eq!(
        all,
        ["--set code=ANN", "--set site=https://example.com", "--set short=A1", "--set word=..", "--set 'it'\\''s=Ann'"]
    );
    let shown = example::command("kanban user create", &[&all[..], &all, &all].concat(), "--password-stdin < secret");
    let lines: Vec<_> = shown.lines().collect();
    assert!(lines.len() > 3 && lines.iter().all(|line| line.chars().count() <= 80), "{shown}");
    assert!(lines[..lines.len() - 1].iter().all(|line| line.ends_with(" \\")), "{shown}");
}
