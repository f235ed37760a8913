//! Where mistakes are collected, so that a struct shows all of them at once.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};

/// The mistakes found so far. It must end in [`Errors::into_tokens`]: dropped unread it panics, since a mistake that
/// nobody reports would become a wrong table.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    found: Vec<syn::Error>,
    read: bool,
}

impl Errors {
    /// Adds a mistake at a place.
    pub(crate) fn at(&mut self, span: Span, text: impl Display) {
        self.push(syn::Error::new(span, text));
    }

    /// Adds a mistake that syn found.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.found.push(error);
    }

    /// How many there are, to tell whether a step added any.
    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    /// One `compile_error!` for each mistake; `None` where there is none.
    pub(crate) fn into_tokens(mut self) -> Option<TokenStream> {
        self.read = true;
        if self.found.is_empty() { None } else { Some(self.found.iter().map(syn::Error::to_compile_error).collect()) }
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        assert!(self.read || std::thread::panicking(), "mistakes were collected and never reported");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_mistakes_are_no_tokens() {
        assert!(Errors::default().into_tokens().is_none());
    }

    #[test]
    #[should_panic(expected = "never reported")]
    fn a_sink_that_nobody_reads_panics() {
        let mut errors = Errors::default();
        errors.at(Span::call_site(), "lost");
    }
}
