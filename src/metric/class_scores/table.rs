//! The rows of the registry that are read from one score a class.

use super::super::bins::Bin;
use super::super::calibration::{ace, ece, mce, rmsce};
use super::super::spec::{Direction, Family, Metric, Read, Unit};
use super::super::view::{Measured, View};
use super::average::Average;
use super::calibration::Calibration;
use super::{has_labelled_scores, has_scores, ranks, sums};

/// What compares the classes' scores with the truth.
const fn labelled(read: fn(&View<'_>) -> Vec<Measured>) -> Read {
    Read::View {
        needs: has_labelled_scores,
        read,
    }
}

fn top_k_accuracy(view: &View<'_>) -> Vec<Measured> {
    let forms = sums(view).top();
    forms.map(|(k, reading)| Measured::with(&[("k", k.to_string())], reading)).collect()
}

fn log_loss_renormalised(view: &View<'_>) -> Vec<Measured> {
    vec![Measured::plain(sums(view).log_loss_renormalised())]
}

fn brier_score(view: &View<'_>) -> Vec<Measured> {
    vec![Measured::plain(sums(view).brier_score())]
}

fn entropy(view: &View<'_>) -> Vec<Measured> {
    vec![Measured::plain(sums(view).entropy())]
}

fn margin(view: &View<'_>) -> Vec<Measured> {
    vec![Measured::plain(sums(view).margin())]
}

fn roc_auc(view: &View<'_>, average: Average) -> Vec<Measured> {
    vec![Measured::plain(ranks(view).average_roc_auc(average))]
}

fn calibration<'v>(view: &'v View<'_>) -> &'v Calibration {
    view.memory.class_calibration.get_or_init(|| Calibration::of(view, ece))
}

fn top_label(view: &View<'_>, value: fn(&[&Bin]) -> f64) -> Vec<Measured> {
    calibration(view).top_label(view, value)
}

fn classwise_ece(view: &View<'_>) -> Vec<Measured> {
    calibration(view).classwise(view)
}

const ORDER: Metric = Metric {
    family: Family::Scores,
    reading: "0.5 is guessing, 1 is perfect order.",
    caveat: "It says nothing about whether the scores are true probabilities.",
    reference: "scikit-learn, roc_auc_score",
    by_group: true,
    ..Metric::BLANK
};

const PRECISION: Metric = Metric {
    reading: "Guessing reaches the classes' own shares; 1 is perfect.",
    caveat: "It depends on how frequent the classes are.",
    reference: "scikit-learn, average_precision_score",
    ..ORDER
};

const LOSS: Metric = Metric {
    family: Family::Scores,
    direction: Direction::LowerIsBetter,
    by_group: true,
    ..Metric::BLANK
};

const CALIBRATION: Metric = Metric {
    family: Family::Calibration,
    reading: "0 is perfect: of what is said with 80 % confidence, 80 % are right.",
    caveat: "It depends on the bins: ten of equal numbers of rows, unless the parameter bins says otherwise.",
    reference: "Guo, Pleiss, Sun and Weinberger 2017",
    direction: Direction::LowerIsBetter,
    by_group: false,
    ..LOSS
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 18] = [
    Metric {
        id: "top_k_accuracy",
        name: "top-k accuracy",
        summary: "How often the true class is among the k with the highest scores.",
        formula: "share of rows with fewer than k classes before the true one; of equal scores, the class later in order comes first",
        reading: "From 0 % to 100 %; with k = 1 it is accuracy, up to ties.",
        caveat: "With k near the number of classes anything does well.",
        reference: "scikit-learn, top_k_accuracy_score",
        unit: Unit::Share,
        reads: &[labelled(top_k_accuracy)],
        ..ORDER
    },
    Metric {
        id: "log_loss_renormalised",
        name: "log loss of renormalised scores",
        summary: "Log loss after the scores of every row are divided by their sum.",
        formula: "mean of -ln(score of the true class / sum of the row's scores)",
        reading: "0 is perfect; ln(number of classes) is what saying all classes are equally likely costs.",
        caveat: "It hides that scores do not add up to 1.",
        reference: "scikit-learn before 1.5, log_loss",
        range: (0.0, f64::INFINITY),
        unit: Unit::Nats,
        reads: &[labelled(log_loss_renormalised)],
        ..LOSS
    },
    Metric {
        id: "roc_auc_ovr_macro",
        name: "one-vs-rest ROC AUC, macro",
        aliases: &["roc_auc_ovr"],
        summary: "How well each class's score tells it from the rest, the plain average over classes.",
        formula: "mean over classes of the ROC AUC of the class's score against the rest",
        reads: &[labelled(|view| roc_auc(view, Average::RestMacro))],
        ..ORDER
    },
    Metric {
        id: "roc_auc_ovr_weighted",
        name: "one-vs-rest ROC AUC, weighted",
        summary: "How well each class's score tells it from the rest, averaged by how frequent the classes are.",
        formula: "sum over classes of (share of rows in the class) x ROC AUC of its score against the rest",
        reads: &[labelled(|view| roc_auc(view, Average::RestWeighted))],
        ..ORDER
    },
    Metric {
        id: "roc_auc_ovr_micro",
        name: "one-vs-rest ROC AUC, micro",
        summary: "How often a true class's score is higher than a wrong class's, over all rows and classes.",
        formula: "ROC AUC of all scores of all rows, positive where the class is the true one",
        caveat: "It compares scores of different classes, so they must be on one scale.",
        reads: &[labelled(|view| roc_auc(view, Average::Micro))],
        ..ORDER
    },
    Metric {
        id: "roc_auc_ovo_macro",
        name: "one-vs-one ROC AUC, macro",
        aliases: &["roc_auc_ovo"],
        summary: "How well scores tell each class from each other one, the plain average over pairs of classes.",
        formula: "mean over ordered pairs of classes of the ROC AUC of the first one's score among rows of the two",
        reference: "Hand and Till 2001; scikit-learn, roc_auc_score(multi_class=\"ovo\")",
        reads: &[labelled(|view| roc_auc(view, Average::PairsMacro))],
        ..ORDER
    },
    Metric {
        id: "roc_auc_ovo_weighted",
        name: "one-vs-one ROC AUC, weighted",
        summary: "How well scores tell each class from each other one, averaged by how frequent the two are.",
        formula: "as one-vs-one macro, pairs weighted by their share of rows",
        reference: "scikit-learn, roc_auc_score(multi_class=\"ovo\", average=\"weighted\")",
        reads: &[labelled(|view| roc_auc(view, Average::PairsWeighted))],
        ..ORDER
    },
    Metric {
        id: "average_precision_macro",
        name: "macro average precision",
        summary: "The plain average over classes of their scores' average precision.",
        formula: "mean over classes of the average precision of the class's score against the rest",
        reads: &[labelled(|view| vec![Measured::plain(ranks(view).average_precision_macro())])],
        ..PRECISION
    },
    Metric {
        id: "average_precision_micro",
        name: "micro average precision",
        summary: "Average precision over all rows' scores for all classes.",
        formula: "average precision of all scores of all rows, positive where the class is the true one",
        reads: &[labelled(|view| vec![Measured::plain(ranks(view).average_precision_micro())])],
        ..PRECISION
    },
    Metric {
        id: "average_precision_weighted",
        name: "weighted average precision",
        summary: "The average over classes of their scores' average precision, weighted by how frequent they are.",
        formula: "sum over classes of (share of rows in the class) x average precision of its score against the rest",
        reads: &[labelled(|view| vec![Measured::plain(ranks(view).average_precision_weighted())])],
        ..PRECISION
    },
    Metric {
        id: "brier_score_multiclass",
        name: "multiclass Brier score",
        summary: "The squared distance between a row's scores and what really happened, on average.",
        formula: "mean over rows of the sum over classes of (score - truth)^2, truth 0 or 1",
        reading: "0 is perfect, 2 is certainty in the wrong class.",
        caveat: "With two classes it is twice the Brier score.",
        reference: "Brier 1950",
        range: (0.0, f64::INFINITY),
        reads: &[labelled(brier_score)],
        ..LOSS
    },
    Metric {
        id: "top_label_ece",
        name: "top-label calibration error",
        aliases: &["confidence_ece"],
        summary: "How far confidence, the highest score, is from how often it is right, on average.",
        formula: "mean over bins of |mean confidence - share right|, each bin counting by its rows",
        reads: &[labelled(|view| top_label(view, ece))],
        ..CALIBRATION
    },
    Metric {
        id: "top_label_mce",
        name: "top-label maximum calibration error",
        summary: "How far confidence is from how often it is right, in the worst bin.",
        formula: "largest over bins of |mean confidence - share right|",
        caveat: "A bin with few rows can decide it.",
        reads: &[labelled(|view| top_label(view, mce))],
        ..CALIBRATION
    },
    Metric {
        id: "top_label_ace",
        name: "top-label average calibration error",
        summary: "How far confidence is from how often it is right, every bin counting alike.",
        formula: "plain mean over bins that hold rows of |mean confidence - share right|",
        reference: "Neumann, Zisserman and Vedaldi 2018",
        reads: &[labelled(|view| top_label(view, ace))],
        ..CALIBRATION
    },
    Metric {
        id: "top_label_rmsce",
        name: "top-label root mean square calibration error",
        summary: "How far confidence is from how often it is right, large distances counting more.",
        formula: "square root of the mean over bins of (mean confidence - share right)^2, each bin counting by its rows",
        reference: "Hendrycks, Mazeika and Dietterich 2019",
        reads: &[labelled(|view| top_label(view, rmsce))],
        ..CALIBRATION
    },
    Metric {
        id: "classwise_ece",
        name: "class-wise calibration error",
        summary: "How far each class's score is from how often the class is the true one, averaged over classes.",
        formula: "mean over classes of the expected calibration error of the class's score",
        reading: "0 is perfect.",
        caveat: "With many classes most scores are near 0 and so is this.",
        reference: "Kull, Perello-Nieto, Kängsepp, Silva Filho, Song and Flach 2019",
        reads: &[labelled(classwise_ece)],
        ..CALIBRATION
    },
    Metric {
        id: "mean_predictive_entropy",
        name: "mean predictive entropy",
        summary: "How undecided the scores are, on average.",
        formula: "mean over rows of the sum over classes of -score x ln(score)",
        reading: "0 is certainty; ln(number of classes) is all classes equally likely.",
        caveat: "It needs no truth: a model can be certain and wrong.",
        reference: "Shannon 1948",
        direction: Direction::Neutral,
        range: (0.0, f64::INFINITY),
        unit: Unit::Nats,
        reads: &[Read::View {
            needs: has_scores,
            read: entropy,
        }],
        ..LOSS
    },
    Metric {
        id: "mean_margin",
        name: "mean margin",
        summary: "How far the highest score is above the next, on average.",
        formula: "mean over rows of highest score - second highest score",
        reading: "1 is certainty, 0 a tie, where scores are probabilities.",
        caveat: "It needs no truth: a model can be certain and wrong.",
        reference: "Scheffer, Decomain and Wrobel 2001",
        direction: Direction::Neutral,
        range: (0.0, f64::INFINITY),
        reads: &[Read::View {
            needs: has_scores,
            read: margin,
        }],
        ..LOSS
    },
];
