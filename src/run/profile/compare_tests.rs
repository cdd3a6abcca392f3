use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::cells::sketch;
use super::super::levels::suppressed;
use super::*;
use crate::data::column::level_order;
use crate::data::{Kind, Role};
use crate::metric::drift::cells::deciles;
use crate::metric::sample::Distribution;
use crate::run::drift::measure;

fn of_numbers(numbers: Vec<(f64, u64)>, missing: u64) -> Sample {
    let rows: u64 = numbers.iter().map(|(_, count)| count).sum();
    Sample::new(SampleKind::Numbers, rows + missing, missing, Distribution::Numbers(numbers))
}

fn of_levels(levels: Vec<(String, u64)>, missing: u64) -> Sample {
    let rows: u64 = levels.iter().map(|(_, count)| count).sum();
    Sample::new(SampleKind::Levels, rows + missing, missing, Distribution::Levels(levels))
}

fn profiled(reference: &Sample, smallest: u64) -> Option<ProfiledColumn> {
    let values = match reference.kind {
        SampleKind::Levels => ProfiledValues::Levels(suppressed(reference.levels(), smallest)),
        _ => ProfiledValues::Numbers(sketch(reference, &deciles(reference), smallest)?),
    };
    let column = ProfiledColumn {
        name: "x".to_owned(),
        kind: Kind::Numeric,
        role: Role::Feature,
        missing: reference.missing,
        values,
    };
    // As from a file.
    Some(serde_json::from_str(&serde_json::to_string(&column).unwrap()).unwrap())
}

/// Holds everything that is told from the profile against what the data tells; how many numbers were undefined.
fn check(reference: &Sample, current: &Sample, smallest: u64) -> Result<(), TestCaseError> {
    let Some(earlier) = profiled(reference, smallest) else {
        prop_assert!(reference.present() < smallest);
        return Ok(());
    };
    let both = both(reference.rows, &earlier, current);
    let (memory, settings) = (PairMemory::default(), Settings::default());
    let data = Pair {
        reference,
        current,
        memory: &memory,
    };
    let pair = Pair {
        reference: &both.reference,
        current,
        memory: &both.memory,
    };
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()));
    for metric in METRICS {
        for read in metric.reads {
            let Read::Pair { of, read } = read else { continue };
            if !of(current.kind) {
                continue;
            }
            let of_data: BTreeMap<BTreeMap<String, String>, Reading> =
                read(&data).into_iter().map(|form| (form.params, form.reading)).collect();
            for form in read(&pair) {
                let limit = both.told.limit(metric.id, &form.params, &pair);
                let key = Key {
                    metric: metric.id.to_owned(),
                    params: form.params.clone(),
                    ..Key::default()
                };
                let told = limited(key, form.reading, limit, metric, &settings);
                let Some(truth) = of_data.get(&form.params) else {
                    prop_assert!(
                        told.value.is_none(),
                        "{} {:?} is told, and the data has no such form",
                        metric.id,
                        form.params
                    );
                    continue;
                };
                let Some(within) = told.within else {
                    prop_assert!(told.value.is_none() && told.text.is_none(), "{} has no limits", metric.id);
                    continue;
                };
                let value = told.value.unwrap();
                prop_assert!(within.low <= value && value <= within.high, "{} {told:?}", metric.id);
                if let Ok(truth) = truth.value
                    && truth.is_finite()
                {
                    let holds = (within.low <= truth && truth <= within.high) || near(within.low, truth) || near(within.high, truth);
                    prop_assert!(holds, "{} {:?}: {truth} is not within {within:?}", metric.id, form.params);
                } else {
                    prop_assert!(
                        limit != Limit::Exact,
                        "{} {:?}: {truth:?} is told as {value}",
                        metric.id,
                        form.params
                    );
                }
            }
        }
    }
    let (own, found) = (measure(&data), evidence(&pair, &both.told));
    let holds = |truth: Option<f64>, range: (f64, f64)| {
        truth.is_none_or(|truth| (range.0 <= truth && truth <= range.1) || near(range.0, truth) || near(range.1, truth))
    };
    prop_assert!(
        holds(own.size.score, found.score),
        "size {:?} is not within {:?}",
        own.size.score,
        found.score
    );
    prop_assert!(
        holds(own.p_value, found.p_value),
        "p {:?} is not within {:?}",
        own.p_value,
        found.p_value
    );
    Ok(())
}

fn numbers() -> impl Strategy<Value = Vec<(f64, u64)>> {
    super::super::cells::tests::numbers()
}

fn levels() -> impl Strategy<Value = Vec<(String, u64)>> {
    let count = prop_oneof![3 => 1_u64..9, 2 => 5_u64..40, 1 => 100_u64..400];
    proptest::collection::btree_map(0_u32..90, count, 0..70).prop_map(|levels| {
        let mut levels: Vec<(String, u64)> = levels.into_iter().map(|(place, count)| (format!("l{place}"), count)).collect();
        levels.sort_by(|a, b| level_order(&a.0, &b.0));
        levels
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn drift_of_numbers_is_that_of_the_data_within_its_limits(
        reference in numbers(), current in numbers(), missing in (0_u64..30, 0_u64..30), smallest in 1_u64..16,
    ) {
        check(&of_numbers(reference, missing.0), &of_numbers(current, missing.1), smallest)?;
    }

    #[test]
    fn drift_of_levels_is_that_of_the_data_within_its_limits(
        reference in levels(), current in levels(), missing in (0_u64..30, 0_u64..30), smallest in 1_u64..16,
    ) {
        check(&of_levels(reference, missing.0), &of_levels(current, missing.1), smallest)?;
    }

    #[test]
    fn few_levels_are_told_within_limits_too(
        reference in proptest::collection::vec(0_u64..60, 3), current in proptest::collection::vec(0_u64..60, 3), smallest in 1_u64..30,
    ) {
        let of = |counts: Vec<u64>| {
            let levels = counts.into_iter().enumerate().filter(|(_, count)| *count > 0);
            of_levels(levels.map(|(place, count)| (format!("l{place}"), count)).collect(), 3)
        };
        check(&of(reference), &of(current), smallest)?;
    }
}

#[test]
fn limits_of_many_rows_are_narrow() {
    // Two samples of 20,000 rows of one bell: what a profile of the first tells of the second.
    let mut draws = crate::stats::random::Draws::of(7, 1);
    let mut share = || (draws.bits() >> 11) as f64 / (1_u64 << 53) as f64;
    let mut bell = |shift: f64| {
        let mut values: Vec<f64> = (0..20_000).map(|_| (0..12).map(|_| share()).sum::<f64>() - 6.0 + shift).collect();
        values.sort_by(f64::total_cmp);
        let mut counted: Vec<(f64, u64)> = Vec::new();
        for value in values {
            match counted.last_mut() {
                Some(last) if last.0 == value => last.1 += 1,
                _ => counted.push((value, 1)),
            }
        }
        of_numbers(counted, 0)
    };
    for shift in [0.0, 0.3, 2.0] {
        let (reference, current) = (bell(0.0), bell(shift));
        check(&reference, &current, 10).unwrap();
        let both = both(20_000, &profiled(&reference, 10).unwrap(), &current);
        let pair = Pair {
            reference: &both.reference,
            current: &current,
            memory: &both.memory,
        };
        let wide = |metric: &str| match both.told.limit(metric, &BTreeMap::new(), &pair) {
            Limit::Within((low, high)) => high - low,
            other => panic!("{metric} {other:?}"),
        };
        for (metric, most) in [("ks_distance", 0.006), ("wasserstein", 0.02), ("psi", 0.0), ("hellinger", 1e-9)] {
            assert!(wide(metric) <= most, "{shift} {metric}: {}", wide(metric));
        }
        // How far the reference reaches is not known, which matters where many rows are near its ends.
        let found = evidence(&pair, &both.told);
        assert!(shift > 1.0 || wide("out_of_range_share") < 0.005);
        assert!(shift > 1.0 || found.score.1 - found.score.0 < 0.01, "{:?}", found.score);
    }
}
