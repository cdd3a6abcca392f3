//! Files as people have them, each with what must come of it: see `expected.py` for where the expectations come from.

mod check;

use std::collections::BTreeMap;

use check::shapes;
use proptest::prelude::*;

#[test]
fn every_shape_is_read_as_expected() {
    let differences: Vec<String> = shapes().iter().flat_map(|shape| shape.differences()).collect();
    assert!(
        differences.is_empty(),
        "{} differences:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn there_are_enough_shapes_of_every_family() {
    let mut families: BTreeMap<String, usize> = BTreeMap::new();
    for shape in shapes() {
        *families.entry(shape.family).or_default() += 1;
    }
    assert_eq!(families.len(), 9);
    assert!(families.values().all(|&count| count >= 12), "{families:?}");
    assert!(families.values().sum::<usize>() >= 120, "{families:?}");
}

/// The shapes that are quickly read.
fn small() -> Vec<check::Shape> {
    let mut shapes = shapes();
    shapes.retain(|shape| shape.bytes().len() < 4000 && !shape.name.contains("endless"));
    shapes
}

#[test]
fn steps_do_not_matter() {
    for shape in small() {
        let whole = format!("{:?}", shape.read(shape.bytes(), usize::MAX));
        for rows in [1, 3] {
            assert_eq!(format!("{:?}", shape.read(shape.bytes(), rows)), whole, "{}", shape.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Files a few bytes off are read or refused, and their rows add up.
    #[test]
    fn damaged_shapes_never_panic(
        place in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u8>(), Just(b'"'), Just(b','), Just(b'\n'), Just(0)]), 0..4),
        is_cut in any::<bool>(),
    ) {
        thread_local!(static SMALL: Vec<check::Shape> = small());
        SMALL.with(|shapes| {
            let shape = place.get(shapes);
            let mut bytes = shape.bytes();
            for (index, byte) in edits {
                if !bytes.is_empty() {
                    let at = index.index(bytes.len());
                    bytes[at] = byte;
                }
            }
            if is_cut && !bytes.is_empty() {
                bytes.truncate(cut.index(bytes.len()));
            }
            if let Ok(table) = shape.read(bytes, 7) {
                prop_assert_eq!(table.intake.rows_read, table.rows as u64 + table.intake.rows_set_aside);
                for column in &table.columns {
                    prop_assert!(column.missing + column.invalid <= table.rows as u64);
                }
            }
            Ok(())
        })?;
    }
}
