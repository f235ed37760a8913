const _: () = {
    use ::restruct::__private as __r;
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Card {
        const ID: __r::Field<Self, Uuid> = __r::Field::new("id");
        const STATUS: __r::Field<Self, Status> = __r::Field::new("status");
        const TITLE: __r::Field<Self, String> = __r::Field::new("title");
        const WEIGHT: __r::Field<Self, i32> = __r::Field::new("weight");
        const DATE: __r::Field<Self, NaiveDate> = __r::Field::new("date");
        const TAGS: __r::Field<Self, Json<Vec<String>>> = __r::Field::new("tags");
    }
    static __COLUMNS: [__r::Column; 6usize] = [
        Card::ID.column().role(__r::Role::Id),
        Card::STATUS.column().index().default(
            || {
                Card::STATUS.encode(&{
                    let __v: Status = Status::ToDo;
                    __v
                })
            },
            true,
        ),
        Card::TITLE.column().default(
            || {
                Card::TITLE.encode(&{
                    let __v: String = ::core::convert::Into::into("untitled");
                    __v
                })
            },
            true,
        ),
        Card::WEIGHT.column().default(
            || {
                Card::WEIGHT.encode(&{
                    let __v: i32 = -1;
                    __v
                })
            },
            true,
        ),
        Card::DATE.column().default(
            || {
                Card::DATE.encode(&{
                    let __v: NaiveDate = today();
                    __v
                })
            },
            false,
        ),
        Card::TAGS.column().default(
            || {
                Card::TAGS.encode(&{
                    let __v: Json<Vec<String>> = <Json<Vec<String>> as ::core::default::Default>::default();
                    __v
                })
            },
            false,
        ),
    ];
    #[automatically_derived]
    impl __r::Resource for Card {
        type Key = Uuid;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "Card",
            name: "cards",
            path: "cards",
            columns: &__COLUMNS,
            rules: __r::Rules {
                read: __r::Rule::PUBLIC,
                create: __r::Rule::AUTHENTICATED,
                update: __r::Rule::AUTHENTICATED,
                delete: __r::Rule::AUTHENTICATED,
            },
            ..__r::Table::BLANK
        };
        fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
            __r::Ok(Self {
                id: __row.take(Self::ID)?,
                status: __row.take(Self::STATUS)?,
                title: __row.take(Self::TITLE)?,
                weight: __row.take(Self::WEIGHT)?,
                date: __row.take(Self::DATE)?,
                tags: __row.take(Self::TAGS)?,
            })
        }
        fn to_values(&self) -> __r::Values {
            __r::values(__r::Box::new([
                Self::ID.encode(&self.id),
                Self::STATUS.encode(&self.status),
                Self::TITLE.encode(&self.title),
                Self::WEIGHT.encode(&self.weight),
                Self::DATE.encode(&self.date),
                Self::TAGS.encode(&self.tags),
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
    const _: () = __r::rules::indexable(Card::STATUS);
};
