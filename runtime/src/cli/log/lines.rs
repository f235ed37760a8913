//! Lines on their way to standard error.
//!
//! A thread of the server keeps what it logs until it has nothing else to do: the busier it is, the more lines share a
//! call. What warns is written at once, and whatever stands before it; so is every line of a thread that does not say
//! when it pauses. A process that is killed loses the lines of the moment.

use std::{
    cell::RefCell,
    io::{self, Write},
};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// A thread keeps at most about this many bytes.
const MOST: usize = 8 * 1024;

thread_local! {
    static KEPT: RefCell<Kept> = const { RefCell::new(Kept { text: Vec::new(), pauses: false }) };
}

/// Writes what the thread at hand has kept. It is to be called whenever the thread pauses.
pub(in crate::cli) fn pause() {
    KEPT.with_borrow_mut(|kept| {
        kept.pauses = true;
        kept.write(&mut io::stderr());
    });
}

struct Kept {
    text: Vec<u8>,
    /// Whether this thread has ever said that it pauses.
    pauses: bool,
}

impl Kept {
    fn add(&mut self, line: &[u8], urgent: bool, to: &mut impl Write) {
        self.text.extend_from_slice(line);
        if urgent || !self.pauses || self.text.len() >= MOST {
            self.write(to);
        }
    }

    fn write(&mut self, to: &mut impl Write) {
        if !self.text.is_empty() {
            // Nobody can be told that the log is gone.
            let _ = to.write_all(&self.text);
            self.text.clear();
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.write(&mut io::stderr());
    }
}

/// Where the log's lines go.
pub(super) struct Lines;

impl MakeWriter<'_> for Lines {
    type Writer = Line;

    fn make_writer(&self) -> Line {
        Line { urgent: true }
    }

    fn make_writer_for(&self, event: &Metadata<'_>) -> Line {
        Line { urgent: *event.level() <= Level::WARN }
    }
}

/// Takes one event.
pub(super) struct Line {
    urgent: bool,
}

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let kept = KEPT.try_with(|kept| kept.borrow_mut().add(line, self.urgent, &mut io::stderr()));
        // The thread is ending.
        kept.or_else(|_| io::stderr().write_all(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(pauses: bool) -> (Kept, Vec<u8>) {
        (Kept { text: Vec::new(), pauses }, Vec::new())
    }

    #[test]
    fn lines_wait_for_a_pause() {
        let (mut kept, mut written) = kept(true);
        kept.add(b"one\n", false, &mut written);
        kept.add(b"two\n", false, &mut written);
        assert_eq!(written, b"");
        kept.write(&mut written);
        assert_eq!(written, b"one\ntwo\n");
        kept.write(&mut written);
        assert_eq!(written, b"one\ntwo\n", "nothing is written twice");
    }

    #[test]
    fn a_warning_is_written_at_once_and_after_what_came_before() {
        let (mut kept, mut written) = kept(true);
        kept.add(b"one\n", false, &mut written);
        kept.add(b"careful\n", true, &mut written);
        assert_eq!(written, b"one\ncareful\n");
    }

    #[test]
    fn who_never_pauses_keeps_nothing() {
        let (mut kept, mut written) = kept(false);
        kept.add(b"one\n", false, &mut written);
        assert_eq!(written, b"one\n");
    }

    #[test]
    fn who_has_no_time_to_pause_keeps_little() {
        let (mut kept, mut written) = kept(true);
        for _ in 0..MOST / 2 {
            kept.add(b"line\n", false, &mut written);
        }
        assert!(kept.text.len() < MOST && written.len() >= MOST);
    }
}
