//! `computed`: columns that the database fills in from the rest of the row.

use restruct::{Code, Store as _};
use restruct_tests::{
    Server, both,
    resources::{Purchase, kept},
};
use serde_json::{Value, json};

both!(kept; follows_the_row, is_filtered_and_sorted, nobody_sets_it, what_has_no_value_is_refused);
both!(kept; typed_code_reads_it, many_at_once);

async fn buy(server: &Server, customer: &str, price: i64, count: i64) -> Value {
    let body = json!({"customer": customer, "price": price, "count": count});
    server.post("/purchases").json(&body).send().await.ok(201)
}

async fn follows_the_row(server: Server) {
    let made = buy(&server, "Ann", 300, 3).await;
    let fields = ["id", "customer", "price", "count", "total", "initial", "large", "odds", "certain", "version"];
    let names: Vec<_> = made.as_object().expect("a row").keys().map(String::as_str).collect();
    let mut sorted = fields;
    sorted.sort_unstable();
    assert_eq!(names, sorted);
    let computed = |row: &Value| (row["total"].clone(), row["initial"].clone(), row["large"].clone());
    assert_eq!(computed(&made), (json!(900), json!("A"), json!(false)));
    assert_eq!((&made["odds"], &made["certain"]), (&json!(60), &json!(60)));
    let path = format!("/purchases/{}", made["id"]);
    assert_eq!(server.get(&path).send().await.ok(200), made);
    let patched = server.patch(&path).json(&json!({"count": 4})).send().await.ok(200);
    assert_eq!(computed(&patched), (json!(1200), json!("A"), json!(true)));
    let put = server.put(&path).json(&json!({"customer": "Zoe", "price": 7})).send().await.ok(200);
    assert_eq!(computed(&put), (json!(7), json!("Z"), json!(false)));
    assert_eq!(server.get("/purchases").send().await.rows(), std::slice::from_ref(&put));
    let none = server.patch(&path).json(&json!({"count": 0})).send().await.ok(200);
    assert_eq!((&none["odds"], &none["certain"]), (&Value::Null, &json!(46)));
    assert_eq!(server.delete(&path).send().await.ok(200), none);
}

async fn is_filtered_and_sorted(server: Server) {
    for (customer, price, count) in [("Ann", 10, 2), ("Bob", 5, 5), ("Abe", 900, 2), ("Cid", 1, 0)] {
        buy(&server, customer, price, count).await;
    }
    let names = async |query: &str| server.get(&format!("/purchases?{query}")).send().await.each("customer");
    assert_eq!(names("order=total").await, ["Cid", "Ann", "Bob", "Abe"]);
    assert_eq!(names("order=initial.desc,total.desc").await, ["Cid", "Bob", "Abe", "Ann"]);
    assert_eq!(names("total=gte.20&order=total.desc").await, ["Abe", "Bob", "Ann"]);
    assert_eq!(names("initial=A&order=id").await, ["Ann", "Abe"]);
    assert_eq!(names("large=is.true").await, ["Abe"]);
    assert_eq!(names("odds=is.null").await, ["Cid"]);
    server.get("/purchases?is_large=is.true").send().await.assert_problem(400, "PGRST100");
    server.get("/purchases?total=eq.x").send().await.assert_problem(400, "PGRST100");
}

async fn nobody_sets_it(server: Server) {
    // What is computed is taken back as it was sent, whatever it says.
    let lies =
        json!({"customer": "Ann", "price": 1, "total": 99, "initial": "Q", "large": "?", "odds": [], "certain": null});
    let made = server.post("/purchases").json(&lies).send().await.ok(201);
    assert_eq!((&made["total"], &made["initial"], &made["large"]), (&json!(1), &json!("A"), &json!(false)));
    let path = format!("/purchases/{}", made["id"]);
    for method in ["PATCH", "PUT"] {
        let row = server.call(method, &path).json(&lies).send().await.ok(200);
        assert_eq!((&row["total"], &row["initial"]), (&json!(1), &json!("A")));
    }
    let rows = server.post("/purchases").json(&json!([lies, lies])).send().await.ok(201);
    assert_eq!((&rows[0]["total"], &rows[1]["total"]), (&json!(1), &json!(1)));
    server
        .post("/purchases")
        .json(&json!({"customer": "x", "price": 1, "totl": 1}))
        .send()
        .await
        .assert_invalid(&["totl"]);
    server.patch(&path).json(&json!({"is_large": true})).send().await.assert_invalid(&["is_large"]);
}

async fn what_has_no_value_is_refused(server: Server) {
    let made = buy(&server, "Ann", 1, 1).await;
    let path = format!("/purchases/{}", made["id"]);
    for body in
        [json!({"customer": "x", "price": 1, "count": 13}), json!({"customer": "x", "price": i64::MAX, "count": 2})]
    {
        server.post("/purchases").json(&body).send().await.assert_problem(422, "23514");
        server
            .post("/purchases")
            .json(&json!([{"customer": "y", "price": 1}, body]))
            .send()
            .await
            .assert_problem(422, "23514");
        server.put(&path).json(&body).send().await.assert_problem(422, "23514");
        server.patch(&path).json(&body).send().await.assert_problem(422, "23514");
    }
    assert_eq!(server.get("/purchases").send().await.rows(), [made]);
}

async fn typed_code_reads_it(server: Server) {
    let db = &server.db;
    let draft = || Purchase::draft().set(Purchase::CUSTOMER, "Ann").set(Purchase::PRICE, 600);
    let mut row = draft().set(Purchase::COUNT, 2).insert(db).await.expect("a row");
    assert_eq!((row.total, row.initial.as_str(), row.is_large, row.odds), (1200, "A", true, Some(54)));
    row.count = 1;
    row.total = 4711;
    row.update(db).await.expect("it is stored");
    assert_eq!((row.total, row.is_large), (600, false));
    let error = draft().set(Purchase::TOTAL, 1).insert(db).await.expect_err("nobody sets it");
    assert_eq!((error.code(), error.errors().keys().map(String::as_str).collect()), (Code::Invalid, vec!["total"]));
    let error = Purchase::draft().set(Purchase::IS_LARGE, true).update(db, row.id).await.expect_err("nobody sets it");
    assert_eq!((error.code(), error.errors().keys().map(String::as_str).collect()), (Code::Invalid, vec!["large"]));
    let found = Purchase::query().filter(Purchase::TOTAL.eq(600)).order(Purchase::INITIAL.desc()).all(db).await;
    assert_eq!(found.expect("it runs").len(), 1);
}

/// Where a database makes rows together, each has its own.
async fn many_at_once(server: Server) {
    for _ in 0..8 {
        let mut set = tokio::task::JoinSet::new();
        for at in 1..=32_i64 {
            let body = json!({"customer": format!("{at}"), "price": at, "count": at % 14});
            set.spawn(server.post("/purchases").json(&body).send());
        }
        for answer in set.join_all().await {
            if answer.status == 422 {
                answer.assert_problem(422, "23514");
                continue;
            }
            let row = answer.ok(201);
            assert_eq!(row["total"].as_i64(), row["price"].as_i64().zip(row["count"].as_i64()).map(|(a, b)| a * b));
        }
    }
    assert_eq!(server.database.number("SELECT count(*) FROM purchases").await, 8 * 30);
}
