//! Text in charts: measured by arithmetic instead of by a font, so that positions are the same on every target.

/// Width of an average character of a humanist sans, in parts of its size; a little generous, so that text never runs into marks.
const ADVANCE: f64 = 0.61;

/// About how wide `text` is at `size`.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size * ADVANCE
}

/// `text` cut to `room`, with an ellipsis where something was cut; control characters, which no SVG may hold, become spaces.
pub fn fit(text: &str, size: f64, room: f64) -> String {
    let clean: String = text.chars().map(|c| if is_unsafe(c) { ' ' } else { c }).collect();
    if width(&clean, size) <= room {
        return clean;
    }
    let mut out = String::new();
    let mut used = size * ADVANCE;
    for c in clean.chars() {
        used += advance(c) * size * ADVANCE;
        if used > room {
            break;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// Control characters, and those that turn the direction of the text after them.
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{fffe}' | '\u{ffff}')
}

fn advance(c: char) -> f64 {
    match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' => 0.0,
        'i' | 'j' | 'l' | 'f' | 't' | 'r' | 'I' | '.' | ',' | ':' | ';' | '|' | '\'' | ' ' | '(' | ')' | '\u{202f}' => 0.6,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 1.5,
        'A'..='Z' => 1.2,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{ffef}' | '\u{1f000}'.. => 1.9,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_with_an_ellipsis_and_short_text_is_kept() {
        assert_eq!(fit("Other", 13.0, 180.0), "Other");
        let cut = fit(&"very long name ".repeat(20), 13.0, 180.0);
        assert!(cut.ends_with('…') && width(&cut, 13.0) <= 180.0, "{cut}");
        assert!(cut.chars().count() > 15, "{cut}");
    }

    #[test]
    fn what_an_svg_may_not_hold_becomes_a_space() {
        assert_eq!(fit("a\u{0}b\u{202e}c\nd", 13.0, 180.0), "a b c d");
    }

    #[test]
    fn wide_scripts_take_more_room() {
        assert!(width("漢字漢字", 13.0) > 1.5 * width("abcd", 13.0));
    }
}
