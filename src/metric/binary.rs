//! Metrics of predicted classes: two classes, or one class against the rest.

use super::cells::{Cells, Outcomes};
use super::dual::Dual;
use super::labels;
use super::multiclass::{Apart, Average, ClassReader};
use super::reading::Reading;
use super::spec::{Compare, Direction, Family, Metric, Params, Read, Unit};
use super::{Parameters, UndefinedCode as Code};
use crate::stats::sum::ExactSum;

const fn share(hits: Cells, of: Cells, empty: Code) -> Read {
    Read::Share { hits, of, empty }
}

const fn count(
    id: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
    summary: &'static str,
    reads: &'static [Read],
) -> Metric {
    Metric {
        id,
        name,
        aliases,
        words: &[],
        family: Family::Counts,
        summary,
        formula: "The sum of weights; without weights the number of rows, each counted as often as it stands for.",
        reading: "A count: it says how much evidence there is, not how good the model is.",
        caveat: "Rows without a label or without a prediction are counted apart.",
        reference: "Confusion matrix.",
        direction: Direction::Neutral,
        range: (0.0, f64::INFINITY),
        unit: Unit::Count,
        compare: Compare::No,
        per_class: false,
        by_group: false,
        reads,
    }
}

const SHARE: Metric = Metric {
    reading: "From 0 % to 100 %.",
    reference: "scikit-learn, confusion_matrix",
    unit: Unit::Share,
    ..Metric::BLANK
};

const SCORE: Metric = Metric {
    unit: Unit::Score,
    ..SHARE
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 41] = [
    Metric {
        id: "rows",
        name: "rows",
        aliases: &["count", "total_weight"],
        words: &["number of rows"],
        summary: "How many rows there are, each counted as often as it stands for.",
        reads: &[
            Read::Weight(Cells::ALL),
            Read::Classes(ClassReader::Rows),
            Read::Residuals(super::regression::rows),
        ],
        ..count("rows", "rows", &[], "", &[])
    },
    Metric {
        per_class: true,
        ..count(
            "label_positives",
            "positive labels",
            &["support"],
            "How many rows are positive in truth.",
            &[Read::Weight(Cells::POSITIVE), Read::Classes(ClassReader::PerClassOnly)],
        )
    },
    count(
        "predicted_positives",
        "positive predictions",
        &[],
        "How many rows are predicted positive.",
        &[Read::Weight(Cells::SELECTED)],
    ),
    count(
        "true_positives",
        "true positives",
        &["tp"],
        "How many positives are predicted positive.",
        &[Read::Weight(Cells::TP)],
    ),
    count(
        "false_positives",
        "false positives",
        &["fp"],
        "How many negatives are predicted positive.",
        &[Read::Weight(Cells::FP)],
    ),
    count(
        "false_negatives",
        "false negatives",
        &["fn"],
        "How many positives are predicted negative.",
        &[Read::Weight(Cells::FN)],
    ),
    count(
        "true_negatives",
        "true negatives",
        &["tn"],
        "How many negatives are predicted negative.",
        &[Read::Weight(Cells::TN)],
    ),
    Metric {
        id: "prevalence",
        name: "prevalence",
        aliases: &["base_rate", "prev"],
        words: &["base rate"],
        family: Family::Counts,
        summary: "The share of rows that are positive in truth.",
        formula: "(tp + fn) / (tp + fp + fn + tn)",
        caveat: "Groups with different base rates cannot have all error rates and predictive values equal at once.",
        direction: Direction::Neutral,
        per_class: true,
        reads: &[share(Cells::POSITIVE, Cells::LABELLED, Code::NoRows)],
        ..SHARE
    },
    Metric {
        id: "majority_share",
        name: "share of the most frequent class",
        aliases: &["majority_class_share"],
        words: &["majority share", "most frequent class"],
        family: Family::Counts,
        summary: "How often the answer would be right that always names the most frequent class.",
        formula: "max over classes of (rows of the class) / (rows)",
        reading: "The least that accuracy must beat to be worth anything.",
        caveat: "In each group it is that group's own most frequent class.",
        reference: "scikit-learn, DummyClassifier(strategy=\"most_frequent\")",
        direction: Direction::Neutral,
        compare: Compare::No,
        reads: &[Read::Function(majority_share), Read::Classes(ClassReader::MajorityShare)],
        ..SHARE
    },
    Metric {
        id: "selection_rate",
        name: "selection rate",
        aliases: &["positive_prediction_rate", "pprev", "acceptance_rate"],
        words: &["selection rate", "flag rate"],
        summary: "The share of rows that are predicted positive.",
        formula: "(tp + fp) / (tp + fp + fn + tn)",
        reading: "Compared between groups it is demographic parity; the ratio is what the four-fifths rule looks at.",
        caveat: "It needs no labels and says nothing about errors.",
        reference: "fairlearn, selection_rate",
        direction: Direction::Neutral,
        per_class: true,
        reads: &[share(Cells::SELECTED, Cells::PREDICTED, Code::NoRows)],
        ..SHARE
    },
    Metric {
        id: "accuracy",
        name: "accuracy",
        aliases: &[],
        words: &["share correct"],
        summary: "The share of rows that are predicted correctly.",
        formula: "(tp + tn) / (tp + fp + fn + tn)",
        reading: "Read it beside the share of the most frequent class: below that, always giving the same answer is better.",
        caveat: "It hides which kind of error is made, and flatters when one class is rare.",
        reference: "scikit-learn, accuracy_score",
        reads: &[
            share(Cells::TP.or(Cells::TN), Cells::COMPLETE, Code::NoRows),
            Read::Classes(ClassReader::Accuracy),
        ],
        ..SHARE
    },
    Metric {
        id: "error_rate",
        name: "error rate",
        aliases: &["zero_one_loss"],
        words: &["share wrong"],
        summary: "The share of rows that are predicted wrongly.",
        formula: "(fp + fn) / (tp + fp + fn + tn)",
        caveat: "One minus accuracy, with the same blind spots.",
        reference: "scikit-learn, zero_one_loss",
        direction: Direction::LowerIsBetter,
        reads: &[
            share(Cells::FP.or(Cells::FN), Cells::COMPLETE, Code::NoRows),
            Read::Classes(ClassReader::ErrorRate),
        ],
        ..SHARE
    },
    Metric {
        id: "balanced_accuracy",
        name: "balanced accuracy",
        aliases: &[],
        words: &[],
        summary: "The average share of each class that is predicted correctly.",
        formula: "(tp / (tp + fn) + tn / (tn + fp)) / 2; with several classes, the mean of their recalls",
        reading: "50 % is what guessing reaches with two classes.",
        caveat: "A class of ten rows weighs as much as one of a million. Undefined where a class is absent.",
        reference: "scikit-learn, balanced_accuracy_score",
        reads: &[Read::Function(balanced_accuracy), Read::Classes(ClassReader::BalancedAccuracy)],
        ..SHARE
    },
    Metric {
        id: "precision",
        name: "precision",
        aliases: &["ppv", "positive_predictive_value"],
        words: &["positive predictive value"],
        summary: "Of those predicted positive, the share who are.",
        formula: "tp / (tp + fp)",
        caveat: "It depends on the base rate, so it moves between groups even when the model treats them alike.",
        reference: "scikit-learn, precision_score",
        per_class: true,
        reads: &[share(Cells::TP, Cells::TP.or(Cells::FP), Code::NoPredictedPositives)],
        ..SHARE
    },
    Metric {
        id: "recall",
        name: "recall",
        aliases: &["tpr", "true_positive_rate", "sensitivity", "hit_rate"],
        words: &["true positive rate", "sensitivity"],
        summary: "Of those who are positive, the share who are found.",
        formula: "tp / (tp + fn)",
        reading: "Compared between groups it is equal opportunity.",
        caveat: "It says nothing about false alarms.",
        reference: "scikit-learn, recall_score",
        per_class: true,
        reads: &[share(Cells::TP, Cells::TP.or(Cells::FN), Code::NoPositives)],
        ..SHARE
    },
    Metric {
        id: "specificity",
        name: "specificity",
        aliases: &["tnr", "true_negative_rate", "selectivity"],
        words: &["true negative rate"],
        summary: "Of those who are negative, the share who are left alone.",
        formula: "tn / (tn + fp)",
        caveat: "It says nothing about those who are missed.",
        reference: "scikit-learn, recall_score(pos_label=0)",
        per_class: true,
        reads: &[share(Cells::TN, Cells::TN.or(Cells::FP), Code::NoNegatives)],
        ..SHARE
    },
    Metric {
        id: "false_positive_rate",
        name: "false positive rate",
        aliases: &["fpr", "fall_out"],
        words: &["false alarm rate"],
        summary: "Of those who are negative, the share who are wrongly flagged.",
        formula: "fp / (fp + tn)",
        reading: "Compared between groups it is predictive equality.",
        caveat: "It says nothing about those who are missed.",
        direction: Direction::LowerIsBetter,
        per_class: true,
        reads: &[share(Cells::FP, Cells::FP.or(Cells::TN), Code::NoNegatives)],
        ..SHARE
    },
    Metric {
        id: "false_negative_rate",
        name: "false negative rate",
        aliases: &["fnr", "miss_rate"],
        words: &["miss rate"],
        summary: "Of those who are positive, the share who are missed.",
        formula: "fn / (fn + tp)",
        caveat: "It says nothing about false alarms.",
        direction: Direction::LowerIsBetter,
        per_class: true,
        reads: &[share(Cells::FN, Cells::FN.or(Cells::TP), Code::NoPositives)],
        ..SHARE
    },
    Metric {
        id: "negative_predictive_value",
        name: "negative predictive value",
        aliases: &["npv"],
        words: &[],
        summary: "Of those predicted negative, the share who are.",
        formula: "tn / (tn + fn)",
        caveat: "It depends on the base rate.",
        reads: &[share(Cells::TN, Cells::TN.or(Cells::FN), Code::NoPredictedNegatives)],
        ..SHARE
    },
    Metric {
        id: "false_discovery_rate",
        name: "false discovery rate",
        aliases: &["fdr"],
        words: &[],
        summary: "Of those predicted positive, the share who are not.",
        formula: "fp / (fp + tp)",
        caveat: "It depends on the base rate.",
        direction: Direction::LowerIsBetter,
        reads: &[share(Cells::FP, Cells::FP.or(Cells::TP), Code::NoPredictedPositives)],
        ..SHARE
    },
    Metric {
        id: "false_omission_rate",
        name: "false omission rate",
        aliases: &["for"],
        words: &[],
        summary: "Of those predicted negative, the share who are positive.",
        formula: "fn / (fn + tn)",
        caveat: "It depends on the base rate.",
        direction: Direction::LowerIsBetter,
        reads: &[share(Cells::FN, Cells::FN.or(Cells::TN), Code::NoPredictedNegatives)],
        ..SHARE
    },
    Metric {
        id: "f1",
        name: "F1",
        aliases: &["f_measure", "dice"],
        words: &["f1 score"],
        summary: "Precision and recall in one number: their harmonic mean.",
        formula: "2 tp / (2 tp + fp + fn)",
        reading: "From 0 to 1; high only when both precision and recall are.",
        caveat: "It ignores true negatives and depends on which class is called positive.",
        reference: "scikit-learn, f1_score",
        per_class: true,
        reads: &[Read::Function(|cells| f_beta(cells, 1.0))],
        ..SCORE
    },
    Metric {
        id: "f0_5",
        name: "F0.5",
        aliases: &[],
        words: &[],
        summary: "Precision and recall in one number, with precision counting more.",
        formula: "1.25 tp / (1.25 tp + 0.25 fn + fp)",
        reading: "From 0 to 1.",
        caveat: "It ignores true negatives.",
        reference: "scikit-learn, fbeta_score(beta=0.5)",
        reads: &[Read::Function(|cells| f_beta(cells, 0.5))],
        ..SCORE
    },
    Metric {
        id: "f2",
        name: "F2",
        aliases: &[],
        words: &[],
        summary: "Precision and recall in one number, with recall counting more.",
        formula: "5 tp / (5 tp + 4 fn + fp)",
        reading: "From 0 to 1.",
        caveat: "It ignores true negatives.",
        reference: "scikit-learn, fbeta_score(beta=2)",
        reads: &[Read::Function(|cells| f_beta(cells, 2.0))],
        ..SCORE
    },
    Metric {
        id: "f_beta",
        name: "F-beta",
        aliases: &["fbeta"],
        words: &[],
        summary: "Precision and recall in one number, with recall counting beta times as much as precision.",
        formula: "(1 + beta^2) tp / ((1 + beta^2) tp + beta^2 fn + fp)",
        reading: "From 0 to 1.",
        caveat: "It ignores true negatives; measured where beta is set.",
        reference: "van Rijsbergen 1979; scikit-learn, fbeta_score",
        reads: &[Read::Outcomes {
            form: |parameters| parameters.beta.map(|beta| vec![("beta", beta.to_string())]),
            read: |outcomes, parameters| Reading::function(outcomes, |cells| f_beta(cells, parameters.beta.unwrap_or(1.0))),
        }],
        ..SCORE
    },
    Metric {
        id: "f1_macro",
        name: "macro F1",
        aliases: &["macro_f1"],
        words: &[],
        summary: "The plain average of every class's F1 score.",
        formula: "mean over classes of 2 tp / (2 tp + fp + fn)",
        reading: "From 0 to 1; small classes count as much as large ones.",
        caveat: "Classes that occur neither in truth nor in prediction are left out.",
        reference: "scikit-learn, f1_score(average=\"macro\")",
        by_group: true,
        reads: &[
            Read::Function(f1_macro),
            Read::Classes(ClassReader::F1(Average::Macro)),
            labels::of_labels(|view| labels::average(view, labels::Ratio::F1, Average::Macro)),
        ],
        ..SCORE
    },
    Metric {
        id: "f1_weighted",
        name: "weighted F1",
        aliases: &["weighted_f1"],
        words: &[],
        summary: "The average of every class's F1 score, weighted by how frequent the class is.",
        formula: "sum over classes of (share of rows in the class) x F1",
        reading: "From 0 to 1.",
        caveat: "A poor small class hardly shows.",
        reference: "scikit-learn, f1_score(average=\"weighted\")",
        by_group: true,
        reads: &[
            Read::Function(f1_weighted),
            Read::Classes(ClassReader::F1(Average::Weighted)),
            labels::of_labels(|view| labels::average(view, labels::Ratio::F1, Average::Weighted)),
        ],
        ..SCORE
    },
    Metric {
        id: "jaccard",
        name: "Jaccard index",
        aliases: &["threat_score", "critical_success_index", "iou"],
        words: &[],
        summary: "Of those who are positive or predicted so, the share who are both.",
        formula: "tp / (tp + fp + fn)",
        caveat: "It ignores true negatives.",
        reference: "scikit-learn, jaccard_score",
        per_class: true,
        reads: &[share(Cells::TP, Cells::TP.or(Cells::FP).or(Cells::FN), Code::ZeroDenominator)],
        ..SHARE
    },
    Metric {
        id: "matthews_correlation",
        name: "Matthews correlation",
        aliases: &["mcc", "phi_coefficient"],
        words: &[],
        summary: "The correlation of truth and prediction.",
        formula: "(tp tn - fp fn) / sqrt((tp + fp)(tp + fn)(tn + fp)(tn + fn))",
        reading: "From -1 to 1; 0 is what guessing reaches.",
        caveat: "Undefined where truth or prediction does not vary.",
        reference: "Matthews 1975; scikit-learn, matthews_corrcoef",
        range: (-1.0, 1.0),
        compare: Compare::Difference,
        reads: &[Read::Function(matthews_correlation), Read::Classes(ClassReader::Matthews)],
        ..SCORE
    },
    Metric {
        id: "cohen_kappa",
        name: "Cohen's kappa",
        aliases: &["kappa"],
        words: &[],
        summary: "How far truth and prediction agree beyond what chance would give.",
        formula: "(observed - expected agreement) / (1 - expected agreement)",
        reading: "From -1 to 1; 0 is chance.",
        caveat: "It depends on how frequent the classes are. With weights, which are for ordered classes only, neighbouring classes count as equally far apart.",
        reference: "Cohen 1960 and 1968; scikit-learn, cohen_kappa_score",
        range: (-1.0, 1.0),
        compare: Compare::Difference,
        reads: &[
            Read::Function(cohen_kappa),
            Read::Classes(ClassReader::Kappa),
            Read::ClassForm {
                name: "weights",
                value: "linear",
                reader: ClassReader::WeightedKappa(Apart::Linear),
            },
            Read::ClassForm {
                name: "weights",
                value: "quadratic",
                reader: ClassReader::WeightedKappa(Apart::Quadratic),
            },
        ],
        ..SCORE
    },
    Metric {
        id: "informedness",
        name: "informedness",
        aliases: &["youden_j", "youden"],
        words: &[],
        summary: "How much better than guessing both classes are told apart.",
        formula: "recall + specificity - 1",
        reading: "From -1 to 1; 0 is guessing.",
        caveat: "It counts missing a positive and flagging a negative as equally bad.",
        reference: "Youden 1950",
        range: (-1.0, 1.0),
        compare: Compare::Difference,
        reads: &[Read::Function(informedness)],
        ..SCORE
    },
    Metric {
        id: "markedness",
        name: "markedness",
        aliases: &[],
        words: &[],
        summary: "How far both answers of the model can be trusted beyond guessing.",
        formula: "precision + negative predictive value - 1",
        reading: "From -1 to 1; 0 is guessing.",
        caveat: "It depends on the base rate.",
        reference: "Powers 2011",
        range: (-1.0, 1.0),
        compare: Compare::Difference,
        reads: &[Read::Function(markedness)],
        ..SCORE
    },
    Metric {
        id: "g_mean",
        name: "geometric mean of recall and specificity",
        aliases: &[],
        words: &[],
        summary: "High only when both classes are recognised.",
        formula: "sqrt(recall x specificity)",
        reading: "From 0 to 1.",
        caveat: "Zero as soon as one class is never recognised.",
        reference: "Kubat and Matwin 1997",
        reads: &[Read::Function(g_mean)],
        ..SCORE
    },
    Metric {
        id: "fowlkes_mallows",
        name: "Fowlkes-Mallows index",
        aliases: &[],
        words: &[],
        summary: "The geometric mean of precision and recall.",
        formula: "sqrt(precision x recall)",
        reading: "From 0 to 1.",
        caveat: "It ignores true negatives.",
        reference: "Fowlkes and Mallows 1983",
        reads: &[Read::Function(fowlkes_mallows)],
        ..SCORE
    },
    Metric {
        id: "positive_likelihood_ratio",
        name: "positive likelihood ratio",
        aliases: &["lr_plus"],
        words: &[],
        summary: "How much a positive prediction raises the odds of being positive.",
        formula: "recall / (1 - specificity)",
        reading: "1 says nothing; 10 and more is strong evidence.",
        caveat: "Undefined without false positives.",
        reference: "scikit-learn, class_likelihood_ratios",
        range: (0.0, f64::INFINITY),
        reads: &[Read::Outcomes {
            form: |_| Some(Vec::new()),
            read: |outcomes, _| Reading::ratio(outcomes, positive_likelihood_ratio),
        }],
        ..SCORE
    },
    Metric {
        id: "negative_likelihood_ratio",
        name: "negative likelihood ratio",
        aliases: &["lr_minus"],
        words: &[],
        summary: "How much a negative prediction lowers the odds of being positive.",
        formula: "(1 - recall) / specificity",
        reading: "1 says nothing; 0.1 and less is strong evidence.",
        caveat: "Undefined without true negatives.",
        reference: "scikit-learn, class_likelihood_ratios",
        direction: Direction::LowerIsBetter,
        range: (0.0, f64::INFINITY),
        reads: &[Read::Outcomes {
            form: |_| Some(Vec::new()),
            read: |outcomes, _| Reading::ratio(outcomes, negative_likelihood_ratio),
        }],
        ..SCORE
    },
    Metric {
        id: "diagnostic_odds_ratio",
        name: "diagnostic odds ratio",
        aliases: &["dor"],
        words: &[],
        summary: "How many times higher the odds of a positive prediction are for positives than for negatives.",
        formula: "(tp tn) / (fp fn)",
        reading: "1 is guessing; larger is better.",
        caveat: "Undefined without false positives or without false negatives.",
        reference: "Glas and others 2003",
        range: (0.0, f64::INFINITY),
        reads: &[Read::Outcomes {
            form: |_| Some(Vec::new()),
            read: |outcomes, _| Reading::ratio(outcomes, diagnostic_odds_ratio),
        }],
        ..SCORE
    },
    Metric {
        id: "total_cost",
        name: "total cost",
        aliases: &["cost"],
        words: &[],
        summary: "What all decisions cost together.",
        formula: "sum over outcomes of (rows with it) x (its cost)",
        reading: "In the unit of the costs given.",
        caveat: "It grows with the number of rows; measured where costs are set.",
        reference: "Elkan 2001",
        direction: Direction::LowerIsBetter,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        compare: Compare::No,
        reads: &[Read::Outcomes {
            form: costs,
            read: total_cost,
        }],
        ..SCORE
    },
    Metric {
        id: "expected_cost",
        name: "expected cost",
        aliases: &["mean_cost", "average_cost"],
        words: &[],
        summary: "What a decision costs on average.",
        formula: "total cost / (tp + fp + fn + tn)",
        reading: "In the unit of the costs given.",
        caveat: "It is only as good as the costs; measured where they are set.",
        reference: "Elkan 2001",
        direction: Direction::LowerIsBetter,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        compare: Compare::Difference,
        reads: &[Read::Outcomes {
            form: costs,
            read: |outcomes, parameters| Reading::function(outcomes, |cells| expected_cost(cells, parameters)),
        }],
        ..SCORE
    },
    Metric {
        id: "confusion",
        name: "confusion matrix",
        aliases: &["confusion_matrix"],
        words: &[],
        summary: "How many rows of each true class are predicted as each class.",
        reads: &[Read::Classes(ClassReader::PerClassOnly)],
        ..count("confusion", "", &[], "", &[])
    },
    Metric {
        id: "predicted_positive_share",
        name: "share of all positive predictions",
        aliases: &["ppr"],
        words: &[],
        summary: "Of all rows predicted positive, the share in this group.",
        formula: "(tp + fp of the group) / (tp + fp of all rows)",
        reading: "Large groups have a large share; the rate within the group is the selection rate.",
        caveat: "It depends on the size of the group.",
        reference: "aequitas, ppr",
        family: Family::Counts,
        direction: Direction::Neutral,
        reads: &[Read::ShareOfAll {
            of: Cells::SELECTED,
            empty: Code::NoPredictedPositives,
        }],
        ..SHARE
    },
];

fn over(a: Dual, b: Dual, empty: Code) -> Result<Dual, Code> {
    if b.value > 0.0 { Ok(a / b) } else { Err(empty) }
}

fn majority_share([tp, fp, fn_, tn]: [Dual; 4]) -> Result<Dual, Code> {
    let (positive, negative) = (tp + fn_, fp + tn);
    let larger = if positive.value > negative.value { positive } else { negative };
    over(larger, positive + negative, Code::NoRows)
}

fn recall([tp, _, fn_, _]: [Dual; 4]) -> Result<Dual, Code> {
    over(tp, tp + fn_, Code::NoPositives)
}

fn specificity([_, fp, _, tn]: [Dual; 4]) -> Result<Dual, Code> {
    over(tn, tn + fp, Code::NoNegatives)
}

fn precision([tp, fp, _, _]: [Dual; 4]) -> Result<Dual, Code> {
    over(tp, tp + fp, Code::NoPredictedPositives)
}

fn negative_predictive_value([_, _, fn_, tn]: [Dual; 4]) -> Result<Dual, Code> {
    over(tn, tn + fn_, Code::NoPredictedNegatives)
}

fn balanced_accuracy(cells: [Dual; 4]) -> Result<Dual, Code> {
    Ok(0.5 * (recall(cells)? + specificity(cells)?))
}

fn f_beta([tp, fp, fn_, _]: [Dual; 4], beta: f64) -> Result<Dual, Code> {
    let squared = beta * beta;
    let hits = (1.0 + squared) * tp;
    over(hits, hits + squared * fn_ + fp, Code::ZeroDenominator)
}

/// F1 of the positive and of the negative class.
fn f1_of_both([tp, fp, fn_, tn]: [Dual; 4]) -> [Result<Dual, Code>; 2] {
    [f_beta([tp, fp, fn_, tn], 1.0), f_beta([tn, fn_, fp, tp], 1.0)]
}

fn f1_macro(cells: [Dual; 4]) -> Result<Dual, Code> {
    match f1_of_both(cells) {
        [Ok(positive), Ok(negative)] => Ok(0.5 * (positive + negative)),
        [Ok(only), Err(_)] | [Err(_), Ok(only)] => Ok(only),
        [Err(code), Err(_)] => Err(code),
    }
}

fn f1_weighted(cells: [Dual; 4]) -> Result<Dual, Code> {
    let [tp, fp, fn_, tn] = cells;
    let (positives, negatives) = (tp + fn_, fp + tn);
    let [positive, negative] = f1_of_both(cells).map(|f1| f1.unwrap_or(Dual::constant(0.0)));
    over(positives * positive + negatives * negative, positives + negatives, Code::NoRows)
}

fn matthews_correlation([tp, fp, fn_, tn]: [Dual; 4]) -> Result<Dual, Code> {
    let product = (tp + fp) * (tp + fn_) * (tn + fp) * (tn + fn_);
    if product.value > 0.0 {
        Ok((tp * tn - fp * fn_) / product.sqrt())
    } else {
        Err(Code::OneClass)
    }
}

fn cohen_kappa([tp, fp, fn_, tn]: [Dual; 4]) -> Result<Dual, Code> {
    let total = tp + fp + fn_ + tn;
    let expected = ((tp + fp) * (tp + fn_) + (tn + fp) * (tn + fn_)) / total;
    over(tp + tn - expected, total - expected, Code::OneClass)
}

fn informedness(cells: [Dual; 4]) -> Result<Dual, Code> {
    Ok(recall(cells)? + specificity(cells)? - Dual::constant(1.0))
}

fn markedness(cells: [Dual; 4]) -> Result<Dual, Code> {
    Ok(precision(cells)? + negative_predictive_value(cells)? - Dual::constant(1.0))
}

fn g_mean(cells: [Dual; 4]) -> Result<Dual, Code> {
    Ok((recall(cells)? * specificity(cells)?).sqrt())
}

fn fowlkes_mallows(cells: [Dual; 4]) -> Result<Dual, Code> {
    Ok((precision(cells)? * recall(cells)?).sqrt())
}

fn positive_likelihood_ratio(cells: [Dual; 4]) -> Result<Dual, Code> {
    let [_, fp, _, tn] = cells;
    over(recall(cells)?, over(fp, fp + tn, Code::NoNegatives)?, Code::ZeroDenominator)
}

fn negative_likelihood_ratio(cells: [Dual; 4]) -> Result<Dual, Code> {
    let [tp, _, fn_, _] = cells;
    over(over(fn_, tp + fn_, Code::NoPositives)?, specificity(cells)?, Code::ZeroDenominator)
}

fn diagnostic_odds_ratio([tp, fp, fn_, tn]: [Dual; 4]) -> Result<Dual, Code> {
    over(tp * tn, fp * fn_, Code::ZeroDenominator)
}

fn costs(parameters: &Parameters) -> Option<Params> {
    parameters.costs.map(|costs| costs.params())
}

fn expected_cost(cells: [Dual; 4], parameters: &Parameters) -> Result<Dual, Code> {
    let costs = parameters.costs.unwrap_or_default().of_cells();
    let mut sum = Dual::constant(0.0);
    let mut total = Dual::constant(0.0);
    for (cell, cost) in cells.into_iter().zip(costs) {
        sum = sum + cost * cell;
        total = total + cell;
    }
    over(sum, total, Code::NoRows)
}

fn total_cost(outcomes: &Outcomes, parameters: &Parameters) -> Reading {
    let costs = parameters.costs.unwrap_or_default().of_cells();
    let mut sum = ExactSum::default();
    let mut rows = 0;
    for (tally, cost) in outcomes.confusion().into_iter().zip(costs) {
        sum.add_product(tally.weight(), cost);
        rows += tally.rows();
    }
    Reading::exact(sum.value(), rows)
}
