//! What is odd about one column, in words. Levels are named only where enough rows have them.

use std::collections::BTreeMap;

use super::Said;
use crate::data::{Column, Kind, NoticeCode, Role, time_text};
use crate::metric::sample::{Distribution, Sample, SampleKind};
use crate::run::Settings;

/// The share of rows with one value from which a column is nearly constant.
const NEARLY: f64 = 0.99;
/// The rarest class over the most frequent one below which classes are out of balance.
const IMBALANCE: f64 = 0.1;
/// The most levels that are held against each other.
const MOST_LEVELS: usize = 20_000;
/// The first moment that is taken for a mistake: the year 2100. Microseconds.
const FAR_FUTURE: f64 = 4_102_444_800_000_000.0;
/// The last moment that is taken for one: the year 1900.
const FAR_PAST: f64 = -2_208_988_800_000_000.0;

/// Says what is odd about a column.
pub(super) fn column(said: &mut Said, column: &Column, role: Role, sample: &Sample, settings: &Settings) {
    let name = column.name.as_str();
    let rows = sample.rows;
    let is_mostly_missing = sample.missing * 2 > rows && sample.present() > 0;
    if is_mostly_missing {
        let text = format!("Column \"{name}\" has no value in {} of {rows} rows.", sample.missing);
        said.note(NoticeCode::MissingTogether, Some(name), Some(sample.missing), text);
    }
    constant(said, name, sample);
    match sample.kind {
        SampleKind::Levels => {
            spellings(said, name, sample, settings);
            mixed(said, column, sample);
            signs(said, name, sample);
        }
        SampleKind::Times => moments(said, name, sample),
        SampleKind::Numbers => {}
    }
    if role == Role::Label {
        imbalance(said, name, sample, settings);
    }
}

/// Says whether ids repeat.
pub(super) fn ids(said: &mut Said, column: &Column, sample: &Sample) {
    let repeated: u64 = match &sample.values {
        Distribution::Numbers(values) => values.iter().map(|(_, count)| *count).filter(|count| *count > 1).sum(),
        Distribution::Levels(levels) => levels.iter().map(|(_, count)| *count).filter(|count| *count > 1).sum(),
    };
    if repeated > 0 {
        let text = format!(
            "{repeated} of {} rows have an id in column \"{}\" that another row has too.",
            sample.rows, column.name
        );
        said.note(NoticeCode::DuplicateIds, Some(&column.name), Some(repeated), text);
    }
}

/// The rows of the most frequent value, and how many values there are.
fn largest(sample: &Sample) -> (u64, usize) {
    let most = |counts: &mut dyn Iterator<Item = u64>| counts.fold(0, u64::max);
    match &sample.values {
        Distribution::Numbers(values) => (most(&mut values.iter().map(|(_, count)| *count)), values.len()),
        Distribution::Levels(levels) => (most(&mut levels.iter().map(|(_, count)| *count)), levels.len()),
    }
}

fn constant(said: &mut Said, name: &str, sample: &Sample) {
    const LEAST: u64 = 100;
    let present = sample.present();
    let (rows, values) = largest(sample);
    if values == 1 && present > 1 {
        let text = format!("Column \"{name}\" has the same value in every row that has one, so it tells nothing.");
        said.note(NoticeCode::Constant, Some(name), Some(present), text);
    } else if present >= LEAST && rows as f64 >= NEARLY * present as f64 {
        let text = format!(
            "Column \"{name}\" has one value in {rows} of {present} rows and others in {} only.",
            present - rows
        );
        said.note(NoticeCode::Constant, Some(name), Some(rows), text);
    }
}

/// A letter without its accent, where it is one of the Latin ones in use.
fn bare(letter: char) -> char {
    const ACCENTED: &str = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿāăąćčďđēęěğīłńňōőřśşšťūůűźżž";
    const PLAIN: &str = "aaaaaaceeeeiiiinoooooouuuuyyaaaccddeeegilnnoorsssttuuuzzz";
    match ACCENTED.chars().position(|accented| accented == letter) {
        Some(place) => PLAIN.chars().nth(place).unwrap_or(letter),
        None => letter,
    }
}

/// A text without what spellings of one thing differ in: case, blanks, accents and signs between words.
fn plain(text: &str) -> String {
    let letters = text.chars().flat_map(char::to_lowercase).map(bare);
    letters
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '_' | '.' | '\''))
        .collect()
}

/// Levels that differ in case, blanks, accents or hyphens only.
fn spellings(said: &mut Said, name: &str, sample: &Sample, settings: &Settings) {
    let levels = sample.levels();
    if levels.len() > MOST_LEVELS {
        let text = format!(
            "Column \"{name}\" has {} levels; whether some are spellings of one thing was not looked at.",
            levels.len()
        );
        return said.note(NoticeCode::NotLooked, Some(name), None, text);
    }
    let mut found: BTreeMap<String, Vec<&(String, u64)>> = BTreeMap::new();
    for level in levels {
        // Numbers differ in their signs.
        if level.0.chars().any(char::is_alphabetic) {
            found.entry(plain(&level.0)).or_default().push(level);
        }
    }
    let alike: Vec<&Vec<&(String, u64)>> = found.values().filter(|spellings| spellings.len() > 1).collect();
    if alike.is_empty() {
        return;
    }
    let rows: u64 = alike.iter().flat_map(|spellings| spellings.iter()).map(|(_, count)| *count).sum();
    let shown = alike
        .iter()
        .find(|spellings| spellings.iter().all(|(_, count)| *count >= settings.min_support));
    let example = shown.map_or_else(String::new, |spellings| {
        let names: Vec<String> = spellings.iter().take(3).map(|(name, _)| format!("\"{name}\"")).collect();
        format!(", for instance {}", names.join(" and "))
    });
    let several: usize = alike.iter().map(|spellings| spellings.len()).sum();
    let text = format!(
        "{several} levels of column \"{name}\" differ from another one in case, blanks, accents or hyphens only{example}: they count as different.",
    );
    said.note(NoticeCode::Spellings, Some(name), Some(rows), text);
}

/// Numbers among texts, or texts among numbers.
fn mixed(said: &mut Said, column: &Column, sample: &Sample) {
    if column.kind == Kind::Boolean {
        return;
    }
    let is_number = |text: &str| text.trim().parse::<f64>().is_ok();
    let numbers: u64 = sample
        .levels()
        .iter()
        .filter(|(name, _)| is_number(name))
        .map(|(_, count)| *count)
        .sum();
    let present = sample.present();
    if numbers > 0 && numbers < present {
        let text = format!(
            "Column \"{}\" holds numbers in {numbers} rows and other texts in {}; all are read as texts.",
            column.name,
            present - numbers
        );
        said.note(
            NoticeCode::Spellings,
            Some(&column.name),
            Some(numbers.min(present - numbers)),
            text,
        );
    }
}

/// Levels of signs alone, and control or replacement characters inside levels.
fn signs(said: &mut Said, name: &str, sample: &Sample) {
    let is_odd = |text: &str| {
        let has_broken = text
            .chars()
            .any(|letter| letter.is_control() || letter == '\u{fffd}' || letter == '\u{a0}' || letter == '\u{200b}');
        has_broken || !text.is_empty() && !text.chars().any(char::is_alphanumeric)
    };
    let odd: u64 = sample
        .levels()
        .iter()
        .filter(|(name, _)| is_odd(name))
        .map(|(_, count)| *count)
        .sum();
    if odd > 0 && odd < sample.present() {
        let text = format!("{odd} values of column \"{name}\" consist of signs alone or hold signs that cannot be seen.");
        said.note(NoticeCode::Spellings, Some(name), Some(odd), text);
    }
}

/// Moments before 1900 or from 2100 on stand for none more often than for themselves.
fn moments(said: &mut Said, name: &str, sample: &Sample) {
    let far = sample.numbers().iter().filter(|(time, _)| *time < FAR_PAST || *time >= FAR_FUTURE);
    let rows: u64 = far.map(|(_, count)| *count).sum();
    if rows > 0 {
        let text = format!(
            "{rows} values of column \"{name}\" are before {} or after {}.",
            year(FAR_PAST),
            year(FAR_FUTURE)
        );
        said.note(NoticeCode::Moments, Some(name), Some(rows), text);
    }
}

fn year(moment: f64) -> String {
    time_text(moment as i64)[..4].to_owned()
}

/// A class much rarer than the most frequent one.
fn imbalance(said: &mut Said, name: &str, sample: &Sample, settings: &Settings) {
    const MOST: usize = 200;
    let counts: Vec<u64> = match &sample.values {
        Distribution::Numbers(values) if values.len() <= 20 => values.iter().map(|(_, count)| *count).collect(),
        Distribution::Levels(levels) if levels.len() <= MOST => levels.iter().map(|(_, count)| *count).collect(),
        _ => return,
    };
    let (Some(rarest), Some(most)) = (counts.iter().min(), counts.iter().max()) else {
        return;
    };
    if counts.len() > 1 && (*rarest as f64) < IMBALANCE * *most as f64 && *most >= settings.min_support {
        let text = format!("The rarest class in column \"{name}\" has {rarest} rows, the most frequent one {most}.");
        said.note(NoticeCode::Imbalance, Some(name), Some(*rarest), text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: Kind, role: Role, values: Distribution) -> String {
        let rows = match &values {
            Distribution::Numbers(values) => values.iter().map(|(_, count)| count).sum(),
            Distribution::Levels(levels) => levels.iter().map(|(_, count)| count).sum::<u64>(),
        };
        let own = Column {
            name: "x".to_owned(),
            kind,
            values: crate::data::Values::None,
            missing: 0,
            invalid: 0,
        };
        let mut said = Said::default();
        let sample = Sample::new(SampleKind::of(kind).unwrap(), rows, 0, values);
        column(&mut said, &own, role, &sample, &Settings::default());
        said.notices.iter().map(|notice| notice.text.clone()).collect::<Vec<_>>().join("\n")
    }

    fn levels(levels: &[(&str, u64)]) -> Distribution {
        Distribution::Levels(levels.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect())
    }

    #[test]
    fn accents_have_their_plain_letters() {
        assert_eq!(plain("São-Paulo"), plain(" sao paulo"));
        assert_eq!((bare('ž'), bare('ř'), bare('ß'), bare('ø'), bare('ÿ')), ('z', 'r', 'ß', 'o', 'y'));
    }

    #[test]
    fn spellings_are_told_and_rare_ones_not_named() {
        let text = told(
            Kind::Categorical,
            Role::Feature,
            levels(&[("New York", 60), ("new york", 40), ("Rome", 50), ("rome", 1)]),
        );
        assert!(
            text.contains("4 levels") && text.contains("\"New York\" and \"new york\""),
            "{text}"
        );
        let rare = told(Kind::Categorical, Role::Feature, levels(&[("Rome", 50), ("rome", 1), ("Oslo", 9)]));
        assert!(
            rare.contains("2 levels") && !rare.contains("rome") && !rare.contains("Rome"),
            "{rare}"
        );
        assert_eq!(told(Kind::Categorical, Role::Feature, levels(&[("-1", 60), ("1", 40)])), "");
    }

    #[test]
    fn constants_mixtures_signs_and_rare_classes_are_told() {
        assert!(told(Kind::Numeric, Role::Feature, Distribution::Numbers(vec![(3.0, 9)])).contains("same value in every row"));
        assert!(told(Kind::Numeric, Role::Feature, Distribution::Numbers(vec![(3.0, 999), (4.0, 1)])).contains("999 of 1000"));
        assert!(told(Kind::Categorical, Role::Feature, levels(&[("12", 5), ("high", 5)])).contains("numbers in 5 rows"));
        assert!(told(Kind::Categorical, Role::Feature, levels(&[("???", 5), ("high", 5)])).contains("5 values"));
        assert!(told(Kind::Numeric, Role::Label, Distribution::Numbers(vec![(0.0, 95), (1.0, 5)])).contains("rarest class"));
        assert_eq!(
            told(Kind::Numeric, Role::Label, Distribution::Numbers(vec![(0.0, 75), (1.0, 25)])),
            ""
        );
    }

    #[test]
    fn impossible_moments_are_told() {
        let text = told(Kind::Time, Role::Feature, Distribution::Numbers(vec![(0.0, 3), (FAR_FUTURE, 2)]));
        assert!(text.contains("2 values") && text.contains("before 1900 or after 2100"), "{text}");
    }
}
