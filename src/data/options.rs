//! How a file is read, as far as someone says so. What is not said is found out from the file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DataError;
use super::rules::{Decimal, Markers, Order, Rules, Separators};

/// What is found out about a file, and can be said instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Rows of delimited fields, or a JSON object a line.
    Format,
    /// Whether the file is compressed. It cannot be said otherwise.
    Compression,
    /// How characters are written as bytes.
    Encoding,
    /// The sign between two fields.
    Delimiter,
    /// The sign around a field that holds delimiters or line ends.
    Quote,
    /// How a quotation mark inside a quoted field is written.
    Escape,
    /// The sign at the start of lines that are no rows.
    Comment,
    /// Whether the first row names the columns.
    Header,
    /// The sign between the whole part of a number and its fraction.
    Decimal,
    /// The sign that sets thousands apart.
    Thousands,
    /// What comes first in a date like 03/04/2018.
    Dates,
    /// The texts that stand for a missing value.
    Missing,
}

impl Aspect {
    /// The aspect in a word, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Compression => "compression",
            Self::Encoding => "encoding",
            Self::Delimiter => "delimiter",
            Self::Quote => "quote",
            Self::Escape => "escape",
            Self::Comment => "comment",
            Self::Header => "header",
            Self::Decimal => "decimal",
            Self::Thousands => "thousands",
            Self::Dates => "dates",
            Self::Missing => "missing",
        }
    }

    /// The words that can be said of it. A delimiter and a comment can be any other sign too, and missing texts are free.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            Self::Format => &["csv", "json-lines"],
            Self::Compression => &[],
            Self::Encoding => &ENCODINGS,
            Self::Delimiter => &["comma", "semicolon", "tab", "bar"],
            Self::Quote => &["double", "single", "none"],
            Self::Escape => &["doubled", "backslash"],
            Self::Comment => &["none", "#"],
            Self::Header => &["yes", "no"],
            Self::Decimal => &["point", "comma"],
            Self::Thousands => &["none", "comma", "point", "blank", "apostrophe"],
            Self::Dates => &["day-first", "month-first"],
            Self::Missing => &["usual"],
        }
    }
}

/// The names of [`Encoding`] in its order.
const ENCODINGS: [&str; 10] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "latin-1",
    "windows-1250",
    "windows-1251",
    "windows-1254",
    "ibm437",
    "ibm850",
];

/// The delimiters that have a name.
const DELIMITERS: [(&str, u8); 6] = [
    ("comma", b','),
    ("semicolon", b';'),
    ("tab", b'\t'),
    ("bar", b'|'),
    ("pipe", b'|'),
    ("blank", b' '),
];

/// What a file is, apart from being compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Rows of delimited fields.
    Csv,
    /// A JSON object a line.
    JsonLines,
}

/// How characters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// Western European, as Windows writes it.
    Windows1252,
    /// Western European: each byte is the character of that number.
    Latin1,
    /// Central European.
    Windows1250,
    /// Cyrillic.
    Windows1251,
    /// Turkish.
    Windows1254,
    /// The first character set of DOS.
    Ibm437,
    /// Western European, as DOS writes it.
    Ibm850,
}

impl Encoding {
    const ALL: [Self; 10] = [
        Self::Utf8,
        Self::Utf16Le,
        Self::Utf16Be,
        Self::Windows1252,
        Self::Latin1,
        Self::Windows1250,
        Self::Windows1251,
        Self::Windows1254,
        Self::Ibm437,
        Self::Ibm850,
    ];

    /// Its usual name, in lower case.
    pub fn as_str(self) -> &'static str {
        ENCODINGS[self as usize]
    }
}

/// The sign around a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quote {
    /// `"`
    Double,
    /// `'`
    Single,
    /// Quotation marks are part of the text.
    None,
}

impl Quote {
    /// The byte.
    pub(super) fn byte(self) -> Option<u8> {
        match self {
            Self::Double => Some(b'"'),
            Self::Single => Some(b'\''),
            Self::None => None,
        }
    }
}

/// How a quotation mark inside a quoted field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Escape {
    /// Twice.
    Doubled,
    /// Behind a backslash; twice is understood as well.
    Backslash,
}

/// The sign at the start of lines that are no rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comment {
    /// Every line is one of a row.
    None,
    /// This byte.
    Sign(u8),
}

/// The sign that sets thousands apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Thousands {
    /// None does.
    None,
    /// `1,234`
    Comma,
    /// `1.234`
    Point,
    /// `1 234`
    Blank,
    /// `1'234`
    Apostrophe,
}

/// How a file is read, as far as it was said.
///
/// ```
/// use assay::data::{Aspect, ReadOptions};
///
/// let mut options = ReadOptions::default();
/// options.give(Aspect::Delimiter, "semicolon")?;
/// options.give(Aspect::Decimal, "comma")?;
/// options.check()?;
/// assert!(options.give(Aspect::Dates, "year-first").is_err());
/// # Ok::<(), assay::data::DataError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadOptions {
    /// What the file is.
    pub format: Option<Format>,
    /// How characters are written as bytes.
    pub encoding: Option<Encoding>,
    /// The byte between two fields.
    pub delimiter: Option<u8>,
    /// The sign around a field.
    pub quote: Option<Quote>,
    /// How a quotation mark inside a quoted field is written.
    pub escape: Option<Escape>,
    /// The sign at the start of lines that are no rows.
    pub comment: Option<Comment>,
    /// Whether the first row names the columns.
    pub header: Option<bool>,
    /// The decimal sign.
    pub decimal: Option<Decimal>,
    /// The sign that sets thousands apart.
    pub thousands: Option<Thousands>,
    /// What comes first in a date.
    pub dates: Option<Order>,
    /// The texts that stand for a missing value, in place of the usual ones; the empty text always does.
    pub missing: Option<Vec<String>>,
    /// Columns whose numbers are times.
    pub times: Vec<String>,
}

impl ReadOptions {
    /// Says one thing by one of its [`Aspect::choices`]. Missing texts are separated by commas, and `usual` stands for the usual ones.
    ///
    /// # Errors
    /// When the word is none that can be said of it.
    pub fn give(&mut self, aspect: Aspect, word: &str) -> Result<(), DataError> {
        let place = aspect.choices().iter().position(|choice| choice.eq_ignore_ascii_case(word));
        let choice = || {
            place.ok_or_else(|| DataError::UnknownChoice {
                aspect,
                given: word.to_owned(),
            })
        };
        match aspect {
            Aspect::Format => self.format = Some([Format::Csv, Format::JsonLines][choice()?]),
            Aspect::Compression => _ = choice()?,
            Aspect::Encoding => self.encoding = Some(Encoding::ALL[choice()?]),
            Aspect::Delimiter => {
                let named = DELIMITERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
                let sign = named.map(|(_, byte)| *byte).or(sign(word)).or((word == "\\t").then_some(b'\t'));
                self.delimiter = Some(sign.map_or_else(|| choice().map(|_| b','), Ok)?);
            }
            Aspect::Quote => self.quote = Some([Quote::Double, Quote::Single, Quote::None][choice()?]),
            Aspect::Escape => self.escape = Some([Escape::Doubled, Escape::Backslash][choice()?]),
            Aspect::Comment => {
                self.comment = Some(match (place, sign(word)) {
                    (Some(0), _) => Comment::None,
                    (_, Some(byte)) => Comment::Sign(byte),
                    _ => choice().map(|_| Comment::None)?,
                });
            }
            Aspect::Header => self.header = Some(choice()? == 0),
            Aspect::Decimal => self.decimal = Some([Decimal::Point, Decimal::Comma][choice()?]),
            Aspect::Thousands => {
                let all = [
                    Thousands::None,
                    Thousands::Comma,
                    Thousands::Point,
                    Thousands::Blank,
                    Thousands::Apostrophe,
                ];
                self.thousands = Some(all[choice()?]);
            }
            Aspect::Dates => self.dates = Some([Order::DayFirst, Order::MonthFirst][choice()?]),
            Aspect::Missing => self.missing = Some(markers(word)),
        }
        Ok(())
    }

    /// What was said, each in a word that [`ReadOptions::give`] takes.
    pub fn told(&self) -> BTreeMap<Aspect, String> {
        let header = self.header.map(|is_there| if is_there { 0 } else { 1 });
        let comment = self.comment.map(|comment| match comment {
            Comment::None => "none".to_owned(),
            Comment::Sign(byte) => char::from(byte).to_string(),
        });
        let choice = |aspect: Aspect, place: Option<usize>| place.map(|place| aspect.choices()[place].to_owned());
        let words = [
            (Aspect::Format, choice(Aspect::Format, self.format.map(|format| format as usize))),
            (
                Aspect::Encoding,
                choice(Aspect::Encoding, self.encoding.map(|encoding| encoding as usize)),
            ),
            (Aspect::Delimiter, self.delimiter.map(delimiter_word)),
            (Aspect::Quote, choice(Aspect::Quote, self.quote.map(|quote| quote as usize))),
            (Aspect::Escape, choice(Aspect::Escape, self.escape.map(|escape| escape as usize))),
            (Aspect::Comment, comment),
            (Aspect::Header, choice(Aspect::Header, header)),
            (
                Aspect::Decimal,
                choice(Aspect::Decimal, self.decimal.map(|decimal| decimal as usize)),
            ),
            (
                Aspect::Thousands,
                choice(Aspect::Thousands, self.thousands.map(|sign| sign as usize)),
            ),
            (Aspect::Dates, choice(Aspect::Dates, self.dates.map(|order| order as usize))),
            (Aspect::Missing, self.missing.as_ref().map(|texts| texts.join(","))),
        ];
        words.into_iter().filter_map(|(aspect, word)| Some((aspect, word?))).collect()
    }

    /// Whether what was said goes together.
    ///
    /// # Errors
    /// With the first two things that do not.
    pub fn check(&self) -> Result<(), DataError> {
        let clash = |why: &'static str| Err(DataError::OptionsClash { why });
        let quote = self.quote.and_then(Quote::byte);
        let comment = match self.comment {
            Some(Comment::Sign(byte)) => Some(byte),
            _ => None,
        };
        if self.format == Some(Format::JsonLines) {
            let of_csv = self.delimiter.is_some()
                || self.quote.is_some()
                || self.escape.is_some()
                || self.comment.is_some()
                || self.header.is_some();
            if of_csv {
                return clash("JSON Lines has no delimiter, quotation marks, comments or header line of its own to choose");
            }
        }
        if self.delimiter.is_some() && self.delimiter == quote {
            return clash("the delimiter cannot be the quotation mark");
        }
        if self.delimiter.is_some() && self.delimiter == comment {
            return clash("the delimiter cannot be the sign of comments");
        }
        if comment.is_some() && comment == quote {
            return clash("the sign of comments cannot be the quotation mark");
        }
        if self.quote == Some(Quote::None) && self.escape.is_some() {
            return clash("without quotation marks there is nothing to escape");
        }
        match (self.decimal, self.thousands) {
            (Some(Decimal::Point), Some(Thousands::Point)) | (Some(Decimal::Comma), Some(Thousands::Comma)) => {
                clash("one sign cannot be the decimal sign and set thousands apart")
            }
            _ => Ok(()),
        }
    }

    /// What holds for all cells.
    pub(super) fn rules(&self) -> Rules {
        let bytes = |texts: &Vec<String>| texts.iter().map(|text| text.trim().as_bytes().to_vec()).collect();
        // A sign of thousands leaves the other one for the decimal sign.
        let implied = match self.thousands {
            Some(Thousands::Comma) => Some(Decimal::Point),
            Some(Thousands::Point) => Some(Decimal::Comma),
            _ => None,
        };
        Rules {
            missing: self
                .missing
                .as_ref()
                .map_or_else(Markers::default, |texts| Markers::given(bytes(texts))),
            decimal: self.decimal.or(implied),
            thousands: match self.thousands {
                None => Separators::ALL,
                Some(Thousands::None) => Separators::NONE,
                Some(Thousands::Comma) => Separators::only(b','),
                Some(Thousands::Point) => Separators::only(b'.'),
                Some(Thousands::Blank) => Separators::only(b' '),
                Some(Thousands::Apostrophe) => Separators::only(b'\''),
            },
            order: self.dates,
            times: self.times.clone(),
        }
    }
}

/// A single ASCII sign that can separate or begin something.
fn sign(word: &str) -> Option<u8> {
    match word.as_bytes() {
        [byte] if byte.is_ascii_punctuation() || matches!(byte, b'\t' | b' ') => Some(*byte),
        _ => None,
    }
}

fn markers(list: &str) -> Vec<String> {
    let mut markers: Vec<String> = Vec::new();
    for word in list.split(',') {
        if word == "usual" {
            markers.extend(super::MISSING_MARKERS.map(str::to_owned));
        } else {
            markers.push(word.trim().to_owned());
        }
    }
    markers.retain(|marker| !marker.is_empty());
    markers
}

/// The word for a delimiter.
pub(super) fn delimiter_word(delimiter: u8) -> String {
    let named = DELIMITERS.iter().find(|(_, byte)| *byte == delimiter);
    named.map_or_else(|| char::from(delimiter).to_string(), |(name, _)| (*name).to_owned())
}

/// Something found out about a file, or said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detected {
    /// What it is about.
    pub what: Aspect,
    /// What was found: one of `choices`, or a word like them.
    pub value: String,
    /// How that is known, in a few words.
    pub why: String,
    /// What could be said instead.
    pub choices: Vec<String>,
}

impl Detected {
    pub(super) fn new(what: Aspect, value: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            what,
            value: value.into(),
            why: why.into(),
            choices: what.choices().iter().map(|&choice| choice.to_owned()).collect(),
        }
    }

    /// Something that was said.
    pub(super) fn given(what: Aspect, value: impl Into<String>) -> Self {
        Self::new(what, value, "as given")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_can_be_given() {
        let aspects = [
            Aspect::Format,
            Aspect::Encoding,
            Aspect::Delimiter,
            Aspect::Quote,
            Aspect::Escape,
            Aspect::Comment,
            Aspect::Header,
            Aspect::Decimal,
            Aspect::Thousands,
            Aspect::Dates,
            Aspect::Missing,
        ];
        for aspect in aspects {
            for choice in aspect.choices() {
                let mut options = ReadOptions::default();
                options.give(aspect, choice).unwrap();
                assert_ne!(options, ReadOptions::default(), "{choice}");
                let mut again = ReadOptions::default();
                for (aspect, word) in options.told() {
                    again.give(aspect, &word).unwrap();
                }
                assert_eq!(again, options, "{choice}");
                let text = serde_json::to_string(&options).unwrap();
                assert_eq!(serde_json::from_str::<ReadOptions>(&text).unwrap(), options);
            }
            if aspect != Aspect::Missing {
                assert!(ReadOptions::default().give(aspect, "perhaps").is_err());
            }
        }
        for (encoding, name) in Encoding::ALL.iter().zip(ENCODINGS) {
            assert_eq!(encoding.as_str(), name);
        }
    }

    #[test]
    fn signs_can_be_given_as_they_are() {
        let mut options = ReadOptions::default();
        for (word, byte) in [("~", b'~'), ("\t", b'\t'), ("\\t", b'\t'), ("pipe", b'|')] {
            options.give(Aspect::Delimiter, word).unwrap();
            assert_eq!(options.delimiter, Some(byte));
        }
        options.give(Aspect::Comment, "%").unwrap();
        assert_eq!(options.comment, Some(Comment::Sign(b'%')));
        assert_eq!(
            options.give(Aspect::Delimiter, "ab").unwrap_err().to_string(),
            "\"ab\" is no delimiter. Choose comma, semicolon, tab, bar or any other single sign."
        );
        assert_eq!(
            options.give(Aspect::Dates, "iso").unwrap_err().to_string(),
            "\"iso\" is no order of dates. Choose day-first or month-first."
        );
    }

    #[test]
    fn usual_markers_can_be_kept() {
        let mut options = ReadOptions::default();
        options.give(Aspect::Missing, "usual, -999").unwrap();
        let markers = options.missing.unwrap();
        assert_eq!((markers.len(), markers[11].as_str()), (12, "-999"));
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        let clash = |words: &[(Aspect, &str)]| {
            let mut options = ReadOptions::default();
            words.iter().for_each(|(aspect, word)| options.give(*aspect, word).unwrap());
            options.check().err().map(|error| error.to_string())
        };
        assert_eq!(clash(&[(Aspect::Decimal, "comma"), (Aspect::Thousands, "point")]), None);
        assert_eq!(
            clash(&[(Aspect::Decimal, "comma"), (Aspect::Thousands, "comma")]).as_deref(),
            Some(
                "The file cannot be read as asked: one sign cannot be the decimal sign and set thousands apart. Take one of the two back."
            )
        );
        for words in [
            [(Aspect::Format, "json-lines"), (Aspect::Delimiter, "tab")],
            [(Aspect::Quote, "none"), (Aspect::Escape, "backslash")],
            [(Aspect::Delimiter, "'"), (Aspect::Quote, "single")],
            [(Aspect::Delimiter, "#"), (Aspect::Comment, "#")],
            [(Aspect::Quote, "single"), (Aspect::Comment, "'")],
            [(Aspect::Decimal, "point"), (Aspect::Thousands, "point")],
        ] {
            assert!(clash(&words).is_some(), "{words:?}");
        }
    }
}
