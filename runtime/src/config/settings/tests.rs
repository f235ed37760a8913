use super::*;

fn gather(toml: &str, variables: &[(&str, &str)], sources: Sources) -> Result<Settings> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("restruct.toml");
    std::fs::write(&path, toml).unwrap();
    Settings::from(Sources { app: "kanban", file: Some(path), ..sources }, |name| {
        let found = variables.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, text)| (*text).to_owned()).ok_or(VarError::NotPresent)
    })
}

#[test]
fn the_later_source_wins() {
    let toml = "server.port = 3";
    let program = || vec![("server.port", "2".to_owned())];
    let flags = || vec![("server.port", "5".to_owned())];
    for (toml, variables, program, flags, port) in [
        ("", &[][..], vec![], vec![], 8080),
        ("", &[], program(), vec![], 2),
        (toml, &[], program(), vec![], 3),
        (toml, &[("PORT", "4")], program(), vec![], 4),
        (toml, &[("PORT", "4")], program(), flags(), 5),
    ] {
        let sources = Sources { program, flags, ..Sources::default() };
        let settings = gather(toml, variables, sources).unwrap();
        assert_eq!(settings.number::<u16>("server.port").unwrap(), port);
    }
    let settings = gather("", &[], Sources::default()).unwrap();
    assert_eq!(settings.database().to_string(), "sqlite:kanban.db");
    assert_eq!(settings.text("auth.jwt_secret"), None);
}

#[test]
fn each_says_where_it_comes_from_and_none_shows_a_secret() {
    let variables = [("DATABASE_URL", "postgres://ann:hunter2@db/app"), ("HOST", "::1")];
    let dotenv = HashSet::from(["HOST".to_owned()]);
    let settings =
        gather("\nauth.jwt_secret = \"hunter2hunter2\"", &variables, Sources { dotenv, ..Sources::default() });
    let settings = settings.unwrap();
    let source = |key| settings.get(key).source.to_string();
    assert_eq!(source("database.url"), "DATABASE_URL");
    assert_eq!(source("server.host"), "HOST in .env");
    assert!(source("auth.jwt_secret").ends_with("restruct.toml:2"));
    assert_eq!(source("server.port"), "default");
    assert_eq!(settings.get("database.url").shown().unwrap(), "postgres://ann:***@db/app");
    assert!(!format!("{settings:?}").contains("hunter2"));
}

#[test]
fn all_that_is_wrong_is_told_at_once_by_the_name_it_was_set_by() {
    let variables = [("PORT", "no"), ("LOG_FORMAT", "xml"), ("DATABASE_URL", "")];
    let text = gather("", &variables, Sources::default()).unwrap_err().to_string();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "DATABASE_URL must be a text that is not empty",
            "PORT must be a number from 0 to 65535",
            "LOG_FORMAT must be `text` or `json`"
        ]
    );
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let sources = Sources { file: Some("/nonexistent/x.toml".into()), ..Sources::default() };
    let text = Settings::from(sources, |_| Err(VarError::NotPresent)).unwrap_err().to_string();
    assert!(text.contains("/nonexistent/x.toml") && text.contains("--config"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_file_with_secrets_that_all_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("restruct.toml");
    let warnings = |toml: &str, mode: u32| {
        std::fs::write(&path, toml).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let sources = Sources { file: Some(path.clone()), ..Sources::default() };
        Settings::from(sources, |_| Err(VarError::NotPresent)).unwrap().warnings
    };
    let secret = "auth.jwt_secret = \"0123456789\"";
    let open = "database.url = \"postgres://ann@db/app\"";
    let shut = "database.url = \"postgres://ann:hunter2@db/app\"";
    assert_eq!(warnings(secret, 0o600).len(), 0);
    assert_eq!(warnings(secret, 0o640).len(), 0);
    assert_eq!(warnings(open, 0o644).len(), 0);
    assert!(warnings(shut, 0o644)[0].contains("database.url"));
    let told = &warnings(secret, 0o644)[0];
    assert!(told.contains("auth.jwt_secret") && told.contains("chmod 600") && !told.contains("0123"), "{told}");
}
