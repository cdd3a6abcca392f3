//! What can stop the reading of a file or the use of a column, said as what, where and what to do.

use std::fmt;

use super::{Aspect, Role};

/// Why a file or a choice of columns cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataError {
    /// The file holds no bytes, or only white space.
    Empty {
        /// The file's name.
        file: String,
    },
    /// The file is something else than delimited text.
    NotCsv {
        /// The file's name.
        file: String,
        /// What it looks like, with its article.
        looks_like: &'static str,
        /// What to do, as a sentence without its full stop.
        advice: &'static str,
    },
    /// Text in UTF-16 with half a character.
    NotUtf16 {
        /// The file's name.
        file: String,
        /// The line, counted from 1.
        line: u64,
    },
    /// A packed file that ends too early, or is damaged.
    Unpacking {
        /// The file's name.
        file: String,
        /// Whether it ends too early.
        is_cut_off: bool,
        /// Bytes of text that came out before.
        text: u64,
        /// Line ends among them.
        lines: u64,
    },
    /// A packed file with something else behind its packed data.
    Trailing {
        /// The file's name.
        file: String,
        /// Where it begins, counted from 1.
        byte: u64,
    },
    /// A packed file that unpacks to too much.
    UnpacksTooFar {
        /// The file's name.
        file: String,
        /// Bytes of it that were unpacked.
        packed: u64,
        /// Bytes of text that they gave.
        text: u64,
    },
    /// A file of JSON Lines without any object.
    NoObjects {
        /// The file's name.
        file: String,
        /// Lines that hold something else.
        lines: u64,
        /// What is wrong with the first of them, with its line.
        reason: String,
    },
    /// Objects with too many different keys.
    TooManyKeys {
        /// The file's name.
        file: String,
        /// The line at which there are too many, counted from 1.
        line: u64,
        /// The most there may be.
        most: usize,
    },
    /// A word that cannot be said of how a file is read.
    UnknownChoice {
        /// What it was said of.
        aspect: Aspect,
        /// The word.
        given: String,
    },
    /// Two things said of how a file is read that do not go together.
    OptionsClash {
        /// Why not.
        why: &'static str,
    },
    /// A byte that is not UTF-8.
    NotUtf8 {
        /// The file's name.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// The byte in the file, counted from 1.
        byte: u64,
    },
    /// A header line and nothing below it.
    HeaderOnly {
        /// The file's name.
        file: String,
    },
    /// A quoted field that never ends.
    UnclosedQuote {
        /// The file's name.
        file: String,
        /// The line of the opening quote, counted from 1.
        line: u64,
    },
    /// A row longer than a row may be.
    RowTooLong {
        /// The file's name.
        file: String,
        /// The line it begins on, counted from 1.
        line: u64,
        /// The most bytes a row may have.
        most: u64,
    },
    /// No row has as many fields as the header.
    NoRowFits {
        /// The file's name.
        file: String,
        /// Rows read.
        rows: u64,
        /// Fields in the header.
        expected: usize,
        /// The first row's line, counted from 1.
        line: u64,
        /// Fields in that row.
        found: usize,
    },
    /// No row was drawn.
    EmptySample {
        /// The file's name.
        file: String,
        /// Rows to draw from.
        rows: u64,
    },
    /// The file changed while it was read.
    Changed {
        /// The file's name.
        file: String,
    },
    /// The operating system or the browser stopped the reading.
    Io {
        /// The file's name.
        file: String,
        /// What it said.
        reason: String,
    },
    /// No column has that name.
    UnknownColumn {
        /// The name asked for.
        column: String,
        /// The names most like it, best first.
        closest: Vec<String>,
    },
    /// One column was given two roles.
    TwoRoles {
        /// The column.
        column: String,
        /// One role.
        first: Role,
        /// The other.
        second: Role,
    },
    /// Two score columns were given for one class.
    TwoClassScores {
        /// The class.
        class: String,
        /// One column.
        first: String,
        /// The other.
        second: String,
    },
    /// Two columns were given for one predicted quantile.
    TwoQuantiles {
        /// The quantile, as written.
        quantile: String,
        /// One column.
        first: String,
        /// The other.
        second: String,
    },
    /// What should be the probability of a predicted quantile is none.
    NoProbability {
        /// The column.
        column: String,
        /// What was given.
        quantile: String,
    },
    /// A column with too many different values to be groups or classes.
    TooManyLevels {
        /// The column.
        column: String,
        /// At least this many different values.
        found: u64,
        /// The most that are possible.
        most: u64,
    },
    /// A column of texts so various that they are not kept.
    NotKept {
        /// The column.
        column: String,
    },
    /// A column without any value.
    NoValues {
        /// The column.
        column: String,
    },
    /// A column that must hold numbers and holds something else.
    NotNumbers {
        /// The column.
        column: String,
        /// One value that is not a number.
        value: String,
        /// The first row that holds it, counted from 1 among the rows that were kept.
        row: Option<u64>,
    },
}

/// A text in quotation marks, safe to show on one line: control and direction characters escaped, the long shortened.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    let mut out = String::from("\"");
    for (index, c) in text.chars().enumerate() {
        if index == MOST {
            out.push('…');
            break;
        }
        let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if c.is_control() || turns {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out.push('"');
    out
}

/// A number and its noun, in the plural unless the number is 1.
pub(super) fn counted(number: u64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownColumn { .. }
            | Self::TwoRoles { .. }
            | Self::TwoClassScores { .. }
            | Self::TwoQuantiles { .. }
            | Self::NoProbability { .. }
            | Self::TooManyLevels { .. }
            | Self::NotKept { .. }
            | Self::NoValues { .. }
            | Self::NotNumbers { .. } => self.say_column(f),
            _ => self.say_file(f),
        }
    }
}

impl DataError {
    fn say_file(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { file } => write!(
                f,
                "{} is empty. Choose a CSV file with a header line and at least one row.",
                quoted(file)
            ),
            Self::NotCsv { file, looks_like, advice } => write!(f, "{} looks like {looks_like}, not a CSV file. {advice}.", quoted(file)),
            Self::NotUtf8 { file, line, byte } => write!(
                f,
                "{} is not UTF-8 text at line {line} (byte {byte} of the file). Save it as UTF-8, or choose its encoding.",
                quoted(file)
            ),
            Self::NotUtf16 { file, line } => write!(
                f,
                "{} is not UTF-16 text at line {line}: a character is cut in half. Save it as UTF-8, or choose its encoding.",
                quoted(file)
            ),
            Self::HeaderOnly { file } => write!(
                f,
                "{} has a header line and no rows. Choose a file with at least one row.",
                quoted(file)
            ),
            Self::UnclosedQuote { file, line } => write!(
                f,
                "The quotation mark that opens on line {line} of {} is never closed. Close it, or double it where it is part of the text.",
                quoted(file)
            ),
            Self::RowTooLong { file, line, most } => write!(
                f,
                "The row at line {line} of {} is longer than {most} bytes. Check the line ends and quotation marks near it.",
                quoted(file)
            ),
            Self::NoRowFits {
                file,
                rows,
                expected,
                line,
                found,
            } => write!(
                f,
                "None of the {} of {} fits its header: the header has {} and the row at line {line} has {found}. Check the delimiter and the header.",
                counted(*rows, "row"),
                quoted(file),
                counted(*expected as u64, "field"),
            ),
            Self::EmptySample { file, rows } => write!(
                f,
                "None of the {} of {} was drawn. Draw a larger share.",
                counted(*rows, "row"),
                quoted(file)
            ),
            Self::Unpacking { .. } | Self::Trailing { .. } | Self::UnpacksTooFar { .. } => self.say_packed(f),
            Self::NoObjects { file, lines, reason } => write!(
                f,
                "None of the {} of {} is a JSON object: {reason}. Write one object a line, or choose a CSV file.",
                counted(*lines, "line"),
                quoted(file)
            ),
            Self::TooManyKeys { file, line, most } => write!(
                f,
                "The objects of {} have more than {most} different keys by line {line}. Write what varies as a value, not as a key.",
                quoted(file)
            ),
            Self::UnknownChoice { aspect, given } => {
                let what = match aspect {
                    Aspect::Dates => "order of dates",
                    Aspect::Decimal => "decimal sign",
                    Aspect::Thousands => "sign of thousands",
                    Aspect::Quote => "quotation mark",
                    Aspect::Comment => "sign of comments",
                    other => other.as_str(),
                };
                let article = if matches!(aspect, Aspect::Delimiter | Aspect::Comment) {
                    " or any other single sign"
                } else {
                    ""
                };
                let (last, first) = aspect.choices().split_last().unwrap_or((&"", &[]));
                let joined = if article.is_empty() { " or " } else { ", " };
                write!(
                    f,
                    "{} is no {what}. Choose {}{joined}{last}{article}.",
                    quoted(given),
                    first.join(", ")
                )
            }
            Self::OptionsClash { why } => write!(f, "The file cannot be read as asked: {why}. Take one of the two back."),
            Self::Changed { file } => write!(f, "{} changed while it was read. Choose it again.", quoted(file)),
            Self::Io { file, reason } => {
                let file = quoted(file);
                write!(
                    f,
                    "Reading {file} stopped: {reason}. Check that the file is still there, then choose it again."
                )
            }
            _ => Ok(()),
        }
    }

    fn say_packed(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unpacking {
                file,
                is_cut_off,
                text,
                lines,
            } => {
                let what = if *is_cut_off {
                    "ends before its packed data does"
                } else {
                    "is damaged"
                };
                write!(
                    f,
                    "{} {what}, after {} ({} of text). Get the file again, whole, or unpack what there is.",
                    quoted(file),
                    counted(*lines, "line"),
                    counted(*text, "byte")
                )
            }
            Self::Trailing { file, byte } => write!(
                f,
                "{} holds something else behind its packed data, from byte {byte} on. Unpack it and choose the CSV file inside.",
                quoted(file)
            ),
            Self::UnpacksTooFar { file, packed, text } => write!(
                f,
                "{} unpacks to more than 250 times its size: its first {packed} bytes gave {text} of text. Unpack it and look at what is inside.",
                quoted(file)
            ),
            _ => Ok(()),
        }
    }

    fn say_column(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownColumn { column, closest } => {
                let near: Vec<String> = closest.iter().map(|name| quoted(name)).collect();
                write!(f, "There is no column {}.", quoted(column))?;
                match near.as_slice() {
                    [] => write!(f, " Choose one of the file's columns."),
                    names => write!(f, " The closest names are: {}.", names.join(", ")),
                }
            }
            Self::TwoRoles { column, first, second } => write!(
                f,
                "Column {} is given as {} and as {}. Give it one role.",
                quoted(column),
                first.as_str(),
                second.as_str()
            ),
            Self::TwoClassScores { class, first, second } => write!(
                f,
                "Class {} has two score columns, {} and {}. Give it one.",
                quoted(class),
                quoted(first),
                quoted(second)
            ),
            Self::TwoQuantiles { quantile, first, second } => write!(
                f,
                "The quantile {} is predicted by two columns, {} and {}. Give it one.",
                quoted(quantile),
                quoted(first),
                quoted(second)
            ),
            Self::NoProbability { column, quantile } => write!(
                f,
                "Column {} is given as the predicted quantile {}, which is no probability. Give a number between 0 and 1, for instance 0.9.",
                quoted(column),
                quoted(quantile)
            ),
            Self::TooManyLevels { column, found, most } => write!(
                f,
                "Column {} has at least {found} different values and at most {most} can be told apart. Choose a column with fewer, or group its values first.",
                quoted(column)
            ),
            Self::NotKept { column } => write!(
                f,
                "Column {} holds free text, which is not kept. Choose a column of numbers or categories.",
                quoted(column)
            ),
            Self::NoValues { column } => write!(f, "Column {} holds no values. Choose another column.", quoted(column)),
            Self::NotNumbers { column, value, row } => {
                write!(f, "Column {} must hold numbers and holds {}", quoted(column), quoted(value))?;
                if let Some(row) = row {
                    write!(f, " (row {row})")?;
                }
                write!(f, ". Choose a column of numbers.")
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for DataError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_texts_stay_on_one_line_and_short() {
        assert_eq!(quoted("a b"), "\"a b\"");
        assert_eq!(quoted("a\n\u{202e}b\0"), "\"a\\n\\u{202e}b\\u{0}\"");
        let long = quoted(&"é".repeat(100));
        assert_eq!(long, format!("\"{}…\"", "é".repeat(60)));
    }

    #[test]
    fn one_is_singular() {
        assert_eq!((counted(1, "row"), counted(0, "row")), ("1 row".to_owned(), "0 rows".to_owned()));
    }

    #[test]
    fn names_in_messages_are_quoted() {
        let file = "a\"b\n.csv".to_owned();
        assert_eq!(
            DataError::Changed { file }.to_string(),
            "\"a\"b\\n.csv\" changed while it was read. Choose it again."
        );
    }
}
