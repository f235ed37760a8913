//! Every type of column, aliases and newtypes.
#![deny(warnings)]

use restruct::{FieldType, Invalid, Kind, Value, prelude::*};

type Title = String;

struct Cents(i64);

impl FieldType for Cents {
    const KIND: Kind = Kind::I64;
    fn to_value(&self) -> Result<Value, Invalid> {
        self.0.to_value()
    }
    fn from_value(value: Value) -> Result<Self, Invalid> {
        i64::from_value(value).map(Cents)
    }
}

#[derive(Choice)]
#[choice(rename_all = "kebab-case")]
enum Size {
    VeryLarge,
    r#Try,
}

#[derive(Resource)]
#[resource(read = public, write = public)]
struct All {
    id: i64,
    boolean: bool,
    small: i16,
    #[resource(range(-3..=3))]
    medium: Option<i32>,
    #[resource(range(0..=1))]
    float: f64,
    #[resource(length(..=9), index)]
    text: Title,
    #[resource(length(2..))]
    bytes: Vec<u8>,
    #[resource(unique)]
    uuid: Option<Uuid>,
    date: NaiveDate,
    time: NaiveTime,
    naive: NaiveDateTime,
    #[resource(index)]
    at: DateTime<Utc>,
    json: Json<Vec<i32>>,
    #[resource(range(0..))]
    price: Cents,
    #[resource(default = Size::Try)]
    size: Size,
    #[resource(read_only)]
    larger: Option<Size>,
    #[resource(url, write_only, immutable)]
    link: Option<String>,
}

fn main() {
    let kinds: Vec<_> = All::TABLE.columns.iter().map(|column| (column.kind, column.nullable)).collect();
    assert_eq!(kinds[3], (Kind::I32, true));
    assert_eq!(kinds[13], (Kind::I64, false));
    assert_eq!(Size::CHOICES, ["very-large", "try"]);
    let _ = Size::VeryLarge;
    let all = All {
        id: 1,
        boolean: true,
        small: 2,
        medium: None,
        float: 0.5,
        text: "t".into(),
        bytes: vec![1],
        uuid: None,
        date: NaiveDate::default(),
        time: NaiveTime::default(),
        naive: NaiveDateTime::default(),
        at: DateTime::default(),
        json: Json(vec![1, 2]),
        price: Cents(3),
        size: Size::Try,
        larger: None,
        link: None,
    };
    let values = all.to_values().unwrap();
    assert_eq!((&values[3], &values[13], &values[14]), (&Value::Null, &Value::Int(3), &Value::Text("try".into())));
}
