//! Who the rows are about: the words for them, and their shares in the population, a sensitive feature a line.

use std::collections::BTreeMap;

use super::fields::Word;
use crate::data::{DataError, closest};
use crate::engine::Inspection;
use crate::run::{Wording, population};

/// The words as fields: which, the element's id, what it is called, and an example.
pub const WORDS: [(Word, &str, &str, &str); 5] = [
    (Word::People, "word-people", "Who rows are about", "such as: defendants"),
    (
        Word::Positive,
        "word-positive",
        "The positive class in truth",
        "such as: reoffended",
    ),
    (
        Word::Negative,
        "word-negative",
        "The other class in truth",
        "such as: did not reoffend",
    ),
    (Word::Predicted, "word-predicted", "Predicted positive", "such as: were flagged"),
    (
        Word::NotPredicted,
        "word-not-predicted",
        "Predicted otherwise",
        "such as: were not flagged",
    ),
];

/// The place of a word.
pub(super) fn word(wording: &mut Wording, word: Word) -> &mut String {
    match word {
        Word::People => &mut wording.people,
        Word::Positive => &mut wording.positive,
        Word::Negative => &mut wording.negative,
        Word::Predicted => &mut wording.predicted,
        Word::NotPredicted => &mut wording.not_predicted,
    }
}

/// Shares by sensitive feature.
type Shares = BTreeMap<String, BTreeMap<String, f64>>;

/// Reads `COLUMN: LEVEL=SHARE, LEVEL=SHARE` a line; empty lines are none.
pub(super) fn shares(text: &str) -> Result<Shares, String> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let read = |line: &str| {
        let (column, levels) = line
            .split_once(':')
            .ok_or_else(|| format!("\"{}\" names no column; write race: White=0.6, Other=0.4", line.trim()))?;
        let shares = population::read(levels).map_err(|fault| format!("Of {}, {fault}.", column.trim()))?;
        Ok((column.trim().to_owned(), shares))
    };
    lines.map(read).collect()
}

/// The lines that read back as these shares.
pub(super) fn lines(shares: &Shares) -> String {
    let line = |(column, levels): (&String, &BTreeMap<String, f64>)| {
        let levels: Vec<String> = levels.iter().map(|(level, share)| format!("{level}={share}")).collect();
        format!("{column}: {}", levels.join(", "))
    };
    shares.iter().map(line).collect::<Vec<String>>().join("\n")
}

/// What is wrong with the columns that are named, in the words of the first fault.
pub(super) fn fault<'a>(mut named: impl Iterator<Item = &'a str>, inspection: &Inspection) -> Option<String> {
    let is_lacking = |name: &&str| !inspection.columns.iter().any(|column| column.name == *name);
    named.find(is_lacking).map(|name| {
        let names = inspection.columns.iter().map(|column| column.name.as_str());
        let error = DataError::UnknownColumn {
            closest: closest(name, names),
            column: name.to_owned(),
        };
        error.to_string()
    })
}

#[cfg(test)]
mod tests {
    use super::super::session::tests::inspection;
    use super::*;

    #[test]
    fn shares_read_back_from_their_lines() {
        let read = shares("race: White=0.6, Other=0.4\n\n sex : F=52,M=48 ").expect("shares");
        assert_eq!(read["race"]["Other"], 0.4);
        assert_eq!(read["sex"]["F"], 0.52);
        assert_eq!(shares(&lines(&read)).as_ref(), Ok(&read));
        assert!(shares("race").unwrap_err().contains("names no column"));
        assert_eq!(
            shares("race: White").unwrap_err(),
            "Of race, \"White\" has no share; write LEVEL=SHARE,LEVEL=SHARE."
        );
    }

    #[test]
    fn columns_that_are_not_there_are_named_with_the_closest() {
        let inspection = inspection(&["race", "sex"]);
        assert_eq!(fault(["sex"].into_iter(), &inspection), None);
        let said = fault(["sex", "rase"].into_iter(), &inspection).expect("a fault");
        assert!(said.contains("no column \"rase\"") && said.contains("\"race\""), "{said}");
    }
}
