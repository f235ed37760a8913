const _: () = {
    use ::restruct::__private as __r;
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Card {
        const ID: __r::Field<Self, i64> = __r::Field::new("id");
    }
    static __COLUMNS: [__r::Column; 1usize] = [Card::ID.column().role(__r::Role::Id)];
    #[automatically_derived]
    impl __r::Resource for Card {
        type Key = i64;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "Card",
            name: "cards",
            path: "cards",
            columns: &__COLUMNS,
            rules: __r::Rules {
                read: __r::Rule::PUBLIC,
                create: __r::Rule::NONE,
                update: __r::Rule::NONE,
                delete: __r::Rule::NONE,
            },
            seed: __r::Some(__r::Seed {
                name: "seeds::first_cards",
                run: |__seeder| __r::Box::pin(seeds::first_cards(__seeder)),
            }),
            ..__r::Table::BLANK
        };
        fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
            __r::Ok(Self { id: __row.take(Self::ID)? })
        }
        fn to_values(&self) -> __r::Values {
            __r::values(__r::Box::new([Self::ID.encode(&self.id)]))
        }
    }
    #[automatically_derived]
    impl __r::Serialize for Card {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> __r::Result<__S::Ok, __S::Error> {
            __r::serialize(self, __to)
        }
    }
    const _: () = __r::rules::id(Card::ID);
};
