//! Texts of a column of a block as codes. A cell that was met before, byte for byte, is known by its first and its last eight bytes.

use crate::data::cell::{Cell, Sort};
use crate::data::codes::Codes;
use crate::data::dictionary::Dictionary;
use crate::data::tally::{MOST_LEVEL_BYTES, MOST_LEVELS};

/// The code of a missing value.
const MISSING: u16 = u16::MAX;

/// The most different cells that are remembered as they stand.
const MOST_KNOWN: usize = 1 << 14;

/// A cell met before.
#[derive(Debug, Clone, Copy)]
struct Known {
    first: u64,
    last: u64,
    /// Its length plus 1; 0 where no cell is.
    length: u32,
    /// Where its bytes are kept; needed of long ones only.
    place: u32,
    code: u16,
    cell: Cell,
}

const NOBODY: Known = Known {
    first: 0,
    last: 0,
    length: 0,
    place: 0,
    code: 0,
    cell: Cell {
        sort: Sort::Missing,
        marks: 0,
    },
};

/// Texts being gathered.
#[derive(Debug)]
pub(super) struct Texts {
    codes: Vec<u16>,
    dictionary: Dictionary,
    /// Open addressing; the length is a power of two, at most half full.
    known: Vec<Known>,
    count: usize,
    bytes: Vec<u8>,
}

impl Texts {
    /// So many missing texts, with room for more.
    pub(super) fn missing(rows: usize, room: usize) -> Self {
        let mut codes = Vec::with_capacity(room.max(rows));
        codes.resize(rows, MISSING);
        Self {
            codes,
            dictionary: Dictionary::new(),
            known: vec![NOBODY; 64],
            count: 0,
            bytes: Vec::new(),
        }
    }

    /// Adds a cell if it was met before; says what it is.
    #[inline]
    pub(super) fn push_known(&mut self, text: &[u8], start: usize, end: usize) -> Option<Cell> {
        let (first, last) = ends(text, start, end);
        let length = (end - start) as u32 + 1;
        let mask = self.known.len() - 1;
        let mut slot = mix(first, last, length) & mask;
        loop {
            let known = &self.known[slot];
            let is_it = known.first == first
                && known.last == last
                && known.length == length
                && (length <= 17 || self.bytes[known.place as usize..][..end - start] == text[start..end]);
            if is_it {
                self.codes.push(known.code);
                return Some(known.cell);
            }
            if known.length == 0 {
                return None;
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Adds a cell that was not met before, and the trimmed text that it holds. Gives whether there was room for the text.
    pub(super) fn push(&mut self, raw: &[u8], text: &[u8], cell: Cell) -> bool {
        let code = if cell.sort == Sort::Missing {
            MISSING
        } else if let Some(code) = self.dictionary.find(text) {
            code as u16
        } else if self.dictionary.len() == MOST_LEVELS || self.dictionary.bytes() + text.len() > MOST_LEVEL_BYTES {
            return false;
        } else {
            self.dictionary.add(text) as u16
        };
        self.codes.push(code);
        if self.count < MOST_KNOWN && self.bytes.len() + raw.len() <= MOST_LEVEL_BYTES {
            self.learn(raw, code, cell);
        }
        true
    }

    fn learn(&mut self, raw: &[u8], code: u16, cell: Cell) {
        if self.count * 2 >= self.known.len() {
            let more = vec![NOBODY; self.known.len() * 2];
            for known in std::mem::replace(&mut self.known, more)
                .into_iter()
                .filter(|known| known.length > 0)
            {
                self.place(known);
            }
        }
        let (first, last) = ends(raw, 0, raw.len());
        let place = self.bytes.len() as u32;
        if raw.len() > 16 {
            self.bytes.extend_from_slice(raw);
        }
        self.count += 1;
        self.place(Known {
            first,
            last,
            length: raw.len() as u32 + 1,
            place,
            code,
            cell,
        });
    }

    fn place(&mut self, known: Known) {
        let mask = self.known.len() - 1;
        let mut slot = mix(known.first, known.last, known.length) & mask;
        while self.known[slot].length > 0 {
            slot = (slot + 1) & mask;
        }
        self.known[slot] = known;
    }

    /// The codes and the texts in order of first appearance.
    pub(super) fn finish(self) -> (Codes, Vec<String>) {
        let names = self.dictionary.into_names();
        let codes = if names.len() < usize::from(u8::MAX) {
            // The cast turns the code of a missing value into the largest byte.
            Codes::One(self.codes.into_iter().map(|code| code as u8).collect())
        } else {
            Codes::Two(self.codes)
        };
        (codes, names)
    }
}

/// The first and the last eight bytes of a cell as words; a shorter one is all in the first.
#[inline]
fn ends(text: &[u8], start: usize, end: usize) -> (u64, u64) {
    let length = end - start;
    let word = |at: usize| text.get(at..at + 8).and_then(|word| word.try_into().ok()).map(u64::from_le_bytes);
    if length > 8 {
        return (word(start).unwrap_or_default(), word(end - 8).unwrap_or_default());
    }
    let whole = match word(start) {
        Some(word) => word,
        None => {
            let mut bytes = [0; 8];
            bytes[..length].copy_from_slice(&text[start..end]);
            u64::from_le_bytes(bytes)
        }
    };
    let inside = u64::MAX.checked_shr(64 - 8 * length as u32).unwrap_or(0);
    (whole & inside, 0)
}

#[inline]
fn mix(first: u64, last: u64, length: u32) -> usize {
    let mixed = (first ^ last.rotate_left(23) ^ u64::from(length)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 40) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn gather(cells: &[String], behind: &str) -> Vec<Option<String>> {
        let mut texts = Texts::missing(0, 0);
        for cell in cells {
            let whole = format!("{cell}{behind}");
            if texts.push_known(whole.as_bytes(), 0, cell.len()).is_none() {
                let text = cell.trim_ascii();
                let sort = if text.is_empty() { Sort::Missing } else { Sort::Other };
                assert!(texts.push(cell.as_bytes(), text.as_bytes(), Cell { sort, marks: 0 }));
            }
        }
        let (codes, names) = texts.finish();
        codes.iter().map(|code| names.get(code as usize).cloned()).collect()
    }

    #[test]
    fn many_texts_keep_their_codes() {
        let cells: Vec<String> = (0..9000).map(|i| format!("{}level {i}", "x".repeat(i % 20))).collect();
        let twice = [cells.clone(), cells].concat();
        let expected: Vec<Option<String>> = twice.iter().cloned().map(Some).collect();
        assert_eq!(gather(&twice, ",and so on"), expected);
    }

    proptest! {
        #[test]
        fn texts_read_back(cells in proptest::collection::vec("[ab\u{0}]{0,9}| ?a{7,20}b? ?", 0..30), behind in ",?.{0,9}") {
            let expected: Vec<Option<String>> = cells.iter().map(|cell| Some(cell.trim_ascii().to_owned()).filter(|text| !text.is_empty())).collect();
            prop_assert_eq!(gather(&cells, &behind), expected);
        }
    }
}
