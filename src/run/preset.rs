//! Rules of law that ask for a table: the four-fifths rule and New York City's bias audit.
//!
//! They count persons, so that rows of a count column count as often as they stand for, and importance weights have no part in them. All
//! ratios are of whole numbers. What is computed are figures; whether they satisfy a law is for a lawyer to say.

mod median;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::grouping::Grouping;
use super::pass::Passed;
use super::plan::Plan;
use super::{PlanError, Settings, Task};
use crate::data::Roles;
use crate::metric::cells::Cells;
use median::{Side, beyond_median};
use table::{Counted, Style};

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// The four-fifths rule of the US Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D.
    FourFifths,
    /// The bias audit of New York City Local Law 144 of 2021, 6 RCNY § 5-300 ff.
    NycLl144,
}

impl Preset {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::FourFifths, Self::NycLl144];

    /// The name by which it is chosen.
    pub const fn id(self) -> &'static str {
        match self {
            Self::FourFifths => "four_fifths",
            Self::NycLl144 => "nyc_ll144",
        }
    }
}

/// Which rules are computed, and what their categories are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Presets {
    /// The rules.
    pub chosen: Vec<Preset>,
    /// The sensitive feature that holds the sex; found by its name unless given.
    pub sex: Option<String>,
    /// The sensitive feature that holds race or ethnicity; found by its name unless given.
    pub race: Option<String>,
}

/// What a rate is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rate {
    /// Persons selected: given the favourable outcome.
    Selection,
    /// Persons whose score is on the favourable side of the median of all scores.
    Scoring,
}

/// Which categories a table is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Sex.
    Sex,
    /// Race or ethnicity.
    Race,
    /// Sex within race or ethnicity.
    Intersection,
    /// A sensitive feature whose name says neither.
    Other,
}

/// A category's figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PresetRow {
    /// The category: a level a column.
    pub group: BTreeMap<String, String>,
    /// Persons in it.
    pub persons: u64,
    /// Of them, selected or on the favourable side of the median.
    pub selected: u64,
    /// Their share of all persons in the table.
    pub share: f64,
    /// Selected of 1 person.
    pub rate: f64,
    /// The rate over the highest one; `None` where nobody is selected, or the category is excluded.
    pub impact_ratio: Option<f64>,
    /// Whether it has the highest rate.
    pub is_highest: bool,
    /// Whether it holds less than 2 % of the persons.
    pub is_small: bool,
    /// The standard normal deviate of the difference from the highest rate, the variance pooled.
    pub z: Option<f64>,
    /// Its two-sided p-value.
    pub z_p_value: Option<f64>,
    /// The two-sided p-value of Fisher's exact test against the category of the highest rate.
    pub fisher_p_value: Option<f64>,
    /// How many more persons would have to be selected for four fifths of the highest rate, all else alike.
    pub short_of_four_fifths: u64,
    /// How many more for the highest rate itself.
    pub short_of_parity: u64,
}

/// A table as a rule demands it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PresetTable {
    /// The rule.
    pub preset: Preset,
    /// What its rates are of.
    pub rate: Rate,
    /// Which categories.
    pub part: Part,
    /// The columns that hold them.
    pub by: Vec<String>,
    /// The class that is favourable.
    pub favorable: String,
    /// The median of all scores, for scoring rates.
    pub median: Option<f64>,
    /// Persons in all its categories.
    pub persons: u64,
    /// Persons left out, since their category is not known.
    pub unknown: u64,
    /// Persons in categories beyond those reported.
    pub unlisted: u64,
    /// The categories, in the order of their levels.
    pub rows: Vec<PresetRow>,
}

/// What is wrong with the choice of rules, if anything.
pub(super) fn check(settings: &Settings, roles: &Roles, classes: &[String], task: Option<Task>) -> Result<(), PlanError> {
    for column in [&settings.presets.sex, &settings.presets.race].into_iter().flatten() {
        if !roles.sensitive.contains(column) {
            return Err(PlanError::PresetColumn { column: column.clone() });
        }
    }
    match &settings.favorable {
        Some(class) if task == Some(Task::Binary) && !classes.contains(class) => Err(PlanError::UnknownClass {
            class: class.clone(),
            classes: classes.to_vec(),
        }),
        _ => Ok(()),
    }
}

/// The columns of sex and of race or ethnicity: those given, else the first whose name says so.
pub fn columns(settings: &Settings, roles: &Roles) -> [Option<String>; 2] {
    let named = |words: &[&str]| {
        let says_so = |column: &&String| {
            let name = column.to_lowercase();
            words.iter().any(|word| name.contains(word))
        };
        roles.sensitive.iter().find(says_so).cloned()
    };
    let given = &settings.presets;
    [
        given.sex.clone().or_else(|| named(&["sex", "gender"])),
        given.race.clone().or_else(|| named(&["race", "ethnic"])),
    ]
}

/// The favourable class, and whether it is the positive one.
fn favorable(plan: &Plan, settings: &Settings) -> (String, bool) {
    let positive = plan.outcome.positive_class.clone().unwrap_or_default();
    match &settings.favorable {
        Some(class) if *class != positive => (class.clone(), false),
        _ => (positive, true),
    }
}

/// The tables of the rules chosen; none where the audit has no two classes, or nothing that the rule could be asked of.
pub fn tables(plan: &Plan, passed: &Passed, settings: &Settings, roles: &Roles) -> Vec<PresetTable> {
    if plan.outcome.task != Some(Task::Binary) {
        return Vec::new();
    }
    let [sex, race] = columns(settings, roles);
    let mut made = Vec::new();
    for preset in Preset::ALL.into_iter().filter(|preset| settings.presets.chosen.contains(preset)) {
        let maker = Maker {
            plan,
            passed,
            settings,
            preset,
        };
        let mut parts: Vec<(Part, Vec<&String>)> = Vec::new();
        parts.extend(sex.iter().map(|sex| (Part::Sex, vec![sex])));
        parts.extend(race.iter().map(|race| (Part::Race, vec![race])));
        match (&sex, &race, preset) {
            (Some(sex), Some(race), Preset::NycLl144) => parts.push((Part::Intersection, vec![race, sex])),
            (None, None, Preset::FourFifths) => parts.extend(roles.sensitive.iter().map(|column| (Part::Other, vec![column]))),
            _ => {}
        }
        for (part, by) in parts {
            made.extend(maker.tables(part, &by));
        }
    }
    made
}

struct Maker<'a> {
    plan: &'a Plan,
    passed: &'a Passed,
    settings: &'a Settings,
    preset: Preset,
}

impl Maker<'_> {
    /// The grouping by these columns, whatever their order; its place too.
    fn grouping(&self, by: &[&String]) -> Option<(usize, &Grouping)> {
        let mut groupings = self.plan.partition.groupings.iter().enumerate();
        groupings
            .find(|(_, own)| own.control.is_none() && own.columns.len() == by.len() && by.iter().all(|column| own.columns.contains(column)))
    }

    /// The table of selection rates, where there are predictions; that of scoring rates, where the rule knows them and there are scores.
    fn tables(&self, part: Part, by: &[&String]) -> Vec<PresetTable> {
        let Some((place, grouping)) = self.grouping(by) else {
            return Vec::new();
        };
        let mut made = Vec::new();
        let (class, is_positive) = favorable(self.plan, self.settings);
        if self.plan.rows.prediction.is_some() {
            let count = |outcomes: &crate::metric::cells::Outcomes| {
                let (all, flagged) = (outcomes.tally(Cells::PREDICTED).rows(), outcomes.tally(Cells::SELECTED).rows());
                (all, if is_positive { flagged } else { all - flagged })
            };
            let counts: Vec<(u64, u64)> = self.passed.groups[place].iter().map(|group| count(&group.cell.outcomes)).collect();
            made.push(self.table(part, by, grouping, Rate::Selection, &counts, None));
        }
        if self.preset == Preset::NycLl144 {
            let side = if is_positive { Side::Above } else { Side::Below };
            if let Some((median, counts)) = beyond_median(self.plan, grouping, side) {
                made.push(self.table(part, by, grouping, Rate::Scoring, &counts, Some(median)));
            }
        }
        made.iter_mut().for_each(|table| table.favorable.clone_from(&class));
        made
    }

    fn table(&self, part: Part, by: &[&String], own: &Grouping, rate: Rate, counts: &[(u64, u64)], median: Option<f64>) -> PresetTable {
        let sum = |is_in: &dyn Fn(usize) -> bool| -> u64 {
            let groups = counts.iter().enumerate().filter(|(place, _)| is_in(*place));
            groups.map(|(_, (persons, _))| persons).sum()
        };
        let is_rest = |place: usize| own.groups[place].is_rest;
        let listed = own
            .groups
            .iter()
            .zip(counts)
            .filter(|(group, (persons, _))| group.is_compared() && *persons > 0);
        let counted = listed.map(|(group, (persons, selected))| {
            let level = |column: &&String| {
                let place = own.columns.iter().position(|own| own == *column)?;
                Some(((*column).clone(), group.levels.get(place)?.clone()?))
            };
            Counted {
                group: by.iter().filter_map(level).collect(),
                persons: *persons,
                selected: *selected,
            }
        });
        let style = match self.preset {
            Preset::FourFifths => Style::NoteSmall,
            Preset::NycLl144 => Style::ExcludeSmall,
        };
        let rows = table::rows(counted.collect(), style);
        PresetTable {
            preset: self.preset,
            rate,
            part,
            by: by.iter().map(|column| (*column).clone()).collect(),
            favorable: String::new(),
            median,
            persons: rows.iter().map(|row| row.persons).sum(),
            unknown: sum(&|place| !is_rest(place) && !own.groups[place].is_compared()),
            unlisted: sum(&is_rest),
            rows,
        }
    }
}
