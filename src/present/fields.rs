//! The settings beside the roles: what a field's text means, and what is said when it means nothing.

use super::{people, slices, timeline};
use crate::data::Role;
use crate::run::search::ErrorKind;
use crate::run::windows::Cut;
use crate::run::{Settings, ShareInterval, Task};

/// A field whose text can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The decision threshold.
    Threshold,
    /// The smallest group that is judged.
    MinSupport,
    /// The coverage of intervals.
    Level,
    /// Slices, a predicate a line.
    Slices,
    /// How many rows a window has, or how many windows there are.
    WindowSize,
    /// What is unusual in a window, a band a line.
    Bands,
    /// The share of windows that tell what is usual.
    FirstWindows,
    /// A word for people.
    Word(Word),
    /// Shares in the population, a sensitive feature a line.
    Population,
    /// The columns in which groups are searched, one a line.
    SearchFeatures,
}

/// What a word for people says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// Who rows are about.
    People,
    /// What those of the positive class did or are.
    Positive,
    /// What the others did or are.
    Negative,
    /// What happens to those predicted positive.
    Predicted,
    /// What happens to the others.
    NotPredicted,
}

/// What a user changes on the confirm screen.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// A column's role.
    Role {
        /// The column.
        column: String,
        /// Its new role.
        role: Role,
    },
    /// The task; `None` leaves it to the engine.
    Task(Option<Task>),
    /// The positive class; `None` leaves it to the engine.
    Positive(Option<String>),
    /// How intervals of shares are made.
    Interval(ShareInterval),
    /// Whether weak spots are looked for in feature columns.
    SliceFeatures(bool),
    /// Whether weak spots are looked for in one column.
    SliceColumn {
        /// The column.
        column: String,
        /// Whether they are.
        is_looked_at: bool,
    },
    /// How rows are cut into windows of time.
    Cut(Cut),
    /// The column by which rows are put in order for windows; `None` leaves them in file order.
    WindowBy(Option<String>),
    /// The class that is good for whoever gets it; `None` where nobody says.
    Favorable(Option<String>),
    /// Whether groups that nobody named are looked for.
    Search(bool),
    /// By which error they are.
    SearchBy(Option<ErrorKind>),
    /// The text of a field.
    Text(Field, String),
}

/// The tasks as options: value and words.
pub const TASKS: [(&str, &str, Option<Task>); 6] = [
    ("", "found from the data", None),
    ("binary", "two classes", Some(Task::Binary)),
    ("multiclass", "several classes", Some(Task::Multiclass)),
    ("multilabel", "several labels at once", Some(Task::Multilabel)),
    ("regression", "a number", Some(Task::Regression)),
    ("ranking", "items in order, for queries", Some(Task::Ranking)),
];

/// The interval methods as options: value and words.
pub const INTERVALS: [(&str, &str, ShareInterval); 4] = [
    ("wilson", "Wilson", ShareInterval::Wilson),
    ("clopper_pearson", "Clopper and Pearson (exact)", ShareInterval::ClopperPearson),
    ("agresti_coull", "Agresti and Coull", ShareInterval::AgrestiCoull),
    ("wald", "Wald (normal)", ShareInterval::Wald),
];

/// The errors by which groups are searched, as options: value and words.
pub const ERRORS: [(&str, &str, Option<ErrorKind>); 6] = [
    ("", "what fits the task", None),
    ("error_rate", "wrong predictions", Some(ErrorKind::ErrorRate)),
    ("false_positive_rate", "false positives", Some(ErrorKind::FalsePositiveRate)),
    ("false_negative_rate", "false negatives", Some(ErrorKind::FalseNegativeRate)),
    ("mae", "distance from the truth", Some(ErrorKind::Mae)),
    ("mean_score_error", "score beside what happened", Some(ErrorKind::MeanScoreError)),
];

/// Writes a field's text into the settings.
///
/// # Errors
/// When the text means no usable value: the sentence to show beside the field. The settings stay as they were.
pub fn write(settings: &mut Settings, field: Field, text: &str) -> Result<(), String> {
    let text = text.trim();
    match field {
        Field::Threshold => settings.threshold = threshold(text)?,
        Field::MinSupport => settings.min_support = min_support(text)?,
        Field::Level => settings.level = level(text)?,
        Field::Slices => settings.slices.predicates = slices::predicates(text)?,
        Field::WindowSize => timeline::write_size(&mut settings.windows.cut, text)?,
        Field::Bands => settings.windows.bands = timeline::bands(text)?,
        Field::FirstWindows => settings.windows.first = timeline::first(text)?,
        Field::Word(word) => text.clone_into(people::word(&mut settings.wording, word)),
        Field::Population => settings.population = people::shares(text)?,
        Field::SearchFeatures => settings.search.features = columns(text),
    }
    Ok(())
}

/// A field's text for settings, as it is first shown.
pub fn read(settings: &Settings, field: Field) -> String {
    match field {
        Field::Threshold => settings.threshold.map(|value| value.to_string()).unwrap_or_default(),
        Field::MinSupport => settings.min_support.to_string(),
        Field::Level => settings.level.to_string(),
        Field::Slices => settings.slices.predicates.join("\n"),
        Field::WindowSize => timeline::size(settings.windows.cut)
            .map(|size| size.to_string())
            .unwrap_or_default(),
        Field::Bands => lines(settings.windows.bands.iter()),
        Field::FirstWindows => settings.windows.first.to_string(),
        Field::Word(word) => people::word(&mut settings.wording.clone(), word).clone(),
        Field::Population => people::lines(&settings.population),
        Field::SearchFeatures => lines(settings.search.features.iter().flatten()),
    }
}

/// Reads the name of a column a line; `None` where there is none.
fn columns(text: &str) -> Option<Vec<String>> {
    let names = text.lines().map(str::trim).filter(|name| !name.is_empty());
    Some(names.map(str::to_owned).collect()).filter(|names: &Vec<String>| !names.is_empty())
}

/// The columns that a field's text names, where it names any.
pub(super) fn named(field: Field, text: &str) -> Vec<String> {
    match field {
        Field::Population => people::shares(text).map(|shares| shares.into_keys().collect()).unwrap_or_default(),
        Field::SearchFeatures => columns(text).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// A line each.
fn lines(values: impl Iterator<Item = impl ToString>) -> String {
    values.map(|value| value.to_string()).collect::<Vec<String>>().join("\n")
}

/// Reads a decision threshold; an empty text is none.
pub(super) fn threshold(text: &str) -> Result<Option<f64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Some(value)),
        _ => Err(format!(
            "\"{text}\" is not a number. Write one such as 0.5, or leave the field empty."
        )),
    }
}

fn min_support(text: &str) -> Result<u64, String> {
    match text.parse::<u64>() {
        Ok(value) if value >= 1 => Ok(value),
        _ => Err(format!(
            "\"{text}\" is not a number of rows. Write a whole number from 1, such as 30."
        )),
    }
}

fn level(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.5..1.0).contains(&value) => Ok(value),
        _ => Err(format!(
            "\"{text}\" is not a level. Write a number from 0.5 up to, but not including, 1, such as 0.95."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Wording;
    use crate::run::search::SearchSettings;
    use crate::run::windows::WindowSettings;

    #[test]
    fn what_a_field_shows_is_what_it_reads() {
        let mut settings = Settings {
            threshold: Some(5.0),
            level: 0.9,
            min_support: 10,
            slices: crate::run::slices::SliceSettings {
                predicates: vec!["age >= 65".to_owned(), "sex is missing".to_owned()],
                ..Default::default()
            },
            wording: Wording {
                people: "customers".to_owned(),
                not_predicted: "were left alone".to_owned(),
                ..Wording::default()
            },
            population: [("race".to_owned(), [("a".to_owned(), 0.25), ("b".to_owned(), 0.75)].into())].into(),
            search: SearchSettings {
                features: Some(vec!["age".to_owned(), "job, or none".to_owned()]),
                ..SearchSettings::default()
            },
            windows: WindowSettings {
                cut: Cut::Rows(500),
                bands: vec!["2sd".parse().expect("a band"), "f1=0.5..".parse().expect("a band")],
                first: 0.25,
                ..WindowSettings::default()
            },
            ..Settings::default()
        };
        let before = settings.clone();
        for field in [
            Field::Threshold,
            Field::MinSupport,
            Field::Level,
            Field::Slices,
            Field::WindowSize,
            Field::Bands,
            Field::FirstWindows,
            Field::Word(Word::People),
            Field::Word(Word::NotPredicted),
            Field::Population,
            Field::SearchFeatures,
        ] {
            let text = read(&settings, field);
            write(&mut settings, field, &text).expect("the text was written by us");
        }
        assert_eq!(settings, before);
    }

    #[test]
    fn an_empty_threshold_is_no_threshold() {
        let mut settings = Settings {
            threshold: Some(5.0),
            ..Settings::default()
        };
        write(&mut settings, Field::Threshold, "  ").expect("empty is allowed");
        assert_eq!(settings.threshold, None);
    }

    #[test]
    fn nonsense_is_refused_with_advice_and_changes_nothing() {
        let mut settings = Settings::default();
        for (field, text) in [
            (Field::Threshold, "high"),
            (Field::Threshold, "inf"),
            (Field::MinSupport, "0"),
            (Field::MinSupport, "2.5"),
            (Field::Level, "95"),
            (Field::Level, "1"),
        ] {
            let message = write(&mut settings, field, text).expect_err(text);
            assert!(message.starts_with(&format!("\"{text}\" is not")), "{message}");
        }
        assert_eq!(settings, Settings::default());
    }
}
