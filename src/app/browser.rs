//! The outside world: the document, downloads, focus, the theme, the clock. Nothing here stores anything, and nothing leaves the page.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, DragEvent, Element, File, FileList, FilePropertyBag, HtmlAnchorElement, HtmlElement, Url};

/// Empties an element of the page and gives it.
pub fn clear(id: &str) -> Option<HtmlElement> {
    let element = document().get_element_by_id(id)?.dyn_into::<HtmlElement>().ok()?;
    element.set_text_content(None);
    Some(element)
}

/// The text inside an element of the page.
pub fn text_of(id: &str) -> Option<String> {
    document().get_element_by_id(id)?.text_content().filter(|text| !text.is_empty())
}

/// What the page says when it cannot go on.
pub fn show_failure(message: &str) {
    let Some(place) = clear("app") else { return };
    let Ok(line) = document().create_element("p") else { return };
    line.set_id("error");
    line.set_class_name("failure");
    // Setting a plain attribute and adding a fresh element cannot fail.
    let _ = line.set_attribute("role", "alert");
    line.set_text_content(Some(message));
    let _ = place.append_child(&line);
}

/// Milliseconds since the page was opened.
pub fn now() -> f64 {
    window().performance().map(|clock| clock.now()).unwrap_or_default()
}

/// A file made of text.
pub fn file_of_text(name: &str, text: &str) -> Option<File> {
    let kind = FilePropertyBag::new();
    kind.set_type("text/csv");
    File::new_with_str_sequence_and_options(&js_sys::Array::of1(&text.into()), name, &kind).ok()
}

/// The files of a list.
pub fn files(list: Option<FileList>) -> Vec<File> {
    let count = list.as_ref().map_or(0, FileList::length);
    (0..count).filter_map(|place| list.as_ref()?.get(place)).collect()
}

/// Saves text as a file.
///
/// # Errors
/// When the browser cannot make the file.
pub fn download(name: &str, kind: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&text.into()), &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    // The browser takes the bytes after this turn; a minute is ample.
    set_timeout(move || drop(Url::revoke_object_url(&address)), std::time::Duration::from_secs(60));
    Ok(())
}

/// Moves the focus to the heading of the moment that has just begun, once it is drawn, and the view to the top.
pub fn focus_heading() {
    request_animation_frame(|| {
        let Ok(Some(heading)) = document().query_selector("main h1, main h2") else {
            return;
        };
        // A heading takes focus only from a script.
        let _ = heading.set_attribute("tabindex", "-1");
        window().scroll_to_with_x_and_y(0.0, 0.0);
        if let Some(heading) = heading.dyn_ref::<HtmlElement>() {
            let _ = heading.focus();
        }
    });
}

/// A file dropped beside the drop zone must not replace the page; `take` gets it.
pub fn keep_drops_in_the_page(take: impl Fn(Vec<File>) + 'static) {
    let _dragging = window_event_listener(leptos::ev::dragover, |event: DragEvent| event.prevent_default());
    let _dropping = window_event_listener(leptos::ev::drop, move |event: DragEvent| {
        event.prevent_default();
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let in_zone = target.is_some_and(|target| target.closest("#drop-zone").is_ok_and(|zone| zone.is_some()));
        if !in_zone {
            take(files(event.data_transfer().and_then(|data| data.files())));
        }
    });
}

/// How many workers read a large file: as many as the machine has cores, eight at most, unless the address says otherwise
/// (`?workers=2`).
pub fn workers() -> usize {
    let query = window().location().search().unwrap_or_default();
    let given = query
        .trim_start_matches('?')
        .split('&')
        .find_map(|part| part.strip_prefix("workers="));
    let cores = || window().navigator().hardware_concurrency() as usize;
    given
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(cores)
        .clamp(1, MOST_WORKERS)
}

const MOST_WORKERS: usize = 8;

/// Whether the page is dark now, by choice or by what the system asks for.
pub fn is_dark() -> bool {
    match root().and_then(|root| root.get_attribute("data-theme")) {
        Some(theme) => theme == "dark",
        None => window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches()),
    }
}

/// Sets the theme, whatever the system asks for.
pub fn set_dark(dark: bool) {
    if let Some(root) = root() {
        // Setting a plain attribute cannot fail.
        let _ = root.set_attribute("data-theme", if dark { "dark" } else { "light" });
    }
}

/// The policy that stands at the top of the page, as the browser read it.
pub fn policy() -> String {
    let meta = document()
        .query_selector("meta[http-equiv='Content-Security-Policy']")
        .ok()
        .flatten();
    meta.and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_else(|| "There is none in this copy of the page.".to_owned())
}

fn root() -> Option<Element> {
    document().document_element()
}
