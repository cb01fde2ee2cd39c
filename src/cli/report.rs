//! The one place that prints errors and starts the log.

use std::error::Error;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

use crate::config::ConfigProblems;

/// Why a command failed, with what the admin may do.
#[derive(Debug)]
pub(super) struct Failure {
    text: String,
    hint: Option<String>,
    status: u8,
    /// Nobody reads our output any more, which is nobody's fault.
    broken_pipe: bool,
}

impl Failure {
    /// The work failed: the error with all its causes.
    pub(super) fn new(error: impl Error) -> Self {
        let mut text = error.to_string();
        let mut broken_pipe = false;
        let mut cause: Option<&dyn Error> = Some(&error);
        while let Some(one) = cause {
            let words = one.to_string();
            if !text.contains(&words) {
                text.push_str(": ");
                text.push_str(&words);
            }
            cause = one.source();
        }
        if text.contains("Broken pipe") {
            broken_pipe = true;
        }
        Self { text, hint: None, status: 1, broken_pipe }
    }

    /// The work failed, in these words.
    pub(super) fn message(text: impl Into<String>) -> Self {
        Self { text: text.into(), hint: None, status: 1, broken_pipe: false }
    }

    /// The command was used wrongly.
    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self { status: 2, ..Self::message(text) }
    }

    /// The configuration has mistakes; their report stands for itself.
    pub(super) fn config(problems: ConfigProblems) -> Self {
        Self { status: 2, ..Self::message(problems.to_string()) }
    }

    /// What to do.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Prints a failure and gives the exit status.
pub(super) fn failed(failure: &Failure) -> ExitCode {
    if failure.broken_pipe {
        return ExitCode::SUCCESS;
    }
    let mut err = std::io::stderr().lock();
    let is_report = failure.text.starts_with("error");
    let _ = if is_report { writeln!(err, "{}", failure.text) } else { writeln!(err, "error: {}", failure.text) };
    if let Some(hint) = &failure.hint {
        let _ = writeln!(err, "hint: {hint}");
    }
    ExitCode::from(failure.status)
}

/// Sends the log to standard error. `RUST_LOG` wins over the switches.
/// A command that prints its own results says nothing else unless asked.
pub(super) fn start_log(verbose: u8, quiet: bool, serves: bool) {
    let default = match (quiet, verbose) {
        (true, _) => "warn",
        (false, 0) if serves => "warn,newsriver=info",
        (false, 0) => "error",
        (false, 1) => "info,newsriver=debug",
        (false, _) => "debug,newsriver=trace",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .with_target(false)
        .init();
}
