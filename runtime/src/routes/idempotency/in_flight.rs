//! The requests that are being done at this moment, by their names.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The names of requests that this process is at. Those of other processes only the database can know of.
#[derive(Debug, Default)]
pub(crate) struct InFlight(Mutex<HashSet<String>>);

/// A name that is taken until this is dropped: also when the client goes away, and its request with it.
#[derive(Debug)]
#[must_use = "dropped, the name is free again"]
pub(crate) struct Taken<'a> {
    from: &'a InFlight,
    name: &'a str,
}

impl InFlight {
    /// Takes a name; `None` where it is taken.
    pub(super) fn take<'a>(&'a self, name: &'a str) -> Option<Taken<'a>> {
        let free = self.names().insert(name.to_owned());
        free.then(|| Taken { from: self, name })
    }

    fn names(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.from.names().remove(self.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_once_at_a_time() {
        let all = InFlight::default();
        let first = all.take("a").expect("it is free");
        assert!(all.take("a").is_none());
        let other = all.take("b").expect("another one is free");
        drop(first);
        let again = all.take("a").expect("it is free again");
        assert!(all.take("b").is_none(), "whoever was refused has freed nothing");
        drop((other, again));
        assert!(all.names().is_empty(), "nothing is left");
    }
}
