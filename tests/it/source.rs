//! Just enough of Rust's grammar to say which paths a source names: comments and texts are left out, imports are spelt out.

/// A word or a sign of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// As it stands there; `::` is one token.
    pub text: &'a str,
    /// Counted from 1.
    pub line: usize,
}

/// The words and signs of a source, without comments, texts, characters and numbers' insides.
pub fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < source.len() {
        let rest = &source[at..];
        let (length, kept) = next(rest);
        if kept {
            found.push(Token {
                text: &rest[..length],
                line,
            });
        }
        line += rest[..length].matches('\n').count();
        at += length;
    }
    found
}

/// The length in bytes of what the text starts with, and whether that is a word or sign.
fn next(rest: &str) -> (usize, bool) {
    let first = rest.chars().next().expect("the text is not empty");
    if rest.starts_with("//") {
        (rest.find('\n').unwrap_or(rest.len()), false)
    } else if rest.starts_with("/*") {
        (block_comment(rest), false)
    } else if let Some(length) = raw_text(rest) {
        (length, false)
    } else if first == '"' || rest.starts_with("b\"") {
        (quoted(rest), false)
    } else if first == '\'' || rest.starts_with("b'") {
        (character_or_lifetime(rest), false)
    } else if first.is_alphanumeric() || first == '_' {
        (rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()), true)
    } else if rest.starts_with("::") {
        (2, true)
    } else {
        (first.len_utf8(), !first.is_whitespace())
    }
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    loop {
        let step = &rest[at..];
        if step.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if step.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += step.chars().next().map_or(0, char::len_utf8);
        }
        if depth == 0 || at >= rest.len() {
            return at;
        }
    }
}

fn raw_text(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = inner.len() - inner.trim_start_matches('#').len();
    let body = inner[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = rest.len() - body.len();
    Some(start + body.find(&end).map_or(body.len(), |at| at + end.len()))
}

fn quoted(rest: &str) -> usize {
    let start = rest.find('"').expect("the caller saw the quote") + 1;
    let mut escaped = false;
    for (at, c) in rest[start..].char_indices() {
        match c {
            '"' if !escaped => return start + at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

fn character_or_lifetime(rest: &str) -> usize {
    let start = rest.find('\'').expect("the caller saw the quote") + 1;
    let mut inner = rest[start..].chars();
    match (inner.next(), inner.next()) {
        (Some('\\'), _) => start + 2 + rest[start + 2..].find('\'').map_or(0, |at| at + 1),
        (Some(c), Some('\'')) => start + c.len_utf8() + 1,
        _ => {
            start
                + rest[start..]
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len() - start)
        }
    }
}

/// The tokens outside items marked `#[cfg(test)]`.
pub fn without_tests<'a>(all: &[Token<'a>]) -> Vec<Token<'a>> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let marked = all[at..].iter().map(|token| token.text).take(mark.len()).eq(mark);
        if marked {
            at = end_of_item(all, at + mark.len());
        } else {
            kept.push(all[at]);
            at += 1;
        }
    }
    kept
}

/// The place behind the item that starts at `from`: behind its closing brace, or its semicolon.
fn end_of_item(all: &[Token<'_>], from: usize) -> usize {
    let mut depth = 0;
    for (at, token) in all.iter().enumerate().skip(from) {
        match token.text {
            "{" => depth += 1,
            "}" if depth == 1 => return at + 1,
            "}" => depth -= 1,
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    all.len()
}

/// Every path that starts at the crate's root, spelt from `crate`, with its line; `depth` is that of the file's own module, so that
/// paths of many `super` are told, too.
pub fn paths(all: &[Token<'_>], depth: usize) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut inner_modules: Vec<usize> = Vec::new();
    let (mut braces, mut at) = (0, 0);
    while at < all.len() {
        let text = |ahead: usize| all.get(at + ahead).map_or("", |token| token.text);
        match text(0) {
            "mod" if text(2) == "{" => inner_modules.push(braces),
            "{" => braces += 1,
            "}" => {
                braces -= 1;
                inner_modules.pop_if(|opened| *opened == braces);
            }
            "crate" if text(1) != ")" => {
                let (line, from) = (all[at].line, at + 1);
                found.extend(tree(all, from, "crate").0.into_iter().map(|path| (line, path)));
            }
            "super" if at == 0 || all[at - 1].text != "::" => {
                let supers = all[at..].iter().step_by(2).take_while(|token| token.text == "super").count();
                if supers == depth + inner_modules.len() {
                    let line = all[at].line;
                    found.extend(tree(all, at + supers * 2 - 1, "crate").0.into_iter().map(|path| (line, path)));
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Every imported path, spelt out, with the line of its `use`.
pub fn imports(all: &[Token<'_>]) -> Vec<(usize, String)> {
    let uses = all.iter().enumerate().filter(|(_, token)| token.text == "use");
    uses.flat_map(|(at, token)| tree(all, at + 1, "").0.into_iter().map(|path| (token.line, path)))
        .collect()
}

/// Reads the rest of a path or of a tree of paths that continues `prefix`; says where it ends.
fn tree(all: &[Token<'_>], mut at: usize, prefix: &str) -> (Vec<String>, usize) {
    let mut path = prefix.to_owned();
    while let Some(token) = all.get(at) {
        match token.text {
            "::" if all.get(at + 1).is_some_and(|next| next.text == "{") => return group(all, at + 2, &path),
            "{" if path.is_empty() => return group(all, at + 1, &path),
            "::" if path.is_empty() => at += 1,
            "::" => {
                path = format!("{path}::{}", all.get(at + 1).map_or("", |next| next.text));
                at += 2;
            }
            word if path.is_empty() => {
                path = word.to_owned();
                at += 1;
            }
            _ => break,
        }
    }
    (vec![path], at)
}

/// Reads `a, b::c, d as e}`, each continuing `prefix`.
fn group(all: &[Token<'_>], mut at: usize, prefix: &str) -> (Vec<String>, usize) {
    let mut paths = Vec::new();
    while let Some(token) = all.get(at) {
        match token.text {
            "}" => return (paths, at + 1),
            "," => at += 1,
            "as" => at += 2,
            _ => {
                let (inner, end) = tree(all, at, "");
                let joined = inner
                    .into_iter()
                    .map(|path| if prefix.is_empty() { path } else { format!("{prefix}::{path}") });
                paths.extend(joined);
                at = end.max(at + 1);
            }
        }
    }
    (paths, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r##"
        //! crate::app is not used
        use crate::{data::{Role, Table}, stats, r#"crate::cli"#};
        use std::collections::{BTreeMap, HashMap as Map};
        fn f<'a>(x: &'a str) -> char { let _ = "crate::worker \" "; /* crate::app */ crate::run::go(x, '\'', 'c') }
        #[cfg(test)]
        mod tests { use super::super::metric::Key; use super::f; fn g() { std::fs::read("x"); } }
        fn h() { super::check::judge() }
    "##;

    #[test]
    fn paths_from_the_root_are_spelt_out() {
        let found: Vec<String> = paths(&tokens(SOURCE), 1).into_iter().map(|(_, path)| path).collect();
        assert_eq!(
            found,
            [
                "crate::data::Role",
                "crate::data::Table",
                "crate::stats",
                "crate::run::go",
                "crate::metric::Key",
                "crate::check::judge"
            ]
        );
    }

    #[test]
    fn code_of_tests_is_left_out() {
        let all = tokens(SOURCE);
        let kept = without_tests(&all);
        assert!(all.iter().any(|token| token.text == "fs") && !kept.iter().any(|token| token.text == "fs"));
        assert!(kept.iter().any(|token| token.text == "judge"), "what follows the tests is kept");
    }

    #[test]
    fn imports_are_spelt_out() {
        let found: Vec<String> = imports(&without_tests(&tokens(SOURCE))).into_iter().map(|(_, path)| path).collect();
        assert!(found.contains(&"std::collections::HashMap".to_owned()), "{found:?}");
    }
}
