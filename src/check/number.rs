//! Numbers as people read them: thousands apart, a real minus sign, as many decimals as tell the numbers of one sentence apart.

/// The true minus sign.
const MINUS: char = '\u{2212}';

/// Which numbers of one sentence must look different, because a verdict rests on their difference.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Figures {
    pub(super) value: f64,
    pub(super) limits: Option<(f64, f64)>,
    pub(super) bound: Option<f64>,
}

impl Figures {
    /// Whether `shown` keeps apart what differs: the bound from value and limits, and the limits from each other.
    fn are_told_apart(&self, shown: impl Fn(f64) -> f64) -> bool {
        let apart = |a: f64, b: f64| a == b || shown(a) != shown(b);
        let (low, high) = self.limits.unwrap_or((self.value, self.value));
        apart(low, high)
            && self
                .bound
                .is_none_or(|bound| apart(self.value, bound) && apart(low, bound) && apart(high, bound))
    }

    /// Of how many rows a share is told: 100, or the power of ten up to a million at which no two numbers blur, and a share is not told as none or all
    /// that is neither.
    pub(super) fn base(&self) -> u32 {
        let shown = |base: u32| move |share: f64| (share * f64::from(base)).round();
        let honest = |base: u32| {
            let told = shown(base)(self.value);
            (self.value == 0.0 || told != 0.0) && (self.value == 1.0 || told != f64::from(base))
        };
        let bases = [100, 1_000, 10_000, 100_000];
        bases
            .into_iter()
            .find(|&base| honest(base) && self.are_told_apart(shown(base)))
            .unwrap_or(1_000_000)
    }

    /// Decimals at which no two numbers blur, from `least` up to six more.
    pub(super) fn decimals(&self, least: usize) -> usize {
        let shown = |decimals: usize| {
            let scale = (0..decimals).fold(1.0, |scale: f64, _| scale * 10.0);
            move |x: f64| (x * scale).round()
        };
        let zero_is_zero = |decimals: usize| self.value == 0.0 || shown(decimals)(self.value) != 0.0;
        (least..least + 6)
            .find(|&decimals| zero_is_zero(decimals) && self.are_told_apart(shown(decimals)))
            .unwrap_or(least + 6)
    }
}

/// Decimals for three significant digits of a number of that size: none from 100 on, at most six.
pub(super) fn significant_decimals(x: f64) -> usize {
    let mut size = x.abs();
    if size == 0.0 || !size.is_finite() {
        return 2;
    }
    let mut decimals = 2;
    while size < 1.0 && decimals < 6 {
        size *= 10.0;
        decimals += 1;
    }
    while size >= 10.0 && decimals > 0 {
        size /= 10.0;
        decimals -= 1;
    }
    decimals
}

/// The number with that many decimals, thousands separated by narrow spaces; powers of ten beyond a thousand million million.
pub(super) fn fixed(x: f64, decimals: usize) -> String {
    if x.is_nan() {
        return "no number".to_owned();
    }
    let digits = if x.is_infinite() {
        "\u{221e}".to_owned()
    } else if x.abs() >= 1e15 {
        format!("{:.2e}", x.abs())
    } else {
        let plain = format!("{:.decimals$}", x.abs());
        let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
        let whole = thousands(whole);
        if rest.is_empty() { whole } else { format!("{whole}.{rest}") }
    };
    let is_zero = digits.chars().all(|c| matches!(c, '0' | '.'));
    if x < 0.0 && !is_zero { format!("{MINUS}{digits}") } else { digits }
}

/// A whole number with its thousands separated.
pub(super) fn count(n: u64) -> String {
    thousands(&n.to_string())
}

/// A share as percent, without decimals where it has none: `95`.
pub(super) fn percent(share: f64) -> String {
    let figures = fixed(share * 100.0, 2);
    format!("{}\u{202f}%", figures.trim_end_matches('0').trim_end_matches('.'))
}

fn thousands(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(value: f64, limits: Option<(f64, f64)>, bound: Option<f64>) -> Figures {
        Figures { value, limits, bound }
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(fixed(7214.0, 0), "7\u{202f}214");
        assert_eq!(fixed(1234567.891, 2), "1\u{202f}234\u{202f}567.89");
        assert_eq!(fixed(-0.25, 2), "\u{2212}0.25");
        assert_eq!(fixed(-0.001, 2), "0.00");
        assert_eq!(fixed(f64::NEG_INFINITY, 2), "\u{2212}\u{221e}");
        assert_eq!(fixed(1e20, 2), "1.00e20");
        assert_eq!(count(999), "999");
        assert_eq!(count(16281), "16\u{202f}281");
        assert_eq!(percent(0.95), "95\u{202f}%");
        assert_eq!(percent(0.999), "99.9\u{202f}%");
    }

    #[test]
    fn three_digits_are_significant() {
        assert_eq!(significant_decimals(44.1), 1);
        assert_eq!(significant_decimals(441.0), 0);
        assert_eq!(significant_decimals(4.41), 2);
        assert_eq!(significant_decimals(0.0441), 4);
        assert_eq!(significant_decimals(0.0), 2);
        assert_eq!(significant_decimals(1e-300), 6);
    }

    #[test]
    fn a_share_is_told_of_a_hundred_rows_unless_numbers_would_blur() {
        assert_eq!(figures(0.654, Some((0.643, 0.665)), Some(0.549)).base(), 100);
        assert_eq!(figures(0.549, None, Some(0.5493)).base(), 10_000);
        assert_eq!(figures(0.996, Some((0.99, 0.998)), None).base(), 1_000);
        assert_eq!(figures(0.0004, None, None).base(), 10_000);
        assert_eq!(figures(1.0, Some((0.96, 1.0)), None).base(), 100);
    }

    #[test]
    fn decimals_grow_until_numbers_are_told_apart() {
        assert_eq!(figures(0.36, Some((0.31, 0.42)), Some(0.8)).decimals(2), 2);
        assert_eq!(figures(0.7999, None, Some(0.8)).decimals(2), 4);
        assert_eq!(figures(0.5, Some((0.5, 0.5)), Some(0.5)).decimals(2), 2);
    }
}
