//! Exit status, nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    newsriver::cli::run()
}
