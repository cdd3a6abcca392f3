//! The rising step function that fits best: isotonic regression.

/// A rising curve through points, straight between neighbours and level beyond the ends.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rising {
    points: Vec<(f64, f64)>,
}

impl Rising {
    /// Fits the rising curve with the least weighted squares to points in rising order of `x`, each with its mean `y` and a weight above 0.
    ///
    /// Pooling adjacent violators (Ayer and others 1955). Equal `x` must have been merged before.
    ///
    /// ```
    /// use assay::stats::isotonic::Rising;
    /// let curve = Rising::fit(&[(0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (2.0, 3.0, 1.0)]);
    /// assert_eq!((curve.at(0.0), curve.at(1.0), curve.at(1.5), curve.at(9.0)), (Some(0.5), Some(0.5), Some(1.75), Some(3.0)));
    /// ```
    pub fn fit(points: &[(f64, f64, f64)]) -> Self {
        // Blocks of equal height: their mean, weight, and how many points they hold.
        let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
        for (_, y, weight) in points {
            blocks.push((*y, *weight, 1));
            while let [.., (low, low_weight, low_len), (high, high_weight, high_len)] = blocks.as_slice() {
                if low < high {
                    break;
                }
                let weight = low_weight + high_weight;
                let pooled = ((low * low_weight + high * high_weight) / weight, weight, low_len + high_len);
                blocks.truncate(blocks.len() - 2);
                blocks.push(pooled);
            }
        }
        let mut fitted = Vec::new();
        let mut place = 0;
        for (y, _, len) in blocks {
            fitted.push((points[place].0, y));
            if len > 1 {
                fitted.push((points[place + len - 1].0, y));
            }
            place += len;
        }
        Self { points: fitted }
    }

    /// The height at a place; `None` where nothing was fitted or the place is no number.
    pub fn at(&self, x: f64) -> Option<f64> {
        let after = self.points.partition_point(|point| point.0 < x);
        let (first, last) = (self.points.first()?, self.points.last()?);
        if x.is_nan() {
            return None;
        }
        match (after, self.points.get(after)) {
            (0, _) => Some(first.1),
            (_, None) => Some(last.1),
            (_, Some(&(right, high))) => {
                let (left, low) = self.points[after - 1];
                // The end itself is met exactly.
                Some(if x == right {
                    high
                } else {
                    low + (high - low) * ((x - left) / (right - left))
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_fits_nothing() {
        assert_eq!(Rising::fit(&[]).at(0.0), None);
        assert_eq!(Rising::fit(&[(0.0, 1.0, 2.0)]).at(f64::NAN), None);
    }

    proptest! {
        #[test]
        fn it_rises_and_keeps_the_total(ys in proptest::collection::vec((0.0..1.0_f64, 0.1..3.0_f64), 1..40)) {
            let points: Vec<(f64, f64, f64)> = ys.iter().enumerate().map(|(x, (y, w))| (x as f64, *y, *w)).collect();
            let curve = Rising::fit(&points);
            let fitted: Vec<f64> = points.iter().map(|point| curve.at(point.0).unwrap()).collect();
            prop_assert!(fitted.is_sorted());
            let total = |ys: &mut dyn Iterator<Item = f64>| ys.zip(&points).map(|(y, point)| y * point.2).sum::<f64>();
            let (before, after) = (total(&mut points.iter().map(|point| point.1)), total(&mut fitted.iter().copied()));
            prop_assert!((before - after).abs() < 1e-9);
        }
    }
}
