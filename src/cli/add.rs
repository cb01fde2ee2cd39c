//! `newsriver add`: finds the feed of a site and adds it to feeds.toml.

use std::io::Write as _;

use serde_json::json;
use url::Url;

use super::Failure;
use crate::config::{self, Addition, Config};
use crate::fetch::{Fetch, Fetched, Fetcher, Purpose};
use crate::model::{Format, PageRules, Reading, SourceId, Validators};
use crate::parse::{self, Looks};

/// What to add.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A feed, or a site whose feed is to be found
    url: String,
    /// The id of the new source; made of its title when not given
    #[arg(long)]
    id: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Something that can be added, and was read.
struct Choice {
    url: Url,
    title: Option<String>,
    kind: Option<&'static str>,
    format: Format,
    items: usize,
}

/// Adds the best of what the address offers, and names the rest.
pub(super) async fn run(config: &Config, args: &Args) -> Result<bool, Failure> {
    let url = address(&args.url)?;
    let fetcher = super::fetcher(config)?;
    let choices = choices(&fetcher, config, &url).await?;
    let Some((best, others)) = choices.split_first() else {
        return Err(Failure::message(format!("{url} is no feed, offers none, and has no list of articles")).hint(
            "name the links yourself: a source with kind = \"page\" and [sources.<id>.page] links = \"<CSS selector>\"",
        ));
    };
    let id = match &args.id {
        Some(id) => SourceId::parse(id).map_err(|problem| Failure::usage(format!("--id {id:?}: {problem}")))?,
        None => config::free_id(config, best.title.as_deref().or(best.url.host_str()).unwrap_or("source")),
    };
    let addition = Addition {
        id: id.clone(),
        title: best.title.clone(),
        url: best.url.clone(),
        kind: best.kind,
        tags: Vec::new(),
    };
    config::add_source(config, &addition).map_err(Failure::new)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let others: Vec<_> = others.iter().map(|choice| choice.url.as_str()).collect();
        let value = json!({ "added": id, "url": best.url, "title": best.title, "format": best.format.name(),
                            "articles": best.items, "others": others });
        writeln!(out, "{value}").map_err(Failure::new)?;
        return Ok(true);
    }
    let name = best.title.as_deref().unwrap_or(best.url.as_str());
    writeln!(out, "added [sources.{id}]: {name} ({}, {} articles) {}", best.format.name(), best.items, best.url)
        .map_err(Failure::new)?;
    if !others.is_empty() {
        writeln!(out, "also offered:").map_err(Failure::new)?;
        for other in others {
            writeln!(out, "  {} {}", other.url, other.title.as_deref().unwrap_or_default()).map_err(Failure::new)?;
        }
    }
    Ok(true)
}

/// An address as people type it.
fn address(text: &str) -> Result<Url, Failure> {
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    crate::address::resolve(&whole, None).ok_or_else(|| Failure::usage(format!("{text:?} is no address of the web")))
}

async fn choices(fetcher: &Fetcher, config: &Config, url: &Url) -> Result<Vec<Choice>, Failure> {
    let fetched = get(fetcher, url).await?;
    let options = options(config, &fetched);
    if parse::looks(&fetched.bytes) != Looks::Html {
        let reading = parse::read(&fetched.bytes, &options).map_err(Failure::new)?;
        return Ok(vec![choice(url.clone(), None, &reading)]);
    }
    let mut choices = Vec::new();
    for offer in parse::discover(&fetched.bytes, &options).into_iter().take(5) {
        let Some(url) = crate::address::resolve(&offer.url, Some(&fetched.url)) else { continue };
        let Ok(offered) = get(fetcher, &url).await else { continue };
        if let Ok(reading) = parse::read(&offered.bytes, &self::options(config, &offered)) {
            choices.push(choice(url, None, &reading));
        }
    }
    if choices.is_empty()
        && let Ok(reading) = parse::page(&fetched.bytes, &PageRules::default(), &options)
        && !reading.items.is_empty()
    {
        choices.push(choice(url.clone(), Some("page"), &reading));
    }
    if choices.is_empty() {
        choices.extend(sitemap(fetcher, config, &fetched.url).await);
    }
    Ok(choices)
}

/// The first sitemap that the site's robots.txt names and that can be read.
async fn sitemap(fetcher: &Fetcher, config: &Config, page: &Url) -> Option<Choice> {
    let robots = get(fetcher, &page.join("/robots.txt").ok()?).await.ok()?;
    for url in parse::sitemaps(&robots.bytes, Some(&robots.url)).into_iter().take(5) {
        let Ok(fetched) = get(fetcher, &url).await else { continue };
        if let Ok(reading) = parse::read(&fetched.bytes, &self::options(config, &fetched))
            && !reading.items.is_empty()
        {
            return Some(choice(url, Some("sitemap"), &reading));
        }
    }
    None
}

fn choice(url: Url, kind: Option<&'static str>, reading: &Reading) -> Choice {
    let title = reading.channel.title.as_ref().map(crate::clean::plain).filter(|title| !title.is_empty());
    Choice { url, title, kind, format: reading.format, items: reading.items.len() }
}

async fn get(fetcher: &Fetcher, url: &Url) -> Result<Fetched, Failure> {
    match fetcher.get(url, &Validators::default(), Purpose::Source).await.map_err(Failure::new)? {
        Fetch::Modified(fetched) => Ok(fetched),
        Fetch::NotModified { .. } | Fetch::Gone | Fetch::RetryAfter(_) => {
            Err(Failure::message(format!("{url} does not give its document just now")))
        }
    }
}

fn options(config: &Config, fetched: &Fetched) -> parse::Options {
    parse::Options {
        url: Some(fetched.url.clone()),
        charset: fetched.charset.clone(),
        timezone: config.timezone,
        ..parse::Options::default()
    }
}
