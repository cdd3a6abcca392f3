//! Draws that are the same on every machine: SplitMix64, started from a seed and the number of what is drawn for, so that each can be made again
//! alone and in any order.

/// Spreads the bits of a number over all of 64: the finish of SplitMix64.
///
/// One to one, so that different numbers stay different. Source: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators".
///
/// ```
/// use assay::stats::random::mix;
/// assert_eq!(mix(0), 0);
/// assert_eq!(mix(0x9e37_79b9_7f4a_7c15), 0xe220_a839_7b1d_cdaf);
/// ```
pub const fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Puts another number into what was mixed so far; the order matters.
pub const fn mixed(so_far: u64, next: u64) -> u64 {
    mix(so_far.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(next).wrapping_add(GOLDEN))
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of draws by SplitMix64.
#[derive(Debug, Clone)]
pub struct Draws(u64);

impl Draws {
    /// The draws for one replicate under a seed.
    pub const fn of(seed: u64, replicate: u64) -> Self {
        Self(mixed(mix(seed.wrapping_add(GOLDEN)), replicate))
    }

    /// The draws from a state of its own.
    pub const fn new(state: u64) -> Self {
        Self(state)
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A whole number from 0 up to, and without, `end`, which is far below 2^64, so that none is noticeably likelier; 0 where `end` is 0.
    pub const fn below(&mut self, end: usize) -> usize {
        ((self.bits() as u128 * end as u128) >> 64) as usize
    }

    /// Puts items into an order of chance, each order as likely (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_those_of_the_paper() {
        // The first three of java.util.SplittableRandom and of every other SplitMix64 from state 0.
        let mut draws = Draws(0);
        let expected = [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f];
        assert_eq!([draws.bits(), draws.bits(), draws.bits()], expected);
    }

    #[test]
    fn streams_differ_and_shuffling_keeps_what_is_there() {
        assert_ne!(Draws::of(0, 0).bits(), Draws::of(0, 1).bits());
        assert_ne!(Draws::of(0, 1).bits(), Draws::of(1, 0).bits());
        let mut numbers: Vec<f64> = (0..50).map(f64::from).collect();
        Draws::of(3, 4).shuffle(&mut numbers);
        assert!(numbers.windows(2).any(|pair| pair[0] > pair[1]));
        numbers.sort_by(f64::total_cmp);
        assert_eq!(numbers, (0..50).map(f64::from).collect::<Vec<f64>>());
    }

    #[test]
    fn every_place_is_as_likely() {
        // Where the first of four goes, over 4,000 shuffles: 1,000 each, a standard deviation of 27.
        let mut at = [0; 4];
        for replicate in 0..4000 {
            let mut numbers = [0.0, 1.0, 2.0, 3.0];
            Draws::of(1, replicate).shuffle(&mut numbers);
            at[numbers.iter().position(|number| *number == 0.0).unwrap()] += 1;
        }
        assert!(at.iter().all(|times| (880..1120).contains(times)), "{at:?}");
    }
}
