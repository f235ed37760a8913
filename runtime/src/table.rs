//! One table, as data: the descriptor that every generated resource is.

use crate::{
    column::{Column, Role},
    seed::SeedFn,
    value::Kind,
};

/// Everything the runtime knows of a resource: one `const` the derive writes.
#[derive(Debug)]
pub struct Table {
    /// Name of the struct, for start-up errors.
    pub resource: &'static str,
    /// Name in SQL.
    pub name: &'static str,
    /// First path segment of its routes, without slash.
    pub path: &'static str,
    /// The struct's doc comment.
    pub doc: &'static str,
    /// The columns, in the order of the struct's fields.
    pub columns: &'static [Column],
    /// Who may do what.
    pub rules: Rules,
    /// Sets of SQL column names that are unique together.
    pub uniques: &'static [&'static [&'static str]],
    /// Sets of SQL column names with an index together.
    pub indexes: &'static [&'static [&'static str]],
    /// Rows per page.
    pub page: Page,
    /// Whether PUT leaves alone what it does not name.
    pub put_merges: bool,
    /// Whether PUT, PATCH and DELETE need `If-Match`.
    pub require_if_match: bool,
    /// `true` where anybody may make an account at `/auth/register`.
    pub register: bool,
    /// The seed hook.
    pub seed: Option<Seed>,
}

/// A seed hook and its name.
#[derive(Clone, Copy, Debug)]
pub struct Seed {
    /// The function's path as written, which is the name it is remembered under.
    pub name: &'static str,
    /// The function.
    pub run: SeedFn,
}

/// Rows per page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where the client does not say.
    pub default: u32,
    /// At most.
    pub max: u32,
}

impl Page {
    /// What holds where `page` is not set.
    pub const DEFAULT: Self = Self { default: 100, max: 1000 };
}

/// One [`Rule`] for each action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// GET
    pub read: Rule,
    /// POST
    pub create: Rule,
    /// PUT, PATCH
    pub update: Rule,
    /// DELETE
    pub delete: Rule,
}

/// Who may: any of the words it holds; none of them means nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule(u8);

impl Rule {
    /// Nobody; the operation is not mounted.
    pub const NONE: Self = Self(0);
    /// Anybody.
    pub const PUBLIC: Self = Self(1);
    /// Whoever is signed in.
    pub const AUTHENTICATED: Self = Self(2);
    /// The caller that the row belongs to.
    pub const OWNER: Self = Self(4);
    /// A caller whose admin column is true.
    pub const ADMIN: Self = Self(8);

    /// Either rule.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it holds every word of `word`.
    pub const fn has(self, word: Self) -> bool {
        self.0 & word.0 == word.0 && word.0 != 0
    }

    /// Whether nobody may.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The words, as written in the attribute.
    pub fn words(self) -> Vec<&'static str> {
        let all = [
            (Self::PUBLIC, "public"),
            (Self::AUTHENTICATED, "authenticated"),
            (Self::OWNER, "owner"),
            (Self::ADMIN, "admin"),
        ];
        let words: Vec<_> = all.into_iter().filter(|(rule, _)| self.has(*rule)).map(|(_, word)| word).collect();
        if words.is_empty() { vec!["none"] } else { words }
    }
}

/// The four things a caller can do with rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// GET
    Read,
    /// POST
    Create,
    /// PUT, PATCH
    Update,
    /// DELETE
    Delete,
}

impl Rules {
    /// The rule of one action.
    pub const fn of(&self, action: Action) -> Rule {
        match action {
            Action::Read => self.read,
            Action::Create => self.create,
            Action::Update => self.update,
            Action::Delete => self.delete,
        }
    }

    /// Who may, in the words of a rule. A row that is not there yet is nobody's: `create = owner` is for whoever is signed
    /// in, and an administrator is.
    pub(crate) fn who(self, action: Action) -> String {
        let rule = self.of(action);
        let rule = match action {
            Action::Create if rule.has(Rule::OWNER) => Rule(rule.0 & Rule::PUBLIC.0).or(Rule::AUTHENTICATED),
            _ => rule,
        };
        rule.words().join(" | ")
    }
}

/// The hidden column of a login table: a random 63-bit number that every token of the row carries. Replaced, it kills them.
pub(crate) static TOKEN_VERSION: Column = Column::new::<i64>("_ver").role(Role::TokenVersion);

impl Table {
    /// What the derive need not say: without names, columns and callers.
    #[doc(hidden)]
    pub const BLANK: Self = Self {
        resource: "",
        name: "",
        path: "",
        doc: "",
        columns: &[],
        rules: Rules { read: Rule::NONE, create: Rule::NONE, update: Rule::NONE, delete: Rule::NONE },
        uniques: &[],
        indexes: &[],
        page: Page::DEFAULT,
        put_merges: false,
        require_if_match: false,
        register: false,
        seed: None,
    };

    /// The primary key.
    ///
    /// # Panics
    /// Never: the derive makes no table without one.
    pub fn id(&self) -> &'static Column {
        self.with_role(Role::Id).expect("the derive makes no table without an id")
    }

    /// What callers sign in with; `None` on every table but the login resource's.
    pub fn login(&self) -> Option<&'static Column> {
        self.with_role(Role::Login)
    }

    /// Whose row it is. On the login resource that is the key: a user owns itself.
    pub fn owner(&self) -> Option<&'static Column> {
        if self.login().is_some() { Some(self.id()) } else { self.with_role(Role::Owner) }
    }

    /// The column that makes an administrator.
    pub fn admin(&self) -> Option<&'static Column> {
        self.with_role(Role::Admin)
    }

    /// What says that a row is deleted, where DELETE leaves it in the table.
    pub fn deleted_at(&self) -> Option<&'static Column> {
        self.with_role(Role::DeletedAt)
    }

    /// The password column of the login resource.
    pub fn password(&self) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.secret)
    }

    /// The column with this role.
    pub fn with_role(&self, role: Role) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.role == role)
    }

    /// The column with this SQL name.
    pub fn named(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// The columns that answers hold, in order.
    pub fn readable(&self) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().filter(|c| c.readable())
    }

    /// The same as a list, for a statement to answer.
    pub(crate) fn output(&self) -> Vec<&'static Column> {
        let mut output = Vec::with_capacity(self.columns.len());
        output.extend(self.readable());
        output
    }

    /// The columns whose words can be searched.
    pub fn searchable(&self) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().filter(|c| c.search.is_some())
    }

    /// The sets of columns, by their SQL names, whose values no two rows share; but for the key.
    pub(crate) fn unique_sets(&self) -> impl Iterator<Item = &'static [&'static str]> + use<> {
        let single = self.columns.iter().filter(|column| column.unique || column.role == Role::Login);
        single.map(|column| std::slice::from_ref(&column.name)).chain(self.uniques.iter().copied())
    }

    /// Every column the table has in SQL, the hidden ones last.
    pub fn stored(&self) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().chain(self.login().map(|_| &TOKEN_VERSION))
    }

    /// The tables it points to, with the columns that do.
    pub fn references(&self) -> impl Iterator<Item = (&'static Column, &'static Table)> {
        self.columns.iter().filter_map(|c| c.references.map(|r| (c, (r.table)())))
    }

    /// Whether its key is given by the database.
    pub fn has_serial_id(&self) -> bool {
        self.id().kind == Kind::I64
    }
}
