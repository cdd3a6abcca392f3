//! One ranked list, as blocks of items of equal score: what it is worth on average over the orders within its blocks.

use super::Discounts;
use crate::stats::order;

/// Items of equal score.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Block {
    /// How many.
    items: u64,
    /// How many of them are relevant.
    relevant: u64,
    /// How many have each gain.
    gains: Vec<(f64, u64)>,
}

impl Block {
    /// Adds so many items of a relevance and its gain.
    pub fn add(&mut self, count: u64, relevance: f64, gain: f64) {
        self.items += count;
        if relevance > 0.0 {
            self.relevant += count;
            self.gains.push((gain, count));
        }
    }

    fn gain(&self) -> f64 {
        self.gains.iter().map(|(gain, count)| gain * *count as f64).sum()
    }
}

/// Gains in falling order, equal ones together, so that sums of them do not depend on the order of the file, nor on counts.
fn falling(mut gains: Vec<(f64, u64)>) -> Vec<(f64, u64)> {
    if gains.len() > 1 {
        order::sort_by(&mut gains, |a, b| b.0.total_cmp(&a.0));
    }
    let mut merged: Vec<(f64, u64)> = Vec::new();
    for (gain, count) in gains {
        match merged.last_mut() {
            Some((last, sum)) if *last == gain => *sum += count,
            _ => merged.push((gain, count)),
        }
    }
    merged
}

/// A list, highest score first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct List {
    blocks: Vec<Block>,
    len: u64,
    relevant: u64,
    /// Gains with how many items have them, the largest first.
    gains: Vec<(f64, u64)>,
}

impl List {
    /// A list of these blocks.
    pub fn new(mut blocks: Vec<Block>) -> Self {
        for block in &mut blocks {
            block.gains = falling(std::mem::take(&mut block.gains));
        }
        let gains = blocks.iter().flat_map(|block| block.gains.iter().copied()).collect();
        Self {
            len: blocks.iter().map(|block| block.items).sum(),
            relevant: blocks.iter().map(|block| block.relevant).sum(),
            blocks,
            gains: falling(gains),
        }
    }

    /// How many items.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// How many of them are relevant.
    pub fn relevant(&self) -> u64 {
        self.relevant
    }

    /// The list with all items tied.
    pub fn shuffled(&self) -> Self {
        let block = Block {
            items: self.len,
            relevant: self.relevant,
            gains: self.gains.clone(),
        };
        Self {
            blocks: vec![block],
            len: self.len,
            relevant: self.relevant,
            gains: self.gains.clone(),
        }
    }

    /// Each block with how many items are before it.
    fn placed(&self) -> impl Iterator<Item = (u64, &Block)> {
        self.blocks.iter().scan(0, |before, block| {
            let place = *before;
            *before += block.items;
            Some((place, block))
        })
    }

    /// The discounted gain of the first `top` items over that of the best order.
    pub fn ndcg(&self, top: u64, discounts: &Discounts) -> f64 {
        let mut own = 0.0;
        for (before, block) in self.placed().filter(|(before, block)| *before < top && block.relevant > 0) {
            let end = top.min(before + block.items);
            own += block.gain() / block.items as f64 * discounts.between(before, end);
        }
        let (mut best, mut before) = (0.0, 0);
        for (gain, count) in &self.gains {
            let end = top.min(before + count);
            best += gain * discounts.between(before, end.max(before));
            before += count;
        }
        // Summed in another order, the best list could exceed itself by a hair.
        (own / best).min(1.0)
    }

    /// How many relevant items are among the first `top`.
    pub fn found(&self, top: u64) -> f64 {
        let parts = self.placed().map(|(before, block)| {
            let taken = top.saturating_sub(before).min(block.items);
            if taken == block.items {
                block.relevant as f64
            } else {
                block.relevant as f64 * (taken as f64 / block.items as f64)
            }
        });
        parts.sum()
    }

    /// How probable a relevant item is among the first `top`.
    pub fn hits(&self, top: u64) -> f64 {
        let mut none = 1.0;
        for (before, block) in self.placed().filter(|(before, _)| *before < top) {
            let taken = (top - before).min(block.items);
            if taken + block.relevant > block.items {
                return 1.0;
            }
            // None of the relevant items is among those taken; the shorter of two equal products.
            let (fewer, more) = (taken.min(block.relevant), taken.max(block.relevant));
            for place in 0..fewer {
                none *= (block.items - more - place) as f64 / (block.items - place) as f64;
            }
        }
        1.0 - none
    }

    /// One over the place of the first relevant item.
    pub fn reciprocal_rank(&self) -> f64 {
        let Some((before, block)) = self.placed().find(|(_, block)| block.relevant > 0) else {
            return 0.0;
        };
        let (items, relevant) = (block.items, block.relevant);
        let (mut sum, mut probability) = (0.0, relevant as f64 / items as f64);
        for place in 1..=items - relevant + 1 {
            sum += probability / (before + place) as f64;
            if place < items {
                probability *= (items - relevant + 1 - place) as f64 / (items - place) as f64;
            }
        }
        sum
    }

    /// The precision at the place of each relevant item among the first `top`, over the number of relevant items, at most `top`.
    ///
    /// Source: McSherry and Najork 2008, "Computing information retrieval performance measures efficiently in the presence of tied scores".
    pub fn average_precision(&self, top: u64) -> f64 {
        let (mut sum, mut found) = (0.0, 0);
        for (before, block) in self.placed() {
            let taken = top.saturating_sub(before).min(block.items);
            if block.relevant > 0 {
                let (items, relevant) = (block.items as f64, block.relevant as f64);
                let others = if block.items > 1 { (relevant - 1.0) / (items - 1.0) } else { 0.0 };
                for place in 0..taken {
                    let above = found as f64 + 1.0 + place as f64 * others;
                    sum += relevant / items * above / (before + place + 1) as f64;
                }
            }
            found += block.relevant;
        }
        sum / self.relevant.min(top).max(1) as f64
    }
}
