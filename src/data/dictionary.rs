//! Distinct texts and their codes, looked up by bytes so that a cell already seen costs no allocation.

use super::{Codes, Levels, Values};

/// A set of texts, each with a code: its place in order of first appearance.
#[derive(Debug, Clone)]
pub(super) struct Dictionary {
    names: Vec<String>,
    /// Open addressing by linear probing; a slot holds a code plus 1, or 0 for free. The length is a power of two, at most half full.
    slots: Vec<u32>,
    /// Bytes of all names together.
    bytes: usize,
}

impl Dictionary {
    pub(super) fn new() -> Self {
        Self {
            names: Vec::new(),
            slots: vec![0; 32],
            bytes: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Bytes of all texts together.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn into_names(self) -> Vec<String> {
        self.names
    }

    /// The code of a text.
    pub(super) fn find(&self, text: &[u8]) -> Option<u32> {
        let mut slot = self.start(text);
        loop {
            let code = self.slots[slot].checked_sub(1)?;
            if self.names[code as usize].as_bytes() == text {
                return Some(code);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// Adds a text that is not there yet; gives its code.
    pub(super) fn add(&mut self, text: &[u8]) -> u32 {
        if self.names.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let code = self.names.len() as u32;
        // The source has checked that the file is UTF-8, and fields end at ASCII bytes only.
        self.names.push(String::from_utf8_lossy(text).into_owned());
        self.bytes += text.len();
        self.place(code);
        code
    }

    fn grow(&mut self) {
        self.slots = vec![0; self.slots.len() * 2];
        for code in 0..self.names.len() as u32 {
            self.place(code);
        }
    }

    fn place(&mut self, code: u32) {
        let mut slot = self.start(self.names[code as usize].as_bytes());
        while self.slots[slot] != 0 {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.slots[slot] = code + 1;
    }

    fn start(&self, text: &[u8]) -> usize {
        hash(text) as usize & (self.slots.len() - 1)
    }
}

/// Puts the spellings of one word (`True`, `TRUE`) together under the first of them.
pub(super) fn one_spelling(codes: &Codes, dictionary: Dictionary) -> Values {
    let spelled = dictionary.into_names();
    let mut names: Vec<String> = Vec::new();
    let mut turned = Vec::new();
    for spelling in spelled {
        let known = names.iter().position(|name| name.eq_ignore_ascii_case(&spelling));
        turned.push(known.unwrap_or(names.len()) as u32);
        if known.is_none() {
            names.push(spelling);
        }
    }
    let mut own = Codes::with_room(names.len(), codes.len());
    own.extend(codes, &turned);
    Values::Levels(Levels { codes: own, names })
}

/// Mixes eight bytes at a time by multiplying; the result depends on the bytes alone, so it is the same on every machine.
fn hash(text: &[u8]) -> u64 {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = text.len() as u64;
    let mut words = text.chunks_exact(8);
    for word in &mut words {
        let word = word.iter().rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        state = (state ^ word).wrapping_mul(MIX);
        state ^= state >> 32;
    }
    let last = words.remainder().iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
    state = (state ^ last).wrapping_mul(MIX);
    state ^ state >> 29
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_follow_first_appearance_and_are_found_again() {
        let mut dictionary = Dictionary::new();
        let texts: Vec<String> = (0..5000).map(|i| format!("level {i} {}", "x".repeat(i % 20))).collect();
        for (index, text) in texts.iter().enumerate() {
            assert_eq!(dictionary.find(text.as_bytes()), None);
            assert_eq!(dictionary.add(text.as_bytes()), index as u32);
        }
        for (index, text) in texts.iter().enumerate() {
            assert_eq!(dictionary.find(text.as_bytes()), Some(index as u32));
        }
        assert_eq!(dictionary.bytes(), texts.iter().map(String::len).sum::<usize>());
        assert_eq!(dictionary.len(), 5000);
        assert_eq!(dictionary.into_names(), texts);
    }
}
