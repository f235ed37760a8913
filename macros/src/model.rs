//! What is true of a struct once every mistake is ruled out. It answers what expansion asks, so that expansion derives
//! nothing.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Expr, Path, Type, Visibility};

/// A resource without mistakes.
#[expect(clippy::struct_excessive_bools, reason = "each is a key of its own; no two of them make a state")]
pub(crate) struct Resource {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    /// Where the runtime is; `None`: `::restruct`.
    pub(crate) krate: Option<Path>,
    /// The struct's name, without `r#`.
    pub(crate) name: String,
    pub(crate) table: String,
    pub(crate) path: String,
    pub(crate) doc: String,
    pub(crate) rules: Rules,
    pub(crate) uniques: Vec<Vec<String>>,
    pub(crate) indexes: Vec<Vec<String>>,
    pub(crate) page: Option<(u32, u32)>,
    /// Whether PUT leaves alone what it does not name.
    pub(crate) put_merges: bool,
    pub(crate) require_if_match: bool,
    pub(crate) register: bool,
    /// Whether callers sign in with it.
    pub(crate) login: bool,
    pub(crate) seed: Option<Path>,
    /// In the order of the struct.
    pub(crate) fields: Vec<Field>,
    /// What the compiler has to check, since only it knows types.
    pub(crate) asserts: Vec<Assert>,
}

impl Resource {
    /// The fields that are columns.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &Column> {
        self.fields.iter().filter_map(|field| match field {
            Field::Column(column) => Some(&**column),
            Field::Skipped { .. } => None,
        })
    }

    /// The column of the key.
    pub(crate) fn id(&self) -> &Column {
        self.columns().find(|column| column.role == Role::Id).expect("a checked resource has an id")
    }
}

/// The rule of each action: the words, none of them for nobody.
pub(crate) struct Rules {
    pub(crate) read: Vec<RuleWord>,
    pub(crate) create: Vec<RuleWord>,
    pub(crate) update: Vec<RuleWord>,
    pub(crate) delete: Vec<RuleWord>,
}

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuleWord {
    Public,
    Authenticated,
    Owner,
    Admin,
}

/// A field of the struct.
pub(crate) enum Field {
    Column(Box<Column>),
    Skipped { ident: Ident, ty: Box<Type> },
}

/// A field that is a column.
#[expect(clippy::struct_excessive_bools, reason = "each is a key of its own; no two of them make a state")]
pub(crate) struct Column {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) docs: Vec<Attribute>,
    /// The constant on the struct.
    pub(crate) constant: Ident,
    pub(crate) sql: String,
    /// The JSON name, where it differs.
    pub(crate) json: Option<String>,
    pub(crate) doc: String,
    pub(crate) role: Role,
    pub(crate) unique: bool,
    pub(crate) index: bool,
    /// Stands in a composite `unique(..)` or `index(..)`.
    pub(crate) grouped: bool,
    /// The expression for SQLite and the one for PostgreSQL.
    pub(crate) computed: Option<[String; 2]>,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    pub(crate) immutable: bool,
    pub(crate) search: bool,
    pub(crate) default: Option<Default>,
    pub(crate) references: Option<Reference>,
    pub(crate) length: Option<Length>,
    pub(crate) range: Option<Range>,
    pub(crate) pattern: Option<String>,
    pub(crate) format: Option<Format>,
    pub(crate) validate: Option<Path>,
}

/// What the framework uses a column for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Plain,
    Id,
    Login,
    Owner,
    Admin,
    CreatedAt,
    UpdatedAt,
    DeletedAt,
    Version,
}

/// A default value.
pub(crate) enum Default {
    /// `false` of an admin column, which nobody wrote.
    NoAdmin,
    /// The type's own.
    OfType(Span),
    /// `default = expr`
    Expr { expr: Expr, constant: bool, text: bool },
}

/// A foreign key.
pub(crate) struct Reference {
    pub(crate) ty: Type,
    pub(crate) on_delete: OnDelete,
    /// What it leads to is called, where that is said.
    pub(crate) relation: Option<String>,
    /// And the way back.
    pub(crate) inverse: Option<String>,
    /// Whether the rows are taken along when the one they reference is made.
    pub(crate) nested: bool,
}

/// What becomes of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnDelete {
    Restrict,
    Cascade,
    SetNull,
}

/// Least and most length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Length {
    pub(crate) min: u32,
    pub(crate) max: Option<u32>,
}

/// Least and most of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Range {
    pub(crate) min: Option<Bound>,
    pub(crate) max: Option<Bound>,
}

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bound {
    Int(i64),
    Float(f64),
}

/// What a text must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Email,
    Url,
}

/// Something to ask of a column's type, and where to complain.
pub(crate) struct Assert {
    pub(crate) span: Span,
    /// The column's constant.
    pub(crate) constant: Ident,
    pub(crate) about: About,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// `id` is a kind of key.
    Id,
    /// `login` is a text.
    Login,
    /// `admin` is a bool.
    Admin,
    /// `created_at` and `updated_at` are timestamps.
    Timestamp,
    /// `deleted_at` is a timestamp or null.
    DeletedAt,
    /// `version` is an i64.
    Version,
    /// A length is of a text or bytes.
    Length,
    /// Whole bounds are of a number.
    Range,
    /// Bounds with a fraction are of an f64.
    FloatRange,
    /// `pattern`, `email`, `url` are of a text.
    Text,
    /// `search` is of a text that is not one of a list.
    Search,
    /// `set_null` needs a column that takes null.
    SetNull,
    /// An index needs an order.
    Indexable,
    /// What no client sets needs a value from elsewhere.
    ReadOnly,
    /// What anybody may create belongs to nobody.
    PublicOwner,
    /// A password takes no keys.
    NoPasswordKeys,
}

/// A list of texts without mistakes.
pub(crate) struct Choice {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) krate: Option<Path>,
    /// Each variant and its text.
    pub(crate) variants: Vec<(Ident, String)>,
}
