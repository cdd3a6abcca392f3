//! The whole path without a pointer: Tab, Enter, Space and arrows alone.

use serde_json::json;

use crate::browser::Browser;
use crate::page::Page;
use crate::webdriver::wait_until;

/// The key Tab.
pub const TAB: &str = "\u{e004}";
/// The key Enter.
pub const ENTER: &str = "\u{e007}";
const HOME: &str = "\u{e011}";
const DOWN: &str = "\u{e015}";
const UP: &str = "\u{e013}";

#[test]
fn an_example_is_audited_and_kept_by_keyboard_alone() {
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    tab_to(&browser, "[data-example=\"compas\"]");
    browser.press(ENTER);
    page.wait_for_columns();

    let role = "select[data-column=\"c_charge_degree\"]";
    tab_to(&browser, role);
    let before = page.value(role);
    browser.press(DOWN);
    wait_until("the arrow to change the role", || (page.value(role) != before).then_some(()));
    browser.press(UP);
    wait_until("the arrow to change it back", || (page.value(role) == before).then_some(()));

    tab_to(&browser, "#start");
    browser.press(ENTER);
    page.wait_for_report();
    let focus = browser.run(
        "const e = document.activeElement; return e !== document.body && !!e.closest('#report')",
        json!([]),
    );
    assert_eq!(focus, true, "the report has the focus, so that reading goes on from there");

    tab_to(&browser, "#download-json");
    browser.press(" ");
    let (_, json) = browser.downloaded(".json");
    let report: serde_json::Value = serde_json::from_slice(&json).expect("the page writes JSON");
    assert_eq!(report["roles"]["count"], "count", "the example knows that its rows are counts");

    tab_to(&browser, "#again");
    browser.press(ENTER);
    page.wait_for_start();
}

/// Presses Tab until the focus is there, going round at most once.
pub fn tab_to(browser: &Browser, selector: &str) {
    browser.find(selector);
    let mut passed = Vec::new();
    for _ in 0..400 {
        browser.press(TAB);
        let at = browser.run(
            "const e = document.activeElement; return [e.matches(arguments[0]), e.id || e.dataset.column || e.textContent.slice(0, 20)]",
            json!([selector]),
        );
        if at[0] == true {
            let ring = browser.run(
                "const s = getComputedStyle(document.activeElement);
                 return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none'",
                json!([]),
            );
            assert_eq!(ring, true, "{selector} shows that it has the focus");
            return;
        }
        passed.push(at[1].as_str().unwrap_or_default().to_owned());
    }
    panic!("Tab never reached {selector}; it went {passed:?}");
}

/// Goes through a list that has the focus, from its top, until this value is chosen.
///
/// By arrows, one key a choice: letters belong together only when they are typed within a second, which a busy machine may not keep.
pub fn arrow_to(page: &Page<'_>, select: &str, value: &str) {
    page.browser.press(HOME);
    let mut passed = Vec::new();
    for _ in 0..40 {
        let at = page.value(select);
        if at == value {
            return;
        }
        passed.push(at);
        page.browser.press(DOWN);
    }
    panic!("{select} has no {value:?}; it went {passed:?}");
}
