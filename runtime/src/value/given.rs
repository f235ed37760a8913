//! What typed calls take for the value of a column.

/// What can be given for a `T`: everything that is `Into<T>`. A trait of its own, since the compiler lists every `From` of a
/// number where one is missing, and not what to write.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value for a column that holds `{T}`",
    label = "not `Into<{T}>`",
    note = "a number that does not say its type is an `i32`: for an `i16` write `1_i16`"
)]
pub trait Given<T> {
    /// The value.
    fn given(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<T, V: Into<T>> Given<T> for V {
    fn given(self) -> T {
        self.into()
    }
}
