//! [`model`](crate::model) -> tokens. It cannot fail, sees only the model, and writes data: what there is to do, the
//! runtime does.
//!
//! Apps that are rebuilt expand all of their structs again, by a macro that nobody optimised. What is dear in it is a
//! `TokenStream` inside of another, so optional parts are repetitions of names and literals where they can be, and many
//! streams are collected into one.

mod choice;
mod column;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{Ident, Path, spanned::Spanned as _};

pub(crate) use self::choice::choice;
pub(crate) use self::column::constants;
use crate::model::{About, Assert, Field, Resource, Role, RuleWord, Rules};

/// `#[derive(Resource)]`
pub(crate) fn resource(model: &Resource) -> TokenStream {
    // The columns are a static: one copy in the program, and what refers to it does not fail with it. Names of bindings
    // start with `__`: one that is a constant of the user's would be a pattern.
    let ident = &model.ident;
    let runtime = runtime(model.krate.as_ref());
    let constants = constants(model.columns().map(|c| (&c.ident, &c.ty, &c.constant, &*c.sql, &*c.docs)), &model.vis);
    let references: TokenStream = model.columns().filter_map(|c| column::reference(ident, c)).collect();
    let (id, key) = (&model.id().constant, &model.id().ty);
    let login = model.login.then(|| quote! { const LOGIN: __r::bool = true; });
    let table = table(model);
    let columns: TokenStream = model.columns().map(|c| column::descriptor(ident, c)).collect();
    let count = model.columns().count();
    let (field, constant): (Vec<_>, Vec<_>) = model.columns().map(|c| (&c.ident, &c.constant)).unzip();
    let skipped = model.fields.iter().filter_map(|field| match field {
        Field::Column(_) => None,
        Field::Skipped { ident, ty } => {
            let default = quote_spanned!(at(ty.span())=> <#ty as ::core::default::Default>::default());
            Some(quote!(#ident: #default))
        }
    });
    let asserts = asserts(model);
    quote! {
        const _: () = {
            use #runtime as __r;
            #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
            impl #ident {
                #constants
            }
            #references
            static __COLUMNS: [__r::Column; #count] = [#columns];
            #[automatically_derived]
            impl __r::Resource for #ident {
                type Key = #key;
                #login
                const KEY: __r::Field<Self, Self::Key> = Self::#id;
                const TABLE: &'static __r::Table = #table;
                fn from_row(__row: &mut __r::Row) -> __r::RowResult<Self> {
                    __r::Ok(Self { #(#field: __row.take(Self::#constant)?,)* #(#skipped,)* })
                }
                fn to_values(&self) -> __r::Values {
                    __r::values(__r::Box::new([#(Self::#constant.encode(&self.#field)),*]))
                }
            }
            #[automatically_derived]
            impl __r::Serialize for #ident {
                fn serialize<__S: __r::Serializer>(&self, __to: __S) -> __r::Result<__S::Ok, __S::Error> {
                    __r::serialize(self, __to)
                }
            }
            #asserts
        };
    }
}

/// The place of `span` in generated code: errors point there, lints see that nobody wrote it.
fn at(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

/// Where the names are that generated code uses; it calls it `__r`.
pub(crate) fn runtime(krate: Option<&Path>) -> TokenStream {
    krate.map_or_else(|| quote!(::restruct::__private), |krate| quote!(#krate::__private))
}

fn table(model: &Resource) -> TokenStream {
    let Resource {
        name, table, path, doc, uniques, indexes, page, put_merges, require_if_match, register, seed, ..
    } = model;
    let rules = rules(&model.rules);
    // What is as in most structs stands in the runtime once: whatever is written here, every struct has to compile.
    let doc = (!doc.is_empty()).then_some(doc).into_iter();
    let uniques = (!uniques.is_empty()).then(|| quote!(uniques: &[#(&[#(#uniques),*]),*],));
    let indexes = (!indexes.is_empty()).then(|| quote!(indexes: &[#(&[#(#indexes),*]),*],));
    let page = page.map(|(default, max)| quote!(page: __r::Page { default: #default, max: #max },));
    let put_merges = put_merges.then(|| quote!(put_merges: true,));
    let require_if_match = require_if_match.then(|| quote!(require_if_match: true,));
    let register = register.then(|| quote!(register: true,));
    let seed = seed.as_ref().map(|path| {
        let name = path.to_token_stream().to_string().replace(' ', "");
        let run = quote_spanned!(at(path.span())=> |__seeder| __r::Box::pin(#path(__seeder)));
        quote!(seed: __r::Some(__r::Seed { name: #name, run: #run }),)
    });
    quote! {
        &__r::Table {
            resource: #name,
            name: #table,
            path: #path,
            #(doc: #doc,)*
            columns: &__COLUMNS,
            rules: #rules,
            #uniques
            #indexes
            #page
            #put_merges
            #require_if_match
            #register
            #seed
            ..__r::Table::BLANK
        }
    }
}

fn rules(rules: &Rules) -> TokenStream {
    let Rules { read, create, update, delete } = rules;
    let action = ["read", "create", "update", "delete"].map(|action| Ident::new(action, Span::call_site()));
    let words = [read, create, update, delete].map(|words| words.iter().map(|word| self::word(*word)));
    let (first, others): (Vec<_>, Vec<_>) = words
        .map(|mut words| {
            (words.next().unwrap_or_else(|| Ident::new("NONE", Span::call_site())), words.collect::<Vec<_>>())
        })
        .into_iter()
        .unzip();
    quote!(__r::Rules { #(#action: __r::Rule::#first #(.or(__r::Rule::#others))*),* })
}

fn word(word: RuleWord) -> Ident {
    let word = match word {
        RuleWord::Public => "PUBLIC",
        RuleWord::Authenticated => "AUTHENTICATED",
        RuleWord::Owner => "OWNER",
        RuleWord::Admin => "ADMIN",
    };
    Ident::new(word, Span::call_site())
}

/// What only the compiler can check, each at the key or type that it is about. That there is a password on no other than
/// the login resource, each column asks on its way into the table.
fn asserts(model: &Resource) -> TokenStream {
    let ident = &model.ident;
    let each = model.asserts.iter().map(move |Assert { span, constant, about }| {
        let rule = match about {
            About::Id => "id",
            About::Login => "login",
            About::Admin => "admin",
            About::Timestamp => "timestamp",
            About::DeletedAt => "deleted_at",
            About::Version => "version",
            About::Length => "length",
            About::Range => "range",
            About::FloatRange => "float_range",
            About::Text => "text",
            About::Search => "search",
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
    let login = model.columns().find(|column| column.role == Role::Login);
    let password =
        login.map(|login| quote_spanned!(at(login.ident.span())=> const _: () = __r::rules::one_password(<#ident as __r::Resource>::TABLE);));
    each.chain(password).collect()
}
