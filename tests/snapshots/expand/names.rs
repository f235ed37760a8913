#[derive(Resource)]
#[resource(crate = my::rest, read = public, write = public, table = "order", path = "orders", rename_all = "camelCase")]
struct r#Type {
    id: i64,
    r#type: String,
    #[resource(rename = "from", column = "from_place")]
    start_place: String,
}
