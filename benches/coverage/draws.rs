//! The draws of the study: SplitMix64 (Steele, Lea and Flood 2014), started from a seed and a run's number, so that every run can be made again
//! alone and on any machine.

use assay::stats::special::normal_quantile;

/// A stream of draws.
pub struct Draws(u64);

impl Draws {
    /// The draws of one run of a condition.
    pub fn of(seed: u64, run: u64) -> Self {
        let mut start = Self(seed.wrapping_mul(0xd134_2543_de82_ef95) ^ run.wrapping_add(1).wrapping_mul(0x2545_f491_4f6c_dd1d));
        Self(start.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A whole number from 0 up to, and without, `end`, which is far below 2^32 here, so that no value is noticeably likelier.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// Uniform between 0 and 1, without the two.
    pub fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Standard normal, as the quantile of a uniform draw.
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }
}
