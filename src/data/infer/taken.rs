//! Guesses which columns say what a row took, how a request ended, and by what that is told apart.

use super::super::Role;
use super::{Inference, SENSITIVE_LEVELS, all, levels, numbers};

impl Inference<'_> {
    /// What rows took; only beside that a status and segments.
    pub(super) fn taken(&mut self) {
        let fits = |index: &usize| {
            let is_named = self.names[*index].latency();
            is_named && numbers(&self.columns[*index]).is_some_and(|values| all(values, |value| value >= 0.0))
        };
        let found: Vec<usize> = self.free().filter(fits).collect();
        if found.is_empty() {
            return;
        }
        for index in found {
            self.give(index, Role::Latency, "named like what a row took, with numbers from 0");
        }
        let is_status = |value: f64| (100.0..600.0).contains(&value) && value.fract() == 0.0;
        let status = self
            .free()
            .find(|&index| self.names[index].status() && numbers(&self.columns[index]).is_some_and(|values| all(values, is_status)));
        if let Some(index) = status {
            self.give(index, Role::Status, "named like a status, with whole numbers from 100 to 599");
        }
        let segments: Vec<usize> = self
            .free()
            .filter(|&index| self.names[index].segment())
            .filter(|&index| {
                let own = levels(&self.columns[index], *SENSITIVE_LEVELS.end());
                own.is_some_and(|own| SENSITIVE_LEVELS.contains(&own.names.len()))
            })
            .collect();
        for index in segments {
            self.give(index, Role::Segment, "named like what requests are told apart by, with few levels");
        }
    }
}
