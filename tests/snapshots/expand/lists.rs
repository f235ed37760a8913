#[derive(Resource)]
#[resource(read = public, write = none, unique(board, position), index(board, title), page(20, 200))]
struct Card {
    id: i64,
    #[resource(column = "board_name")]
    board: String,
    position: i32,
    title: String,
}
