//! The browsers: Chromium and Firefox, headless, each with a fresh profile and a folder for downloads.

use std::fs;
use std::ops::Deref;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::webdriver::{Session, wait_until};

/// A running browser; it answers every command of its [`Session`].
pub struct Browser {
    // Dropped first, so that the browser is closed before its folder is removed.
    session: Session,
    folder: Folder,
}

impl Deref for Browser {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

/// Switches that keep Chromium from most calls to its makers.
const QUIET: [&str; 9] = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-client-side-phishing-detection",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--disable-features=AutofillServerCommunication,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PreconnectToSearch,Translate",
    "--no-pings",
];

impl Browser {
    /// Chromium.
    pub fn chromium() -> Self {
        Self::chromium_with(&[])
    }

    /// Chromium with every connection sent to the proxy at that port, those to this machine included.
    pub fn chromium_behind(proxy: u16) -> Self {
        Self::chromium_with(&[
            format!("--proxy-server=127.0.0.1:{proxy}"),
            "--proxy-bypass-list=<-loopback>".to_owned(),
            // Peers are called on a machine without a network too, so that the witness would hear of it.
            "--allow-loopback-in-peer-connection".to_owned(),
        ])
    }

    fn chromium_with(more: &[String]) -> Self {
        let folder = Folder::new();
        // The sandbox needs rights that a container's root does not have; what is opened here is our own page.
        let mut arguments = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
        ];
        arguments.extend(QUIET);
        arguments.push("--window-size=1280,900");
        let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
        arguments.push(&profile);
        arguments.extend(more.iter().map(String::as_str));
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments, "prefs": { "download.default_directory": downloads(&folder) } },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        Self {
            session: Session::start("chromedriver", &capabilities),
            folder,
        }
    }

    /// Firefox.
    pub fn firefox() -> Self {
        let folder = Folder::new();
        let capabilities = json!({
            "browserName": "firefox",
            "moz:firefoxOptions": {
                "args": ["-headless"],
                "prefs": { "browser.download.folderList": 2, "browser.download.dir": downloads(&folder) },
            },
        });
        Self {
            session: Session::start("geckodriver", &capabilities),
            folder,
        }
    }

    /// The bytes of a finished download whose name ends like this, and its name.
    pub fn downloaded(&self, ending: &str) -> (String, Vec<u8>) {
        wait_until(&format!("a download *{ending}"), || {
            let entries: Vec<PathBuf> = fs::read_dir(downloads(&self.folder))
                .ok()?
                .flatten()
                .map(|entry| entry.path())
                .collect();
            let part = |path: &PathBuf| path.extension().is_some_and(|end| end == "crdownload" || end == "part");
            if entries.iter().any(part) {
                return None;
            }
            let path = entries.iter().find(|path| path.to_string_lossy().ends_with(ending))?;
            let bytes = fs::read(path).ok().filter(|bytes| !bytes.is_empty())?;
            Some((path.file_name()?.to_string_lossy().into_owned(), bytes))
        })
    }

    /// Starts over with an empty folder of downloads.
    pub fn forget_downloads(&self) {
        for entry in fs::read_dir(downloads(&self.folder)).into_iter().flatten().flatten() {
            fs::remove_file(entry.path()).unwrap_or_else(|error| panic!("{}: {error}", entry.path().display()));
        }
    }

    /// Runs a script in every page before any of its own.
    pub fn before_every_page(&self, script: &str) {
        self.chromium("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script }));
    }

    /// What Chromium reported as an error since the last call: exceptions, refused policies, failed loads.
    pub fn errors(&self) -> Vec<String> {
        self.chromium_log()
            .into_iter()
            .filter(|(level, _)| level == "SEVERE")
            .map(|(_, message)| message)
            .collect()
    }

    /// Drops files on an element, with the events that a person's hand makes.
    pub fn drop_files(&self, selector: &str, paths: &[PathBuf]) {
        self.find(selector);
        let middle = self.run(
            "const e = document.querySelector(arguments[0]); e.scrollIntoView({block: 'center'});
             const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2];",
            json!([selector]),
        );
        let data = json!({ "items": [], "files": paths, "dragOperationsMask": 1 });
        for kind in ["dragEnter", "dragOver", "drop"] {
            let event: Value = json!({ "type": kind, "x": middle[0], "y": middle[1], "data": data });
            self.chromium("Input.dispatchDragEvent", event);
        }
    }
}

impl Drop for Browser {
    /// Says what was on the screen when a test failed, and keeps a picture of it.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
        // The browser itself may be what failed, so nothing here may insist on an answer.
        if let Ok(said) = self
            .session
            .try_run("return location.href + '\\n' + document.body.innerText.slice(0, 3000)")
        {
            eprintln!("-- the page of {test}: {}", said.as_str().unwrap_or_default());
        }
        if let Ok(picture) = self.session.try_screenshot() {
            let path = PathBuf::from("target/browser-failures").join(format!("{test}.png"));
            if fs::create_dir_all("target/browser-failures")
                .and_then(|()| fs::write(&path, picture))
                .is_ok()
            {
                eprintln!("-- a picture of it: {}", path.display());
            }
        }
        if let Ok(log) = self.session.try_chromium_log() {
            eprintln!("-- its log: {log:#}");
        }
    }
}

fn downloads(folder: &Folder) -> PathBuf {
    let path = folder.path().join("downloads");
    fs::create_dir_all(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    path
}
