//! Chart specifications (data) to SVG text through plotters, and to the same numbers as a table.
//!
//! A [`ChartSpec`] holds numbers and names, no colours and no pixels. [`svg::draw`] makes SVG text of it, the same bytes on every
//! target; [`describe::sentence`] says it in words; [`table::rows`] gives its numbers. Knows nothing of metrics or reports.

mod backend;
pub mod describe;
mod dots;
pub mod examples;
pub mod number;
mod plot;
pub mod scale;
pub mod spec;
pub mod svg;
pub mod table;
pub mod text;

pub use examples::examples;
pub use number::Quantity;
pub use spec::{Axis, ChartSpec, DotInterval, DotRow, Layer, Mark, Plot, PlotDot, Shade, Tone};
pub use svg::{Shape, draw};
