//! The databases of a run, filled and at rest, and the servers over them.

use std::{fs, path::PathBuf};

use tempfile::TempDir;

use crate::{
    Result,
    cluster::Cluster,
    contender::Contender,
    database::{self, Database, Kind},
    dataset,
    machine::Cores,
    server::{self, Server, Setting},
};

/// A database for every contender. It is removed with this value, which must outlive the servers.
#[derive(Debug)]
pub(crate) struct Arena<'c> {
    /// Which database, and how it commits.
    pub(crate) description: String,
    /// What every user signs in with.
    pub(crate) password: String,
    pub(crate) grounds: Vec<Ground<'c>>,
    cores: &'c Cores,
    // Before the folder: what runs is stopped before its files go.
    _cluster: Option<Cluster>,
    _folder: TempDir,
}

/// One contender's own database, and a folder to run in.
#[derive(Debug)]
pub(crate) struct Ground<'c> {
    pub(crate) contender: &'c Contender,
    pub(crate) database_url: String,
    folder: PathBuf,
}

impl<'c> Arena<'c> {
    /// Has every contender make its tables, and fills them.
    pub(crate) async fn build(kind: Kind, contenders: &'c [Contender], cores: &'c Cores) -> Result<Self> {
        let directory = tempfile::Builder::new().prefix("restruct-bench-").tempdir()?;
        let cluster = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(Cluster::start(cores)?),
        };
        let password = server::random_hex()?;
        let hashes = dataset::Hashes::of(&password)?;
        let mut grounds = Vec::new();
        let mut description = String::new();
        for (side, contender) in contenders.iter().enumerate() {
            let name = format!("side_{side}");
            let folder = directory.path().join(&name);
            fs::create_dir(&folder)?;
            let database_url = database::make(cluster.as_ref(), &folder, &name).await?;
            let ground = Ground { contender, database_url, folder };
            server::create_tables(&ground.setting())?;
            let mut database = Database::open(&ground.database_url).await?;
            dataset::fill(&mut database, contender, &hashes).await?;
            description = database.describe().await?;
            grounds.push(ground);
        }
        Ok(Self { description, password, grounds, cores, _cluster: cluster, _folder: directory })
    }

    /// Starts every contender, each over its own database.
    pub(crate) async fn start(&self) -> Result<Vec<Server>> {
        let mut servers = Vec::new();
        for ground in &self.grounds {
            servers.push(self.start_one(ground).await?);
        }
        Ok(servers)
    }

    /// Starts one of them.
    pub(crate) async fn start_one(&self, ground: &Ground<'_>) -> Result<Server> {
        Server::start(self.cores, &ground.setting()).await
    }
}

impl Ground<'_> {
    /// Brings the database to rest after servers were stopped in the middle of their work.
    pub(crate) async fn settle(&self) -> Result<()> {
        Database::open(&self.database_url).await?.settle().await
    }

    fn setting(&self) -> Setting<'_> {
        Setting { contender: self.contender, database_url: &self.database_url, folder: &self.folder }
    }
}
