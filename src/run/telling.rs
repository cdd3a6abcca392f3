//! How comparisons between groups are told: in whose words, and with which words for the people that rows are about.

use serde::{Deserialize, Serialize};

/// Whose names and definitions comparisons between groups are shown under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// Our own: gaps over groups with enough rows, with simultaneous intervals.
    #[default]
    Assay,
    /// fairlearn's: differences and ratios over all groups, equalized odds in its worst case.
    Fairlearn,
    /// aequitas': each group over a reference group, fair between tau and its inverse.
    Aequitas,
    /// AIF360's: each group less the privileged one, with its sign.
    Aif360,
}

impl Dialect {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Assay, Self::Fairlearn, Self::Aequitas, Self::Aif360];

    /// The name by which it is chosen.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Assay => "assay",
            Self::Fairlearn => "fairlearn",
            Self::Aequitas => "aequitas",
            Self::Aif360 => "aif360",
        }
    }

    /// The name in prose.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assay => "Assay",
            Self::Fairlearn => "fairlearn",
            Self::Aequitas => "aequitas",
            Self::Aif360 => "AIF360",
        }
    }
}

/// Words for who rows are about and what happens to them; empty ones are told by the names of the classes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wording {
    /// Who rows are about, for instance "defendants".
    pub people: String,
    /// What those of the positive class did or are, for instance "reoffended".
    pub positive: String,
    /// What the others did or are, for instance "did not reoffend".
    pub negative: String,
    /// What happens to those predicted positive, for instance "were flagged high risk".
    pub predicted: String,
    /// What happens to the others, for instance "were not flagged".
    pub not_predicted: String,
}
