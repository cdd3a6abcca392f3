//! Chart specifications (data) to SVG text through plotters, and to the same numbers as a table.
