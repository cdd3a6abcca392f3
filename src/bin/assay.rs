//! The native command.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    assay::cli::main()
}

/// A test for the browser builds every program of the package; there is no command to run there.
#[cfg(target_arch = "wasm32")]
fn main() {}
