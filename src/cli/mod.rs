//! One file per command. The only room that prints: results to standard output, talk to standard
//! error.

mod add;
mod agreements;
mod avif_to_jpeg;
mod check;
mod demo;
mod duplicates;
mod export;
mod import;
mod inspect;
mod named;
mod opml;
mod poll;
mod report;
mod schema;
mod serve;
mod status;
mod why;
mod withdraw;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::config::{self, Config};

use report::Failure;

/// For what still runs on threads of its own when a command is done.
const LEFT_OVER: Duration = Duration::from_secs(5);

/// Pulls articles from feeds, news pages, sitemaps and folders, and republishes them as merged
/// feeds with full text and pictures.
#[derive(Debug, Parser)]
#[command(name = "newsriver", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Start with `newsriver demo`; then write a feeds.toml, `newsriver check` it, and `newsriver serve`."
)]
struct Cli {
    /// The configuration
    #[arg(long, global = true, value_name = "FILE", default_value = "feeds.toml")]
    config: PathBuf,
    /// More log lines; twice for all
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Only warnings and errors in the log
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Poll the sources and serve the feeds until stopped
    Serve,
    /// Poll once and print a line per source
    Poll(poll::Args),
    /// Say what is wrong with the configuration, and with --online what each source would yield
    Check(check::Args),
    /// Show how newsriver reads a feed, page or article
    Inspect(inspect::Args),
    /// Write every feed and page as static files
    Export(export::Args),
    /// Find the feed of a site and add it to the configuration
    Add(add::Args),
    /// Add the subscriptions of an OPML file to the configuration
    Import(import::Args),
    /// Print the sources as OPML
    Opml,
    /// Print how each source is doing
    Status(status::Args),
    /// Show what another threshold would make of the stored articles
    Duplicates(duplicates::Args),
    /// Explain why articles are, or aren't, one story
    Why(why::Args),
    /// Take an article out of every output at once
    Withdraw(withdraw::Args),
    /// Print the JSON Schema of the configuration
    Schema,
    /// Run everything against a small newsroom on this machine; needs no network
    Demo(demo::Args),
    /// Turn a picture from standard input; what the service starts for each picture in AVIF
    #[command(hide = true)]
    AvifToJpeg,
}

/// Runs the program with the arguments it was given.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(problem) => {
            // Help and version are no errors; both know where they are printed.
            let status = u8::try_from(problem.exit_code()).unwrap_or(2);
            let _ = problem.print();
            return ExitCode::from(status);
        }
    };
    if matches!(cli.command, Command::AvifToJpeg) {
        // It needs neither threads nor a log, and takes from itself what they are made with.
        return ended(avif_to_jpeg::run());
    }
    let serves = matches!(cli.command, Command::Serve | Command::Demo(_));
    report::start_log(cli.verbose, cli.quiet, serves);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(problem) => return report::failed(&Failure::new(problem)),
    };
    let done = runtime.block_on(dispatch(&cli));
    // Whatever still waits for a database that is away has written nothing.
    runtime.shutdown_timeout(LEFT_OVER);
    ended(done)
}

fn ended(done: Result<bool, Failure>) -> ExitCode {
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => report::failed(&failure),
    }
}

/// Runs a command; false when it did its work and the work shows a failure.
async fn dispatch(cli: &Cli) -> Result<bool, Failure> {
    let config = || config::load(&cli.config).map_err(Failure::config);
    match &cli.command {
        Command::Serve => serve::run(config()?).await.map_err(Failure::new).map(|()| true),
        Command::Poll(args) => poll::run(&config()?, args).await,
        Command::Check(args) => check::run(&cli.config, args).await,
        Command::Inspect(args) => inspect::run(config().ok().as_ref(), args).await,
        Command::Export(args) => export::run(&config()?, args).await,
        Command::Add(args) => add::run(&config()?, args).await,
        Command::Import(args) => import::run(config()?, args),
        Command::Opml => opml::run(&config()?),
        Command::Status(args) => status::run(&config()?, args).await,
        Command::Duplicates(args) => duplicates::run(&config()?, args).await,
        Command::Why(args) => why::run(&config()?, args).await,
        Command::Withdraw(args) => withdraw::run(&config()?, args).await,
        Command::Schema => schema::run(),
        Command::Demo(args) => demo::run(args).await,
        Command::AvifToJpeg => avif_to_jpeg::run(),
    }
}

/// The command line's own description, for tests.
#[cfg(test)]
fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

/// The fetcher of a command that works without the service.
fn fetcher(config: &Config) -> Result<crate::fetch::Fetcher, Failure> {
    crate::fetch::Fetcher::new(config.fetch.clone()).map_err(Failure::new)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        super::command().debug_assert();
    }
}
