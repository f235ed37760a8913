const _: () = {
    use ::restruct::__private as __r;
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl User {
        const ID: __r::Field<Self, i64> = __r::Field::new("id");
        const EMAIL: __r::Field<Self, String> = __r::Field::new("email");
        const PASSWORD: __r::Field<Self, Password> = __r::Field::new("password");
        const IS_ADMIN: __r::Field<Self, bool> = __r::Field::new("is_admin");
        const CREATED_AT: __r::Field<Self, DateTime<Utc>> = __r::Field::new("created_at");
        const UPDATED_AT: __r::Field<Self, DateTime<Utc>> = __r::Field::new("updated_at");
        const VERSION: __r::Field<Self, i64> = __r::Field::new("version");
    }
    static __COLUMNS: [__r::Column; 7usize] = [
        User::ID.column().role(__r::Role::Id),
        User::EMAIL.column().role(__r::Role::Login).format(__r::Format::Email),
        User::PASSWORD.column(),
        User::IS_ADMIN.column().role(__r::Role::Admin).default(|| __r::Ok(__r::Value::Bool(false)), true),
        User::CREATED_AT.column().role(__r::Role::CreatedAt),
        User::UPDATED_AT.column().role(__r::Role::UpdatedAt),
        User::VERSION.column().role(__r::Role::Version),
    ];
    #[automatically_derived]
    impl __r::Resource for User {
        type Key = i64;
        const LOGIN: __r::bool = true;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "User",
            name: "users",
            path: "users",
            columns: &__COLUMNS,
            rules: __r::Rules {
                read: __r::Rule::OWNER.or(__r::Rule::ADMIN),
                create: __r::Rule::ADMIN,
                update: __r::Rule::OWNER.or(__r::Rule::ADMIN),
                delete: __r::Rule::ADMIN,
            },
            register: true,
            ..__r::Table::BLANK
        };
        fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
            __r::Ok(Self {
                id: __row.take(Self::ID)?,
                email: __row.take(Self::EMAIL)?,
                password: __row.take(Self::PASSWORD)?,
                is_admin: __row.take(Self::IS_ADMIN)?,
                created_at: __row.take(Self::CREATED_AT)?,
                updated_at: __row.take(Self::UPDATED_AT)?,
                version: __row.take(Self::VERSION)?,
            })
        }
        fn to_values(&self) -> __r::Values {
            __r::values(__r::Box::new([
                Self::ID.encode(&self.id),
                Self::EMAIL.encode(&self.email),
                Self::PASSWORD.encode(&self.password),
                Self::IS_ADMIN.encode(&self.is_admin),
                Self::CREATED_AT.encode(&self.created_at),
                Self::UPDATED_AT.encode(&self.updated_at),
                Self::VERSION.encode(&self.version),
            ]))
        }
    }
    #[automatically_derived]
    impl __r::Serialize for User {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> __r::Result<__S::Ok, __S::Error> {
            __r::serialize(self, __to)
        }
    }
    const _: () = __r::rules::id(User::ID);
    const _: () = __r::rules::login(User::EMAIL);
    const _: () = __r::rules::admin(User::IS_ADMIN);
    const _: () = __r::rules::timestamp(User::CREATED_AT);
    const _: () = __r::rules::timestamp(User::UPDATED_AT);
    const _: () = __r::rules::version(User::VERSION);
    const _: () = __r::rules::one_password(<User as __r::Resource>::TABLE);
};
