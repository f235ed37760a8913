const _: () = {
    use ::restruct::__private as __r;
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Note {
        const ID: __r::Field<Self, Uuid> = __r::Field::new("id");
        const TITLE: __r::Field<Self, String> = __r::Field::new("title");
        const TEXT: __r::Field<Self, Option<String>> = __r::Field::new("text");
    }
    static __COLUMNS: [__r::Column; 3usize] = [
        Note::ID.column().role(__r::Role::Id),
        Note::TITLE.column().search(__r::table_of::<Note>).length(0u32, __r::Some(100u32)),
        Note::TEXT.column().search(__r::table_of::<Note>),
    ];
    #[automatically_derived]
    impl __r::Resource for Note {
        type Key = Uuid;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "Note",
            name: "notes",
            path: "notes",
            columns: &__COLUMNS,
            rules: __r::Rules {
                read: __r::Rule::PUBLIC,
                create: __r::Rule::NONE,
                update: __r::Rule::NONE,
                delete: __r::Rule::NONE,
            },
            ..__r::Table::BLANK
        };
        fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
            __r::Ok(Self { id: __row.take(Self::ID)?, title: __row.take(Self::TITLE)?, text: __row.take(Self::TEXT)? })
        }
        fn to_values(&self) -> __r::Values {
            __r::values(__r::Box::new([
                Self::ID.encode(&self.id),
                Self::TITLE.encode(&self.title),
                Self::TEXT.encode(&self.text),
            ]))
        }
    }
    #[automatically_derived]
    impl __r::Serialize for Note {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> __r::Result<__S::Ok, __S::Error> {
            __r::serialize(self, __to)
        }
    }
    const _: () = __r::rules::id(Note::ID);
    const _: () = __r::rules::length(Note::TITLE);
    const _: () = __r::rules::search(Note::TITLE);
    const _: () = __r::rules::search(Note::TEXT);
};
