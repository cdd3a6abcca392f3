//! Population shares, as typed or from a file.

use std::collections::BTreeMap;
use std::path::Path;

use crate::run::population::{read, shares};

/// A column with the shares of its levels.
pub type Population = (String, BTreeMap<String, f64>);

/// Reads `COLUMN:LEVEL=SHARE,...` or `COLUMN=FILE`.
///
/// Numbers above 1 are counts, or shares in percent: they are divided by their sum.
pub fn population(text: &str) -> Result<Population, String> {
    let at = text
        .find([':', '='])
        .ok_or_else(|| format!("\"{text}\" names no column; {EXPECTED}"))?;
    let (column, rest) = (&text[..at], &text[at + 1..]);
    if column.is_empty() || rest.is_empty() {
        return Err(format!("\"{text}\" lacks a column or its shares; {EXPECTED}"));
    }
    let shares = match text[at..].starts_with('=') {
        true => shares(of_file(Path::new(rest))?)?,
        false => read(rest)?,
    };
    Ok((column.to_owned(), shares))
}

const EXPECTED: &str = "write COLUMN:LEVEL=SHARE,LEVEL=SHARE or COLUMN=FILE";

/// The first two columns of a CSV file: a level and its share or count. A first line without a number is the header.
fn of_file(path: &Path) -> Result<Vec<(String, String)>, String> {
    let wrong = |error: csv::Error| format!("\"{}\" cannot be read as levels and shares: {error}", path.display());
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_path(path)
        .map_err(wrong)?;
    let mut pairs = Vec::new();
    for (line, record) in reader.records().enumerate() {
        let record = record.map_err(wrong)?;
        let (Some(level), Some(share)) = (record.get(0), record.get(1)) else {
            return Err(format!(
                "\"{}\" needs a level and its share in every line; line {} has not",
                path.display(),
                line + 1
            ));
        };
        let is_header = line == 0 && share.trim().parse::<f64>().is_err();
        if !is_header {
            pairs.push((level.to_owned(), share.trim().to_owned()));
        }
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, f64)> {
        population(text).unwrap().1.into_iter().collect()
    }

    #[test]
    fn shares_counts_and_per_cent_are_understood() {
        assert_eq!(read("race:a=0.6,b=0.4"), [("a".to_owned(), 0.6), ("b".to_owned(), 0.4)]);
        assert_eq!(read("race:a=60, b=40"), [("a".to_owned(), 0.6), ("b".to_owned(), 0.4)]);
        assert_eq!(read("x:a=b=0.5"), [("a=b".to_owned(), 0.5)]);
        assert_eq!(population("x:a=1").unwrap().0, "x");
    }

    #[test]
    fn what_is_none_is_refused_in_words() {
        let told = |text: &str| population(text).unwrap_err();
        assert!(told("race").contains("names no column"));
        assert!(told("race:").contains("lacks a column"));
        assert!(told("race:a").contains("has no share"));
        assert!(told("race:a=x").contains("must be a number from 0"));
        assert!(told("race:a=-1").contains("must be a number from 0"));
        assert!(told("race:a=0.1,a=0.2").contains("two shares"));
        assert!(told("race=/no/such/file.csv").contains("cannot be read"));
    }
}
