//! The table of layers holds in the sources: who may use whom, and what the engine may not name at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::source::{Token, paths, tokens, without_tests};

/// Each module of `src/` with the modules that it may use, in order of data flow.
const LAYERS: [(&str, &[&str]); 13] = [
    ("stats", &[]),
    ("data", &["stats"]),
    ("metric", &["data", "stats"]),
    ("run", &["metric", "data", "stats"]),
    ("check", &["metric", "data", "stats"]),
    ("chart", &["stats"]),
    ("report", &["run", "check", "chart", "metric", "data", "stats"]),
    ("engine", &["report", "run", "check", "chart", "metric", "data", "stats"]),
    (
        "protocol",
        &["engine", "report", "run", "check", "chart", "metric", "data", "stats"],
    ),
    (
        "present",
        &["engine", "protocol", "report", "run", "check", "chart", "metric", "data", "stats"],
    ),
    ("cli", &["engine", "report", "run", "check", "chart", "metric", "data", "stats"]),
    (
        "worker",
        &[
            "app", "present", "engine", "protocol", "report", "run", "check", "chart", "metric", "data", "stats",
        ],
    ),
    (
        "app",
        &[
            "worker", "present", "engine", "protocol", "report", "run", "check", "chart", "metric", "data", "stats",
        ],
    ),
];

/// The modules with effects; every other one is engine.
const EFFECTS: [&str; 4] = ["cli", "worker", "app", "bin"];

/// What only the browser's modules name.
const BROWSER: [&str; 5] = ["leptos", "web_sys", "js_sys", "wasm_bindgen", "wasm_bindgen_futures"];

/// What the engine does not name outside its tests: clocks, threads, files, the environment, and maps whose order is not fixed.
const FORBIDDEN: [&str; 19] = [
    "std::time",
    "std::thread",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::os",
    "std::collections::hash_map",
    "std::collections::HashMap",
    "std::collections::HashSet",
    "SystemTime",
    "Instant",
    "async",
    "println!",
    "print!",
    "eprintln!",
    "eprint!",
    "dbg!",
    "RandomState",
];

/// A file with one forbidden name, and why it may have it.
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

#[test]
fn modules_use_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for file in sources() {
        let module = module_of(&file);
        if module == "bin" || module == "lib" {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!(
                "{}: module `{module}` is not in the table of tests/it/layers.rs",
                file.display()
            ));
            continue;
        };
        for (line, path) in paths(&tokens(&read(&file)), depth_of(&file)) {
            let used = path.split("::").nth(1).unwrap_or_default();
            let is_layer = LAYERS.iter().any(|(name, _)| *name == used);
            if path == "crate" || path == "crate::*" {
                wrong.push(format!("{}:{line}: the whole crate is taken in; name the module", file.display()));
            } else if is_layer && used != module && !allowed.contains(&used) {
                wrong.push(format!("{}:{line}: `{module}` may not use `{used}` ({path})", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "the table of layers does not hold:\n{}", wrong.join("\n"));
}

#[test]
fn only_the_browser_modules_name_the_browser() {
    let mut wrong = Vec::new();
    for file in sources() {
        if ["app", "worker"].contains(&module_of(&file)) || file.ends_with("bin/app.rs") {
            continue;
        }
        let source = read(&file);
        for token in tokens(&source).iter().filter(|token| BROWSER.contains(&token.text)) {
            wrong.push(format!(
                "{}:{}: `{}` belongs to `app` and `worker`",
                file.display(),
                token.line,
                token.text
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_engine_has_no_effects_and_no_unordered_maps() {
    let mut wrong = Vec::new();
    let mut excused = BTreeSet::new();
    for file in sources() {
        // Unit tests in a file of their own are compiled for tests only.
        if EFFECTS.contains(&module_of(&file)) || file.to_string_lossy().ends_with("tests.rs") {
            continue;
        }
        let source = read(&file);
        let all = tokens(&source);
        let code = without_tests(&all);
        for (line, name) in named(&code).into_iter().filter(|(_, name)| is_forbidden(name)) {
            match EXCEPTIONS
                .iter()
                .find(|(place, word, _)| file.ends_with(place) && name.contains(word))
            {
                Some((place, ..)) => _ = excused.insert(*place),
                None => wrong.push(format!("{}:{line}: the engine does not name `{name}`", file.display())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let idle: Vec<_> = EXCEPTIONS.iter().filter(|(place, ..)| !excused.contains(place)).collect();
    assert!(idle.is_empty(), "these exceptions excuse nothing any more: {idle:?}");
}

#[test]
fn the_map_in_lib_rs_names_every_module_and_no_other() {
    let lib = read(Path::new("src/lib.rs"));
    let rows = lib
        .lines()
        .filter_map(|line| line.strip_prefix("//! | "))
        .filter_map(|row| row.split_once(" |"));
    let mapped: BTreeSet<&str> = rows.flat_map(|(cell, _)| cell.split('`').skip(1).step_by(2)).collect();
    let present: BTreeSet<String> = sources()
        .iter()
        .map(|file| module_of(file).to_owned())
        .filter(|module| module != "bin" && module != "lib")
        .collect();
    assert_eq!(
        mapped,
        present.iter().map(String::as_str).collect(),
        "left: the table in src/lib.rs; right: the modules of src/"
    );
}

#[test]
fn the_table_itself_has_no_circle_among_the_engine() {
    let mut seen = BTreeMap::new();
    for (place, (name, uses)) in LAYERS.iter().enumerate() {
        seen.insert(*name, place);
        if !EFFECTS.contains(name) {
            for used in *uses {
                assert!(seen.contains_key(used), "`{name}` may use `{used}`, which comes later");
            }
        }
    }
}

/// The paths and macros that the code names, with imports of several names spelt out, each with its line.
fn named(code: &[Token<'_>]) -> Vec<(usize, String)> {
    let mut names = crate::source::imports(code);
    for (place, token) in code.iter().enumerate() {
        let next = |ahead: usize| code.get(place + ahead).map_or("", |token| token.text);
        if next(1) == "!" {
            names.push((token.line, format!("{}!", token.text)));
        } else if token.text == "std" && next(1) == "::" {
            names.push((token.line, format!("std::{}", next(2))));
        } else if ["async", "Instant", "SystemTime", "HashMap", "HashSet", "RandomState"].contains(&token.text) {
            names.push((token.line, token.text.to_owned()));
        }
    }
    names
}

fn is_forbidden(name: &str) -> bool {
    FORBIDDEN.iter().any(|word| name == *word || name.starts_with(&format!("{word}::"))) || name == "HashMap" || name == "HashSet"
}

/// Every Rust file of `src/`, in order.
fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("tests run in the package's folder") {
            let path = entry.expect("the folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(files.len() > 20, "only {} files in src/: the search is broken", files.len());
    files
}

/// The top module that a file belongs to: `stats` for `src/stats/math.rs`, `engine` for `src/engine.rs`.
fn module_of(file: &Path) -> &str {
    let first = file
        .components()
        .nth(1)
        .expect("the path starts with src/")
        .as_os_str()
        .to_str()
        .expect("source files have plain names");
    first.trim_end_matches(".rs")
}

/// How many modules deep the file's own module is: 1 for `src/engine.rs` and `src/stats/mod.rs`, 2 for `src/stats/math.rs`.
fn depth_of(file: &Path) -> usize {
    let steps = file.components().count() - 1;
    if file.ends_with("mod.rs") { steps - 1 } else { steps }
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
