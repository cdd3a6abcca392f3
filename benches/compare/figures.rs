//! What was measured: every figure of every round, by name.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// Named figures, each with its value in every round.
#[derive(Default)]
pub struct Figures {
    values: BTreeMap<String, Vec<f64>>,
    words: BTreeMap<String, String>,
    failures: Vec<String>,
}

impl Figures {
    /// Runs a job that notes figures, a second time where it fails: a busy machine may fail to start a browser. One that fails twice is
    /// named under the table, and the rest go on.
    pub fn run(&mut self, name: &str, round: usize, job: &dyn Fn(&mut Self)) {
        let from = Instant::now();
        let mut attempt = || catch_unwind(AssertUnwindSafe(|| job(self)));
        let done = attempt().or_else(|_| attempt());
        eprintln!("round {}: {name}, {:.1} s", round + 1, from.elapsed().as_secs_f64());
        if let Err(cause) = done {
            let cause = cause
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| cause.downcast_ref::<&str>().copied());
            self.failures.push(format!("{name}: {}", cause.unwrap_or("no cause given")));
        }
    }

    /// Notes one value of a figure.
    pub fn note(&mut self, name: &str, value: f64) {
        eprintln!("    {name}: {value:.1}");
        self.values.entry(name.to_owned()).or_default().push(value);
    }

    /// Notes something that is no number.
    pub fn say(&mut self, name: &str, words: &str) {
        self.words.insert(name.to_owned(), words.to_owned());
    }

    /// What was noted under that name.
    pub fn words(&self, name: &str) -> Option<&str> {
        self.words.get(name).map(String::as_str)
    }

    /// The middle one of a figure's values; of an even number, the lower of the two in the middle.
    pub fn median(&self, name: &str) -> Option<f64> {
        median(self.values.get(name)?.clone())
    }

    /// How many times as long the slow one took: the middle of the rounds' ratios, because what else the machine does changes between
    /// rounds; where they were not run in the same rounds, the ratio of the middles.
    pub fn ratio(&self, slow: &str, quick: &str) -> Option<f64> {
        let (slow_values, quick_values) = (self.values.get(slow)?, self.values.get(quick)?);
        if slow_values.len() != quick_values.len() {
            return Some(self.median(slow)? / self.median(quick)?);
        }
        median(slow_values.iter().zip(quick_values).map(|(slow, quick)| slow / quick).collect())
    }

    /// The largest of a figure's values.
    pub fn largest(&self, name: &str) -> Option<f64> {
        self.values.get(name)?.iter().copied().max_by(f64::total_cmp)
    }

    /// The jobs that failed, and why.
    pub fn failures(&self) -> &[String] {
        &self.failures
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len().checked_sub(1)? / 2).copied()
}
