#[derive(Resource)]
#[resource(read = public, write = none)]
struct Note {
    id: Uuid,
    #[resource(search, length(..=100))]
    title: String,
    #[resource(search)]
    text: Option<String>,
}
