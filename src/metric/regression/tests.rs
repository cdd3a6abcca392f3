use super::errors::r2;
use super::*;
use crate::metric::UndefinedCode as Code;
use crate::metric::reading::Reading;
use crate::metric::state::RowWeight;

/// R2 of truths `offset`, `offset + 0.25`, ... and predictions that miss by 0.25, up and down.
fn shifted(offset: f64, pivot: f64) -> Reading {
    let mut residuals = Residuals::default();
    for row in 0..40_u32 {
        let truth = offset + 0.25 * f64::from(row % 10);
        let error = if row % 3 == 0 { 0.25 } else { -0.25 };
        let weight = Some(f64::from(1 + row % 7));
        residuals.update(truth, truth + error, pivot, RowWeight { count: 1, weight });
    }
    r2(&residuals)
}

#[test]
fn r2_does_not_depend_on_where_the_truths_lie() {
    let near = shifted(0.0, 0.0);
    for (offset, pivot) in [(1e3, 0.0), (0.0, 5e6), (-5e6, 1e9), (1e12, 0.0), (0.0, 1e12)] {
        let (far, near) = (shifted(offset, pivot).value.unwrap(), near.value.unwrap());
        assert!((far - near).abs() < 1e-12, "{offset} {pivot}: {far} {near}");
    }
}

#[test]
fn where_the_variance_of_r2_cancels_there_is_no_interval() {
    let variance = |offset, pivot| match shifted(offset, pivot).evidence {
        crate::metric::reading::Evidence::StandardError { se, .. } => Some(se * se),
        _ => None,
    };
    let near = variance(0.0, 0.0).unwrap();
    assert!((variance(100.0, 0.0).unwrap() / near - 1.0).abs() < 1e-4);
    assert_eq!(variance(1e6, 0.0), None);
    assert_eq!(variance(0.0, 5e6), None);
}

#[test]
fn r2_of_a_constant_truth_and_of_overflowing_truths_has_a_reason() {
    let of = |truths: &[f64]| {
        let mut residuals = Residuals::default();
        for truth in truths {
            residuals.update(
                *truth,
                1.0,
                5e6,
                RowWeight {
                    count: 3,
                    weight: Some(0.1),
                },
            );
        }
        r2(&residuals).value
    };
    assert_eq!(of(&[0.1; 7]), Err(Code::ConstantTruth));
    assert_eq!(of(&[0.0; 7]), Err(Code::ConstantTruth));
    assert_eq!(of(&[1e200, 2e200]), Err(Code::TooLarge));
    assert!(of(&[0.1, 0.1, 0.100_001]).is_ok());
}
