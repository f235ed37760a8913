const _: () = {
    use ::restruct::__private as __r;
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Purchase {
        const ID: __r::Field<Self, i64> = __r::Field::new("id");
        const PRICE: __r::Field<Self, i64> = __r::Field::new("price");
        const DOUBLE: __r::Field<Self, i64> = __r::Field::new("double");
        const FIRST: __r::Field<Self, String> = __r::Field::new("first");
        const GONE: __r::Field<Self, Option<DateTime<Utc>>> = __r::Field::new("gone");
        const VERSION: __r::Field<Self, i64> = __r::Field::new("version");
    }
    static __COLUMNS: [__r::Column; 6usize] = [
        Purchase::ID.column().role(__r::Role::Id),
        Purchase::PRICE.column(),
        Purchase::DOUBLE.column().index().computed("price * 2", "price * 2"),
        Purchase::FIRST.column().computed("substr(price, 1, 1)", "left(price::text, 1)"),
        Purchase::GONE.column().role(__r::Role::DeletedAt),
        Purchase::VERSION.column().role(__r::Role::Version),
    ];
    #[automatically_derived]
    impl __r::Resource for Purchase {
        type Key = i64;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "Purchase",
            name: "purchases",
            path: "purchases",
            columns: &__COLUMNS,
            rules: __r::Rules {
                read: __r::Rule::PUBLIC,
                create: __r::Rule::PUBLIC,
                update: __r::Rule::PUBLIC,
                delete: __r::Rule::PUBLIC,
            },
            put_merges: true,
            require_if_match: true,
            ..__r::Table::BLANK
        };
        fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
            __r::Ok(Self {
                id: __row.take(Self::ID)?,
                price: __row.take(Self::PRICE)?,
                double: __row.take(Self::DOUBLE)?,
                first: __row.take(Self::FIRST)?,
                gone: __row.take(Self::GONE)?,
                version: __row.take(Self::VERSION)?,
            })
        }
        fn to_values(&self) -> __r::Values {
            __r::values(__r::Box::new([
                Self::ID.encode(&self.id),
                Self::PRICE.encode(&self.price),
                Self::DOUBLE.encode(&self.double),
                Self::FIRST.encode(&self.first),
                Self::GONE.encode(&self.gone),
                Self::VERSION.encode(&self.version),
            ]))
        }
    }
    #[automatically_derived]
    impl __r::Serialize for Purchase {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> __r::Result<__S::Ok, __S::Error> {
            __r::serialize(self, __to)
        }
    }
    const _: () = __r::rules::id(Purchase::ID);
    const _: () = __r::rules::indexable(Purchase::DOUBLE);
    const _: () = __r::rules::deleted_at(Purchase::GONE);
    const _: () = __r::rules::version(Purchase::VERSION);
};
