//! What the native build computes and draws, a browser's engine computes and draws to the bit: `tests/it` holds the native build to the
//! same recorded texts. Runs in a worker, as the engine does.
#![cfg(target_arch = "wasm32")]

use assay::chart::{Shape, draw, examples};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "../it/shapes/check.rs"]
mod shapes;
mod sweep;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The recorded charts by name: wide, narrow.
macro_rules! recorded {
    ($($name:literal),* $(,)?) => {
        [$((
            $name,
            include_str!(concat!("../golden/charts/", $name, "_wide.svg")),
            include_str!(concat!("../golden/charts/", $name, "_narrow.svg")),
        )),*]
    };
}

#[wasm_bindgen_test]
fn every_function_gives_the_recorded_bits() {
    let now = sweep::digests();
    for (recorded, now) in include_str!("../golden/math.txt").lines().zip(now.lines()) {
        assert_eq!(recorded, now, "stats::math differs from the native build");
    }
    assert_eq!(include_str!("../golden/math.txt"), now);
}

#[wasm_bindgen_test]
fn every_chart_is_drawn_as_recorded() {
    let recorded = recorded![
        "dots_share",
        "dots_hostile",
        "dots_signed",
        "dots_earlier",
        "dots_empty",
        "curve",
        "reliability",
        "histograms",
        "sweep",
        "shades",
        "residuals",
        "windows",
        "plot_hostile"
    ];
    let names: Vec<_> = examples().iter().map(|(name, _)| *name).collect();
    assert_eq!(names, recorded.map(|(name, ..)| name), "name every example chart here");
    for ((name, spec), (_, wide, narrow)) in examples().iter().zip(recorded) {
        assert_eq!(draw(spec, Shape::Wide, name), wide, "{name}, wide, differs from the native build");
        assert_eq!(
            draw(spec, Shape::Narrow, name),
            narrow,
            "{name}, narrow, differs from the native build"
        );
    }
}

#[wasm_bindgen_test]
fn every_shape_is_read_as_expected() {
    let shapes = shapes::shapes();
    assert!(shapes.len() >= 120);
    let differences: Vec<String> = shapes.iter().flat_map(|shape| shape.differences()).collect();
    assert!(
        differences.is_empty(),
        "{} differences:\n{}",
        differences.len(),
        differences.join("\n")
    );
}
