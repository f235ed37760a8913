use axum::http::StatusCode;
use axum::response::IntoResponse as _;

use super::*;

const BOTH: &[Preference] = &[Preference::Return, Preference::Count];

fn headers(values: &[&'static str]) -> HeaderMap {
    values
        .iter()
        .map(|value| (axum::http::HeaderName::from_static("prefer"), HeaderValue::from_static(value)))
        .collect()
}

/// What is applied of some headers.
fn applied(values: &[&'static str], honoured: &[Preference]) -> String {
    let prefer = Prefer::of(&headers(values), honoured).expect("nothing is refused");
    let response = prefer.applied(StatusCode::OK.into_response());
    let header = response.headers().get("preference-applied");
    header.map(|value| value.to_str().expect("ASCII").to_owned()).unwrap_or_default()
}

/// What is not honoured of some headers.
fn refused(values: &[&'static str], honoured: &[Preference]) -> String {
    let error = Prefer::of(&headers(values), honoured).expect_err("something is refused");
    assert_eq!(error.code(), Code::Preference);
    let told = format!("{error:?}");
    let (_, rest) = told.split_once("not honoured: ").expect("a list");
    rest.split_once("\")").expect("an end").0.to_owned()
}

#[test]
fn what_is_honoured_is_said() {
    for (sent, said) in [
        (&["return=minimal"][..], "return=minimal"),
        (&["Return = Minimal"], "return=minimal"),
        (&["return=\"minimal\""], "return=minimal"),
        (&["return=\"min\\imal\"; a=\",\"; b"], "return=minimal"),
        (&["return=headers-only, count=exact"], "return=headers-only, count=exact"),
        (&["count=planned", "return=representation"], "count=exact, return=representation"),
        (&[" , ,return=minimal,, "], "return=minimal"),
        (&["return=minimal, return=representation"], "return=minimal"),
        (&["return=half, return=minimal"], "return=minimal"),
        (&["handling=lenient, wait=10, \"x\"=y"], "handling=lenient"),
        (&["handling=\"lenient"], ""),
        (&["return=minimal; count=exact"], "return=minimal"),
        (&["return", "return=", "count=\"\""], ""),
        (&[""], ""),
        (&[], ""),
    ] {
        assert_eq!(applied(sent, BOTH), said, "{sent:?}");
    }
    assert_eq!(applied(&["return=minimal, count=exact"], &[Preference::Count]), "count=exact");
    assert_eq!(applied(&["handling=strict, count=exact"], BOTH), "handling=strict, count=exact");
}

#[test]
fn the_first_counts() {
    let prefer = |values| Prefer::of(&headers(values), BOTH).expect("nothing is refused");
    assert!(prefer(&["return=minimal", "return=representation"]).minimal);
    assert!(!prefer(&["return=representation", "return=minimal"]).minimal);
    assert!(prefer(&["count=estimated"]).count);
    assert!(!prefer(&["count=none"]).count);
}

#[test]
fn strict_handling_lists_what_is_not_honoured() {
    for (sent, list) in [
        (&["handling=strict, foo, bar=1"][..], "foo, bar=1"),
        (&["foo", "HANDLING=STRICT"], "foo"),
        (&["handling=strict, return=half"], "return=half"),
        (&["handling=strict, return=minimal x"], "return=minimal x"),
        (&["handling=strict, tx=rollback;a=b"], "tx=rollback;a=b"),
    ] {
        assert_eq!(refused(sent, BOTH), list, "{sent:?}");
    }
    assert_eq!(refused(&["handling=strict, return=minimal, count=exact"], &[Preference::Count]), "return=minimal");
    assert_eq!(refused(&["handling=strict, a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v"], BOTH).len(), 20 * 3 - 2);
}

#[test]
fn a_limit_that_cannot_be_read_is_refused_in_any_handling() {
    let honoured = &[Preference::MaxAffected, Preference::Return];
    assert_eq!(refused(&["max-affected=abc"], honoured), "max-affected=abc");
    assert_eq!(refused(&["return=half, max-affected=-1"], honoured), "return=half, max-affected=-1");
    assert!(Prefer::of(&headers(&["max-affected=abc"]), BOTH).is_ok());
}

#[test]
fn what_is_no_text_is_no_preference() {
    let mut headers = headers(&["handling=strict"]);
    headers.append("prefer", HeaderValue::from_bytes(b"return=\xff").expect("a header takes it"));
    assert_eq!(Prefer::of(&headers, BOTH).expect_err("it is refused").code(), Code::Preference);
}
