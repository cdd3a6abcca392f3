//! BLAKE3 of a file from the chaining values of its blocks, taken in file order.

use blake3::hazmat::{Mode, merge_subtrees_non_root, merge_subtrees_root};

/// Chaining values of full subtrees, the largest first: as many as the count of blocks has bits.
#[derive(Debug, Default)]
pub(super) struct Fingerprint {
    stack: Vec<[u8; 32]>,
    blocks: u64,
}

impl Fingerprint {
    /// Adds the next block. All but the last have the same size, a power of two.
    pub(super) fn push(&mut self, hash: [u8; 32]) {
        // Two subtrees of one size are merged only when more follows: the last merge makes the root.
        for _ in 0..self.blocks.trailing_zeros().min(63) {
            self.merge();
        }
        self.stack.push(hash);
        self.blocks += 1;
    }

    fn merge(&mut self) {
        if let [.., left, right] = self.stack.as_slice() {
            let merged = merge_subtrees_non_root(left, right, Mode::Hash);
            self.stack.truncate(self.stack.len() - 2);
            self.stack.push(merged);
        }
    }

    /// The hash in hexadecimal.
    pub(super) fn finish(mut self) -> String {
        while self.stack.len() > 2 {
            self.merge();
        }
        match self.stack.as_slice() {
            [left, right] => merge_subtrees_root(left, right, Mode::Hash).to_hex().to_string(),
            // The only block carries the hash itself.
            [whole] => blake3::Hash::from_bytes(*whole).to_hex().to_string(),
            _ => blake3::hash(b"").to_hex().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use blake3::hazmat::HasherExt;

    #[test]
    fn parts_make_the_whole() {
        let bytes: Vec<u8> = (0..40_000_u32).map(|i| ((i * i) >> 3) as u8).collect();
        for size in [1024, 4096] {
            for length in [1, 1023, 1024, 1025, 2048, 2049, 4096, 5000, 8192, 12_289, 16_384, 40_000] {
                let text = &bytes[..length];
                let mut print = Fingerprint::default();
                for (index, block) in text.chunks(size).enumerate() {
                    let mut hasher = blake3::Hasher::new();
                    hasher.set_input_offset((index * size) as u64);
                    let hash = if length <= size {
                        *blake3::hash(block).as_bytes()
                    } else {
                        hasher.update(block).finalize_non_root()
                    };
                    print.push(hash);
                }
                assert_eq!(print.finish(), blake3::hash(text).to_hex().to_string(), "{length} by {size}");
            }
        }
    }
}
