#[derive(Resource)]
#[resource(read = public, write = authenticated)]
struct Card {
    id: Uuid,
    #[resource(default = Status::ToDo, index)]
    status: Status,
    #[resource(default = "untitled")]
    title: String,
    #[resource(default = -1)]
    weight: i32,
    #[resource(default = today())]
    date: NaiveDate,
    #[resource(default)]
    tags: Json<Vec<String>>,
}
