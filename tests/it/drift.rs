//! How often drift is found: nowhere where there is none, and in the right column where it was planted. The page `tests/golden/drift.md` holds the
//! rates over 200 seeds; here the first of them are drawn again and must give what the page says of them.

use std::fmt::Write as _;

use assay::data::{Column, Kind, Levels, Roles, Table, Values};
use assay::metric::rows::Rows;
use assay::metric::sample::{Pair, PairMemory, SampleKind};
use assay::run::Settings;
use assay::run::columns::{Files, one};
use assay::run::drift::Drift;
use assay::run::drift::together::Together;
use assay::stats::interval::{Share, wilson};
use assay::stats::special::normal_quantile;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/drift.md");
/// Rows of each file.
const ROWS: usize = 1000;
/// Columns: numbers, numbers of which some are missing, five levels, two levels.
const COLUMNS: [usize; 4] = [25, 5, 15, 5];
/// Seeds of the page, and those drawn in every run of the tests.
const SEEDS: u64 = 200;
const DRAWN_AGAIN: u64 = 10;

/// SplitMix64.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        normal_quantile(self.next().max(1e-16))
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Planted {
    Nothing,
    Mean,
    Spread,
    Tail,
    Missing,
    Shares,
    NewLevel,
    Together,
}

/// What is planted, in which column, and in words.
const PLANTED: [(Planted, usize, &str); 8] = [
    (Planted::Nothing, usize::MAX, "nothing"),
    (Planted::Mean, 0, "mean, half a standard deviation up"),
    (Planted::Spread, 0, "standard deviation, 1.6 times as large"),
    (Planted::Tail, 0, "tail, 5 rows of 100 ten times as far out"),
    (Planted::Missing, 0, "missing values, from none to 10 of 100"),
    (Planted::Shares, 30, "shares of two of five levels, 15 points from one to the other"),
    (Planted::NewLevel, 30, "a new level, 5 rows of 100"),
    (Planted::Together, 0, "correlation alone, from 0 to 0.3, with the second column"),
];

fn column(place: usize, planted: Planted, draws: &mut Draws) -> Column {
    let [plain, gaps, five, _] = COLUMNS;
    if place < plain + gaps {
        let mut number = || {
            let (value, luck) = (draws.normal(), draws.next());
            let is_missing = luck < 0.1 && (place >= plain || planted == Planted::Missing);
            match planted {
                _ if is_missing => f64::NAN,
                Planted::Mean => value + 0.5,
                Planted::Spread => value * 1.6,
                Planted::Tail if luck < 0.05 => value * 10.0,
                _ => value,
            }
        };
        let values = (0..ROWS).map(|_| number()).collect();
        return made(place, Kind::Numeric, Values::Numeric(values));
    }
    let edges: &[f64] = match (place < plain + gaps + five, planted) {
        (true, Planted::Shares) => &[0.25, 0.65, 0.8, 0.9, 1.0],
        (true, Planted::NewLevel) => &[0.38, 0.6175, 0.76, 0.855, 0.95, 1.0],
        (true, _) => &[0.4, 0.65, 0.8, 0.9, 1.0],
        (false, _) => &[0.3, 1.0],
    };
    let names = (0..edges.len()).map(|level| format!("level {level}")).collect();
    let codes = (0..ROWS)
        .map(|_| {
            let luck = draws.next();
            edges.iter().position(|edge| luck < *edge).unwrap_or(0) as u32
        })
        .collect();
    made(place, Kind::Categorical, Values::Levels(Levels { codes, names }))
}

fn made(place: usize, kind: Kind, values: Values) -> Column {
    Column {
        name: format!("c{place}"),
        kind,
        values,
        missing: 0,
        invalid: 0,
    }
}

/// Part of the second column in the first one where they are to hang together, so that its distribution stays as it is.
const HANGING: f64 = 0.3;

fn hanging(seed: u64) -> Column {
    let (first, second) = (drawn(seed, 0, Planted::Nothing), drawn(seed, 1, Planted::Nothing));
    let (own, other) = (first.to_numbers().unwrap(), second.to_numbers().unwrap());
    let both = own.iter().zip(other.iter());
    let values = both
        .map(|(own, other)| (1.0 - HANGING * HANGING).sqrt() * own + HANGING * other)
        .collect();
    made(0, Kind::Numeric, Values::Numeric(values))
}

/// The column of the second file.
fn sown(seed: u64, place: usize, planted: Planted) -> Column {
    match planted {
        Planted::Together => hanging(seed),
        _ => drawn(seed, place, planted),
    }
}

/// A column of the file of a seed. Every column draws for itself, so that what is planted in one changes no other.
fn drawn(seed: u64, place: usize, planted: Planted) -> Column {
    column(
        place,
        planted,
        &mut Draws(seed.wrapping_mul(1_000_003).wrapping_add(place as u64 * 7919)),
    )
}

/// Judges these columns of two files with these seeds.
fn judge(drift: &mut Drift, places: &mut dyn Iterator<Item = usize>, seeds: (u64, u64), planted: (Planted, usize)) {
    let (roles, settings, rows) = (Roles::default(), Settings::default(), Rows::new(ROWS));
    let table = Table {
        rows: ROWS,
        ..Table::default()
    };
    let files = files(&table, &rows, &roles);
    for place in places {
        let own = if place == planted.1 { planted.0 } else { Planted::Nothing };
        let (earlier, column) = (drawn(seeds.0, place, Planted::Nothing), sown(seeds.1, place, own));
        let kind = SampleKind::of(column.kind).unwrap();
        let sample = |column: &Column| one(column, kind, &|_| Some(1)).unwrap();
        let pair = Pair {
            reference: &sample(&earlier),
            current: &sample(&column),
            memory: &PairMemory::default(),
        };
        drift.judge(&pair, &files, (&earlier, &column), &settings);
    }
}

fn files<'a>(table: &'a Table, rows: &'a Rows, roles: &'a Roles) -> Files<'a> {
    Files {
        current: table,
        rows,
        reference: Some(table),
        profile: None,
        roles,
        task: None,
    }
}

/// The columns that are said to have drifted.
fn drifted(mut drift: Drift) -> Vec<String> {
    let (roles, settings, rows) = (Roles::default(), Settings::default(), Rows::new(ROWS));
    let table = Table {
        rows: ROWS,
        ..Table::default()
    };
    drift.conclude(&files(&table, &rows, &roles), &settings);
    let estimates = drift.estimates(&settings);
    let is_yes = estimates
        .iter()
        .filter(|estimate| estimate.key.metric == "drifted" && estimate.text.as_deref() == Some("yes"));
    is_yes.map(|estimate| estimate.key.columns[0].clone()).collect()
}

/// All columns of a file, something planted in one of them.
fn file(seed: u64, planted: (Planted, usize)) -> Table {
    let column = |place| sown(seed, place, if place == planted.1 { planted.0 } else { Planted::Nothing });
    Table {
        rows: ROWS,
        columns: (0..COLUMNS.iter().sum()).map(column).collect(),
        ..Table::default()
    }
}

/// The columns of pairs that are said to go together otherwise.
fn apart(reference: &Table, current: &Table) -> Vec<[String; 2]> {
    let (roles, rows) = (Roles::default(), Rows::new(ROWS));
    let files = Files {
        reference: Some(reference),
        ..files(current, &rows, &roles)
    };
    Together::judge(&files, &Settings::default()).changed().cloned().collect()
}

/// Columns in which something is planted; the others are the same for all that is.
const SOWN: [usize; 2] = [0, 30];

/// For each planted drift: in how many of the first seeds its column was found, and in how many any other was.
fn counts(seeds: u64) -> Vec<(u64, u64)> {
    let mut counts = vec![(0, 0); PLANTED.len()];
    for seed in 0..seeds {
        let seeds = (2 * seed, 2 * seed + 1);
        let mut others = (0..COLUMNS.iter().sum()).filter(|place| !SOWN.contains(place));
        let mut fallow = Drift::default();
        let reference = file(seeds.0, (Planted::Nothing, usize::MAX));
        judge(&mut fallow, &mut others, seeds, (Planted::Nothing, 0));
        for ((planted, place, _), count) in PLANTED.iter().zip(&mut counts) {
            let mut drift = fallow.clone();
            judge(&mut drift, &mut SOWN.into_iter(), seeds, (*planted, *place));
            let found = drifted(drift);
            let pairs = apart(&reference, &file(seeds.1, (*planted, *place)));
            let (own, pair) = (format!("c{place}"), ["c0".to_owned(), "c1".to_owned()]);
            let is_pair = |found: &[String; 2]| *planted == Planted::Together && *found == pair;
            count.0 += u64::from(found.contains(&own) || pairs.iter().any(is_pair));
            count.1 += u64::from(found.iter().any(|column| *column != own) || pairs.iter().any(|pair| !is_pair(pair)));
        }
    }
    counts
}

fn page(all: &[(u64, u64)], first: &[(u64, u64)]) -> String {
    let mut page = format!(
        "# How often drift is found\n\n\
         Made by `BLESS=1 cargo test --test it drift::`; the tests draw the first {DRAWN_AGAIN} seeds again.\n\n\
         Two files of {ROWS} rows and {} columns: {} of normal numbers, {} of them with 10 missing values of 100, {} of five levels, {} of two. Seeds 0 to {}. In \
         one column of the second file something is planted; columns are judged one by one, and pairs of those of numbers and of two levels by how they go \
         together. Rates per cent, with Wilson's 95 % limits.\n\n\
         | planted | found in its column | limits | anything else found | limits | first {DRAWN_AGAIN} seeds |\n|---|---:|---:|---:|---:|---:|\n",
        COLUMNS.iter().sum::<usize>(),
        COLUMNS[0] + COLUMNS[1],
        COLUMNS[1],
        COLUMNS[2],
        COLUMNS[3],
        SEEDS - 1,
    );
    for (((planted, _, name), all), first) in PLANTED.iter().zip(all).zip(first) {
        let rate = |count: u64| {
            let share = Share {
                value: count as f64 / SEEDS as f64,
                size: SEEDS as f64,
            };
            let limits = wilson(share, 0.95);
            (
                format!("{:.1}", 100.0 * share.value),
                format!("{:.1} to {:.1}", 100.0 * limits.low, 100.0 * limits.high),
            )
        };
        let ((own, own_limits), (other, other_limits)) = (rate(all.0), rate(all.1));
        let (own, own_limits) = if *planted == Planted::Nothing {
            ("–".to_owned(), "–".to_owned())
        } else {
            (own, own_limits)
        };
        let _ = writeln!(
            page,
            "| {name} | {own} | {own_limits} | {other} | {other_limits} | {} and {} |",
            first.0, first.1
        );
    }
    page
}

#[test]
fn drift_is_found_where_it_was_planted_and_nowhere_else() {
    let first = counts(DRAWN_AGAIN);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PAGE, page(&counts(SEEDS), &first)).unwrap();
    }
    let page = std::fs::read_to_string(PAGE).unwrap();
    for ((_, _, name), (own, other)) in PLANTED.iter().zip(&first) {
        let line = page
            .lines()
            .find(|line| line.starts_with(&format!("| {name} |")))
            .unwrap_or_else(|| panic!("{name} is not on the page"));
        assert!(
            line.ends_with(&format!("| {own} and {other} |")),
            "{name}: {own} and {other} now; {line}"
        );
        let rate: f64 = line.split('|').nth(4).unwrap().trim().parse().unwrap();
        assert!(rate <= 5.0, "{line}");
    }
}

#[test]
fn two_files_alike_have_not_drifted() {
    let mut same = Drift::default();
    judge(&mut same, &mut (0..COLUMNS.iter().sum()), (5, 5), (Planted::Nothing, 0));
    assert_eq!(drifted(same), Vec::<String>::new());
}
