//! The other engine: the whole path in Firefox.

use std::path::Path;

use crate::browser::Browser;
use crate::page::{COMPAS, COMPAS_FLAGS, COMPAS_PUBLISHED, COMPAS_ROLES, Page, assert_same_json, command_json};

#[test]
fn compas_chosen_in_firefox_gives_the_published_figures_and_the_commands_json() {
    let browser = Browser::firefox();
    let page = Page::open(&browser);
    page.choose(Path::new(COMPAS));
    page.wait_for_columns();
    page.set_roles(&COMPAS_ROLES);
    page.set("#threshold", "5");
    page.start();
    page.wait_for_report();
    for (metric, group, percent) in COMPAS_PUBLISHED {
        page.assert_reads(metric, group, percent);
    }
    assert_same_json(&page.download_json().1, &command_json(COMPAS, &COMPAS_FLAGS));
}
