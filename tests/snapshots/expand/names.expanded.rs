const _: () = {
    use my::rest::__private as __r;
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl r#Type {
        const ID: __r::Field<Self, i64> = __r::Field::new("id");
        const TYPE: __r::Field<Self, String> = __r::Field::new("type");
        const START_PLACE: __r::Field<Self, String> = __r::Field::new("from_place");
    }
    static __COLUMNS: [__r::Column; 3usize] =
        [r#Type::ID.column().role(__r::Role::Id), r#Type::TYPE.column(), r#Type::START_PLACE.column().json("from")];
    #[automatically_derived]
    impl __r::Resource for r#Type {
        type Key = i64;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "Type",
            name: "order",
            path: "orders",
            columns: &__COLUMNS,
            rules: __r::Rules {
                read: __r::Rule::PUBLIC,
                create: __r::Rule::PUBLIC,
                update: __r::Rule::PUBLIC,
                delete: __r::Rule::PUBLIC,
            },
            ..__r::Table::BLANK
        };
        fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
            __r::Ok(Self {
                id: __row.take(Self::ID)?,
                r#type: __row.take(Self::TYPE)?,
                start_place: __row.take(Self::START_PLACE)?,
            })
        }
        fn to_values(&self) -> __r::Values {
            __r::values(__r::Box::new([
                Self::ID.encode(&self.id),
                Self::TYPE.encode(&self.r#type),
                Self::START_PLACE.encode(&self.start_place),
            ]))
        }
    }
    #[automatically_derived]
    impl __r::Serialize for r#Type {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> __r::Result<__S::Ok, __S::Error> {
            __r::serialize(self, __to)
        }
    }
    const _: () = __r::rules::id(r#Type::ID);
};
