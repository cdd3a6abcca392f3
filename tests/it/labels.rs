//! Several labels at once through the public engine: the ways of giving them, rows in which something is unknown, evidence, and refusals.

use assay::data::{Roles, infer};
use assay::engine::{AuditJob, EngineError, Step};
use assay::metric::{Estimate, UndefinedCode};
use assay::report::{Report, html, markdown, terminal};
use assay::run::{Settings, Task};
use proptest::prelude::*;

use super::frame::{Draw, csv};
use super::properties::of_model;
use super::several::{Z, find, table, value};

fn try_audit(text: &str, roles: Option<Roles>, settings: &Settings) -> Result<Report, EngineError> {
    let table = table(text);
    let roles = roles.unwrap_or_else(|| Roles::from_guesses(&infer(&table)));
    let mut job = AuditJob::new(table, roles, settings.clone())?;
    loop {
        if let Step::Done(report) = job.step(100_000)? {
            return Ok(report);
        }
    }
}

fn audit(text: &str) -> Report {
    try_audit(text, None, &Settings::default()).unwrap()
}

fn sets() -> Roles {
    Roles {
        label: Some("tags".to_owned()),
        prediction: Some("guessed".to_owned()),
        ..Roles::default()
    }
}

const LABELS: [&str; 3] = ["cat", "dog", "owl"];

#[derive(Debug, Clone)]
struct Row {
    truth: [bool; 3],
    predicted: [bool; 3],
    weight: u32,
    count: u32,
}

fn rows(most: usize) -> impl Strategy<Value = Vec<Row>> {
    let row = (any::<[bool; 3]>(), any::<[bool; 3]>(), 1..4_u32, 1..4_u32).prop_map(|(truth, predicted, weight, count)| Row {
        truth,
        predicted,
        weight,
        count,
    });
    prop::collection::vec(row, 1..most)
}

/// One column of yes and no for each label and its prediction; with weight `sample_weight` and count `count`.
fn columns(rows: &[Row]) -> String {
    let flag = |is: &bool| u8::from(*is).to_string();
    let line = |row: &Row| {
        let flags: Vec<String> = row.truth.iter().chain(&row.predicted).map(flag).collect();
        format!("{},{},{}", flags.join(","), row.weight, row.count)
    };
    csv(
        "true_cat,true_dog,true_owl,pred_cat,pred_dog,pred_owl,w,n",
        &rows.iter().map(line).collect::<Vec<_>>(),
    )
}

fn counted(rows: &[Row], has_weight: bool, has_count: bool) -> Report {
    let text = columns(rows);
    let roles = Roles {
        weight: has_weight.then(|| "w".to_owned()),
        count: has_count.then(|| "n".to_owned()),
        ..Roles::from_guesses(&infer(&table(&text)))
    };
    let settings = Settings {
        task: Some(Task::Multilabel),
        ..Settings::default()
    };
    let named = |kind: &str| LABELS.map(|label| format!("{kind}_{label}")).to_vec();
    let roles = Roles {
        labels: named("true"),
        predictions: named("pred"),
        ..roles
    };
    try_audit(&text, Some(roles), &settings).unwrap()
}

fn set_of(flags: &[bool; 3], separator: &str) -> String {
    let names: Vec<&str> = LABELS.into_iter().zip(flags).filter(|(_, is)| **is).map(|(name, _)| name).collect();
    names.join(separator)
}

#[test]
fn labels_in_one_column_are_those_in_several() {
    let draw = &mut Draw(3);
    let mut flags = || [0; 3].map(|_| draw.unit() < 0.4);
    let rows: Vec<Row> = (0..80)
        .map(|_| Row {
            truth: flags(),
            predicted: flags(),
            weight: 1,
            count: 1,
        })
        .collect();
    let apart = counted(&rows, false, false);
    for separator in ["|", ";", " / "] {
        let line = |row: &Row| format!("{},{}", set_of(&row.truth, separator), set_of(&row.predicted, separator));
        let text = csv("tags,guessed", &rows.iter().map(line).collect::<Vec<_>>());
        let settings = Settings {
            label_separator: (separator == " / ").then(|| "/".to_owned()),
            ..Settings::default()
        };
        let together = try_audit(&text, Some(sets()), &settings).unwrap();
        assert_eq!(together.outcome.task, Some(Task::Multilabel));
        assert_eq!(together.outcome.classes, LABELS);
        assert_eq!(of_model(&together.estimates), of_model(&apart.estimates), "{separator}");
        assert!(
            together
                .notices
                .iter()
                .any(|notice| notice.text.contains("were read as labels separated by"))
        );
    }
}

#[test]
fn classes_with_a_separator_in_their_names_stay_classes() {
    let text = "tags,guessed\na|b,a|b\nc|d,e\ne,e\nc|d,c|d\n";
    let report = try_audit(text, Some(sets()), &Settings::default()).unwrap();
    assert_eq!(report.outcome.task, Some(Task::Multiclass));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_count_is_the_row_repeated_and_order_does_not_show(rows in rows(12)) {
        let mut repeated: Vec<Row> = rows
            .iter()
            .flat_map(|row| std::iter::repeat_n(Row { count: 1, ..row.clone() }, row.count as usize))
            .collect();
        let report = counted(&rows, false, true);
        prop_assert_eq!(of_model(&report.estimates), of_model(&counted(&repeated, false, false).estimates));
        repeated.reverse();
        prop_assert_eq!(of_model(&report.estimates), of_model(&counted(&repeated, false, false).estimates));
    }

    #[test]
    fn a_weight_is_the_row_repeated_in_value(rows in rows(12)) {
        let repeated: Vec<Row> = rows.iter().flat_map(|row| std::iter::repeat_n(row.clone(), row.weight as usize)).collect();
        let (weighted, repeated) = (counted(&rows, true, false), counted(&repeated, false, false));
        for (a, b) in of_model(&weighted.estimates).iter().zip(&of_model(&repeated.estimates)) {
            prop_assert_eq!((&a.key, &a.undefined), (&b.key, &b.undefined));
            if let (Some(x), Some(y)) = (a.value, b.value) {
                prop_assert!((x - y).abs() < 1e-12, "{:?}: {x} {y}", a.key);
            }
        }
    }

    #[test]
    fn hamming_loss_is_the_mean_error_of_the_labels(rows in rows(12)) {
        let report = counted(&rows, false, false);
        let wrong: usize = rows.iter().map(|row| row.truth.iter().zip(&row.predicted).filter(|(t, p)| t != p).count()).sum();
        let exact = rows.iter().filter(|row| row.truth == row.predicted).count();
        prop_assert!((value(&report, "hamming_loss", &[]) - wrong as f64 / (3 * rows.len()) as f64).abs() < 1e-12);
        prop_assert!((value(&report, "subset_accuracy", &[]) - exact as f64 / rows.len() as f64).abs() < 1e-12);
    }
}

#[test]
fn standard_errors_of_averages_are_those_of_repeated_draws() {
    let draw = &mut Draw(8);
    let population: Vec<Row> = (0..60)
        .map(|place| {
            let truth = [0.6, 0.3, 0.2].map(|share| draw.unit() < share);
            Row {
                truth,
                predicted: truth.map(|is| if draw.unit() < 0.25 { !is } else { is }),
                weight: 1 + place % 3,
                count: 0,
            }
        })
        .collect();
    let metrics: Vec<String> = ["precision", "recall", "f1", "jaccard"]
        .iter()
        .flat_map(|ratio| ["macro", "micro", "weighted", "samples"].map(|average| format!("{ratio}_{average}")))
        .chain(["hamming_loss".to_owned()])
        .collect();
    for has_weight in [false, true] {
        let draws = 400;
        let mut found: Vec<Vec<(f64, f64)>> = vec![Vec::new(); metrics.len()];
        for seed in 0..draws {
            let draw = &mut Draw(seed + 50);
            let mut drawn = population.clone();
            for _ in 0..600 {
                drawn[draw.below(60)].count += 1;
            }
            let report = counted(&drawn, has_weight, true);
            for (metric, found) in metrics.iter().zip(&mut found) {
                let Estimate { value, interval, .. } = find(&report, metric, &[]);
                let interval = interval.unwrap_or_else(|| panic!("{metric} has no interval"));
                found.push((value.unwrap(), (interval.high - interval.low) / 2.0 / Z));
            }
        }
        for (metric, found) in metrics.iter().zip(&found) {
            let n = draws as f64;
            let mean = found.iter().map(|draw| draw.0).sum::<f64>() / n;
            let spread = (found.iter().map(|draw| (draw.0 - mean) * (draw.0 - mean)).sum::<f64>() / (n - 1.0)).sqrt();
            let stated = (found.iter().map(|draw| draw.1 * draw.1).sum::<f64>() / n).sqrt();
            assert!((stated / spread - 1.0).abs() < 0.13, "{metric}: stated {stated}, seen {spread}");
        }
    }
}

#[test]
fn rows_in_which_a_label_is_unknown_count_for_the_others_alone() {
    let report = audit("true_cat,true_dog,pred_cat,pred_dog\n1,0,1,0\n1,,0,1\n0,1,0,1\n0,1,,1\n");
    assert_eq!(find(&report, "subset_accuracy", &[]).support, 2);
    assert_eq!(value(&report, "subset_accuracy", &[]), 1.0);
    assert_eq!(find(&report, "rows", &[]).support, 4);
    assert_eq!(value(&report, "recall", &[("label", "cat")]), 0.5);
    assert_eq!(find(&report, "precision", &[("label", "dog")]).support, 2);
}

#[test]
fn what_is_undefined_is_left_out_or_said() {
    let report = audit("true_cat,true_dog,pred_cat,pred_dog\n0,0,0,0\n0,0,0,1\n");
    let code = |metric: &str| find(&report, metric, &[]).undefined.as_ref().map(|undefined| undefined.code);
    assert_eq!(code("recall_macro"), Some(UndefinedCode::ZeroDenominator));
    assert_eq!(code("recall_micro"), Some(UndefinedCode::ZeroDenominator));
    assert_eq!(code("recall_weighted"), Some(UndefinedCode::ZeroDenominator));
    assert_eq!(code("recall_samples"), Some(UndefinedCode::ZeroDenominator));
    // The first row has no label, true or predicted, so it has no F1.
    assert_eq!(
        (value(&report, "f1_samples", &[]), find(&report, "f1_samples", &[]).support),
        (0.0, 1)
    );
    assert_eq!(value(&report, "precision_macro", &[]), 0.0);
}

#[test]
fn scores_alone_are_predictions_by_a_threshold() {
    let text = "true_cat,true_dog,score_cat,score_dog\n1,0,0.9,0.2\n0,1,0.4,0.7\n1,1,0.3,0.6\n";
    let report = audit(text);
    assert_eq!(report.outcome.decision_threshold, Some(0.5));
    assert_eq!(value(&report, "recall", &[("label", "cat")]), 0.5);
    assert_eq!(value(&report, "roc_auc", &[("label", "dog")]), 1.0);
    let low = Settings {
        threshold: Some(0.3),
        ..Settings::default()
    };
    assert_eq!(value(&try_audit(text, None, &low).unwrap(), "recall", &[("label", "cat")]), 1.0);
    let logits = text.replace("0.9", "9");
    let error = try_audit(&logits, None, &Settings::default()).unwrap_err().to_string();
    assert!(error.contains("set a decision threshold"), "{error}");
    let ordered = try_audit(&logits, None, &low).unwrap();
    assert_eq!(
        find(&ordered, "brier_score", &[("label", "cat")])
            .undefined
            .as_ref()
            .map(|undefined| undefined.code),
        Some(UndefinedCode::ScoreOutOfRange)
    );
}

#[test]
fn what_does_not_fit_is_refused_in_words() {
    let named = |columns: &[&str]| columns.iter().map(|column| (*column).to_owned()).collect::<Vec<String>>();
    let text = "a,b,p,q,s\n1,0,1,0,3\n0,1,1,1,4\n";
    let roles = |labels: &[&str], predictions: &[&str], scores: &[&str]| Roles {
        labels: named(labels),
        predictions: named(predictions),
        scores: named(scores),
        ..Roles::default()
    };
    let refused = |roles: Roles| try_audit(text, Some(roles), &Settings::default()).unwrap_err().to_string();
    for (roles, said) in [
        (roles(&["a", "b"], &["p"], &[]), "2 label columns and 1 prediction columns"),
        (roles(&["a", "b"], &[], &[]), "labels need a prediction or a score column each"),
        (roles(&["a", "s"], &["p", "q"], &[]), "Column \"s\" must hold 1 and 0"),
        (
            roles(&["a", "b"], &["p", "a"], &[]),
            "Column \"a\" is given as label and as prediction",
        ),
    ] {
        let error = refused(roles);
        assert!(error.contains(said), "{error}");
    }
    let settings = Settings {
        task: Some(Task::Multilabel),
        ..Settings::default()
    };
    let alone = Roles {
        label: Some("a".to_owned()),
        prediction: Some("p".to_owned()),
        ..Roles::default()
    };
    let error = try_audit(text, Some(alone), &settings).unwrap_err().to_string();
    assert!(error.contains("labels separated by | or ;"), "{error}");
}

#[test]
fn groups_and_every_face_show_labels() {
    let rows: Vec<String> = (0..120)
        .map(|row| {
            let (a, b) = (row % 3 % 2, row % 5 % 2);
            let wrong = usize::from(row % 7 == 0);
            format!("{a},{b},{},{},{}", a ^ wrong, b, ["x", "y"][row % 2])
        })
        .collect();
    let text = csv("true_<cat>,true_d|g,pred_<cat>,pred_d|g,sex", &rows);
    let report = audit(&text);
    let grouped = |metric: &str| {
        report
            .estimates
            .iter()
            .filter(|estimate| estimate.key.metric == metric && !estimate.key.group.is_empty())
            .count()
    };
    assert!(grouped("subset_accuracy") >= 2 && grouped("f1_macro") >= 2 && grouped("recall") >= 4);
    let (page, text, lines) = (html::document(&report, None), markdown::render(&report), terminal::render(&report));
    assert!(page.contains("Each label") && page.contains("&lt;cat&gt;") && !page.contains("<cat>"));
    assert!(text.contains("Each label") && text.contains("d\\|g"), "{text}");
    assert!(lines.contains("have all labels right"), "{lines}");
}
