//! A small generator of repeatable pseudo-random numbers (SplitMix64), so that a seed gives the same college on every
//! machine and with every version of every crate. Never for secrets.

/// One stream of numbers. Streams with different labels are independent: adding draws to one leaves the others alone.
#[derive(Debug, Clone)]
pub(super) struct Rng {
    state: u64,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

impl Rng {
    /// The stream of a seed, a label and a number.
    pub(super) fn stream(seed: u64, label: &str, number: u64) -> Self {
        let mut state = mix(seed.wrapping_add(GOLDEN));
        for byte in label.bytes() {
            state = mix(state ^ u64::from(byte)).wrapping_add(GOLDEN);
        }
        Self { state: mix(state ^ mix(number.wrapping_add(GOLDEN))) }
    }

    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A number from 0 to `limit - 1`. The bias of the multiplication is far below anything visible here.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let product = u128::from(self.next()) * (limit.max(1) as u128);
        usize::try_from(product >> 64).expect("less than the limit, which is a usize")
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).expect("low is not above high");
        low + i64::try_from(self.below(span)).expect("below the span, which came from i64")
    }

    /// True in so many of a thousand cases.
    pub(super) fn per_mille(&mut self, share: usize) -> bool {
        self.below(1000) < share
    }

    /// One of the items.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// Whether the item at `index` is among the share (in percent) that has a property, so that the first n items always
/// hold at least that share of n: small groups keep clear of a floor without luck.
pub(super) fn quota(index: usize, percent: usize) -> bool {
    ((index + 1) * percent).div_ceil(100) > (index * percent).div_ceil(100)
}
