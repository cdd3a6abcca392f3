//! Deepchecks' rule: the Kolmogorov-Smirnov distance of numbers, Cramér's V corrected for chance of levels.

use super::Judged;
use crate::metric::sample::Pair;
use crate::stats::hypothesis::chi_squared;

/// What Deepchecks says of a column by its defaults; labels and predictions have a lower bound than features.
pub fn judge(pair: &Pair<'_>, is_feature: bool) -> Judged {
    let bound = if is_feature { 0.2 } else { 0.15 };
    let has_rows = pair.support() > 0;
    if pair.reference.kind.is_ordered() {
        return Judged::larger("ks_distance", has_rows.then(|| pair.ranks().distance()), bound);
    }
    Judged::larger("cramers_v", has_rows.then(|| corrected_v(pair.table())), bound)
}

/// Cramér's V, corrected for chance (Bergsma 2013), both rows brought to the smaller total.
fn corrected_v(table: &[(u64, u64)]) -> f64 {
    let (n, m) = table.iter().fold((0, 0), |(n, m), (a, b)| (n + a, m + b));
    let smaller = n.min(m) as f64;
    let scaled = |count: u64, of: u64| count as f64 * (smaller / of as f64);
    let first: Vec<f64> = table.iter().map(|(a, _)| scaled(*a, n)).collect();
    let second: Vec<f64> = table.iter().map(|(_, b)| scaled(*b, m)).collect();
    let Some(test) = chi_squared(&[&first, &second]) else { return 0.0 };
    let (rows, levels) = (2.0 * smaller, table.len() as f64);
    let excess = (test.statistic / rows - (levels - 1.0) / (rows - 1.0)).max(0.0);
    let width = (levels - (levels - 1.0) * (levels - 1.0) / (rows - 1.0)).min(2.0 - 1.0 / (rows - 1.0)) - 1.0;
    if width > 0.0 { (excess / width).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_alone_is_no_association() {
        assert_eq!(corrected_v(&[(50, 5), (50, 5)]), 0.0);
        assert_eq!(corrected_v(&[(40, 41), (30, 28), (30, 31)]), 0.0);
        let apart = corrected_v(&[(1000, 0), (0, 1000)]);
        assert!((apart - 1.0).abs() < 1e-3, "{apart}");
        // Sizes do not matter, shares do.
        assert!((corrected_v(&[(80, 200), (20, 800)]) - corrected_v(&[(80, 20), (20, 80)])).abs() < 1e-12);
    }
}
