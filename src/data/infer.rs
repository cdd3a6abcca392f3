//! Guesses the roles of columns.
use super::{Role, Table};

/// A guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The column.
    pub column: String,
    /// Its role.
    pub role: Role,
    /// Why.
    pub why: String,
    /// The class, of a class score.
    pub class: Option<String>,
}

/// Guesses.
pub fn infer(table: &Table) -> Vec<Guess> {
    let _ = table;
    Vec::new()
}
