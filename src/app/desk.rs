//! What the page shares: the session, and the browser's handles beside it.

use leptos::prelude::*;
use web_sys::File;

use crate::present::{ProgressView, Session};
use crate::worker::Client;

/// The state of the page, copied to whoever needs it.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Everything that is shown.
    pub session: RwSignal<Session>,
    /// How far the running job is: what changes with every frame, apart from what else is shown.
    pub progress: RwSignal<Option<ProgressView>>,
    /// The worker of the open file.
    pub client: StoredValue<Option<Client>, LocalStorage>,
    /// The handles of the open files, by their numbers.
    pub files: StoredValue<Vec<(u32, File)>, LocalStorage>,
}

impl Desk {
    /// An empty desk.
    pub fn new() -> Self {
        Self {
            session: RwSignal::new(Session::default()),
            progress: RwSignal::new(None),
            client: StoredValue::new_local(None),
            files: StoredValue::new_local(Vec::new()),
        }
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}
