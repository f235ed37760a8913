//! Signing in.

use std::net::SocketAddr;

use serde::Deserialize;

use crate::{
    Result,
    client::{self, Connection},
    dataset,
    workload::CONNECTIONS,
};

/// Signs a user in for each connection, and returns their tokens.
pub(crate) async fn sign_in(address: SocketAddr, password: &str) -> Result<Vec<String>> {
    let mut connection = Connection::open(address).await?;
    let mut tokens = Vec::new();
    for user in (1..).take(CONNECTIONS) {
        tokens.push(one(&mut connection, user, password).await?);
    }
    Ok(tokens)
}

/// Signs one user in.
pub(crate) async fn one(connection: &mut Connection, user: i64, password: &str) -> Result<String> {
    #[derive(Deserialize)]
    struct Session {
        access_token: String,
    }

    let body = format!(r#"{{"email":"{}","password":"{password}"}}"#, dataset::email(user));
    let answer = connection.exchange(&client::send("POST", "/auth/login", None, &body)).await?;
    if answer.status != 200 {
        let body = String::from_utf8_lossy(answer.body);
        return Err(format!("login was answered {}: {body}", answer.status).into());
    }
    Ok(serde_json::from_slice::<Session>(answer.body)?.access_token)
}
