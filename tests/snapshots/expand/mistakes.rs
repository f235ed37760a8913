#[derive(Resource)]
#[resource(read = publc, write = public)]
struct Card {
    id: Uuid,
    #[resource(uniqe)]
    title: String,
}

#[derive(Choice)]
enum Status {
    Open(i32),
}
