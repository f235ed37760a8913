//! The two files of Swagger UI that the page needs, out of the archive that `utoipa-swagger-ui-vendored` is.
//!
//! They are taken out of it by the compiler, so that the rest of the archive is in no program. They stay deflated, in the
//! frame of gzip instead of that of zip: most clients are sent what lies in the program, and nothing is computed. That the
//! files are there, and packed in this way, is known when it compiles.

use std::io::{self, Read as _};

/// The layout of an archive: <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>, 4.3.
const ARCHIVE: &[u8] = utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;

/// A file in the program.
pub(super) struct Packed {
    pub(super) gzip: &'static [u8],
    /// The check sum of what is packed.
    pub(super) check: u32,
}

const STYLE_ENTRY: Entry = Entry::find("/dist/swagger-ui.css");
static STYLE_GZIP: [u8; STYLE_ENTRY.framed()] = STYLE_ENTRY.gzip();
pub(super) const STYLE: Packed = Packed { gzip: &STYLE_GZIP, check: STYLE_ENTRY.check };

const SCRIPT_ENTRY: Entry = Entry::find("/dist/swagger-ui-bundle.js");
static SCRIPT_GZIP: [u8; SCRIPT_ENTRY.framed()] = SCRIPT_ENTRY.gzip();
pub(super) const SCRIPT: Packed = Packed { gzip: &SCRIPT_GZIP, check: SCRIPT_ENTRY.check };

impl Packed {
    /// The file itself.
    pub(super) fn plain(&self) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(self.gzip).read_to_end(&mut plain)?;
        Ok(plain)
    }
}

/// Where a deflated file lies in the archive.
#[derive(Clone, Copy)]
struct Entry {
    at: usize,
    packed: usize,
    plain: u32,
    check: u32,
}

/// A head without name and time, and no name of a system (RFC 1952).
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

impl Entry {
    /// The file whose name ends so.
    const fn find(end: &str) -> Self {
        let last = directory_end();
        let (mut left, mut at) = (u16_at(last + 10), u32_at(last + 16) as usize);
        while left > 0 {
            let name = u16_at(at + 28);
            if ends_with(at + 46, name, end.as_bytes()) {
                assert!(u16_at(at + 10) == 8, "the file of Swagger UI is not deflated");
                // The local head has a name and more of its own, whose lengths can differ.
                let local = u32_at(at + 42) as usize;
                return Self {
                    at: local + 30 + u16_at(local + 26) + u16_at(local + 28),
                    packed: u32_at(at + 20) as usize,
                    plain: u32_at(at + 24),
                    check: u32_at(at + 16),
                };
            }
            at += 46 + name + u16_at(at + 30) + u16_at(at + 32);
            left -= 1;
        }
        panic!("the archive of Swagger UI has no such file")
    }

    /// Its length in the frame of gzip.
    const fn framed(self) -> usize {
        HEAD.len() + self.packed + 8
    }

    const fn gzip<const N: usize>(self) -> [u8; N] {
        let mut whole = [0; N];
        let (head, rest) = whole.split_at_mut(HEAD.len());
        head.copy_from_slice(&HEAD);
        let (body, tail) = rest.split_at_mut(self.packed);
        body.copy_from_slice(ARCHIVE.split_at(self.at).1.split_at(self.packed).0);
        let (check, plain) = tail.split_at_mut(4);
        check.copy_from_slice(&self.check.to_le_bytes());
        plain.copy_from_slice(&self.plain.to_le_bytes());
        whole
    }
}

/// Where the end of the directory begins, which is the last thing in the archive but for a comment.
const fn directory_end() -> usize {
    let mut at = ARCHIVE.len() - 22;
    while u32_at(at) != 0x0605_4b50 {
        at -= 1;
    }
    at
}

const fn ends_with(at: usize, length: usize, end: &[u8]) -> bool {
    if length < end.len() {
        return false;
    }
    let from = at + length - end.len();
    let mut i = end.len();
    while i > 0 {
        i -= 1;
        if ARCHIVE[from + i] != end[i] {
            return false;
        }
    }
    true
}

const fn u16_at(at: usize) -> usize {
    ARCHIVE[at] as usize | (ARCHIVE[at + 1] as usize) << 8
}

const fn u32_at(at: usize) -> u32 {
    u32::from_le_bytes([ARCHIVE[at], ARCHIVE[at + 1], ARCHIVE[at + 2], ARCHIVE[at + 3]])
}
