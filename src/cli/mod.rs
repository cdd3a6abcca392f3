//! The native command: arguments, outputs, exit codes. The only place of the library that reads and writes files.

mod arguments;
mod audit;
mod catalogue;
mod choice;
mod input;
mod inspect;
mod output;
mod population;
mod profile;
mod starter;

use std::fmt;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::data::JoinError;
use crate::engine::EngineError;
use crate::run::PlanError;

use arguments::{Arguments, Command};

/// Why the command could not do what was asked; exit code 2.
#[derive(Debug)]
pub struct Refusal(String);

impl Refusal {
    fn new(message: impl fmt::Display) -> Self {
        Self(message.to_string())
    }
}

impl From<EngineError> for Refusal {
    /// The engine says what is missing; how to give it is the command's to say.
    fn from(error: EngineError) -> Self {
        let how = match &error {
            EngineError::Join(error) if matches!(**error, JoinError::NoCommonId { .. }) => {
                " Name them as in --id COLUMN, or --id COLUMN_OF_PREDICTIONS=COLUMN_OF_LABELS where their names differ."
            }
            EngineError::Plan(PlanError::NothingToMeasure) => " Name them as in --label COLUMN --prediction COLUMN --score COLUMN.",
            _ => "",
        };
        Self(format!("{error}{how}"))
    }
}

/// Runs the command: 0 when no check failed, 1 when one did, 2 when it could not run or a check is in error.
pub fn main() -> ExitCode {
    // clap prints help and refusals itself, and exits with 0 and 2.
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Audit(options) => audit::audit(&options),
        Command::Inspect(options) => inspect::inspect(&options),
        Command::Suggest(options) => starter::suggest(&options),
        Command::Profile(options) => profile::profile(&options),
        Command::Metrics => catalogue::metrics(),
        Command::Explain(options) => catalogue::explain(&options.metric),
    };
    outcome.unwrap_or_else(|Refusal(message)| {
        // A reader that went away must not turn the refusal into a panic.
        let _ = writeln!(std::io::stderr(), "assay: {message}");
        ExitCode::from(2)
    })
}
