//! How groups are compared, changed while the report is on the screen: what can be chosen, and what a choice does to roles and settings.

use super::timeline;
use crate::data::{Role, Roles};
use crate::engine::Inspection;
use crate::run::windows::Cut;
use crate::run::{Dialect, Preset, ReferenceRule, Settings};

/// The most levels of a column that is offered as a control feature.
const MOST_LEVELS: u64 = 20;

/// What a user changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compare {
    /// Which group others are compared with, where none is named.
    Rule(ReferenceRule),
    /// The group of a feature that its others are compared with; `None` leaves it to the rule.
    Group(String, Option<String>),
    /// Whose names and definitions are used.
    Dialect(Dialect),
    /// The class that is good for whoever gets it; `None` where nobody says.
    Favorable(Option<String>),
    /// The column within whose levels groups are compared too; `None` for none.
    Control(Option<String>),
    /// Whether a rule of law gets its tables.
    Preset(Preset, bool),
    /// How rows are cut into windows of time.
    Cut(Cut),
}

/// The rules as options: value and words.
pub const RULES: [(&str, &str, ReferenceRule); 3] = [
    ("largest", "the largest group", ReferenceRule::Largest),
    ("lowest", "the group with the lowest value", ReferenceRule::Lowest),
    ("highest", "the group with the highest value", ReferenceRule::Highest),
];

/// The rules of law as options: id and words.
pub const PRESETS: [(&str, &str, Preset); 2] = [
    ("preset-four-fifths", "Four-fifths rule (29 CFR 1607.4 D)", Preset::FourFifths),
    ("preset-nyc-ll144", "New York City Local Law 144", Preset::NycLl144),
];

/// Changes settings and, for a control feature, roles.
pub fn apply(settings: &mut Settings, roles: &mut Roles, change: Compare) {
    match change {
        Compare::Rule(rule) => settings.reference_rule = rule,
        Compare::Group(column, Some(level)) => drop(settings.reference_groups.insert(column, level)),
        Compare::Group(column, None) => drop(settings.reference_groups.remove(&column)),
        Compare::Dialect(dialect) => settings.dialect = dialect,
        Compare::Favorable(class) => settings.favorable = class,
        Compare::Control(column) => roles.control = column.into_iter().collect(),
        Compare::Cut(cut) => timeline::choose(&mut settings.windows, roles, cut),
        Compare::Preset(preset, is_chosen) => {
            let chosen = &mut settings.presets.chosen;
            chosen.retain(|other| *other != preset);
            if is_chosen {
                chosen.push(preset);
            }
        }
    }
}

/// Forgets what was set about columns that are no sensitive features any more: nobody could take it back on the confirm screen.
pub fn forget(settings: &mut Settings, roles: &Roles) {
    settings.reference_groups.retain(|column, _| roles.sensitive.contains(column));
    for column in [&mut settings.presets.sex, &mut settings.presets.race] {
        if column.as_ref().is_some_and(|column| !roles.sensitive.contains(column)) {
            *column = None;
        }
    }
}

/// The columns that may be control features: no part of the audit otherwise, and of few levels; the one in force among them.
pub fn controls(inspection: &Inspection, roles: &Roles) -> Vec<String> {
    let is_free = |name: &str| matches!(roles.role_of(name), Role::Feature | Role::Control);
    let columns = inspection.columns.iter();
    let few = columns.filter(|column| column.levels.is_some_and(|levels| (2..=MOST_LEVELS).contains(&levels)));
    few.map(|column| column.name.clone()).filter(|name| is_free(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_changes_what_it_names_and_nothing_else() {
        let (mut settings, mut roles) = (Settings::default(), Roles::default());
        let group = |level: Option<&str>| Compare::Group("race".to_owned(), level.map(str::to_owned));
        for change in [
            Compare::Rule(ReferenceRule::Highest),
            group(Some("Other")),
            Compare::Dialect(Dialect::Aequitas),
            Compare::Favorable(Some("0".to_owned())),
            Compare::Control(Some("charge".to_owned())),
            Compare::Preset(Preset::NycLl144, true),
            Compare::Preset(Preset::NycLl144, true),
        ] {
            apply(&mut settings, &mut roles, change);
        }
        assert_eq!(settings.reference_groups.get("race").map(String::as_str), Some("Other"));
        assert_eq!(
            (settings.dialect, settings.reference_rule),
            (Dialect::Aequitas, ReferenceRule::Highest)
        );
        assert_eq!(
            (settings.presets.chosen.as_slice(), roles.control.as_slice()),
            ([Preset::NycLl144].as_slice(), ["charge".to_owned()].as_slice())
        );
        for change in [
            Compare::Rule(ReferenceRule::Largest),
            group(None),
            Compare::Dialect(Dialect::Assay),
            Compare::Favorable(None),
            Compare::Control(None),
            Compare::Preset(Preset::NycLl144, false),
        ] {
            apply(&mut settings, &mut roles, change);
        }
        assert_eq!((settings, roles), (Settings::default(), Roles::default()));
    }

    #[test]
    fn what_names_a_column_goes_with_its_role() {
        let (mut settings, mut roles) = (Settings::default(), Roles::default());
        roles.sensitive = vec!["sex".to_owned()];
        for column in ["race", "sex"] {
            apply(&mut settings, &mut roles, Compare::Group(column.to_owned(), Some("a".to_owned())));
        }
        settings.presets.race = Some("race".to_owned());
        settings.presets.sex = Some("sex".to_owned());
        forget(&mut settings, &roles);
        assert_eq!(settings.reference_groups.keys().collect::<Vec<_>>(), ["sex"]);
        assert_eq!((settings.presets.race, settings.presets.sex.as_deref()), (None, Some("sex")));
    }
}
