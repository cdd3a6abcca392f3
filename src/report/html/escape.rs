//! Text from a file into HTML: nothing that it holds is markup, and it cannot turn the direction of what follows.

use crate::chart::text::is_unsafe;

/// Text between tags.
pub(in crate::report) fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if is_unsafe(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Text between double quotes. The exact characters stay, control characters apart, so that a number can be found by its address.
pub(in crate::report) fn attribute(raw: &str) -> String {
    text(raw)
}

/// Text in a URL: everything but letters, digits and a few harmless signs is written by its bytes.
pub(super) fn percent(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len() * 2);
    for byte in raw.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~:,[]{}".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(b"0123456789ABCDEF"[usize::from(byte >> 4)]));
            out.push(char::from(b"0123456789ABCDEF"[usize::from(byte & 15)]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        assert_eq!(text("<b a='1'>&\"</b>"), "&lt;b a=&#39;1&#39;&gt;&amp;&quot;&lt;/b&gt;");
        assert_eq!(text("a\u{202e}b\u{0}"), "a\u{fffd}b\u{fffd}");
    }

    #[test]
    fn urls_hold_plain_signs_only() {
        assert_eq!(percent("{\"a\": 1}\n"), "{%22a%22:%201}%0A");
    }
}
