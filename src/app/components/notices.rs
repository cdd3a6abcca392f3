//! Odd things in the data, each with what was done about it.

use leptos::prelude::*;

use crate::app::desk::Desk;
use crate::chart::number::counted;

/// Every notice of the file and of the choice of roles.
#[component]
pub fn Notices(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let notices = Memo::new(move |_| desk.session.with(|session| session.notices()));
    move || {
        let notices = notices.get();
        (!notices.is_empty()).then(|| {
            let count = counted(notices.len() as u64, "notice", "notices");
            let items = notices.into_iter().map(|notice| view! { <li>{notice.text}</li> }).collect_view();
            view! {
                <section class="odd" aria-labelledby="notices-heading">
                    <h2 id="notices-heading">{count}</h2>
                    <ul id="notices">{items}</ul>
                </section>
            }
        })
    }
}
