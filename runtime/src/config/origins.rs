//! The origins whose pages may read answers.

use axum::http::HeaderValue;
use url::Url;

/// None, some by name, or all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origins {
    named: Vec<HeaderValue>,
    any: bool,
}

impl Origins {
    /// Reads a list that [`check`] has passed.
    pub(super) fn read(list: &str) -> Self {
        let any = items(list).any(|item| item == "*");
        Self { named: items(list).filter_map(|item| HeaderValue::from_str(item).ok()).collect(), any }
    }

    /// Whether no page of another origin may read anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// Whether an answer depends on who asks.
    pub(crate) fn are_named(&self) -> bool {
        !self.any
    }

    /// What a page of this origin is told, where it may read the answer. Credentials of a browser's own (cookies) are
    /// never allowed, so that `*` gives away nothing that the page could not ask for itself.
    pub(crate) fn allow(&self, origin: &HeaderValue) -> Option<HeaderValue> {
        if self.any {
            return Some(HeaderValue::from_static("*"));
        }
        self.named.iter().find(|named| *named == origin).cloned()
    }
}

/// What is wrong with a list of origins.
pub(super) fn check(list: &str) -> Result<(), String> {
    items(list).try_for_each(|item| {
        if item == "*" {
            return Ok(());
        }
        // A host with a star in it would be an origin that no browser sends.
        let url = Url::parse(item).ok().filter(|url| matches!(url.scheme(), "http" | "https") && !item.contains('*'));
        let meant = url.map(|url| url.origin().ascii_serialization());
        match meant {
            Some(meant) if meant == item => Ok(()),
            // Browsers send it so, and compare every character.
            Some(meant) => Err(format!("must hold origins as browsers send them: write `{meant}`")),
            None => Err("must hold origins such as `https://app.example.com`, or `*` for all".to_owned()),
        }
    })
}

/// The items of a list that stands in one text.
fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        for good in ["", "*", "https://a.example", "http://localhost:5173, https://a.example", "http://[::1]:8080"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, part) in [
            ("https://a.example/", "write `https://a.example`"),
            ("https://a.example/app", "write `https://a.example`"),
            ("https://a.example:443", "write `https://a.example`"),
            ("HTTPS://A.example", "write `https://a.example`"),
            ("a.example", "such as"),
            ("null", "such as"),
            ("file:///x", "such as"),
            ("https://*.example", "such as"),
        ] {
            let told = check(bad).unwrap_err();
            assert!(told.contains(part), "{bad}: {told}");
        }
    }

    #[test]
    fn only_exact_origins_pass() {
        let origins = Origins::read("https://a.example, http://localhost:5173");
        let allow = |text| origins.allow(&HeaderValue::from_static(text));
        assert_eq!(allow("https://a.example").unwrap(), "https://a.example");
        for other in ["https://a.example.evil", "http://a.example", "https://b.a.example", "null", "HTTPS://a.example"]
        {
            assert_eq!(allow(other), None, "{other}");
        }
        assert!(origins.are_named() && !origins.is_empty() && Origins::read("").is_empty());
        assert_eq!(Origins::read("*").allow(&HeaderValue::from_static("null")).unwrap(), "*");
        assert!(!Origins::read("*").are_named());
    }
}
