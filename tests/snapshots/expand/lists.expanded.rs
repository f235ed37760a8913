const _: () = {
    use ::restruct::__private as __r;
    #[automatically_derived]
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Card {
        #[doc = "The column `id`."]
        const ID: __r::Field<Self, i64> = __r::Field::<Self, i64>::new("id");
        #[doc = "The column `board`."]
        const BOARD: __r::Field<Self, String> = __r::Field::<Self, String>::new("board_name");
        #[doc = "The column `position`."]
        const POSITION: __r::Field<Self, i32> = __r::Field::<Self, i32>::new("position");
        #[doc = "The column `title`."]
        const TITLE: __r::Field<Self, String> = __r::Field::<Self, String>::new("title");
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
            columns: &[
                Self::ID.column().role(__r::Role::Id),
                Self::BOARD.column().json("board").grouped(),
                Self::POSITION.column().grouped(),
                Self::TITLE.column().grouped(),
            ],
            rules: __r::Rules {
                read: __r::Rule::PUBLIC,
                create: __r::Rule::NONE,
                update: __r::Rule::NONE,
                delete: __r::Rule::NONE,
            },
            uniques: &[&["board_name", "position"]],
            indexes: &[&["board_name", "title"]],
            page: __r::Page { default: 20u32, max: 200u32 },
            register: false,
            seed: ::core::option::Option::None,
        };
        fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
            ::core::result::Result::Ok(Self {
                id: __row.take(Self::ID)?,
                board: __row.take(Self::BOARD)?,
                position: __row.take(Self::POSITION)?,
                title: __row.take(Self::TITLE)?,
            })
        }
        fn to_values(&self) -> ::core::result::Result<__r::Vec<__r::Value>, __r::Invalid> {
            ::core::result::Result::Ok(__r::vec![
                Self::ID.encode(&self.id)?,
                Self::BOARD.encode(&self.board)?,
                Self::POSITION.encode(&self.position)?,
                Self::TITLE.encode(&self.title)?
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
    const _: () = __r::rules::indexable(Card::BOARD);
    const _: () = __r::rules::indexable(Card::POSITION);
    const _: () = __r::rules::indexable(Card::BOARD);
    const _: () = __r::rules::indexable(Card::TITLE);
    const _: () = {
        __r::rules::no_password(Card::ID);
        __r::rules::no_password(Card::BOARD);
        __r::rules::no_password(Card::POSITION);
        __r::rules::no_password(Card::TITLE);
    };
};
