//! Times that are text already.

use crate::value::Kind;

/// The text of a time of `kind` if it has the form that one is [written](super::write) in: what is kept in it can be
/// shown without being read. Whether there is such a day is not asked.
pub(crate) fn spelled(kind: Kind, text: &[u8]) -> Option<&str> {
    let form: &[u8] = match kind {
        Kind::Date => b"0000-00-00",
        Kind::Time => b"00:00:00.000000",
        Kind::DateTime => b"0000-00-00T00:00:00.000000",
        Kind::Timestamp => b"0000-00-00T00:00:00.000000Z",
        _ => return None,
    };
    let fits = |(byte, form): (&u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == form };
    (text.len() == form.len() && text.iter().zip(form).all(fits)).then(|| std::str::from_utf8(text).ok())?
}
