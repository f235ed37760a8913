//! What the attributes say, before anybody asked whether it makes sense.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Expr, ExprRange, LitInt, LitStr, Path, Type, Visibility};

/// A key's value, and the place of the key.
pub(crate) struct At<T> {
    pub(crate) span: Span,
    pub(crate) value: T,
}

/// A key that stands once or not at all.
pub(crate) type Given<T> = Option<At<T>>;

/// A key that says all by standing there.
pub(crate) type Flag = Given<()>;

/// A struct with named fields.
pub(crate) struct RawResource {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) keys: RawStructKeys,
    pub(crate) fields: Vec<RawField>,
    /// Whether its fields can have mistakes of their own: false where it is no struct with named fields.
    pub(crate) shaped: bool,
    /// Whether it has type parameters or lifetimes.
    pub(crate) generic: bool,
    /// Whether every key on the struct could be read, so that a missing one is missing indeed.
    pub(crate) keys_read: bool,
}

/// The keys on the struct.
#[derive(Default)]
pub(crate) struct RawStructKeys {
    pub(crate) read: Given<Vec<Word>>,
    pub(crate) create: Given<Vec<Word>>,
    pub(crate) update: Given<Vec<Word>>,
    pub(crate) delete: Given<Vec<Word>>,
    pub(crate) write: Given<Vec<Word>>,
    pub(crate) register: Given<Ident>,
    pub(crate) seed: Given<Path>,
    pub(crate) table: Given<LitStr>,
    pub(crate) path: Given<LitStr>,
    pub(crate) rename_all: Given<LitStr>,
    pub(crate) unique: Vec<At<Vec<Ident>>>,
    pub(crate) index: Vec<At<Vec<Ident>>>,
    pub(crate) page: Given<(LitInt, LitInt)>,
    pub(crate) put: Given<Ident>,
    pub(crate) require_if_match: Flag,
    pub(crate) krate: Given<Path>,
}

/// A word of a rule.
pub(crate) struct Word {
    pub(crate) ident: Ident,
    /// Whether something in parentheses follows it.
    pub(crate) called: bool,
}

/// A field.
pub(crate) struct RawField {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) keys: RawFieldKeys,
    /// Whether every key on it could be read.
    pub(crate) keys_read: bool,
}

/// The keys on a field.
#[derive(Default)]
pub(crate) struct RawFieldKeys {
    pub(crate) id: Flag,
    pub(crate) login: Flag,
    pub(crate) owner: Flag,
    pub(crate) admin: Flag,
    pub(crate) created_at: Flag,
    pub(crate) updated_at: Flag,
    pub(crate) deleted_at: Flag,
    pub(crate) version: Flag,
    pub(crate) column: Given<LitStr>,
    pub(crate) rename: Given<LitStr>,
    pub(crate) unique: Flag,
    pub(crate) index: Flag,
    pub(crate) default: Given<Option<Expr>>,
    pub(crate) references: Given<Type>,
    pub(crate) on_delete: Given<Ident>,
    pub(crate) relation: Given<LitStr>,
    pub(crate) inverse: Given<LitStr>,
    pub(crate) nested: Flag,
    pub(crate) computed: Given<RawComputed>,
    pub(crate) read_only: Flag,
    pub(crate) write_only: Flag,
    pub(crate) immutable: Flag,
    pub(crate) search: Flag,
    pub(crate) skip: Flag,
    pub(crate) length: Given<ExprRange>,
    pub(crate) range: Given<ExprRange>,
    pub(crate) pattern: Given<LitStr>,
    pub(crate) email: Flag,
    pub(crate) url: Flag,
    pub(crate) validate: Given<Path>,
}

/// An SQL expression for each database.
pub(crate) struct RawComputed {
    pub(crate) sqlite: Option<LitStr>,
    pub(crate) postgres: Option<LitStr>,
}

/// An enum.
pub(crate) struct RawChoice {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) rename_all: Given<LitStr>,
    pub(crate) krate: Given<Path>,
    pub(crate) variants: Vec<RawVariant>,
}

/// A variant of an enum.
pub(crate) struct RawVariant {
    pub(crate) ident: Ident,
    /// Whether it holds anything.
    pub(crate) holds: bool,
    pub(crate) rename: Given<LitStr>,
}
