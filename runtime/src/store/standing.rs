//! Who a caller is at the moment.

use crate::{
    db::{Lane, Session},
    error::Result,
    filter::Standing,
    policy::{self, Caller},
    sql::{self, Page, Statement},
};

/// Whether a caller's row stands as asked now.
pub(crate) async fn stands(session: &dyn Session, caller: &Caller, standing: Standing) -> Result<bool> {
    let Some(identity) = caller.identity() else { return Ok(false) };
    if standing == Standing::Admin && identity.table.admin().is_none() {
        return Ok(false);
    }
    let filter = policy::standing(caller, standing);
    let page = Page { filter: &filter, order: &[], limit: Some(1), offset: 0 };
    let statement: Statement =
        sql::select(session.speaks(), &policy::system(identity.table), &page, vec![identity.table.id()])?;
    Ok(!session.run(Lane::Read, statement).await?.is_empty())
}

/// A caller as they stand now, for what is read behind a write that may end their token.
pub(crate) async fn found(session: &dyn Session, caller: &Caller) -> Result<Caller> {
    Ok(caller.found(stands(session, caller, Standing::Admin).await?))
}
