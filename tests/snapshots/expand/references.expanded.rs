const _: () = {
    use ::restruct::__private as __r;
    #[automatically_derived]
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Card {
        #[doc = "The column `id`."]
        const ID: __r::Field<Self, i64> = __r::Field::<Self, i64>::new("id");
        #[doc = "The column `user_id`."]
        const USER_ID: __r::Field<Self, Option<i64>> = __r::Field::<Self, Option<i64>>::new("user_id");
        #[doc = "The column `parent`."]
        const PARENT: __r::Field<Self, Option<i64>> = __r::Field::<Self, Option<i64>>::new("parent");
    }
    const __USER_ID_TABLE: fn() -> &'static __r::Table = __r::rules::owner::<User, Card, _>(Card::USER_ID);
    const __PARENT_TABLE: fn() -> &'static __r::Table = __r::rules::references::<Card, Card, _>(Card::PARENT);
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
            columns: &[
                Self::ID.column().role(__r::Role::Id),
                Self::USER_ID.column().role(__r::Role::Owner).references(__USER_ID_TABLE, __r::OnDelete::Cascade),
                Self::PARENT.column().references(__PARENT_TABLE, __r::OnDelete::SetNull),
            ],
            rules: __r::Rules {
                read: __r::Rule::PUBLIC,
                create: __r::Rule::PUBLIC.or(__r::Rule::OWNER),
                update: __r::Rule::OWNER.or(__r::Rule::ADMIN),
                delete: __r::Rule::OWNER,
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
                user_id: __row.take(Self::USER_ID)?,
                parent: __row.take(Self::PARENT)?,
            })
        }
        fn to_values(&self) -> ::core::result::Result<__r::Vec<__r::Value>, __r::Invalid> {
            ::core::result::Result::Ok(__r::vec![
                Self::ID.encode(&self.id)?,
                Self::USER_ID.encode(&self.user_id)?,
                Self::PARENT.encode(&self.parent)?
            ])
        }
    }
    #[automatically_derived]
    impl __r::Serialize for Card {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> ::core::result::Result<__S::Ok, __S::Error> {
            __r::serialize(self, __to)
        }
    }
    const _: () = __r::rules::id(Card::ID);
    const _: () = __r::rules::set_null(Card::PARENT);
    const _: () = __r::rules::public_owner(Card::USER_ID);
    const _: () = {
        __r::rules::no_password(Card::ID);
        __r::rules::no_password(Card::USER_ID);
        __r::rules::no_password(Card::PARENT);
    };
};
