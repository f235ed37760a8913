const _: () = {
    use ::restruct::__private as __r;
    #[automatically_derived]
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Card {
        #[doc = "The column `id`."]
        const ID: __r::Field<Self, i64> = __r::Field::<Self, i64>::new("id");
    }
    #[automatically_derived]
    impl __r::Resource for Card {
        type Key = i64;
        const LOGIN: ::core::primitive::bool = false;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "Card",
            name: "cards",
            path: "cards",
            doc: "",
            columns: &[Self::ID.column().role(__r::Role::Id)],
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
            seed: ::core::option::Option::Some(__r::Seed {
                name: "seeds::first_cards",
                run: |__seeder| __r::Box::pin(seeds::first_cards(__seeder)),
            }),
        };
        fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
            ::core::result::Result::Ok(Self { id: __row.take(Self::ID)? })
        }
        fn to_values(&self) -> ::core::result::Result<__r::Vec<__r::Value>, __r::Invalid> {
            ::core::result::Result::Ok(__r::vec![Self::ID.encode(&self.id)?])
        }
    }
    #[automatically_derived]
    impl __r::Serialize for Card {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> ::core::result::Result<__S::Ok, __S::Error> {
            __r::serialize(self, __to)
        }
    }
    const _: () = __r::rules::id(Card::ID);
    const _: () = {
        __r::rules::no_password(Card::ID);
    };
};
