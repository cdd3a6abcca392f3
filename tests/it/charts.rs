//! The example charts are those recorded, byte for byte; the browser's engine is held to the same files.

use assay::chart::{Shape, draw, examples};

use crate::golden;

#[test]
fn every_example_is_drawn_as_recorded() {
    for (name, spec) in examples() {
        for (shape, word) in [(Shape::Wide, "wide"), (Shape::Narrow, "narrow")] {
            golden::check(&format!("charts/{name}_{word}.svg"), &draw(&spec, shape, name));
        }
    }
}
