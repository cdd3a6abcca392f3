//! Jobs and parsed blocks as bytes, so that one worker can hand them to another. Columns travel as they lie in memory, the least
//! significant byte first: a block of a hundred thousand rows is a few copies.

use super::chunk::{Chunk, Values};
use super::{Bytes, Job, ParsedBlock};
use crate::data::cell::Sort;
use crate::data::codes::Codes;
use crate::data::packed::{Numbers, Times, Whole};
use crate::data::tally::{Place, Tally};

/// A plan that several jobs share travels with each of them.
pub(super) mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::super::BlockPlan;

    pub(in super::super) fn serialize<S: Serializer>(plan: &Arc<BlockPlan>, serializer: S) -> Result<S::Ok, S::Error> {
        plan.as_ref().serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<BlockPlan>, D::Error> {
        BlockPlan::deserialize(deserializer).map(Arc::new)
    }
}

impl Job {
    /// The job as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The job of some bytes; `None` where they are none of [`Job::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

impl ParsedBlock {
    /// The block as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.columns.iter().map(Chunk::weight).sum::<usize>() + 4096);
        put_all(
            &mut out,
            &[self.id, self.seen_to, u64::from(self.ends_file), u64::from(self.bytes.is_some())],
        );
        if let Some(bytes) = &self.bytes {
            out.extend_from_slice(&bytes.hash);
            let (at, lines) = bytes.fault.unwrap_or((u64::MAX, 0));
            let beyond = bytes.beyond.unwrap_or(u64::MAX);
            put_all(
                &mut out,
                &[bytes.lines, u64::from(bytes.lead), u64::from(bytes.tail), beyond, at, lines],
            );
        }
        let (from, to) = self.starts.unwrap_or((u64::MAX, 0));
        let open = self.open_quote.unwrap_or(Place { byte: u64::MAX, line: 0 });
        put_all(
            &mut out,
            &[
                from,
                to,
                self.next.byte,
                self.next.line,
                u64::from(self.is_unfinished),
                open.byte,
                open.line,
            ],
        );
        put_all(&mut out, &[self.kept, self.set_aside, self.left_out, self.bad.len() as u64]);
        for (place, fields) in &self.bad {
            put_all(&mut out, &[place.byte, place.line, *fields]);
        }
        put_all(&mut out, &[self.preview.len() as u64]);
        self.preview.iter().for_each(|row| put_texts(&mut out, row));
        put_all(&mut out, &[self.columns.len() as u64]);
        self.columns.iter().for_each(|chunk| chunk.put(&mut out));
        out
    }

    /// The block of some bytes; `None` where they are none of [`ParsedBlock::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Input(bytes);
        let [id, seen_to, ends_file, looked] = input.take_all()?;
        let bytes = if looked == 1 { Some(input.bytes()?) } else { None };
        let [from, to, byte, line, is_unfinished, open_byte, open_line] = input.take_all()?;
        let [kept, set_aside, left_out, bad] = input.take_all()?;
        let bad = (0..bad).map(|_| input.take_all().map(|[byte, line, fields]| (Place { byte, line }, fields)));
        let bad = bad.collect::<Option<Vec<_>>>()?;
        let preview = (0..input.take()?).map(|_| input.texts()).collect::<Option<Vec<_>>>()?;
        let columns = (0..input.take()?).map(|_| input.chunk()).collect::<Option<Vec<_>>>()?;
        let block = Self {
            id,
            seen_to,
            ends_file: ends_file == 1,
            bytes,
            starts: (from != u64::MAX).then_some((from, to)),
            next: Place { byte, line },
            is_unfinished: is_unfinished == 1,
            open_quote: (open_byte != u64::MAX).then_some(Place {
                byte: open_byte,
                line: open_line,
            }),
            kept,
            set_aside,
            left_out,
            bad,
            preview,
            columns,
        };
        input.0.is_empty().then_some(block)
    }
}

fn put_all(out: &mut Vec<u8>, numbers: &[u64]) {
    numbers.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
}

fn put_texts(out: &mut Vec<u8>, texts: &[String]) {
    put_all(out, &[texts.len() as u64]);
    for text in texts {
        put_all(out, &[text.len() as u64]);
        out.extend_from_slice(text.as_bytes());
    }
}

/// Puts values behind their number; the loop over places of a known size becomes one copy.
macro_rules! put_values {
    ($out:expr, $values:expr, $size:literal) => {{
        let (out, values) = (&mut *$out, $values);
        put_all(out, &[values.len() as u64]);
        let start = out.len();
        out.resize(start + values.len() * $size, 0);
        for (place, value) in out[start..].as_chunks_mut::<$size>().0.iter_mut().zip(values) {
            *place = value.to_le_bytes();
        }
    }};
}

macro_rules! take_values {
    ($input:expr, $kind:ty, $size:literal) => {{
        let count = usize::try_from($input.take()?).ok()?;
        let bytes = $input.slice(count.checked_mul($size)?)?;
        bytes
            .as_chunks::<$size>()
            .0
            .iter()
            .map(|value| <$kind>::from_le_bytes(*value))
            .collect::<Vec<$kind>>()
    }};
}

impl Chunk {
    /// About how many bytes it takes.
    fn weight(&self) -> usize {
        let keys = self.keys.len() * 16;
        keys + match &self.values {
            Values::None | Values::Missing(_) => 0,
            Values::Numbers(numbers) => numbers.len() * 8,
            Values::Times(times) => times.len() * 8,
            Values::Texts(codes, names) => codes.len() * 2 + names.iter().map(|name| name.len() + 8).sum::<usize>(),
        }
    }

    fn put(&self, out: &mut Vec<u8>) {
        let (counts, firsts, marks, percents) = self.tally.parts();
        put_all(out, counts);
        put_all(out, &[u64::from(marks), percents, firsts.len() as u64]);
        for (sort, place) in firsts {
            put_all(out, &[*sort as u64, place.byte, place.line]);
        }
        put_values!(out, &self.keys, 16);
        match &self.values {
            Values::None => put_all(out, &[0]),
            Values::Missing(rows) => put_all(out, &[1, *rows]),
            Values::Numbers(Numbers::Wide(values)) => {
                put_all(out, &[2]);
                put_values!(out, values, 8);
            }
            Values::Numbers(Numbers::Packed { scale, whole }) => put_whole(out, whole, 3, *scale),
            Values::Times(Times::Wide(values)) => {
                put_all(out, &[6]);
                put_values!(out, values, 8);
            }
            Values::Times(Times::Packed { unit, whole }) => put_whole(out, whole, 10, *unit),
            Values::Texts(Codes::One(codes), names) => {
                put_all(out, &[7]);
                put_values!(out, codes, 1);
                put_texts(out, names);
            }
            Values::Texts(Codes::Two(codes), names) => {
                put_all(out, &[8]);
                put_values!(out, codes, 2);
                put_texts(out, names);
            }
            Values::Texts(Codes::Four(codes), names) => {
                put_all(out, &[9]);
                put_values!(out, codes, 4);
                put_texts(out, names);
            }
        }
    }
}

/// Whole numbers: the first of three forms and the width after it, then what they are counted in.
fn put_whole(out: &mut Vec<u8>, whole: &Whole, form: u64, counted_in: u8) {
    let width = match whole {
        Whole::One(_) => 0,
        Whole::Two(_) => 1,
        Whole::Four(_) => 2,
    };
    put_all(out, &[form + width, u64::from(counted_in)]);
    match whole {
        Whole::One(values) => put_values!(out, values, 1),
        Whole::Two(values) => put_values!(out, values, 2),
        Whole::Four(values) => put_values!(out, values, 4),
    }
}

/// Bytes being read.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn slice(&mut self, length: usize) -> Option<&[u8]> {
        let (slice, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(slice)
    }

    fn take(&mut self) -> Option<u64> {
        let bytes = self.slice(8)?;
        Some(u64::from_le_bytes(bytes.try_into().ok()?))
    }

    fn take_all<const N: usize>(&mut self) -> Option<[u64; N]> {
        let mut numbers = [0; N];
        for number in &mut numbers {
            *number = self.take()?;
        }
        Some(numbers)
    }

    fn bytes(&mut self) -> Option<Bytes> {
        let hash = self.slice(32)?.try_into().ok()?;
        let [lines, lead, tail, beyond, at, before] = self.take_all()?;
        Some(Bytes {
            hash,
            lines,
            lead: lead as u8,
            tail: tail as u8,
            beyond: (beyond != u64::MAX).then_some(beyond),
            fault: (at != u64::MAX).then_some((at, before)),
        })
    }

    fn texts(&mut self) -> Option<Vec<String>> {
        (0..self.take()?)
            .map(|_| {
                let length = usize::try_from(self.take()?).ok()?;
                String::from_utf8(self.slice(length)?.to_vec()).ok()
            })
            .collect()
    }

    fn chunk(&mut self) -> Option<Chunk> {
        let counts = self.take_all()?;
        let [marks, percents, firsts] = self.take_all()?;
        let first = |_| {
            let [sort, byte, line] = self.take_all()?;
            Some((Sort::of_number(sort)?, Place { byte, line }))
        };
        let firsts = (0..firsts).map(first).collect::<Option<Vec<_>>>()?;
        Some(Chunk {
            tally: Tally::of_parts(counts, firsts, marks as u16, percents),
            keys: take_values!(self, u128, 16),
            values: self.values()?,
        })
    }

    fn values(&mut self) -> Option<Values> {
        Some(match self.take()? {
            0 => Values::None,
            1 => Values::Missing(self.take()?),
            2 => Values::Numbers(Numbers::Wide(take_values!(self, f64, 8))),
            form @ 3..=5 => {
                let scale = self.take()? as u8;
                let whole = self.whole(form - 3)?;
                Values::Numbers(Numbers::Packed { scale, whole })
            }
            6 => Values::Times(Times::Wide(take_values!(self, i64, 8))),
            7 => Values::Texts(Codes::One(take_values!(self, u8, 1)), self.texts()?),
            8 => Values::Texts(Codes::Two(take_values!(self, u16, 2)), self.texts()?),
            9 => Values::Texts(Codes::Four(take_values!(self, u32, 4)), self.texts()?),
            form @ 10..=12 => {
                let unit = self.take()? as u8;
                let whole = self.whole(form - 10)?;
                Values::Times(Times::Packed { unit, whole })
            }
            _ => return None,
        })
    }

    fn whole(&mut self, width: u64) -> Option<Whole> {
        Some(match width {
            0 => Whole::One(take_values!(self, i8, 1)),
            1 => Whole::Two(take_values!(self, i16, 2)),
            _ => Whole::Four(take_values!(self, i32, 4)),
        })
    }
}
