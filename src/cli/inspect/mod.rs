//! `newsriver inspect`: how newsriver reads a document.

mod form;
mod pictures;
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
use crate::model::{Article, ArticleRules, Location, PageRules, Reading, Source, Validators};
use crate::parse::{self, Looks};
use crate::poll;

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
    /// CSS selector of the article's headline, to try it out
    #[arg(long, value_name = "SELECTOR")]
    title: Option<String>,
    /// CSS selector of the article's byline, to try it out
    #[arg(long, value_name = "SELECTOR")]
    author: Option<String>,
    /// CSS selector of the article's date, to try it out
    #[arg(long, value_name = "SELECTOR")]
    date: Option<String>,
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
    /// Whether it came from its site and not from a file.
    is_fetched: bool,
}

/// What was read.
enum Read {
    Feed(Reading),
    Article(Box<ReadArticle>),
}

/// An article with how it was read.
struct ReadArticle {
    article: Article,
    encoding: String,
    options: extract::Options,
    /// Its pictures, a line each.
    pictures: Vec<String>,
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
            Ok(input) => {
                let source = source_of(config, input.url.as_ref());
                match read(&fetcher, &input, args, source, timezone).await {
                    Ok(read) => follow(&fetcher, &input, read, !args.json).await.map(|read| (input, read, source)),
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error),
        };
        all_good &= outcome.is_ok();
        let text = match (&outcome, args.json) {
            (Ok((input, read, _)), true) => as_json(input, read).to_string(),
            (Ok((input, read, source)), false) => as_text(input, read, args, *source),
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
        return Ok(Input {
            name: name.to_owned(),
            bytes: bytes.into(),
            url: base.cloned(),
            charset: None,
            is_fetched: false,
        });
    }
    let url = Url::parse(name).map_err(|_| "this is no address".to_owned())?;
    match fetcher.get(&url, &Validators::default(), Purpose::Source).await {
        Ok(Fetch::Modified(fetched)) => Ok(Input {
            name: name.to_owned(),
            bytes: fetched.bytes,
            url: Some(base.cloned().unwrap_or(fetched.url)),
            charset: fetched.charset,
            is_fetched: true,
        }),
        Ok(Fetch::Gone) => Err("the server says that it is gone (410)".into()),
        Ok(Fetch::RetryAfter(_)) => Err("the server asks to wait".into()),
        Ok(Fetch::NotModified { .. }) => Err("the server says \"not modified\" although nothing was compared".into()),
        Err(error) => Err(crate::poll::VisitError::Fetch(error).in_words()),
    }
}

/// The source of feeds.toml that an address belongs to.
fn source_of<'a>(config: Option<&'a Config>, url: Option<&Url>) -> Option<&'a Source> {
    let host = |url: &Url| url.host_str().map(|host| (host.trim_start_matches("www.").to_owned(), url.port()));
    let wanted = host(url?)?;
    config?.sources.iter().find(|source| match &source.location {
        Location::Web(url) => host(url).as_ref() == Some(&wanted),
        Location::Folder(_) => false,
    })
}

/// The rules an article is read by: those that are tried, and those of its source.
fn rules(args: &Args, source: Option<&Source>) -> ArticleRules {
    let own = source.map(|source| source.article.clone()).unwrap_or_default();
    ArticleRules {
        content: args.content.clone().or(own.content),
        title: args.title.clone().or(own.title),
        author: args.author.clone().or(own.author),
        date: args.date.clone().or(own.date),
        remove: own.remove.into_iter().chain(args.remove.iter().cloned()).collect(),
    }
}

/// Whether some rule is tried.
fn tries_rules(args: &Args) -> bool {
    let one = [&args.content, &args.title, &args.author, &args.date];
    one.into_iter().any(Option::is_some) || !args.remove.is_empty()
}

/// Adds an article's further pages, as a visit would, and looks at its pictures where they are to be shown.
async fn follow(fetcher: &Fetcher, input: &Input, read: Read, looks: bool) -> Result<Read, String> {
    let mut one = match read {
        Read::Article(one) if input.is_fetched => one,
        other => return Ok(other),
    };
    if let Some(url) = &input.url {
        one.article = poll::with_its_pages(fetcher, one.article, url, &one.options).await?;
    }
    if looks {
        one.pictures = pictures::look(fetcher, &one.article, input.url.as_ref()).await;
    }
    Ok(Read::Article(one))
}

async fn read(
    fetcher: &Fetcher,
    input: &Input,
    args: &Args,
    source: Option<&Source>,
    timezone: chrono_tz::Tz,
) -> Result<Read, String> {
    let options = parse::Options {
        url: input.url.clone(),
        charset: input.charset.clone(),
        timezone,
        ..parse::Options::default()
    };
    let document = DocumentKind::of(&input.name).filter(|kind| *kind != DocumentKind::Html);
    let kind = match args.kind {
        As::Auto if document.is_some() || tries_rules(args) => As::Article,
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
        As::Article => article(fetcher, input, args, source, timezone, document.unwrap_or(DocumentKind::Html)).await,
    }
}

async fn article(
    fetcher: &Fetcher,
    input: &Input,
    args: &Args,
    source: Option<&Source>,
    timezone: chrono_tz::Tz,
    kind: DocumentKind,
) -> Result<Read, String> {
    let syntax = if kind == DocumentKind::Html { Syntax::Html } else { Syntax::Text };
    let decoded = encoding::decode(&input.bytes, input.charset.as_deref(), syntax);
    let timezone = source.map_or(timezone, |source| source.timezone);
    let options = extract::Options { url: input.url.clone(), timezone, rules: rules(args, source) };
    let article = match kind {
        DocumentKind::Html => {
            let read = extract::page(&decoded.text, &options);
            let version = extract::version(&decoded.text, &read, &options).filter(|_| input.is_fetched);
            poll::with_another_version(fetcher, read, version, &options).await
        }
        _ => extract::document(&decoded.text, kind, &options),
    };
    let article = article.map_err(|error| error.to_string())?;
    let pictures = pictures::as_stated(&article);
    Ok(Read::Article(Box::new(ReadArticle { article, encoding: decoded.encoding, options, pictures })))
}

fn as_json(input: &Input, read: &Read) -> Value {
    match read {
        Read::Feed(reading) => form::feed(&input.name, reading, input.url.as_ref()),
        Read::Article(one) => form::article(&input.name, &one.article, &one.encoding, input.url.as_ref()),
    }
}

fn as_text(input: &Input, read: &Read, args: &Args, source: Option<&Source>) -> String {
    match read {
        Read::Feed(reading) => show::feed(&input.name, reading),
        Read::Article(one) => {
            let tried = show::Tried {
                article: &one.article,
                pictures: &one.pictures,
                source: source.map(|source| &source.id),
                rules: tries_rules(args).then_some(&one.options.rules),
            };
            show::article(&input.name, &tried, input.url.as_ref())
        }
    }
}
