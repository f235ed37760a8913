const _: () = {
    use ::restruct::__private as __r;
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Todo {
        #[doc = "The column `id`."]
        pub const ID: __r::Field<Self, i64> = __r::Field::new("id");
        #[doc = " What to do."]
        pub const TITLE: __r::Field<Self, String> = __r::Field::new("title");
    }
    static __COLUMNS: [__r::Column; 2usize] =
        [Todo::ID.column().role(__r::Role::Id), Todo::TITLE.column().doc("What to do.")];
    #[automatically_derived]
    impl __r::Resource for Todo {
        type Key = i64;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "Todo",
            name: "todos",
            path: "todos",
            doc: "A thing to do.",
            columns: &__COLUMNS,
            rules: __r::Rules {
                read: __r::Rule::PUBLIC,
                create: __r::Rule::NONE,
                update: __r::Rule::NONE,
                delete: __r::Rule::NONE,
            },
            ..__r::Table::BLANK
        };
        fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
            __r::Ok(Self {
                id: __row.take(Self::ID)?,
                title: __row.take(Self::TITLE)?,
                cache: <Vec<u8> as ::core::default::Default>::default(),
            })
        }
        fn to_values(&self) -> __r::Values {
            __r::values(__r::Box::new([Self::ID.encode(&self.id), Self::TITLE.encode(&self.title)]))
        }
    }
    #[automatically_derived]
    impl __r::Serialize for Todo {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> __r::Result<__S::Ok, __S::Error> {
            __r::serialize(self, __to)
        }
    }
    const _: () = __r::rules::id(Todo::ID);
};
