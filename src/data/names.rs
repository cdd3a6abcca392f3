//! What the name of a column tells about its role.

/// How plainly a name says something: the lower, the plainer.
pub(super) type Plainness = usize;

/// A column name in lower case, its words joined by `_`.
pub(super) struct Name(String);

const LABELS: [&str; 21] = [
    "y_true",
    "label",
    "labels",
    "target",
    "targets",
    "truth",
    "ground_truth",
    "true_label",
    "true_class",
    "actual",
    "actuals",
    "label_value",
    "gold_label",
    "observed",
    "outcome",
    "relevance",
    "relevance_grade",
    "class",
    "y",
    "ytrue",
    "groundtruth",
];
const LABEL_STARTS: [&str; 4] = ["true_", "actual_", "label_", "target_"];
const LABEL_ENDS: [&str; 5] = ["_true", "_truth", "_label", "_actual", "_target"];

const PREDICTIONS: [&str; 16] = [
    "y_pred",
    "prediction",
    "predictions",
    "pred",
    "preds",
    "predicted",
    "predicted_label",
    "predicted_class",
    "predicted_value",
    "pred_label",
    "pred_class",
    "y_predicted",
    "y_hat",
    "yhat",
    "ypred",
    "forecast",
];
const PREDICTION_STARTS: [&str; 3] = ["predicted_", "prediction_", "pred_"];
const PREDICTION_ENDS: [&str; 3] = ["_pred", "_prediction", "_predicted"];

const SCORES: [&str; 22] = [
    "score",
    "scores",
    "y_score",
    "proba",
    "prob",
    "probability",
    "y_prob",
    "y_proba",
    "y_pred_proba",
    "y_pred_prob",
    "pred_proba",
    "pred_prob",
    "pred_score",
    "predicted_proba",
    "predicted_prob",
    "predicted_probability",
    "predicted_score",
    "prediction_score",
    "prediction_probability",
    "probability_score",
    "risk_score",
    "decile_score",
];
const SCORE_ENDS: [&str; 4] = ["_proba", "_prob", "_probability", "_score"];

/// What stands around the class in the name of a class score: `proba_cat`, `score[cat]`, `cat_score`; the longest of a kind first.
const AROUND_CLASS: [(&str, &str); 22] = [
    ("y_pred_proba_", ""),
    ("y_proba_", ""),
    ("y_prob_", ""),
    ("y_score_", ""),
    ("probability_", ""),
    ("proba_", ""),
    ("score_", ""),
    ("prob_", ""),
    ("p_", ""),
    ("prob ", ""),
    ("probability[", "]"),
    ("proba[", "]"),
    ("score[", "]"),
    ("prob[", "]"),
    ("p[", "]"),
    ("p(", ")"),
    ("", "_probability"),
    ("", "_proba"),
    ("", "_score"),
    ("", "_prob"),
    ("", ".score"),
    ("", ".prob"),
];

/// What stands around a label in the name of the column of its truth, and of its prediction; that of its score is named as a class score is.
const AROUND_TRUTH: [(&str, &str); 11] = [
    ("y_true_", ""),
    ("true_", ""),
    ("label_", ""),
    ("actual_", ""),
    ("target_", ""),
    ("truth_", ""),
    ("", "_true"),
    ("", "_label"),
    ("", "_actual"),
    ("", "_truth"),
    ("", "_target"),
];
const AROUND_PREDICTION: [(&str, &str); 8] = [
    ("y_pred_", ""),
    ("predicted_", ""),
    ("prediction_", ""),
    ("pred_", ""),
    ("", "_predicted"),
    ("", "_prediction"),
    ("", "_pred"),
    ("", "_y_pred"),
];

/// Classes that are the positive one wherever they occur.
const POSITIVE: [&str; 5] = ["1", "true", "yes", "pos", "positive"];

const COUNTS: [&str; 8] = ["count", "counts", "n", "freq", "frequency", "n_rows", "num_rows", "row_count"];
const WEIGHTS: [&str; 9] = [
    "sample_weight",
    "weight",
    "weights",
    "sample_weights",
    "instance_weight",
    "row_weight",
    "case_weight",
    "w",
    "fnlwgt",
];
const TIMES: [&str; 12] = [
    "timestamp",
    "time",
    "datetime",
    "date",
    "date_time",
    "event_time",
    "created_at",
    "scored_at",
    "predicted_at",
    "created",
    "ts",
    "day",
];
const IDS: [&str; 11] = [
    "id",
    "uuid",
    "guid",
    "row_id",
    "record_id",
    "key",
    "index",
    "identifier",
    "rowid",
    "unnamed_0",
    "row",
];

const QUERIES: [&str; 6] = ["query", "query_id", "qid", "search_id", "search", "request_id"];
/// Words beside which a quantile or a limit is a model's answer.
const FORECAST_WORDS: [&str; 16] = [
    "y",
    "pred",
    "prediction",
    "predicted",
    "forecast",
    "yhat",
    "hat",
    "quantile",
    "bound",
    "limit",
    "interval",
    "pi",
    "ci",
    "target",
    "estimate",
    "band",
];

/// Words that name a sensitive feature wherever they occur in a name.
const SENSITIVE_WORDS: [&str; 13] = [
    "sex",
    "gender",
    "race",
    "ethnicity",
    "ethnic",
    "religion",
    "disability",
    "disabled",
    "nationality",
    "caste",
    "sexuality",
    "orientation",
    "citizenship",
];
/// With `age`, these make a group of ages.
const AGE_WORDS: [&str; 9] = ["cat", "category", "group", "band", "bucket", "range", "bin", "class", "bracket"];
/// Names of what is protected in some places, or stands close to it.
const NEARLY_SENSITIVE: [&str; 10] = [
    "marital_status",
    "marital",
    "married",
    "native_country",
    "country_of_birth",
    "language",
    "native_language",
    "veteran",
    "pregnant",
    "parental_status",
];

/// Words of what people predict, where nothing else tells the label.
const OUTCOME_WORDS: [&str; 28] = [
    "recid",
    "recidivism",
    "default",
    "defaulted",
    "repaid",
    "churn",
    "churned",
    "fraud",
    "approved",
    "accepted",
    "admitted",
    "readmitted",
    "hired",
    "survived",
    "died",
    "death",
    "mortality",
    "diagnosis",
    "success",
    "converted",
    "conversion",
    "clicked",
    "purchased",
    "bought",
    "passed",
    "graduated",
    "income",
    "outcome",
];

impl Name {
    pub(super) fn of(column: &str) -> Self {
        let mut name = String::with_capacity(column.len());
        for c in column.trim().chars().flat_map(char::to_lowercase) {
            if c.is_alphanumeric() {
                name.push(c);
            } else if !name.ends_with('_') && !name.is_empty() {
                name.push('_');
            }
        }
        name.truncate(name.trim_end_matches('_').len());
        Self(name)
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.0 == name
    }

    pub(super) fn label(&self) -> Option<Plainness> {
        self.one_of(&LABELS)
            .or_else(|| self.around(&LABEL_STARTS, &LABEL_ENDS).then_some(LABELS.len()))
    }

    pub(super) fn prediction(&self) -> Option<Plainness> {
        self.one_of(&PREDICTIONS).or_else(|| {
            let is_other = self.score().is_some() || self.is_bound() || self.around(&[], &["_at", "_date", "_time"]);
            (self.around(&PREDICTION_STARTS, &PREDICTION_ENDS) && !is_other).then_some(PREDICTIONS.len())
        })
    }

    /// A plain name of a score, or one that ends like it.
    pub(super) fn score(&self) -> Option<Plainness> {
        self.one_of(&SCORES)
            .or_else(|| self.around(&[], &SCORE_ENDS).then_some(SCORES.len()))
    }

    /// Whether the plainness of a score's name leaves no doubt.
    pub(super) fn is_plain_score(plainness: Plainness) -> bool {
        plainness < SCORES.len()
    }

    pub(super) fn count(&self) -> Option<Plainness> {
        self.one_of(&COUNTS)
    }

    pub(super) fn weight(&self) -> Option<Plainness> {
        self.one_of(&WEIGHTS)
    }

    pub(super) fn time(&self) -> Option<Plainness> {
        self.one_of(&TIMES)
    }

    /// Whether the name says when something was: one of a time, or one that ends like it (`order_date`, `updated_at`).
    pub(super) fn is_moment(&self) -> bool {
        let ends = ["time", "date", "datetime", "timestamp", "ts", "at", "day", "epoch", "dob"];
        self.time().is_some() || self.words().last().is_some_and(|word| ends.contains(&word))
    }

    /// Whether the name says what a row took.
    pub(super) fn latency(&self) -> bool {
        const NAMES: [&str; 8] = [
            "response_time",
            "inference_time",
            "processing_time",
            "prediction_time",
            "duration",
            "elapsed",
            "runtime",
            "latency",
        ];
        let bare = ["_ms", "_us", "_seconds", "_s", "_millis", "_sec"]
            .iter()
            .find_map(|unit| self.0.strip_suffix(unit));
        // What lasts is a feature more often than not, unless its unit says that a machine took it.
        let is_plain = |name: &str| NAMES.contains(&name) && !matches!(name, "duration" | "elapsed" | "runtime");
        is_plain(&self.0) || bare.is_some_and(|name| NAMES.contains(&name)) || self.words().any(|word| word == "latency")
    }

    /// Whether the name is that of how a request ended.
    pub(super) fn status(&self) -> bool {
        [
            "status",
            "status_code",
            "http_status",
            "http_status_code",
            "response_code",
            "http_code",
        ]
        .contains(&self.0.as_str())
    }

    /// Whether the name is that of what requests are told apart by.
    pub(super) fn segment(&self) -> bool {
        const NAMES: [&str; 10] = [
            "endpoint",
            "route",
            "path",
            "method",
            "service",
            "operation",
            "model",
            "model_version",
            "model_name",
            "version",
        ];
        NAMES.contains(&self.0.as_str())
    }

    pub(super) fn is_birth(&self) -> bool {
        self.words()
            .any(|word| matches!(word, "birth" | "born" | "dob" | "birthday" | "birthdate"))
    }

    pub(super) fn id(&self) -> Option<Plainness> {
        self.one_of(&IDS)
            .or_else(|| self.around(&[], &["_id", "_uuid", "_key"]).then_some(IDS.len()))
    }

    /// Whether the name is that of the place of a row, which is another one in every file.
    pub(super) fn is_of_places(&self) -> bool {
        ["index", "unnamed_0", "row", "rowid", "row_number", "column_1"]
            .iter()
            .any(|name| self.is(name))
    }

    pub(super) fn is_sensitive(&self) -> bool {
        let grouped_age = self.words().any(|word| word == "age") && self.words().any(|word| AGE_WORDS.contains(&word));
        grouped_age || self.is("agegroup") || self.words().any(|word| SENSITIVE_WORDS.contains(&word))
    }

    pub(super) fn is_nearly_sensitive(&self) -> bool {
        NEARLY_SENSITIVE.contains(&self.0.as_str())
    }

    pub(super) fn is_outcome(&self) -> bool {
        self.words().any(|word| OUTCOME_WORDS.contains(&word))
    }

    /// Whether the name is that of a share: a score, a probability, a rate.
    pub(super) fn is_share(&self) -> bool {
        let shares = ["percent", "percentage", "pct", "perc", "rate", "share", "confidence", "accuracy"];
        self.score().is_some() || self.is_of_a_model() || self.words().any(|word| shares.contains(&word))
    }

    /// Whether a model made the column, this one or another (`score_b`, `y_pred_b`).
    pub(super) fn is_of_a_model(&self) -> bool {
        let made = [
            "pred",
            "preds",
            "predicted",
            "prediction",
            "score",
            "scores",
            "prob",
            "proba",
            "probability",
            "hat",
        ];
        self.words().any(|word| made.contains(&word))
    }

    /// The probability that a name of a predicted quantile tells: its last word is `q` or `p` and two digits, which are percent, or three, which
    /// are thousandths; before it stands nothing or what names a model's answer.
    pub(super) fn quantile(&self) -> Option<f64> {
        let (head, last) = self.0.rsplit_once('_').unwrap_or(("", &self.0));
        let digits = last
            .strip_prefix('q')
            .or_else(|| last.strip_prefix('p').filter(|_| !head.is_empty()))?;
        let is_answer = head.is_empty() || head.split('_').all(|word| FORECAST_WORDS.contains(&word));
        let scale = match digits.len() {
            2 => 100.0,
            3 => 1000.0,
            _ => return None,
        };
        let number: u16 = digits.parse().ok().filter(|number| *number > 0)?;
        is_answer.then(|| f64::from(number) / scale)
    }

    /// Whether the name is that of an upper limit (or of a lower one), and what else stands in it.
    pub(super) fn limit(&self) -> Option<(bool, String)> {
        let side = |word: &str| match word {
            "lower" | "lwr" | "lo" => Some(false),
            "upper" | "upr" | "hi" => Some(true),
            _ => None,
        };
        let place = self.words().position(|word| side(word).is_some())?;
        let rest: Vec<&str> = self
            .words()
            .enumerate()
            .filter(|(at, _)| *at != place)
            .map(|(_, word)| word)
            .collect();
        let is_answer = |word: &&str| FORECAST_WORDS.contains(word) || word.bytes().all(|byte| byte.is_ascii_digit());
        let found = side(self.words().nth(place)?)?;
        rest.iter().all(is_answer).then(|| (found, rest.join("_")))
    }

    pub(super) fn query(&self) -> Option<Plainness> {
        self.one_of(&QUERIES)
    }

    /// Whether the name is that of a quantile or a bound (`pred_q10`, `pred_lower`).
    fn is_bound(&self) -> bool {
        let last = self.words().last().unwrap_or_default();
        let quantile = last
            .strip_prefix(['q', 'p'])
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
        quantile
            || matches!(
                last,
                "lower" | "upper" | "low" | "high" | "lo" | "hi" | "std" | "se" | "min" | "max"
            ) && self.words().count() < 3
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split('_')
    }

    fn one_of(&self, names: &[&str]) -> Option<Plainness> {
        names.iter().position(|name| self.is(name))
    }

    fn around(&self, starts: &[&str], ends: &[&str]) -> bool {
        starts.iter().any(|start| self.0.starts_with(start)) || ends.iter().any(|end| self.0.ends_with(end))
    }
}

/// The class in the name of a class score, and which way of naming it is.
pub(super) fn class_of(column: &str) -> Option<(usize, &str)> {
    classes_of(column).next()
}

/// The classes that a name may name the score of, and which way of naming each is: `p_cat_score` may be that of `cat_score` or of `p_cat`.
pub(super) fn classes_of(column: &str) -> impl Iterator<Item = (usize, &str)> {
    within(column, &AROUND_CLASS)
}

/// What is between the start and the end of a name, for each way of naming that fits.
fn within<'n>(column: &'n str, around: &'static [(&'static str, &'static str)]) -> impl Iterator<Item = (usize, &'n str)> {
    around.iter().enumerate().filter_map(|(way, (start, end))| {
        let (head, rest) = column.split_at_checked(start.len())?;
        let (class, tail) = rest.split_at_checked(rest.len().checked_sub(end.len())?)?;
        let is_so = head.eq_ignore_ascii_case(start) && tail.eq_ignore_ascii_case(end);
        (is_so && !class.is_empty()).then_some((way, class))
    })
}

/// The label whose truth a column is named after, and which way of naming it is.
pub(super) fn label_of_truth(column: &str) -> Option<(usize, &str)> {
    within(column, &AROUND_TRUTH).next()
}

/// Whether a column is named after the prediction of a label.
pub(super) fn is_prediction_of(column: &str, label: &str) -> bool {
    within(column, &AROUND_PREDICTION).any(|(_, name)| same_class(name, label))
}

/// Whether a column is named after the score of a label.
pub(super) fn is_score_of(column: &str, label: &str) -> bool {
    within(column, &AROUND_CLASS).any(|(_, name)| same_class(name, label))
}

/// What the label is called whose truth this column holds: the name without the word for a truth, if it has one.
pub fn label_name(column: &str) -> &str {
    label_of_truth(column).map_or(column, |(_, label)| label)
}

/// Whether a class is the positive one by its name.
pub(super) fn is_positive(class: &str) -> bool {
    POSITIVE.iter().any(|positive| class.eq_ignore_ascii_case(positive))
}

/// Whether two spellings name the same class: the same letters and digits in any case.
pub(super) fn same_class(a: &str, b: &str) -> bool {
    a == b || Name::of(a).0 == Name::of(b).0 && !Name::of(a).0.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_case_and_signs() {
        assert!(Name::of(" Sample-Weight ").is("sample_weight"));
        assert!(Name::of("Unnamed: 0").is("unnamed_0"));
        assert!(Name::of("__x__").is("x"));
        assert!(Name::of("%%").is(""));
    }

    #[test]
    fn names_tell_roles() {
        assert_eq!(Name::of("Y_True").label(), Some(0));
        assert!(Name::of("income_label").label().is_some());
        assert!(Name::of("label_b").label() > Name::of("y").label());
        assert!(Name::of("predicted_high_risk").prediction().is_some());
        for name in ["y_pred_b", "pred_q10", "pred_lower", "pred_proba", "predicted_at", "score"] {
            assert_eq!(Name::of(name).prediction(), None, "{name}");
        }
        assert!(Name::of("churn_proba").score().is_some());
        assert_eq!(Name::of("score_b").score(), None);
        assert_eq!(Name::of("score_text").score(), None);
        assert!(Name::of("Customer ID").id().is_some());
        assert_eq!(Name::of("paid").id(), None);
    }

    #[test]
    fn sensitive_names() {
        for name in ["sex", "Gender", "applicant_race", "age_cat", "AgeGroup", "race/ethnicity"] {
            assert!(Name::of(name).is_sensitive(), "{name}");
        }
        for name in ["age", "embrace", "category", "sextant", "stage_group"] {
            assert!(!Name::of(name).is_sensitive(), "{name}");
        }
    }

    #[test]
    fn names_tell_quantiles_and_limits() {
        for (name, quantile) in [("pred_q10", 0.1), ("q05", 0.05), ("y_hat_p975", 0.975), ("Forecast P90", 0.9)] {
            assert_eq!(Name::of(name).quantile(), Some(quantile), "{name}");
        }
        for name in ["p90", "latency_p99", "q1", "pred_q00", "pred_qx5", "q", "pred_q1000"] {
            assert_eq!(Name::of(name).quantile(), None, "{name}");
        }
        assert_eq!(Name::of("pred_lower").limit(), Some((false, "pred".to_owned())));
        assert_eq!(Name::of("Upper 95").limit(), Some((true, "95".to_owned())));
        for name in ["lower_leg_length", "lowered", "high"] {
            assert_eq!(Name::of(name).limit(), None, "{name}");
        }
    }

    #[test]
    fn class_scores_name_their_class() {
        let class = |name| class_of(name).map(|(_, class)| class);
        for name in [
            "proba_cat",
            "P_cat",
            "score[cat]",
            "p(cat)",
            "cat_score",
            "cat_PROBA",
            "prob cat",
            "Probability_cat",
            "cat.prob",
            "y_score_cat",
        ] {
            assert_eq!(class(name), Some("cat"), "{name}");
        }
        assert_eq!(class("P_Iris-setosa"), Some("Iris-setosa"));
        assert_eq!(
            classes_of("p_cat_score").map(|(_, class)| class).collect::<Vec<_>>(),
            ["cat_score", "p_cat"]
        );
        for name in ["score_", "_score", "score[]", "score", "score[cat"] {
            assert_eq!(class(name), None, "{name}");
        }
        assert_eq!(class_of("é"), None);
        assert!(same_class("Iris-setosa", "iris_setosa") && !same_class("+", "-") && is_positive("Yes"));
    }
}
