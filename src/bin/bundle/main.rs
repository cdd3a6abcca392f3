//! Folds what trunk built into the one-file product, and serves it.
//!
//! `bundle build target/site --out dist/index.html`, then `bundle serve dist --port 8080`.

mod fold;
mod serve;
mod tables;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Folds what trunk built into the one-file product, and serves it.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes one HTML file from a folder that trunk built.
    Build {
        /// The folder, with its index.html.
        site: PathBuf,
        /// The file to write.
        #[arg(long, default_value = "dist/index.html")]
        out: PathBuf,
    },
    /// Serves a folder to this machine alone.
    Serve {
        /// The folder.
        #[arg(default_value = "dist")]
        folder: PathBuf,
        /// The port.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Build { site, out } => build(&site, &out),
        Command::Serve { folder, port } => serve::serve(&folder, port),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("bundle: {message}");
            ExitCode::from(2)
        }
    }
}

fn build(site: &Path, out: &Path) -> Result<(), String> {
    let read = |name: &str| -> Result<Vec<u8>, String> {
        let path = site.join(name);
        let mut bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}. Run trunk build --release first.", path.display()))?;
        if name.ends_with(".wasm") {
            tables::mend(&mut bytes).map_err(|error| format!("{name}: {error}"))?;
        }
        Ok(bytes)
    };
    let index = String::from_utf8(read("index.html")?).map_err(|_| "index.html is not UTF-8".to_owned())?;
    let page = fold::fold(&index, read)?;
    if let Some(folder) = out.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    std::fs::write(out, &page).map_err(|error| format!("{}: {error}", out.display()))?;
    println!("{}: {} bytes, one file", out.display(), page.len());
    Ok(())
}
