use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn sum(values: &[f64]) -> ExactSum {
    values.iter().copied().collect()
}

fn bits(sum: &ExactSum) -> u64 {
    sum.value().to_bits()
}

fn json(sum: &ExactSum) -> String {
    serde_json::to_string(sum).expect("an exact sum has only numbers and flags")
}

/// Equal in every way that anything could see.
fn assert_same(a: &ExactSum, b: &ExactSum) {
    assert_eq!(a, b);
    assert_eq!(json(a), json(b));
    assert_eq!(a.value().is_nan(), b.value().is_nan());
    if !a.value().is_nan() {
        assert_eq!(bits(a), bits(b));
    }
}

/// The sum of a few values by an independent path: a plain big integer of bits, added and rounded the slow way.
fn reference(values: &[f64]) -> f64 {
    // Two non-negative numbers as bits, lowest first: what is above zero and what is below.
    let (mut above, mut below) = (vec![false; 2200], vec![false; 2200]);
    for &value in values {
        let bits = value.abs().to_bits();
        let (exponent, fraction) = ((bits >> 52) as usize, bits & ((1 << 52) - 1));
        let (integer, position) = if exponent == 0 {
            (fraction, 0)
        } else {
            (fraction + (1 << 52), exponent - 1)
        };
        let target = if value < 0.0 { &mut below } else { &mut above };
        let mut carry = false;
        for (index, bit) in target.iter_mut().enumerate().skip(position) {
            let addend = index - position < 64 && integer >> (index - position) & 1 == 1;
            let total = u8::from(*bit) + u8::from(addend) + u8::from(carry);
            (*bit, carry) = (total & 1 == 1, total > 1);
        }
    }
    let is_negative = below.iter().rev().gt(above.iter().rev());
    let (larger, smaller) = if is_negative { (&below, &above) } else { (&above, &below) };
    let mut borrow = false;
    let mut difference: Vec<bool> = Vec::with_capacity(2200);
    for (&a, &b) in larger.iter().zip(smaller) {
        let total = i8::from(a) - i8::from(b) - i8::from(borrow);
        difference.push(total & 1 == 1);
        borrow = total < 0;
    }
    // Decimal-free rounding: the standard library rounds a u128 correctly when a sticky bit stands for what was cut off.
    let Some(top) = difference.iter().rposition(|&bit| bit) else {
        return 0.0;
    };
    let cut = (top + 1).saturating_sub(100);
    let sticky = u128::from(difference[..cut].iter().any(|&bit| bit));
    let kept = difference[cut..=top]
        .iter()
        .rev()
        .fold(0_u128, |number, &bit| number * 2 + u128::from(bit))
        * 2
        + sticky;
    let mut value = kept as f64;
    // Scaled in exact steps; a number short enough to become subnormal has at most 53 significant bits, so it is not rounded twice.
    for _ in 0..(1075 - cut.min(1075)) {
        value /= 2.0;
    }
    for _ in 1075..cut.max(1075) {
        value *= 2.0;
    }
    if is_negative { -value } else { value }
}

fn power_of_two(exponent: i32) -> f64 {
    libm::ldexp(1.0, exponent)
}

/// Any finite value: every bit pattern, and magnitudes that meet and cancel.
fn finite() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>()
            .prop_map(f64::from_bits)
            .prop_filter("finite", |value| value.is_finite()),
        -1.0..1.0,
        (-20_i32..20, -100_i64..100).prop_map(|(exponent, digits)| digits as f64 * power_of_two(exponent)),
        (0_u64..1 << 54, any::<bool>()).prop_map(|(bits, negative)| f64::from_bits(bits | u64::from(negative) << 63)),
        prop_oneof![
            Just(f64::MAX),
            Just(f64::MIN),
            Just(1e308),
            Just(-1e308),
            Just(0.0),
            Just(-0.0),
            Just(f64::EPSILON)
        ],
    ]
}

/// Mostly finite values, now and then one that is not.
fn whatever() -> impl Strategy<Value = f64> {
    prop_oneof![
        20 => finite(),
        1 => prop_oneof![Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(f64::NAN)],
    ]
}

#[test]
fn the_empty_sum_is_zero_and_the_identity_of_itself() {
    let empty = ExactSum::default();
    assert!(empty.is_zero());
    assert_eq!(bits(&empty), 0.0_f64.to_bits());
    let mut merged = empty.clone();
    merged.merge(&empty);
    assert_same(&merged, &empty);
}

proptest! {
    #[test]
    fn the_empty_sum_is_the_identity_on_both_sides(values in vec(whatever(), 0..40)) {
        let full = sum(&values);
        let mut left = ExactSum::default();
        left.merge(&full);
        assert_same(&left, &full);
        let mut right = full.clone();
        right.merge(&ExactSum::default());
        assert_same(&right, &full);
    }

    #[test]
    fn merging_is_associative_and_commutative(a in vec(whatever(), 0..20), b in vec(whatever(), 0..20), c in vec(whatever(), 0..20)) {
        let (a, b, c) = (sum(&a), sum(&b), sum(&c));
        let merged = |x: &ExactSum, y: &ExactSum| { let mut all = x.clone(); all.merge(y); all };
        assert_same(&merged(&merged(&a, &b), &c), &merged(&a, &merged(&b, &c)));
        assert_same(&merged(&a, &b), &merged(&b, &a));
    }

    #[test]
    fn no_chunking_order_or_serialization_shows(values in vec(whatever(), 0..60), cuts in vec(0_usize..60, 0..6), turn in 0_usize..60) {
        let whole = sum(&values);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(values.len())).chain([0, values.len()]).collect();
        cuts.sort_unstable();
        let mut merged = ExactSum::default();
        for range in cuts.windows(2) {
            let part: ExactSum = serde_json::from_str(&json(&sum(&values[range[0]..range[1]]))).expect("what was written is read");
            merged.merge(&part);
        }
        assert_same(&merged, &whole);
        let mut turned = values.clone();
        turned.rotate_left(turn.min(values.len()));
        turned.reverse();
        assert_same(&sum(&turned), &whole);
    }

    #[test]
    fn the_value_is_the_correctly_rounded_sum(values in vec(finite(), 0..12)) {
        prop_assert_eq!(bits(&sum(&values)), reference(&values).to_bits());
    }

    #[test]
    fn one_value_and_two_round_as_the_processor_does(a in finite(), b in finite()) {
        // Adding zero turns -0.0, which no sum gives, into 0.0.
        prop_assert_eq!(bits(&sum(&[a])), (a + 0.0).to_bits());
        prop_assert_eq!(bits(&sum(&[a, b])), (a + b + 0.0).to_bits());
    }

    #[test]
    fn integers_sum_as_integers(values in vec(-(1_i64 << 53)..1 << 53, 0..200)) {
        let exact: i128 = values.iter().copied().map(i128::from).sum();
        let floats: Vec<f64> = values.iter().map(|&value| value as f64).collect();
        prop_assert_eq!(sum(&floats).value(), exact as f64);
    }

    #[test]
    fn adding_the_opposites_leaves_the_empty_sum(values in vec(finite(), 0..40)) {
        let mut both = sum(&values);
        both.extend(values.iter().map(|value| -value));
        prop_assert!(both.is_zero());
        assert_same(&both, &ExactSum::default());
    }

    #[test]
    fn a_product_is_added_without_rounding(a in -(1_i64 << 53)..1 << 53, b in -(1_i64 << 53)..1 << 53, scale in -400_i32..400) {
        let mut product = ExactSum::default();
        product.add_product(a as f64 * power_of_two(scale), b as f64);
        let exact = i128::from(a) * i128::from(b);
        let high = (exact >> 53) as f64 * power_of_two(53);
        let low = (exact & ((1 << 53) - 1)) as f64;
        assert_same(&product, &sum(&[high * power_of_two(scale), low * power_of_two(scale)]));
    }

    #[test]
    fn a_product_alone_rounds_as_the_processor_does(a in whatever(), b in whatever()) {
        let mut product = ExactSum::default();
        product.add_product(a, b);
        let expected = a * b + 0.0;
        if (2.0 * f64::MIN_POSITIVE..1e-289).contains(&expected.abs()) {
            // Bits below the smallest step are rounded away before the value is rounded, so a tie may fall to the other side.
            prop_assert!((product.value() - expected).abs() <= expected.abs() * f64::EPSILON);
        } else {
            prop_assert!(product.value().to_bits() == expected.to_bits() || (product.value().is_nan() && expected.is_nan()));
        }
    }
}

#[test]
fn hard_cases() {
    let tiny = f64::from_bits(1);
    for (values, expected) in [
        (&[1e308, 1.0, -1e308][..], 1.0),
        (&[f64::MAX, f64::MAX, f64::MIN][..], f64::MAX),
        (&[f64::MAX, f64::MAX][..], f64::INFINITY),
        (&[f64::MIN, f64::MIN][..], f64::NEG_INFINITY),
        (&[1e16, 1.0, tiny][..], 10_000_000_000_000_002.0),
        (&[1e16, 1.0, -tiny][..], 1e16),
        (&[1e16, 1.0][..], 1e16),
        (&[1e16, 3.0][..], 10_000_000_000_000_004.0),
        (&[tiny, tiny, tiny][..], f64::from_bits(3)),
        (&[f64::MIN_POSITIVE, -tiny][..], f64::from_bits((1 << 52) - 1)),
        (&[0.1, 0.2, 0.3, -0.6][..], 2.775_557_561_562_891_4e-17),
        (&[-0.0, -0.0][..], 0.0),
        (&[1.0, -1.0, -tiny][..], -tiny),
    ] {
        assert_eq!(bits(&sum(values)), expected.to_bits(), "{values:?}");
        assert_eq!(reference(values).to_bits(), expected.to_bits(), "reference {values:?}");
    }
}

#[test]
fn infinities_and_nan_add_as_ieee_does() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    assert_eq!(sum(&[1.0, inf, -1e308]).value(), inf);
    assert_eq!(sum(&[-inf, f64::MAX, f64::MAX]).value(), -inf);
    assert!(sum(&[inf, 1.0, -inf]).value().is_nan());
    assert!(sum(&[inf, nan]).value().is_nan());
    assert!(!sum(&[inf]).is_zero());
    let mut product = ExactSum::default();
    product.add_product(1e200, -1e200);
    assert_eq!(product.value(), -inf);
    product.add_product(inf, 0.0);
    assert!(product.value().is_nan());
}

#[test]
fn products_below_the_range_round_to_the_smallest_step() {
    for (a, b, expected) in [(1.5, 1, 2), (0.5, 1, 0), (0.5, 3, 2), (2.5, 1, 2), (0.75, 1, 1), (1e-300, 1, 0)] {
        let mut product = ExactSum::default();
        product.add_product(a, f64::from_bits(b));
        assert_eq!(bits(&product), expected, "{a} * {b}");
    }
}

#[test]
fn millions_of_additions_carry_in_time() {
    let mut largest = ExactSum::default();
    let mut products = ExactSum::default();
    for _ in 0..10_000 {
        largest.add(-1.999_999_999_999_999_8);
        products.add_product(-1.999_999_999_999_999_8, 1.0);
    }
    assert_same(&largest, &products);
    assert_eq!(largest.value(), -19_999.999_999_999_998);
    let mut doubled = ExactSum::default();
    for _ in 0..5_000 {
        doubled.merge(&largest);
    }
    assert_eq!(doubled.value(), -19_999.999_999_999_998 * 5_000.0);
}

#[test]
fn two_states_full_to_the_brim_merge() {
    let mut full = ExactSum::default();
    for _ in 0..MAX_PENDING {
        full.add(f64::MAX);
    }
    let mut merged = full.clone();
    merged.merge(&full);
    for _ in 0..2 * MAX_PENDING {
        merged.add(f64::MIN);
    }
    assert_same(&merged, &ExactSum::default());
}

#[test]
fn the_state_is_small() {
    assert!(size_of::<ExactSum>() <= 512);
}

#[test]
fn the_written_form_is_short_and_readable() {
    assert_eq!(
        json(&sum(&[1.0, -2.0])),
        r#"{"negative":true,"first":20,"digits":[17179869184],"infinity":false,"negative_infinity":false,"nan":false}"#
    );
}

#[test]
fn another_form_of_the_same_sum_is_refused() {
    let read = |negative: bool, first: u64, digits: &str| {
        let text = format!(
            r#"{{"negative":{negative},"first":{first},"digits":[{digits}],"infinity":false,"negative_infinity":false,"nan":false}}"#
        );
        serde_json::from_str::<ExactSum>(&text).map_err(|error| error.to_string())
    };
    assert!(read(false, 0, "").is_ok());
    for (negative, first, digits) in [(false, 0, "0,1"), (false, 0, "1,0"), (true, 0, ""), (false, 3, "")] {
        let error = read(negative, first, digits).expect_err("not canonical");
        assert!(error.contains("zeros around the digits"), "{error}");
    }
    assert!(
        read(false, 0, "4503599627370496")
            .expect_err("2^52 is no digit")
            .contains("digit 0 is 4503599627370496")
    );
    assert!(
        read(false, 42, "1")
            .expect_err("beyond the end")
            .contains("1 digits from index 42 on")
    );
    assert!(read(false, u64::MAX, "1,2").is_err());
}
