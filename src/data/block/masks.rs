//! Which of 64 bytes matter to the structure of delimited text, as bit masks: bit `i` speaks of byte `i`.
//!
//! Sixteen bytes are compared at once, in the 128-bit lanes that x86-64, AArch64 and wasm as built here always have.

use wide::u8x16;

use crate::data::dialect::Dialect;

/// What is to be found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    delimiter: u8,
    /// The quotation mark; the delimiter again where there is none.
    quote: u8,
    /// The escape; the delimiter again where there is none.
    escape: u8,
}

/// What was found in 64 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Masks {
    /// Delimiters.
    pub delimiters: u64,
    /// Line feeds and carriage returns.
    pub ends: u64,
    /// Quotation marks and escapes.
    pub marks: u64,
}

impl Wanted {
    pub(super) fn of(dialect: &Dialect) -> Self {
        Self {
            delimiter: dialect.delimiter,
            quote: dialect.quote.unwrap_or(dialect.delimiter),
            escape: dialect.escape.unwrap_or(dialect.delimiter),
        }
    }

    /// The masks of 64 bytes. Delimiters that stand in for absent marks are no marks.
    pub(super) fn find(&self, text: &[u8; 64]) -> Masks {
        let (delimiter, quote, escape) = (u8x16::splat(self.delimiter), u8x16::splat(self.quote), u8x16::splat(self.escape));
        let (feed, back) = (u8x16::splat(b'\n'), u8x16::splat(b'\r'));
        let mut found = Masks::default();
        for (place, piece) in text.as_chunks::<16>().0.iter().enumerate() {
            let lanes = u8x16::new(*piece);
            let bits = |lanes: u8x16| u64::from(lanes.to_bitmask()) << (place * 16);
            found.delimiters |= bits(lanes.simd_eq(delimiter));
            found.ends |= bits(lanes.simd_eq(feed) | lanes.simd_eq(back));
            found.marks |= bits(lanes.simd_eq(quote) | lanes.simd_eq(escape));
        }
        found.marks &= !found.delimiters;
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_byte_is_told(bytes in proptest::collection::vec(prop_oneof![proptest::sample::select(&b",;\n\r\"\\"[..]), any::<u8>()], 64), quoted in any::<bool>(), escaped in any::<bool>()) {
            let dialect = Dialect { quote: quoted.then_some(b'"'), escape: escaped.then_some(b'\\'), ..Dialect::of(b';') };
            let text: [u8; 64] = bytes.clone().try_into().unwrap();
            let found = Wanted::of(&dialect).find(&text);
            let mask = |is_so: &dyn Fn(u8) -> bool| bytes.iter().rev().fold(0_u64, |mask, &byte| mask << 1 | u64::from(is_so(byte)));
            prop_assert_eq!(found.delimiters, mask(&|byte| byte == b';'));
            prop_assert_eq!(found.ends, mask(&|byte| byte == b'\n' || byte == b'\r'));
            prop_assert_eq!(found.marks, mask(&|byte| quoted && byte == b'"' || escaped && byte == b'\\'));
        }
    }
}
