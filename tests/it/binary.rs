//! Metrics of two classes that no oracle reports, held against the plain way.
