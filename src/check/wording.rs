//! How a metric is told of rows: `Of 100 rows positive in truth, 52 are found`.

/// A side of the confusion matrix, as a property of rows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Trait {
    /// Every row.
    Any,
    /// Positive in truth.
    Positive,
    /// Negative in truth.
    Negative,
    /// Predicted positive.
    PredictedPositive,
    /// Predicted negative.
    PredictedNegative,
    /// In words that no class changes.
    Words(&'static str),
}

impl Trait {
    /// The property in words; of the class where the metric is that of one class (its name quoted already).
    pub(super) fn text(self, class: Option<&str>) -> String {
        match (self, class) {
            (Self::Any, _) => String::new(),
            (Self::Words(words), _) => words.to_owned(),
            (Self::Positive, None) => "positive in truth".to_owned(),
            (Self::Negative, None) => "negative in truth".to_owned(),
            (Self::PredictedPositive, None) => "predicted positive".to_owned(),
            (Self::PredictedNegative, None) => "predicted negative".to_owned(),
            (Self::Positive, Some(class)) => format!("{class} in truth"),
            (Self::Negative, Some(class)) => format!("not {class} in truth"),
            (Self::PredictedPositive, Some(class)) => format!("predicted {class}"),
            (Self::PredictedNegative, Some(class)) => format!("not predicted {class}"),
        }
    }
}

/// A share in words: of the rows with one property, those with another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wording {
    /// The share's denominator.
    pub(super) of: Trait,
    /// What is said of the rows counted.
    pub(super) are: Trait,
    /// The same, where groups are compared: `the group selected least often`.
    pub(super) compared: Trait,
}

const fn told(of: Trait, are: Trait) -> Wording {
    Wording { of, are, compared: are }
}

/// The words of a share; `None` for metrics that go by their name and number.
pub(super) fn of_metric(id: &str) -> Option<Wording> {
    use Trait::{Any, Negative, Positive, PredictedNegative, PredictedPositive, Words};
    Some(match id {
        "accuracy" => told(Any, Words("predicted correctly")),
        "error_rate" => told(Any, Words("predicted wrongly")),
        "precision" => told(PredictedPositive, Positive),
        "false_discovery_rate" => told(PredictedPositive, Negative),
        "negative_predictive_value" => told(PredictedNegative, Negative),
        "false_omission_rate" => told(PredictedNegative, Positive),
        "recall" => told(Positive, Words("found")),
        "false_negative_rate" => told(Positive, Words("missed")),
        "specificity" => told(Negative, PredictedNegative),
        "false_positive_rate" => told(Negative, Words("flagged wrongly")),
        "prevalence" => told(Any, Positive),
        "majority_share" => told(Any, Words("of the most frequent class")),
        "selection_rate" => Wording {
            of: Any,
            are: PredictedPositive,
            compared: Words("selected"),
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_takes_the_place_of_positive() {
        let recall = of_metric("recall").unwrap();
        assert_eq!(recall.of.text(None), "positive in truth");
        assert_eq!(recall.of.text(Some("“cat”")), "“cat” in truth");
        assert_eq!(of_metric("specificity").unwrap().are.text(Some("“cat”")), "not predicted “cat”");
        assert!(of_metric("roc_auc").is_none());
    }
}
