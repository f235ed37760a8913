const _: () = {
    use ::restruct::__private as __r;
    #[automatically_derived]
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Todo {
        #[doc = "The column `id`."]
        pub const ID: __r::Field<Self, i64> = __r::Field::<Self, i64>::new("id");
        #[doc = " What to do."]
        pub const TITLE: __r::Field<Self, String> = __r::Field::<Self, String>::new("title");
    }
    #[automatically_derived]
    impl __r::Resource for Todo {
        type Key = i64;
        const LOGIN: ::core::primitive::bool = false;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "Todo",
            name: "todos",
            path: "todos",
            doc: "A thing to do.",
            columns: &[Self::ID.column().role(__r::Role::Id), Self::TITLE.column().doc("What to do.")],
            rules: __r::Rules {
                read: __r::Rule::PUBLIC,
                create: __r::Rule::NONE,
                update: __r::Rule::NONE,
                delete: __r::Rule::NONE,
            },
            uniques: &[],
            indexes: &[],
            page: __r::Page::DEFAULT,
            register: false,
            seed: ::core::option::Option::None,
        };
        fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
            ::core::result::Result::Ok(Self {
                id: __row.take(Self::ID)?,
                title: __row.take(Self::TITLE)?,
                cache: <Vec<u8> as ::core::default::Default>::default(),
            })
        }
        fn to_values(&self) -> ::core::result::Result<__r::Vec<__r::Value>, __r::Invalid> {
            ::core::result::Result::Ok(__r::vec![Self::ID.encode(&self.id)?, Self::TITLE.encode(&self.title)?])
        }
    }
    #[automatically_derived]
    impl __r::Serialize for Todo {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> ::core::result::Result<__S::Ok, __S::Error> {
            __r::serialize(self, __to)
        }
    }
    const _: () = __r::rules::id(Todo::ID);
    const _: () = {
        __r::rules::no_password(Todo::ID);
        __r::rules::no_password(Todo::TITLE);
    };
};
