//! What people are held to: the first page of fairness, the named criteria, the dialects, the tables of rules of law, and thresholds that hold
//! groups alike; with the tables that real files bring.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;
use std::sync::Arc;

use assay::data::{Roles, Table};
use assay::engine::{AuditJob, ReadJob, Step, foresee};
use assay::metric::{Comparison, Key};
use assay::report::{Report, csv, html, markdown, terminal};
use assay::run::frontier::Constraint;
use assay::run::preset::{Part, PresetTable, Rate};
use assay::run::threshold::Explorer;
use assay::run::{Dialect, Preset, Settings, Wording};
use proptest::prelude::*;

fn read(csv: &str) -> Arc<Table> {
    let mut job = ReadJob::new(Cursor::new(csv.as_bytes().to_vec()), "t.csv", csv.len() as u64);
    loop {
        if let Step::Done(table) = job.step(10_000).expect("the test's table can be read") {
            return Arc::new(table);
        }
    }
}

fn finish(mut job: AuditJob) -> (Report, AuditJob) {
    loop {
        if let Step::Done(report) = job.step(1_000).expect("a job that was made ends") {
            return (report, job);
        }
    }
}

fn audit(csv: &str, roles: &Roles, settings: &Settings) -> Report {
    let job = AuditJob::new(read(csv), roles.clone(), settings.clone());
    finish(job.expect("the test's roles make an audit")).0
}

fn roles(sensitive: &[&str]) -> Roles {
    Roles {
        label: Some("y".to_owned()),
        prediction: Some("p".to_owned()),
        sensitive: sensitive.iter().map(|&name| name.to_owned()).collect(),
        ..Roles::default()
    }
}

fn with_presets(favorable: Option<&str>) -> Settings {
    let mut settings = Settings {
        positive: Some("1".to_owned()),
        favorable: favorable.map(str::to_owned),
        ..Settings::default()
    };
    settings.presets.chosen = Preset::ALL.to_vec();
    settings
}

fn compas_roles() -> Roles {
    Roles {
        label: Some("two_year_recid".to_owned()),
        score: Some("decile_score".to_owned()),
        count: Some("count".to_owned()),
        sensitive: ["race", "sex", "age_cat"].map(str::to_owned).to_vec(),
        ..Roles::default()
    }
}

fn compas_text() -> String {
    std::fs::read_to_string("tests/oracle/compas_counts.csv").expect("the oracle's file is there")
}

fn compas(change: impl FnOnce(&mut Settings)) -> Report {
    let mut settings = Settings {
        threshold: Some(5.0),
        favorable: Some("0".to_owned()),
        wording: Wording {
            people: "defendants".to_owned(),
            positive: "reoffended".to_owned(),
            negative: "did not reoffend".to_owned(),
            predicted: "were flagged high risk".to_owned(),
            not_predicted: "were not flagged".to_owned(),
        },
        ..Settings::default()
    };
    change(&mut settings);
    audit(&compas_text(), &compas_roles(), &settings)
}

#[test]
fn the_first_page_tells_the_worst_gap_about_people() {
    let report = compas(|_| {});
    let text = terminal::render(&report).replace("\n    ", " ");
    assert!(
        text.contains(
            "By race: among those who did not reoffend, 45 of 100 African-American defendants were flagged high risk, 23 of 100 Caucasian defendants"
        ),
        "{text}"
    );
    let html = html::body(&report);
    let section = html.split("id=\"report-fairness\"").nth(1).expect("fairness is a section");
    let first: String = section.chars().take(2_500).collect();
    for said in [
        "The gap in false positive rate is 30.1 points (22.5 to 36.0).",
        "a harm of allocation",
        "What it does not show",
    ] {
        assert!(first.contains(said), "{said}: {first}");
    }
}

#[test]
fn every_criterion_is_in_the_table_with_its_definition() {
    let mut report = compas(|_| {});
    let text = markdown::render(&report);
    for name in [
        "Demographic parity",
        "Disparate impact",
        "Equal opportunity",
        "Equalized odds, worst case",
        "Predictive parity",
        "Predictive equality",
        "False omission parity",
        "Accuracy equality",
        "Treatment equality",
        "Calibration within groups",
        "Balance for the positive class",
        "Balance for the negative class",
    ] {
        assert!(text.contains(&format!("| {name} |")), "{name}: {text}");
    }
    assert!(text.contains("Too few to say: Native American (18)"), "{text}");
    assert!(text.contains("Not all of these can hold at once"), "{text}");
    let body = html::body(&report);
    assert!(
        body.contains("id=\"def-demographic_parity\"") || body.contains("def-demographic-parity"),
        "a definition"
    );
    // Conditional parity needs a control feature.
    assert!(!text.contains("Conditional demographic parity"));
    let mut roles = compas_roles();
    roles.control = vec!["c_charge_degree".to_owned()];
    let settings = report.settings.clone();
    report = audit(&compas_text(), &roles, &settings);
    assert!(markdown::render(&report).contains("| Conditional demographic parity |"));
}

/// The equalized odds of the judged groups is the larger judged gap, and its limits hold those of both.
#[test]
fn equalized_odds_has_limits_that_are_wider_than_those_of_its_parts() {
    let report = compas(|_| {});
    let gap = |metric: &str, aggregate: Option<&str>| {
        let mut params: BTreeMap<String, String> = [("min_support".to_owned(), "30".to_owned())].into();
        params.extend(aggregate.map(|name| ("aggregate".to_owned(), name.to_owned())));
        let key = Key {
            params,
            comparison: Some(Comparison::Difference),
            by: vec!["race".to_owned()],
            ..Key::overall(metric)
        };
        report.estimate(&key).cloned().expect("it is reported")
    };
    let odds = gap("equalized_odds", Some("worst_case"));
    let (recall, fpr) = (gap("recall", None), gap("false_positive_rate", None));
    assert_eq!(
        odds.value.unwrap_or(-1.0),
        recall.value.unwrap_or(-1.0).max(fpr.value.unwrap_or(-1.0))
    );
    let (odds, recall) = (odds.interval.expect("limits"), recall.interval.expect("limits"));
    assert!(odds.low < recall.low && odds.high > recall.high, "{odds:?} {recall:?}");
}

#[test]
fn a_dialect_shows_the_numbers_that_the_report_has_under_its_own_names() {
    for (dialect, names) in [
        (Dialect::Fairlearn, ["demographic_parity", "equalized_odds, worst_case"]),
        (Dialect::Aequitas, ["pprev", "unfair"]),
        (Dialect::Aif360, ["statistical_parity_difference", "average_odds_difference"]),
    ] {
        let report = compas(|settings| settings.dialect = dialect);
        let body = html::body(&report);
        assert!(body.contains(&format!("in the dialect of {}", dialect.name())), "{dialect:?}");
        for name in names {
            assert!(body.contains(name), "{dialect:?}: {name}");
        }
        // Of the same audit the numbers are the same, whoever names them.
        assert_eq!(report.estimates, compas(|_| {}).estimates);
    }
}

/// What aequitas calls fair follows from the disparity that is shown.
#[test]
fn aequitas_parity_is_the_disparity_within_tau() {
    let report = compas(|_| {});
    let mut compared = 0;
    for parity in report
        .estimates
        .iter()
        .filter(|estimate| estimate.key.metric == "parity" && estimate.key.by == ["race"])
    {
        let of = &parity.key.params["of"];
        let ratio = report.estimates.iter().find(|estimate| {
            let key = &estimate.key;
            key.metric == *of
                && key.comparison == Some(Comparison::ToReferenceRatio)
                && key.group == parity.key.group
                && key.by == parity.key.by
                && key.control.is_none()
        });
        let Some(value) = ratio.and_then(|ratio| ratio.value) else {
            continue;
        };
        assert_eq!(
            parity.text.as_deref() == Some("yes"),
            (0.8..=1.25).contains(&value),
            "{of} {:?}",
            parity.key.group
        );
        compared += 1;
    }
    assert!(compared > 40, "{compared}");
}

fn table(report: &Report, preset: Preset, part: Part, rate: Rate) -> &PresetTable {
    let mut tables = report.presets.iter();
    tables
        .find(|table| (table.preset, table.part, table.rate) == (preset, part, rate))
        .expect("the table is made")
}

/// Counts persons of a level of the oracle's file for whom something holds, by reading it as text.
fn counted(column: &str, level: &str, holds: impl Fn(&BTreeMap<String, String>) -> bool) -> u64 {
    let text = compas_text();
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let rows = reader
        .deserialize()
        .map(|row: Result<BTreeMap<String, String>, _>| row.expect("a whole row"));
    let own = rows.filter(|row| row[column] == level && holds(row));
    own.map(|row| row["count"].parse::<u64>().expect("a count")).sum()
}

#[test]
fn rules_of_law_count_the_persons_that_the_file_holds() {
    let report = compas(|settings| settings.presets.chosen = Preset::ALL.to_vec());
    let score = |row: &BTreeMap<String, String>| row["decile_score"].parse::<f64>().expect("a score");
    for (part, column, rate) in [
        (Part::Race, "race", Rate::Selection),
        (Part::Sex, "sex", Rate::Selection),
        (Part::Race, "race", Rate::Scoring),
        (Part::Sex, "sex", Rate::Scoring),
    ] {
        let own = table(&report, Preset::NycLl144, part, rate);
        assert_eq!((own.favorable.as_str(), own.persons, own.unknown), ("0", 7214, 0));
        for row in &own.rows {
            let level = &row.group[column];
            let selected = match rate {
                Rate::Selection => counted(column, level, |row| score(row) < 5.0),
                // Of 7,214 scores the middle two are 4.
                Rate::Scoring => counted(column, level, |row| score(row) < 4.0),
            };
            assert_eq!((row.persons, row.selected), (counted(column, level, |_| true), selected), "{level}");
        }
    }
    assert_eq!(table(&report, Preset::NycLl144, Part::Race, Rate::Scoring).median, Some(4.0));
    let crossed = table(&report, Preset::NycLl144, Part::Intersection, Rate::Selection);
    assert_eq!(crossed.rows.iter().map(|row| row.persons).sum::<u64>(), 7214);
    let four = table(&report, Preset::FourFifths, Part::Race, Rate::Selection);
    let row = four
        .rows
        .iter()
        .find(|row| row.group["race"] == "African-American")
        .expect("a category");
    assert_eq!(
        (row.persons, row.selected, row.short_of_four_fifths, row.short_of_parity),
        (3696, 1522, 816, 1400)
    );
    let text = markdown::render(&report);
    for said in [
        "29 CFR 1607.4 D",
        "Local Law 144 of 2021",
        "not legal advice",
        "Selected means predicted “0”.",
    ] {
        assert!(text.contains(said), "{said}");
    }
}

#[test]
fn without_a_word_for_what_is_good_the_positive_class_counts_as_selected_and_it_is_said() {
    let report = compas(|settings| {
        settings.favorable = None;
        settings.presets.chosen = vec![Preset::FourFifths];
    });
    assert_eq!(table(&report, Preset::FourFifths, Part::Sex, Rate::Selection).favorable, "1");
    assert!(markdown::render(&report).contains("the positive class; where being flagged is bad, say which class is favourable"));
    assert!(report.presets.iter().all(|table| table.preset == Preset::FourFifths));
}

/// A table with these numbers of rows a group, truth and prediction.
fn rows(column: &str, of: &[(&str, &str, &str, usize)]) -> String {
    let mut csv = format!("{column},y,p\n");
    for (level, truth, predicted, times) in of {
        for _ in 0..*times {
            let _ = writeln!(csv, "{level},{truth},{predicted}");
        }
    }
    csv
}

#[test]
fn where_nobody_is_selected_no_ratio_exists_anywhere() {
    let csv = rows(
        "sex",
        &[("a", "1", "0", 40), ("a", "0", "0", 40), ("b", "1", "0", 50), ("b", "0", "0", 50)],
    );
    let report = audit(&csv, &roles(&["sex"]), &with_presets(None));
    let own = table(&report, Preset::FourFifths, Part::Sex, Rate::Selection);
    assert!(
        own.rows
            .iter()
            .all(|row| row.impact_ratio.is_none() && row.fisher_p_value.is_none())
    );
    let text = markdown::render(&report);
    assert!(
        text.contains("No impact ratio exists") && text.contains("nobody is selected"),
        "{text}"
    );
    for sheet in csv::sheets(&report.presets) {
        assert!(!sheet.text.contains("inf") && !sheet.text.contains("NaN"), "{}", sheet.text);
    }
    for face in [html::body(&report), text] {
        assert!(!face.contains("inf<") && !face.contains("NaN"), "no number of a division by zero");
    }
}

#[test]
fn a_group_without_positives_is_left_out_of_the_gap_and_said() {
    let csv = rows(
        "sex",
        &[
            ("a", "1", "1", 40),
            ("a", "0", "1", 40),
            ("b", "1", "0", 50),
            ("b", "0", "0", 50),
            ("c", "0", "1", 60),
        ],
    );
    let report = audit(
        &csv,
        &roles(&["sex"]),
        &Settings {
            positive: Some("1".to_owned()),
            ..Settings::default()
        },
    );
    let text = markdown::render(&report);
    let line = text
        .lines()
        .find(|line| line.starts_with("| Equal opportunity |"))
        .expect("the criterion is listed");
    assert!(line.contains('a') && line.contains('b') && line.contains("100.0 points"), "{line}");
    let gap = report.estimates.iter().find(|estimate| {
        estimate.key.metric == "recall" && estimate.key.comparison == Some(Comparison::Difference) && estimate.key.params.is_empty()
    });
    assert_eq!(gap.and_then(|gap| gap.value), Some(1.0), "over the groups that have one");
    let own = report.estimates.iter().find(|estimate| {
        estimate.key.metric == "recall"
            && estimate.key.comparison.is_none()
            && estimate.key.group.values().flatten().any(|level| level == "c")
    });
    assert!(own.is_some_and(|own| own.value.is_none() && own.undefined.is_some()));
}

#[test]
fn one_level_compares_with_nobody() {
    let csv = rows("sex", &[("a", "1", "1", 40), ("a", "0", "1", 40), ("a", "1", "0", 20)]);
    let report = audit(&csv, &roles(&["sex"]), &with_presets(None));
    let own = table(&report, Preset::FourFifths, Part::Sex, Rate::Selection);
    assert_eq!(
        (own.rows.len(), own.rows[0].impact_ratio, own.rows[0].is_highest),
        (1, Some(1.0), true)
    );
    let text = markdown::render(&report);
    assert!(text.contains("It cannot be said") || text.contains("Only one group"), "{text}");
    assert!(report.frontiers.is_empty());
}

#[test]
fn a_reference_group_that_is_absent_and_a_class_that_is_none_are_refused() {
    let table = read(&rows("sex", &[("a", "1", "1", 40), ("b", "0", "1", 40)]));
    let foreseen = |change: fn(&mut Settings)| {
        let mut settings = Settings::default();
        change(&mut settings);
        foresee(&table, &roles(&["sex"]), &settings)
            .problem
            .expect("it stands against the audit")
    };
    let problem = foreseen(|settings| drop(settings.reference_groups.insert("sex".to_owned(), "c".to_owned())));
    assert!(problem.contains("\"c\""), "{problem}");
    let problem = foreseen(|settings| settings.favorable = Some("hired".to_owned()));
    assert!(problem.contains("hired"), "{problem}");
    let problem = foreseen(|settings| settings.presets.race = Some("y".to_owned()));
    assert!(problem.contains("is not a sensitive feature"), "{problem}");
}

#[test]
fn unknown_and_unlisted_persons_are_counted() {
    let mut csv = rows("race", &[("a", "1", "1", 40), ("b", "0", "1", 40), ("", "0", "1", 7)]);
    for row in 0..5_000 {
        let _ = writeln!(csv, "x{},0,0", row % 500);
    }
    let report = audit(&csv, &roles(&["race"]), &with_presets(None));
    let own = table(&report, Preset::NycLl144, Part::Race, Rate::Selection);
    assert_eq!(own.unknown, 7);
    assert_eq!(own.persons + own.unknown + own.unlisted, 5_087);
    assert!(own.unlisted > 0 && report.notices.iter().any(|notice| notice.text.contains("put together as the rest")));
    let sheets = csv::sheets(&report.presets);
    let columns = sheets[0].text.lines().next().expect("a header").split(',').count();
    let last = sheets[0].text.lines().last().expect("a line");
    assert_eq!(last.split(',').count(), columns, "{last}");
    assert!(sheets[0].text.contains("(unknown category),7"), "{}", sheets[0].text);
}

#[test]
fn hostile_levels_are_no_formulas_and_no_markup() {
    let evil = "=HYPERLINK(\"\"http://x\"\")";
    let csv = rows(
        "sex",
        &[
            (&format!("\"{evil}\""), "1", "1", 60),
            ("<script>", "0", "1", 60),
            ("@SUM(1)", "1", "0", 60),
        ],
    );
    let report = audit(&csv, &roles(&["sex"]), &with_presets(None));
    for sheet in csv::sheets(&report.presets) {
        for line in sheet.text.lines() {
            assert!(!line.starts_with(['=', '@', '+', '-']) && !line.starts_with("\"="), "{line}");
        }
    }
    let body = html::body(&report);
    assert!(!body.contains("<script>") && body.contains("&lt;script&gt;"));
}

#[test]
fn importance_weights_have_no_part_in_the_rules() {
    let csv = "sex,y,p,w\n".to_owned() + &"a,1,1,0.5\na,0,0,3\nb,1,1,2\nb,0,0,2\nb,0,0,2\n".repeat(40);
    let mut own = roles(&["sex"]);
    own.weight = Some("w".to_owned());
    let report = audit(&csv, &own, &with_presets(None));
    let persons: Vec<(u64, u64)> = report.presets[0].rows.iter().map(|row| (row.persons, row.selected)).collect();
    assert_eq!(persons, [(80, 40), (120, 40)]);
    assert!(markdown::render(&report).contains("Importance weights have no part in them"));
}

#[test]
fn three_features_cross_and_the_worst_cells_come_first() {
    let report = compas(|_| {});
    assert!(report.groupings.contains(&["race", "sex", "age_cat"].map(str::to_owned).to_vec()));
    let text = markdown::render(&report);
    assert!(
        text.contains("the worst crossings") && text.contains("race, sex and age\\_cat") || text.contains("race, sex and age_cat"),
        "{text}"
    );
    // Three at once are judged by no default check.
    assert!(
        report
            .findings
            .iter()
            .filter_map(|finding| finding.key.as_ref())
            .all(|key| key.by.len() <= 2)
    );
}

fn explorer(settings: &Settings) -> Explorer {
    let job = AuditJob::new(read(&compas_text()), compas_roles(), settings.clone()).expect("an audit");
    let mut building = finish(job).1.explore().expect("two classes, a label and a score");
    loop {
        if let Some(explorer) = building.step(1_000) {
            return explorer;
        }
    }
}

#[test]
fn thresholds_that_are_offered_give_what_they_promise() {
    let report = compas(|_| {});
    let explorer = explorer(&report.settings);
    assert_eq!(explorer.frontiers(), report.frontiers, "the page and the report offer the same");
    let mut looked_at = 0;
    for frontier in &report.frontiers {
        let (place, _) = explorer
            .features()
            .find(|(_, feature)| feature.columns[0] == frontier.by)
            .expect("a feature");
        for offer in &frontier.offers {
            let cut = explorer.own(place, 5.0, &offer.thresholds);
            let estimates = explorer.of_metrics(&cut, place, &["selection_rate", "recall", "false_positive_rate", "accuracy"]);
            let gap = |metric: &str| {
                let values = frontier.curves.iter().map(|curve| {
                    let of_group = |estimate: &&assay::metric::Estimate| {
                        estimate.key.metric == metric
                            && estimate.key.comparison.is_none()
                            && estimate.key.group.values().flatten().any(|level| *level == curve.group)
                    };
                    estimates.iter().find(of_group).and_then(|estimate| estimate.value).expect("a rate")
                });
                let values: Vec<f64> = values.collect();
                values.iter().copied().fold(f64::MIN, f64::max) - values.iter().copied().fold(f64::MAX, f64::min)
            };
            let found = match offer.constraint {
                Constraint::DemographicParity => gap("selection_rate"),
                Constraint::EqualOpportunity => gap("recall"),
                Constraint::EqualizedOdds => gap("recall").max(gap("false_positive_rate")),
                Constraint::EqualAccuracy => gap("accuracy"),
            };
            assert!(
                (found - offer.gap).abs() < 1e-12 && found <= offer.limit + 1e-12,
                "{offer:?}: {found}"
            );
            looked_at += 1;
        }
    }
    assert!(looked_at > 40, "{looked_at}");
}

proptest! {
    /// Scoring rates against putting everybody in order.
    #[test]
    fn scoring_rates_are_those_of_the_sorted_scores(
        people in prop::collection::vec((0..3_u8, -4..5_i8, 1..4_u8), 8..60),
        is_high_good in any::<bool>(),
    ) {
        let mut csv = "sex,s,n,y\n".to_owned();
        for (place, (sex, score, count)) in people.iter().enumerate() {
            let _ = writeln!(csv, "g{sex},{},{count},{}", f64::from(*score) / 2.0, place % 2);
        }
        let roles = Roles {
            label: Some("y".to_owned()),
            score: Some("s".to_owned()),
            count: Some("n".to_owned()),
            sensitive: vec!["sex".to_owned()],
            ..Roles::default()
        };
        let report = audit(&csv, &roles, &with_presets(Some(if is_high_good { "1" } else { "0" })));
        let mut sorted: Vec<f64> = people.iter().flat_map(|(_, score, count)| vec![f64::from(*score) / 2.0; usize::from(*count)]).collect();
        sorted.sort_by(f64::total_cmp);
        let median = f64::midpoint(sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
        let own = table(&report, Preset::NycLl144, Part::Sex, Rate::Scoring);
        prop_assert_eq!(own.median, Some(median));
        for row in &own.rows {
            let group = people.iter().filter(|person| format!("g{}", person.0) == row.group["sex"]);
            let beyond = |score: f64| if is_high_good { score > median } else { score < median };
            let count = |person: &(u8, i8, u8)| u64::from(person.2);
            prop_assert_eq!(row.persons, group.clone().map(count).sum::<u64>());
            prop_assert_eq!(row.selected, group.filter(|person| beyond(f64::from(person.1) / 2.0)).map(count).sum::<u64>());
        }
    }
}
