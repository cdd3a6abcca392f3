//! The browser product: the page where there is a window, one of its workers where there is none.

fn main() {
    if web_sys::window().is_some() {
        assay::app::mount();
    } else {
        assay::worker::start();
    }
}
