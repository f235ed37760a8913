use super::*;

fn settings(pairs: &[(&'static str, &str)]) -> Settings {
    let program = pairs.iter().map(|(key, text)| (*key, (*text).to_owned())).collect();
    Settings::bare(Sources { app: "kanban", program, ..Sources::default() }).unwrap()
}

fn decide(pairs: &[(&'static str, &str)], dev: bool, debug_build: bool) -> Result<Config> {
    Ok(Config::decide(&settings(pairs), Asker::Server { dev, debug_build })?)
}

const SECRET: (&str, &str) = ("auth.jwt_secret", "0123456789abcdef0123456789abcdef");

#[test]
fn development_is_a_debug_build_on_a_loopback_address_or_asked_for() {
    for (host, debug, dev, expected) in [
        ("127.0.0.1", true, false, true),
        ("127.8.0.1", true, false, true),
        ("::1", true, false, true),
        ("localhost", true, false, true),
        ("0.0.0.0", true, false, false),
        ("127.0.0.1.example.com", true, false, false),
        ("127.0.0.1", false, false, false),
        ("0.0.0.0", false, true, true),
    ] {
        let config = decide(&[SECRET, ("server.host", host)], dev, debug).unwrap();
        assert_eq!(config.development, expected, "{host} {debug} {dev}");
    }
    assert!(!Config::decide(&settings(&[SECRET]), Asker::Router).unwrap().development);
}

#[test]
fn a_missing_secret_is_random_in_development_and_an_error_elsewhere() {
    assert!(decide(&[], false, true).unwrap().jwt_secret.is_none());
    let router = Config::decide(&settings(&[]), Asker::Router).unwrap_err();
    assert!(matches!(router, Unfit::Missing(_)), "{router:?}");
    let open = &[("server.host", "0.0.0.0")];
    for (error, why) in [
        (decide(&[], false, false).unwrap_err(), "or --dev"),
        (decide(open, false, true).unwrap_err(), "server.host of the program is `0.0.0.0`"),
        (router.into(), "a server that knows its address"),
    ] {
        let error = error.to_string();
        assert!(error.contains("JWT_SECRET is not set") && error.contains("openssl"), "{error}");
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn places_are_checked_where_they_are_said() {
    let refused = |key: &'static str, text: &str| check_places(&settings(&[(key, text)])).err().map(|e| e.to_string());
    for good in ["127.0.0.1", "0.0.0.0", "::1", "fe80::1%eth0", "localhost", "api.example.com"] {
        assert_eq!(refused("server.host", good), None, "{good}");
    }
    for bad in ["nope host", "http://localhost", "127.0.0.1/8", "[::1]"] {
        assert!(refused("server.host", bad).is_some_and(|text| text.starts_with("server.host of the program must be")));
    }
    for bad in ["mysql://ann:hunter2@db/app", "kanban.db", "postgres://ann:hunter2@db:none/app"] {
        let text = refused("database.url", bad).unwrap();
        assert!(text.starts_with("database.url of the program cannot be used") && !text.contains("hunter2"), "{text}");
    }
    assert_eq!(check_places(&settings(&[])).map_err(|e| e.to_string()), Ok(()));
}

#[test]
fn a_short_secret_is_refused_in_every_mode() {
    for debug in [true, false] {
        let error = decide(&[("auth.jwt_secret", &"s".repeat(31))], false, debug).unwrap_err().to_string();
        assert!(error.contains("31 bytes") && !error.contains("sss"), "{error}");
        assert!(decide(&[("auth.jwt_secret", &"s".repeat(32))], false, debug).is_ok());
    }
}

#[test]
fn a_cheap_password_hash_is_for_development_alone() {
    let cost =
        |text, debug| decide(&[SECRET, ("auth.bcrypt_cost", text)], false, debug).map(|config| config.bcrypt_cost).ok();
    assert_eq!(cost("4", true), Some(4));
    assert_eq!(cost("4", false), None);
    assert_eq!(cost("10", false), Some(10));
    assert_eq!(decide(&[], false, true).unwrap().bcrypt_cost, 12);
}

#[test]
fn a_statement_ends_before_its_request_does() {
    let limits = decide(&[], false, true).unwrap().limits;
    assert_eq!((limits.request.as_secs(), limits.statement().as_secs()), (10, 6));
    let limits = decide(&[("server.request_timeout", "1")], false, true).unwrap().limits;
    assert_eq!(limits.statement().as_millis(), 600);
}

#[test]
fn nothing_prints_a_secret() {
    assert!(!format!("{:?}", decide(&[SECRET], false, false).unwrap()).contains("0123"));
    for (url, shown, holds_one) in [
        ("postgres://ann:s3cret@db/app?password=s3cret", "postgres://ann:***@db/app", true),
        ("postgres://ann@db/app?password=s3cret", "postgres://ann@db/app", true),
        ("postgres://ann@db:5433/app", "postgres://ann@db:5433/app", false),
        ("postgres://ann:s3cret@db:none/app", "(a URL that cannot be read)", true),
        ("sqlite:app.db?mode=rwc", "sqlite:app.db?mode=rwc", false),
    ] {
        let url = DatabaseUrl::new(url);
        assert_eq!((url.to_string().as_str(), url.has_password()), (shown, holds_one));
        assert!(!format!("{url:?}").contains("s3cret"));
    }
}

#[test]
fn random_secrets_differ() {
    let (a, b) = (JwtSecret::random().unwrap().into_bytes(), JwtSecret::random().unwrap().into_bytes());
    assert!(a.len() == 32 && a != b);
}

#[test]
fn every_default_is_a_value_of_its_setting_and_every_name_is_there_once() {
    for setting in TABLE {
        assert!(setting.default.is_empty() || setting.kind.check(setting.default).is_ok(), "{}", setting.key);
        assert!(setting.secret != table::Secret::Whole || setting.flag.is_none(), "{}", setting.key);
        for same in TABLE {
            let other = std::ptr::from_ref(setting) != same;
            assert!(!other || (setting.key != same.key && setting.variable != same.variable), "{}", setting.key);
            assert!(!other || setting.flag.is_none() || setting.flag != same.flag, "{}", setting.key);
        }
    }
}
