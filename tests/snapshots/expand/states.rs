#[derive(Resource)]
#[resource(read = public, write = public, put = merge, require_if_match)]
struct Purchase {
    id: i64,
    price: i64,
    #[resource(computed = "price * 2", index)]
    double: i64,
    #[resource(computed(sqlite = "substr(price, 1, 1)", postgres = "left(price::text, 1)"))]
    first: String,
    #[resource(deleted_at)]
    gone: Option<DateTime<Utc>>,
    #[resource(version)]
    version: i64,
}
