//! Addresses of numbers as text: for links, for data attributes, for whoever looks for one number in a face.

use std::collections::BTreeMap;

use crate::metric::{Comparison, Key};

/// A group as text: `race=Caucasian`, several columns joined by `;`. A column without `=` is a missing level.
pub fn group_text(group: &BTreeMap<String, Option<String>>) -> String {
    let parts: Vec<String> = group
        .iter()
        .map(|(column, level)| level.as_ref().map_or_else(|| column.clone(), |level| format!("{column}={level}")))
        .collect();
    parts.join(";")
}

/// Parameters as text: `class=3;min_support=30`.
pub fn params_text(params: &BTreeMap<String, String>) -> String {
    let parts: Vec<String> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    parts.join(";")
}

/// A comparison's name in the JSON.
pub const fn comparison_id(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Difference => "difference",
        Comparison::Ratio => "ratio",
        Comparison::ToOverallDifference => "to_overall_difference",
        Comparison::ToOverallRatio => "to_overall_ratio",
        Comparison::ToReferenceDifference => "to_reference_difference",
        Comparison::ToReferenceRatio => "to_reference_ratio",
        Comparison::ToRestDifference => "to_rest_difference",
        Comparison::GroupMin => "group_min",
        Comparison::GroupMax => "group_max",
        Comparison::Change => "change",
    }
}

/// An id for the number in a document: the metric's id and eight digits of the address' fingerprint, whatever the names in it.
pub fn id(key: &Key) -> String {
    // A key holds only maps with text keys, so it always serializes.
    let address = serde_json::to_vec(key).unwrap_or_default();
    let digest = blake3::hash(&address).to_hex();
    format!("n-{}-{}", plain(&key.metric), &digest[..8])
}

/// Only letters, digits and hyphens, so that it can stand in an id without escaping.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// The id of a metric's definition.
pub fn definition(metric: &str) -> String {
    format!("def-{}", plain(metric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_make_plain_ids() {
        let mut key = Key::overall("recall");
        key.group.insert("a\"><script>".to_owned(), Some("'&<".to_owned()));
        let id = id(&key);
        assert!(
            id.starts_with("n-recall-") && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
            "{id}"
        );
        assert_eq!(group_text(&key.group), "a\"><script>='&<");
    }

    #[test]
    fn different_addresses_have_different_ids() {
        let mut key = Key::overall("recall");
        let plain = id(&key);
        key.group.insert("sex".to_owned(), None);
        assert_ne!(plain, id(&key));
    }
}
