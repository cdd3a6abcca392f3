//! Large files: their first rows are on the screen before they are read, several workers read them to the same table, and whatever stops
//! the reading leaves a clear state.

use std::fmt::Write;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::browser::Browser;
use crate::folder::Folder;
use crate::page::{COMPAS, Page, assert_same_json, command_json};
use crate::product;
use crate::webdriver::wait_until;

/// Notes in which order things come to the screen, each once.
const WATCH: &str = r#"
window.order = [];
window.note = (what) => { if (!order.includes(what)) order.push(what); };
new MutationObserver(() => {
  const progress = document.querySelector('#progress');
  const select = document.querySelector('#columns select');
  if (select && progress) note('columns while it is read');
  if (select && progress?.hasAttribute('value') && progress.value > 0) note('progress beside the columns');
  if (select && !progress) note('read');
  if (document.querySelector('#report')) note('report');
}).observe(document, { subtree: true, childList: true, attributes: true });
"#;

#[test]
fn first_rows_come_before_the_end_and_what_is_done_meanwhile_holds() {
    let folder = Folder::new();
    let large = predictions(&folder, 1_200_000);
    let browser = Browser::chromium();
    browser.before_every_page(WATCH);
    // The role is given, and the audit asked for, in the very moment in which the columns appear.
    browser.before_every_page(
        "new MutationObserver(() => {
           const select = document.querySelector('select[data-column=\"region\"]');
           if (!select || window.given) return;
           window.given = true;
           select.value = 'sensitive';
           select.dispatchEvent(new Event('change', { bubbles: true }));
         }).observe(document, { subtree: true, childList: true });",
    );
    let page = Page::open(&browser);
    page.choose(&large);
    wait_until("the file to be read", || {
        let order = browser.run("return window.order", json!([]));
        order.as_array()?.contains(&json!("read")).then_some(())
    });
    let order = browser.run("return window.order", json!([]));
    assert_eq!(order, json!(["columns while it is read", "progress beside the columns", "read"]));
    assert_eq!(
        page.value("select[data-column=region]"),
        "sensitive",
        "a role given while the file was read is kept"
    );
    let facts = page.text("#file-facts");
    assert!(facts.contains("1\u{202f}200\u{202f}000 rows"), "{facts}");
    assert!(
        page.text("#notices").contains("\"note\" looked like numbers"),
        "what turned out otherwise is said: {}",
        page.text("#notices")
    );
    page.start();
    page.wait_for_report();
    assert_eq!(browser.errors(), [""; 0]);
}

#[test]
fn one_two_and_eight_workers_read_the_same_table() {
    let folder = Folder::new();
    let large = predictions(&folder, 400_000);
    let flags = ["--label", "label", "--score", "score", "--sensitive", "region", "--slice-features"];
    let command = command_json(large.to_str().expect("a plain name"), &flags);
    let browser = Browser::chromium();
    let read_by = |workers: u32| {
        let page = Page::open_at(&browser, &format!("{}?workers={workers}", product::file_url()));
        page.choose(&large);
        page.wait_for_columns();
        page.set_roles(&[("label", "label"), ("score", "score"), ("region", "sensitive"), ("note", "feature")]);
        page.start();
        page.wait_for_report();
        page.download_json().1
    };
    let one = read_by(1);
    for workers in [2, 8] {
        assert!(read_by(workers) == one, "{workers} workers read another table than one");
    }
    assert_same_json(&one, &command);
}

/// Keeps every worker that is started; `window.loseAt` is after how many milliseconds those started from then on are lost.
const WORKERS: &str = r#"
window.workers = [];
const Own = window.Worker;
window.Worker = class extends Own {
  constructor(...given) {
    super(...given);
    workers.push(this);
    if ('loseAt' in window) {
      setTimeout(() => this.dispatchEvent(new ErrorEvent('error', { cancelable: true, message: 'lost' })), loseAt);
    }
  }
};
"#;

#[test]
fn an_audit_is_helped_by_one_more_worker_and_goes_on_without_it() {
    let folder = Folder::new();
    let large = predictions(&folder, 300_000);
    let browser = Browser::chromium();
    browser.before_every_page(WORKERS);
    let audited_by = |workers: u32, lose_at: Option<u32>| {
        let page = Page::open_at(&browser, &format!("{}?workers={workers}", product::file_url()));
        page.choose(&large);
        page.wait_for_columns();
        page.set_roles(&[("label", "label"), ("score", "score"), ("region", "sensitive")]);
        let before = browser.run("return workers.length", json!([]));
        if let Some(lose_at) = lose_at {
            browser.run("window.loseAt = arguments[0]", json!([lose_at]));
        }
        page.start();
        page.wait_for_report();
        let after = browser.run("return workers.length", json!([]));
        let started = after.as_u64().zip(before.as_u64()).map(|(after, before)| after - before);
        assert!(!page.shows("#error"), "{}", page.text("#error"));
        (page.download_json().1, started.expect("workers are counted"))
    };
    let (alone, none) = audited_by(1, None);
    assert_eq!(none, 0, "one worker does all");
    // Whole, lost before it could begin, and lost in the middle.
    for lose_at in [None, Some(0), Some(200)] {
        let (helped, started) = audited_by(2, lose_at);
        assert_eq!(started, 1);
        assert!(helped == alone, "an aide changes the report; lost at {lose_at:?}");
    }
    assert_eq!(browser.errors(), [""; 0]);
}

#[test]
fn a_file_read_in_another_way_is_another_table() {
    let folder = Folder::new();
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    page.choose(&folder.write("semicolons.csv", "label;score\n1;0,9\n0;0,2\n1;0,7\n0;0,1\n"));
    page.wait_for_columns();
    assert_eq!(page.value("#way-delimiter"), "semicolon");
    page.set_roles(&[("label", "feature")]);
    browser.run("document.querySelector('#ways').open = true", json!([]));
    browser.click("#way-header option[value=no]");
    wait_until("a column without a name of its own", || {
        page.shows("select[data-column=\"column 1\"]").then_some(())
    });
    assert!(page.text("#file-facts").starts_with("5 rows"), "{}", page.text("#file-facts"));
    browser.click("#way-header option[value=yes]");
    wait_until("the names again", || page.shows("select[data-column=score]").then_some(()));
    assert_eq!(
        page.value("select[data-column=label]"),
        "feature",
        "a role that was given comes back"
    );
    browser.click("#way-delimiter option[value=tab]");
    wait_until("one column", || page.shows("select[data-column=\"label;score\"]").then_some(()));
    assert_eq!(browser.errors(), [""; 0]);
}

#[test]
fn a_file_that_may_not_fit_asks_first_and_one_that_changed_says_so() {
    let folder = Folder::new();
    let huge = huge(&folder);
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    page.choose(&huge);
    page.wait_for("#too-large");
    assert!(page.text("#too-large").contains("GB of memory"), "{}", page.text("#too-large"));
    assert!(page.text("#read-sample").contains("one row in"), "{}", page.text("#read-sample"));
    page.wait_for_columns();
    let file = File::options().append(true).open(&huge).expect("the file is there");
    file.set_len(8_500_000_000).expect("a file can be made shorter");
    browser.click("#read-used");
    wait_until("the message", || page.text("#error").contains("changed").then_some(()));
    assert!(page.text("#error").contains("huge.csv"), "{}", page.text("#error"));
    page.wait_for_start();
    page.choose(Path::new(COMPAS));
    page.wait_for_columns();
}

/// Does something once, while a file that is shown already is read on.
const MEANWHILE: &str = r#"
window.meanwhile = 0;
new MutationObserver(() => {
  const bar = document.querySelector('#reading-on #progress');
  if (!bar?.hasAttribute('value') || !bar.value || meanwhile) return;
  meanwhile = 1;
  DO_IT;
}).observe(document, { subtree: true, childList: true, attributes: true });
"#;

#[test]
fn a_second_file_is_read_after_the_first() {
    let folder = Folder::new();
    let large = predictions(&folder, 1_200_000);
    let browser = Browser::chromium();
    browser.before_every_page(&MEANWHILE.replace(
        "DO_IT",
        "const data = new DataTransfer();
         data.items.add(new File(['label,prediction\\n1,1\\n0,1\\n1,0\\n0,0\\n'], 'second.csv'));
         document.querySelector('h1').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))",
    ));
    let page = Page::open(&browser);
    page.choose(&large);
    wait_until("both files' facts", || {
        let is_read = page.shows("#files") && !page.shows("#progress");
        let facts = if is_read { page.text("#files") } else { String::new() };
        (facts.contains("second.csv") && facts.contains("4 rows") && facts.contains("1\u{202f}200\u{202f}000 rows")).then_some(())
    });
    assert!(!page.shows("#error"));
    assert_eq!(browser.errors(), [""; 0]);
}

#[test]
fn a_reading_by_several_workers_is_cancelled_and_the_file_read_again() {
    let folder = Folder::new();
    let large = predictions(&folder, 1_200_000);
    let browser = Browser::chromium();
    browser.before_every_page(&MEANWHILE.replace("DO_IT", "document.querySelector('#cancel').click()"));
    let page = Page::open_at(&browser, &format!("{}?workers=3", product::file_url()));
    page.choose(&large);
    page.wait_for_start();
    assert!(page.text("#status").starts_with("Cancelled."), "{}", page.text("#status"));
    assert!(!page.shows("#columns"), "a file that was not read to the end is not audited");
    page.choose(&large);
    page.wait_for_columns();
    assert!(page.text("#file-facts").contains(" rows"), "{}", page.text("#file-facts"));
    assert_eq!(browser.errors(), [""; 0]);
}

#[test]
fn a_packed_file_is_read_and_a_broken_one_says_where_it_ends() {
    let folder = Folder::new();
    let large = predictions(&folder, 200_000);
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer
        .write_all(&std::fs::read(&large).expect("it was written"))
        .expect("memory can be written to");
    let packed = packer.finish().expect("memory can be written to");
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    page.choose(&folder.write("broken.csv.gz", &packed[..packed.len() / 2]));
    wait_until("the message", || page.text("#error").contains("broken.csv.gz").then_some(()));
    assert!(
        page.text("#error").contains("ends before its packed data does"),
        "{}",
        page.text("#error")
    );
    page.choose(&folder.write("whole.csv.gz", &packed));
    page.wait_for_columns();
    let facts = page.text("#file-facts");
    assert!(facts.contains("200\u{202f}000 rows"), "{facts}");
    assert_eq!(page.value("#way-compression"), "gzip");
}

/// Predictions with a column of numbers that ends in words, and a quoted remark that goes over two lines in every third row.
fn predictions(folder: &Folder, rows: u64) -> PathBuf {
    let mut text = String::from("id,label,score,region,remark,note\n");
    for row in 0..rows {
        let bits = row.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let score = (bits >> 44) as f64 / (1u64 << 20) as f64;
        let label = u64::from((bits >> 20) % 1000 < (score * 1000.0) as u64);
        let remark = if row % 3 == 0 { "\"as said,\nand \"\"so\"\"\"" } else { "steady" };
        write!(text, "{row},{label},{score:.6},region {},{remark},", bits % 7).expect("a text can be written to");
        match row * 3 < rows * 2 {
            true => writeln!(text, "{}", bits % 100),
            false => writeln!(text, "word {}", bits % 100),
        }
        .expect("a text can be written to");
    }
    folder.write("predictions.csv", text)
}

/// A file that says to be of 9 GB, of which only the beginning takes room.
fn huge(folder: &Folder) -> PathBuf {
    let mut text = String::from("label,score,sex\n");
    for row in 0..100_000 {
        writeln!(text, "{},0.{},{}", row % 2, row % 1000, if row % 3 == 0 { "F" } else { "M" }).expect("a text can be written to");
    }
    let path = folder.write("huge.csv", text);
    let file = File::options().append(true).open(&path).expect("the file is there");
    file.set_len(9_000_000_000).expect("a file can be made longer");
    path
}
