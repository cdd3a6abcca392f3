//! What whole rows of a file tell: how many there are, how many are repeated, or contradict each other.

use super::{COLUMN, COUNT};
use crate::metric::spec::{Direction, Metric, Read, Unit};

/// The rows of this family that are about whole rows, in the order they are shown.
pub const METRICS: [Metric; 5] = [
    Metric {
        id: "columns",
        name: "columns",
        words: &["number of columns"],
        summary: "How many columns a file has.",
        formula: "Columns as read, one of counts or weights left out.",
        reading: "A file with other columns than usual was made otherwise.",
        caveat: "Empty columns count too.",
        reads: &[Read::Table],
        ..COUNT
    },
    Metric {
        id: "missing_cells",
        name: "cells without a value",
        words: &["missing cells"],
        direction: Direction::LowerIsBetter,
        summary: "How many cells of a file have no value.",
        formula: "The sum of missing_count over columns.",
        reading: "0: every row has every value.",
        caveat: "Which columns miss them matters more.",
        reads: &[Read::Table],
        ..COUNT
    },
    Metric {
        id: "duplicate_rows",
        name: "repeated rows",
        aliases: &["duplicates"],
        words: &["duplicate rows"],
        direction: Direction::LowerIsBetter,
        summary: "How many rows repeat another row in every column.",
        formula: "Rows less different rows; two missing values are alike. Rows are compared value by value, counts and weights aside.",
        reading: "0: no row occurs twice. Repeated rows count twice in every other number.",
        caveat: "Free texts are not kept: where rows that are alike in all else differ in them only, it is not known.",
        reads: &[Read::Table],
        ..COUNT
    },
    Metric {
        id: "conflicting_rows",
        name: "share of rows alike with different labels",
        aliases: &["conflicting_labels", "label_conflicts"],
        words: &["conflicting labels"],
        direction: Direction::LowerIsBetter,
        range: (0.0, 1.0),
        unit: Unit::Share,
        summary: "Which share of rows is alike in every feature to a row with another label.",
        formula: "Rows with a label whose features, sensitive and control ones among them, have more than one label, over rows with a label.",
        reading: "0: features that are alike always have the same label. No model can be right on all conflicting rows.",
        caveat: "With few features that have few values, rows are alike by chance.",
        reads: &[Read::Table],
        ..COLUMN
    },
    Metric {
        id: "shared_rows",
        name: "share of rows that the reference has too",
        aliases: &["row_overlap", "train_test_overlap"],
        words: &["overlap with the reference"],
        range: (0.0, 1.0),
        unit: Unit::Share,
        summary: "Which share of current rows is alike to a row of the reference.",
        formula: "Current rows equal to a reference row in all columns that both have (ids, times, predictions and scores aside), over current rows.",
        reading: "0: no row was seen before. Where the reference is what a model was trained on, shared rows flatter it.",
        caveat: "With few columns that have few values, rows are alike by chance.",
        reads: &[Read::Table],
        ..COLUMN
    },
];
