const _: () = {
    use ::restruct::__private as __r;
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Page {
        const ID: __r::Field<Self, i64> = __r::Field::new("id");
        const TITLE: __r::Field<Self, String> = __r::Field::new("title");
        const SLUG: __r::Field<Self, String> = __r::Field::new("slug");
        const SHARE: __r::Field<Self, f64> = __r::Field::new("share");
        const COUNT: __r::Field<Self, i32> = __r::Field::new("count");
        const LINK: __r::Field<Self, Option<String>> = __r::Field::new("link");
        const VIEWS: __r::Field<Self, i64> = __r::Field::new("views");
        const ORIGIN: __r::Field<Self, String> = __r::Field::new("origin");
    }
    static __COLUMNS: [__r::Column; 8usize] = [
        Page::ID.column().role(__r::Role::Id),
        Page::TITLE.column().unique().length(1u32, __r::Some(80u32)),
        Page::SLUG.column().pattern("^[a-z]+$").validate(|__v| Page::SLUG.validate(__v, |__v| checks::slug(__v))),
        Page::SHARE.column().range(__r::Some(__r::Bound::Float(0.5f64)), __r::Some(__r::Bound::Float(1f64))),
        Page::COUNT.column().range(__r::None, __r::Some(__r::Bound::Int(99i64))),
        Page::LINK.column().write_only().format(__r::Format::Url),
        Page::VIEWS.column().read_only().default(
            || {
                Page::VIEWS.encode(&{
                    let __v: i64 = 0;
                    __v
                })
            },
            true,
        ),
        Page::ORIGIN.column().immutable(),
    ];
    #[automatically_derived]
    impl __r::Resource for Page {
        type Key = i64;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "Page",
            name: "pages",
            path: "pages",
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
                title: __row.take(Self::TITLE)?,
                slug: __row.take(Self::SLUG)?,
                share: __row.take(Self::SHARE)?,
                count: __row.take(Self::COUNT)?,
                link: __row.take(Self::LINK)?,
                views: __row.take(Self::VIEWS)?,
                origin: __row.take(Self::ORIGIN)?,
            })
        }
        fn to_values(&self) -> __r::Values {
            __r::values(__r::Box::new([
                Self::ID.encode(&self.id),
                Self::TITLE.encode(&self.title),
                Self::SLUG.encode(&self.slug),
                Self::SHARE.encode(&self.share),
                Self::COUNT.encode(&self.count),
                Self::LINK.encode(&self.link),
                Self::VIEWS.encode(&self.views),
                Self::ORIGIN.encode(&self.origin),
            ]))
        }
    }
    #[automatically_derived]
    impl __r::Serialize for Page {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> __r::Result<__S::Ok, __S::Error> {
            __r::serialize(self, __to)
        }
    }
    const _: () = __r::rules::id(Page::ID);
    const _: () = __r::rules::length(Page::TITLE);
    const _: () = __r::rules::indexable(Page::TITLE);
    const _: () = __r::rules::text(Page::SLUG);
    const _: () = __r::rules::float_range(Page::SHARE);
    const _: () = __r::rules::range(Page::COUNT);
    const _: () = __r::rules::text(Page::LINK);
};
