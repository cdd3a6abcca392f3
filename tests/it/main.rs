//! What the engine, the command and the sources must hold together; one native binary, a module a concern.

mod binary;
mod charts;
mod command;
mod coverage;
mod drift;
mod frame;
mod fuzz;
mod generated;
mod golden;
mod held;
mod hidden;
mod joined;
mod labels;
mod laws;
mod layers;
mod math;
mod numbers;
mod oracle;
mod properties;
mod several;
mod shapes;
mod simulations;
mod slices;
mod source;
mod threshold;
mod windows;
