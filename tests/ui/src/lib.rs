//! Nothing: the cases are beside this folder, and `tests/ui.rs` runs them.
