//! Folds a page and the files it names into one file whose policy allows its own scripts and nothing else.
//!
//! Three things are replaced in the page: a stylesheet link by its style, the inside of `<script data-inline="FILE">` by the file (by
//! [`bytes_as_text`] where the script's type says so), and `{hashes}` in the policy by the hashes of every script that runs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

/// How the type of a script ends that holds bytes.
const BYTES: &str = ";bytes-as-text";

/// Says that the file is UTF-8, whatever a host says of it: bytes as text need that.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The place of the scripts' hashes in the policy.
const HASHES: &str = "{hashes}";

/// Folds the page; `read` gives a file that it names.
///
/// # Errors
/// When a file is missing, or holds what would not arrive in the page as it is.
pub fn fold(index: &str, read: impl Fn(&str) -> Result<Vec<u8>, String>) -> Result<String, String> {
    let page = with_styles(index, &read)?;
    let (page, hashes) = with_scripts(&page, &read)?;
    if page.matches(HASHES).count() != 1 {
        return Err(format!(
            "index.html names {HASHES} not once: the policy needs the scripts' hashes, and nothing else does."
        ));
    }
    Ok(format!("{BYTE_ORDER_MARK}{}", page.replace(HASHES, &hashes.join(" "))))
}

fn with_styles(page: &str, read: &impl Fn(&str) -> Result<Vec<u8>, String>) -> Result<String, String> {
    let mut folded = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(start) = rest.find("<link") {
        let end = start + rest[start..].find('>').ok_or("index.html: a link is not closed")? + 1;
        let tag = &rest[start..end];
        folded.push_str(&rest[..start]);
        if attribute(tag, "rel") == Some("stylesheet") {
            let name = attribute(tag, "href").ok_or("index.html: a stylesheet has no href")?;
            let style = text(name.trim_start_matches("./"), read)?;
            refuse(name, &style, "</style")?;
            folded.push_str("<style>\n");
            folded.push_str(&lean(&style));
            folded.push_str("</style>");
        } else {
            folded.push_str(tag);
        }
        rest = &rest[end..];
    }
    folded.push_str(rest);
    Ok(folded)
}

/// A stylesheet without its comments and indentation.
fn lean(style: &str) -> String {
    let mut kept = String::with_capacity(style.len());
    let mut rest = style;
    while let Some(start) = rest.find("/*") {
        kept.push_str(&rest[..start]);
        rest = rest[start..].find("*/").map_or("", |end| &rest[start + end + 2..]);
    }
    kept.push_str(rest);
    let mut lines = String::with_capacity(kept.len());
    for line in kept.lines().map(str::trim).filter(|line| !line.is_empty()) {
        lines.push_str(line);
        lines.push('\n');
    }
    lines
}

fn with_scripts(page: &str, read: &impl Fn(&str) -> Result<Vec<u8>, String>) -> Result<(String, Vec<String>), String> {
    let mut folded = String::with_capacity(page.len());
    let mut hashes = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find("<script") {
        let open = start + rest[start..].find('>').ok_or("index.html: a script tag is not closed")? + 1;
        let close = open + rest[open..].find("</script>").ok_or("index.html: a script is not closed")?;
        let tag = &rest[start..open];
        let kind = attribute(tag, "type");
        let content = match attribute(tag, "data-inline") {
            Some(name) if kind.is_some_and(|kind| kind.ends_with(BYTES)) => bytes_as_text(&read(name)?),
            Some(name) => {
                let content = text(name, read)?;
                refuse(name, &content, "</script")?;
                refuse(name, &content, "<!--")?;
                if kind.is_none() { without_fetch(name, content)? } else { content }
            }
            None => rest[open..close].to_owned(),
        };
        if kind.is_none() {
            hashes.push(format!("'sha256-{}'", BASE64.encode(Sha256::digest(content.as_bytes()))));
        }
        folded.push_str(&rest[..start]);
        folded.push_str(tag);
        folded.push_str(&content);
        folded.push_str("</script>");
        rest = &rest[close + "</script>".len()..];
    }
    folded.push_str(rest);
    Ok((folded, hashes))
}

/// A script without the network: wasm-bindgen's glue can fetch its module, which ours never needs, as the module is inside the page.
fn without_fetch(name: &str, script: String) -> Result<String, String> {
    let script = script
        .replace("fetch(module_or_path)", "Promise.reject(module_or_path)")
        .replace("failed to fetch Wasm: ", "no Wasm: ")
        .replace(" fetching '", " at '");
    let is_word = |word: &str| word == "fetch";
    if script.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').any(is_word) {
        return Err(format!("{name} fetches, and the bundler does not know how to take that out of it"));
    }
    Ok(script)
}

/// Each byte as the character of that number, or of that number plus 256 where HTML would change the character or take it for markup.
/// The low eight bits of each character are the byte. Compressed by a host this is a third smaller than base64, as bytes stay bytes.
fn bytes_as_text(bytes: &[u8]) -> String {
    let character = |&byte: &u8| match byte {
        b'\0' | b'\r' | b'<' => char::from_u32(u32::from(byte) + 256).expect("the numbers from 256 to 511 are characters"),
        _ => char::from(byte),
    };
    bytes.iter().map(character).collect()
}

/// The value of an attribute of a tag, written `name="value"`.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

/// A file as text that a browser reads out of the page exactly as it is.
fn text(name: &str, read: &impl Fn(&str) -> Result<Vec<u8>, String>) -> Result<String, String> {
    let text = String::from_utf8(read(name)?).map_err(|_| format!("{name} is not UTF-8"))?;
    refuse(name, &text, "\r")?;
    refuse(name, &text, "\0")?;
    Ok(text)
}

fn refuse(name: &str, text: &str, part: &str) -> Result<(), String> {
    if text.to_ascii_lowercase().contains(part) {
        return Err(format!("{name} holds {part:?}, which would not arrive in the page as it is"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(name: &str) -> Result<Vec<u8>, String> {
        match name {
            "a.css" => Ok(b"/* why */\nb {\n  c: d;\n}\n".to_vec()),
            "a.js" => Ok(b"run()".to_vec()),
            "a.wasm" => Ok(vec![0, 255]),
            "bad.js" => Ok(b"'</SCRIPT>'".to_vec()),
            _ => Err(format!("no {name}")),
        }
    }

    const HEAD: &str = "<meta content=\"script-src {hashes}\">";

    #[test]
    fn the_policy_names_the_hash_of_every_script_that_runs_and_of_no_data() {
        let index =
            format!("{HEAD}<script data-inline=\"a.js\"></script><script type=\"x;bytes-as-text\" data-inline=\"a.wasm\"></script>");
        let page = fold(&index, files).expect("it folds");
        // sha256 of "run()", by sha256sum.
        assert!(
            page.contains("script-src 'sha256-AvyuiL0SD1mVY3NNxR+V2uo+lhk6RMFrytWmRt6CrJQ='\""),
            "{page}"
        );
        assert!(page.ends_with(
            "<script data-inline=\"a.js\">run()</script><script type=\"x;bytes-as-text\" data-inline=\"a.wasm\">\u{100}ÿ</script>"
        ));
    }

    #[test]
    fn bytes_come_back_from_their_text_and_nothing_in_it_is_markup() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = bytes_as_text(&bytes);
        let back: Vec<u8> = text.chars().map(|c| (u32::from(c) & 0xff) as u8).collect();
        assert_eq!(back, bytes);
        assert!(!text.contains(['\0', '\r', '<']), "HTML would change these");
    }

    #[test]
    fn a_stylesheet_moves_into_the_page_without_its_comments() {
        let page = fold(&format!("{HEAD}<link rel=\"stylesheet\" href=\"./a.css\"/>"), files).expect("it folds");
        assert!(page.ends_with("<style>\nb {\nc: d;\n}\n</style>"), "{page}");
    }

    #[test]
    fn what_would_end_a_script_early_is_refused() {
        let message = fold(&format!("{HEAD}<script data-inline=\"bad.js\"></script>"), files).expect_err("it must not fold");
        assert!(message.starts_with("bad.js holds"), "{message}");
    }

    #[test]
    fn a_page_without_a_place_for_hashes_is_refused() {
        assert!(fold("<script>x</script>", files).is_err());
    }
}
