use super::Schema;
use crate::{
    column::{Column, OnDelete, Role},
    table::{Rule, Rules, Table},
    value::{Invalid, Value},
};

pub(crate) const fn table(resource: &'static str, name: &'static str, columns: &'static [Column]) -> Table {
    Table { resource, name, path: name, columns, rules: rules(Rule::PUBLIC, Rule::NONE), ..Table::BLANK }
}

const fn rules(read: Rule, write: Rule) -> Rules {
    Rules { read, create: write, update: write, delete: write }
}

pub(crate) const fn id() -> Column {
    Column::new::<i64>("id").role(Role::Id)
}

const fn to(name: &'static str, table: fn() -> &'static Table) -> Column {
    Column::new::<i64>(name).references(table, OnDelete::Restrict)
}

const fn maybe_to(name: &'static str, table: fn() -> &'static Table) -> Column {
    Column::new::<Option<i64>>(name).references(table, OnDelete::SetNull)
}

fn names(schema: &Schema) -> Vec<&'static str> {
    schema.tables().iter().map(|t| t.name).collect()
}

fn mistakes(tables: &[&'static Table]) -> String {
    Schema::new(tables).expect_err("the tables hold a mistake").to_string()
}

static USER: Table = table("User", "users", &[id(), Column::new::<String>("email").role(Role::Login)]);
static CARD: Table = table("Card", "cards", &[id(), to("user_id", || &USER), maybe_to("parent_id", || &CARD)]);
static COMMENT: Table = table("Comment", "comments", &[id(), to("card_id", || &CARD), to("user_id", || &USER)]);
static TAG: Table = table("Tag", "tags", &[id()]);

#[test]
fn referenced_tables_come_first_and_the_rest_stays_in_order() {
    let schema = Schema::new(&[&TAG, &COMMENT, &CARD, &USER]).expect("nothing is wrong");
    assert_eq!(names(&schema), ["tags", "users", "cards", "comments"]);
    assert_eq!(schema.login().map(|t| t.name), Some("users"));
    assert!(!schema.is_late(&CARD, &CARD.columns[2]), "a reference to itself needs no second step");
}

#[test]
fn the_optional_reference_of_a_cycle_waits() {
    // `notes` has an optional reference too, but it is not what makes the circle.
    static NOTE: Table = table("Note", "notes", &[id(), maybe_to("team_id", || &TEAM)]);
    static TEAM: Table = table("Team", "teams", &[id(), to("city_id", || &CITY)]);
    static MEMBER: Table = table("Member", "members", &[id(), to("team_id", || &TEAM)]);
    static CITY: Table =
        table("City", "cities", &[id(), maybe_to("mayor_id", || &MEMBER), maybe_to("twin_id", || &CITY)]);
    let schema = Schema::new(&[&NOTE, &MEMBER, &TEAM, &CITY]).expect("one reference of the circle is optional");
    assert_eq!(names(&schema), ["cities", "teams", "notes", "members"]);
    assert!(schema.is_late(&CITY, &CITY.columns[1]));
    assert!(!schema.is_late(&CITY, &CITY.columns[2]));
    assert!(!schema.is_late(&NOTE, &NOTE.columns[1]));
}

#[test]
fn a_circle_of_required_references_is_refused() {
    static LEAF: Table = table("Leaf", "leaves", &[id(), to("egg_id", || &EGG)]);
    static EGG: Table = table("Egg", "eggs", &[id(), maybe_to("leaf_id", || &LEAF), to("hen_id", || &HEN)]);
    static HEN: Table = table("Hen", "hens", &[id(), to("egg_id", || &EGG)]);
    assert_eq!(
        mistakes(&[&LEAF, &EGG, &HEN]),
        "`Egg.hen_id`, `Hen.egg_id` refer to each other in a circle and none is optional, so no first row could ever \
         be stored; make one of them an `Option`"
    );
}

#[test]
fn names_are_apart() {
    static TASK: Table = Table { path: "tasks", ..table("Task", "CARDS", &[id()]) };
    static LIST: Table = Table { path: "Tags/all", ..table("List", "lists", &[id()]) };
    static TAGSET: Table = Table { path: "tagset", ..table("TagSet", "tagset", &[id()]) };
    assert_eq!(mistakes(&[&TAG, &TAG]), "`Tag` is registered twice; remove one `.resource::<Tag>()`");
    assert_eq!(
        mistakes(&[&USER, &CARD, &TASK]),
        "`Card` and `Task` both have the table `CARDS`; give one of them another name with `#[resource(table = \"..\")]`"
    );
    assert_eq!(
        mistakes(&[&TAG, &TAGSET, &LIST]),
        "`Tag` and `List` get in each other's way at `/tags` and `/Tags/all`; give one of them another path with \
         `#[resource(path = \"..\")]`"
    );
}

#[test]
fn columns_are_apart() {
    static ODD: Table = table("Odd", "odd", &[id(), Column::new::<String>("ID"), Column::new::<i64>("xmin")]);
    static LOGIN: Table =
        table("Login", "logins", &[id(), Column::new::<String>("x").role(Role::Login), Column::new::<i64>("_Ver")]);
    assert_eq!(
        mistakes(&[&ODD]),
        "`Odd` has the columns `id` and `ID`, which SQLite cannot tell apart; give one of them another name with \
         `#[resource(column = \"..\")]`\n\
         `Odd.xmin` has a name that PostgreSQL keeps for itself; give it another one with `#[resource(column = \"..\")]`"
    );
    assert!(mistakes(&[&LOGIN]).starts_with("`Login` has the columns `_Ver` and `_ver`"));
}

#[test]
fn there_is_one_login() {
    static ADMIN: Table = table("Admin", "admins", &[id(), Column::new::<String>("name").role(Role::Login)]);
    assert_eq!(
        mistakes(&[&USER, &ADMIN]),
        "`User` and `Admin` both have a `login` field, and callers sign in to one resource alone; remove `login` from \
         one of them"
    );
}

#[test]
fn what_is_referenced_is_registered() {
    assert_eq!(
        mistakes(&[&CARD]),
        "`Card.user_id` references `User`, which is not registered; add `.resource::<User>()` to the app"
    );
}

#[test]
fn a_rule_can_be_met() {
    static SECRET: Table = Table { rules: rules(Rule::AUTHENTICATED, Rule::NONE), ..table("Plan", "plans", &[id()]) };
    static BOARD: Table = Table {
        rules: Rules { delete: Rule::OWNER.or(Rule::ADMIN), ..rules(Rule::PUBLIC, Rule::NONE) },
        ..table("Board", "boards", &[id()])
    };
    static BOSS: Table = table(
        "Boss",
        "bosses",
        &[id(), Column::new::<String>("name").role(Role::Login), Column::new::<bool>("boss").role(Role::Admin)],
    );
    assert_eq!(
        mistakes(&[&SECRET]),
        "`Plan` says `read = authenticated`, and no resource has a `login` field, so nobody can sign in; register the \
         resource that has one, or use `public` or `none`"
    );
    assert_eq!(
        mistakes(&[&USER, &BOARD]),
        "`Board` says `delete = owner | admin`, and the login resource `User` has no `admin` field; mark a `bool` of it \
         with `#[resource(admin)]`, or remove the word"
    );
    assert!(Schema::new(&[&BOARD, &BOSS, &SECRET]).is_ok());
}

#[test]
fn what_is_computed_from_is_there() {
    const fn by(name: &'static str, expression: &'static str) -> Column {
        Column::new::<String>(name).computed(expression, "1")
    }
    static GOOD: Table = table(
        "Good",
        "goods",
        &[
            id(),
            Column::new::<String>("a\"b"),
            by("plain", "id || 'a \"text\"' || ''"),
            by("named", "\"ID\" || \"a\"\"b\" || 'it''s \"x\"'"),
        ],
    );
    static BAD: Table = table(
        "Bad",
        "bads",
        &[id(), Column::new::<String>("title"), by("near", "\"titel\" || \"titel\""), by("open", "'' || \"no")],
    );
    assert!(Schema::new(&[&GOOD]).is_ok());
    let all = mistakes(&[&BAD]);
    let lines: Vec<_> = all.lines().map(|line| line.split(';').next().unwrap_or(line)).collect();
    assert_eq!(
        lines,
        [
            "`Bad.near` is computed from \"titel\", which is no column of `bads` (did you mean `title`?)",
            "`Bad.open` is computed from \"\", which is no column of `bads`",
        ]
    );
}

#[test]
fn a_constant_default_fits_its_column() {
    const fn with(column: Column, value: fn() -> Result<Value, Invalid>) -> Column {
        column.default(value, true)
    }
    static BAD: Table = table(
        "Bad",
        "bads",
        &[
            id(),
            with(Column::new::<String>("error"), || Err(Invalid::new("must be nice"))),
            with(Column::new::<bool>("kind"), || Ok(Value::Int(1))),
            with(Column::new::<i16>("wide"), || Ok(Value::Int(40_000))),
            with(Column::new::<i64>("null"), || Ok(Value::Null)),
            with(Column::new::<String>("short").length(2, None), || Ok(Value::Text("é".into()))),
            with(Column::new::<String>("long").unique(), || Ok(Value::Text("x".repeat(256)))),
            with(Column::new::<i64>("low").range(Some(crate::column::Bound::Int(5)), None), || Ok(Value::Int(4))),
            with(Column::new::<i64>("odd").validate(|_| Err(Invalid::new("must be even"))), || Ok(Value::Int(3))),
            with(Column::new::<f64>("nan"), || Ok(Value::Float(f64::NAN))),
            with(Column { choices: &["a", "b"], ..Column::new::<String>("choice") }, || Ok(Value::Text("c".into()))),
            // Computed anew for every row, so nothing to try here.
            Column::new::<i64>("free").default(|| Err(Invalid::new("never asked")), false),
            with(Column::new::<Option<i64>>("optional"), || Ok(Value::Null)),
        ],
    );
    let all = mistakes(&[&BAD]);
    let reasons: Vec<_> =
        all.lines().map(|l| l.split("; change").next().unwrap_or(l).trim_start_matches("the default of ")).collect();
    assert_eq!(
        reasons,
        [
            "`Bad.error` does not pass: it must be nice",
            "`Bad.kind` does not pass: it must be true or false",
            "`Bad.wide` does not pass: it must be an integer",
            "`Bad.null` does not pass: it must not be null",
            "`Bad.short` does not pass: it must have a length of at least 2",
            "`Bad.long` does not pass: it must have a length of at most 255",
            "`Bad.low` does not pass: it must lie in the column's range",
            "`Bad.odd` does not pass: it must be even",
            "`Bad.nan` does not pass: it must be a number",
            "`Bad.choice` does not pass: it must be one of a, b",
        ]
    );
}

/// The relations of a table, as `name -> table`, with an asterisk where there are many.
fn relations(schema: &Schema, table: &Table) -> Vec<String> {
    let shown = |many| if many { "*" } else { "" };
    schema.relations().of(table).iter().map(|r| format!("{} -> {}{}", r.name, r.table.name, shown(r.many))).collect()
}

#[test]
fn references_are_relations_in_both_directions() {
    let schema = Schema::new(&[&TAG, &COMMENT, &CARD, &USER]).expect("nothing is wrong");
    assert_eq!(
        relations(&schema, &CARD),
        ["user -> users", "parent -> cards", "comments -> comments*", "cards -> cards*"]
    );
    assert_eq!(relations(&schema, &USER), ["comments -> comments*", "cards -> cards*"]);
    assert_eq!(relations(&schema, &COMMENT), ["card -> cards", "user -> users"]);
    assert_eq!(relations(&schema, &TAG), Vec::<String>::new());
}

#[test]
fn what_nobody_reads_is_led_to_by_nothing() {
    static SECRET: Table = Table {
        rules: rules(Rule::NONE, Rule::PUBLIC),
        ..table("Secret", "secrets", &[id(), to("card_id", || &CARD)])
    };
    static NOTE: Table =
        table("Note", "notes", &[id(), to("secret_id", || &SECRET), maybe_to("card_id", || &CARD).write_only()]);
    let schema = Schema::new(&[&CARD, &USER, &SECRET, &NOTE]).expect("nothing is wrong");
    assert_eq!(relations(&schema, &CARD), ["user -> users", "parent -> cards", "cards -> cards*"]);
    assert_eq!(relations(&schema, &NOTE), Vec::<String>::new());
    assert_eq!(relations(&schema, &SECRET), Vec::<String>::new());
}

#[test]
fn the_name_of_a_relation_follows_the_json_name_in_every_case() {
    static ODD: Table = table(
        "Odd",
        "odds",
        &[
            id(),
            to("a", || &USER).json("firstUserId").inverse("a"),
            to("b", || &USER).json("second-user-id").inverse("b"),
            to("c", || &USER).json("THIRD_USER_ID").inverse("c"),
            to("d", || &USER).json("who").relation("fourth").inverse("d"),
        ],
    );
    let schema = Schema::new(&[&USER, &ODD]).expect("nothing is wrong");
    let names: Vec<_> = schema.relations().of(&ODD).iter().map(|relation| relation.name.as_str()).collect();
    assert_eq!(names, ["firstUser", "second-user", "THIRD_USER", "fourth"]);
    assert_eq!(relations(&schema, &USER), ["a -> odds*", "b -> odds*", "c -> odds*", "d -> odds*"]);
}

#[test]
fn relations_need_names_that_tell_them_apart() {
    static TWICE: Table = table("Twice", "twices", &[id(), to("user_id", || &USER), to("other_id", || &USER)]);
    static OWN: Table = table("Own", "owns", &[id(), to("user", || &USER)]);
    static CLASH: Table = table("Clash", "clashes", &[id(), to("tag_id", || &TAG), Column::new::<String>("tag")]);
    static RANGE: Table = table("Range", "range", &[id(), to("tag_id", || &TAG)]);
    for (tables, expected) in [
        (
            vec![&USER, &TWICE],
            "`Twice.user_id` and `Twice.other_id` both lead from `User` to `twices`; name one of them with \
             `#[resource(inverse = \"..\")]` on `Twice.other_id`",
        ),
        (
            vec![&USER, &OWN],
            "`Own.user` leads to `User`, which cannot be called `user` as the column is; name it with \
             `#[resource(relation = \"..\")]` on `Own.user`",
        ),
        (
            vec![&TAG, &CLASH],
            "`Clash.tag_id` leads from `Clash` to `tag`, and `Clash` has a column of that name; name it with \
             `#[resource(relation = \"..\")]` on `Clash.tag_id`",
        ),
        (
            vec![&TAG, &RANGE],
            "`Range.tag_id` leads from `Tag` to `range`, a word of the query grammar; name it with \
             `#[resource(inverse = \"..\")]` on `Range.tag_id`",
        ),
    ] {
        assert!(mistakes(&tables).contains(expected), "{}", mistakes(&tables));
    }
}

#[test]
fn rows_are_made_together_where_both_can_be() {
    static SEALED: Table = Table {
        rules: Rules { create: Rule::NONE, ..rules(Rule::PUBLIC, Rule::PUBLIC) },
        ..table("Sealed", "seals", &[id(), to("card_id", || &CARD).nested()])
    };
    static HIDDEN: Table = Table {
        rules: rules(Rule::NONE, Rule::PUBLIC),
        ..table("Hidden", "hidings", &[id(), to("card_id", || &CARD).nested()])
    };
    static OF_SEALED: Table = table("Stamp", "stamps", &[id(), to("seal_id", || &SEALED).nested()]);
    let found = mistakes(&[&USER, &CARD, &SEALED, &HIDDEN, &OF_SEALED]);
    for expected in [
        "`Sealed.card_id` is `nested`, and `Sealed` says `create = none`; remove `nested` or say who may create it",
        "`Hidden.card_id` is `nested`, and `Hidden` says `read = none`; remove `nested` or say who may read it",
        "`Stamp.seal_id` is `nested`, and `Sealed` says `create = none`; remove `nested` or say who may create it",
    ] {
        assert!(found.contains(expected), "{found}");
    }
}
