//! Nothing leaves the machine. The browser's every connection goes to a proxy of ours that takes note and refuses; other sockets listen
//! beside it. A page without the policy shows that they would have noticed.

use std::path::Path;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::folder::Folder;
use crate::page::{COMPAS, COMPAS_ROLES, Page};
use crate::product;
use crate::webdriver::wait_until;
use crate::witness::Witness;

/// Tries every way out to hosts named after the way and the place; reports by `done`. Defined in page and worker alike.
const TRIES: &str = r#"
function tryEveryWayOut(place, done) {
  const to = (way, scheme) => `${scheme || 'http'}://${way}.${place}.test/x`;
  const settled = (start) => new Promise((ok) => { try { start(ok); } catch (error) { ok(String(error)); } });
  const ways = {
    fetch: (ok) => fetch(to('fetch'), { mode: 'no-cors' }).then(() => ok('sent'), ok),
    xhr: (ok) => { const r = new XMLHttpRequest(); r.onloadend = ok; r.open('GET', to('xhr')); r.send(); },
    websocket: (ok) => { const s = new WebSocket(to('websocket', 'ws')); s.onopen = s.onerror = ok; },
    eventsource: (ok) => { const s = new EventSource(to('eventsource')); s.onerror = () => { s.close(); ok(); }; },
    import: (ok) => import(to('import')).then(ok, ok),
  };
  if (typeof document === 'undefined') {
    ways.importscripts = (ok) => { importScripts(to('importscripts')); ok(); };
  } else {
    const element = (name, set) => (ok) => {
      const e = document.createElement(name);
      e.onload = e.onerror = ok;
      set(e);
      document.head.append(e);
    };
    ways.image = element('img', (e) => { e.src = to('image'); });
    ways.script = element('script', (e) => { e.src = to('script'); });
    ways.style = element('link', (e) => { e.rel = 'stylesheet'; e.href = to('style'); });
    ways.frame = (ok) => { const e = document.createElement('iframe'); e.onload = ok; e.src = to('frame'); document.body.append(e); };
    ways.font = (ok) => new FontFace('x', `url(${to('font')})`).load().then(ok, ok);
    ways.beacon = (ok) => ok(navigator.sendBeacon(to('beacon'), 'x'));
  }
  Promise.all(Object.values(ways).map(settled)).then(() => done(Object.keys(ways)));
}
"#;

/// Puts the tries into every worker that the page starts from a blob, its own engine included.
const INFECT_WORKERS: &str = r#"
window.answers = [];
new BroadcastChannel('answers').onmessage = (event) => window.answers.push(event.data);
const createObjectURL = URL.createObjectURL;
URL.createObjectURL = (blob) => createObjectURL.call(URL, blob.type !== 'text/javascript' ? blob : new Blob([blob, `
  ${tryEveryWayOut}
  const answers = new BroadcastChannel('answers');
  new BroadcastChannel('ask').onmessage = (event) => tryEveryWayOut(event.data, (ways) => answers.postMessage(ways));
`], { type: blob.type }));
"#;

const FROM_PAGE: [&str; 11] = [
    "fetch",
    "xhr",
    "websocket",
    "eventsource",
    "import",
    "image",
    "script",
    "style",
    "frame",
    "font",
    "beacon",
];
const FROM_WORKER: [&str; 6] = ["fetch", "xhr", "websocket", "eventsource", "import", "importscripts"];

#[test]
fn an_audit_from_disk_contacts_nobody_and_no_way_out_is_open() {
    let witness = Witness::start(None);
    let said = audit_and_try(&witness, &product::file_url());
    assert!(said.is_empty(), "the page contacted {said:#?}");
}

#[test]
fn an_audit_from_a_host_contacts_it_once_and_no_way_out_is_open() {
    let witness = Witness::start(Some(("http://host.test/assay/", product::bytes())));
    let said = audit_and_try(&witness, "http://host.test/assay/");
    assert_eq!(
        said,
        ["proxy: GET http://host.test/assay/ HTTP/1.1"],
        "the page is loaded, and that is all"
    );
}

#[test]
fn without_the_policy_every_way_out_is_seen() {
    let folder = Folder::new();
    let open = folder.write("index.html", product::without_policy());
    let witness = Witness::start(None);
    let said = audit_and_try(&witness, &format!("file://{}", open.display()));
    let seen = |way: &str, place: &str| said.iter().any(|line| line.contains(&format!("{way}.{place}.test")));
    for way in FROM_PAGE {
        assert!(seen(way, "page"), "{way} from the page went unnoticed; noticed were {said:#?}");
    }
    for way in FROM_WORKER {
        assert!(seen(way, "worker"), "{way} from the worker went unnoticed; noticed were {said:#?}");
    }
}

/// Makes a whole audit, then tries every way out from the page and from its worker; says who was contacted.
fn audit_and_try(witness: &Witness, url: &str) -> Vec<String> {
    let browser = Browser::chromium_behind(witness.proxy);
    browser.before_every_page(&format!("{TRIES}{INFECT_WORKERS}"));
    let page = Page::open_at(&browser, url);
    page.choose(Path::new(COMPAS));
    page.wait_for_columns();
    page.set_roles(&COMPAS_ROLES);
    page.set("#threshold", "5");
    page.start();
    page.wait_for_report();
    page.download_json();

    browser.run(
        "tryEveryWayOut('page', (ways) => answers.push(ways)); new BroadcastChannel('ask').postMessage('worker')",
        json!([]),
    );
    let answers = wait_until("page and worker to have tried", || {
        let answers = browser.run("return window.answers", json!([]));
        (answers.as_array().map(Vec::len) == Some(2)).then_some(answers)
    });
    let mut tried: Vec<Vec<&str>> = answers.as_array().into_iter().flatten().map(texts).collect();
    tried.sort_by_key(|ways| std::cmp::Reverse(ways.len()));
    assert_eq!(
        tried,
        [FROM_PAGE.to_vec(), FROM_WORKER.to_vec()],
        "page and worker each tried what they have"
    );

    let peer = browser.run(CALL_A_PEER, json!([witness.udp]));
    assert!(
        ["ReferenceError", "TypeError"].iter().any(|name| peer == *name),
        "the page has peer connections: {peer}"
    );

    // Whoever was spoken to before this visit has taken note when this visit has arrived.
    browser.go("http://last.test/");
    witness.record.wait_for("last.test");
    witness
        .record
        .all()
        .into_iter()
        .filter(|line| !line.contains("last.test"))
        .collect()
}

/// Calls a peer, which no policy forbids; says what came of it. The connection is kept: one that nobody holds may be collected before
/// it has called.
const CALL_A_PEER: &str = r#"
try {
  const peer = window.peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${arguments[0]}` }] });
  peer.createDataChannel('x');
  return peer.createOffer().then((offer) => peer.setLocalDescription(offer)).then(() => 'called');
} catch (error) {
  return error.name;
}
"#;

#[test]
fn a_page_that_has_peer_connections_is_seen_to_use_them() {
    let folder = Folder::new();
    let empty = folder.write("empty.html", "<!doctype html><title>empty</title>");
    let witness = Witness::start(None);
    let browser = Browser::chromium_behind(witness.proxy);
    browser.go(&format!("file://{}", empty.display()));
    assert_eq!(browser.run(CALL_A_PEER, json!([witness.udp])), "called");
    witness.record.wait_for("udp: ");
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
