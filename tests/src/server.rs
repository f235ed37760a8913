//! The application in this process, served on a free port, and the people who use it.

use std::ops::Deref;

use restruct::{App, Db, Password, Store as _};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    answer::Answer,
    backend::{Backend, Database},
    client::Client,
    process::SECRET,
    resources::User,
};

/// A running server. It is a [`Client`] of itself: `server.get("/cards").send().await`.
#[derive(Debug)]
pub struct Server {
    /// Its database, for typed calls.
    pub db: Db,
    /// Its database, behind its back.
    pub database: Database,
    client: Client,
    task: JoinHandle<()>,
}

/// Somebody who has signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// The key of their row.
    pub id: i64,
    /// Their login.
    pub email: String,
    /// Their password, in clear.
    pub password: String,
    /// Their access token.
    pub token: String,
}

/// A password that every test can use.
pub const PASSWORD: &str = "correct horse battery";

impl Server {
    /// Makes the tables and serves.
    pub async fn start(app: App, database: Database) -> Self {
        let app = app.jwt_secret(SECRET);
        let db = Db::connect(&database.url).await.expect("a connection").with_bcrypt_cost(4);
        app.create(&db).await.expect("the tables");
        Self::resume(app, db, database).await
    }

    /// Serves what is there.
    pub async fn resume(app: App, db: Db, database: Database) -> Self {
        let router = app.router(db.clone()).expect("a router");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let authority = listener.local_addr().expect("an address").to_string();
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("the server runs");
        });
        Self { db, database, client: Client::new(authority), task }
    }

    /// Which database it runs on.
    pub fn backend(&self) -> Backend {
        self.database.backend
    }

    /// Registers somebody called `name`.
    pub async fn register(&self, name: &str) -> Session {
        let email = format!("{}@example.com", name.to_ascii_lowercase());
        let body = json!({"name": name, "email": email, "password": PASSWORD});
        let answer = self.post("/auth/register").json(&body).send().await;
        session(&answer, 201, PASSWORD)
    }

    /// Makes an administrator called `name`, as the command line does, and signs in.
    pub async fn admin(&self, name: &str) -> Session {
        let email = format!("{}@example.com", name.to_ascii_lowercase());
        User::draft()
            .set(User::NAME, name)
            .set(User::EMAIL, email.clone())
            .set(User::PASSWORD, Password::new(PASSWORD))
            .set(User::IS_ADMIN, true)
            .insert(&self.db)
            .await
            .expect("an administrator");
        self.login(&email, PASSWORD).await
    }

    /// Signs in.
    pub async fn login(&self, email: &str, password: &str) -> Session {
        let body = json!({"email": email, "password": password});
        let answer = self.post("/auth/login").json(&body).send().await;
        session(&answer, 200, password)
    }

    /// Creates a row and gives it back.
    pub async fn create(&self, path: &str, token: &str, body: &Value) -> Value {
        self.post(path).token(token).json(body).send().await.ok(201)
    }
}

impl Deref for Server {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The session that an answer holds.
#[track_caller]
pub fn session(answer: &Answer, status: u16, password: &str) -> Session {
    let body = answer.ok(status);
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned();
    Session {
        id: body["user"]["id"].as_i64().unwrap_or_else(|| panic!("{answer:?}")),
        email: text(&body["user"]["email"]),
        password: password.into(),
        token: text(&body["access_token"]),
    }
}
