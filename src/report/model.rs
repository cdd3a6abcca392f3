//! The report: aggregates only, never rows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::check::{Check, Finding};
use crate::data::{Aspect, BadRow, Kind, Notice, Role, Roles};
use crate::metric::{Estimate, Source};
pub use crate::run::Outcome;
use crate::run::Settings;
use crate::run::conflicts::Conflict;
pub use crate::run::curves::{Curve, Grid};
pub use crate::run::drift::{Bar, Distribution};
pub use crate::run::frontier::Frontier;
pub use crate::run::preset::PresetTable;
use crate::run::proxies::Proxies;
use crate::run::representation::Represented;
use crate::run::search::Search;

/// Raised when the meaning of a field changes.
pub const SCHEMA_VERSION: u32 = 1;

/// What is said of a column: never a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSummary {
    /// The header's name, made unique.
    pub name: String,
    /// What it was read as.
    pub kind: Kind,
    /// Its role in this audit.
    pub role: Role,
    /// Rows with an empty cell or a missing marker.
    pub missing: u64,
    /// Rows whose text did not fit the kind.
    pub invalid: u64,
}

/// A file that was audited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Its part in the audit.
    pub source: Source,
    /// Its base name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// BLAKE3 of its bytes, in hexadecimal.
    pub fingerprint: String,
    /// The field delimiter.
    pub delimiter: char,
    /// How it was read, as far as somebody said so; left out where nobody did.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub told: BTreeMap<Aspect, String>,
    /// Rows read, without the header: used plus set aside.
    pub rows_read: u64,
    /// Rows that entered the audit.
    pub rows_used: u64,
    /// Rows that could not be read or used at all.
    pub rows_set_aside: u64,
    /// The first hundred of them that could not be read.
    pub bad_rows: Vec<BadRow>,
    /// Its columns, in file order.
    pub columns: Vec<ColumnSummary>,
    /// Where it is a profile: of what. Left out for data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileOf>,
}

/// What a profile was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileOf {
    /// The base name of the file that it stands in for.
    pub name: String,
    /// The fewest rows of a level or cell that are told.
    pub smallest: u64,
}

/// The result of an audit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// See [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What was audited.
    pub inputs: Vec<Input>,
    /// Which column played which part.
    pub roles: Roles,
    /// What was set.
    pub settings: Settings,
    /// What is predicted.
    pub outcome: Outcome,
    /// The groupings, each a list of sensitive features.
    pub groupings: Vec<Vec<String>>,
    /// The checks.
    pub suite: Vec<Check>,
    /// Their outcomes, most serious first.
    pub findings: Vec<Finding>,
    /// Every number.
    pub estimates: Vec<Estimate>,
    /// Curves for drawing.
    pub curves: Vec<Curve>,
    /// Grids for drawing.
    pub grids: Vec<Grid>,
    /// How the values of the most drifted columns are distributed, for drawing; empty without a reference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distributions: Vec<Distribution>,
    /// The tables of rules of law; not written where none was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub presets: Vec<PresetTable>,
    /// Who is in the data, a sensitive feature each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub representation: Vec<Represented>,
    /// Which criteria of fairness cannot hold together, a sensitive feature each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    /// Which columns were held against sensitive features.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxies: Option<Proxies>,
    /// The search for groups that nobody named, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    /// What constraints on gaps would cost, a sensitive feature each; not written where a threshold means nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frontiers: Vec<Frontier>,
    /// Odd things in the data.
    pub notices: Vec<Notice>,
}

impl Report {
    /// The canonical bytes: the same in the browser and in the command.
    pub fn to_json(&self) -> String {
        super::json::render(self)
    }

    /// The estimate at that address.
    pub fn estimate(&self, key: &crate::metric::Key) -> Option<&Estimate> {
        self.estimates.iter().find(|estimate| estimate.key == *key)
    }
}
