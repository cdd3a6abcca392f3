//! The result as one serializable value, and its faces: one file each.
//!
//! [`model::Report`] holds numbers by address; [`outline`] says in which order and words they are shown; [`html`], [`markdown`] and
//! [`terminal`] write that outline. JSON is the report itself.

pub mod anchor;
pub mod csv;
pub mod doubts;
pub mod explore;
pub mod format;
pub mod html;
pub mod index;
pub mod json;
pub mod markdown;
pub mod model;
pub mod outline;
pub mod terminal;
pub mod words;

#[cfg(test)]
mod fixtures;

pub use model::{Bar, ColumnSummary, Curve, Distribution, Input, Outcome, Report};

#[cfg(test)]
mod tests {
    use super::{fixtures, html, markdown, terminal};

    /// Writes the faces of all fixtures to the folder named by `ASSAY_REPORTS`, to be looked at.
    #[test]
    fn faces_can_be_looked_at() {
        let Some(folder) = std::env::var_os("ASSAY_REPORTS") else {
            return;
        };
        let folder = std::path::PathBuf::from(folder);
        for (name, report) in fixtures::all() {
            let faces = [
                ("html", html::document(&report, Some(&report.to_json()))),
                ("md", markdown::render(&report)),
                ("txt", terminal::render(&report)),
            ];
            for (ending, text) in faces {
                std::fs::write(folder.join(format!("{name}.{ending}")), text).expect("the folder is there");
            }
        }
    }
}
