//! One file, wherever it lies: at the root of a host, below a path, on disk. Nothing is reported as an error on the way.

use std::path::Path;

use crate::browser::Browser;
use crate::page::{COMPAS, COMPAS_ROLES, Page};
use crate::product;
use crate::site::Site;

#[test]
fn it_works_from_a_sub_path_of_a_plain_host() {
    let site = Site::serve(product::bytes(), "/team/reports/assay/");
    audit_without_errors(&site.url());
}

#[test]
fn it_works_from_disk() {
    audit_without_errors(&product::file_url());
}

fn audit_without_errors(url: &str) {
    let browser = Browser::chromium();
    // Violations of the policy are events as well as log lines; both must stay away.
    browser.before_every_page(
        "window.violations = [];
         addEventListener('securitypolicyviolation', (e) => violations.push(`${e.violatedDirective}: ${e.blockedURI} ${e.sample}`), true);",
    );
    let page = Page::open_at(&browser, url);
    page.choose(Path::new(COMPAS));
    page.wait_for_columns();
    page.set_roles(&COMPAS_ROLES);
    page.set("#threshold", "5");
    page.start();
    page.wait_for_report();
    page.download_json();
    let violations = browser.run("return window.violations", serde_json::json!([]));
    assert_eq!(
        violations,
        serde_json::json!([]),
        "the page's own policy refused something of the page"
    );
    let icon = |message: &String| message.contains("favicon.ico");
    let errors: Vec<String> = browser.errors().into_iter().filter(|message| !icon(message)).collect();
    assert!(errors.is_empty(), "the browser reported {errors:#?}");
}
