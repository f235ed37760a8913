//! The content codings: which one a request wants, and what it makes of a body.

use std::io::{self, Write as _};

use axum::http::{HeaderMap, header};

/// How a body can be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) enum Coding {
    #[cfg(feature = "brotli")]
    Brotli,
    #[cfg(feature = "gzip")]
    Gzip,
}

impl Coding {
    /// Those that are built in, the shorter first.
    const ALL: &'static [Self] = &[
        #[cfg(feature = "brotli")]
        Self::Brotli,
        #[cfg(feature = "gzip")]
        Self::Gzip,
    ];

    /// The one that a request likes best, where it likes one at all better than the plain body.
    pub(in crate::server) fn wanted(headers: &HeaderMap) -> Option<Self> {
        let offers = Offers::of(headers);
        let plain = offers.named(&["identity"]).unwrap_or(0.0);
        let liked = |coding: &Self| offers.named(coding.names()).or_else(|| offers.named(&["*"])).unwrap_or(0.0);
        // Of equals the last of an iterator is its maximum, and the first is wanted.
        let best = Self::ALL.iter().rev().copied().max_by(|a, b| liked(a).total_cmp(&liked(b)))?;
        (liked(&best) > 0.0 && liked(&best) >= plain).then_some(best)
    }

    /// Whether a request takes a body in this coding, and likes the plain one no better.
    #[cfg(feature = "docs")]
    pub(in crate::server) fn is_taken(self, headers: &HeaderMap) -> bool {
        let offers = Offers::of(headers);
        let liked = offers.named(self.names()).or_else(|| offers.named(&["*"])).unwrap_or(0.0);
        liked > 0.0 && liked >= offers.named(&["identity"]).unwrap_or(0.0)
    }

    /// Its name in `Content-Encoding`.
    pub(super) fn name(self) -> &'static str {
        self.names()[0]
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            #[cfg(feature = "brotli")]
            Self::Brotli => &["br"],
            #[cfg(feature = "gzip")]
            Self::Gzip => &["gzip", "x-gzip"],
        }
    }

    /// A body in this coding. The levels are low: rows repeat their names, and the next ones save little and cost much.
    pub(super) fn encode(self, plain: &[u8]) -> io::Result<Vec<u8>> {
        let room = Vec::with_capacity(plain.len() / 4);
        match self {
            #[cfg(feature = "brotli")]
            Self::Brotli => {
                let mut writer = brotli::CompressorWriter::new(room, 4096, 4, 20);
                writer.write_all(plain)?;
                Ok(writer.into_inner())
            }
            #[cfg(feature = "gzip")]
            Self::Gzip => {
                let mut writer = flate2::write::GzEncoder::new(room, flate2::Compression::fast());
                writer.write_all(plain)?;
                writer.finish()
            }
        }
    }
}

/// The values of `Accept-Encoding`.
struct Offers<'a>(Vec<&'a str>);

impl<'a> Offers<'a> {
    fn of(headers: &'a HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_ENCODING);
        Self(values.iter().filter_map(|value| value.to_str().ok()).collect())
    }

    /// The weight of a coding, by any of its names; `None` where the request does not speak of it.
    fn named(&self, names: &[&str]) -> Option<f32> {
        let mut items = self.0.iter().flat_map(|value| value.split(',')).map(|item| {
            let mut parts = item.split(';').map(str::trim);
            (parts.next().unwrap_or_default(), parts)
        });
        let (_, mut rest) = items.find(|(name, _)| names.iter().any(|known| name.eq_ignore_ascii_case(known)))?;
        let weight = rest.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        // What cannot be read is not wanted.
        Some(weight.map_or(1.0, |text| text.parse().ok().filter(|weight: &f32| weight.is_finite()).unwrap_or(0.0)))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn wanted(values: &[&'static str]) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
        }
        Coding::wanted(&headers).map(Coding::name)
    }

    #[test]
    #[cfg(feature = "gzip")]
    fn gzip_is_taken_where_it_is_wanted_at_least_as_much_as_the_plain_body() {
        for values in [
            &["gzip"][..],
            &["deflate, GZIP"],
            &["x-gzip"],
            &["gzip;q=0.001"],
            &["gzip ; q=0.5, identity;q=0.5"],
            &["deflate", "gzip"],
            &["*, br;q=0"],
        ] {
            assert_eq!(wanted(values), Some("gzip"), "{values:?}");
        }
        for values in [
            &[][..],
            &[""],
            &["identity"],
            &["deflate, zstd"],
            &["gzip;q=0"],
            &["gzip;q=0, *;q=0"],
            &["gzip;q=0.5, identity"],
            &["gzip;q=nonsense"],
            &["gzip;q=nan"],
            &["gzipped"],
        ] {
            assert_eq!(wanted(values), None, "{values:?}");
        }
    }

    #[test]
    #[cfg(all(feature = "gzip", feature = "brotli"))]
    fn of_two_the_better_liked_is_taken_and_of_equals_the_shorter() {
        assert_eq!(wanted(&["gzip, deflate, br"]), Some("br"));
        assert_eq!(wanted(&["gzip, br;q=0.9"]), Some("gzip"));
        assert_eq!(wanted(&["*"]), Some("br"));
    }

    #[test]
    #[cfg(feature = "gzip")]
    fn gzip_can_be_read_again() {
        use std::io::Read as _;

        let plain = br#"[{"id":1,"title":"one"},{"id":2,"title":"two"}]"#.repeat(100);
        let packed = Coding::Gzip.encode(&plain).unwrap();
        assert!(packed.len() * 10 < plain.len(), "{}", packed.len());
        let mut read = Vec::new();
        flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut read).unwrap();
        assert_eq!(read, plain);
    }

    #[test]
    #[cfg(feature = "brotli")]
    fn brotli_can_be_read_again() {
        let plain = br#"[{"id":1,"title":"one"},{"id":2,"title":"two"}]"#.repeat(100);
        let packed = Coding::Brotli.encode(&plain).unwrap();
        let mut read = Vec::new();
        brotli::BrotliDecompress(&mut &packed[..], &mut read).unwrap();
        assert!(read == plain && packed.len() * 10 < plain.len());
    }
}
