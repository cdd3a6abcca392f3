//! The product's page in real browsers, measured on the page's own clock from the moment the file is chosen.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::browser::Browser;
use super::figures::Figures;
use super::memory;
use super::native::Truth;
use super::site::Site;

const PROBE: &str = include_str!("probe.js");
const MEMORY: &str = include_str!("memory.js");

/// How long a job may take before it counts as failed.
const LIMIT: Duration = Duration::from_secs(300);

/// The audit that is measured: accuracy, and fairness by race, by sex and by both.
fn roles() -> Value {
    json!({
        "label": "label", "prediction": "prediction", "score": "score", "race": "sensitive", "sex": "sensitive",
        "age": "feature", "region": "feature", "device": "feature", "segment": "feature", "channel": "feature",
    })
}

/// Reads the file and audits it in Chromium, as quickly as somebody could who has nothing to think about.
pub fn audit(figures: &mut Figures, site: &Site, file: &Path, name: &str, query: &str, truth: &Truth) {
    let browser = Browser::chromium();
    open(&browser, &site.product(query), &json!({ "audit": true, "roles": roles() }), file);
    let probe = wait_for(&browser, "report", LIMIT);
    note_times(figures, &probe, name);
    for phase in ["reading", "auditing"] {
        if let Some(gap) = probe["longest"][phase].as_f64() {
            figures.note(&format!("{name}: longest frame, {phase}"), gap);
        }
    }
    if let Some(bytes) = memory::of_renderers() {
        figures.note(&format!("{name}: renderer"), bytes);
    }
    truth.check(name, &answer(&browser));
    let agent = browser.run("return navigator.userAgent", json!([]));
    figures.say("chromium", version(&agent, "Chrome/"));
    if query.is_empty() {
        change_threshold(figures, &browser, name);
    }
}

/// Reads the file in Firefox.
pub fn read_in_firefox(figures: &mut Figures, site: &Site, file: &Path) {
    let browser = Browser::firefox();
    open(&browser, &site.product(""), &json!({}), file);
    let probe = wait_for(&browser, "read", LIMIT);
    note_times(figures, &probe, "assay in firefox");
    let agent = browser.run("return navigator.userAgent", json!([]));
    figures.say("firefox", version(&agent, "Firefox/"));
}

/// The main version that a browser names itself by.
fn version<'a>(agent: &'a Value, name: &str) -> &'a str {
    let rest = agent.as_str().and_then(|agent| agent.split(name).nth(1));
    rest.and_then(|rest| rest.split('.').next()).unwrap_or("of an unknown version")
}

/// Reads the file, and presses Cancel on the way.
pub fn cancel(figures: &mut Figures, site: &Site, file: &Path) {
    let browser = Browser::chromium();
    open(&browser, &site.product(""), &json!({ "cancelAt": 0.4 }), file);
    let probe = wait_for(&browser, "cancelled", LIMIT);
    figures.note("cancel", between(&probe, "cancel", "cancelled").expect("both marks are there"));
}

/// Reads the file and audits it while every wasm memory is counted.
pub fn memory(figures: &mut Figures, site: &Site, file: &Path) {
    let browser = Browser::chromium();
    browser.before_every_page(MEMORY);
    // An audit has a worker of its own to help, which is none of those that read: it is started once they were counted.
    open(&browser, &site.product(""), &json!({ "roles": roles() }), file);
    wait_for(&browser, "read", LIMIT);
    let read = browser.run("return window.wasmMemory", json!([]));
    figures.note("wasm memory, read", read["peak"].as_f64().expect("it was counted"));
    figures.note("workers", read["started"].as_f64().expect("it was counted"));
    browser.click("#start");
    wait_for(&browser, "report", LIMIT);
    let counted = browser.run("return window.wasmMemory", json!([]));
    figures.note("wasm memory", counted["peak"].as_f64().expect("it was counted"));
}

/// Opens the page and gives the file.
pub fn open(browser: &Browser, url: &str, options: &Value, file: &Path) {
    browser.go(url);
    browser.find("#file-input");
    settle(browser);
    give(browser, options, file);
}

/// Waits until the browser, which is busy with itself when it has only just started, was idle several times.
pub fn settle(browser: &Browser) {
    const COUNT: &str = "
        window.idle = 0;
        const again = () => { window.idle += 1; if (window.idle < 8) requestIdleCallback(again); };
        requestIdleCallback(again);";
    browser.run(COUNT, json!([]));
    let deadline = Instant::now() + Duration::from_secs(30);
    while browser.run("return window.idle >= 8", json!([])) != true {
        assert!(Instant::now() < deadline, "the browser is not idle within 30 s of its start");
    }
}

/// Sets the probe up in the open page and gives the file.
pub fn give(browser: &Browser, options: &Value, file: &Path) {
    browser.run(PROBE, json!([options]));
    let path = file.to_str().expect("the benchmark's file has a plain name");
    browser.type_into("#file-input", path);
}

/// What the probe holds, once it has that mark.
pub fn wait_for(browser: &Browser, mark: &str, limit: Duration) -> Value {
    let deadline = Instant::now() + limit;
    loop {
        let probe = browser.run("return window.probe", json!([]));
        if probe["marks"][mark].is_number() {
            return probe;
        }
        assert!(probe["error"].is_null(), "the page says: {}", probe["error"]);
        assert!(
            Instant::now() < deadline,
            "no {mark} within {} s: {}",
            limit.as_secs(),
            probe["marks"]
        );
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Milliseconds between two marks.
pub fn between(probe: &Value, from: &str, to: &str) -> Option<f64> {
    Some(probe["marks"][to].as_f64()? - probe["marks"][from].as_f64()?)
}

fn note_times(figures: &mut Figures, probe: &Value, name: &str) {
    for mark in ["preview", "read", "report"] {
        if let Some(milliseconds) = between(probe, "chosen", mark) {
            figures.note(&format!("{name}: {mark}"), milliseconds);
        }
    }
    if let Some(milliseconds) = between(probe, "start", "report") {
        figures.note(&format!("{name}: audit"), milliseconds);
    }
}

/// Rows, and selection rate by race, as the report's tables hold them.
fn answer(browser: &Browser) -> Value {
    browser.run(
        "const value = (metric, group) => Number(document.querySelector(
             `#report td[data-metric=${metric}]${group}:not([data-comparison], [data-params])`)?.dataset.value);
         const races = {};
         for (const cell of document.querySelectorAll('#report td[data-metric=selection_rate][data-group^=\"race=\"]:not([data-comparison], [data-params])'))
           races[cell.dataset.group.slice(5)] = Number(cell.dataset.value);
         return { accuracy: value('accuracy', ':not([data-group])'), races };",
        json!([]),
    )
}

/// Moves the threshold under the report, and waits each time for the figures of that threshold.
fn change_threshold(figures: &mut Figures, browser: &Browser, name: &str) {
    const MOVE: &str = "
        const slider = document.querySelector('#explore-slider');
        const explore = document.querySelector('#explore');
        if (!slider || !explore?.dataset.explored) return false;
        window.moved = [];
        const move = (share) => new Promise((done) => {
          const before = explore.dataset.explored;
          const from = performance.now();
          const observer = new MutationObserver(() => {
            if (explore.dataset.explored === before) return;
            observer.disconnect();
            done(performance.now() - from);
          });
          observer.observe(explore, { attributes: true, attributeFilter: ['data-explored'] });
          slider.value = Math.round(Number(slider.max) * share);
          slider.dispatchEvent(new Event('input', { bubbles: true }));
        });
        (async () => { for (const share of [0.31, 0.42, 0.53, 0.64, 0.75]) window.moved.push(await move(share)); })();
        return true;";
    let deadline = Instant::now() + Duration::from_secs(60);
    while browser.run(MOVE, json!([])) != true {
        assert!(Instant::now() < deadline, "no threshold can be moved within 60 s of the report");
    }
    loop {
        let moved = browser.run("return window.moved", json!([]));
        let moved: Vec<f64> = moved.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        if moved.len() == 5 {
            moved.iter().for_each(|ms| figures.note(&format!("{name}: threshold"), *ms));
            return;
        }
        assert!(Instant::now() < deadline, "the threshold was moved and nothing changed");
        std::thread::sleep(Duration::from_millis(50));
    }
}
