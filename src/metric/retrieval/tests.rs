use proptest::prelude::*;

use super::*;

/// A list of (score, relevance), each once.
fn list(items: &[(i8, u8)]) -> List {
    let mut items = items.to_vec();
    items.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let blocks = items.chunk_by(|a, b| a.0 == b.0).map(|tied| {
        let mut block = Block::default();
        for (_, relevance) in tied {
            block.add(1, f64::from(*relevance), f64::from(*relevance));
        }
        block
    });
    List::new(blocks.collect())
}

fn discounts() -> Discounts {
    let mut discounts = Discounts::default();
    discounts.reach(100);
    discounts
}

/// NDCG, average precision, reciprocal rank, found and hits of relevances in order, by their definitions.
fn by_definition(order: &[u8], top: usize) -> [f64; 5] {
    let discounted = |order: &[u8]| -> f64 {
        let places = order.iter().take(top).enumerate();
        places.map(|(place, gain)| f64::from(*gain) / log2(place as f64 + 2.0)).sum()
    };
    let mut best = order.to_vec();
    best.sort_by_key(|gain| std::cmp::Reverse(*gain));
    let relevant = order.iter().filter(|gain| **gain > 0).count();
    let (mut found, mut precision) = (0.0, 0.0);
    for (place, gain) in order.iter().take(top).enumerate() {
        if *gain > 0 {
            found += 1.0;
            precision += found / (place as f64 + 1.0);
        }
    }
    let first = order
        .iter()
        .position(|gain| *gain > 0)
        .map_or(0.0, |place| 1.0 / (place as f64 + 1.0));
    [
        discounted(order) / discounted(&best),
        precision / relevant.min(top) as f64,
        first,
        found,
        f64::from(u8::from(found > 0.0)),
    ]
}

/// Every order of the items that keeps higher scores before lower ones.
fn orders(items: &[(i8, u8)]) -> Vec<Vec<u8>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let most = items.iter().map(|item| item.0).max().unwrap_or(0);
    let mut all = Vec::new();
    for (place, (_, relevance)) in items.iter().enumerate().filter(|(_, item)| item.0 == most) {
        let mut rest = items.to_vec();
        rest.remove(place);
        for mut order in orders(&rest) {
            order.insert(0, *relevance);
            all.push(order);
        }
    }
    all
}

#[test]
fn a_list_by_hand() {
    // Relevances 0, 2, 1 in order of score; log2(2) = 1, log2(3), log2(4) = 2.
    let list = list(&[(9, 0), (8, 2), (7, 1)]);
    let expected = (2.0 / log2(3.0) + 0.5) / (2.0 + 1.0 / log2(3.0));
    assert!((list.ndcg(3, &discounts()) - expected).abs() < 1e-15);
    assert!((list.average_precision(3) - (0.5 + 2.0 / 3.0) / 2.0).abs() < 1e-15);
    assert_eq!(list.average_precision(2), 0.25);
    assert_eq!(
        (list.reciprocal_rank(), list.found(2), list.hits(1), list.hits(2)),
        (0.5, 1.0, 0.0, 1.0)
    );
    assert_eq!(list.average_precision(1), 0.0);
}

#[test]
fn the_best_order_is_worth_one() {
    let best = list(&[(9, 3), (8, 2), (8, 2), (7, 1), (1, 0)]);
    assert_eq!(
        (best.ndcg(5, &discounts()), best.average_precision(5), best.reciprocal_rank()),
        (1.0, 1.0, 1.0)
    );
}

proptest! {
    #[test]
    fn ties_are_averaged_over_their_orders(items in proptest::collection::vec((0_i8..3, 0_u8..3), 1..7), top in 1_u64..8) {
        prop_assume!(items.iter().any(|item| item.1 > 0));
        let list = list(&items);
        let orders = orders(&items);
        let mut mean = [0.0; 5];
        for order in &orders {
            for (sum, value) in mean.iter_mut().zip(by_definition(order, top as usize)) {
                *sum += value / orders.len() as f64;
            }
        }
        let found = [list.ndcg(top, &discounts()), list.average_precision(top), list.reciprocal_rank(), list.found(top), list.hits(top)];
        for (found, mean) in found.into_iter().zip(mean) {
            prop_assert!((found - mean).abs() < 1e-12, "{:?} {:?}", found, mean);
        }
    }

    #[test]
    fn counts_are_repeated_items(items in proptest::collection::vec((0_i8..3, 0_u8..3, 1_u64..4), 1..8), top in 1_u64..12) {
        prop_assume!(items.iter().any(|item| item.1 > 0));
        let repeated: Vec<(i8, u8)> = items.iter().flat_map(|(score, relevance, count)| (0..*count).map(|_| (*score, *relevance))).collect();
        let mut sorted = items.clone();
        sorted.sort_by_key(|(score, ..)| std::cmp::Reverse(*score));
        let blocks = sorted.chunk_by(|a, b| a.0 == b.0).map(|tied| {
            let mut block = Block::default();
            for (_, relevance, count) in tied {
                block.add(*count, f64::from(*relevance), f64::from(*relevance));
            }
            block
        });
        let (counted, repeated) = (List::new(blocks.collect()), list(&repeated));
        prop_assert_eq!(counted.ndcg(top, &discounts()), repeated.ndcg(top, &discounts()));
        prop_assert_eq!(counted.average_precision(top), repeated.average_precision(top));
        prop_assert_eq!(counted.reciprocal_rank(), repeated.reciprocal_rank());
        prop_assert_eq!(counted.hits(top), repeated.hits(top));
    }
}
