//! The search as a job: a column, a replicate or a split a step.

use crate::data::{Notice, NoticeCode, Predicate, Table};
use crate::metric::reading::Reading;
use crate::metric::{Estimate, registry};
use crate::run::Settings;
use crate::run::features::Feature;
use crate::run::plan::Plan;
use crate::stats::order;
use crate::stats::random::Draws;

use super::clusters::Clustering;
use super::errors::{Halves, Sample, halves};
use super::measure::{Contrast, estimates, held_back, p_value};
use super::scan::{Candidate, Condition, Scan};
use super::{Cluster, MOST_FEATURES, Mark, REPLICATES, Search, SearchPlan, Subgroup};

/// Bins of a column of more than a few numbers.
const BINS: usize = 8;
/// Levels of a column that are looked at one by one.
const MOST_LEVELS: usize = 20;
/// The most groups that a scan reports.
const REPORTED: usize = 5;
/// After so many replicates whose best is as far out as what was found, chance is a good enough explanation (Besag and Clifford 1991,
/// "Sequential Monte Carlo p-values").
const ENOUGH: usize = 20;
/// The most marks of a cluster.
const MARKS: usize = 3;
/// A mark holds of at least so much more of the rows inside.
const TELLING: f64 = 0.1;

/// What a search gives: its part of the report, its numbers, its notices.
pub type Searched = (Search, Vec<Estimate>, Vec<Notice>);

/// See the module's doc.
pub struct SearchJob {
    features: Vec<Feature>,
    next: usize,
    halves: Option<Halves>,
    found: Vec<Candidate>,
    looked_at: u64,
    is_scanned: bool,
    /// The best score of every replicate.
    best: Vec<f64>,
    clustering: Option<Clustering>,
}

impl SearchJob {
    /// A search that has not begun.
    pub fn new() -> Self {
        Self {
            features: Vec::new(),
            next: 0,
            halves: None,
            found: Vec::new(),
            looked_at: 0,
            is_scanned: false,
            best: Vec::new(),
            clustering: None,
        }
    }

    /// Steps done, of [`Self::units`].
    pub fn done(&self) -> u64 {
        self.next as u64 + self.best.len() as u64
    }

    /// Steps in all, about.
    pub fn units(plan: &SearchPlan) -> u64 {
        plan.features.len() as u64 + REPLICATES
    }

    /// Does a step; gives what was found after the last.
    pub fn step(&mut self, table: &Table, plan: &Plan, search: &SearchPlan, settings: &Settings) -> Option<Searched> {
        if let Some(name) = search.features.get(self.next) {
            self.next += 1;
            let feature = table
                .column(name)
                .and_then(|column| Feature::of(column, &plan.rows, BINS, MOST_LEVELS));
            self.features.extend(feature);
            return None;
        }
        let seed = settings.search.seed;
        let Some(halves) = &self.halves else {
            self.halves = Some(halves(plan, &self.features, search.by, seed));
            return None;
        };
        // Of a group of this many rows in one half, as many as are judged can be expected in the other.
        let least = (settings.min_support * 4 / 3).max(10);
        let sample = &halves.found_on;
        let scan = Scan::new(sample, &self.features, search.by, least);
        let is_open = (sample.len() as u64) >= 2 * least && scan.has_spread();
        if is_open && !self.is_scanned {
            (self.found, self.looked_at) = scan.best(&sample.errors);
            self.is_scanned = true;
            return None;
        }
        let goal = self.found.first().map(|best| best.score);
        let is_explained = self.best.iter().filter(|best| goal.is_some_and(|goal| **best >= goal)).count() >= ENOUGH;
        if goal.is_some() && (self.best.len() as u64) < REPLICATES && !is_explained {
            let mut errors = sample.errors.clone();
            Draws::of(seed, self.best.len() as u64).shuffle(&mut errors);
            self.best.push(scan.best(&errors).0.first().map_or(0.0, |best| best.score));
            return None;
        }
        if is_open {
            let clustering = self.clustering.get_or_insert_with(|| Clustering::new(sample, least, seed));
            if clustering.step(sample, &self.features) {
                return None;
            }
        }
        Some(self.finish(plan, search, settings, halves))
    }

    fn finish(&self, plan: &Plan, search: &SearchPlan, settings: &Settings, halves: &Halves) -> Searched {
        let (mut subgroups, mut contrasts) = self.subgroups(search, settings, halves);
        let scanned = contrasts.len();
        let mut clusters = self.clusters(search, settings, halves, &mut contrasts);
        let level = 1.0 - settings.level;
        let measured = estimates(&contrasts, search.by, settings);
        let is_worse = |contrast: &Contrast, found: [f64; 2]| {
            let by = contrast.difference().unwrap_or(0.0);
            let is_same_side = by * (found[0] - found[1]) > 0.0;
            is_same_side && (by > 0.0 || search.by == super::ErrorKind::MeanScoreError)
        };
        let mut numbers = Vec::new();
        for (place, (own, corrected)) in measured.into_iter().enumerate() {
            let is_beyond = corrected.is_some_and(|p| p <= level);
            numbers.extend(own);
            let contrast = &contrasts[place];
            if let Some(subgroup) = subgroups.get_mut(place) {
                subgroup.stands_out = is_beyond && subgroup.chance <= level && is_worse(contrast, subgroup.found);
                numbers.extend(self.chance(settings, search, contrast, subgroup, halves));
            } else if let Some(cluster) = clusters.get_mut(place - scanned) {
                cluster.stands_out = is_beyond && is_worse(contrast, cluster.found);
            }
        }
        let found = Search {
            metric: search.by.metric().to_owned(),
            features: self.features.iter().map(|feature| feature.name.clone()).collect(),
            rows: halves.rows,
            sampled: halves.sampled,
            found_on: halves.found_on.len() as u64,
            held_back: halves.held_back.len() as u64,
            looked_at: self.looked_at,
            replicates: self.best.len() as u64,
            subgroups,
            clusters,
        };
        (found, numbers, notices(plan, search, halves))
    }

    /// The permutation p-value among the numbers.
    fn chance(
        &self,
        settings: &Settings,
        search: &SearchPlan,
        contrast: &Contrast,
        subgroup: &Subgroup,
        halves: &Halves,
    ) -> Option<Estimate> {
        let mut key = contrast.key.clone();
        key.params.insert("rows".to_owned(), "searched".to_owned());
        let reading = Reading::exact(subgroup.chance, halves.found_on.len() as u64);
        let named = ("permutation", Some("largest_of_search"));
        p_value(&key, registry::find(search.by.metric())?, settings, named, &reading)
    }

    /// The best conjunctions that do not say the same, measured in the half held back.
    fn subgroups(&self, search: &SearchPlan, settings: &Settings, halves: &Halves) -> (Vec<Subgroup>, Vec<Contrast>) {
        let sample = &halves.found_on;
        let mut told = vec![false; sample.len()];
        let (mut subgroups, mut contrasts) = (Vec::new(), Vec::new());
        for candidate in self.found.iter().filter(|candidate| candidate.score > 0.0) {
            if subgroups.len() == REPORTED {
                break;
            }
            let rows = members(sample, &candidate.conditions);
            let Some(condition) = self.predicate(&candidate.conditions) else {
                continue;
            };
            // What is mostly part of groups told before says the same again.
            let known = rows.iter().zip(&told).filter(|(is_in, is_told)| **is_in && **is_told).count();
            if 2 * known > rows.iter().filter(|is_in| **is_in).count() {
                continue;
            }
            let as_far = self.best.iter().filter(|best| **best >= candidate.score).count();
            let key = held_back(Some(condition.to_string()), None);
            let own = members(&halves.held_back, &candidate.conditions);
            contrasts.push(Contrast::of(&halves.held_back, search.by, settings, key, &|row| own[row]));
            subgroups.push(Subgroup {
                condition: condition.to_string(),
                found: rates(sample, &|_| true, &|row| rows[row]),
                without_others: (!subgroups.is_empty()).then(|| rates(sample, &|row| !told[row], &|row| rows[row])),
                chance: (as_far + 1) as f64 / (self.best.len() + 1) as f64,
                stands_out: false,
            });
            told.iter_mut().zip(&rows).for_each(|(is_told, is_in)| *is_told |= *is_in);
        }
        (subgroups, contrasts)
    }

    fn predicate(&self, conditions: &[Condition]) -> Option<Predicate> {
        let one = |condition: &Condition| self.features[condition.feature].condition(condition.low.into(), condition.high.into());
        let parts: Option<Vec<Predicate>> = conditions.iter().map(one).collect();
        parts.filter(|parts| !parts.is_empty()).map(Predicate::all)
    }

    /// The clusters, the largest error first, measured in the half held back.
    fn clusters(&self, search: &SearchPlan, settings: &Settings, halves: &Halves, contrasts: &mut Vec<Contrast>) -> Vec<Cluster> {
        let Some(clustering) = self.clustering.as_ref().filter(|clustering| clustering.count() > 1) else {
            return Vec::new();
        };
        let sample = &halves.found_on;
        let (here, there) = (
            clustering.assign(sample, &self.features),
            clustering.assign(&halves.held_back, &self.features),
        );
        let mut found: Vec<(usize, [f64; 2])> = (0..clustering.count())
            .map(|place| (place, rates(sample, &|_| true, &|row| here[row] == place)))
            .collect();
        order::sort_by(&mut found, |a, b| b.1[0].total_cmp(&a.1[0]));
        let numbered = found.into_iter().zip(1_u32..);
        let one = |((place, found), number): ((usize, [f64; 2]), u32)| {
            let key = held_back(None, Some(number));
            contrasts.push(Contrast::of(&halves.held_back, search.by, settings, key, &|row| {
                there[row] == place
            }));
            Cluster {
                number,
                marks: self.marks(sample, &|row| here[row] == place),
                found,
                stands_out: false,
            }
        };
        numbered.map(one).collect()
    }

    /// What holds of more rows inside than outside: of each column the most telling level, value, or end of its numbers.
    fn marks(&self, sample: &Sample, is_in: &dyn Fn(usize) -> bool) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for (place, feature) in self.features.iter().enumerate() {
            let mut counts = vec![[0_u64; 2]; feature.width()];
            for row in 0..sample.len() {
                counts[usize::from(sample.row(row)[place])][usize::from(!is_in(row))] += 1;
            }
            let total = [0, 1].map(|side| counts.iter().map(|count| count[side]).sum::<u64>().max(1) as f64);
            let share = |low: usize, high: usize| {
                [0, 1].map(|side| counts[low..=high].iter().map(|count| count[side]).sum::<u64>() as f64 / total[side])
            };
            let last = feature.parts.saturating_sub(1);
            let mut parts: Vec<(usize, usize)> = vec![(feature.missing(), feature.missing())];
            for part in 0..feature.parts {
                if feature.is_ordered() {
                    parts.extend([(0, part), (part, last)]);
                } else {
                    parts.push((part, part));
                }
            }
            let most = parts.into_iter().map(|(low, high)| (share(low, high), (low, high)));
            let most = most.max_by(|a, b| (a.0[0] - a.0[1]).total_cmp(&(b.0[0] - b.0[1])).then(b.1.cmp(&a.1)));
            if let Some(([inside, outside], (low, high))) = most
                && inside - outside >= TELLING
                && let Some(condition) = feature.condition(low, high)
            {
                let condition = condition.to_string();
                marks.push(Mark {
                    condition,
                    inside,
                    outside,
                });
            }
        }
        order::sort_by(&mut marks, |a, b| (b.inside - b.outside).total_cmp(&(a.inside - a.outside)));
        marks.truncate(MARKS);
        marks
    }
}

impl Default for SearchJob {
    fn default() -> Self {
        Self::new()
    }
}

fn members(sample: &Sample, conditions: &[Condition]) -> Vec<bool> {
    let holds = |row: usize| conditions.iter().all(|condition| condition.holds(sample.row(row)));
    (0..sample.len()).map(holds).collect()
}

/// The mean error inside and outside, among the rows that count.
fn rates(sample: &Sample, counts: &dyn Fn(usize) -> bool, is_in: &dyn Fn(usize) -> bool) -> [f64; 2] {
    let mut sums = [[0.0; 2]; 2];
    for row in (0..sample.len()).filter(|row| counts(*row)) {
        let weight = sample.weights.as_ref().map_or(1.0, |weights| weights[row]);
        let side = &mut sums[usize::from(!is_in(row))];
        side[0] += weight * sample.errors[row];
        side[1] += weight;
    }
    sums.map(|[errors, weight]| if weight > 0.0 { errors / weight } else { 0.0 })
}

fn notices(plan: &Plan, search: &SearchPlan, halves: &Halves) -> Vec<Notice> {
    let mut texts = Vec::new();
    if let Some(drawn) = halves.sampled {
        texts.push(format!(
            "The search for groups that nobody named looked at {drawn} of {} rows, drawn by a fingerprint of what they hold.",
            halves.rows
        ));
    }
    if search.left_out > 0 {
        texts.push(format!(
            "The search for groups that nobody named looked at the first {MOST_FEATURES} columns and left out {}. Choose columns for it.",
            search.left_out
        ));
    }
    if halves.rows == 0 && plan.outcome.rows_represented > 0 {
        texts.push(format!(
            "The search for groups that nobody named found no row to look at: no row has an error of the kind {}.",
            search.by.metric()
        ));
    }
    texts.into_iter().map(|text| Notice::general(NoticeCode::Slices, text)).collect()
}
