//! "How do the groups fare?": for each grouping one sentence, one figure of the most telling metric, the groups' table with its gaps.

use super::super::format::{own_quantity, with_unit};
use super::super::index::{Index, Listed};
use super::super::words::{columns, event, listed_name, metric_name, share_words};
use super::super::{doubts, format, words};
use super::accuracy::dot_row;
use super::block::{Block, Cell, Figure, Folded, Row, Table};
use super::{cells, heading, positive_class};
use crate::chart::number::{Quantity, count, counted};
use crate::chart::{ChartSpec, DotInterval, Mark};
use crate::check::{Finding, Verdict};
use crate::metric::{Comparison, Estimate};
use crate::run::Task;
use crate::stats::order;

pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    if index.report.outcome.task.is_none() {
        return Vec::new();
    }
    let all: Vec<Grouping<'_>> = index
        .report
        .groupings
        .iter()
        .enumerate()
        .map(|(number, by)| Grouping::new(index, number, by))
        .filter(|grouping| !grouping.groups.is_empty())
        .collect();
    let (single, several): (Vec<_>, Vec<_>) = all.into_iter().partition(|grouping| grouping.by.len() == 1);
    let mut blocks = vec![
        heading(2, "fairness", "How do the groups fare?"),
        Block::Lead(answer(&single, &several)),
    ];
    let cautions = doubted(index);
    if !cautions.is_empty() {
        blocks.push(Block::Cautions(cautions));
    }
    for grouping in &single {
        blocks.push(heading(
            3,
            format!("fairness-{}", grouping.number),
            format!("By {}", columns(grouping.by)),
        ));
        blocks.extend(grouping.blocks(true));
    }
    for grouping in &several {
        blocks.push(Block::Folded(Folded {
            title: format!(
                "By {} together: {}",
                columns(grouping.by),
                counted(grouping.groups.len() as u64, "group", "groups")
            ),
            blocks: grouping.blocks(false),
        }));
    }
    blocks
}

/// Which limits of groups, and of gaps between them, hold less or more often than they say.
fn doubted(index: &Index<'_>) -> Vec<String> {
    let shown = table_metrics(index.report.outcome.task);
    let of_groups = index.report.estimates.iter().filter(|estimate| {
        let key = &estimate.key;
        let is_gap = matches!(key.comparison, Some(Comparison::Difference | Comparison::Ratio));
        let is_of_group = key.comparison.is_none() && !key.group.is_empty();
        (is_gap || is_of_group) && shown.contains(&key.metric.as_str()) && estimate.support >= index.report.settings.min_support
    });
    doubts::sentences(index, of_groups)
}

/// The metrics of the groups' table, by task.
const fn table_metrics(task: Option<Task>) -> &'static [&'static str] {
    match task {
        Some(Task::Binary) | None => &[
            "prevalence",
            "selection_rate",
            "false_positive_rate",
            "false_negative_rate",
            "precision",
            "accuracy",
            "roc_auc",
        ],
        Some(Task::Multiclass) => &["accuracy", "balanced_accuracy", "recall_macro", "precision_macro", "f1_macro"],
        Some(Task::Multilabel) => &["subset_accuracy", "hamming_loss", "f1_micro", "f1_macro", "f1_samples"],
        Some(Task::Regression) => &["mae", "rmse", "mean_error", "r2"],
        Some(Task::Ranking) => &["mean_ndcg", "mean_average_precision", "mean_reciprocal_rank", "queries"],
    }
}

/// Further metrics, in tables shown on request: each narrow enough for paper.
const MORE: [&[&str]; 2] = [
    &[
        "recall",
        "specificity",
        "negative_predictive_value",
        "false_discovery_rate",
        "false_omission_rate",
        "balanced_accuracy",
    ],
    &[
        "f1",
        "matthews_correlation",
        "average_precision",
        "brier_score",
        "log_loss",
        "mean_score",
    ],
];

/// The metrics that may be the most telling one; how common the class is, is context and not the model's doing.
const fn telling_metrics(task: Option<Task>) -> &'static [&'static str] {
    match task {
        Some(Task::Binary) | None => &[
            "false_positive_rate",
            "false_negative_rate",
            "selection_rate",
            "precision",
            "accuracy",
        ],
        Some(Task::Multiclass) => &["accuracy", "recall_macro", "precision_macro"],
        Some(Task::Multilabel) => &["subset_accuracy", "hamming_loss", "f1_micro"],
        Some(Task::Regression) => &["mae", "rmse", "mean_error"],
        Some(Task::Ranking) => &["mean_ndcg", "mean_average_precision", "mean_reciprocal_rank"],
    }
}

/// The value at one end of a gap.
struct End<'a> {
    name: String,
    estimate: &'a Estimate,
}

struct Grouping<'a> {
    index: &'a Index<'a>,
    number: usize,
    by: &'a [String],
    groups: Vec<Listed>,
}

impl<'a> Grouping<'a> {
    fn new(index: &'a Index<'a>, number: usize, by: &'a [String]) -> Self {
        Self {
            index,
            number,
            by,
            groups: index.groups(by),
        }
    }

    fn least(&self) -> u64 {
        self.index.report.settings.min_support
    }

    fn task(&self) -> Option<Task> {
        self.index.report.outcome.task
    }

    /// See [`Index::judged`].
    fn judged(&self, metric: &str) -> Vec<End<'a>> {
        self.index
            .judged(metric, self.by)
            .into_iter()
            .map(|(listed, estimate)| End {
                name: listed_name(&listed, self.by),
                estimate,
            })
            .collect()
    }

    /// The judged gap of a metric.
    fn gap(&self, metric: &str) -> Option<&'a Estimate> {
        self.index
            .gap(metric, Comparison::Difference, self.by, true)
            .filter(|gap| gap.value.is_some())
    }

    fn is_clear(gap: &Estimate) -> bool {
        gap.interval.is_none_or(|interval| interval.low > 0.0)
    }

    /// The finding that says most about this grouping.
    fn trouble(&self) -> Option<&'a Finding> {
        self.index.report.findings.iter().find(|finding| {
            matches!(finding.verdict, Verdict::Fail | Verdict::Warn)
                && finding
                    .key
                    .as_ref()
                    .is_some_and(|key| key.by == self.by && telling_metrics(self.task()).contains(&key.metric.as_str()))
        })
    }

    /// The metric to show first: that of the gravest finding, else the one with the largest clear gap.
    fn telling(&self) -> Option<&'a str> {
        let of_finding = self
            .trouble()
            .and_then(|finding| finding.key.as_ref())
            .map(|key| key.metric.as_str());
        let candidates = telling_metrics(self.task())
            .iter()
            .filter(|metric| self.groups.iter().any(|g| self.index.of_group(metric, g).is_some()));
        of_finding.or_else(|| {
            let size = |metric: &&'static str| {
                self.gap(metric)
                    .map_or((false, -1.0), |gap| (Self::is_clear(gap), gap.value.unwrap_or(0.0)))
            };
            let mut candidates: Vec<&'static str> = candidates.copied().collect();
            order::sort_by(&mut candidates, |a, b| {
                let (a, b) = (size(a), size(b));
                b.0.cmp(&a.0).then(b.1.total_cmp(&a.1))
            });
            candidates.first().copied()
        })
    }

    fn blocks(&self, is_single: bool) -> Vec<Block> {
        let mut blocks = Vec::new();
        let Some(telling) = self.telling() else {
            blocks.push(Block::Lead("Nothing can be measured in these groups.".to_owned()));
            blocks.extend(self.table("Each group", &["rows"], false));
            return blocks;
        };
        blocks.push(Block::Lead(self.sentence(telling)));
        if is_single || self.groups.len() <= super::DRAWN_GROUPS {
            blocks.push(Block::Figures(vec![self.figure(telling, "main")]));
        }
        blocks.extend(self.table(&format!("Each group by {}", columns(self.by)), table_metrics(self.task()), true));
        if is_single {
            let others: Vec<Figure> = telling_metrics(self.task())
                .iter()
                .filter(|metric| **metric != telling && self.groups.iter().any(|group| self.index.of_group(metric, group).is_some()))
                .map(|metric| self.figure(metric, metric))
                .collect();
            if !others.is_empty() {
                blocks.push(Block::Folded(Folded {
                    title: format!("Other measures by {}, drawn", columns(self.by)),
                    blocks: vec![Block::Figures(others)],
                }));
            }
            let title = format!("Further measures by {}", columns(self.by));
            let tables: Vec<Block> = MORE.iter().filter_map(|metrics| self.table(&title, metrics, true)).collect();
            if !tables.is_empty() {
                blocks.push(Block::Folded(Folded { title, blocks: tables }));
            }
        }
        blocks
    }

    /// What the gap is, told about rows; and who could not be judged.
    fn sentence(&self, metric: &str) -> String {
        let judged = self.judged(metric);
        let mut out = match judged.as_slice() {
            [lowest, .., highest] => self.contrast(metric, highest, lowest),
            [only] => format!("Only one group has enough rows to judge: {}.", only.name),
            [] => format!("No group has the {} rows that a judgement needs.", self.least()),
        };
        if judged.len() > 1
            && let Some(gap) = self.gap(metric)
        {
            let quantity = self.gap_quantity(gap);
            let limits = format::limits(quantity, gap).map_or_else(String::new, |limits| format!(" {limits}"));
            let gap_in_full = format!("{}{limits}", with_unit(quantity, gap));
            out.push_str(&if Self::is_clear(gap) {
                format!(" The gap is {gap_in_full}.")
            } else {
                format!(" The gap, {gap_in_full}, may be chance.")
            });
        }
        out
    }

    fn contrast(&self, metric: &str, highest: &End<'_>, lowest: &End<'_>) -> String {
        let positive = positive_class(self.index.report);
        let value = |end: &End<'_>| end.estimate.value.unwrap_or(0.0);
        match share_words(metric, positive) {
            Some((of, part)) if value(highest) <= 0.9905 && value(lowest) >= 0.0095 => format!(
                "Of 100 {of}, {} {part} in the group {}, {} in {}.",
                Quantity::Decimal(0).number(value(highest) * 100.0),
                highest.name,
                Quantity::Decimal(0).number(value(lowest) * 100.0),
                lowest.name
            ),
            _ => {
                let quantity = cells::column_quantity(&[highest.estimate, lowest.estimate]);
                format!(
                    "{} is highest in the group {}, {}, and lowest in {}, {}.",
                    words::capital(&metric_name(metric)),
                    highest.name,
                    with_unit(quantity, highest.estimate),
                    lowest.name,
                    with_unit(quantity, lowest.estimate)
                )
            }
        }
    }

    fn figure_title(&self, metric: &str) -> String {
        let judged = self.judged(metric);
        let name = event(metric, positive_class(self.index.report));
        let plain = name.clone().unwrap_or_else(|| words::capital(&metric_name(metric)));
        match judged.as_slice() {
            [lowest, .., highest] => {
                if self.gap(metric).is_some_and(|gap| !Self::is_clear(gap)) {
                    return format!("{plain}: no clear gap between groups");
                }
                if name.is_some() {
                    format!("{plain} most often: {}; least often: {}", highest.name, lowest.name)
                } else {
                    format!("{plain} is highest for {}, lowest for {}", highest.name, lowest.name)
                }
            }
            _ => format!("{plain}: too few rows to compare groups"),
        }
    }

    fn figure(&self, metric: &str, suffix: &str) -> Figure {
        let drawn: Vec<(&Listed, &Estimate)> = self
            .groups
            .iter()
            .filter_map(|group| Some((group, self.index.of_group(metric, group)?)))
            .take(super::DRAWN_GROUPS)
            .collect();
        let overall = self.index.overall(metric);
        let all: Vec<&Estimate> = drawn.iter().map(|(_, estimate)| *estimate).chain(overall).collect();
        let note = if self.groups.len() > super::DRAWN_GROUPS {
            format!("The {} largest of {} groups.", super::DRAWN_GROUPS, count(self.groups.len() as u64))
        } else {
            String::new()
        };
        Figure {
            id: format!("fig-{}-{}", self.number, suffix.replace('_', "-")),
            title: self.figure_title(metric),
            metric: metric.to_owned(),
            chart: ChartSpec::DotInterval(DotInterval {
                subject: format!("{} by {}", words::capital(&metric_name(metric)), columns(self.by)),
                quantity: cells::column_quantity(&all),
                rows: drawn
                    .iter()
                    .map(|(group, estimate)| dot_row(&listed_name(group, self.by), estimate, self.least()))
                    .collect(),
                overall: overall.and_then(|estimate| estimate.value).map(|value| Mark {
                    label: "all rows".to_owned(),
                    value,
                }),
                bound: self.bound(metric),
            }),
            note,
        }
    }

    /// The bound of a check on this metric's gap, as a value that a group would have to reach.
    fn bound(&self, metric: &str) -> Option<Mark> {
        let finding =
            self.index.report.findings.iter().find(|finding| {
                finding.bound.is_some() && finding.key.as_ref().is_some_and(|key| key.metric == metric && key.by == self.by)
            })?;
        let (bound, comparison) = (finding.bound?, finding.key.as_ref()?.comparison?);
        let judged = self.judged(metric);
        let (lowest, highest) = (judged.first()?.estimate.value?, judged.last()?.estimate.value?);
        match comparison {
            Comparison::Ratio => Some(Mark {
                label: format!("bound: {} of the highest,", trimmed(bound)),
                value: bound * highest,
            }),
            Comparison::Difference => Some(Mark {
                label: "bound on the gap above the lowest:".to_owned(),
                value: lowest + bound,
            }),
            Comparison::GroupMin | Comparison::GroupMax => Some(Mark {
                label: "bound".to_owned(),
                value: bound,
            }),
            _ => None,
        }
    }

    /// The groups' table: a column a metric, the gaps as its foot.
    fn table(&self, caption: &str, wanted: &[&str], with_rows: bool) -> Option<Block> {
        let metrics: Vec<&str> = wanted
            .iter()
            .copied()
            .filter(|metric| self.groups.iter().any(|g| self.index.of_group(metric, g).is_some()))
            .collect();
        if metrics.is_empty() {
            return None;
        }
        let quantities: Vec<Quantity> = metrics.iter().map(|metric| self.quantity(metric)).collect();
        let mut header = vec![cells::names(columns(self.by))];
        if with_rows {
            header.push(cells::of_metric("rows", Quantity::Count));
        }
        header.extend(
            metrics
                .iter()
                .zip(&quantities)
                .map(|(metric, quantity)| cells::of_metric(metric, *quantity)),
        );
        let mut rows: Vec<Row> = Vec::new();
        for group in self.groups.iter().take(super::SHOWN_GROUPS) {
            rows.push(self.row(group, &metrics, &quantities, with_rows));
        }
        let judged_only =
            self.groups.iter().any(|group| group.rows < self.least()) || self.groups.iter().any(|g| g.group.values().any(Option::is_none));
        for is_judged in [true, false] {
            for comparison in [Comparison::Difference, Comparison::Ratio] {
                if is_judged || judged_only {
                    rows.extend(self.foot(comparison, is_judged, judged_only, &metrics, with_rows));
                }
            }
        }
        Some(Block::Table(Table {
            caption: caption.to_owned(),
            columns: header,
            rows,
            note: self.note(),
        }))
    }

    fn quantity(&self, metric: &str) -> Quantity {
        let all: Vec<&Estimate> = self.groups.iter().filter_map(|group| self.index.of_group(metric, group)).collect();
        cells::column_quantity(&all)
    }

    /// A gap of shares is in points, a ratio plain; any other gap is written like the numbers above it.
    fn gap_quantity(&self, gap: &Estimate) -> Quantity {
        match own_quantity(gap) {
            Quantity::Decimal(_) if gap.key.comparison == Some(Comparison::Difference) => self.quantity(&gap.key.metric),
            own => own,
        }
    }

    fn row(&self, group: &Listed, metrics: &[&str], quantities: &[Quantity], with_rows: bool) -> Row {
        let mut row = vec![Cell::code(listed_name(group, self.by))];
        if with_rows {
            // With weights the value is their total; rows are what says how much evidence there is.
            let is_weighted = self.index.report.roles.weight.is_some();
            row.push(match self.index.of_group("rows", group).filter(|_| !is_weighted) {
                Some(estimate) => cells::of_estimate(Quantity::Count, estimate, None),
                None => Cell::text(count(group.rows)),
            });
        }
        row.extend(metrics.iter().zip(quantities).map(|(metric, quantity)| {
            self.index.of_group(metric, group).map_or_else(cells::absent, |estimate| {
                cells::of_estimate(*quantity, estimate, Some(self.least()))
            })
        }));
        Row {
            cells: row,
            is_foot: false,
        }
    }

    /// A row of gaps; `None` where the report has none of them.
    fn foot(&self, comparison: Comparison, is_judged: bool, are_both_shown: bool, metrics: &[&str], with_rows: bool) -> Option<Row> {
        let gaps: Vec<Option<&Estimate>> = metrics
            .iter()
            .map(|metric| self.index.gap(metric, comparison, self.by, is_judged))
            .collect();
        if gaps.iter().all(Option::is_none) {
            return None;
        }
        let name = match (comparison == Comparison::Ratio, are_both_shown, is_judged) {
            (false, false, _) => "Largest gap",
            (true, false, _) => "Smallest ratio",
            (false, true, true) => "Gap, judged groups",
            (true, true, true) => "Ratio, judged groups",
            (false, true, false) => "Gap, all groups",
            (true, true, false) => "Ratio, all groups",
        };
        let mut row = vec![Cell::text(name)];
        if with_rows {
            row.push(Cell::default());
        }
        row.extend(gaps.into_iter().map(|gap| {
            let mut cell = gap.map_or_else(cells::absent, |gap| cells::of_estimate(self.gap_quantity(gap), gap, None));
            // What is not judged stands back.
            cell.is_muted |= !is_judged;
            cell
        }));
        Some(Row { cells: row, is_foot: true })
    }

    fn note(&self) -> String {
        let mut out = String::new();
        if self.groups.len() > super::SHOWN_GROUPS {
            out.push_str(&format!(
                "The {} largest of {} groups are shown; all are in the JSON. ",
                super::SHOWN_GROUPS,
                count(self.groups.len() as u64)
            ));
        }
        if self.groups.iter().any(|group| group.rows < self.least()) {
            out.push_str(&format!(
                "Groups with fewer than {} rows behind a number are shown, but not judged.",
                self.least()
            ));
        }
        out.trim_end().to_owned()
    }
}

/// A bound as people write it: 0.8, not 0.800.
fn trimmed(bound: f64) -> String {
    let text = Quantity::Decimal(4).number(bound);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The section's answer: the largest clear gap, or that there is none.
fn answer(single: &[Grouping<'_>], several: &[Grouping<'_>]) -> String {
    let all: Vec<&Grouping<'_>> = if single.is_empty() {
        several.iter().collect()
    } else {
        single.iter().collect()
    };
    if all.is_empty() {
        return "Nothing was compared between groups: no sensitive feature was chosen.".to_owned();
    }
    let mut clear: Vec<(&Grouping<'_>, &str, f64)> = Vec::new();
    let mut is_any_judged = false;
    for grouping in &all {
        for metric in telling_metrics(grouping.task()) {
            if let Some(gap) = grouping.gap(metric) {
                is_any_judged = true;
                if Grouping::is_clear(gap) && own_quantity(gap) == Quantity::Points || clear.is_empty() && Grouping::is_clear(gap) {
                    clear.push((grouping, metric, gap.value.unwrap_or(0.0)));
                }
            }
        }
    }
    order::sort_by(&mut clear, |a, b| b.2.total_cmp(&a.2));
    match clear.first() {
        Some((grouping, metric, _)) => {
            let judged = grouping.judged(metric);
            let (Some(lowest), Some(highest)) = (judged.first(), judged.last()) else {
                return "Groups differ.".to_owned();
            };
            let quantity = cells::column_quantity(&[highest.estimate, lowest.estimate]);
            format!(
                "Groups differ most in {} by {}: {} for {}, {} for {}.",
                metric_name(metric),
                columns(grouping.by),
                with_unit(quantity, highest.estimate),
                highest.name,
                with_unit(quantity, lowest.estimate),
                lowest.name
            )
        }
        None if is_any_judged => "No clear gap between groups shows in this data.".to_owned(),
        None => "It cannot be said: no two groups have enough rows to be compared.".to_owned(),
    }
}
