//! The browser worker that holds the engine.
