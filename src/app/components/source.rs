//! Where the predictions come from: a drop, a chosen file, pasted text.

use leptos::html;
use leptos::prelude::*;
use web_sys::DragEvent;

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
    let chosen = NodeRef::<html::Input>::new();
    let choose = move |_| {
        if let Some(input) = chosen.get()
            && let Some(file) = browser::files(input.files()).into_iter().next()
        {
            // So that choosing the same file twice is two choices.
            input.set_value("");
            tasks::open_file(desk, file);
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        tasks::open_dropped(desk, browser::files(event.data_transfer().and_then(|data| data.files())));
    };
    let dragged = move |event: DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    view! {
        <section id="drop-zone" class="drop" class:drop--over=over aria-label="Choose the predictions"
            on:dragover=dragged on:dragenter=dragged on:dragleave=move |_| over.set(false) on:drop=dropped>
            <p class="drop__line">
                <span class="drop__hint">"Drop a file, or"</span>
                <span class="drop__choose">
                    <input type="file" id="file-input" class="drop__input" accept=".csv,.tsv,.txt,.gz,.jsonl,.ndjson,text/csv,text/plain,text/tab-separated-values" node_ref=chosen on:change=choose />
                    <label for="file-input" class="button button--main">"Choose file"</label>
                </span>
                <Paste desk />
            </p>
            <p class="drop__note">"Any CSV with a header line: one row a prediction, with the truth, the predicted class or score, and the groups to compare."</p>
        </section>
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
