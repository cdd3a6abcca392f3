//! The browser product: the page where there is a window, its worker where there is none.

fn main() {
    if web_sys::window().is_some() {
        assay::app::mount();
    } else {
        assay::worker::start();
    }
}
