//! Axes: the range that fits the numbers, and round ticks on it.

/// A range with round ticks.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Where the axis begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// Round values on it.
    pub ticks: Vec<f64>,
    /// Decimals that tell the ticks apart.
    pub decimals: usize,
}

/// The scale over `values`: zero is included where it is near enough to matter, shares stay within 0 and 1.
///
/// Without values the scale runs from 0 to 1. `about` is the wished number of ticks.
pub fn scale(values: impl IntoIterator<Item = f64>, is_share: bool, about: usize) -> Scale {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    // Beyond, the range itself would be infinite, and no step divides that.
    const FARTHEST: f64 = 1e300;
    // Below, a part of the range would be zero.
    const NEAREST: f64 = 1e-300;
    let finite = values.into_iter().filter(|value| value.is_finite());
    for value in finite.map(|value| value.clamp(-FARTHEST, FARTHEST)) {
        low = low.min(value);
        high = high.max(value);
    }
    if low > high {
        (low, high) = (0.0, 1.0);
    }
    if low > 0.0 && low <= 0.6 * high {
        low = 0.0;
    }
    if high < 0.0 && high >= 0.6 * low {
        high = 0.0;
    }
    if high - low <= NEAREST.max(1e-12 * high.abs().max(low.abs())) {
        let pad = if is_share { 0.05 } else { (high.abs() * 0.1).max(1e-9) };
        (low, high) = (low - pad, high + pad);
    }
    let step = step(high - low, about);
    let mut first = (low / step + 1e-9).floor();
    let mut last = (high / step - 1e-9).ceil();
    if is_share {
        first = first.max(0.0);
        last = last.min((1.0 / step + 1e-9).floor());
    }
    let count = (last - first) as usize;
    let decimals = decimals(step);
    let ticks: Vec<f64> = (0..=count).map(|index| rounded((first + index as f64) * step, decimals)).collect();
    Scale {
        low: ticks.first().copied().unwrap_or(low),
        high: if is_share && high > ticks.last().copied().unwrap_or(1.0) {
            1.0
        } else {
            ticks.last().copied().unwrap_or(high)
        },
        ticks,
        decimals,
    }
}

/// The round step, 1, 2 or 5 times a power of ten, that cuts `range` into about that many parts.
fn step(range: f64, about: usize) -> f64 {
    let wished = range / about.max(1) as f64;
    let mut power = 1.0;
    while power * 10.0 <= wished {
        power *= 10.0;
    }
    while power > wished {
        power /= 10.0;
    }
    [1.0, 2.0, 5.0]
        .into_iter()
        .map(|m| m * power)
        .find(|step| *step >= wished * 0.999)
        .unwrap_or(10.0 * power)
}

fn decimals(step: f64) -> usize {
    let mut decimals = 0;
    let mut scaled = step;
    while decimals < 12 && (scaled - scaled.round()).abs() > 1e-6 * scaled {
        scaled *= 10.0;
        decimals += 1;
    }
    decimals
}

/// Without the last-digit noise that a multiple of a step such as 0.2 carries.
fn rounded(value: f64, decimals: usize) -> f64 {
    let power = (0..decimals).fold(1.0, |power, _| power * 10.0);
    // Adding zero turns a negative zero into zero.
    (value * power).round() / power + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_on_the_axis_where_it_is_near() {
        let near = scale([0.2, 0.45], true, 4);
        assert_eq!((near.low, near.high), (0.0, 0.6));
        assert_eq!(near.ticks.len(), 4);
        let far = scale([0.81, 0.86], true, 4);
        assert!(far.low >= 0.8 && far.high <= 0.88, "{far:?}");
    }

    #[test]
    fn shares_stay_within_their_range() {
        let all = scale([0.0, 1.0], true, 4);
        assert_eq!((all.low, all.high), (0.0, 1.0));
        let top = scale([0.97, 1.0], true, 4);
        assert!(top.high <= 1.0);
    }

    #[test]
    fn one_value_no_values_and_negative_values_have_an_axis() {
        for values in [
            vec![],
            vec![0.5],
            vec![0.0],
            vec![-3.0, 4.0],
            vec![-1e9, 1e9],
            vec![1e-7, 2e-7],
            vec![f64::NAN],
            vec![-f64::MAX, f64::MAX],
            vec![f64::MAX],
            vec![0.0, 1e301],
            vec![5e-324],
            vec![0.0, 5e-324],
            vec![-f64::MAX, 5e-324],
        ] {
            let s = scale(values.clone(), false, 4);
            assert!(s.low < s.high && s.ticks.len() >= 2 && s.ticks.len() < 20, "{values:?} {s:?}");
        }
    }
}
