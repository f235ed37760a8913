//! Rules about types, which a derive cannot check: it knows none. Each is called in a `const`, spanned on the key or
//! type that it is about, so that a breach is a compile error there, in these words.

use super::{Field, Kind, Resource, Table};

/// The type of an id.
#[track_caller]
pub const fn id<R: Resource, T>(field: Field<R, T>) {
    let column = field.shape();
    assert!(matches!(column.kind, Kind::I64 | Kind::Uuid), "an id is an `i64` or a `Uuid`");
    assert!(!column.nullable, "an id is never absent: remove the `Option`");
}

/// The type of a login.
#[track_caller]
pub const fn login<R: Resource, T>(field: Field<R, T>) {
    let column = field.shape();
    assert!(!column.secret, "nobody signs in by a password alone: `login` marks the name or e-mail address beside it");
    assert!(column.kind.same(Kind::Text), "a login is a text: make it a `String`");
    assert!(!column.nullable, "a login is never absent: remove the `Option`");
}

/// The type of an admin flag.
#[track_caller]
pub const fn admin<R: Resource, T>(field: Field<R, T>) {
    let column = field.shape();
    assert!(column.kind.same(Kind::Bool) && !column.nullable, "`admin` marks a `bool`");
}

/// The type of `created_at` and `updated_at`.
#[track_caller]
pub const fn timestamp<R: Resource, T>(field: Field<R, T>) {
    let column = field.shape();
    assert!(
        column.kind.same(Kind::Timestamp) && !column.nullable,
        "`created_at` and `updated_at` mark a `DateTime<Utc>`"
    );
}

/// The type of `deleted_at`.
#[track_caller]
pub const fn deleted_at<R: Resource, T>(field: Field<R, T>) {
    let column = field.shape();
    assert!(column.kind.same(Kind::Timestamp) && column.nullable, "`deleted_at` marks an `Option<DateTime<Utc>>`");
}

/// The type of a version.
#[track_caller]
pub const fn version<R: Resource, T>(field: Field<R, T>) {
    let column = field.shape();
    assert!(column.kind.same(Kind::I64) && !column.nullable, "`version` marks an `i64`");
}

/// Elsewhere than on the login resource, a password is the mistake, whatever its keys.
#[allow(clippy::large_types_passed_by_value, reason = "it only runs in the compiler")]
const fn password_has_keys<R: Resource, T>(field: Field<R, T>) -> bool {
    R::LOGIN && field.shape().secret
}

/// What has a length.
#[track_caller]
pub const fn length<R: Resource, T>(field: Field<R, T>) {
    assert!(!password_has_keys(field), "a password has a length of its own, 8 to 72 bytes: remove `length`");
    assert!(
        matches!(field.shape().kind, Kind::Text | Kind::Bytes),
        "`length` is for texts and bytes; numbers have `range`"
    );
}

/// What has bounds.
#[track_caller]
pub const fn range<R: Resource, T>(field: Field<R, T>) {
    let kind = field.shape().kind;
    assert!(kind.is_integer() || kind.same(Kind::F64), "`range` is for numbers; texts have `length`");
}

/// What has bounds with a fraction.
#[track_caller]
pub const fn float_range<R: Resource, T>(field: Field<R, T>) {
    let kind = field.shape().kind;
    assert!(!kind.is_integer(), "the bounds of an integer are integers");
    assert!(kind.same(Kind::F64), "`range` is for numbers; texts have `length`");
}

/// What has a pattern or a format.
#[track_caller]
pub const fn text<R: Resource, T>(field: Field<R, T>) {
    assert!(!password_has_keys(field), "a password takes any text: remove `pattern`, `email` and `url`");
    assert!(field.shape().kind.same(Kind::Text), "`pattern`, `email` and `url` are for texts");
}

/// What has words.
#[track_caller]
pub const fn search<R: Resource, T>(field: Field<R, T>) {
    assert!(!password_has_keys(field), "nobody reads a password, so nobody searches it: remove `search`");
    assert!(
        field.shape().kind.same(Kind::Text) && field.shape().choices.is_empty(),
        "`search` is for texts, a `String` or an `Option` of one; anything else is compared as a whole"
    );
}

/// What can become NULL.
#[track_caller]
pub const fn set_null<R: Resource, T>(field: Field<R, T>) {
    assert!(field.shape().nullable, "`set_null` needs a column that can be null: make the type an `Option`");
}

/// What an index can hold.
#[track_caller]
pub const fn indexable<R: Resource, T>(field: Field<R, T>) {
    assert!(!password_has_keys(field), "a password cannot be compared, so it is neither unique nor indexed");
    assert!(!field.shape().kind.same(Kind::Json), "a JSON column has no order, so it is neither unique nor indexed");
}

/// What gets a value though no client sets it.
#[track_caller]
pub const fn read_only<R: Resource, T>(field: Field<R, T>) {
    assert!(
        field.shape().nullable,
        "no client can set it and it has no value otherwise: add `default`, make the type an `Option`, or say `create = none`"
    );
}

/// What a row without a caller belongs to.
#[track_caller]
pub const fn public_owner<R: Resource, T>(owner: Field<R, T>) {
    assert!(
        owner.shape().nullable,
        "what anybody may create can belong to nobody: make the owner's type an `Option`, or say `authenticated`"
    );
}

/// What takes none of the keys of other columns.
#[track_caller]
pub const fn no_password_keys<R: Resource, T>(field: Field<R, T>) {
    assert!(!field.shape().secret, "a password is written, hashed and never read, whatever is said: remove this key");
}

/// What the login resource has one of.
#[track_caller]
pub const fn one_password(table: &Table) {
    let (mut count, mut i) = (0, 0);
    while i < table.columns.len() {
        count += table.columns[i].secret as usize;
        i += 1;
    }
    assert!(count > 0, "callers sign in with a password: add `password: Password`");
    assert!(count < 2, "a login has one password: remove the other `Password`");
}

/// The table that `field` points to.
#[track_caller]
pub const fn references<To: Resource, R: Resource, T>(field: Field<R, T>) -> fn() -> &'static Table {
    assert!(
        field.shape().kind.same(To::KEY.shape().kind),
        "a column that references a resource has the type of its id"
    );
    super::table_of::<To>
}

/// The login table that `field` points to.
#[track_caller]
pub const fn owner<To: Resource, R: Resource, T>(field: Field<R, T>) -> fn() -> &'static Table {
    assert!(To::LOGIN, "an owner references the login resource, the one with a `login` field");
    references::<To, R, T>(field)
}
