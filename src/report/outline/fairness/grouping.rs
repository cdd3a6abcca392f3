//! One grouping: the metric that tells most about it, told, drawn and listed.

use super::super::super::format::{self, with_unit};
use super::super::super::index::{Index, Listed};
use super::super::super::words::{self, columns, event, listed_name, metric_name, share_words};
use super::super::block::{Block, Figure, Folded};
use super::super::{DRAWN_GROUPS, cells, positive_class};
use super::{MORE, criteria, dialect, people, table_metrics, telling_metrics};
use crate::chart::number::{Quantity, count};
use crate::chart::{ChartSpec, DotInterval, Mark};
use crate::check::{Finding, Verdict};
use crate::metric::{Comparison, Estimate};
use crate::report::outline::accuracy::dot_row;
use crate::run::{Dialect, Task};
use crate::stats::order;

/// The value at one end of a gap.
pub(super) struct End<'a> {
    pub name: String,
    pub estimate: &'a Estimate,
}

pub(super) struct Grouping<'a> {
    pub index: &'a Index<'a>,
    pub number: usize,
    pub by: &'a [String],
    pub groups: Vec<Listed>,
}

impl<'a> Grouping<'a> {
    pub(super) fn new(index: &'a Index<'a>, number: usize, by: &'a [String]) -> Self {
        Self {
            index,
            number,
            by,
            groups: index.groups(by),
        }
    }

    pub(super) fn least(&self) -> u64 {
        self.index.report.settings.min_support
    }

    pub(super) fn task(&self) -> Option<Task> {
        self.index.report.outcome.task
    }

    /// See [`Index::judged`].
    pub(super) fn judged(&self, metric: &str) -> Vec<End<'a>> {
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
    pub(super) fn gap(&self, metric: &str) -> Option<&'a Estimate> {
        self.index
            .gap(metric, Comparison::Difference, self.by, true)
            .filter(|gap| gap.value.is_some())
    }

    pub(super) fn is_clear(gap: &Estimate) -> bool {
        gap.interval.is_none_or(|interval| interval.low > 0.0)
    }

    /// The finding that says most about this grouping.
    pub(super) fn trouble(&self) -> Option<&'a Finding> {
        self.index.report.findings.iter().find(|finding| {
            matches!(finding.verdict, Verdict::Fail | Verdict::Warn)
                && finding
                    .key
                    .as_ref()
                    .is_some_and(|key| key.by == self.by && telling_metrics(self.task()).contains(&key.metric.as_str()))
        })
    }

    /// The metric to show first: that of the gravest finding, else the one with the largest clear gap.
    pub(super) fn telling(&self) -> Option<&'a str> {
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

    /// What is said of a single feature, its most telling number first; `is_told` where its gap in the primary metric was told before.
    pub(super) fn blocks(&self, primary: Option<&'a str>, is_told: bool) -> Vec<Block> {
        let mut blocks = Vec::new();
        let of_primary = primary.filter(|metric| self.judged(metric).len() > 1 && self.gap(metric).is_some());
        let Some(telling) = of_primary.or_else(|| self.telling()) else {
            blocks.push(Block::Lead("Nothing can be measured in these groups.".to_owned()));
            blocks.extend(self.table("Each group", &["rows"], false));
            return blocks;
        };
        if is_told && of_primary.is_some() {
            blocks.push(Block::Lead(self.gap_sentence(telling).unwrap_or_default()));
        } else {
            blocks.push(Block::Lead(self.sentence(telling)));
            blocks.extend(people::meaning(self.index, telling).map(Block::Prose));
        }
        blocks.push(Block::Figures(vec![self.figure(telling, "main")]));
        match self.index.report.settings.dialect {
            Dialect::Assay => blocks.extend(criteria::blocks(self)),
            dialect => {
                blocks.extend(dialect::blocks(self, dialect));
                let own = criteria::blocks(self);
                if !own.is_empty() {
                    blocks.push(Block::Folded(Folded {
                        title: format!("The criteria by {} with intervals, as Assay defines them", columns(self.by)),
                        blocks: own,
                    }));
                }
            }
        }
        blocks.extend(self.table(&format!("Each group by {}", columns(self.by)), table_metrics(self.task()), true));
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
        blocks
    }

    /// What is said of features together.
    pub(super) fn together(&self, primary: Option<&'a str>) -> Vec<Block> {
        let Some(telling) = primary.filter(|metric| self.gap(metric).is_some()).or_else(|| self.telling()) else {
            return self.table("Each group", &["rows"], false).into_iter().collect();
        };
        let mut blocks = vec![Block::Lead(self.sentence(telling))];
        if self.groups.len() <= DRAWN_GROUPS {
            blocks.push(Block::Figures(vec![self.figure(telling, "main")]));
        }
        blocks.extend(self.table(&format!("Each group by {}", columns(self.by)), table_metrics(self.task()), true));
        blocks
    }

    /// What the gap is, told about rows; and who could not be judged.
    pub(super) fn sentence(&self, metric: &str) -> String {
        let judged = self.judged(metric);
        let in_people = people::contrast(self, metric);
        let mut out = match judged.as_slice() {
            _ if in_people.is_some() => in_people.unwrap_or_default(),
            [lowest, .., highest] => self.contrast(metric, highest, lowest),
            [only] => format!("Only one group has enough rows to judge: {}.", only.name),
            [] => format!("No group has the {} rows that a judgement needs.", self.least()),
        };
        if judged.len() > 1
            && let Some(gap) = self.gap_sentence(metric)
        {
            out.push(' ');
            out.push_str(&gap);
        }
        out
    }

    /// The gap with its limits, and whether it may be chance.
    pub(super) fn gap_sentence(&self, metric: &str) -> Option<String> {
        let gap = self.gap(metric)?;
        let quantity = self.gap_quantity(gap);
        let limits = format::limits(quantity, gap).map_or_else(String::new, |limits| format!(" {limits}"));
        let (name, gap_in_full) = (metric_name(metric), format!("{}{limits}", with_unit(quantity, gap)));
        Some(if Self::is_clear(gap) {
            format!("The gap in {name} is {gap_in_full}.")
        } else {
            format!("The gap in {name}, {gap_in_full}, may be chance.")
        })
    }

    pub(super) fn contrast(&self, metric: &str, highest: &End<'_>, lowest: &End<'_>) -> String {
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

    pub(super) fn figure_title(&self, metric: &str) -> String {
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

    pub(super) fn figure(&self, metric: &str, suffix: &str) -> Figure {
        let drawn: Vec<(&Listed, &Estimate)> = self
            .groups
            .iter()
            .filter_map(|group| Some((group, self.index.of_group(metric, group)?)))
            .take(DRAWN_GROUPS)
            .collect();
        let overall = self.index.overall(metric);
        let all: Vec<&Estimate> = drawn.iter().map(|(_, estimate)| *estimate).chain(overall).collect();
        let note = if self.groups.len() > DRAWN_GROUPS {
            format!("The {} largest of {} groups.", DRAWN_GROUPS, count(self.groups.len() as u64))
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
    pub(super) fn bound(&self, metric: &str) -> Option<Mark> {
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
}

/// A bound as people write it: 0.8, not 0.800.
pub(super) fn trimmed(bound: f64) -> String {
    let text = Quantity::Decimal(4).number(bound);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
