//! What the columns of a file are, from the counts of all their cells. What a column leaves open, the other columns decide.
//!
//! **Decimal sign**, unless it is given: a column follows its own values that can be read in one way only, the more frequent ones if they
//! disagree. A column without any (`1,234` or `1.234` throughout) follows the columns of numbers that have some, if all of them agree.
//! Otherwise a point is a decimal point, and a comma sets thousands apart, except where semicolons separate the fields.
//!
//! **Day or month first**, unless it is given: in the same way from the column's own dates, then from those of other columns. Otherwise
//! the day comes first in a file with decimal commas, and the month, as in ISO 8601, in any other.
//!
//! **Percentages are numbers** (45 % is 0.45) in a column that is named like a score or a rate, and in any column where some have a fraction.
//! Whole percentages elsewhere (`10%`, `20%`) are levels, since they mostly name classes of size.
//!
//! **Numbers are times** in a column that is named like a time (`timestamp`, `order_date`, `created_at`) or was given as one, when 95 % of its values are dates of eight digits, or
//! fall into the years 1973 to 2099 as seconds, milliseconds, microseconds or nanoseconds since 1970.

use super::MISSING_MARKERS;
use super::cell::Sort;
use super::dialect::Dialect;
use super::error::counted;
use super::names::Name;
use super::options::{Aspect, Detected};
use super::rules::{Decimal, Order, Rules, Stamp, Style};
use super::tally::{Decision, Shape, Tally};

/// A column as far as it decides: its name and its counts over all rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted<'a> {
    pub name: &'a str,
    pub tally: &'a Tally,
}

const DECIMALS: [Decimal; 2] = [Decimal::Point, Decimal::Comma];
const ORDERS: [Order; 2] = [Order::DayFirst, Order::MonthFirst];
const STAMPS: [Stamp; 5] = [Stamp::Compact, Stamp::Seconds, Stamp::Millis, Stamp::Micros, Stamp::Nanos];

/// What each column is.
pub(super) fn decide(columns: &[Counted], rules: &Rules, dialect: &Dialect) -> Vec<Decision> {
    let common = Common::of(columns);
    columns.iter().map(|column| common.decide(column, rules, dialect)).collect()
}

/// What the columns that leave no doubt have in common.
#[derive(Debug, Clone, Copy, Default)]
struct Common {
    decimal: Option<Decimal>,
    order: Option<Order>,
}

impl Common {
    fn of(columns: &[Counted]) -> Self {
        let has = |fits: &dyn Fn(&Tally) -> bool| columns.iter().any(|column| fits(column.tally));
        let writes = |decimal| {
            has(&|tally: &Tally| {
                let style = Style { decimal, ..Style::PLAIN };
                own_decimal(tally) == Some(decimal) && tally.are_nearly_all(tally.numbers(style))
            })
        };
        let orders = |order| {
            has(&|tally: &Tally| {
                let style = Style { order, ..Style::PLAIN };
                own_order(tally) == Some(order) && tally.are_nearly_all(tally.times(style))
            })
        };
        Self {
            decimal: only(DECIMALS, DECIMALS.map(writes)),
            order: only(ORDERS, ORDERS.map(orders)),
        }
    }

    fn decide(self, column: &Counted, rules: &Rules, dialect: &Dialect) -> Decision {
        let tally = column.tally;
        let decimal = rules.decimal.or_else(|| own_decimal(tally)).or(self.decimal);
        let order = rules.order.or_else(|| own_order(tally)).or(self.order);
        let writes_commas = self.decimal == Some(Decimal::Comma) || rules.decimal == Some(Decimal::Comma);
        let mut style = Style {
            decimal: decimal.unwrap_or(if dialect.delimiter == b';' && tally.of(Sort::Dotted) == 0 {
                Decimal::Comma
            } else {
                Decimal::Point
            }),
            order: order.unwrap_or(if writes_commas { Order::DayFirst } else { Order::MonthFirst }),
            stamp: None,
            percents: tally.percents() > 0 && (has_fractions(tally) || Name::of(column.name).is_share()),
        };
        if rules.times.iter().any(|name| name == column.name) || Name::of(column.name).is_moment() {
            let fits = |stamp: &Stamp| {
                let style = Style {
                    stamp: Some(*stamp),
                    ..style
                };
                tally.are_nearly_all(tally.times(style))
            };
            let stamps = tally.of(Sort::Compact) + tally.of(Sort::PointSeconds) + tally.of(Sort::Seconds);
            let stamps = stamps + tally.of(Sort::Millis) + tally.of(Sort::Micros) + tally.of(Sort::Nanos);
            style.stamp = STAMPS.into_iter().filter(|_| stamps > 0).find(fits);
        }
        Decision {
            shape: tally.shape(style),
            style,
        }
    }
}

/// What was found out about numbers, dates and missing values.
pub(super) fn evidence(columns: &[Counted], decisions: &[Decision], rules: &Rules) -> Vec<Detected> {
    let with = |shape, fits: &dyn Fn(&Tally, Style) -> bool| {
        let columns = columns.iter().zip(decisions).filter(|(_, decision)| decision.shape == shape);
        columns.filter(|(column, decision)| fits(column.tally, decision.style)).count()
    };
    let numbers = |decimal| {
        with(Shape::Numbers, &|tally, style| {
            let sorts = [Sort::Point, Sort::PointSeconds, Sort::Comma, Sort::Dotted, Sort::Commaed];
            style.decimal == decimal && sorts.iter().any(|&sort| tally.of(sort) > 0)
        })
    };
    let dates = |order| {
        with(Shape::Times, &|tally, style| {
            let sorts = [Sort::DayFirst, Sort::MonthFirst, Sort::EitherFirst];
            style.order == order && sorts.iter().any(|&sort| tally.of(sort) > 0)
        })
    };
    let mut found = vec![match rules.decimal {
        Some(Decimal::Point) => Detected::given(Aspect::Decimal, "point"),
        Some(Decimal::Comma) => Detected::given(Aspect::Decimal, "comma"),
        None => split(Aspect::Decimal, ["point", "comma"], DECIMALS.map(numbers), "no number tells"),
    }];
    let counts = ORDERS.map(dates);
    match rules.order {
        Some(Order::DayFirst) => found.push(Detected::given(Aspect::Dates, "day-first")),
        Some(Order::MonthFirst) => found.push(Detected::given(Aspect::Dates, "month-first")),
        None if counts == [0, 0] => {}
        None => found.push(split(Aspect::Dates, ["day-first", "month-first"], counts, "")),
    }
    let markers = |texts: &[String]| {
        if texts.is_empty() {
            "only empty cells".to_owned()
        } else {
            texts.join(", ")
        }
    };
    found.push(match rules.missing.texts() {
        Some(given) => {
            let texts: Vec<String> = given.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect();
            Detected::given(Aspect::Missing, markers(&texts))
        }
        None => Detected::new(
            Aspect::Missing,
            "usual",
            format!("empty cells, {}; ? among numbers and times", MISSING_MARKERS.join(", ")),
        ),
    });
    found
}

/// Which of two holds in how many columns.
fn split(what: Aspect, words: [&str; 2], counts: [usize; 2], none: &str) -> Detected {
    let columns = |count| counted(count as u64, "column");
    match counts {
        [0, 0] => Detected::new(what, words[0], none),
        [first, 0] => Detected::new(what, words[0], format!("in {}", columns(first))),
        [0, second] => Detected::new(what, words[1], format!("in {}", columns(second))),
        [first, second] => Detected::new(
            what,
            "by column",
            format!("{} in {}, {} in {}", words[0], columns(first), words[1], columns(second)),
        ),
    }
}

/// The one of two that holds, when the other doesn't.
fn only<T: Copy>(both: [T; 2], holds: [bool; 2]) -> Option<T> {
    match holds {
        [true, false] => Some(both[0]),
        [false, true] => Some(both[1]),
        _ => None,
    }
}

/// The decimal sign of the values that can be read in one way only.
pub(super) fn own_decimal(tally: &Tally) -> Option<Decimal> {
    let point = tally.of(Sort::Point) + tally.of(Sort::PointSeconds);
    let comma = tally.of(Sort::Comma);
    only(DECIMALS, [point > comma, comma > point])
}

/// The order of the dates that can be read in one way only.
pub(super) fn own_order(tally: &Tally) -> Option<Order> {
    let (day, month) = (tally.of(Sort::DayFirst), tally.of(Sort::MonthFirst));
    only(ORDERS, [day > month, month > day])
}

fn has_fractions(tally: &Tally) -> bool {
    tally.of(Sort::Point) + tally.of(Sort::Comma) > 0
}
