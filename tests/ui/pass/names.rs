//! SQL keywords, raw identifiers, and names that the generated code uses itself.
#![deny(warnings)]

use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public, table = "group", rename_all = "camelCase", unique(r#type, order_number))]
struct Group {
    id: i64,
    r#type: String,
    #[resource(rename = "from")]
    select: bool,
    order_number: i32,
    user: String,
    table: String,
    key: String,
    login: String,
    row: i32,
    v: i32,
    #[resource(column = "Größe")]
    size: f64,
}

#[derive(Resource)]
#[resource(read = public, write = public, path = "types")]
struct r#Type {
    #[resource(id)]
    number: i64,
    #[resource(references = Group)]
    group: i64,
    #[resource(default = v)]
    __r: i32,
}

#[expect(non_upper_case_globals)]
const v: i32 = 7;

fn main() {
    let table = <Group as Resource>::TABLE;
    assert_eq!((table.name, table.path), ("group", "group"));
    let names: Vec<_> = table.columns.iter().map(|column| (column.name, column.json)).collect();
    assert_eq!(
        names,
        [
            ("id", "id"),
            ("type", "type"),
            ("select", "from"),
            ("order_number", "orderNumber"),
            ("user", "user"),
            ("table", "table"),
            ("key", "key"),
            ("login", "login"),
            ("row", "row"),
            ("v", "v"),
            ("Größe", "size"),
        ]
    );
    assert_eq!(table.uniques, [["type", "order_number"]]);
    assert_eq!(format!("{:?}", Group::TYPE), "Field(\"type\")");
    assert_eq!(format!("{:?}", Group::KEY), "Field(\"key\")");
    assert_eq!(format!("{:?}", <Group as Resource>::KEY), "Field(\"id\")");
    let typed = Type::TABLE;
    assert_eq!((typed.resource, typed.name, typed.id().name), ("Type", "types", "number"));
    let default = typed.columns[2].default.expect("a default");
    assert_eq!((default.value)(), restruct::FieldType::to_value(&7));
}
