//! The populations from which the study draws: made once from stated models, so that the true value of every metric is the one of the population itself.

use std::ops::Range;

use assay::data::column::{Levels, Values};
use assay::data::roles::QuantileColumn;
use assay::data::{ClassScore, Column, Intake, Kind, Roles, Table};
use assay::metric::Parameters;
use assay::metric::parameters::Costs;
use assay::run::{Settings, Task};
use assay::stats::math::{exp, expit};

use super::draws::Draws;

/// Rows (lists, for ranked lists) of a population or of each of its groups: so many that a draw of one does not change the others.
const SIZE: usize = 20_000;

/// A population: what is drawn with replacement, and how it is audited.
pub struct Population {
    columns: Vec<Column>,
    /// The rows that are drawn together: one, or a list of ranked items.
    width: usize,
    /// The units of each group, from each of which the same number is drawn.
    strata: Vec<Range<usize>>,
    /// Which column plays which part.
    pub roles: Roles,
    /// How it is audited.
    pub settings: Settings,
}

fn numeric(name: &str, values: Vec<f64>) -> Column {
    column(name, Kind::Numeric, Values::Numeric(values.into()))
}

fn levels(name: &str, codes: Vec<u32>, names: &[String]) -> Column {
    let names = names.to_vec();
    column(
        name,
        Kind::Categorical,
        Values::Levels(Levels {
            codes: codes.into(),
            names,
        }),
    )
}

fn column(name: &str, kind: Kind, values: Values) -> Column {
    Column {
        name: name.to_owned(),
        kind,
        values,
        missing: 0,
        invalid: 0,
    }
}

fn of_columns(columns: Vec<Column>, rows: usize) -> Table {
    Table {
        intake: Intake {
            name: "drawn".to_owned(),
            delimiter: ',',
            rows_read: rows as u64,
            ..Intake::default()
        },
        rows,
        columns,
        ..Table::default()
    }
}

impl Population {
    /// The whole of it.
    pub fn table(&self) -> Table {
        of_columns(self.columns.clone(), self.strata.iter().map(Range::len).sum::<usize>() * self.width)
    }

    /// So many units of every group, drawn with replacement. A list that is drawn twice is two lists.
    pub fn draw(&self, each: usize, draws: &mut Draws) -> Table {
        let mut units: Vec<usize> = Vec::with_capacity(each * self.strata.len());
        for stratum in &self.strata {
            units.extend((0..each).map(|_| stratum.start + draws.below(stratum.len())));
        }
        let rows: Vec<usize> = units.iter().flat_map(|unit| unit * self.width..(unit + 1) * self.width).collect();
        let drawn = |column: &Column| {
            let values = match &column.values {
                Values::Numeric(_) if column.name == "query" => {
                    Values::Numeric((0..rows.len()).map(|row| (row / self.width) as f64).collect())
                }
                Values::Numeric(values) => Values::Numeric(rows.iter().map(|&row| values.get(row)).collect()),
                Values::Levels(levels) => Values::Levels(Levels {
                    codes: rows.iter().map(|&row| levels.codes.get(row)).collect(),
                    names: levels.names.clone(),
                }),
                _ => unreachable!("populations hold numbers and levels"),
            };
            Column {
                name: column.name.clone(),
                values,
                ..*column
            }
        };
        of_columns(self.columns.iter().map(drawn).collect(), rows.len())
    }
}

/// Everything that can be set about metrics is, so that every metric is measured.
fn settings(task: Task) -> Settings {
    Settings {
        task: Some(task),
        parameters: Parameters {
            top: vec![10],
            top_share: vec![0.1],
            beta: Some(2.0),
            costs: Some(Costs::default()),
            tolerances: vec![1.0],
            features: Some(1),
            alphas: vec![0.9],
            nominal: Some(0.8),
            top_classes: vec![2],
            at_fpr: vec![0.1],
            at_specificity: vec![0.9],
            at_precision: vec![0.8],
            ..Parameters::default()
        },
        ..Settings::default()
    }
}

fn named(columns: [(&mut Option<String>, &str); 2]) {
    for (role, column) in columns {
        *role = Some(column.to_owned());
    }
}

/// Two classes: the log odds of being positive are `intercept` + 1.2 x, x standard normal; the model's are off by a normal error of 0.5, too
/// timid by a tenth, and a score of at least `threshold` is predicted positive. A group for every intercept.
pub fn two_classes(seed: u64, intercepts: &[f64], threshold: f64) -> Population {
    let (mut labels, mut scores, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for (group, intercept) in intercepts.iter().enumerate() {
        // The same draws for every group, so that groups of one intercept are alike to the last row.
        let draws = &mut Draws::of(seed, 0);
        for _ in 0..SIZE {
            let odds = intercept + 1.2 * draws.normal();
            labels.push(u32::from(draws.uniform() < expit(odds)));
            scores.push(expit(0.9 * odds + 0.5 * draws.normal()));
            groups.push(group as u32);
        }
    }
    let mut roles = Roles::default();
    named([(&mut roles.label, "label"), (&mut roles.score, "score")]);
    let mut columns = vec![levels("label", labels, &["0".to_owned(), "1".to_owned()]), numeric("score", scores)];
    if intercepts.len() > 1 {
        let names: Vec<String> = (0..intercepts.len()).map(|group| format!("g{group:02}")).collect();
        columns.push(levels("group", groups, &names));
        roles.sensitive = vec!["group".to_owned()];
    }
    Population {
        columns,
        width: 1,
        strata: (0..intercepts.len()).map(|group| group * SIZE..(group + 1) * SIZE).collect(),
        roles,
        settings: Settings {
            positive: Some("1".to_owned()),
            threshold: Some(threshold),
            ..settings(Task::Binary)
        },
    }
}

/// Four classes in an order, of shares 0.4, 0.3, 0.2 and 0.1: the score of a class falls with its distance from the true one, with normal noise, and
/// the highest is predicted.
pub fn four_classes(seed: u64) -> Population {
    let draws = &mut Draws::of(seed, 0);
    let (mut labels, mut predictions) = (Vec::new(), Vec::new());
    let mut scores: [Vec<f64>; 4] = Default::default();
    for _ in 0..SIZE {
        let at = draws.uniform();
        let label = [0.4, 0.7, 0.9].iter().filter(|&&end| at >= end).count();
        let own: Vec<f64> = (0..4)
            .map(|class: usize| exp(1.6 * draws.normal() - 1.2 * class.abs_diff(label) as f64))
            .collect();
        let total: f64 = own.iter().sum();
        let highest = (0..4).max_by(|&a, &b| own[a].total_cmp(&own[b])).unwrap_or(0);
        labels.push(label as u32);
        predictions.push(highest as u32);
        for (column, score) in scores.iter_mut().zip(own) {
            column.push(score / total);
        }
    }
    let names: Vec<String> = (1..=4).map(|class| class.to_string()).collect();
    let mut roles = Roles::default();
    named([(&mut roles.label, "label"), (&mut roles.prediction, "prediction")]);
    let mut columns = vec![levels("label", labels, &names), levels("prediction", predictions, &names)];
    for (name, values) in names.iter().zip(scores) {
        columns.push(numeric(&format!("score {name}"), values));
        roles.class_scores.push(ClassScore {
            class: name.clone(),
            column: format!("score {name}"),
        });
    }
    Population {
        columns,
        width: 1,
        strata: std::iter::once(0..SIZE).collect(),
        roles,
        settings: settings(Task::Multiclass),
    }
}

/// A number. Not skewed: 20 + 3 x + e is predicted as 20.3 + 2.7 x, x and e standard normal. Skewed: exp(1 + 0.6 x + 0.5 e) is predicted as
/// exp(1 + 0.6 x). The predicted interval is meant to hold 80 %, its limits are the predicted quantiles.
pub fn number(seed: u64, is_skewed: bool) -> Population {
    let draws = &mut Draws::of(seed, 0);
    let mut values: [Vec<f64>; 6] = Default::default();
    for _ in 0..SIZE {
        let (x, e) = (draws.normal(), draws.normal());
        let row = if is_skewed {
            let limit = |z: f64| exp(1.0 + 0.6 * x + 0.5 * z);
            [limit(e), limit(0.0), limit(-1.2), limit(1.2), limit(-1.2), limit(1.2)]
        } else {
            let centre = 20.3 + 2.7 * x;
            [20.0 + 3.0 * x + e, centre, centre - 1.3, centre + 1.3, centre - 1.3, centre + 1.3]
        };
        for (column, value) in values.iter_mut().zip(row) {
            column.push(value);
        }
    }
    let mut roles = Roles::default();
    named([(&mut roles.label, "label"), (&mut roles.prediction, "prediction")]);
    named([(&mut roles.lower, "lower"), (&mut roles.upper, "upper")]);
    for (quantile, column) in [("0.1", "q10"), ("0.9", "q90")] {
        roles.quantiles.push(QuantileColumn {
            quantile: quantile.to_owned(),
            column: column.to_owned(),
        });
    }
    let names = ["label", "prediction", "lower", "upper", "q10", "q90"];
    Population {
        columns: names.iter().zip(values).map(|(name, values)| numeric(name, values)).collect(),
        width: 1,
        strata: std::iter::once(0..SIZE).collect(),
        roles,
        settings: settings(Task::Regression),
    }
}

/// Lists of ten items: one in five is relevant (2), another one in five somewhat (1); the score is half the relevance and normal noise of 1.
pub fn lists(seed: u64) -> Population {
    const ITEMS: usize = 10;
    let draws = &mut Draws::of(seed, 0);
    let (mut queries, mut relevances, mut scores) = (Vec::new(), Vec::new(), Vec::new());
    for list in 0..SIZE / 4 {
        for _ in 0..ITEMS {
            let at = draws.uniform();
            let relevance = f64::from(u8::from(at < 0.2)) + f64::from(u8::from(at < 0.4));
            queries.push(list as f64);
            relevances.push(relevance);
            scores.push(0.5 * relevance + draws.normal());
        }
    }
    let mut roles = Roles::default();
    named([(&mut roles.label, "relevance"), (&mut roles.score, "score")]);
    roles.query = Some("query".to_owned());
    Population {
        columns: vec![
            numeric("query", queries),
            numeric("relevance", relevances),
            numeric("score", scores),
        ],
        width: ITEMS,
        strata: std::iter::once(0..SIZE / 4).collect(),
        roles,
        settings: Settings {
            parameters: Parameters {
                top: vec![5],
                ..settings(Task::Ranking).parameters
            },
            ..settings(Task::Ranking)
        },
    }
}
