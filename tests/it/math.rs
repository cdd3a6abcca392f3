//! The digests of `stats::math` that the browser's engine is held to are those of this machine.

use std::fs;

use crate::golden;

#[path = "../wasm/sweep.rs"]
mod sweep;

#[test]
fn every_function_gives_the_recorded_bits() {
    golden::check("math.txt", &sweep::digests());
}

#[test]
fn every_function_of_the_module_is_swept() {
    let source = fs::read_to_string("src/stats/math.rs").expect("tests run in the package's folder");
    let mut exported = exported_names(&source);
    exported.sort_unstable();
    assert_eq!(
        exported,
        sweep::names(),
        "tests/wasm/sweep.rs sweeps another set of functions than src/stats/math.rs exports"
    );
}

/// What the module re-exports from `libm`, by the name it gives, and the functions it defines.
fn exported_names(source: &str) -> Vec<&str> {
    let code = source.split("#[cfg(test)]").next().unwrap_or(source);
    let uses = code
        .split("pub use ")
        .skip(1)
        .filter_map(|text| text.split_once(';').map(|(tree, _)| tree));
    let names = uses.flat_map(|tree| tree.trim_start_matches("libm::").trim_matches(['{', '}']).split(','));
    let names = names
        .map(|name| name.rsplit(" as ").next().unwrap_or(name).trim())
        .filter(|name| !name.is_empty());
    let defined = code.split("pub fn ").skip(1).filter_map(|text| text.split(['(', '<']).next());
    names.chain(defined).collect()
}
