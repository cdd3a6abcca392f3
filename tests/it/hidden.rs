//! Groups that nobody named, columns that stand in for groups, and who is in the data: what whole reports say of them, whatever the order and form of
//! the rows, and of input that is no good.

use std::collections::BTreeMap;

use assay::metric::{Key, UndefinedCode};
use assay::report::{Report, html, markdown, terminal};
use assay::run::Settings;
use assay::run::search::{ErrorKind, SearchSettings};
use serde_json::Value;

use crate::command::{Folder, notices};
use crate::frame::{Draw, audit_in_steps, csv, find, roles, same_estimates};

const NAMED: &str = "label=y prediction=p score=s sensitive=g";

/// Rows of two classes with a sensitive feature, one that goes with it, and a number; one in `odd` errs where `f` is b and x is high.
fn people(draw: &mut Draw, n: usize) -> Vec<String> {
    let row = |_| {
        let group = draw.pick(&["A", "B", "C", ""]);
        let feature = if draw.unit() < 0.7 {
            ["a", "b"][usize::from(group == "B")]
        } else {
            draw.pick(&["a", "b"])
        };
        let x = draw.below(40);
        let y = draw.below(2);
        let errs = draw.unit() < if feature == "b" && x >= 20 { 0.5 } else { 0.1 };
        let p = if errs { 1 - y } else { y };
        let label = if draw.unit() < 0.02 { String::new() } else { y.to_string() };
        format!(
            "{label},{p},0.{}{},{group},{feature},{x}",
            if p == 1 { 7 } else { 2 },
            draw.below(10)
        )
    };
    (0..n).map(row).collect()
}

fn searching(by: Option<ErrorKind>) -> Settings {
    Settings {
        search: SearchSettings {
            is_on: true,
            by,
            ..SearchSettings::default()
        },
        population: BTreeMap::from([("g".to_owned(), BTreeMap::from([("A".to_owned(), 0.5), ("D".to_owned(), 0.1)]))]),
        ..Settings::default()
    }
}

fn audit(text: &str, named: &str, settings: &Settings) -> Report {
    audit_in_steps(text, &roles(named), settings, 1 << 20)
}

/// The parts of a report that are no numbers at addresses, as text.
fn parts(report: &Report) -> String {
    // Notices may name the line where something is seen first.
    let notices: Vec<&str> = report.notices.iter().map(|notice| notice.text.as_str()).collect();
    let all = (&report.search, &report.proxies, &report.representation, &report.conflicts, notices);
    serde_json::to_string(&all).unwrap()
}

const HEADER: &str = "y,p,s,g,f,x";

/// A report with everything that this part measures.
pub(super) fn everything() -> Report {
    let rows = people(&mut Draw(7), 700);
    audit(&csv(HEADER, &rows), NAMED, &searching(Some(ErrorKind::MeanScoreError)))
}

#[test]
fn neither_the_order_of_rows_nor_the_size_of_steps_shows() {
    let draw = &mut Draw(5);
    let mut rows = people(draw, 700);
    let settings = searching(None);
    let one = audit(&csv(HEADER, &rows), NAMED, &settings);
    assert!(
        one.search
            .as_ref()
            .is_some_and(|search| !search.subgroups.is_empty() && search.looked_at > 100)
    );
    let stepped = audit_in_steps(&csv(HEADER, &rows), &roles(NAMED), &settings, 7);
    assert_eq!(one.to_json(), stepped.to_json());
    draw.shuffle(&mut rows);
    let known = |mut report: Report| {
        report
            .estimates
            .retain(|estimate| !crate::properties::is_by_file_order(&estimate.key.metric));
        report
    };
    let (one, shuffled) = (known(one), known(audit(&csv(HEADER, &rows), NAMED, &settings)));
    same_estimates(&one, &shuffled);
    assert_eq!(parts(&one), parts(&shuffled));
}

#[test]
fn a_count_is_the_row_repeated() {
    for by in [None, Some(ErrorKind::FalsePositiveRate), Some(ErrorKind::MeanScoreError)] {
        let draw = &mut Draw(9);
        let (mut counted, mut repeated) = (Vec::new(), Vec::new());
        for row in people(draw, 200) {
            let count = draw.below(6);
            counted.push(format!("{row},{count}"));
            repeated.extend(std::iter::repeat_n(row.clone(), count));
        }
        let settings = searching(by);
        let short = audit(&csv("y,p,s,g,f,x,n", &counted), &format!("{NAMED} count=n"), &settings);
        let plain = audit(&csv(HEADER, &repeated), NAMED, &settings);
        same_estimates(&short, &plain);
        let of = |report: &Report| {
            (
                report.search.clone(),
                report.proxies.clone(),
                report.representation.clone(),
                report.conflicts.clone(),
            )
        };
        assert_eq!(of(&short), of(&plain));
    }
}

#[test]
fn equal_weights_find_what_no_weights_find() {
    let rows = people(&mut Draw(3), 900);
    let weighted: Vec<String> = rows.iter().map(|row| format!("{row},0.5")).collect();
    let settings = searching(None);
    let plain = audit(&csv(HEADER, &rows), NAMED, &settings).search.unwrap();
    let weighted = audit(&csv("y,p,s,g,f,x,w", &weighted), &format!("{NAMED} weight=w"), &settings)
        .search
        .unwrap();
    // The halves are others, because the fingerprint holds the weight; the planted group is the same.
    for search in [&plain, &weighted] {
        let first = &search.subgroups[0];
        assert!(
            first.stands_out && first.condition.contains("f = \"b\"") && first.condition.contains("x >= "),
            "{first:?}"
        );
    }
    assert_eq!((plain.rows, plain.found_on + plain.held_back), (weighted.rows, weighted.rows));
}

#[test]
fn numbers_of_what_was_found_are_those_of_its_rows() {
    let rows = people(&mut Draw(4), 900);
    let report = audit(&csv(HEADER, &rows), NAMED, &searching(None));
    let search = report.search.as_ref().unwrap();
    let of = |group: &assay::run::search::Subgroup| Key {
        slice: Some(group.condition.clone()),
        params: BTreeMap::from([("rows".to_owned(), "held_back".to_owned())]),
        ..Key::overall("error_rate")
    };
    for group in &search.subgroups {
        let own = find(&report, &of(group));
        assert!(own.support > 0 && own.support < search.held_back, "{own:?}");
    }
    // Clusters are all rows, each once.
    let clusters = search.clusters.iter().map(|cluster| {
        let mut key = Key::overall("error_rate");
        key.params = BTreeMap::from([
            ("rows".to_owned(), "held_back".to_owned()),
            ("cluster".to_owned(), cluster.number.to_string()),
        ]);
        find(&report, &key).support
    });
    assert!(search.clusters.len() > 1);
    assert_eq!(clusters.sum::<u64>(), search.held_back);
    for (text, face) in [
        (html::document(&report, None), "html"),
        (markdown::render(&report), "markdown"),
        (terminal::render(&report), "terminal"),
    ] {
        assert!(text.contains("One group stands out") || text.contains("groups stand out"), "{face}");
    }
}

#[test]
fn a_report_without_a_search_names_no_level_of_a_feature() {
    let rows = people(&mut Draw(4), 300);
    let rows: Vec<String> = rows.iter().map(|row| row.replace(",b,", ",hidden level,")).collect();
    let report = audit(&csv(HEADER, &rows), NAMED, &Settings::default());
    assert!(report.search.is_none() && report.proxies.is_some());
    assert!(!report.to_json().contains("hidden level"));
}

#[test]
fn shares_of_groups_are_those_counted_by_hand() {
    let mut text = "y,p,g\n".to_owned();
    for (row, times) in [("1,1,A", 30), ("0,0,B", 15), (",0,B", 5), ("1,0,", 10)] {
        (0..times).for_each(|_| text.push_str(&format!("{row}\n")));
    }
    let report = audit(&text, "label=y prediction=p sensitive=g", &searching(None));
    let of = |metric: &str, level: Option<&str>, params: &[(&str, &str)]| {
        let key = Key {
            group: BTreeMap::from([("g".to_owned(), level.map(str::to_owned))]),
            params: params
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Key::overall(metric)
        };
        find(&report, &key).clone()
    };
    assert_eq!(of("group_share", Some("A"), &[]).value, Some(0.6));
    assert_eq!(of("group_share", None, &[]).value, Some(10.0 / 60.0));
    assert_eq!(of("population_share", Some("A"), &[]).value, Some(0.5));
    assert!((of("representation_difference", Some("A"), &[]).value.unwrap() - 0.1).abs() < 1e-15);
    let ratio = of("representation_ratio", Some("A"), &[]);
    let limits = of("group_share", Some("A"), &[]).interval.unwrap();
    assert_eq!(ratio.value, Some(1.2));
    assert!((ratio.interval.unwrap().low - limits.low / 0.5).abs() < 1e-15);
    let absent = [("absent", "true")];
    assert_eq!(of("group_share", Some("D"), &absent).value, Some(0.0));
    assert_eq!(of("representation_ratio", Some("D"), &absent).value, Some(0.0));
    assert_eq!(report.representation[0].absent, ["D"]);
    assert_eq!(of("label_missing_rate", Some("B"), &[]).value, Some(0.25));
    // 5 of 20 against 0 of 30; groups of fewer rows than are judged have no test.
    assert_eq!(report.representation[0].uneven_labels, None);
}

#[test]
fn labels_missing_unevenly_are_told() {
    let rows = |missing: [usize; 2]| {
        let mut rows = Vec::new();
        for (group, missing) in ["A", "B"].into_iter().zip(missing) {
            rows.extend((0..200).map(|row| format!("{},{},{group}", if row < missing { "" } else { ["0", "1"][row % 2] }, row % 2)));
        }
        csv("y,p,g", &rows)
    };
    let told = |missing: [usize; 2]| {
        let report = audit(&rows(missing), "label=y prediction=p sensitive=g", &Settings::default());
        let html = html::document(&report, None);
        let is_told = report.notices.iter().any(|notice| notice.text.contains("selection bias"));
        assert_eq!(is_told, html.contains("Selection bias: the label is missing in"));
        (report.representation[0].uneven_labels, is_told)
    };
    // Fisher's exact test of 10 and 60 of 200 each, and of 10 and 14; the second as of 1 - P(9 <= X <= 15), by hand about a half.
    let (p, is_told) = told([10, 60]);
    assert!(p.unwrap() < 1e-9 && is_told);
    let (p, is_told) = told([10, 14]);
    assert!((0.4..0.7).contains(&p.unwrap()) && !is_told, "{p:?}");
    assert_eq!(told([0, 0]), (None, false));
}

#[test]
fn what_excludes_each_other_follows_from_base_rates() {
    let rows = |rates: [usize; 2]| {
        let mut rows = Vec::new();
        for (group, rate) in ["A", "B"].into_iter().zip(rates) {
            rows.extend((0..200).map(|row| format!("{},{},{group}", u8::from(row < rate), u8::from((row + 20) % 200 < rate))));
        }
        csv("y,p,g", &rows)
    };
    let report = audit(&rows([60, 120]), "label=y prediction=p sensitive=g", &Settings::default());
    let found = &report.conflicts[0];
    assert_eq!((found.base_rates, found.is_beyond_chance, found.pairs.len()), ([0.3, 0.6], true, 2));
    let ([precision, missed], forced) = (found.held_equal.unwrap(), found.forced.unwrap());
    let by_hand = |rate: f64| rate / (1.0 - rate) * (1.0 - precision) / precision * (1.0 - missed);
    assert_eq!(forced, [by_hand(0.3), by_hand(0.6)]);
    let alike = audit(&rows([60, 62]), "label=y prediction=p sensitive=g", &Settings::default());
    assert!(!alike.conflicts[0].is_beyond_chance && alike.conflicts[0].pairs.is_empty());
    assert!(html::document(&alike, None).contains("nothing is excluded for certain"));
}

#[test]
fn a_feature_that_is_the_group_tells_it_and_noise_does_not() {
    let draw = &mut Draw(8);
    let row = |_| {
        let group = draw.pick(&["A", "B"]);
        let (y, p, noise) = (draw.below(2), draw.below(2), draw.below(1000));
        format!("{y},{p},{group},{},{noise}", if group == "A" { "north" } else { "south" })
    };
    let rows: Vec<String> = (0..600).map(row).collect();
    let report = audit(
        &csv("y,p,g,area,noise", &rows),
        "label=y prediction=p sensitive=g",
        &Settings::default(),
    );
    let of = |metric: &str, columns: &[&str]| {
        let is_it = |estimate: &&assay::metric::Estimate| estimate.key.metric == metric && estimate.key.columns == columns;
        report.estimates.iter().find(is_it).unwrap().value.unwrap()
    };
    assert_eq!(of("group_told_apart", &["g"]), 1.0);
    assert!((of("cramers_v_corrected", &["area", "g"]) - 1.0).abs() < 1e-12);
    assert!(of("correlation_ratio", &["noise", "g"]) < 0.15);
    assert!((of("mutual_information", &["area", "g"]) - 0.69).abs() < 0.01);
    let alone: Vec<String> = rows
        .iter()
        .map(|row| row.replace(",north,", ",,").replace(",south,", ",,"))
        .collect();
    let report = audit(
        &csv("y,p,g,area,noise", &alone),
        "label=y prediction=p sensitive=g",
        &Settings::default(),
    );
    let told = report
        .estimates
        .iter()
        .find(|estimate| estimate.key.metric == "group_told_apart")
        .unwrap();
    assert!(told.interval.is_some_and(|limits| limits.low < 0.55), "{told:?}");
}

#[test]
fn odd_columns_are_searched_or_left_out_in_words() {
    let draw = &mut Draw(2);
    let row = |row: usize| {
        let many = format!("l{}", row % 2500);
        let (y, p) = (1, draw.below(2));
        let mostly = if draw.below(20) == 0 { "x" } else { "" };
        format!("{y},{p},only,{many},{mostly},{}", draw.pick(&["A", "B"]))
    };
    let rows: Vec<String> = (0..5000).map(row).collect();
    let text = csv("y,p,one,many,mostly,g", &rows);
    let named = roles("label=y prediction=p sensitive=g,many,one,mostly");
    let report = audit_in_steps(&text, &named, &searching(None), 100_000);
    let search = report.search.unwrap();
    assert_eq!(search.rows, 5000);
    assert!(search.subgroups.iter().all(|group| !group.stands_out), "{:?}", search.subgroups);
    // Nobody is negative in truth, so that no row can be a false positive.
    let settings = searching(Some(ErrorKind::FalsePositiveRate));
    let folder = Folder::new().with("rows.csv", &text);
    let none = folder.report("rows.csv --label y --prediction p --positive 1 --task binary --sensitive g --search-by false_positive_rate");
    assert_eq!(
        (&none["search"]["rows"], &none["search"]["looked_at"]),
        (&Value::from(0), &Value::from(0))
    );
    assert!(
        notices(&none, "slices")
            .iter()
            .any(|text| text.contains("no row has an error of the kind"))
    );
    assert!(settings.search.is_on);
}

#[test]
fn perfect_predictions_leave_nothing_to_find() {
    let rows: Vec<String> = people(&mut Draw(6), 400)
        .iter()
        .map(|row| format!("1,1{}", &row[row.find(",0.").unwrap()..]))
        .collect();
    let mut rows = rows;
    rows.push("0,0,0.2,A,a,3".to_owned());
    let report = audit(&csv(HEADER, &rows), NAMED, &searching(None));
    let search = report.search.as_ref().unwrap();
    assert_eq!((search.looked_at, search.subgroups.len(), search.clusters.len()), (0, 0, 0));
    assert!(terminal::render(&report).contains("too few to search, or none differs"));
    let none = report.estimates.iter().filter(|estimate| estimate.key.metric == "group_told_apart");
    assert!(none.count() > 0);
}

#[test]
fn too_few_rows_say_so() {
    let text = csv(HEADER, &people(&mut Draw(1), 30));
    let report = audit(&text, NAMED, &searching(None));
    assert_eq!(report.search.as_ref().map(|search| search.looked_at), Some(0));
    for estimate in report.estimates.iter().filter(|estimate| estimate.key.metric == "group_told_apart") {
        assert_eq!(
            estimate.undefined.as_ref().map(|why| why.code),
            Some(UndefinedCode::BelowMinSupport)
        );
    }
}

#[test]
fn what_cannot_be_searched_is_refused_in_words() {
    let text = csv(
        "y,p,s,g,f,x,id",
        &people(&mut Draw(1), 60)
            .iter()
            .enumerate()
            .map(|(at, row)| format!("{row},id{at}"))
            .collect::<Vec<_>>(),
    );
    let folder = Folder::new().with("rows.csv", text).with("share.csv", "level,share\nA,30\nB,70\n");
    let says = |arguments: &str, words: &str| {
        let ran = folder.run(&format!(
            "audit rows.csv --label y --prediction p --sensitive g --id id {arguments}"
        ));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments}");
        assert!(ran.err.contains(words), "{arguments}: {}", ran.err);
    };
    says("--search-features nobody", "There is no column \"nobody\"");
    says(
        "--search-features id",
        "The setting search-features is \"id\", but must be columns other than the id",
    );
    says("--search-features", "a value is required");
    says("--search-by mae", "The setting search-by is mae, but must be an error of classes");
    says(
        "--search-by mean_score_error",
        "must be another error unless there are two classes and a score",
    );
    says("--search-by roc_auc", "\"roc_auc\" is no error of a single row");
    says(
        "--population f:a=1",
        "The setting population is \"f\", but must be about a sensitive feature",
    );
    says(
        "--population g:A=0.9,B=0.9",
        "shares that add up to 1.8000, but must be shares that add up to 1 at most",
    );
    says("--population g:A", "has no share");
    says("--population g=nowhere.csv", "cannot be read");
    let report = folder.report("rows.csv --label y --prediction p --sensitive g --id id --population g=share.csv --search-by fpr");
    assert_eq!(report["settings"]["population"]["g"]["B"], Value::from(0.7));
    assert_eq!(report["search"]["metric"], "false_positive_rate");
}

#[test]
fn hostile_names_are_escaped_in_what_was_found() {
    let draw = &mut Draw(4);
    let rows: Vec<String> = people(draw, 900)
        .iter()
        .map(|row| row.replace(",b,", ",<script>alert(1)</script>,"))
        .collect();
    let header = "y,p,s,g,<img src=x onerror=1>,x";
    let report = audit(&csv(header, &rows), NAMED, &searching(None));
    assert!(report.search.as_ref().unwrap().subgroups[0].condition.contains("<script>"));
    let html = html::document(&report, None);
    assert!(!html.contains("<script>alert") && !html.contains("<img src=x") && html.contains("&lt;script&gt;alert"));
    assert!(!markdown::render(&report).contains("<script>alert"));
}
