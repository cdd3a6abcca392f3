//! The classes of label and prediction: matched where they are spelled differently, sorted, one of them positive.

use crate::data::level_order;
use crate::stats::order;

use super::PlanError;

/// Pairs of words that mean yes and no; the first of each is the positive one.
const PAIRS: [(&str, &str); 12] = [
    ("1", "0"),
    ("true", "false"),
    ("yes", "no"),
    ("y", "n"),
    ("t", "f"),
    ("positive", "negative"),
    ("pos", "neg"),
    ("1", "-1"),
    ("ja", "nein"),
    ("oui", "non"),
    ("sí", "no"),
    ("si", "no"),
];

/// Whether a class is called by a word for yes (true) or no (false).
pub fn truth_word(class: &str) -> Option<bool> {
    let class = class.trim().to_lowercase();
    PAIRS
        .iter()
        .find_map(|(yes, no)| (class == *yes).then_some(true).or((class == *no).then_some(false)))
}

fn opposite(class: &str) -> Option<&'static str> {
    let class = class.trim().to_lowercase();
    PAIRS
        .iter()
        .find_map(|(yes, no)| (class == *no).then_some(*yes).or((class == *yes).then_some(*no)))
}

/// The classes of an audit, and where each column's own levels went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classes {
    /// Sorted: numbers by value, then texts.
    pub names: Vec<String>,
    /// For each level of the label column, its class.
    pub of_label: Vec<u32>,
    /// For each level of the prediction column, its class.
    pub of_prediction: Vec<u32>,
    /// What was matched, in words, where spellings differ.
    pub matched: Option<String>,
}

/// Puts the levels of label and prediction together.
///
/// Equal names are one class. Where they differ, names equal but for letter case and blanks are; where both columns have at most two levels,
/// words for yes and no are (1, true, yes, ja, oui, sí, y, t, positive, pos against 0, false, no, nein, non, n, f, negative, neg, -1).
///
/// # Errors
/// When the columns have no class in common.
pub fn unite(label: (&str, &[String]), prediction: (&str, &[String])) -> Result<Classes, PlanError> {
    let mut matched = None;
    let mut renamed: Vec<String> = prediction.1.to_vec();
    if label.1.iter().all(|name| !prediction.1.contains(name)) && !label.1.is_empty() && !prediction.1.is_empty() {
        let mut spelled = Vec::new();
        for name in &mut renamed {
            let Some(target) = counterpart(name, label.1, prediction.1) else {
                return Err(PlanError::ClassesDiffer {
                    label: (label.0.to_owned(), label.1.to_vec()),
                    prediction: (prediction.0.to_owned(), prediction.1.to_vec()),
                });
            };
            spelled.push(format!("\"{name}\" as \"{target}\""));
            *name = target;
        }
        matched = Some(format!(
            "Columns \"{}\" and \"{}\" spell their classes differently; in the second, {} was read.",
            label.0,
            prediction.0,
            spelled.join(", ")
        ));
    }
    let mut names: Vec<String> = label.1.iter().chain(&renamed).cloned().collect();
    order::sort_by(&mut names, |a, b| level_order(a, b));
    names.dedup();
    let place = |name: &String| names.iter().position(|class| class == name).map_or(u32::MAX, |place| place as u32);
    Ok(Classes {
        of_label: label.1.iter().map(place).collect(),
        of_prediction: renamed.iter().map(place).collect(),
        names,
        matched,
    })
}

/// The label's class that a prediction's level means.
fn counterpart(name: &str, label: &[String], prediction: &[String]) -> Option<String> {
    let plain = |text: &str| text.trim().to_lowercase();
    if let Some(same) = label.iter().find(|class| plain(class) == plain(name)) {
        return Some(same.clone());
    }
    if label.len() > 2 || prediction.len() > 2 {
        return None;
    }
    let wanted = truth_word(name)?;
    if let Some(same) = label.iter().find(|class| truth_word(class) == Some(wanted)) {
        return Some(same.clone());
    }
    // The label has one class only, the other one: its opposite is called as the label would call it.
    label
        .iter()
        .find(|class| truth_word(class) == Some(!wanted))
        .and_then(|class| opposite(class))
        .map(str::to_owned)
}

/// The class counted as positive, and whether the names say so: one is a word for yes and the other, if there is one, for no.
///
/// A word for yes wins, and any other name over a word for no; otherwise the last in order, as scikit-learn does. Where only a word for no
/// occurs, its opposite is positive.
pub fn infer_positive(names: &[String]) -> Option<(String, bool)> {
    if let [only] = names
        && truth_word(only) == Some(false)
    {
        return opposite(only).map(|yes| (yes.to_owned(), true));
    }
    let is = |word: bool| names.iter().find(|name| truth_word(name) == Some(word));
    if let Some(yes) = is(true) {
        return Some((yes.clone(), names.len() == 1 || is(false).is_some()));
    }
    let last = names.iter().rfind(|name| truth_word(name) != Some(false)).or(names.last());
    last.map(|last| (last.clone(), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn different_spellings_are_matched_and_said() {
        let classes = unite(("y", &names(&["0", "1"])), ("p", &names(&["yes", "no"]))).unwrap();
        assert_eq!(classes.names, names(&["0", "1"]));
        assert_eq!(classes.of_prediction, [1, 0]);
        assert!(classes.matched.unwrap().contains("\"yes\" as \"1\""));
        let cased = unite(("y", &names(&["Cat", "Dog", "Owl"])), ("p", &names(&["cat", "dog"]))).unwrap();
        assert_eq!(cased.of_prediction, [0, 1]);
    }

    #[test]
    fn one_sided_columns_are_matched_too() {
        let classes = unite(("y", &names(&["0"])), ("p", &names(&["yes"]))).unwrap();
        assert_eq!(classes.names, names(&["0", "1"]));
    }

    #[test]
    fn strangers_are_refused() {
        let error = unite(("y", &names(&["good", "bad"])), ("p", &names(&["A", "B"]))).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("\"y\" (label) holds \"good\", \"bad\"") && text.contains("Spell the classes alike"),
            "{text}"
        );
    }

    #[test]
    fn the_positive_class_is_the_one_called_so_or_the_last() {
        assert_eq!(infer_positive(&names(&["no", "yes"])), Some(("yes".into(), true)));
        assert_eq!(infer_positive(&names(&["ja", "nein"])), Some(("ja".into(), true)));
        assert_eq!(infer_positive(&names(&["<=50K", ">50K"])), Some((">50K".into(), false)));
        assert_eq!(infer_positive(&names(&["0"])), Some(("1".into(), true)));
        assert_eq!(infer_positive(&names(&["churn", "no"])), Some(("churn".into(), false)));
        assert_eq!(infer_positive(&names(&["1", "2"])), Some(("1".into(), false)));
        assert_eq!(infer_positive(&names(&["-1", "0"])), Some(("0".into(), false)));
        assert_eq!(infer_positive(&[]), None);
    }
}
