//! The rows of the registry that are read from the confusion matrix of several classes.

use super::super::labels::{Ratio, average, of_labels};
use super::super::spec::{Compare, Direction, Metric, Read, Unit};
use super::{Average, ClassReader};

const AVERAGED: Metric = Metric {
    reading: "From 0 % to 100 %.",
    caveat: "Classes for which the value is undefined are left out.",
    reference: "scikit-learn",
    unit: Unit::Share,
    by_group: true,
    ..Metric::BLANK
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 12] = [
    Metric {
        id: "precision_macro",
        name: "macro precision",
        summary: "The plain average of every class's precision.",
        formula: "mean over classes of tp / (tp + fp)",
        reads: &[
            Read::Classes(ClassReader::Precision(Average::Macro)),
            of_labels(|view| average(view, Ratio::Precision, Average::Macro)),
        ],
        ..AVERAGED
    },
    Metric {
        id: "precision_micro",
        name: "micro precision",
        summary: "Precision from the pooled counts of all classes.",
        formula: "sum of tp / sum of (tp + fp)",
        caveat: "With one label and one prediction a row it is accuracy.",
        reads: &[
            Read::Classes(ClassReader::Precision(Average::Micro)),
            of_labels(|view| average(view, Ratio::Precision, Average::Micro)),
        ],
        ..AVERAGED
    },
    Metric {
        id: "precision_weighted",
        name: "weighted precision",
        summary: "The average of every class's precision, weighted by how frequent the class is.",
        formula: "sum over classes of (share of rows in the class) x precision",
        caveat: "A class that is never predicted adds nothing.",
        reads: &[
            Read::Classes(ClassReader::Precision(Average::Weighted)),
            of_labels(|view| average(view, Ratio::Precision, Average::Weighted)),
        ],
        ..AVERAGED
    },
    Metric {
        id: "recall_macro",
        name: "macro recall",
        summary: "The plain average of every class's recall.",
        formula: "mean over classes of tp / (tp + fn)",
        reads: &[
            Read::Classes(ClassReader::Recall(Average::Macro)),
            of_labels(|view| average(view, Ratio::Recall, Average::Macro)),
        ],
        ..AVERAGED
    },
    Metric {
        id: "recall_micro",
        name: "micro recall",
        summary: "Recall from the pooled counts of all classes.",
        formula: "sum of tp / sum of (tp + fn)",
        caveat: "With one label and one prediction a row it is accuracy.",
        reads: &[
            Read::Classes(ClassReader::Recall(Average::Micro)),
            of_labels(|view| average(view, Ratio::Recall, Average::Micro)),
        ],
        ..AVERAGED
    },
    Metric {
        id: "recall_weighted",
        name: "weighted recall",
        summary: "The average of every class's recall, weighted by how frequent the class is.",
        formula: "sum over classes of (share of rows in the class) x recall",
        caveat: "It is accuracy.",
        reads: &[
            Read::Classes(ClassReader::Recall(Average::Weighted)),
            of_labels(|view| average(view, Ratio::Recall, Average::Weighted)),
        ],
        ..AVERAGED
    },
    Metric {
        id: "f1_micro",
        name: "micro F1",
        summary: "F1 from the pooled counts of all classes.",
        formula: "2 sum of tp / sum of (2 tp + fp + fn)",
        caveat: "With one label and one prediction a row it is accuracy.",
        unit: Unit::Score,
        reads: &[
            Read::Classes(ClassReader::F1(Average::Micro)),
            of_labels(|view| average(view, Ratio::F1, Average::Micro)),
        ],
        ..AVERAGED
    },
    Metric {
        id: "jaccard_macro",
        name: "macro Jaccard index",
        summary: "The plain average of every class's Jaccard index.",
        formula: "mean over classes of tp / (tp + fp + fn)",
        reads: &[
            Read::Classes(ClassReader::Jaccard(Average::Macro)),
            of_labels(|view| average(view, Ratio::Jaccard, Average::Macro)),
        ],
        ..AVERAGED
    },
    Metric {
        id: "jaccard_micro",
        name: "micro Jaccard index",
        summary: "The Jaccard index from the pooled counts of all classes.",
        formula: "sum of tp / sum of (tp + fp + fn)",
        caveat: "With one label and one prediction a row it follows from accuracy alone.",
        reads: &[
            Read::Classes(ClassReader::Jaccard(Average::Micro)),
            of_labels(|view| average(view, Ratio::Jaccard, Average::Micro)),
        ],
        ..AVERAGED
    },
    Metric {
        id: "jaccard_weighted",
        name: "weighted Jaccard index",
        summary: "The average of every class's Jaccard index, weighted by how frequent the class is.",
        formula: "sum over classes of (share of rows in the class) x tp / (tp + fp + fn)",
        caveat: "A rare class that is never found hardly shows.",
        reads: &[
            Read::Classes(ClassReader::Jaccard(Average::Weighted)),
            of_labels(|view| average(view, Ratio::Jaccard, Average::Weighted)),
        ],
        ..AVERAGED
    },
    Metric {
        id: "balanced_accuracy_adjusted",
        name: "balanced accuracy above chance",
        summary: "Balanced accuracy on a scale where guessing is 0.",
        formula: "(mean of the classes' recalls - 1 / classes) / (1 - 1 / classes)",
        reading: "0 is guessing, 1 is perfect.",
        caveat: "Rare classes count as much as frequent ones.",
        reference: "scikit-learn, balanced_accuracy_score(adjusted=True)",
        range: (-1.0, 1.0),
        unit: Unit::Score,
        compare: Compare::Difference,
        reads: &[Read::Classes(ClassReader::BalancedAccuracyAdjusted)],
        ..AVERAGED
    },
    Metric {
        id: "mean_class_distance",
        name: "mean class distance",
        aliases: &["ordinal_error", "mean_absolute_class_distance"],
        summary: "How many places in their order the predicted class is from the true one, on average.",
        formula: "mean of |place of the predicted class - place of the true class|",
        reading: "0 is perfect; 1 is what always answering with a neighbouring class costs.",
        caveat: "Neighbouring classes count as equally far apart, whatever their names say.",
        reference: "Baccianella, Esuli and Sebastiani 2009",
        direction: Direction::LowerIsBetter,
        range: (0.0, f64::INFINITY),
        unit: Unit::Score,
        reads: &[Read::Classes(ClassReader::ClassDistance)],
        ..AVERAGED
    },
];
