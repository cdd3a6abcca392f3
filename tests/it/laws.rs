//! The laws that states of constant size must keep, bit by bit: the empty state is the identity on both sides, merging is associative and
//! commutative, any chunking of the rows gives the same state, and a state that was written and read back merges as the one it came from.

use std::fmt::Debug;

use assay::metric::cells::Outcomes;
use assay::metric::multiclass::ClassCounts;
use assay::metric::ranking::RankTotals;
use assay::metric::regression::Residuals;
use assay::metric::scores::Scores;
use assay::metric::state::{MeanSums, RowWeight, Tally};
use assay::run::pass::Cell;
use proptest::collection::vec;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A row as any state may see it.
#[derive(Debug, Clone)]
struct Row {
    count: u64,
    weight: Option<f64>,
    label: Option<bool>,
    prediction: Option<bool>,
    class: (Option<u32>, Option<u32>),
    score: f64,
    numbers: (f64, f64),
    is_probability: bool,
}

impl Row {
    fn weight(&self) -> RowWeight {
        RowWeight {
            count: self.count,
            weight: self.weight,
        }
    }
}

/// What is folded and merged.
trait State: Clone + Default + PartialEq + Debug + Serialize + DeserializeOwned {
    fn update(&mut self, row: &Row);
    fn merge(&mut self, other: &Self);
}

macro_rules! state {
    ($name:ty, |$state:ident, $row:ident| $update:expr) => {
        impl State for $name {
            fn update(&mut self, $row: &Row) {
                let $state = self;
                $update;
            }
            fn merge(&mut self, other: &Self) {
                <$name>::merge(self, other);
            }
        }
    };
}

state!(Tally, |tally, row| tally.update(row.count, row.weight));
state!(MeanSums, |sums, row| sums.update(row.weight(), row.numbers.0));
state!(Outcomes, |outcomes, row| outcomes.update(
    row.label,
    row.prediction,
    row.count,
    row.weight
));
state!(ClassCounts, |classes, row| classes.update(
    row.class.0,
    row.class.1,
    row.count,
    row.weight
));
state!(Scores, |scores, row| {
    scores.update(row.label, row.score, row.is_probability, row.weight());
    if row.class.0.is_some() {
        scores.update_true_class(row.score, row.is_probability, row.weight());
    }
});
state!(RankTotals, |totals, row| totals.update(row.label == Some(true), row.weight()));
state!(Residuals, |residuals, row| residuals.update(
    row.numbers.0,
    row.numbers.1,
    3.0,
    row.weight()
));
state!(Cell, |cell, row| {
    State::update(&mut cell.outcomes, row);
    State::update(&mut cell.classes, row);
    State::update(&mut cell.scores, row);
    State::update(&mut cell.totals, row);
    // Only some cells know of labels.
    if row.class.0.is_some() {
        cell.labels.resize_with(2, Outcomes::default);
        State::update(&mut cell.labels[1], row);
    }
    // Only some cells have residuals.
    if row.prediction.is_some() {
        State::update(&mut **cell.residuals.get_or_insert_default(), row);
    }
});

fn fold<S: State>(rows: &[Row]) -> S {
    let mut state = S::default();
    for row in rows {
        state.update(row);
    }
    state
}

fn merged<S: State>(a: &S, b: &S) -> S {
    let mut sum = a.clone();
    sum.merge(b);
    sum
}

/// Equal in memory, and in every byte of what is written.
fn same<S: State>(a: &S, b: &S, law: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(a, b, "{}", law);
    prop_assert_eq!(written(a), written(b), "{}", law);
    Ok(())
}

fn written<S: State>(state: &S) -> String {
    serde_json::to_string(state).expect("a state always serializes")
}

fn read_back<S: State>(state: &S) -> S {
    serde_json::from_str(&written(state)).expect("what a state wrote reads back")
}

/// Every law, the empty case first.
fn laws<S: State>(rows: &[Row], cuts: &[usize], order: &[usize]) -> Result<(), TestCaseError> {
    let empty = S::default();
    same(&merged(&empty, &empty), &empty, "empty with empty is empty")?;
    let whole = fold::<S>(rows);
    same(&merged(&empty, &whole), &whole, "empty is the identity on the left")?;
    same(&merged(&whole, &empty), &whole, "empty is the identity on the right")?;

    let chunks = chunks(rows, cuts);
    let states: Vec<S> = chunks.iter().map(|chunk| fold(chunk)).collect();
    let [a, b, c, ..] = states.as_slice() else {
        return Err(TestCaseError::fail("three chunks at least"));
    };
    same(&merged(&merged(a, b), c), &merged(a, &merged(b, c)), "associative")?;
    same(&merged(a, b), &merged(b, a), "commutative")?;
    let all = |states: Vec<&S>| states.iter().fold(S::default(), |sum, state| merged(&sum, state));
    same(&all(states.iter().collect()), &whole, "any chunking")?;
    same(
        &all(order.iter().map(|place| &states[place % states.len()]).collect()),
        &whole,
        "chunks in any order",
    )?;
    let from_the_right = states.iter().rev().fold(S::default(), |sum, state| merged(state, &sum));
    same(&from_the_right, &whole, "chunks from the right")?;
    let backwards: Vec<Row> = rows.iter().rev().cloned().collect();
    same(&fold::<S>(&backwards), &whole, "rows in any order")?;

    same(&read_back(&empty), &empty, "the empty state reads back")?;
    let read: Vec<S> = states.iter().map(read_back).collect();
    same(&all(read.iter().collect()), &whole, "written, read back and merged")
}

/// The rows in pieces, empty ones among them; always five.
fn chunks<'a>(rows: &'a [Row], cuts: &[usize]) -> Vec<&'a [Row]> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (rows.len() + 1)).collect();
    places.sort_unstable();
    let ends = places.iter().copied().chain([rows.len()]);
    let starts = [0].into_iter().chain(places.iter().copied());
    starts.zip(ends).map(|(start, end)| &rows[start..end]).collect()
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => -100.0..100.0,
        2 => any::<f64>(),
        1 => prop::sample::select(vec![0.0, -0.0, f64::MAX, f64::MIN_POSITIVE, 5e-324, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ]
}

fn weight() -> impl Strategy<Value = f64> {
    prop_oneof![6 => 0.0..10.0, 1 => Just(0.0), 1 => 0.0..f64::MAX, 1 => Just(5e-324)]
}

fn row(is_weighted: bool) -> impl Strategy<Value = Row> {
    let weight = if is_weighted {
        weight().prop_map(Some).boxed()
    } else {
        Just(None).boxed()
    };
    let class = || prop::option::of(0_u32..4);
    let count = prop_oneof![4 => Just(1_u64), 2 => 1_u64..1000, 1 => Just(1 << 50)];
    let either = prop::option::of(any::<bool>());
    (
        count,
        weight,
        either.clone(),
        either,
        (class(), class()),
        0.0..=1.0,
        (number(), number()),
        any::<bool>(),
    )
        .prop_map(
            |(count, weight, label, prediction, class, probability, numbers, is_probability)| Row {
                count,
                weight,
                label,
                prediction,
                class,
                score: if is_probability { probability } else { numbers.1 },
                numbers,
                is_probability,
            },
        )
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop_oneof![vec(row(false), 0..40), vec(row(true), 0..40)]
}

macro_rules! laws_of {
    ($($test:ident: $state:ty),*) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(128))]
            $(
                #[test]
                fn $test(
                    rows in rows(),
                    cuts in vec(0..1000_usize, 4),
                    order in Just((0..5_usize).collect::<Vec<_>>()).prop_shuffle(),
                ) {
                    laws::<$state>(&rows, &cuts, &order)?;
                }
            )*
        }

        /// The empty case first: no rows at all, in every state.
        #[test]
        fn the_empty_state_keeps_every_law() {
            $(laws::<$state>(&[], &[0; 4], &[0, 1, 2, 3, 4]).unwrap();)*
        }
    };
}

laws_of! {
    tallies_merge: Tally,
    sums_for_means_merge: MeanSums,
    outcomes_merge: Outcomes,
    class_counts_merge: ClassCounts,
    scores_merge: Scores,
    rank_totals_merge: RankTotals,
    residuals_merge: Residuals,
    cells_merge: Cell
}
