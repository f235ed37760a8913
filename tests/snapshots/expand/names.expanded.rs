const _: () = {
    use my::rest::__private as __r;
    #[automatically_derived]
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl r#Type {
        #[doc = "The column `id`."]
        const ID: __r::Field<Self, i64> = __r::Field::<Self, i64>::new("id");
        #[doc = "The column `r#type`."]
        const TYPE: __r::Field<Self, String> = __r::Field::<Self, String>::new("type");
        #[doc = "The column `start_place`."]
        const START_PLACE: __r::Field<Self, String> = __r::Field::<Self, String>::new("from_place");
    }
    #[automatically_derived]
    impl __r::Resource for r#Type {
        type Key = i64;
        const LOGIN: ::core::primitive::bool = false;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "Type",
            name: "order",
            path: "orders",
            doc: "",
            columns: &[
                Self::ID.column().role(__r::Role::Id),
                Self::TYPE.column(),
                Self::START_PLACE.column().json("from"),
            ],
            rules: __r::Rules {
                read: __r::Rule::PUBLIC,
                create: __r::Rule::PUBLIC,
                update: __r::Rule::PUBLIC,
                delete: __r::Rule::PUBLIC,
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
                r#type: __row.take(Self::TYPE)?,
                start_place: __row.take(Self::START_PLACE)?,
            })
        }
        fn to_values(&self) -> ::core::result::Result<__r::Vec<__r::Value>, __r::Invalid> {
            ::core::result::Result::Ok(__r::vec![
                Self::ID.encode(&self.id)?,
                Self::TYPE.encode(&self.r#type)?,
                Self::START_PLACE.encode(&self.start_place)?
            ])
        }
    }
    #[automatically_derived]
    impl __r::Serialize for r#Type {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> ::core::result::Result<__S::Ok, __S::Error> {
            __r::serialize(self, __to)
        }
    }
    const _: () = __r::rules::id(r#Type::ID);
    const _: () = {
        __r::rules::no_password(r#Type::ID);
        __r::rules::no_password(r#Type::TYPE);
        __r::rules::no_password(r#Type::START_PLACE);
    };
};
