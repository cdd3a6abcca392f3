//! "Is it accurate?": the answer against the naive one, the curve, the confusion matrix, every measure.

use super::super::doubts;
use super::super::format::{in_full, own_quantity};
use super::super::index::Index;
use super::super::words::{capital, metric_name, told, why_undefined};
use super::block::{Block, Cell, Figure, Folded, Headline, Matrix, Row, Table};
use super::{cells, confused, figures, heading, naive, plain, positive_class};
use crate::chart::number::{self, Quantity, count};
use crate::chart::{ChartSpec, DotInterval, DotRow, Mark};
use crate::metric::{Estimate, Key, Unit, registry};
use crate::run::Task;
use crate::stats::order;

pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let outcome = &index.report.outcome;
    if outcome.task.is_none() {
        return Vec::new();
    }
    let mut blocks = vec![heading(2, "accuracy", "Is it accurate?"), Block::Lead(answer(index))];
    let headlines = headlines(index);
    if !headlines.is_empty() {
        blocks.push(Block::Headlines(headlines));
    }
    let (sentences, mut cautions) = (plain::sentences(index), plain::cautions(index));
    cautions.extend(doubts::sentences(index, index.all_overall()));
    if !sentences.is_empty() {
        blocks.push(Block::Sentences(sentences));
    }
    if !cautions.is_empty() {
        blocks.push(Block::Cautions(cautions));
    }
    match outcome.task {
        Some(Task::Binary) => {
            let pair: Vec<Block> = figures::roc(index).into_iter().chain(binary_matrix(index)).collect();
            blocks.push(Block::Beside(pair));
            blocks.extend(figures::of_scores(index));
        }
        Some(Task::Multiclass) => blocks.extend(by_class(index)),
        Some(Task::Multilabel) => blocks.extend(label_table(index)),
        Some(Task::Regression) => blocks.extend(figures::of_numbers(index)),
        Some(Task::Ranking) | None => {}
    }
    blocks.extend(measures(index));
    blocks
}

/// The most classes whose confusion matrix is shown; the report's JSON has it all.
const MATRIX_CLASSES: usize = 30;

/// The metrics to be seen first, by task.
pub(super) const fn headline_metrics(task: Option<Task>) -> &'static [&'static str] {
    match task {
        Some(Task::Binary) | None => &["accuracy", "roc_auc", "recall", "precision"],
        Some(Task::Multiclass) => &["accuracy", "balanced_accuracy", "recall_macro", "f1_macro"],
        Some(Task::Multilabel) => &["subset_accuracy", "hamming_loss", "f1_micro", "f1_macro"],
        Some(Task::Regression) => &["mae", "rmse", "r2", "mean_error"],
        Some(Task::Ranking) => &["mean_ndcg", "mean_average_precision", "mean_reciprocal_rank", "queries"],
    }
}

fn answer(index: &Index<'_>) -> String {
    let report = index.report;
    match report.outcome.task {
        Some(Task::Regression) => regression_answer(index),
        Some(Task::Multilabel) => labels_answer(index),
        Some(Task::Ranking) => ranking_answer(index),
        _ => match (index.overall("accuracy"), index.overall("majority_share")) {
            (Some(accuracy), naive) if accuracy.value.is_some() => {
                class_answer(accuracy, naive.and_then(|naive| naive.value), positive_class(report))
            }
            (Some(accuracy), _) => format!("It cannot be said: {}.", why_undefined(accuracy)),
            (None, _) => match index.overall("roc_auc") {
                Some(auc) => format!("Only the order of the scores can be judged: ROC AUC {}.", in_full(auc)),
                None => "It cannot be said: there is no column with the truth, or none with a prediction or score.".to_owned(),
            },
        },
    }
}

/// Of 100 rows, how many right, and what the naive answer gets.
fn class_answer(accuracy: &Estimate, naive: Option<f64>, positive: &str) -> String {
    let share = accuracy.value.unwrap_or(0.0);
    let mut out = told("accuracy", positive, share).unwrap_or_default();
    if let Some(naive) = naive {
        let low = accuracy.interval.map_or(share, |interval| interval.low);
        let high = accuracy.interval.map_or(share, |interval| interval.high);
        let (whole, some) = super::super::format::out_of(naive);
        let compared = if low > naive {
            "better than"
        } else if high < naive {
            "worse than"
        } else {
            "not clearly different from"
        };
        out.push_str(&format!(
            "; {compared} always saying the most frequent class, which gets {some} of {whole}"
        ));
    }
    out.push('.');
    out
}

/// Of 100 rows, how many with all labels right; of 100 labels, how many wrong.
fn labels_answer(index: &Index<'_>) -> String {
    let (Some(exact), Some(wrong)) = (index.overall("subset_accuracy"), index.overall("hamming_loss")) else {
        return "It cannot be said: there are no labels, or none that are predicted.".to_owned();
    };
    let (Some(share), Some(loss)) = (exact.value, wrong.value) else {
        return format!("It cannot be said: {}.", why_undefined(exact));
    };
    let ((rows, right), (labels, errors)) = (super::super::format::out_of(share), super::super::format::out_of(loss));
    format!("Of {rows} rows, {right} have all labels right; of {labels} single labels, there or not, {errors} are wrong.")
}

/// How near the order comes to the best one, beside any order; and the queries that nothing could be found for.
fn ranking_answer(index: &Index<'_>) -> String {
    let Some(ndcg) = index.overall("mean_ndcg") else {
        return "It cannot be said: there is no column with the relevance, or none with a score.".to_owned();
    };
    let Some(value) = ndcg.value else {
        return format!("It cannot be said: {}.", why_undefined(ndcg));
    };
    let quantity = own_quantity(ndcg);
    let mut out = format!(
        "Where the best order of items would get 1, this one gets {}",
        quantity.number(value)
    );
    if let Some(random) = index.overall("random_ndcg").and_then(|random| random.value) {
        out.push_str(&format!(" and any order {}", quantity.number(random)));
    }
    out.push_str(&format!(" (mean NDCG of {}", number::counted(ndcg.support, "query", "queries")));
    match index.overall("queries_without_relevant").and_then(|none| none.value) {
        Some(none) if none > 0.0 => out.push_str(&format!("; {} without a relevant item left out).", count(none as u64))),
        _ => out.push_str(")."),
    }
    out
}

fn regression_answer(index: &Index<'_>) -> String {
    let Some(mae) = index.overall("mae") else {
        return "It cannot be said: there is no column with the truth, or none with a prediction.".to_owned();
    };
    if mae.value.is_none() {
        return format!("It cannot be said: {}.", why_undefined(mae));
    }
    let mut out = format!("Predictions miss the truth by {} on average", in_full(mae));
    if let Some((bias, interval)) = index.overall("mean_error").and_then(|bias| Some((bias, bias.interval?))) {
        let quantity = own_quantity(bias);
        let size = quantity.number(bias.value.unwrap_or(0.0).abs());
        out.push_str(&if interval.low > 0.0 {
            format!(", and are too high by {size}")
        } else if interval.high < 0.0 {
            format!(", and are too low by {size}")
        } else {
            "; they lean neither clearly high nor clearly low".to_owned()
        });
    }
    out.push('.');
    out
}

fn headlines(index: &Index<'_>) -> Vec<Headline> {
    headline_metrics(index.report.outcome.task)
        .iter()
        .filter_map(|metric| {
            let estimate = index.overall(metric)?;
            let quantity = own_quantity(estimate);
            let mut cell = cells::of_estimate(quantity, estimate, None);
            if estimate.value.is_some() && quantity == Quantity::Percent {
                cell.text.push_str("\u{202f}%");
            }
            cell.metric = Some((*metric).to_owned());
            let naive =
                naive::naive(index, metric).map_or_else(String::new, |naive| format!("{}: {}", naive.who, quantity.with_unit(naive.value)));
            Some(Headline {
                cell,
                name: capital(&metric_name(metric)),
                naive,
            })
        })
        .collect()
}

fn binary_matrix(index: &Index<'_>) -> Option<Block> {
    let count_of = |metric: &str| index.overall(metric);
    let (tp, fp) = (count_of("true_positives")?, count_of("false_positives")?);
    let (fn_, tn) = (count_of("false_negatives")?, count_of("true_negatives")?);
    let positive = positive_class(index.report).to_owned();
    let negative = index
        .report
        .outcome
        .classes
        .iter()
        .find(|class| **class != positive)
        .cloned()
        .unwrap_or_else(|| format!("not {positive}"));
    Some(matrix(
        counted(index),
        vec![negative, positive],
        &[vec![Some(tn), Some(fp)], vec![Some(fn_), Some(tp)]],
    ))
}

/// What the confusion matrix adds up.
const fn counted(index: &Index<'_>) -> &'static str {
    if index.report.roles.weight.is_some() {
        "Total weight"
    } else {
        "Rows"
    }
}

fn matrix(what: &str, classes: Vec<String>, counts: &[Vec<Option<&Estimate>>]) -> Block {
    let value = |estimate: &Option<&Estimate>| estimate.and_then(|estimate| estimate.value).unwrap_or(0.0);
    let rows = counts
        .iter()
        .map(|row| {
            let total: f64 = row.iter().map(value).sum();
            row.iter()
                .map(|estimate| {
                    let share = if total > 0.0 { value(estimate) / total } else { 0.0 };
                    let mut cell = estimate.map_or_else(cells::absent, |estimate| cells::of_estimate(Quantity::Count, estimate, None));
                    if counts.len() == 2 && total > 0.0 {
                        cell.note = Quantity::Percent.with_unit(share);
                    }
                    (cell, share)
                })
                .collect()
        })
        .collect();
    Block::Matrix(Matrix {
        caption: format!(
            "{what} by true class, down, and predicted class, across. The stronger the shade, the larger the part of its true class."
        ),
        classes,
        rows,
    })
}

/// Several classes: recall of each as a figure, the rest as a table, the confusion matrix.
fn by_class(index: &Index<'_>) -> Vec<Block> {
    let classes = &index.report.outcome.classes;
    let mut blocks = Vec::new();
    let recalls: Vec<(&String, &Estimate)> = classes
        .iter()
        .filter_map(|class| index.of_class("recall", class).map(|estimate| (class, estimate)))
        .collect();
    if !recalls.is_empty() {
        blocks.push(Block::Figures(vec![class_figure(index, recalls)]));
    }
    blocks.extend(class_table(index, classes));
    let counts: Vec<Vec<Option<&Estimate>>> = classes
        .iter()
        .map(|truth| classes.iter().map(|predicted| confusion(index, truth, predicted)).collect())
        .collect();
    if counts.iter().flatten().any(Option::is_some) && classes.len() <= MATRIX_CLASSES {
        blocks.push(matrix(counted(index), classes.clone(), &counts));
    }
    blocks.extend(confused::table(index));
    blocks
}

fn confusion<'a>(index: &Index<'a>, truth: &str, predicted: &str) -> Option<&'a Estimate> {
    let mut key = Key::overall("confusion");
    key.params.insert("true_class".to_owned(), truth.to_owned());
    key.params.insert("predicted_class".to_owned(), predicted.to_owned());
    index.get(&key)
}

fn class_figure(index: &Index<'_>, mut recalls: Vec<(&String, &Estimate)>) -> Figure {
    let least = index.report.settings.min_support;
    let value = |estimate: &Estimate| estimate.value.unwrap_or(f64::INFINITY);
    order::sort_by(&mut recalls, |a, b| value(a.1).total_cmp(&value(b.1)).then_with(|| a.0.cmp(b.0)));
    let judged: Vec<&(&String, &Estimate)> = recalls.iter().filter(|(_, e)| e.support >= least && e.value.is_some()).collect();
    let title = match (judged.first(), judged.last()) {
        (Some((low, _)), Some((high, _))) if judged.len() > 1 => format!("Class {low} is found least often, class {high} most often"),
        _ => "How often each class is found".to_owned(),
    };
    let rows = recalls
        .iter()
        .take(super::DRAWN_GROUPS)
        .map(|(class, estimate)| dot_row(class, estimate, least))
        .collect();
    Figure {
        id: "fig-classes".to_owned(),
        title,
        metric: "recall".to_owned(),
        chart: ChartSpec::DotInterval(DotInterval {
            subject: "Recall by class".to_owned(),
            quantity: Quantity::Percent,
            rows,
            overall: index.overall("accuracy").and_then(|e| e.value).map(|value| Mark {
                label: "all rows".to_owned(),
                value,
            }),
            bound: None,
        }),
        note: if recalls.len() > super::DRAWN_GROUPS {
            format!("The {} classes found least often, of {}.", super::DRAWN_GROUPS, recalls.len())
        } else {
            String::new()
        },
    }
}

/// A chart's row for an estimate.
pub(super) fn dot_row(label: &str, estimate: &Estimate, min_support: u64) -> DotRow {
    let muted = if estimate.value.is_none() {
        Some("no value".to_owned())
    } else if estimate.support < min_support {
        Some(format!("too few rows to say: {}", count(estimate.support)))
    } else {
        None
    };
    DotRow {
        label: label.to_owned(),
        value: estimate.value,
        interval: estimate.interval.map(|interval| (interval.low, interval.high)),
        earlier: None,
        support: estimate.support,
        muted,
    }
}

fn class_table(index: &Index<'_>, classes: &[String]) -> Option<Block> {
    table_of_parts(index, classes, ("class", "Class", "classes"))
}

fn label_table(index: &Index<'_>) -> Option<Block> {
    table_of_parts(index, &index.report.outcome.classes, ("label", "Label", "labels"))
}

/// The numbers of every class, or of every label: the parameter that tells them apart, what one is called, and what many are.
fn table_of_parts(index: &Index<'_>, classes: &[String], (part, one, many): (&str, &str, &str)) -> Option<Block> {
    let metrics: Vec<&str> = ["label_positives", "support", "recall", "precision", "f1", "specificity", "roc_auc"]
        .into_iter()
        .filter(|metric| classes.iter().any(|class| index.of_part(metric, part, class).is_some()))
        .collect();
    if metrics.is_empty() {
        return None;
    }
    let quantities: Vec<Quantity> = metrics
        .iter()
        .map(|metric| {
            cells::column_quantity(
                &classes
                    .iter()
                    .filter_map(|class| index.of_part(metric, part, class))
                    .collect::<Vec<_>>(),
            )
        })
        .collect();
    let mut columns = vec![cells::names(one)];
    columns.extend(
        metrics
            .iter()
            .zip(&quantities)
            .map(|(metric, quantity)| cells::of_metric(metric, *quantity)),
    );
    let rows = classes
        .iter()
        .take(super::SHOWN_GROUPS)
        .map(|class| {
            let mut row = vec![Cell::code(class)];
            row.extend(metrics.iter().zip(&quantities).map(|(metric, quantity)| {
                index.of_part(metric, part, class).map_or_else(cells::absent, |estimate| {
                    cells::of_estimate(*quantity, estimate, Some(index.report.settings.min_support))
                })
            }));
            Row {
                cells: row,
                is_foot: false,
            }
        })
        .collect();
    Some(Block::Table(Table {
        caption: format!("Each {part}"),
        columns,
        rows,
        note: if classes.len() > super::SHOWN_GROUPS {
            format!(
                "The first {} of {} {many}; all are in the JSON.",
                super::SHOWN_GROUPS,
                classes.len()
            )
        } else {
            String::new()
        },
    }))
}

/// What kind of number a metric is, which decides the table it stands in.
fn kind(estimate: &Estimate) -> &'static str {
    match registry::find(&estimate.key.metric).map_or(Unit::Score, |metric| metric.unit) {
        Unit::Share => "Shares",
        Unit::Target => "Errors in the unit of the target",
        Unit::TargetSquared => "Errors in the squared unit of the target",
        Unit::Score | Unit::Nats | Unit::YesNo => "Scores",
        Unit::Count => "Counts",
    }
}

/// Every number over all rows, one table a kind of number.
fn measures(index: &Index<'_>) -> Vec<Block> {
    let mut kinds: Vec<(&str, Vec<&Estimate>)> = Vec::new();
    for estimate in index.all_overall() {
        let kind = kind(estimate);
        match kinds.iter_mut().find(|(name, _)| *name == kind) {
            Some((_, estimates)) => estimates.push(estimate),
            None => kinds.push((kind, vec![estimate])),
        }
    }
    // Counts say least: last.
    order::sort_by_key(&mut kinds, |(name, _)| *name == "Counts");
    let count: usize = kinds.iter().map(|(_, estimates)| estimates.len()).sum();
    let tables: Vec<Block> = kinds
        .into_iter()
        .map(|(caption, estimates)| Block::Table(measure_table(index, caption, &estimates)))
        .collect();
    if tables.is_empty() {
        return Vec::new();
    }
    vec![Block::Folded(Folded {
        title: format!("All {count} measures over all rows"),
        blocks: tables,
    })]
}

fn measure_table(index: &Index<'_>, caption: &str, estimates: &[&Estimate]) -> Table {
    let quantity = cells::column_quantity(estimates);
    let unit = quantity.unit();
    let is_count = unit == "rows";
    let unit = if is_count && index.report.roles.weight.is_some() {
        "total weight"
    } else {
        unit
    };
    let mut columns = vec![cells::names("Measure"), cells::numbers("Value", unit)];
    if !is_count {
        columns.push(cells::numbers("Interval", unit));
        columns.push(cells::numbers("Rows behind it", ""));
    }
    let rows = estimates
        .iter()
        .map(|estimate| {
            let mut cell = cells::of_estimate(quantity, estimate, None);
            let note = std::mem::take(&mut cell.note);
            let name = Cell {
                metric: Some(estimate.key.metric.clone()),
                ..Cell::text(capital(&metric_name(&estimate.key.metric)))
            };
            let mut row = vec![name, cell];
            if !is_count {
                row.push(Cell::text(note));
                row.push(Cell::text(count(estimate.support)));
            }
            Row {
                cells: row,
                is_foot: false,
            }
        })
        .collect();
    Table {
        caption: caption.to_owned(),
        columns,
        rows,
        note: String::new(),
    }
}
