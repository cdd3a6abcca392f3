//! Files as people have them, each with what must come of it: see `expected.py` for where the expectations come from.

mod check;

use std::collections::BTreeMap;

use check::shapes;

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
