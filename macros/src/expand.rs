//! [`model`](crate::model) -> tokens. It cannot fail, sees only the model, and writes data: what there is to do, the
//! runtime does.

mod choice;
mod column;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{Ident, Path, spanned::Spanned as _};

pub(crate) use self::choice::choice;
pub(crate) use self::column::constants;
use crate::model::{About, Assert, Column, Field, Resource, RuleWord, Rules};

/// `#[derive(Resource)]`
pub(crate) fn resource(model: &Resource) -> TokenStream {
    // Names of bindings start with `__`: one that is a constant of the user's would be a pattern.
    let ident = &model.ident;
    let constants = constants(model.columns().map(|c| (&c.ident, &c.ty, &c.constant, &*c.sql, &*c.docs)), &model.vis);
    let references = model.columns().filter_map(|c| column::reference(ident, c));
    let (id, key) = (&model.id().constant, &model.id().ty);
    let login = model.login;
    let table = table(model);
    let from_row = model.fields.iter().map(|field| match field {
        Field::Column(column) => {
            let Column { ident, constant, .. } = &**column;
            quote!(#ident: __row.take(Self::#constant)?)
        }
        Field::Skipped { ident, ty } => {
            let default = quote_spanned!(at(ty.span())=> <#ty as ::core::default::Default>::default());
            quote!(#ident: #default)
        }
    });
    let to_values = model.columns().map(|Column { ident, constant, .. }| quote!(Self::#constant.encode(&self.#ident)?));
    let asserts = asserts(model);
    in_scope(
        model.krate.as_ref(),
        &quote! {
            #[automatically_derived]
            #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
            impl #ident {
                #constants
            }
            #(#references)*
            #[automatically_derived]
            impl __r::Resource for #ident {
                type Key = #key;
                const LOGIN: ::core::primitive::bool = #login;
                const KEY: __r::Field<Self, Self::Key> = Self::#id;
                const TABLE: &'static __r::Table = #table;
                fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
                    ::core::result::Result::Ok(Self { #(#from_row),* })
                }
                fn to_values(&self) -> ::core::result::Result<__r::Vec<__r::Value>, __r::Invalid> {
                    ::core::result::Result::Ok(__r::vec![#(#to_values),*])
                }
            }
            #[automatically_derived]
            impl __r::Serialize for #ident {
                fn serialize<__S: __r::Serializer>(&self, __to: __S) -> ::core::result::Result<__S::Ok, __S::Error> {
                    __r::serialize(self, __to)
                }
            }
            #asserts
        },
    )
}

/// The place of `span` in generated code: errors point there, lints see that nobody wrote it.
fn at(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

/// The generated items in a scope of their own, where `__r` is the runtime.
pub(crate) fn in_scope(krate: Option<&Path>, items: &TokenStream) -> TokenStream {
    let krate = krate.map_or_else(|| quote!(::restruct), Path::to_token_stream);
    quote! {
        const _: () = {
            use #krate::__private as __r;
            #items
        };
    }
}

fn table(model: &Resource) -> TokenStream {
    let Resource { name, table, path, doc, uniques, indexes, register, .. } = model;
    let columns = model.columns().map(column::descriptor);
    let rules = rules(&model.rules);
    let page = model.page.map_or_else(
        || quote!(__r::Page::DEFAULT),
        |(default, max)| quote!(__r::Page { default: #default, max: #max }),
    );
    let seed = model.seed.as_ref().map(|path| {
        let name = path.to_token_stream().to_string().replace(' ', "");
        let run = quote_spanned!(at(path.span())=> |__seeder| __r::Box::pin(#path(__seeder)));
        quote!(__r::Seed { name: #name, run: #run })
    });
    let seed = column::option(seed);
    quote! {
        &__r::Table {
            resource: #name,
            name: #table,
            path: #path,
            doc: #doc,
            columns: &[#(#columns),*],
            rules: #rules,
            uniques: &[#(&[#(#uniques),*]),*],
            indexes: &[#(&[#(#indexes),*]),*],
            page: #page,
            register: #register,
            seed: #seed,
        }
    }
}

fn rules(rules: &Rules) -> TokenStream {
    let Rules { read, create, update, delete } = rules;
    let [read, create, update, delete] = [read, create, update, delete].map(|words| {
        let mut words = words.iter().map(|word| match word {
            RuleWord::Public => quote!(__r::Rule::PUBLIC),
            RuleWord::Authenticated => quote!(__r::Rule::AUTHENTICATED),
            RuleWord::Owner => quote!(__r::Rule::OWNER),
            RuleWord::Admin => quote!(__r::Rule::ADMIN),
        });
        let first = words.next().unwrap_or_else(|| quote!(__r::Rule::NONE));
        quote!(#first #(.or(#words))*)
    });
    quote!(__r::Rules { read: #read, create: #create, update: #update, delete: #delete })
}

/// What only the compiler can check, each at the key or type that it is about.
fn asserts(model: &Resource) -> TokenStream {
    let ident = &model.ident;
    let each = model.asserts.iter().map(|Assert { span, constant, about }| {
        let rule = match about {
            About::Id => "id",
            About::Login => "login",
            About::Admin => "admin",
            About::Timestamp => "timestamp",
            About::Version => "version",
            About::Length => "length",
            About::Range => "range",
            About::FloatRange => "float_range",
            About::Text => "text",
            About::SetNull => "set_null",
            About::Indexable => "indexable",
            About::ReadOnly => "read_only",
            About::PublicOwner => "public_owner",
            About::NoPasswordKeys => "no_password_keys",
        };
        let span = at(*span);
        let rule = Ident::new(rule, span); // all of the call at one place, else the error is at the derive
        quote_spanned!(span=> const _: () = __r::rules::#rule(#ident::#constant);)
    });
    // One mistake, however many passwords: the resource is not the one that callers sign in with.
    let passwords = if let Some(login) = model.columns().find(|c| c.role == crate::model::Role::Login) {
        quote_spanned!(at(login.ident.span())=> const _: () = __r::rules::one_password(<#ident as __r::Resource>::TABLE);)
    } else {
        let columns = model.columns().map(
            |Column { constant, ty, .. }| quote_spanned!(at(ty.span())=> __r::rules::no_password(#ident::#constant);),
        );
        quote!(const _: () = { #(#columns)* };)
    };
    quote!(#(#each)* #passwords)
}
