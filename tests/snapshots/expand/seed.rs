#[derive(Resource)]
#[resource(read = public, write = none, seed = seeds::first_cards)]
struct Card {
    id: i64,
}
