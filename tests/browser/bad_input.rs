//! What people really drop: each odd file gets a message that says what and where, nothing in it runs, and the page goes on.

use std::path::Path;

use serde_json::json;

use crate::browser::Browser;
use crate::folder::Folder;
use crate::page::{COMPAS, Page};
use crate::webdriver::wait_until;

/// The first bytes of a picture.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// Files that cannot be read, with words of the message.
const UNREADABLE: [(&str, &[u8], &[&str]); 3] = [
    ("nothing.csv", b"", &["nothing.csv", "empty"]),
    ("only_header.csv", b"label,prediction\n", &["only_header.csv", "header"]),
    ("picture.csv", PICTURE, &["picture.csv", "CSV"]),
];

/// Files that can be read, with what the page says of them before anything is started.
const ODD: [(&str, &str, &str); 6] = [
    (
        "ragged.csv",
        "label,prediction\n1,1\n0\n0,0\n1,0,7\n1,1\n0,1\n",
        "2 rows do not have the 2 fields of the header and were set aside (first at line 3)",
    ),
    (
        "twice.csv",
        "label,label,prediction\n1,x,1\n0,y,0\n1,x,0\n0,y,1\n",
        "Column 2 has the same name as column 1",
    ),
    ("one_class.csv", "label,prediction\n1,1\n1,1\n1,1\n1,1\n", "holds one class only"),
    (
        "no_columns.csv",
        "comment,remark\nfirst note,so long\nsecond note,as is\nthird note,it was\n",
        "For accuracy, mark the columns that hold the truth (label) and the prediction or score.",
    ),
    (
        "spelling.csv",
        "label,prediction\n1,yes\n0,no\n1,no\n0,yes\n",
        "spell their classes differently",
    ),
    (
        "missing.csv",
        "label,prediction,sex\n1,1,F\n,0,M\n0,,F\n0,1,\n1,0,M\n0,0,F\n",
        "Column \"prediction\" has 1 missing value (first at line 4)",
    ),
];

#[test]
fn unreadable_files_are_explained_and_the_page_goes_on() {
    let folder = Folder::new();
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    for (name, bytes, words) in UNREADABLE {
        page.choose(&folder.write(name, bytes));
        wait_until(&format!("the message about {name}"), || {
            let text = page.text("#error");
            words.iter().all(|word| text.contains(word)).then_some(())
        });
        assert!(page.shows("#error"), "{name}: the message is visible");
        let role = browser.run(
            "const e = document.querySelector('#error'); return e.closest('[role=alert], [aria-live]') !== null",
            json!([]),
        );
        assert_eq!(role, true, "{name}: the message is announced");
    }
    page.choose(Path::new(COMPAS));
    page.wait_for_columns();
    assert!(!page.shows("#error"), "the message goes when a good file comes");
    assert_eq!(browser.errors(), [""; 0], "bad files are no errors of the page");
}

#[test]
fn odd_files_are_described_before_anything_is_started() {
    let folder = Folder::new();
    let browser = Browser::chromium();
    for (name, text, sentence) in ODD {
        let page = Page::open(&browser);
        page.choose(&folder.write(name, text));
        page.wait_for_columns();
        wait_until(&format!("the page to say of {name}: {sentence}"), || {
            page.text("#app").contains(sentence).then_some(())
        });
        let may_start = browser.run(
            "const e = document.querySelector('#start'); return e.disabled || e.ariaDisabled === 'true'",
            json!([]),
        );
        assert_eq!(may_start, false, "{name}: whether the audit cannot be started");
    }
    assert_eq!(browser.errors(), [""; 0], "odd files are no errors of the page");
}

const HOSTILE: &str = "<img src=x onerror=\"window.owned=1\">";

#[test]
fn markup_in_names_and_levels_is_shown_and_never_run() {
    let folder = Folder::new();
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    let quoted = format!("\"{}\"", HOSTILE.replace('"', "\"\""));
    let mut text = format!("label,prediction,{quoted}\n");
    for row in 0..200 {
        let group = if row % 3 == 0 { &quoted } else { "<script>window.owned=2</script>" };
        text += &format!("{},{},{group}\n", row % 2, (row / 5) % 2);
    }
    page.choose(&folder.write("<b>hostile & co.csv", text));
    page.wait_for_columns();
    page.set_roles(&[("label", "label"), ("prediction", "prediction")]);
    browser.run(
        "const e = document.querySelector('select[data-column^=\"<img\"]'); e.value = 'sensitive'; e.dispatchEvent(new Event('change', { bubbles: true }))",
        json!([]),
    );
    page.start();
    page.wait_for_report();
    wait_until("the report to show the level as it is written", || {
        page.text("#report").contains("<script>window.owned=2").then_some(())
    });
    assert_unharmed(&browser);

    browser.click("#download-html");
    let (_, html) = browser.downloaded(".html");
    let saved = folder.write("saved.html", html);
    browser.go(&format!("file://{}", saved.display()));
    wait_until("the saved report to show the level", || {
        let said = browser.run("return document.body.innerText", json!([]));
        said.as_str().unwrap_or_default().contains("<script>window.owned=2").then_some(())
    });
    assert_unharmed(&browser);
}

fn assert_unharmed(browser: &Browser) {
    let state = browser.run(
        "return [window.owned ?? 'unharmed', document.querySelectorAll('img[src=\"x\"], main b, main script').length]",
        json!([]),
    );
    assert_eq!(state, json!(["unharmed", 0]), "markup from the file took effect");
}
