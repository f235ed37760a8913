::core::compile_error! { "unknown key `uniqe`; did you mean `unique`?" }
::core::compile_error! { "unknown rule word `publc`; did you mean `public`?" }
const _: () = {
    use ::restruct::__private as __r;
    #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
    impl Card {
        const ID: __r::Field<Self, Uuid> = __r::Field::new("");
        const TITLE: __r::Field<Self, String> = __r::Field::new("");
    }
    #[automatically_derived]
    impl __r::Resource for Card {
        type Key = Uuid;
        const KEY: __r::Field<Self, Self::Key> = Self::ID;
        const TABLE: &'static __r::Table = &__r::Table::BLANK;
        fn from_row(_: &mut __r::Row) -> __r::RowResult<Self> {
            ::core::unreachable!()
        }
        fn to_values(&self) -> __r::Values {
            ::core::unreachable!()
        }
    }
    #[automatically_derived]
    impl __r::Serialize for Card {
        fn serialize<__S: __r::Serializer>(&self, _: __S) -> __r::Result<__S::Ok, __S::Error> {
            ::core::unreachable!()
        }
    }
};
::core::compile_error! { "a choice is a text, so its variants hold nothing" }
const _: () = {
    use ::restruct::__private as __r;
    #[allow(dead_code, reason = "nobody can use what did not compile")]
    impl Status {
        #[doc = r" Every choice, in order."]
        const ALL: &'static [Self] = &[];
        #[doc = r" The text of the choice, as it is stored and sent."]
        const fn as_str(&self) -> &'static ::core::primitive::str {
            ""
        }
    }
    #[automatically_derived]
    impl __r::FieldType for Status {
        const KIND: __r::Kind = __r::Kind::Text;
        fn to_value(&self) -> __r::Result<__r::Value, __r::Invalid> {
            ::core::unreachable!()
        }
        fn from_value(_: __r::Value) -> __r::Result<Self, __r::Invalid> {
            ::core::unreachable!()
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Display for Status {
        fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::unreachable!()
        }
    }
    #[automatically_derived]
    impl __r::Serialize for Status {
        fn serialize<__S: __r::Serializer>(&self, _: __S) -> __r::Result<__S::Ok, __S::Error> {
            ::core::unreachable!()
        }
    }
};
