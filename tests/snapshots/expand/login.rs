#[derive(Resource)]
#[resource(read = owner | admin, create = admin, update = owner | admin, delete = admin, register = public)]
struct User {
    id: i64,
    #[resource(login, email)]
    email: String,
    password: Password,
    #[resource(admin)]
    is_admin: bool,
    #[resource(created_at)]
    created_at: DateTime<Utc>,
    #[resource(updated_at)]
    updated_at: DateTime<Utc>,
    #[resource(version)]
    version: i64,
}
