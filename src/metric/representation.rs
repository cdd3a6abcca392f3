//! Who is in the data: shares of groups, beside those of a population, and labels that are missing.

use super::spec::{Compare, Direction, Family, Metric, Read, Unit};

/// What the rows of this family have in common.
const PRESENCE: Metric = Metric {
    family: Family::Fairness,
    unit: Unit::Share,
    compare: Compare::No,
    direction: Direction::Neutral,
    reads: &[Read::Comparison],
    ..Metric::BLANK
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 5] = [
    Metric {
        id: "group_share",
        name: "share of the rows",
        aliases: &[],
        words: &[],
        summary: "The group's part of the rows whose group is known; for a missing group its part of all rows.",
        formula: "rows of the group / rows with a level of the column",
        reading: "Few rows of a group make every number about it uncertain, and a model that was made from such data knows the group less well.",
        caveat: "The data may be selected on purpose: a share is wrong only against the population that the model is for.",
        reference: "Gebru et al. 2021, Datasheets for datasets",
        ..PRESENCE
    },
    Metric {
        id: "population_share",
        name: "share of the population",
        aliases: &[],
        words: &[],
        summary: "The group's part of the population that the model is for, as it was given.",
        formula: "as given",
        reading: "What the share of the rows is held against.",
        caveat: "It is taken as exact.",
        reference: "The audit's settings",
        ..PRESENCE
    },
    Metric {
        id: "representation_difference",
        name: "representation difference",
        aliases: &[],
        words: &[],
        summary: "How far the group's share of the rows is above its share of the population.",
        formula: "share of the rows - share of the population",
        reading: "Below 0 the group is under-represented, above 0 over-represented.",
        caveat: "Groups that the population does not name have none.",
        reference: "Shahbazi et al. 2023, Representation bias in data: a survey",
        direction: Direction::CloserToZero,
        range: (-1.0, 1.0),
        ..PRESENCE
    },
    Metric {
        id: "representation_ratio",
        name: "representation ratio",
        aliases: &["representation_rate"],
        words: &[],
        summary: "The group's share of the rows for each unit of its share of the population.",
        formula: "share of the rows / share of the population",
        reading: "1 is as many as in the population; 0.5 is half as many.",
        caveat: "For small population shares a few rows move it far.",
        reference: "Shahbazi et al. 2023, Representation bias in data: a survey",
        unit: Unit::Score,
        range: (0.0, f64::INFINITY),
        ..PRESENCE
    },
    Metric {
        id: "label_missing_rate",
        name: "share without a label",
        aliases: &["missing_label_rate"],
        words: &[],
        summary: "The group's part of rows whose truth is not known.",
        formula: "rows of the group without a label / rows of the group",
        reading: "Where it differs between groups, whatever is measured against the truth is measured on different selections: selection bias.",
        caveat: "It does not say what the missing labels would have been.",
        reference: "Little and Rubin 2019, Statistical analysis with missing data; Lakkaraju et al. 2017, The selective labels problem",
        ..PRESENCE
    },
];
