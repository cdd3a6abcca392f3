//! What is odd about a column, said when all its rows are counted.

use super::cell::Sort;
use super::decide::{own_decimal, own_order};
use super::error::{counted, quoted};
use super::rules::{Decimal, Order, Rules};
use super::tally::{Decision, Place, Shape, Tally};
use super::{Column, DataError, Kind, Notice, NoticeCode};

/// The notices about a column; `line_of` says on which line of the file a row begins.
pub(super) fn note(
    column: &Column,
    tally: &Tally,
    decision: Decision,
    rules: &Rules,
    line_of: &mut dyn FnMut(&Place) -> Result<u64, DataError>,
) -> Result<Vec<Notice>, DataError> {
    let name = quoted(&column.name);
    let of = |code, text, rows, line| Notice {
        code,
        text,
        column: Some(column.name.clone()),
        rows: Some(rows),
        line,
    };
    if column.kind == Kind::Empty {
        let text = format!("Column {name} holds no values.");
        return Ok(vec![of(NoticeCode::EmptyColumn, text, column.missing, None)]);
    }
    let mut notices = Vec::new();
    if let Some(place) = tally.first_missing(decision.shape) {
        let line = line_of(place)?;
        let text = format!(
            "Column {name} has {} (first at line {line}).",
            counted(column.missing, "missing value")
        );
        notices.push(of(NoticeCode::MissingValues, text, column.missing, Some(line)));
    }
    let what = if column.kind == Kind::Time { "date or time" } else { "number" };
    if let Some(place) = tally.first_misfit(decision) {
        let line = line_of(place)?;
        let (verb, count) = if column.invalid == 1 { ("is", "counts") } else { ("are", "count") };
        let text = format!(
            "{} of column {name} {verb} not a {what} and {count} as missing (first at line {line}).",
            counted(column.invalid, "value")
        );
        notices.push(of(NoticeCode::InvalidValues, text, column.invalid, Some(line)));
    }
    let doubts = [
        doubtful_numbers(tally, decision, rules),
        doubtful_dates(tally, decision, rules),
        percentages(tally, decision),
        currencies(tally),
    ];
    for (rows, text) in doubts.into_iter().flatten() {
        notices.push(of(NoticeCode::Reading, text.replace("{column}", &name), rows, None));
    }
    Ok(notices)
}

/// Numbers that can be read in two ways, in a column that has no others to tell.
fn doubtful_numbers(tally: &Tally, decision: Decision, rules: &Rules) -> Option<(u64, String)> {
    let (dotted, commaed) = (tally.of(Sort::Dotted), tally.of(Sort::Commaed));
    if decision.shape != Shape::Numbers || rules.decimal.is_some() || own_decimal(tally).is_some() {
        return None;
    }
    match decision.style.decimal {
        Decimal::Point if commaed > 0 => Some((
            commaed,
            "The commas of column {column} are read as setting thousands apart: 1,234 is 1234. If they are decimal commas, choose the comma as decimal sign."
                .to_owned(),
        )),
        Decimal::Comma if commaed > 0 => Some((
            commaed,
            "The commas of column {column} are read as decimal commas: 1,234 is a little more than 1. If they set thousands apart, choose the point as decimal sign."
                .to_owned(),
        )),
        Decimal::Comma if dotted > 0 => Some((
            dotted,
            "The points of column {column} are read as setting thousands apart, as other columns have decimal commas: 1.234 is 1234. If they are decimal points, choose the point as decimal sign."
                .to_owned(),
        )),
        _ => None,
    }
}

/// Dates that can be read in two ways, in a column that has no others to tell.
fn doubtful_dates(tally: &Tally, decision: Decision, rules: &Rules) -> Option<(u64, String)> {
    let either = tally.of(Sort::EitherFirst);
    if decision.shape != Shape::Times || rules.order.is_some() || own_order(tally).is_some() || either == 0 {
        return None;
    }
    let (first, example, other) = match decision.style.order {
        Order::DayFirst => ("day", "the 3rd of April", "month"),
        Order::MonthFirst => ("month", "the 4th of March", "day"),
    };
    Some((
        either,
        format!(
            "The dates of column {{column}} are read with the {first} first: 03/04/2018 is {example}. No date tells; if the {other} comes first, choose so."
        ),
    ))
}

fn percentages(tally: &Tally, decision: Decision) -> Option<(u64, String)> {
    let percents = tally.percents();
    let numbers = tally.numbers(decision.style);
    if decision.shape != Shape::Numbers || percents == 0 {
        return None;
    }
    let others = numbers.saturating_sub(percents);
    let text = format!(
        "{} of column {{column}} {} divided by 100: 45 % is 0.45.",
        counted(percents, "percentage"),
        if percents == 1 { "is" } else { "are" }
    );
    Some((
        percents,
        match others {
            0 => text,
            1 => format!("{text} The other number has no percent sign and stays as it is."),
            _ => format!("{text} The other {others} numbers have no percent sign and stay as they are."),
        },
    ))
}

fn currencies(tally: &Tally) -> Option<(u64, String)> {
    tally.has_currencies().then(|| {
        let text = "Column {column} has amounts in several currencies, which are not compared: they are read as texts.";
        (tally.values(Shape::Texts), text.to_owned())
    })
}
