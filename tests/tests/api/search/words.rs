//! What a word is, and what can be asked of words.

use restruct_tests::{Server, both, client::encode, resources::library};
use serde_json::{Value, json};

use super::{books, found, titled};

both!(library; words_end_at_ascii_signs, words_are_combined, phrases, long_words, long_texts, nothing_is_not_known);
both!(library; q_asks_every_column, goes_with_all_that_a_list_takes);

async fn words_end_at_ascii_signs(server: Server) {
    titled(
        &server,
        &[
            "Don't e-mail ME_2, today!",
            "Ärger über ÄRGER",
            "東京タワー 2026",
            "\u{1f600} go\u{1f600}on",
            "a\tb\nc\u{7f}d\u{1}e",
            "C++ (2nd) [ed.] {x} `y` ~z^ <w> \\v| $1 %2",
            "a\u{a0}b and \u{2019}quoted\u{2019}",
        ],
    )
    .await;
    for (question, expected) in [
        ("DON", vec![1]),
        ("t", vec![1]),
        ("me", vec![1]),
        ("2", vec![1, 6]),
        ("Ärger", vec![2]),
        ("ärger", vec![]),
        ("Ärg:*", vec![2]),
        ("ÄRGER", vec![2]),
        ("東京タワー", vec![3]),
        ("東京", vec![]),
        ("東京:*", vec![3]),
        ("\u{1f600}", vec![4]),
        ("go\u{1f600}on", vec![4]),
        ("go", vec![]),
        ("a b c d e", vec![5]),
        ("c", vec![5, 6]),
        ("'2ND ed' x y z w v 1", vec![6]),
        ("a", vec![5]),
        ("a\u{a0}b", vec![7]),
        ("quoted", vec![]),
        ("\u{2019}quoted\u{2019}", vec![7]),
        ("nothing", vec![]),
    ] {
        assert_eq!(books(&server, question).await, expected, "{question}");
    }
}

async fn words_are_combined(server: Server) {
    titled(&server, &["red fox", "red hen", "blue fox", "blue hen", "redder than red", "AND or NOT near"]).await;
    for (question, expected) in [
        ("red fox", vec![1]),
        ("red & fox", vec![1]),
        ("red|blue", vec![1, 2, 3, 4, 5]),
        ("red (fox|hen)", vec![1, 2]),
        ("fox | red hen", vec![1, 2, 3]),
        ("!red", vec![3, 4, 6]),
        ("red !fox", vec![2, 5]),
        ("!red !blue", vec![6]),
        ("!red | fox", vec![1, 3, 4, 6]),
        ("!(red fox)", vec![2, 3, 4, 5, 6]),
        ("!(!red & !fox)", vec![1, 2, 3, 5]),
        ("red:*", vec![1, 2, 5]),
        ("redd:*", vec![5]),
        ("!redd:* & red", vec![1, 2]),
        // The words of FTS5's own language are words.
        ("and", vec![6]),
        ("'NOT' OR AND", vec![6]),
        ("near", vec![6]),
    ] {
        assert_eq!(books(&server, question).await, expected, "{question}");
        let mut others: Vec<_> = (1..=6).map(Value::from).collect();
        others.retain(|id| !expected.iter().any(|found| id == found));
        assert_eq!(found(&server, "/books", "title", &format!("not.fts.{question}")).await, others, "not {question}");
    }
    let deep = format!("{}red{}", "(!".repeat(16), ")".repeat(16));
    assert_eq!(books(&server, &deep).await, [1, 2, 5]);
    // As deep as can be, and as crooked.
    let sign = |at: i32| if at % 2 == 0 { "&" } else { "|" };
    let nested = (0..16).fold("hen".to_owned(), |inner, at| format!("(!{inner} {} red)", sign(at)));
    let (mut these, others) =
        (books(&server, &nested).await, found(&server, "/books", "title", &format!("not.fts.{nested}")).await);
    these.extend(others);
    these.sort_by_key(Value::as_i64);
    assert_eq!(these, [1, 2, 3, 4, 5, 6]);
}

async fn phrases(server: Server) {
    titled(&server, &["big bad wolf", "bad, BIG wolf", "a big-bad thing", "big badger", "big big bad", "wolf: big"])
        .await;
    for (question, expected) in [
        ("'big bad'", vec![1, 3, 5]),
        ("big-bad", vec![1, 3, 5]),
        ("'Big, Bad!'", vec![1, 3, 5]),
        ("big bad", vec![1, 2, 3, 5]),
        ("'big bad':*", vec![1, 3, 4, 5]),
        ("big-bad:*", vec![1, 3, 4, 5]),
        ("!'big bad'", vec![2, 4, 6]),
        ("'big bad' | 'wolf big'", vec![1, 3, 5, 6]),
        ("'bad big' & wolf", vec![2]),
        ("!('big bad' | badger)", vec![2, 6]),
        ("'big'", vec![1, 2, 3, 4, 5, 6]),
        ("'big big bad'", vec![5]),
    ] {
        assert_eq!(books(&server, question).await, expected, "{question}");
    }
}

async fn long_words(server: Server) {
    let word = |character: &str, many: usize| character.repeat(many);
    for about in
        [word("x", 254), word("x", 255), word("x", 300), word("ä", 254), word("ä", 40_000), word("\u{1f600}", 255)]
    {
        let book = json!({"title": "long", "about": format!("short {about} end")});
        server.post("/books").json(&book).send().await.assert_status(201);
    }
    for (question, expected) in [
        (word("x", 254), vec![1]),
        (word("x", 254) + ":*", vec![1, 2, 3]),
        (word("x", 200) + ":*", vec![1, 2, 3]),
        (word("ä", 254), vec![4]),
        (word("ä", 254) + ":*", vec![4, 5]),
        (word("\u{1f600}", 254) + ":*", vec![6]),
        (format!("'{} end'", word("x", 254)), vec![1]),
        ("short end".into(), vec![1, 2, 3, 4, 5, 6]),
    ] {
        let ids = found(&server, "/books", "about", &format!("fts.{question}")).await;
        assert_eq!(ids, expected, "{question}");
    }
}

async fn long_texts(server: Server) {
    let text = |many: usize| json!({"title": "long", "about": "\u{1f600}".repeat(many)});
    server.post("/books").json(&text(100_001)).send().await.assert_invalid(&["about"]);
    server.post("/books").json(&text(100_000)).send().await.assert_status(201);
    // As many words as can be, each another.
    let mut words = String::new();
    let mut at = 0x4e00_u32;
    while words.chars().count() < 99_998 {
        words.extend(
            [char::from_u32(at % 20_000 + 0x4e00), char::from_u32(at / 20_000 + 0x3400), Some(' ')]
                .into_iter()
                .flatten(),
        );
        at += 1;
    }
    server.post("/books").json(&json!({"title": "many", "about": words})).send().await.assert_status(201);
    let last: String = words.split(' ').rfind(|word| !word.is_empty()).expect("a word").into();
    assert_eq!(found(&server, "/books", "about", &format!("fts.{last}")).await, [2]);
    // Leaves say how much they take.
    server.post("/leaves").json(&json!({"text": "x".repeat(2001)})).send().await.assert_invalid(&["text"]);
}

async fn nothing_is_not_known(server: Server) {
    let rows = json!([{"title": "a", "about": "red fox"}, {"title": "b"}, {"title": "c", "about": ""}]);
    server.post("/books").json(&rows).send().await.assert_status(201);
    for (filter, expected) in [
        ("fts.red", vec![1]),
        ("fts.!red", vec![3]),
        ("not.fts.red", vec![3]),
        ("not.fts.!red", vec![1]),
        ("fts.!'fox red'", vec![1, 3]),
        ("not.fts.'fox red'", vec![1, 3]),
        ("not.fts.'red fox'", vec![3]),
        ("fts.red|!fox", vec![1, 3]),
        ("not.fts.red|!fox", vec![]),
    ] {
        assert_eq!(found(&server, "/books", "about", filter).await, expected, "{filter}");
    }
}

async fn q_asks_every_column(server: Server) {
    let rows = json!([
        {"title": "Gardens of Kyoto", "about": "moss and stones", "language": "stones", "price": "stones"},
        {"title": "Stones", "about": null},
        {"title": "Kyoto", "about": "gardens, stonework"},
        {"title": "Moss"},
    ]);
    server.post("/books").json(&rows).send().await.assert_status(201);
    let leaves = json!([{"text": "moss"}, {"text": null}, {"text": "Mossy, green"}]);
    server.post("/leaves").json(&leaves).send().await.assert_status(201);
    for (words, expected) in [
        ("moss", vec![1, 4]),
        ("kyoto garden", vec![1, 3]),
        ("stone", vec![1, 2, 3]),
        ("stone kyoto", vec![1, 3]),
        ("STONES", vec![1, 2]),
        ("moss-stones!", vec![1]),
        ("'moss' | & (", vec![1, 4]),
        ("nowhere", vec![]),
    ] {
        assert_eq!(found(&server, "/books", "q", words).await, expected, "{words}");
    }
    assert_eq!(found(&server, "/leaves", "q", "moss").await.len(), 2);
    assert_eq!(found(&server, "/leaves", "q", "gre mos").await.len(), 1);
}

async fn goes_with_all_that_a_list_takes(server: Server) {
    let rows: Vec<_> = (1..=9)
        .map(|at| json!({"title": format!("red {}", 9 - at), "language": if at % 2 == 0 { "en" } else { "de" }}))
        .collect();
    server.post("/books").json(&Value::Array(rows)).send().await.assert_status(201);
    let get = |query: &str| server.get(&format!("/books?{query}"));
    assert_eq!(get("title=fts.red&order=title&limit=2&offset=1").send().await.each("id"), [8, 7]);
    assert_eq!(get("q=re&language=en&order=id.desc").send().await.each("id"), [8, 6, 4, 2]);
    assert_eq!(get("title=fts.red&title=fts.!5|7&title=not.fts.3").send().await.each("id"), [1, 2, 3, 5, 7, 8, 9]);
    assert_eq!(get("q=red&language_like=de&_sort=title&_order=desc&_start=0&_end=2").send().await.each("id"), [1, 3]);
    let simple = [("filter", "{\"q\":\"re\",\"language\":\"en\"}"), ("sort", "[\"id\",\"DESC\"]"), ("range", "[0,1]")];
    assert_eq!(server.query("/books", &simple).send().await.each("id"), [8, 6]);
    let tree = async |name: &str, text: &str| server.query("/books", &[(name, text)]).send().await.each("id");
    assert_eq!(tree("or", "(title.fts.5,title.fts.\"1|(2 !3)\",id.eq.9)").await, [4, 7, 8, 9]);
    assert_eq!(tree("not.or", "(title.not.fts.red,id.gt.2)").await, [1, 2]);
    assert_eq!(tree("and", "(title.fts.'red 5',not.or(title.fts.4))").await, [4]);
    let counted = get("q=red&language=de&limit=2").header("prefer", "count=exact").send().await;
    counted.assert_header("content-range", "0-1/5");
    let counted =
        get(&format!("title=fts.{}&limit=2", encode("!5|red:*"))).header("prefer", "count=exact").send().await;
    counted.assert_header("content-range", "0-1/9");
}
