const _: () = {
    use ::restruct::__private as __r;
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Card {
        const ID: __r::Field<Self, i64> = __r::Field::new("id");
        const USER_ID: __r::Field<Self, Option<i64>> = __r::Field::new("user_id");
        const PARENT: __r::Field<Self, Option<i64>> = __r::Field::new("parent");
    }
    const __USER_ID_TABLE: fn() -> &'static __r::Table = __r::rules::owner::<User, Card, _>(Card::USER_ID);
    const __PARENT_TABLE: fn() -> &'static __r::Table = __r::rules::references::<Card, Card, _>(Card::PARENT);
    static __COLUMNS: [__r::Column; 3usize] = [
        Card::ID.column().role(__r::Role::Id),
        Card::USER_ID.column().role(__r::Role::Owner).references(__USER_ID_TABLE, __r::OnDelete::Cascade),
        Card::PARENT
            .column()
            .references(__PARENT_TABLE, __r::OnDelete::SetNull)
            .relation("above")
            .inverse("below")
            .nested(),
    ];
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
                create: __r::Rule::PUBLIC.or(__r::Rule::OWNER),
                update: __r::Rule::OWNER.or(__r::Rule::ADMIN),
                delete: __r::Rule::OWNER,
            },
            ..__r::Table::BLANK
        };
        fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
            __r::Ok(Self {
                id: __row.take(Self::ID)?,
                user_id: __row.take(Self::USER_ID)?,
                parent: __row.take(Self::PARENT)?,
            })
        }
        fn to_values(&self) -> __r::Values {
            __r::values(__r::Box::new([
                Self::ID.encode(&self.id),
                Self::USER_ID.encode(&self.user_id),
                Self::PARENT.encode(&self.parent),
            ]))
        }
    }
    #[automatically_derived]
    impl __r::Serialize for Card {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> __r::Result<__S::Ok, __S::Error> {
            __r::serialize(self, __to)
        }
    }
    const _: () = __r::rules::id(Card::ID);
    const _: () = __r::rules::set_null(Card::PARENT);
    const _: () = __r::rules::public_owner(Card::USER_ID);
};
