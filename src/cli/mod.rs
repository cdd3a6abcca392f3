//! The native command: arguments, outputs, exit codes.
