#[derive(Resource)]
#[resource(read = public, write = public)]
struct Page {
    id: i64,
    #[resource(length(1..=80), unique)]
    title: String,
    #[resource(pattern = "^[a-z]+$", validate = checks::slug)]
    slug: String,
    #[resource(range(0.5..=1))]
    share: f64,
    #[resource(range(..100))]
    count: i32,
    #[resource(url, write_only)]
    link: Option<String>,
    #[resource(read_only, default = 0)]
    views: i64,
    #[resource(immutable)]
    origin: String,
}
