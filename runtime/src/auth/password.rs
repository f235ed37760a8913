//! The only code that names bcrypt: hashing and verifying, off the async threads, a few at a time.

use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use tokio::sync::Semaphore;

use crate::{
    error::{Error, Result},
    value::{Secret, Value},
};

/// bcrypt reads no further; a longer password is refused, never cut.
const MAX_BYTES: usize = 72;

/// The hash of a password.
pub(crate) async fn hash(clear: String, cost: u32) -> Result<String> {
    on_pool(move || bcrypt::hash(clear, cost)).await?.map_err(Error::internal)
}

/// What came of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wrong,
    Right,
    /// Right, and the stored hash is weaker than today's cost.
    RightButWeak,
}

/// Compares a password with a stored hash. With none the same work is done and the answer is no, so that an unknown
/// login takes as long as a wrong password.
pub(crate) async fn verify(clear: String, stored: Option<String>, cost: u32) -> Result<Verdict> {
    let sound = clear.len() <= MAX_BYTES && !clear.contains('\0');
    let known = stored.is_some() && sound;
    let hash = stored.filter(|_| sound).map_or_else(|| decoy(cost), Ok)?;
    let weak = work_factor(&hash) < cost;
    let clear = if sound { clear } else { String::new() };
    let stored_cost = work_factor(&hash);
    let copy = clear.clone();
    let same = on_pool(move || bcrypt::verify(copy, &hash)).await?.map_err(Error::internal)?;
    if !same {
        // An older, cheaper hash must not answer sooner than a login that is not there: 2^a more rounds, 2^(a+1) more and
        // so on up to half of 2^b are what 2^b are more than 2^a.
        for cost in stored_cost..cost {
            let (decoy, clear) = (decoy(cost)?, clear.clone());
            on_pool(move || bcrypt::verify(clear, &decoy)).await?.map_err(Error::internal)?;
        }
    }
    Ok(match known && same {
        false => Verdict::Wrong,
        true if weak => Verdict::RightButWeak,
        true => Verdict::Right,
    })
}

/// Replaces the clear passwords of some values by their hashes, and drops those that stay as they are.
pub(crate) async fn hash_all<C>(values: &mut Vec<(C, Value)>, cost: u32) -> Result<()> {
    values.retain(|(_, value)| *value != Value::Secret(Secret(None)));
    for (_, value) in values {
        if let Value::Secret(Secret(Some(clear))) = value {
            *value = Value::Text(hash(std::mem::take(clear), cost).await?);
        }
    }
    Ok(())
}

/// A well-formed hash of nothing: random salt, random digest.
fn decoy(cost: u32) -> Result<String> {
    let mut bytes = [0; 39];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    // 16 bytes of salt are 22 characters, 23 of digest are 31: both in whole bytes, or it would not decode.
    let (salt, digest) = bytes.split_at(16);
    Ok(format!("$2b${cost:02}${}{}", bcrypt::BASE_64.encode(salt), bcrypt::BASE_64.encode(digest)))
}

fn work_factor(hash: &str) -> u32 {
    hash.split('$').nth(2).and_then(|cost| cost.parse().ok()).unwrap_or(0)
}

/// Half of the cores at most, so that a login storm leaves the other half to everybody else.
async fn on_pool<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    static PLACES: OnceLock<Arc<Semaphore>> = OnceLock::new();
    let places = PLACES.get_or_init(|| {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Arc::new(Semaphore::new((cores / 2).max(1)))
    });
    let place = Arc::clone(places).acquire_owned().await.map_err(Error::internal)?;
    let run = move || {
        // Held by the work itself: a caller that goes away frees its place only when the work is done.
        let _place = place;
        work()
    };
    tokio::task::spawn_blocking(run).await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn verify_takes_the_password_and_nothing_else() -> Result<()> {
        let clear = "x".repeat(72);
        let hash = hash(clear.clone(), 4).await?;
        assert!(hash.starts_with("$2b$04$"), "{hash}");
        assert_eq!(verify(clear.clone(), Some(hash.clone()), 4).await?, Verdict::Right);
        assert_eq!(verify(clear.clone(), Some(hash.clone()), 5).await?, Verdict::RightButWeak);
        assert_eq!(verify(clear.clone() + "y", Some(hash.clone()), 4).await?, Verdict::Wrong);
        assert_eq!(verify("x".repeat(71), Some(hash), 4).await?, Verdict::Wrong);
        assert_eq!(verify(clear, None, 4).await?, Verdict::Wrong);
        Ok(())
    }

    #[test]
    fn the_decoy_is_a_hash_of_the_right_cost() -> Result<()> {
        let decoy = decoy(4)?;
        assert_eq!(decoy.len(), 60);
        assert_eq!(work_factor(&decoy), 4);
        assert!(!bcrypt::verify("anything", &decoy).map_err(Error::internal)?);
        Ok(())
    }
}
