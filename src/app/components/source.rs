//! Where the predictions come from: a drop, a chosen file, pasted text.

use leptos::html;
use leptos::prelude::*;
use web_sys::{DragEvent, File};

use crate::app::browser;
use crate::app::desk::Desk;
use crate::app::tasks;

/// The drop zone with its two other ways in.
#[component]
pub fn Source(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        tasks::open_files(desk, browser::files(event.data_transfer().and_then(|data| data.files())));
    };
    let dragged = move |event: DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    view! {
        <section id="drop-zone" class="drop" class:drop--over=over aria-label="Choose the predictions"
            on:dragover=dragged on:dragenter=dragged on:dragleave=move |_| over.set(false) on:drop=dropped>
            <p class="drop__line">
                <span class="drop__hint">"Drop a file or two, or"</span>
                <FileInput id="file-input" words="Choose files" is_main=true take=move |files| tasks::open_files(desk, files) />
                <Paste desk />
            </p>
            <p class="drop__note">
                "Any CSV with a header line: one row a prediction, with the truth, the predicted class or score, and the groups to compare. "
                "A second file is compared with it (earlier data), or joined to it (labels, by an id)."
            </p>
        </section>
    }
}

/// A button that lets files be chosen; the real input lies under its label.
#[component]
pub fn FileInput(
    /// The input's id.
    id: &'static str,
    /// What the button says.
    words: &'static str,
    /// Whether it is what most people press.
    is_main: bool,
    /// Gets what was chosen.
    take: impl Fn(Vec<File>) + 'static,
) -> impl IntoView {
    let chosen = NodeRef::<html::Input>::new();
    let choose = move |_| {
        if let Some(input) = chosen.get() {
            let files = browser::files(input.files());
            // So that choosing the same file twice is two choices.
            input.set_value("");
            if !files.is_empty() {
                take(files);
            }
        }
    };
    view! {
        <span class="drop__choose">
            <input type="file" id=id class="drop__input" multiple accept=".csv,.tsv,.txt,.gz,.jsonl,.ndjson,text/csv,text/plain,text/tab-separated-values" node_ref=chosen on:change=choose />
            <label for=id class="button" class:button--main=is_main>{words}</label>
        </span>
    }
}

/// The button and the dialog for pasted text.
#[component]
fn Paste(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let field = NodeRef::<html::Textarea>::new();
    let empty = RwSignal::new(false);
    let open = move |_| {
        empty.set(false);
        if let Some(dialog) = dialog.get() {
            // It fails only where it is open already.
            let _ = dialog.show_modal();
        }
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get() {
            dialog.close();
        }
    };
    let take = move |_| {
        let text = field.get().map(|field| field.value()).unwrap_or_default();
        empty.set(text.trim().is_empty());
        if !empty.get_untracked() {
            close(());
            tasks::open_pasted(desk, &text);
        }
    };
    view! {
        <button type="button" id="paste" class="button" aria-haspopup="dialog" on:click=open>"Paste"</button>
        <dialog id="paste-dialog" class="dialog" node_ref=dialog aria-labelledby="paste-heading">
            <h2 id="paste-heading">"Paste a table"</h2>
            <p><label for="paste-text">"With its header line, separated by commas, semicolons or tabs (as copied from a spreadsheet)."</label></p>
            <textarea id="paste-text" class="dialog__text" rows="10" spellcheck="false" autocomplete="off" node_ref=field
                aria-describedby="paste-empty"></textarea>
            <p id="paste-empty" class="fault" role="alert">{move || empty.get().then_some("There is no text yet. Paste the table first.")}</p>
            <p class="dialog__buttons">
                <button type="button" id="paste-use" class="button button--main" on:click=take>"Use this text"</button>
                <button type="button" id="paste-cancel" class="button" on:click=move |_| close(())>"Cancel"</button>
            </p>
        </dialog>
    }
}
