const _: () = {
    use ::restruct::__private as __r;
    #[allow(dead_code, reason = "not everybody needs them")]
    impl Status {
        #[doc = r" Every choice, in order."]
        pub const ALL: &'static [Self] = &[Self::ToDo, Self::InTest, Self::Done];
        #[doc = r" The text of the choice, as it is stored and sent."]
        pub const fn as_str(&self) -> &'static ::core::primitive::str {
            match self {
                Self::ToDo => "To Do",
                Self::InTest => "in-test",
                Self::Done => "done",
            }
        }
    }
    #[automatically_derived]
    impl __r::FieldType for Status {
        const KIND: __r::Kind = __r::Kind::Text;
        const CHOICES: &'static [&'static ::core::primitive::str] = &["To Do", "in-test", "done"];
        fn to_value(&self) -> __r::Result<__r::Value, __r::Invalid> {
            __r::Ok(__r::text(self.as_str()))
        }
        fn from_value(__value: __r::Value) -> __r::Result<Self, __r::Invalid> {
            __r::choice(&__value, |__text| match __text {
                "To Do" => __r::Some(Self::ToDo),
                "in-test" => __r::Some(Self::InTest),
                "done" => __r::Some(Self::Done),
                _ => __r::None,
            })
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Display for Status {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            __f.pad(self.as_str())
        }
    }
    #[automatically_derived]
    impl __r::Serialize for Status {
        fn serialize<__S: __r::Serializer>(&self, __to: __S) -> __r::Result<__S::Ok, __S::Error> {
            __to.serialize_str(self.as_str())
        }
    }
};
