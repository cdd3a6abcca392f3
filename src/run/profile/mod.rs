//! A reference kept as a profile: a small file of aggregates, without rows, that stands in for the data when something is compared with it.
//!
//! **What is kept.** Of the file its name and rows. Of every column that is compared (no ids, no weights, nothing ignored) its kind and missing
//! rows; of levels their counts; of numbers and moments mean, standard deviation and a [`model::Sketch`]: rows in cells that follow each other.
//!
//! **What is suppressed.** A profile is made with a smallest size, 10 unless set. Levels of fewer rows are pooled: how many they are and how many rows they
//! have together is told, not their names. A cell of a sketch holds at least as many rows. A value is named only where at least as many rows
//! share it: all other edges of cells are numbers *between* two neighbouring values, with as few digits as tell the two apart, so that no value of a
//! single row is in the file; lowest and highest value are not either. Missing rows are counted whatever their number. A mean over at least as many
//! rows is given as it is: one huge value among them shows in it.
//!
//! **What is known from it.** Places of rows are known up to their cell, which is why every distribution that fits the profile lies between two that
//! are known (`known`). A number of the comparison is computed as usual from rows spread over their cells, and comes with the least and the
//! largest that any fitting reference could give (`bounds`); where no such limits can be told it is undefined, and says that the reference is a profile.
//! The cells in which the population stability index and its kin are measured are kept as such, so that those are exact wherever their edges could be.
//!
//! Profiles of two files are not merged into one: the edges of cells of both differ.

pub mod bounds;
pub mod cells;
pub mod compare;
pub mod evidence;
pub mod known;
pub mod levels;
pub mod limits;
pub mod make;
pub mod model;
pub mod pooled;
mod read;
mod reference;

pub use model::{Profile, ProfiledColumn};
pub use read::{HEAD, MOST_BYTES, ProfileError, is_profile};
