/// A thing to do.
#[derive(Resource)]
#[resource(read = public, write = none)]
pub struct Todo {
    id: i64,
    /// What to do.
    pub title: String,
    #[resource(skip)]
    cache: Vec<u8>,
}
