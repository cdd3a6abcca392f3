//! How many rows a step of a job may take for the screen to stay alive, learnt from how long the last steps took.

/// The length that a step should have: short enough for a cancel to arrive in time, long enough to cost nothing.
const STEP_MS: f64 = 20.0;
/// A step never takes fewer rows than this, nor more than [`MOST`].
const LEAST: usize = 64;
const MOST: usize = 4_000_000;

/// The row budget of the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    rows: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { rows: 8_192 }
    }
}

impl Pace {
    /// Rows that the next step may take.
    pub fn rows(self) -> usize {
        self.rows
    }

    /// Learns from the last step; at most halves or doubles, because one step can be slowed down by anything.
    pub fn learn(&mut self, milliseconds: f64) {
        let factor = if milliseconds > 0.0 {
            (STEP_MS / milliseconds).clamp(0.5, 2.0)
        } else {
            2.0
        };
        self.rows = ((self.rows as f64 * factor) as usize).clamp(LEAST, MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_settles_where_a_step_takes_its_time() {
        let mut pace = Pace::default();
        for _ in 0..40 {
            pace.learn(pace.rows() as f64 / 5_000.0);
        }
        assert!((90_000..=110_000).contains(&pace.rows()), "{pace:?}");
    }

    #[test]
    fn it_stays_within_bounds_whatever_the_clock_says() {
        let mut pace = Pace::default();
        (0..60).for_each(|_| pace.learn(0.0));
        assert_eq!(pace.rows(), MOST);
        (0..60).for_each(|_| pace.learn(1e9));
        assert_eq!(pace.rows(), LEAST);
    }
}
