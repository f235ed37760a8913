//! Request ids: UUIDs of version 7 (RFC 9562) that cost no system call.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use uuid::Builder;

/// A new id. It is unique and not a secret: what is not time in it is a random start and a count, mixed.
pub(super) fn fresh() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    static START: OnceLock<[u64; 2]> = OnceLock::new();
    // Without randomness the ids of two servers might meet, which is no reason to answer nothing.
    let random = || getrandom::u64().unwrap_or_else(|_| std::process::id().into());
    let [start, other] = START.get_or_init(|| [random(), random()]);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut bytes = [0; 10];
    bytes[..2].copy_from_slice(&mix(other.wrapping_add(count)).to_be_bytes()[..2]);
    bytes[2..].copy_from_slice(&mix(start.wrapping_add(count)).to_be_bytes());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let milliseconds = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
    Builder::from_unix_timestamp_millis(milliseconds, &bytes).into_uuid().to_string()
}

/// The output function of `SplitMix64` (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014): it
/// gives different numbers for different ones.
fn mix(n: u64) -> u64 {
    let n = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use uuid::Uuid;

    use super::fresh;

    #[test]
    fn ids_are_of_version_7_and_differ() {
        let ids: HashSet<String> = (0..10_000).map(|_| fresh()).collect();
        assert_eq!(ids.len(), 10_000);
        for id in &ids {
            let id = Uuid::parse_str(id).expect("a UUID");
            assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122));
        }
        // Not even those that follow each other share more than the time, the version and the variant.
        let tails: HashSet<&str> = ids.iter().map(|id| &id[24..]).collect();
        assert_eq!(tails.len(), 10_000);
    }
}
