//! How change over time is followed: which cuts can be chosen, what a choice does to the settings, and what is said of it.

use crate::data::{Kind, Period, Roles};
use crate::engine::Inspection;
use crate::run::Settings;
use crate::run::windows::{Band, Cut, WindowSettings};

/// The cuts as options: value and words, and what is cut where the option is chosen.
pub const CUTS: [(&str, &str, Cut); 8] = [
    ("auto", "windows that fit the times", Cut::Auto),
    ("hour", "windows of an hour", Cut::Period(Period::Hour)),
    ("day", "windows of a day", Cut::Period(Period::Day)),
    ("week", "windows of a week", Cut::Period(Period::Week)),
    ("month", "windows of a month", Cut::Period(Period::Month)),
    ("rows", "windows of so many rows", Cut::Rows(1000)),
    ("count", "so many windows", Cut::Count(12)),
    ("none", "no windows", Cut::None),
];

/// The option that a cut belongs to.
pub fn option(cut: Cut) -> &'static str {
    match cut {
        Cut::Rows(_) => "rows",
        Cut::Count(_) => "count",
        _ => CUTS.iter().find(|own| own.2 == cut).map_or("auto", |own| own.0),
    }
}

/// Cuts otherwise. Rows follow the time column where there is one: their order in the file may mean nothing.
pub fn choose(windows: &mut WindowSettings, roles: &Roles, cut: Cut) {
    windows.cut = cut;
    windows.by = match cut {
        Cut::Rows(_) | Cut::Count(_) => roles.time.clone(),
        Cut::Auto | Cut::None | Cut::Period(_) => None,
    };
}

/// The number of rows or windows, where the cut has one.
pub fn size(cut: Cut) -> Option<u64> {
    match cut {
        Cut::Rows(number) | Cut::Count(number) => Some(number),
        _ => None,
    }
}

/// Reads a number of rows or windows.
pub(super) fn write_size(cut: &mut Cut, text: &str) -> Result<(), String> {
    let (Cut::Rows(number) | Cut::Count(number)) = cut else {
        return Ok(());
    };
    *number = text
        .parse()
        .ok()
        .filter(|number| *number >= 1)
        .ok_or_else(|| format!("\"{text}\" is not a number of rows or windows. Write a whole number from 1, such as 12."))?;
    Ok(())
}

/// Reads a band a line; empty lines are none.
pub(super) fn bands(text: &str) -> Result<Vec<Band>, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::parse).collect()
}

/// Reads the share of windows that stand for the reference.
pub(super) fn first(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| *share > 0.0 && *share <= 1.0);
    share.ok_or_else(|| format!("\"{text}\" is not a share. Write a number above 0 and up to 1, such as 0.5."))
}

/// The columns by which rows can be put in order.
pub fn orders(inspection: &Inspection) -> Vec<String> {
    let times = inspection.columns.iter().filter(|column| column.kind == Kind::Time);
    times.map(|column| column.name.clone()).collect()
}

/// What is said of the cut; `found` is what the engine would cut by.
pub fn note(settings: &Settings, roles: &Roles, found: Option<Cut>) -> String {
    let has_time = roles.time.is_some();
    match (settings.windows.cut, found) {
        (Cut::None, _) => "Change over time is not looked at.".to_owned(),
        (Cut::Auto, Some(cut)) => format!("What fits here: {}.", cut.in_words()),
        (Cut::Auto, None) if has_time => "Nothing is cut by itself here: no windows fit these times, or the rows are more than 250\u{202f}000. Choose windows to follow change.".to_owned(),
        (Cut::Auto | Cut::Period(_), _) if !has_time => {
            "To follow change over time, give a column the role time, or cut the rows in their order.".to_owned()
        }
        (Cut::Period(_), _) => "By the calendar, in UTC.".to_owned(),
        _ => "A window of fewer rows says less: its limits are wider.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cut_has_an_option_and_every_option_a_cut() {
        for (value, _, cut) in CUTS {
            assert_eq!(option(cut), value);
        }
        assert_eq!((option(Cut::Rows(7)), option(Cut::Count(1))), ("rows", "count"));
    }

    #[test]
    fn rows_follow_the_time_and_periods_the_calendar() {
        let roles = Roles {
            time: Some("day".to_owned()),
            ..Roles::default()
        };
        let mut windows = WindowSettings::default();
        choose(&mut windows, &roles, Cut::Rows(1000));
        assert_eq!(windows.by.as_deref(), Some("day"));
        write_size(&mut windows.cut, "500").unwrap();
        assert_eq!((windows.cut, size(windows.cut)), (Cut::Rows(500), Some(500)));
        assert!(write_size(&mut windows.cut, "0").unwrap_err().starts_with("\"0\" is not a number"));
        assert_eq!(windows.cut, Cut::Rows(500));
        choose(&mut windows, &roles, Cut::Auto);
        assert_eq!(windows, WindowSettings::default());
    }

    #[test]
    fn the_note_says_what_fits_or_what_to_do() {
        let (mut settings, mut roles) = (Settings::default(), Roles::default());
        assert!(note(&settings, &roles, None).contains("give a column the role time"));
        roles.time = Some("day".to_owned());
        assert_eq!(
            note(&settings, &roles, Some(Cut::Period(Period::Week))),
            "What fits here: windows of a week."
        );
        assert!(note(&settings, &roles, None).starts_with("Nothing is cut by itself"));
        settings.windows.cut = Cut::Period(Period::Hour);
        assert_eq!(note(&settings, &roles, Some(settings.windows.cut)), "By the calendar, in UTC.");
    }

    #[test]
    fn bands_come_a_line_each() {
        assert_eq!(bands("2sd\n\n f1=0.5.. ").map(|bands| bands.len()), Ok(2));
        assert!(bands("2sd\nmany").unwrap_err().contains("\"many\" is no band"));
        assert_eq!(first("1"), Ok(1.0));
        assert!(first("0").is_err() && first("50").is_err());
    }
}
