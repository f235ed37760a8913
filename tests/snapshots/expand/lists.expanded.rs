const _: () = {
    use ::restruct::__private as __r;
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Card {
        const ID: __r::Field<Self, i64> = __r::Field::new("id");
        const BOARD: __r::Field<Self, String> = __r::Field::new("board_name");
        const POSITION: __r::Field<Self, i32> = __r::Field::new("position");
        const TITLE: __r::Field<Self, String> = __r::Field::new("title");
    }
    static __COLUMNS: [__r::Column; 4usize] = [
        Card::ID.column().role(__r::Role::Id),
        Card::BOARD.column().json("board").grouped(),
        Card::POSITION.column().grouped(),
        Card::TITLE.column().grouped(),
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
                create: __r::Rule::NONE,
                update: __r::Rule::NONE,
                delete: __r::Rule::NONE,
            },
            uniques: &[&["board_name", "position"]],
            indexes: &[&["board_name", "title"]],
            page: __r::Page { default: 20u32, max: 200u32 },
            ..__r::Table::BLANK
        };
        fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
            __r::Ok(Self {
                id: __row.take(Self::ID)?,
                board: __row.take(Self::BOARD)?,
                position: __row.take(Self::POSITION)?,
                title: __row.take(Self::TITLE)?,
            })
        }
        fn to_values(&self) -> __r::Values {
            __r::values(__r::Box::new([
                Self::ID.encode(&self.id),
                Self::BOARD.encode(&self.board),
                Self::POSITION.encode(&self.position),
                Self::TITLE.encode(&self.title),
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
    const _: () = __r::rules::indexable(Card::BOARD);
    const _: () = __r::rules::indexable(Card::POSITION);
    const _: () = __r::rules::indexable(Card::BOARD);
    const _: () = __r::rules::indexable(Card::TITLE);
};
