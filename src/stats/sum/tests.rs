use super::*;

#[test]
fn hard_cases() {
    assert_eq!([1e308, 1.0, -1e308].into_iter().collect::<ExactSum>().value(), 1.0);
}
