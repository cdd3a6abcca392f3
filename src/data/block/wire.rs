//! Jobs and parsed blocks as bytes, so that one worker can hand them to another. Columns travel as they lie in memory, the least
//! significant byte first: a block of a hundred thousand rows is a few copies.

use super::chunk::{Chunk, Values};
use super::{Bytes, Job, ParsedBlock};
use crate::data::cell::Sort;
use crate::data::tally::{Place, Tally};
use crate::data::wire::{Input, put_all, put_levels, put_numbers, put_texts, put_times, put_values, take_values};

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
            Values::Numbers(numbers) => put_numbers(out, numbers),
            Values::Times(times) => put_times(out, times),
            Values::Texts(codes, names) => put_levels(out, codes, names),
        }
    }
}

impl Input<'_> {
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
}
