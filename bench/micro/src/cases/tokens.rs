//! Access tokens.

use restruct::{__bench::Tokens, Value};

use crate::{
    case::{Case, passes},
    resources::{User, table},
};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "tokens/issue",
        times: 100,
        prepare: |_| {
            let tokens = tokens();
            passes(move || tokens.issue(&Value::Int(42)))
        },
    },
    Case {
        name: "tokens/verify",
        times: 100,
        prepare: |times| {
            let tokens = tokens();
            let fresh: Vec<_> = (0..times).map(|_| issued(&tokens)).collect();
            let mut next = fresh.into_iter();
            passes(move || tokens.verify(&next.next().expect("a token for every time"), table::<User>()))
        },
    },
    Case {
        name: "tokens/verify-again",
        times: 200,
        prepare: |_| {
            let tokens = tokens();
            let token = issued(&tokens);
            tokens.verify(&token, table::<User>()).expect("the token is good");
            passes(move || tokens.verify(&token, table::<User>()))
        },
    },
];

fn tokens() -> Tokens {
    Tokens::new(&[7; 32]).expect("the secret is long enough")
}

fn issued(tokens: &Tokens) -> String {
    tokens.issue(&Value::Int(42)).expect("a token can be made")
}
