//! What the product is made of: what its engine can ask of the browser, what its glue names, and how large it is.

use std::collections::BTreeSet;

use crate::product;
use crate::witness::MAKERS;

const ALLOWED: &str = "tests/golden/wasm_imports.txt";

/// Ways out of the page. The shield removes some of them by name and so is not searched.
const WAYS_OUT: [&str; 14] = [
    "fetch",
    "XMLHttpRequest",
    "WebSocket",
    "WebTransport",
    "EventSource",
    "sendBeacon",
    "importScripts",
    "RTCPeerConnection",
    "RTCDataChannel",
    "serviceWorker",
    "localStorage",
    "sessionStorage",
    "indexedDB",
    "cookie",
];

/// The most that code and styles may weigh, compressed as a host sends them. The aim was 300 kB. One module holds the reader, the metrics,
/// the checks, the charts, every face of the report and the page; made small (opt-level s) all of it is 1,234 kB. Handing the columns to a
/// second worker, and taking back what it found, is 19 kB of it: a large file's audit has both cores for that. Profiles, made and compared
/// with, and the limits of what they tell are about 40 kB.
const CODE_BUDGET: usize = 1_240_000;
/// The same for the built-in examples.
const EXAMPLES_BUDGET: usize = 100_000;

#[test]
fn the_engine_asks_the_browser_only_for_what_is_listed() {
    let wasm = product::wasm();
    let mut lines: BTreeSet<String> = imports(&wasm).into_iter().map(|name| format!("import {name}")).collect();
    assert!(lines.len() > 20, "the engine imports only {lines:?}: the search is broken");
    lines.extend(named(&product::block("glue")).into_iter().map(|name| format!("glue {name}")));
    let text = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(ALLOWED, text).unwrap_or_else(|error| panic!("{ALLOWED}: {error}"));
        return;
    }
    let allowed = std::fs::read_to_string(ALLOWED).unwrap_or_else(|error| panic!("{ALLOWED}: {error}; BLESS=1 writes it"));
    let allowed: BTreeSet<String> = allowed.lines().map(str::to_owned).collect();
    let new: Vec<_> = lines.difference(&allowed).collect();
    let gone: Vec<_> = allowed.difference(&lines).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "new, not allowed so far: {new:#?}\nno longer used: {gone:#?}\nWhere this is meant and gives no way out of the page, BLESS=1 make test-browser records it."
    );
}

#[test]
fn no_way_out_is_named() {
    let mut found = Vec::new();
    for block in product::blocks() {
        if block.id != "shield" && block.id != "engine" && !block.id.starts_with("example-") {
            let words: BTreeSet<&str> = words(&block.content).collect();
            found.extend(
                WAYS_OUT
                    .iter()
                    .filter(|way| words.contains(*way))
                    .map(|way| format!("{way} in {}", block.id)),
            );
        }
    }
    for import in imports(&product::wasm()) {
        found.extend(
            WAYS_OUT
                .iter()
                .filter(|way| import.contains(*way))
                .map(|way| format!("{way} in the engine's imports")),
        );
    }
    assert!(found.is_empty(), "the product names ways out of the page: {found:#?}");
}

#[test]
fn nothing_is_loaded_from_anywhere() {
    let mut page = product::text();
    for block in product::blocks() {
        page = page.replace(&block.content, "");
    }
    for loads in [
        " src=",
        "@import",
        "url(http",
        "url(//",
        "preconnect",
        "prefetch",
        "preload",
        "<iframe",
        "<object",
        "<embed",
        "<base",
    ] {
        assert!(!page.contains(loads), "the page has {loads:?} outside its scripts");
    }
    for link in page
        .split("<link")
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .map(|(tag, _)| tag)
    {
        assert!(link.contains("href=\"data:"), "a link that loads: <link{link}>");
    }
    let (page, wasm) = (product::text(), product::wasm());
    for maker in MAKERS {
        let named = page.contains(maker) || wasm.windows(maker.len()).any(|part| part == maker.as_bytes());
        assert!(!named, "the product names {maker}, whose calls the privacy tests leave out");
    }
}

#[test]
fn code_and_examples_keep_their_budgets() {
    let mut code = product::text();
    let mut examples = String::new();
    for block in product::blocks().iter().filter(|block| block.id.starts_with("example-")) {
        assert!(code.contains(&block.content), "the block stands in the page");
        code = code.replace(&block.content, "");
        examples.push_str(&block.content);
    }
    let (code, examples) = (compressed(&code), compressed(&examples));
    println!("code and styles {code} bytes, examples {examples} bytes, both compressed");
    assert!(
        code <= CODE_BUDGET,
        "code and styles weigh {code} bytes compressed, {CODE_BUDGET} are allowed"
    );
    assert!(
        examples <= EXAMPLES_BUDGET,
        "the examples weigh {examples} bytes compressed, {EXAMPLES_BUDGET} are allowed"
    );
}

/// The bytes that Brotli makes of it at its best.
fn compressed(text: &str) -> usize {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut text.as_bytes(), &mut out, &parameters).expect("memory does not fail to be written");
    out.len()
}

/// The names under which the engine imports functions, without the digits by which the tools tell two of a name apart.
fn imports(wasm: &[u8]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for part in wasmparser::Parser::new(0).parse_all(wasm) {
        if let wasmparser::Payload::ImportSection(section) = part.expect("the engine is valid WebAssembly") {
            for import in section.into_imports() {
                names.insert(plain_name(import.expect("the engine's imports are valid").name));
            }
        }
    }
    names
}

/// `__wbg_postMessage_0123456789abcdef` is `postMessage`.
fn plain_name(name: &str) -> String {
    let name = name.strip_prefix("__wbg_").unwrap_or(name);
    match name.rsplit_once('_') {
        Some((plain, digits)) if digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) => plain.to_owned(),
        _ => name.to_owned(),
    }
}

/// What the glue takes from the browser: members, and what it constructs.
fn named(glue: &str) -> BTreeSet<String> {
    let word = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let members = glue.split('.').skip(1).map(|rest| format!(".{}", word(rest)));
    let constructed = glue.split("new ").skip(1).map(|rest| format!("new {}", word(rest)));
    let names = members.chain(constructed).filter(|name| name.chars().any(char::is_alphabetic));
    // The exports of the engine are numbered anew by every build.
    names
        .filter(|name| !name.starts_with(".__w") && !name.starts_with(".wasm_bindgen"))
        .collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
}
