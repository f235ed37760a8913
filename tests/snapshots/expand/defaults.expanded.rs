const _: () = {
    use ::restruct::__private as __r;
    #[automatically_derived]
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Card {
        #[doc = "The column `id`."]
        const ID: __r::Field<Self, Uuid> = __r::Field::<Self, Uuid>::new("id");
        #[doc = "The column `status`."]
        const STATUS: __r::Field<Self, Status> = __r::Field::<Self, Status>::new("status");
        #[doc = "The column `title`."]
        const TITLE: __r::Field<Self, String> = __r::Field::<Self, String>::new("title");
        #[doc = "The column `weight`."]
        const WEIGHT: __r::Field<Self, i32> = __r::Field::<Self, i32>::new("weight");
        #[doc = "The column `date`."]
        const DATE: __r::Field<Self, NaiveDate> = __r::Field::<Self, NaiveDate>::new("date");
        #[doc = "The column `tags`."]
        const TAGS: __r::Field<Self, Json<Vec<String>>> = __r::Field::<Self, Json<Vec<String>>>::new("tags");
    }
    #[automatically_derived]
    impl __r::Resource for Card {
        type Key = Uuid;
        const LOGIN: ::core::primitive::bool = false;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "Card",
            name: "cards",
            path: "cards",
            doc: "",
            columns: &[
                Self::ID.column().role(__r::Role::Id),
                Self::STATUS.column().index().default(
                    || {
                        Self::STATUS.encode(&{
                            let __v: Status = Status::ToDo;
                            __v
                        })
                    },
                    true,
                ),
                Self::TITLE.column().default(
                    || {
                        Self::TITLE.encode(&{
                            let __v: String = ::core::convert::Into::into("untitled");
                            __v
                        })
                    },
                    true,
                ),
                Self::WEIGHT.column().default(
                    || {
                        Self::WEIGHT.encode(&{
                            let __v: i32 = -1;
                            __v
                        })
                    },
                    true,
                ),
                Self::DATE.column().default(
                    || {
                        Self::DATE.encode(&{
                            let __v: NaiveDate = today();
                            __v
                        })
                    },
                    false,
                ),
                Self::TAGS.column().default(
                    || {
                        Self::TAGS.encode(&{
                            let __v: Json<Vec<String>> = <Json<Vec<String>> as ::core::default::Default>::default();
                            __v
                        })
                    },
                    false,
                ),
            ],
            rules: __r::Rules {
                read: __r::Rule::PUBLIC,
                create: __r::Rule::AUTHENTICATED,
                update: __r::Rule::AUTHENTICATED,
                delete: __r::Rule::AUTHENTICATED,
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
                status: __row.take(Self::STATUS)?,
                title: __row.take(Self::TITLE)?,
                weight: __row.take(Self::WEIGHT)?,
                date: __row.take(Self::DATE)?,
                tags: __row.take(Self::TAGS)?,
            })
        }
        fn to_values(&self) -> ::core::result::Result<__r::Vec<__r::Value>, __r::Invalid> {
            ::core::result::Result::Ok(__r::vec![
                Self::ID.encode(&self.id)?,
                Self::STATUS.encode(&self.status)?,
                Self::TITLE.encode(&self.title)?,
                Self::WEIGHT.encode(&self.weight)?,
                Self::DATE.encode(&self.date)?,
                Self::TAGS.encode(&self.tags)?
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
    const _: () = __r::rules::indexable(Card::STATUS);
    const _: () = {
        __r::rules::no_password(Card::ID);
        __r::rules::no_password(Card::STATUS);
        __r::rules::no_password(Card::TITLE);
        __r::rules::no_password(Card::WEIGHT);
        __r::rules::no_password(Card::DATE);
        __r::rules::no_password(Card::TAGS);
    };
};
