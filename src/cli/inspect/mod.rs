//! `newsriver inspect`: how newsriver reads a document.

mod form;
mod show;

use std::io::Write as _;

use bytes::Bytes;
use serde_json::{Value, json};
use url::Url;

use super::Failure;
use crate::config::Config;
use crate::encoding::{self, Syntax};
use crate::extract::{self, DocumentKind};
use crate::fetch::{self, Fetch, Fetcher, Purpose};
use crate::model::{Article, ArticleRules, PageRules, Reading, Validators};
use crate::parse::{self, Looks};

/// What to look at, and as what.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files or addresses
    #[arg(required = true, value_name = "FILE|URL")]
    inputs: Vec<String>,
    /// The address that a file came from; relative addresses are resolved against it
    #[arg(long)]
    url: Option<String>,
    /// What the document is
    #[arg(long = "as", value_enum, default_value = "auto", value_name = "KIND")]
    kind: As,
    /// CSS selector of the article's text, to try it out
    #[arg(long, value_name = "SELECTOR")]
    content: Option<String>,
    /// CSS selector of what does not belong to the article, to try it out; several times for several
    #[arg(long, value_name = "SELECTOR")]
    remove: Vec<String>,
    /// CSS selector of the links of a page, to try it out
    #[arg(long, value_name = "SELECTOR")]
    links: Option<String>,
    /// Print one JSON object per input and line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum As {
    Auto,
    Feed,
    Page,
    Article,
}

/// A document with what is known of it.
struct Input {
    name: String,
    bytes: Bytes,
    url: Option<Url>,
    charset: Option<String>,
}

/// What was read.
enum Read {
    Feed(Reading),
    Article(Article, String),
}

/// Reads each input; false when one could not be read.
pub(super) async fn run(config: Option<&Config>, args: &Args) -> Result<bool, Failure> {
    let base = match &args.url {
        Some(url) => Some(Url::parse(url).map_err(|_| Failure::usage(format!("--url {url:?} is no address")))?),
        None => None,
    };
    let options = config.map_or_else(fetch::Options::default, |config| config.fetch.clone());
    let timezone = config.map_or(chrono_tz::Tz::UTC, |config| config.timezone);
    let fetcher = Fetcher::new(options).map_err(Failure::new)?;
    let mut all_good = true;
    for name in &args.inputs {
        let outcome = match input(&fetcher, name, base.as_ref()).await {
            Ok(input) => read(&input, args, timezone).map(|read| (input, read)),
            Err(error) => Err(error),
        };
        all_good &= outcome.is_ok();
        let text = match (&outcome, args.json) {
            (Ok((input, read)), true) => as_json(input, read).to_string(),
            (Ok((input, read)), false) => as_text(input, read, args),
            (Err(error), true) => json!({ "_newsriver": { "input": name }, "error": error }).to_string(),
            (Err(error), false) => format!("{name}: {error}"),
        };
        writeln!(std::io::stdout(), "{text}").map_err(Failure::new)?;
    }
    Ok(all_good)
}

async fn input(fetcher: &Fetcher, name: &str, base: Option<&Url>) -> Result<Input, String> {
    if !name.starts_with("http://") && !name.starts_with("https://") {
        let bytes = std::fs::read(name).map_err(|cause| format!("cannot be read: {cause}"))?;
        return Ok(Input { name: name.to_owned(), bytes: bytes.into(), url: base.cloned(), charset: None });
    }
    let url = Url::parse(name).map_err(|_| "this is no address".to_owned())?;
    match fetcher.get(&url, &Validators::default(), Purpose::Source).await {
        Ok(Fetch::Modified(fetched)) => Ok(Input {
            name: name.to_owned(),
            bytes: fetched.bytes,
            url: Some(base.cloned().unwrap_or(fetched.url)),
            charset: fetched.charset,
        }),
        Ok(Fetch::Gone) => Err("the server says that it is gone (410)".into()),
        Ok(Fetch::RetryAfter(_)) => Err("the server asks to wait".into()),
        Ok(Fetch::NotModified { .. }) => Err("the server says \"not modified\" although nothing was compared".into()),
        Err(error) => Err(crate::poll::VisitError::Fetch(error).in_words()),
    }
}

fn read(input: &Input, args: &Args, timezone: chrono_tz::Tz) -> Result<Read, String> {
    let options = parse::Options {
        url: input.url.clone(),
        charset: input.charset.clone(),
        timezone,
        ..parse::Options::default()
    };
    let document = DocumentKind::of(&input.name).filter(|kind| *kind != DocumentKind::Html);
    let kind = match args.kind {
        As::Auto if document.is_some() || args.content.is_some() => As::Article,
        As::Auto if args.links.is_some() => As::Page,
        As::Auto => match parse::looks(&input.bytes) {
            Looks::Html => As::Article,
            _ => As::Feed,
        },
        chosen => chosen,
    };
    match kind {
        As::Feed | As::Auto => parse::read(&input.bytes, &options).map(Read::Feed).map_err(|error| error.to_string()),
        As::Page => {
            let rules = PageRules { links: args.links.clone() };
            parse::page(&input.bytes, &rules, &options).map(Read::Feed).map_err(|error| error.to_string())
        }
        As::Article => article(input, args, timezone, document.unwrap_or(DocumentKind::Html)),
    }
}

fn article(input: &Input, args: &Args, timezone: chrono_tz::Tz, kind: DocumentKind) -> Result<Read, String> {
    let syntax = if kind == DocumentKind::Html { Syntax::Html } else { Syntax::Text };
    let decoded = encoding::decode(&input.bytes, input.charset.as_deref(), syntax);
    let rules = ArticleRules { content: args.content.clone(), remove: args.remove.clone(), ..ArticleRules::default() };
    let options = extract::Options { url: input.url.clone(), timezone, rules };
    let article = match kind {
        DocumentKind::Html => extract::page(&decoded.text, &options),
        _ => extract::document(&decoded.text, kind, &options),
    };
    article.map(|article| Read::Article(article, decoded.encoding)).map_err(|error| error.to_string())
}

fn as_json(input: &Input, read: &Read) -> Value {
    match read {
        Read::Feed(reading) => form::feed(&input.name, reading, input.url.as_ref()),
        Read::Article(article, encoding) => form::article(&input.name, article, encoding, input.url.as_ref()),
    }
}

fn as_text(input: &Input, read: &Read, args: &Args) -> String {
    match read {
        Read::Feed(reading) => show::feed(&input.name, reading),
        Read::Article(article, _) => {
            show::article(&input.name, article, args.content.as_deref(), &args.remove, input.url.as_ref())
        }
    }
}
