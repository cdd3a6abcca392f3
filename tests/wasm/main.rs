//! What the native build computes and draws, a browser's engine computes and draws to the bit.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

mod sweep;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn every_function_gives_the_recorded_bits() {
    let now = sweep::digests();
    for (recorded, now) in include_str!("../golden/math.txt").lines().zip(now.lines()) {
        assert_eq!(recorded, now, "stats::math differs from the native build");
    }
    assert_eq!(include_str!("../golden/math.txt"), now);
}
