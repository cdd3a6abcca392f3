//! What the browser enforces on this page, and what it cannot: no more than is true.

use leptos::prelude::*;

use crate::app::browser;

/// Three facts in full view, the rest behind them.
#[component]
pub fn Privacy() -> impl IntoView {
    view! {
        <section class="privacy" aria-labelledby="privacy-heading">
            <h2 id="privacy-heading">"What your browser enforces on this page"</h2>
            <ul class="enforced">
                <li><strong>"No connection."</strong> " The page and its worker may not fetch, post or open a socket to any address, not even to the one they came from."</li>
                <li><strong>"Nothing from elsewhere."</strong> " Program, styles and examples are inside this one file; scripts, images and fonts from other places are refused."</li>
                <li><strong>"Nothing added."</strong> " Only the scripts whose fingerprints stand in the page's policy may run, and no form can be sent."</li>
            </ul>
            <details>
                <summary>"The policy, and what it cannot do"</summary>
                <Enforced />
            </details>
        </section>
    }
}

/// The policy itself, and its limits.
#[component]
pub fn Enforced() -> impl IntoView {
    view! {
        <div class="limits">
            <p>"This is the Content-Security-Policy at the top of the file. The browser applies it before any of the page runs, and to the worker too, \
                because that is started from inside the page."</p>
            <pre class="policy" tabindex="0" aria-label="Content-Security-Policy">{browser::policy()}</pre>
            <p>"A policy cannot stop everything. A page could still navigate to another address, open a connection ahead of one, or use WebRTC. \
                This page contains no code that does these, and it removes the browser's WebRTC interfaces before anything else starts."</p>
            <p>"The page stores nothing: no cookies, no local storage, no cache of rows. Closing or reloading it forgets the file. \
                Browser extensions and the browser itself are outside what any page can control."</p>
            <p>"You can check it: open the developer tools at the network panel, or unplug the network, and audit a file."</p>
        </div>
    }
}
