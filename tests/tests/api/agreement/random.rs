//! Numbers that follow from a seed.

/// `SplitMix64`: small, and the same on every machine.
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Any number below another.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("a number of 64 bits");
        usize::try_from(self.next() % end).expect("a number below another")
    }

    /// Whether something happens that does so many times in a hundred.
    pub(super) fn percent(&mut self, times: usize) -> bool {
        self.below(100) < times
    }

    pub(super) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Some of them, each once.
    pub(super) fn some<T: Copy>(&mut self, all: &[T], most: usize) -> Vec<T> {
        let (mut left, mut some) = (all.to_vec(), Vec::new());
        for _ in 0..=self.below(most) {
            if !left.is_empty() {
                some.push(left.remove(self.below(left.len())));
            }
        }
        some
    }
}
