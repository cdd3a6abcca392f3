//! Estimates as bytes, every double by its bits. There are many of them, and code that reads JSON takes several times as much room.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::data::wire::{Input, put_all, put_texts};
use crate::metric::{Estimate, Key, Undefined, Window};
use crate::stats::interval::Interval;

/// Levels by the names of their columns.
type Levels = BTreeMap<String, Option<String>>;

/// Puts an estimate behind what is there; `None` where it has no bytes.
pub(super) fn put(out: &mut Vec<u8>, estimate: &Estimate) -> Option<()> {
    let Estimate {
        key,
        value,
        special,
        text,
        support,
        interval,
        undefined,
        within,
    } = estimate;
    if within.is_some() {
        // Limits are told from profiles, which are not carried.
        return None;
    }
    put_key(out, key)?;
    put_texts(out, words(special.as_ref())?.as_slice());
    put_texts(out, text.as_slice());
    let bits = value.map_or([0, 0], |value| [1, value.to_bits()]);
    put_all(out, &[*support, bits[0], bits[1]]);
    put_texts(out, words(interval.as_ref().map(|interval| &interval.method))?.as_slice());
    if let Some(Interval {
        low,
        high,
        level,
        method: _,
    }) = interval
    {
        put_all(out, &[low.to_bits(), high.to_bits(), level.to_bits()]);
    }
    let reason = match undefined {
        Some(Undefined { code, text }) => vec![serde_json::to_string(code).ok()?, text.clone()],
        None => Vec::new(),
    };
    put_texts(out, &reason);
    Some(())
}

/// Takes an estimate; `None` where there is none.
pub(super) fn take(input: &mut Input<'_>) -> Option<Estimate> {
    let key = take_key(input)?;
    let special = of_words(input.texts()?)?;
    let text = input.texts()?.pop();
    let [support, is_there, bits] = input.take_all()?;
    let interval = match of_words(input.texts()?)? {
        Some(method) => {
            let [low, high, level] = input.take_all()?.map(f64::from_bits);
            Some(Interval { low, high, level, method })
        }
        None => None,
    };
    let undefined = match <[String; 2]>::try_from(input.texts()?) {
        Ok([code, text]) => Some(Undefined {
            code: serde_json::from_str(&code).ok()?,
            text,
        }),
        Err(_) => None,
    };
    Some(Estimate {
        key,
        value: (is_there == 1).then_some(f64::from_bits(bits)),
        special,
        text,
        support,
        interval,
        undefined,
        within: None,
    })
}

fn put_key(out: &mut Vec<u8>, key: &Key) -> Option<()> {
    let Key {
        metric,
        params,
        source,
        columns,
        group,
        slice,
        control,
        window,
        comparison,
        by,
        reference_group,
    } = key;
    put_texts(out, &[metric.clone(), serde_json::to_string(source).ok()?]);
    put_texts(out, &params.keys().cloned().collect::<Vec<String>>());
    put_texts(out, &params.values().cloned().collect::<Vec<String>>());
    for texts in [columns, by] {
        put_texts(out, texts);
    }
    for text in [slice, control] {
        put_texts(out, text.as_slice());
    }
    put_texts(out, words(comparison.as_ref())?.as_slice());
    put_levels(out, group);
    put_all(out, &[u64::from(reference_group.is_some()), u64::from(window.is_some())]);
    if let Some(levels) = reference_group {
        put_levels(out, levels);
    }
    if let Some(Window { by, index, from, to }) = window {
        put_texts(out, &[by.clone(), from.clone(), to.clone()]);
        put_all(out, &[u64::from(*index)]);
    }
    Some(())
}

fn take_key(input: &mut Input<'_>) -> Option<Key> {
    let [metric, source] = input.texts()?.try_into().ok()?;
    let (names, values) = (input.texts()?, input.texts()?);
    let (columns, by) = (input.texts()?, input.texts()?);
    let (slice, control) = (input.texts()?.pop(), input.texts()?.pop());
    let comparison = of_words(input.texts()?)?;
    let group = take_levels(input)?;
    let [has_reference, has_window] = input.take_all()?;
    let reference_group = if has_reference == 1 { Some(take_levels(input)?) } else { None };
    let window = if has_window == 1 {
        let [by, from, to] = input.texts()?.try_into().ok()?;
        let index = u32::try_from(input.take()?).ok()?;
        Some(Window { by, index, from, to })
    } else {
        None
    };
    Some(Key {
        metric,
        params: names.into_iter().zip(values).collect(),
        source: serde_json::from_str(&source).ok()?,
        columns,
        group,
        slice,
        control,
        window,
        comparison,
        by,
        reference_group,
    })
}

fn put_levels(out: &mut Vec<u8>, levels: &Levels) {
    put_all(out, &[levels.len() as u64]);
    for (column, level) in levels {
        put_texts(out, std::slice::from_ref(column));
        put_texts(out, level.as_slice());
    }
}

fn take_levels(input: &mut Input<'_>) -> Option<Levels> {
    (0..input.take()?)
        .map(|_| Some((input.texts()?.pop()?, input.texts()?.pop())))
        .collect()
}

/// The word of what may be there.
fn words<T: Serialize>(value: Option<&T>) -> Option<Option<String>> {
    match value {
        Some(value) => serde_json::to_string(value).ok().map(Some),
        None => Some(None),
    }
}

/// What a word stands for, if there is one.
fn of_words<T: DeserializeOwned>(mut words: Vec<String>) -> Option<Option<T>> {
    match words.pop() {
        Some(word) => serde_json::from_str(&word).ok().map(Some),
        None => Some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::{Comparison, Source, Special, UndefinedCode};
    use crate::stats::interval::Method;

    fn whole() -> Estimate {
        let text = |text: &str| Some(text.to_owned());
        let levels = BTreeMap::from([("a".to_owned(), text("x")), ("b".to_owned(), None)]);
        Estimate {
            key: Key {
                metric: "mean".to_owned(),
                params: BTreeMap::from([("q".to_owned(), "0.5".to_owned()), ("of".to_owned(), String::new())]),
                source: Source::Reference,
                columns: vec!["\"odd\", name".to_owned(), "ü".to_owned()],
                group: levels.clone(),
                slice: text("age < 3"),
                control: text(""),
                window: Some(Window {
                    by: "when".to_owned(),
                    index: 7,
                    from: "2026".to_owned(),
                    to: String::new(),
                }),
                comparison: Some(Comparison::ToRestDifference),
                by: vec!["sex".to_owned()],
                reference_group: Some(levels),
            },
            value: Some(-0.0),
            special: Some(Special::NegInf),
            text: text("a word"),
            support: u64::MAX,
            interval: Some(Interval {
                low: f64::NEG_INFINITY,
                high: 0.1 + 0.2,
                level: 0.95,
                method: Method::Wilson,
            }),
            undefined: Some(UndefinedCode::NoRows.into()),
            within: None,
        }
    }

    fn carried(estimate: &Estimate) -> Estimate {
        let mut bytes = Vec::new();
        put(&mut bytes, estimate).expect("estimates have bytes");
        for end in 0..bytes.len() {
            assert!(take(&mut Input(&bytes[..end])).is_none(), "{end} of {} bytes", bytes.len());
        }
        let mut input = Input(&bytes);
        let found = take(&mut input).expect("the bytes are whole");
        assert!(input.0.is_empty());
        found
    }

    #[test]
    fn estimates_read_back_from_bytes() {
        let whole = whole();
        let found = carried(&whole);
        assert_eq!(found, whole);
        assert_eq!(found.value.map(f64::to_bits), whole.value.map(f64::to_bits));
        let plain = Estimate {
            key: Key::overall("rows"),
            value: None,
            special: None,
            text: None,
            support: 0,
            interval: None,
            undefined: None,
            within: None,
        };
        assert_eq!(carried(&plain), plain);
    }
}
