//! Every embedded row passes its own read rule.

use restruct_tests::{
    Server, both,
    resources::{kanban, related},
};
use serde_json::{Value, json};

use super::{board, list};

both!(kanban; shows_whom_the_caller_may_see, tells_nothing_of_the_others, hides_what_is_hidden, a_dead_token_sees_nothing);
both!(related; rows_of_others_are_not_embedded);

async fn shows_whom_the_caller_may_see(server: Server) {
    let (ann, _) = board(&server, 1).await;
    let (bob, root) = (server.register("Bob").await, server.admin("Root").await);
    let card = server.create("/cards", &bob.token, &json!({"title": "third"})).await;
    let path = "/cards?select=title,user(name)&order=id";
    let names = |body: &Value| body.as_array().expect("rows").iter().map(|row| row["user"].clone()).collect::<Vec<_>>();
    let (is_ann, is_bob) = (json!({"name": "Ann"}), json!({"name": "Bob"}));
    assert_eq!(names(&list(&server, path, &ann).await), [is_ann.clone(), is_ann.clone(), Value::Null]);
    assert_eq!(names(&list(&server, path, &bob.token).await), [Value::Null, Value::Null, is_bob.clone()]);
    assert_eq!(names(&list(&server, path, &root.token).await), [is_ann.clone(), is_ann, is_bob]);
    let nobody = server.get(path).send().await;
    assert_eq!(names(&nobody.assert_status(200).json()), [Value::Null, Value::Null, Value::Null], "and no 401");
    let one = server.get(&format!("/cards/{}?select=user(name)", card["id"])).send().await;
    assert_eq!(one.assert_status(200).text(), r#"{"user":null}"#);
}

async fn tells_nothing_of_the_others(server: Server) {
    let (ann, [first, _]) = board(&server, 1).await;
    let bob = server.register("Bob").await;
    let titles = async |query: &str, token: &str| {
        let body = list(&server, &format!("/cards?select=title,{query}"), token).await;
        body.as_array().expect("rows").len()
    };
    for (query, own, others) in [
        ("user!inner()", 2, 0),
        ("user!inner(id)&user.name=eq.Ann", 2, 0),
        ("user!inner(id)&user.name=neq.Ann", 0, 0),
        ("user!inner(id)&user.or=(name.like.A*,name.not.like.A*)", 2, 0),
        ("comments!inner(user!inner())&comments.user.name=eq.Ann", 1, 0),
    ] {
        assert_eq!(titles(query, &ann).await, own, "{query}");
        assert_eq!(titles(query, &bob.token).await, others, "{query}");
        let nobody = server.get(&format!("/cards?select=title,{query}")).send().await;
        assert_eq!(nobody.assert_status(200).json(), json!([]), "{query}");
        let counted = server.get(&format!("/cards?select=title,{query}")).header("prefer", "count=exact").send().await;
        counted.assert_header("x-total-count", "0");
    }
    let one = server.get(&format!("/cards/{first}?select=id,user!inner()")).token(&bob.token).send().await;
    one.assert_problem(404, "PGRST116");
}

async fn hides_what_is_hidden(server: Server) {
    let (ann, _) = board(&server, 1).await;
    for query in [
        "select=user(password)",
        "select=user(a:password)",
        "select=user(id)&user.password=like.*",
        "select=user(id)&user.password=is.null",
        "select=user(id)&user.or=(id.eq.1,password.like.$2b*)",
        "select=user(cards(id))&user.cards.password=eq.x",
    ] {
        server.get(&format!("/cards?{query}")).token(&ann).send().await.assert_problem(400, "PGRST100");
    }
    // The token version has no name in JSON; what is sent comes back in the text.
    for query in ["select=user(_ver)", "select=user(id)&user._ver=gt.0"] {
        server.get(&format!("/cards?{query}")).token(&ann).send().await.assert_status(400);
    }
    let order = "/comments?select=user(cards(id))&user.cards.order=password";
    server.get(order).token(&ann).send().await.assert_problem(400, "PGRST100");
    let all = server.get("/cards?select=*,user(*),comments(*,user(*))").token(&ann).send().await;
    let text = all.assert_status(200).text();
    assert!(!text.contains("password") && !text.contains("$2b") && !text.contains("_ver"), "{text}");
    assert!(text.contains(r#""user":{"id":"#) && text.contains(r#""is_admin":false"#), "{text}");
}

async fn a_dead_token_sees_nothing(server: Server) {
    let (ann, _) = board(&server, 1).await;
    let me = list(&server, "/auth/me", &ann).await["id"].clone();
    let root = server.admin("Root").await;
    server.delete(&format!("/users/{me}")).token(&root.token).send().await.assert_status(200);
    for path in ["/cards?select=id,user(name)", "/cards?select=id,comments!inner(id)"] {
        server.get(path).token(&ann).send().await.assert_problem(401, "PGRST301");
    }
}

async fn rows_of_others_are_not_embedded(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let diary = server.create("/diaries", &ann.token, &json!({"title": "mine"})).await;
    server.create("/entries", &ann.token, &json!({"text": "x", "diary_id": diary["id"]})).await;
    let path = "/entries?select=text,diary(title,entries(text))";
    let full = json!([{"text": "x", "diary": {"title": "mine", "entries": [{"text": "x"}]}}]);
    assert_eq!(list(&server, path, &ann.token).await, full);
    let empty = json!([{"text": "x", "diary": null}]);
    assert_eq!(list(&server, path, &bob.token).await, empty);
    assert_eq!(server.get(path).send().await.json(), empty);
    assert_eq!(
        list(&server, "/users?select=name,diaries(title)", &bob.token).await,
        json!([{"name": "Bob", "diaries": []}])
    );
}
