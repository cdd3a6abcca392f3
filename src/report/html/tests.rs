//! What the HTML holds, and what no name can make it hold.

use super::*;
use crate::report::fixtures;

#[test]
fn a_number_is_found_by_its_address_with_its_exact_value() {
    let report = fixtures::compas();
    let html = body(&report);
    let wanted = "data-metric=\"false_positive_rate\" data-group=\"race=African-American\" data-value=\"0.4484";
    assert!(html.contains(wanted), "no cell with {wanted}");
    assert!(html.contains("44.8<small>42.6 to 47.2</small>"));
}

#[test]
fn ids_are_unique_and_links_lead_somewhere() {
    for (name, report) in fixtures::all() {
        let html = document(&report, None);
        let mut ids = BTreeSet::new();
        for piece in html.split(" id=\"").skip(1) {
            let id = piece.split('"').next().unwrap_or_default();
            assert!(ids.insert(id.to_owned()), "{name}: id {id} twice");
        }
        for marker in ["href=\"#", "popovertarget=\""] {
            for piece in html.split(marker).skip(1) {
                let id = piece.split('"').next().unwrap_or_default();
                assert!(ids.contains(id), "{name}: nothing has the id {id}");
            }
        }
    }
}

#[test]
fn tags_are_balanced() {
    for (name, report) in fixtures::all() {
        let html = body(&report);
        for tag in [
            "div", "section", "details", "table", "thead", "tbody", "tfoot", "tr", "figure", "ol", "ul", "dl", "p", "bdi", "button", "svg",
            "text", "small", "nav",
        ] {
            let open = html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
            let closed = html.matches(&format!("</{tag}>")).count();
            assert_eq!(open, closed, "{name}: <{tag}>");
        }
    }
}

#[test]
fn names_from_the_file_are_never_markup() {
    let html = document(&fixtures::hostile(), Some("{\"a\": \"</a><script>\"}"));
    assert!(!html.contains("<script"), "a script");
    assert!(!html.contains("<img") && !html.contains("<b>"), "a tag from the file");
    assert_eq!(html.matches("</style>").count(), 1);
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    for c in ['\u{0}', '\u{1b}', '\u{202e}'] {
        assert!(!html.contains(c), "{c:?} came through");
    }
    assert!(!html.contains("javascript:1\""));
}

#[test]
fn the_document_loads_and_runs_nothing() {
    for (name, report) in fixtures::all() {
        let html = document(&report, None);
        assert!(
            html.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
            "{name}"
        );
        for wanted in [
            "<script",
            "<link rel=\"stylesheet\"",
            "http://www.w3.org/2000/svg\" src",
            "@import",
            "url(",
            "onclick",
        ] {
            assert!(!html.contains(wanted), "{name} holds {wanted}");
        }
        let links: Vec<&str> = html
            .split("http")
            .skip(1)
            .map(|piece| piece.get(..22).unwrap_or_default())
            .collect();
        assert!(
            links
                .iter()
                .all(|link| link.starts_with("://www.w3.org/2000/svg") || link.starts_with("-equiv")),
            "{name}: {links:?}"
        );
    }
}

#[test]
fn many_groups_are_cut_and_said_to_be() {
    let report = fixtures::wide();
    let html = document(&report, None);
    assert!(html.contains("The 50 largest of 120 groups are shown; all are in the JSON."));
    assert!(html.len() < 400_000, "{} bytes", html.len());
}

#[test]
fn every_section_answers_first() {
    for (name, report) in fixtures::all() {
        let blocks = outline::outline(&report);
        for pair in blocks.windows(2) {
            if matches!(&pair[0], Block::Heading(heading) if heading.level == 2) {
                assert!(matches!(pair[1], Block::Lead(_)), "{name}: {:?}", pair[0]);
            }
        }
    }
}
