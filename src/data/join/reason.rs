//! Why no id matches, as far as short ids tell. No id is said.

use std::collections::BTreeSet;

use super::Matched;
use crate::data::error::counted;
use crate::data::keys::{NO_ID, key_of_text, short_text};

/// The most ids of a file that are looked at.
const MOST_IDS: usize = 100_000;

/// Ways of writing an id that the files may not share.
type Way = fn(&[u8]) -> Vec<u8>;

/// Whole sentences: why, and what to do.
pub(super) fn reason(own: &[u128], other: &[u128], matched: &Matched) -> String {
    if matched.without_id == matched.rows {
        return "No row of the predictions has an id. Choose another column.".to_owned();
    }
    if other.iter().all(|key| *key == NO_ID) {
        return "No row of the label file has an id. Choose another column.".to_owned();
    }
    if matched.disputed > 0 {
        return "The ids that both have are each in several rows of the label file that say different things. Keep one row for each id."
            .to_owned();
    }
    let (own, other) = (texts(own), texts(other));
    let ways: [(Way, &str, &str); 3] = [
        (
            without_zeros,
            "Without leading zeros",
            "Spreadsheets drop them: keep the ids as text in both files.",
        ),
        (lower, "In lower case", "Write the ids in the same case in both files."),
        (
            digits,
            "By their digits alone",
            "One of the files writes something around them: take it away.",
        ),
    ];
    for (way, how, advice) in ways {
        let known: BTreeSet<u128> = other
            .iter()
            .map(|text| key_of_text(&way(text)))
            .filter(|key| *key != NO_ID)
            .collect();
        let count = own.iter().filter(|text| known.contains(&key_of_text(&way(text)))).count();
        if count > 0 && count * 10 >= own.len() {
            let verb = if count == 1 { "matches" } else { "match" };
            return format!("{how}, {} {verb}. {advice}", counted(count as u64, "row"));
        }
    }
    for (texts, file) in [(&own, "the predictions"), (&other, "the label file")] {
        if texts.iter().any(|text| is_scientific(text)) {
            return format!(
                "Ids of {file} are written with a power of ten, as spreadsheets do with long numbers: their last digits are lost. Write that file anew."
            );
        }
    }
    let (numbers, other_numbers) = (are_numbers(&own), are_numbers(&other));
    if numbers != other_numbers {
        let (is, are) = if numbers { ("numbers", "texts") } else { ("texts", "numbers") };
        return format!("The ids of the predictions are {is}, those of the label file {are}. Choose columns that hold the same ids.");
    }
    "Check that both files are about the same rows and that these are their ids.".to_owned()
}

fn texts(keys: &[u128]) -> Vec<Vec<u8>> {
    keys.iter().filter_map(|key| short_text(*key)).take(MOST_IDS).collect()
}

fn without_zeros(text: &[u8]) -> Vec<u8> {
    let zeros = text.iter().take_while(|byte| **byte == b'0').count();
    text[zeros..].to_vec()
}

fn lower(text: &[u8]) -> Vec<u8> {
    text.to_ascii_lowercase()
}

fn digits(text: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = text.iter().copied().filter(u8::is_ascii_digit).collect();
    without_zeros(&digits)
}

fn is_scientific(text: &[u8]) -> bool {
    let parts: Vec<&[u8]> = text.splitn(2, |byte| matches!(byte, b'e' | b'E')).collect();
    let [number, [b'+', power @ ..]] = parts.as_slice() else {
        return false;
    };
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    is_number(number) && is_number(power)
}

/// Whether all ids that can be seen are whole numbers.
fn are_numbers(texts: &[Vec<u8>]) -> bool {
    !texts.is_empty() && texts.iter().all(|text| text.iter().all(u8::is_ascii_digit))
}
