//! What every byte of a block tells whatever the rows are: its part of the fingerprint, whether it is UTF-8, and how many lines end in it.

use blake3::Hasher;
use blake3::hazmat::HasherExt;
use wide::u8x16;

/// The bytes of a hash chunk: a part of a fingerprint begins and ends at a multiple of it.
const HASH_CHUNK: usize = 1024;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bytes {
    /// Its chaining value, where the file is hashed by blocks; of a file that is one block, the fingerprint.
    pub hash: [u8; 32],
    /// Ends of lines; counted together with those before the rows that matter.
    pub lines: u64,
    /// Bytes at the start that go on a character of the block before.
    pub lead: u8,
    /// Bytes of the next block that the last character goes on with.
    pub tail: u8,
    /// The first byte beyond ASCII, counted from the block's start.
    pub beyond: Option<u64>,
    /// The first byte that is no UTF-8, counted alike, and the ends of lines before it.
    pub fault: Option<(u64, u64)>,
}

/// Looks at the first `own` bytes of `text`, which begins at the byte `offset` of the file and goes on a little behind them, unless the
/// file ends there. `is_whole` tells that the block is the whole file.
pub(super) fn look(text: &[u8], own: usize, offset: u64, is_hashed: bool, is_whole: bool) -> Bytes {
    let is_ascii = text[..own].is_ascii();
    let (lead, tail, fault) = if is_ascii { (0, 0, None) } else { check(text, own, offset == 0) };
    let beyond = if is_ascii {
        None
    } else {
        text.iter().position(|byte| !byte.is_ascii())
    };
    Bytes {
        hash: if is_hashed { hash(&text[..own], offset, is_whole) } else { [0; 32] },
        beyond: beyond.map(|place| place as u64),
        lines: 0,
        lead,
        tail,
        fault: fault.map(|place| (place as u64, lines(text, 0, place))),
    }
}

fn hash(text: &[u8], offset: u64, is_whole: bool) -> [u8; 32] {
    if is_whole {
        return *blake3::hash(text).as_bytes();
    }
    let mut hasher = Hasher::new();
    if offset.is_multiple_of(HASH_CHUNK as u64) && !text.is_empty() {
        hasher.set_input_offset(offset);
    }
    hasher.update(text).finalize_non_root()
}

/// Checks the characters that begin in the first `own` bytes: bytes of a character begun before, bytes needed of the next block, and the
/// first that is no UTF-8.
fn check(text: &[u8], own: usize, is_first: bool) -> (u8, u8, Option<usize>) {
    let goes_on = |byte: &&u8| **byte & 0xc0 == 0x80;
    let lead = if is_first {
        0
    } else {
        text[..own.min(3)].iter().take_while(goes_on).count()
    };
    let body = &text[lead..own];
    let (good, fault) = match std::str::from_utf8(body) {
        Ok(_) => (body.len(), false),
        Err(error) => (error.valid_up_to(), error.error_len().is_some()),
    };
    if fault {
        return (lead as u8, 0, Some(lead + good));
    }
    let last = &text[lead + good..];
    if last.len() == text.len() - own {
        return (lead as u8, 0, None);
    }
    // The last character begins in this block and ends in the next.
    let begun = own - lead - good;
    let whole = (begun + 1..=4).find(|&length| last.get(..length).is_some_and(|bytes| std::str::from_utf8(bytes).is_ok()));
    match whole {
        Some(length) => (lead as u8, (length - begun) as u8, None),
        None => (lead as u8, 0, Some(lead + good)),
    }
}

/// The ends of lines from `from` to before `to`: every line feed, and every carriage return that none follows.
pub(in crate::data) fn lines(text: &[u8], from: usize, to: usize) -> u64 {
    let own = &text[from..to];
    let (mut lines, mut has_returns) = (0_u64, false);
    let (feed, back) = (u8x16::splat(b'\n'), u8x16::splat(b'\r'));
    let (pieces, rest) = own.as_chunks::<16>();
    for piece in pieces {
        let piece = u8x16::new(*piece);
        lines += u64::from(piece.simd_eq(feed).to_bitmask().count_ones());
        has_returns |= piece.simd_eq(back).to_bitmask() != 0;
    }
    for &byte in rest {
        lines += u64::from(byte == b'\n');
        has_returns |= byte == b'\r';
    }
    if has_returns {
        let next = text[from + 1..].iter().copied().chain([0]);
        let lone = own.iter().zip(next).filter(|&(&byte, next)| byte == b'\r' && next != b'\n');
        lines += lone.count() as u64;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_end_in_any_way() {
        let text = b"a\nb\r\nc\rd\r\r\n\r";
        assert_eq!(lines(text, 0, text.len()), 6);
        for cut in 0..=text.len() {
            assert_eq!(lines(text, 0, cut) + lines(text, cut, text.len()), 6);
        }
    }

    proptest! {
        #[test]
        fn characters_are_checked_across_blocks(
            bytes in proptest::collection::vec(prop_oneof![Just(b'a'), Just(0xc3), Just(0xa9), Just(0xf0), Just(0x9f), Just(0x98), Just(0x80), any::<u8>()], 16..70),
            size in 8..20_usize,
        ) {
            let mut found = None;
            let mut owed = 0;
            for start in (0..bytes.len()).step_by(size) {
                let own = size.min(bytes.len() - start);
                let text = &bytes[start..(start + own + 8).min(bytes.len())];
                let (lead, tail, fault) = check(text, own, start == 0);
                if owed < lead {
                    found = Some(start + usize::from(owed));
                } else if let Some(place) = fault {
                    found = Some(start + place);
                }
                if found.is_some() {
                    break;
                }
                owed = tail;
            }
            prop_assert_eq!(found, std::str::from_utf8(&bytes).err().map(|error| error.valid_up_to()));
        }
    }
}
