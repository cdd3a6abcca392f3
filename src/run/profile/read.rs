//! Profiles as bytes: written the same whatever made them, read with distrust.

use std::collections::BTreeSet;
use std::fmt;

use super::model::{FORMAT, LevelCounts, Profile, ProfiledColumn, ProfiledValues, Sketch, VERSION};
use crate::data::{Kind, level_order};

/// The largest profile that is read.
pub const MOST_BYTES: usize = 64 << 20;

/// The most rows of a profile: with as many, nothing that is counted leaves the range of whole numbers.
const MOST_ROWS: u64 = 1 << 40;

/// The first bytes of a file, in which a profile says that it is one.
pub const HEAD: usize = 4096;

/// Why a file cannot stand in as a reference; says what, where and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfileError {
    /// It is larger than any profile.
    TooLarge {
        /// The file.
        file: String,
        /// Its size.
        bytes: usize,
    },
    /// It is no profile, or an incomplete one, as JSON or by its fields.
    Unreadable {
        /// The file.
        file: String,
        /// Where and why.
        reason: String,
    },
    /// It was written by another version.
    Version {
        /// The file.
        file: String,
        /// What it says.
        version: u32,
    },
    /// What it says cannot be.
    Contradiction {
        /// The file.
        file: String,
        /// What of it, where and why.
        what: String,
    },
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ADVICE: &str = "Make it again with `assay profile`, or use the data itself as the reference.";
        match self {
            Self::TooLarge { file, bytes } => write!(f, "\"{file}\" has {bytes} bytes; a profile has at most {MOST_BYTES}. {ADVICE}"),
            Self::Unreadable { file, reason } => write!(f, "\"{file}\" begins as a profile, but cannot be read as one: {reason}. {ADVICE}"),
            Self::Version { file, version } => {
                write!(
                    f,
                    "\"{file}\" is a profile of version {version}; version {VERSION} is read here. {ADVICE}"
                )
            }
            Self::Contradiction { file, what } => write!(f, "\"{file}\" is no profile that can be used: {what}. {ADVICE}"),
        }
    }
}

impl std::error::Error for ProfileError {}

/// Whether bytes, a file's first ones at least, are those of a profile: its first field says so.
///
/// ```
/// use assay::run::profile::is_profile;
/// assert!(is_profile(b"{ \"format\": \"assay-profile\", \"version\": 1"));
/// assert!(!is_profile(b"{\"age\": 31, \"format\": \"assay-profile\"}"));
/// ```
pub fn is_profile(bytes: &[u8]) -> bool {
    let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    for part in ["{", "\"format\"", ":"] {
        match rest.strip_prefix(part.as_bytes()) {
            Some(left) => rest = left.trim_ascii_start(),
            None => return false,
        }
    }
    rest.strip_prefix(b"\"")
        .and_then(|rest| rest.strip_prefix(FORMAT.as_bytes()))
        .is_some_and(|rest| rest.starts_with(b"\""))
}

impl Profile {
    /// The canonical bytes: JSON, one column a line.
    pub fn to_json(&self) -> String {
        let text = |value: &dyn erased::Json| value.text();
        let mut json = format!(
            "{{\"format\":{},\"version\":{},\"name\":{},\"rows\":{},\"smallest\":{},\"task\":{},\"columns\":[",
            text(&self.format),
            self.version,
            text(&self.name),
            self.rows,
            self.smallest,
            text(&self.task)
        );
        for (place, column) in self.columns.iter().enumerate() {
            json.push_str(if place == 0 { "\n" } else { ",\n" });
            json.push_str(&text(column));
        }
        json.push_str("\n]}\n");
        json
    }

    /// Reads a profile, a file called `file`.
    ///
    /// # Errors
    /// When it is none, is cut off, has other fields, is of another version, or contradicts itself.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, ProfileError> {
        let file = || file.to_owned();
        if bytes.len() > MOST_BYTES {
            return Err(ProfileError::TooLarge {
                file: file(),
                bytes: bytes.len(),
            });
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if let Ok(Head { version }) = serde_json::from_slice::<Head>(bytes)
            && version != VERSION
        {
            return Err(ProfileError::Version { file: file(), version });
        }
        let profile: Self = serde_json::from_slice(bytes).map_err(|error| ProfileError::Unreadable {
            file: file(),
            reason: error.to_string(),
        })?;
        profile.check().map_err(|what| ProfileError::Contradiction { file: file(), what })?;
        Ok(profile)
    }

    fn check(&self) -> Result<(), String> {
        if self.format != FORMAT {
            return Err(format!("its format is \"{}\", not \"{FORMAT}\"", self.format));
        }
        if self.rows > MOST_ROWS {
            return Err(format!("it has {} rows, and none has more than {MOST_ROWS}", self.rows));
        }
        let mut names = BTreeSet::new();
        for column in &self.columns {
            if !names.insert(&column.name) {
                return Err(format!("there are two columns \"{}\"", column.name));
            }
            column
                .check(self.rows)
                .map_err(|what| format!("in column \"{}\" {what}", column.name))?;
        }
        Ok(())
    }
}

/// The fields that say how to read the rest.
#[derive(serde::Deserialize)]
struct Head {
    version: u32,
}

/// One compiled writer for all that is written.
mod erased {
    pub trait Json {
        fn text(&self) -> String;
    }

    impl<T: serde::Serialize> Json for T {
        fn text(&self) -> String {
            serde_json::to_string(self).expect("what a profile holds are texts, finite numbers and lists of them")
        }
    }
}

/// The sum of rows; none where it is more than can be counted.
fn total(mut rows: impl Iterator<Item = u64>) -> Option<u64> {
    rows.try_fold(0_u64, u64::checked_add)
}

impl ProfiledColumn {
    fn check(&self, rows: u64) -> Result<(), String> {
        let present = rows
            .checked_sub(self.missing)
            .ok_or_else(|| format!("{} rows are missing, of {rows}", self.missing))?;
        let fits = match self.values {
            ProfiledValues::Numbers(_) => self.kind == Kind::Numeric,
            ProfiledValues::Times(_) => self.kind == Kind::Time,
            ProfiledValues::Levels(_) => matches!(self.kind, Kind::Numeric | Kind::Boolean | Kind::Categorical),
            ProfiledValues::NotKept | ProfiledValues::TooFew => true,
        };
        if !fits {
            return Err(format!("the values are not of the kind {:?}", self.kind));
        }
        match &self.values {
            ProfiledValues::Numbers(sketch) | ProfiledValues::Times(sketch) => sketch.check(present),
            ProfiledValues::Levels(levels) => levels.check(present),
            ProfiledValues::NotKept | ProfiledValues::TooFew => Ok(()),
        }
    }
}

impl LevelCounts {
    fn check(&self, present: u64) -> Result<(), String> {
        if let Some(pair) = self.named.windows(2).find(|pair| level_order(&pair[0].0, &pair[1].0).is_ge()) {
            return Err(format!("level \"{}\" does not come after \"{}\"", pair[1].0, pair[0].0));
        }
        let named = self.named.iter().map(|(_, rows)| *rows);
        if named.clone().any(|rows| rows == 0) {
            return Err("a level has no rows".to_owned());
        }
        if let Some(others) = self.suppressed {
            let fits = others.levels > 0 && others.levels <= others.rows && others.at_most > 0;
            let most = others.levels.checked_mul(others.at_most);
            if !fits || most.is_some_and(|most| others.rows > most) {
                return Err(format!(
                    "{} suppressed levels of at most {} rows cannot have {} rows",
                    others.levels, others.at_most, others.rows
                ));
            }
        }
        match total(named.chain(self.suppressed.map(|others| others.rows))) {
            Some(all) if all == present => Ok(()),
            _ => Err(format!("the rows of all levels are not the {present} with a value")),
        }
    }
}

impl Sketch {
    pub(super) fn check(&self, present: u64) -> Result<(), String> {
        let last = self.cells.len().checked_sub(1).ok_or("there are no cells")?;
        let mut reached = f64::NEG_INFINITY;
        for (place, cell) in self.cells.iter().enumerate() {
            let (low, high) = (cell.0.unwrap_or(f64::NEG_INFINITY), cell.1.unwrap_or(f64::INFINITY));
            let is_open = (cell.0.is_none() && place > 0) || (cell.1.is_none() && place < last);
            let is_narrow = low.next_up() >= high && cell.atom().is_none();
            let is_again = cell.atom().is_some() && place > 0 && self.cells[place - 1].atom() == cell.atom();
            if is_open || low < reached || low > high || is_narrow || is_again || cell.2 == 0 {
                return Err(format!(
                    "cell {} does not follow the one before, is open on the wrong side or has no rows",
                    place + 1
                ));
            }
            reached = high;
        }
        if total(self.cells.iter().map(|cell| cell.2)) != Some(present) {
            return Err(format!("the rows of all cells are not the {present} with a value"));
        }
        let (first, end) = (&self.cells[0], &self.cells[last]);
        let is_high = self
            .high_mean
            .is_none_or(|mean| end.1.is_none() && end.0.is_none_or(|low| low < mean));
        let is_low = self
            .low_mean
            .is_none_or(|mean| first.0.is_none() && first.1.is_none_or(|high| mean < high));
        if !is_high || !is_low || self.sd.is_some_and(|sd| sd < 0.0) {
            return Err("a mean is outside of its cell, or the standard deviation is below 0".to_owned());
        }
        let mut before = (f64::NEG_INFINITY, 0);
        for tenth in &self.tenths {
            let (low, high) = (tenth.0.unwrap_or(f64::NEG_INFINITY), tenth.1.unwrap_or(f64::INFINITY));
            if low > high || low < before.0 || tenth.2 < before.1 || tenth.2 > present {
                return Err("the deciles are not in order".to_owned());
            }
            before = (low, tenth.2);
        }
        if self.tenths.len() > 9 {
            return Err("there are more than nine inner deciles".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
