//! The same answers, byte for byte, from SQLite past sqlx, from SQLite over sqlx, and from PostgreSQL.

use restruct::App;
use restruct_tests::{
    Answer, Server, backend,
    resources::{Album, Artist, Card, Comment, Contract, Diary, Entry, Poster, odd},
    server::PASSWORD,
};
use serde_json::{Value, json};

#[test]
fn answers_are_the_same() {
    backend::serve_all(everything, async |servers| {
        let mut tokens = [(); 3].map(|()| String::new());
        for (line, step) in SCRIPT.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
            let mut answers = Vec::new();
            for (server, token) in servers.iter().zip(&mut tokens) {
                let answer = run(server, token, step).await;
                if step.contains("/auth/login") && answer.status == 200 {
                    answer.json()["access_token"].as_str().expect("a token").clone_into(token);
                }
                answers.push(comparable(&answer));
            }
            assert_eq!(answers[0], answers[1], "SQLite without and with sqlx, step {line}: {step}");
            assert_eq!(answers[0], answers[2], "SQLite and PostgreSQL, step {line}: {step}");
        }
    });
}

fn everything() -> App {
    let app = odd().resource::<Card>().resource::<Comment>().resource::<Diary>().resource::<Entry>();
    app.resource::<Artist>().resource::<Album>().resource::<Poster>().resource::<Contract>()
}

/// Method, path, and a body of JSON; a `!` before the method leaves the token out. Where the database itself refuses a
/// row, no row follows in that table: PostgreSQL does not give the key of a refused one again, and ids may differ.
const SCRIPT: &str = r#"
    !POST /auth/register {"name": "Ann", "email": "Ann@Example.com", "password": "correct horse battery"}
    !POST /auth/register {"name": "Ann", "email": "ann@example.com", "password": "correct horse battery"}
    !POST /auth/login {"email": "ANN@example.com", "password": "correct horse battery"}
    !POST /auth/login {"email": "ANN@example.com", "password": "wrong"}
    GET /auth/me
    GET /users
    GET /users/1
    GET /users/2
    PATCH /users/1 {"is_admin": true}
    PATCH /users/1 {"is_admin": false, "name": "Anna"}
    PATCH /users/2 {"is_admin": true}
    DELETE /users/1
    POST /users {"name": "x", "email": "x@example.com", "password": "correct horse battery"}
    POST /cards {"title": "żółć", "date": "2026-02-28", "status": "Done"}
    POST /cards [{"title": "a"}, {"title": "B", "description": "\u2028\n\t\"\\"}, {"title": "c", "priority": "High"}]
    POST /cards [{"title": "a"}, {"title": null, "x": 1}]
    POST /cards {}
    !POST /cards {}
    GET /cards
    HEAD /cards
    GET /cards?order=title
    GET /cards?order=title.desc,id&limit=2&offset=1
    GET /cards?order=date
    GET /cards?order=date.desc
    GET /cards?status=in.(Done,%22To%20Do%22)&title=neq.a
    GET /cards?title=ilike.b
    GET /cards?title=like.*%C3%B3*
    GET /cards?created_at=lt.2020-01-01T00:00:00Z
    GET /cards?titel=x
    GET /cards?id=eq.x
    GET /cards?offset=1000
    GET /cards?limit=1001
    GET /cards/1
    GET /cards/99
    GET /cards/01
    GET /cards/9223372036854775807
    GET /cards/9223372036854775808
    PATCH /cards/1 {"title": "new", "version": 7}
    PATCH /cards/1 {"title": ""}
    PATCH /cards/99 {"title": "x"}
    PUT /cards/1 {"title": "put"}
    PUT /cards/1 {"status": "Done"}
    DELETE /cards/2
    DELETE /cards/2
    OPTIONS /cards
    OPTIONS /cards/1
    DELETE /cards
    BREW /cards
    GET /nothing
    POST /comments {"message": "x", "card_id": 1}
    POST /comments {"message": "x", "card_id": 2}
    POST /comments {"message": "x", "card_id": 9223372036854775807}
    POST /comments [{"message": "x", "card_id": 1}, {"message": "x", "card_id": 2}]
    PATCH /comments/1 {"card_id": 2}
    DELETE /cards/1
    GET /comments
    POST /diaries {"title": "mine"}
    GET /diaries
    !GET /diaries
    POST /entries {"text": "x", "diary_id": 1}
    POST /entries {"text": "x", "diary_id": 2}
    POST /artists {"name": "x"}
    POST /albums {"artist_id": 1}
    POST /posters {"artist_id": 1}
    POST /contracts {"artist_id": 1}
    DELETE /artists/1
    DELETE /contracts/1
    DELETE /artists/1
    GET /posters
    GET /albums
    POST /seats {"hall": "A", "number": 1, "code": "x"}
    POST /seats {"hall": "C", "number": 2}
    POST /seats {"hall": "A", "number": 1, "code": "x"}
    POST /seats {"hall": "A", "number": 1}
    POST /seats [{"hall": "B", "number": 1}, {"hall": "B", "number": 1}]
    POST /seats [{"hall": "B", "number": 1, "code": "y"}, {"hall": "B", "number": 2, "code": "x"}]
    PATCH /seats/2 {"hall": "A", "number": 1, "code": "x"}
    GET /seats
    POST /tickets {"number": 1, "pin": "x", "state": "y"}
    PATCH /tickets/1 {"number": 2}
    PATCH /tickets/1 {"number": 2, "class": 5}
    PUT /tickets/1 {}
    GET /tickets?pin=eq.x
    POST /forms {"word": "no", "grade": 0, "share": 2, "code": "x", "mail": "x", "site": "x", "even": 1, "raw": "AAAA"}
    POST /forms {"word": "yes", "grade": 1, "share": 0, "code": "AA1", "even": 666}
    POST /groups {"type": "a", "table": "b", "position": 1}
    POST /groups {"type": "a", "table": "b", "position": 1}
    POST /groups {"type": "a", "table": "c", "order": 1}
    POST /maybe {}
    POST /maybe {"flag": true, "small": -1, "medium": 2, "large": 9007199254740993, "real": 0.1, "text": ""}
    POST /maybe {"real": 1e21}
    POST /maybe {"real": 1e-7}
    POST /maybe {"real": -0.0}
    POST /maybe {"real": 100}
    POST /maybe {"real": 1.7976931348623157e308}
    POST /maybe {"real": 5e-324}
    POST /maybe {"small": 1.0}
    POST /maybe {"small": 1e2}
    POST /maybe {"large": 9223372036854775808}
    POST /maybe {"bytes": "", "uuid": "0192F0C1-2D3E-7ABC-8DEF-0123456789AB"}
    POST /maybe {"date": "0001-01-01", "time": "00:00:00", "moment": "9999-12-31T23:59:59.999999"}
    POST /maybe {"time": "23:59:59.5", "moment": "2026-01-01T00:00:00", "stamp": "2026-01-01T00:00:00.1+00:00"}
    POST /maybe {"time": "23:59:60"}
    POST /maybe {"stamp": "2026-06-30T23:59:60Z"}
    POST /maybe {"tree": {"z": 1, "a": [1.0, 1e2, 1E400]}}
    POST /maybe {"tree": {"z": 1, "a": [1.0, 1e2, -0, "\u00fc", "\ud83e\udd80"]}}
    POST /maybe {"tree": 12345678901234567890123}
    POST /maybe {"point": {"y": 1, "x": 2}}
    GET /maybe
    GET /maybe?order=real
    GET /maybe?order=real.desc.nullslast
    GET /maybe?real=eq.0
    GET /maybe?real=gt.1e20
    GET /maybe?order=date,time.desc
    GET /maybe?tree=is.not_null
    GET /maybe?time=eq.23:59:59.5
    GET /maybe?bytes=eq.
    GET /maybe?uuid=eq.0192F0C1-2D3E-7ABC-8DEF-0123456789AB
    POST /readings [{"label": "a"}, {"label": "A"}, {"label": "ä"}, {"label": "_"}, {"label": ""}, {}]
    GET /readings?order=label
    GET /readings?order=label.desc
    GET /readings?label=gt.A
    GET /readings?label=ilike.A
    GET /readings?label=like.%5C_
    GET /readings?label=not.in.(a,A)
    POST /auth/password {"current": "wrong", "new": "x"}
    POST /auth/password {"current": "wrong", "new": "another passphrase"}
    POST /auth/password {"current": "correct horse battery", "new": "another passphrase"}
    GET /auth/me
    GET /cards
    !POST /auth/login {"email": "ann@example.com", "password": "another passphrase"}
    GET /auth/me
"#;

async fn run(server: &Server, token: &str, step: &str) -> Answer {
    let (step, anonymous) = step.strip_prefix('!').map_or((step, false), |rest| (rest, true));
    let mut parts = step.splitn(3, ' ');
    let (method, path) = (parts.next().expect("a method"), parts.next().expect("a path"));
    let mut call = server.call(method, path).header("prefer", "count=exact");
    if !anonymous && !token.is_empty() {
        call = call.token(token);
    }
    if let Some(body) = parts.next() {
        call = call.body("application/json", body.to_owned());
    }
    call.send().await
}

/// The answer without what no two servers share.
pub(crate) fn comparable(answer: &Answer) -> String {
    let own = |name: &str| matches!(name, "date" | "x-request-id" | "content-length");
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !own(name.as_str()))
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().expect("a header in ASCII")))
        .collect();
    headers.sort_unstable();
    let mut body = answer.text().to_owned();
    for member in ["instance", "access_token", "expires_at", "created_at", "updated_at", "made", "touched"] {
        body = masked(&body, member);
    }
    format!("{}\n{}\n{body}", answer.status, headers.concat())
}

/// JSON with one member's values blanked out wherever it stands.
fn masked(json: &str, member: &str) -> String {
    let name = format!("\"{member}\":");
    let mut parts = json.split(&name);
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find([',', '}']).unwrap_or(part.len());
        all.push_str(&name);
        all.push('?');
        all.push_str(&part[end..]);
    }
    all
}

#[test]
fn a_mask_hides_one_member_and_no_more() {
    let body = json!({"made": "x", "password": PASSWORD, "rows": [{"made": 5}]});
    let hidden = masked(&body.to_string(), "made");
    assert_eq!(hidden, format!(r#"{{"made":?,"password":"{PASSWORD}","rows":[{{"made":?}}]}}"#));
    assert_eq!(masked("[]", "made"), "[]");
    assert!(serde_json::from_str::<Value>(&hidden.replace('?', "0")).is_ok());
}
