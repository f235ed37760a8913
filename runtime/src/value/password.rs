//! A password as a value: it goes in, and nothing comes out.

use std::fmt;

use super::{FieldType, Invalid, Kind, Value};

/// The text of a password on its way to be hashed, or nothing where the stored one stays.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub(crate) Option<String>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A password: bcrypt-hashed on every way in, never on any way out.
///
/// In a struct that was read from the database it holds nothing, not even the hash: `update` then leaves the stored
/// one alone, and `insert` refuses it. Verification lives in the server's login alone.
///
/// ```
/// use restruct::Password;
///
/// let password = Password::new("correct horse battery staple");
/// assert_eq!(format!("{password:?}"), "Password(..)");
/// ```
#[derive(Clone)]
pub struct Password(Secret);

impl Password {
    /// A new password, in clear; it is hashed when it is stored.
    pub fn new(clear: impl Into<String>) -> Self {
        Self(Secret(Some(clear.into())))
    }

    /// The stored password, whatever it is, stays as it is.
    pub const UNCHANGED: Self = Self(Secret(None));
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

impl FieldType for Password {
    const KIND: Kind = Kind::Text;
    const SECRET: bool = true;
    fn to_value(&self) -> Result<Value, Invalid> {
        Ok(Value::Secret(self.0.clone()))
    }
    fn from_value(_: Value) -> Result<Self, Invalid> {
        Ok(Self::UNCHANGED)
    }
}
