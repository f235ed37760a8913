const _: () = {
    use ::restruct::__private as __r;
    #[automatically_derived]
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Page {
        #[doc = "The column `id`."]
        const ID: __r::Field<Self, i64> = __r::Field::<Self, i64>::new("id");
        #[doc = "The column `title`."]
        const TITLE: __r::Field<Self, String> = __r::Field::<Self, String>::new("title");
        #[doc = "The column `slug`."]
        const SLUG: __r::Field<Self, String> = __r::Field::<Self, String>::new("slug");
        #[doc = "The column `share`."]
        const SHARE: __r::Field<Self, f64> = __r::Field::<Self, f64>::new("share");
        #[doc = "The column `count`."]
        const COUNT: __r::Field<Self, i32> = __r::Field::<Self, i32>::new("count");
        #[doc = "The column `link`."]
        const LINK: __r::Field<Self, Option<String>> = __r::Field::<Self, Option<String>>::new("link");
        #[doc = "The column `views`."]
        const VIEWS: __r::Field<Self, i64> = __r::Field::<Self, i64>::new("views");
        #[doc = "The column `origin`."]
        const ORIGIN: __r::Field<Self, String> = __r::Field::<Self, String>::new("origin");
    }
    #[automatically_derived]
    impl __r::Resource for Page {
        type Key = i64;
        const LOGIN: ::core::primitive::bool = false;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table {
            resource: "Page",
            name: "pages",
            path: "pages",
            doc: "",
            columns: &[
                Self::ID.column().role(__r::Role::Id),
                Self::TITLE.column().unique().length(1u32, ::core::option::Option::Some(80u32)),
                Self::SLUG
                    .column()
                    .pattern("^[a-z]+$")
                    .validate(|__v| Self::SLUG.validate(__v, |__v| checks::slug(__v))),
                Self::SHARE.column().range(
                    ::core::option::Option::Some(__r::Bound::Float(0.5f64)),
                    ::core::option::Option::Some(__r::Bound::Float(1f64)),
                ),
                Self::COUNT
                    .column()
                    .range(::core::option::Option::None, ::core::option::Option::Some(__r::Bound::Int(99i64))),
                Self::LINK.column().write_only().format(__r::Format::Url),
                Self::VIEWS.column().read_only().default(
                    || {
                        Self::VIEWS.encode(&{
                            let __v: i64 = 0;
                            __v
                        })
                    },
                    true,
                ),
                Self::ORIGIN.column().immutable(),
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
                title: __row.take(Self::TITLE)?,
                slug: __row.take(Self::SLUG)?,
                share: __row.take(Self::SHARE)?,
                count: __row.take(Self::COUNT)?,
                link: __row.take(Self::LINK)?,
                views: __row.take(Self::VIEWS)?,
                origin: __row.take(Self::ORIGIN)?,
            })
        }
        fn to_values(&self) -> ::core::result::Result<__r::Vec<__r::Value>, __r::Invalid> {
            ::core::result::Result::Ok(__r::vec![
                Self::ID.encode(&self.id)?,
                Self::TITLE.encode(&self.title)?,
                Self::SLUG.encode(&self.slug)?,
                Self::SHARE.encode(&self.share)?,
                Self::COUNT.encode(&self.count)?,
                Self::LINK.encode(&self.link)?,
                Self::VIEWS.encode(&self.views)?,
                Self::ORIGIN.encode(&self.origin)?
            ])
        }
    }
    #[automatically_derived]
    impl __r::Serialize for Page {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> ::core::result::Result<__S::Ok, __S::Error> {
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
    const _: () = {
        __r::rules::no_password(Page::ID);
        __r::rules::no_password(Page::TITLE);
        __r::rules::no_password(Page::SLUG);
        __r::rules::no_password(Page::SHARE);
        __r::rules::no_password(Page::COUNT);
        __r::rules::no_password(Page::LINK);
        __r::rules::no_password(Page::VIEWS);
        __r::rules::no_password(Page::ORIGIN);
    };
};
