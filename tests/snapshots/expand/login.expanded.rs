const _: () = {
    use ::restruct::__private as __r;
    #[automatically_derived]
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl User {
        #[doc = "The column `id`."]
        const ID: __r::Field<Self, i64> = __r::Field::<Self, i64>::new("id");
        #[doc = "The column `email`."]
        const EMAIL: __r::Field<Self, String> = __r::Field::<Self, String>::new("email");
        #[doc = "The column `password`."]
        const PASSWORD: __r::Field<Self, Password> = __r::Field::<Self, Password>::new("password");
        #[doc = "The column `is_admin`."]
        const IS_ADMIN: __r::Field<Self, bool> = __r::Field::<Self, bool>::new("is_admin");
        #[doc = "The column `created_at`."]
        const CREATED_AT: __r::Field<Self, DateTime<Utc>> = __r::Field::<Self, DateTime<Utc>>::new("created_at");
        #[doc = "The column `updated_at`."]
        const UPDATED_AT: __r::Field<Self, DateTime<Utc>> = __r::Field::<Self, DateTime<Utc>>::new("updated_at");
        #[doc = "The column `version`."]
        const VERSION: __r::Field<Self, i64> = __r::Field::<Self, i64>::new("version");
    }
    #[automatically_derived]
    impl __r::Resource for User {
        type Key = i64;
        const LOGIN: ::core::primitive::bool = true;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "User",
            name: "users",
            path: "users",
            doc: "",
            columns: &[
                Self::ID.column().role(__r::Role::Id),
                Self::EMAIL.column().role(__r::Role::Login).format(__r::Format::Email),
                Self::PASSWORD.column(),
                Self::IS_ADMIN
                    .column()
                    .role(__r::Role::Admin)
                    .default(|| ::core::result::Result::Ok(__r::Value::Bool(false)), true),
                Self::CREATED_AT.column().role(__r::Role::CreatedAt),
                Self::UPDATED_AT.column().role(__r::Role::UpdatedAt),
                Self::VERSION.column().role(__r::Role::Version),
            ],
            rules: __r::Rules {
                read: __r::Rule::OWNER.or(__r::Rule::ADMIN),
                create: __r::Rule::ADMIN,
                update: __r::Rule::OWNER.or(__r::Rule::ADMIN),
                delete: __r::Rule::ADMIN,
            },
            uniques: &[],
            indexes: &[],
            page: __r::Page::DEFAULT,
            register: true,
            seed: ::core::option::Option::None,
        };
        fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
            ::core::result::Result::Ok(Self {
                id: __row.take(Self::ID)?,
                email: __row.take(Self::EMAIL)?,
                password: __row.take(Self::PASSWORD)?,
                is_admin: __row.take(Self::IS_ADMIN)?,
                created_at: __row.take(Self::CREATED_AT)?,
                updated_at: __row.take(Self::UPDATED_AT)?,
                version: __row.take(Self::VERSION)?,
            })
        }
        fn to_values(&self) -> ::core::result::Result<__r::Vec<__r::Value>, __r::Invalid> {
            ::core::result::Result::Ok(__r::vec![
                Self::ID.encode(&self.id)?,
                Self::EMAIL.encode(&self.email)?,
                Self::PASSWORD.encode(&self.password)?,
                Self::IS_ADMIN.encode(&self.is_admin)?,
                Self::CREATED_AT.encode(&self.created_at)?,
                Self::UPDATED_AT.encode(&self.updated_at)?,
                Self::VERSION.encode(&self.version)?
            ])
        }
    }
    #[automatically_derived]
    impl __r::Serialize for User {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> ::core::result::Result<__S::Ok, __S::Error> {
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
