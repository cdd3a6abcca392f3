//! The release product in real browsers: what people see, what they keep, and that nothing leaves the machine.
//!
//! `make test-browser` builds the product and runs these; the feature `browser-tests` keeps them out of a plain `cargo test`. Each test
//! starts a browser of its own with a fresh profile, so they run side by side. Nothing sleeps for a fixed time: every wait is for a
//! condition, with a deadline.

mod browser;
mod folder;
mod page;
mod product;
mod site;
mod webdriver;
mod witness;

mod audit;
mod bad_input;
mod cancel;
mod contents;
mod explorer;
mod firefox;
mod held;
mod hosting;
mod keyboard;
mod large;
mod over_time;
mod people;
mod privacy;
mod two_files;
