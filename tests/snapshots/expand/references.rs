#[derive(Resource)]
#[resource(read = public, create = public | owner, update = owner | admin, delete = owner)]
struct Card {
    id: i64,
    #[resource(owner, references = User, on_delete = cascade)]
    user_id: Option<i64>,
    #[resource(references = Self, on_delete = set_null, relation = "above", inverse = "below", nested)]
    parent: Option<i64>,
}
