use serde_json::{Value as Tree, json};

use crate::{
    Code, Error,
    fixture::THINGS,
    input::{Mode, changes, rows},
};

fn read(body: &Tree) -> crate::Result<usize> {
    rows(body, |row| changes(&THINGS, Mode::Create, row, false)).map(|rows| rows.len())
}

#[test]
fn an_array_may_be_empty_and_has_an_end() {
    assert_eq!(read(&json!([])).unwrap(), 0);
    let row = json!({"title": "a"});
    assert_eq!(read(&json!(vec![&row; 1000])).unwrap(), 1000);
    let error = read(&json!(vec![&row; 1001])).unwrap_err();
    assert_eq!((error.code(), error.to_string().contains("more than 1000 rows")), (Code::Invalid, true));
    assert_eq!(read(&row).unwrap_err().code(), Code::Invalid);
}

#[test]
fn the_errors_of_all_rows_come_at_once() {
    let error = read(&json!([{"title": "a"}, {}, 7, {"title": 1, "count": 1}])).unwrap_err();
    let errors: Vec<_> = error.errors().iter().map(|(k, v)| format!("{k} {v}")).collect();
    assert_eq!(
        errors,
        ["1.title is required", "2 must be a JSON object", "3.count must be even", "3.title must be a string"]
    );
}

#[test]
fn a_flood_of_errors_ends() {
    let error = read(&json!(vec![json!({"a": 1, "b": 1, "c": 1, "title": 1}); 1000])).unwrap_err();
    assert!((1000..1010).contains(&error.errors().len()));
}

#[test]
fn a_failure_of_ours_is_not_a_field_error() {
    let error = rows(&json!([{}]), |_| Err::<(), _>(Error::internal("broken"))).unwrap_err();
    assert_eq!(error.code(), Code::Internal);
}
