//! `[defaults]` and `[sources.<id>]`.

use std::path::Path;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use url::Url;

use super::keys::{ADDRESS, AGREEMENT, ARTICLE, PAGE, SOURCE};
use super::reader::{Reader, Spot};
use super::values;
use crate::address;
use crate::model::{
    Agreement, Amount, ArticleRules, Cadence, FullText, Images, Kind, Location, PageRules, Source, SourceId, WhenGone,
};

/// What an agreement can cover.
const COVERED: [&str; 3] = ["summary", "full-text", "pictures"];

pub(super) fn read(root: &Reader<'_>, folder: &Path, timezone: Tz, needs_source: bool) -> Vec<Source> {
    let defaults = root.table("defaults", &SOURCE);
    for (own, what) in [("url", "an address of its own"), ("title", "a title of its own")] {
        if let Some(span) = defaults.key_span(own) {
            root.problem(Some(span), format!("each source has {what}; {own} cannot stand in [defaults]"), None);
        }
    }
    let mut sources = Vec::new();
    let tables = root.tables("sources");
    if tables.is_empty() && needs_source {
        let help = "write [sources.my-paper] and below it url = \"https://…\", or run `newsriver add URL`".to_owned();
        root.problem(root.key_span("sources"), "there is no source", Some(help));
    }
    for (name, table) in tables {
        table.describe_with(&SOURCE, &["page", "article", "address", "agreement"]);
        let id = table.understand(&name, |text| SourceId::parse(text).map_err(|problem| problem.to_string()));
        let page = PageRules { links: table.table("page", &PAGE).read("links", values::selector) };
        let article = article(&table.table("article", &ARTICLE));
        let address = address(&table.table("address", &ADDRESS));
        let agreement = agreement(&table, timezone);
        let table = table.or_else(&defaults);
        let location = location(&table, &name, folder);
        if let (Some(id), Some(location)) = (id, location) {
            if matches!(location, Location::Folder(_)) && page.links.is_some() {
                table.problem(table.key_span("page"), "a folder has no page of links", None);
            }
            sources.push(Source { agreement, page, article, address, ..source(&table, id, location, timezone) });
        }
    }
    sources
}

fn source(table: &Reader<'_>, id: SourceId, location: Location, timezone: Tz) -> Source {
    let word = |name: &str| table.text(name).map(|spot| spot.value);
    let kind = match word("kind").as_deref() {
        Some("feed") => Kind::Feed,
        Some("page") => Kind::Page,
        Some("sitemap") => Kind::Sitemap,
        Some("folder") => Kind::Folder,
        _ => Kind::Auto,
    };
    let is_folder = matches!(location, Location::Folder(_));
    if (kind == Kind::Folder) != is_folder && kind != Kind::Auto {
        let message = if is_folder {
            "a folder is of kind \"folder\""
        } else {
            "a source of kind \"folder\" has a url such as \"folder:documents\""
        };
        table.problem(table.key_span("kind"), message, None);
    }
    Source {
        id,
        title: word("title"),
        location,
        kind: if is_folder { Kind::Folder } else { kind },
        tags: table.texts("tags").unwrap_or_default().into_iter().map(|spot| spot.value).collect(),
        cadence: match table.duration_or("interval", "adaptive").flatten() {
            Some(interval) => Cadence::Every(interval),
            None => Cadence::Adaptive,
        },
        full_text: match word("full_text").as_deref() {
            Some("always") => FullText::Always,
            Some("never") => FullText::Never,
            _ => FullText::Auto,
        },
        images: match word("images").as_deref() {
            Some("mirror") => Images::Mirror,
            _ => Images::Link,
        },
        language: table.read("language", values::language),
        timezone: table.read("timezone", values::zone).unwrap_or(timezone),
        priority: table.number("priority").and_then(|number| i32::try_from(number).ok()).unwrap_or(0),
        when_gone: match word("when_gone").as_deref() {
            Some("keep") => WhenGone::Keep,
            _ => WhenGone::Withdraw,
        },
        agreement: None,
        page: PageRules::default(),
        article: ArticleRules::default(),
        address: address::Rules::default(),
    }
}

fn location(table: &Reader<'_>, name: &Spot<String>, folder: &Path) -> Option<Location> {
    let Some(url) = table.text("url") else {
        let help = Some(format!("for example: url = \"https://{}.example/\"", name.value));
        if table.key_span("url").is_none() {
            table.problem(name.span.clone(), format!("[sources.{}] has no url", name.value), help);
        }
        return None;
    };
    table.understand(&url, |text| {
        if let Some(path) = text.strip_prefix("folder:") {
            return if path.is_empty() {
                Err("folder: is followed by a path".to_owned())
            } else {
                Ok(Location::Folder(folder.join(path)))
            };
        }
        let advice =
            || format!("{text:?} is no address; write one such as \"https://paper.example/\", or \"folder:documents\"");
        let url = Url::parse(text).map_err(|_| advice())?;
        match url.scheme() {
            "http" | "https" if url.has_host() => Ok(Location::Web(url)),
            _ => Err(advice()),
        }
    })
}

fn address(table: &Reader<'_>) -> address::Rules {
    let texts = |name: &str| table.texts(name).unwrap_or_default().into_iter().map(|spot| spot.value).collect();
    address::Rules {
        ignore_params: texts("ignore_params"),
        keep_params: texts("keep_params"),
        hosts: table
            .texts("hosts")
            .unwrap_or_default()
            .iter()
            .filter_map(|spot| table.understand(spot, values::host))
            .collect(),
    }
}

fn article(table: &Reader<'_>) -> ArticleRules {
    let selector = |name: &str| table.read(name, values::selector);
    let remove = table.texts("remove").unwrap_or_default();
    ArticleRules {
        content: selector("content"),
        title: selector("title"),
        author: selector("author"),
        date: selector("date"),
        remove: remove.iter().filter_map(|spot| table.understand(spot, values::selector)).collect(),
    }
}

fn agreement(source: &Reader<'_>, timezone: Tz) -> Option<Agreement> {
    source.key_span("agreement")?;
    let table = source.table("agreement", &AGREEMENT);
    let covers = table.texts("covers");
    for word in covers.iter().flatten().filter(|word| !COVERED.contains(&word.value.as_str())) {
        let help = Some(format!("it is one of: {}", COVERED.join(", ")));
        table.problem(word.span.clone(), format!("an agreement cannot cover {:?}", word.value), help);
    }
    let covers = |what: &str| covers.as_ref().is_none_or(|words| words.iter().any(|word| word.value == what));
    Some(Agreement {
        reference: table.text("reference").map(|spot| spot.value),
        until: table.read("until", |text| end_of_day(text, timezone)),
        amount: match (covers("full-text"), covers("summary")) {
            (true, _) => Amount::Full,
            (false, true) => Amount::Summary,
            (false, false) => Amount::Headline,
        },
        pictures: covers("pictures"),
    })
}

/// When a day ends in a zone.
fn end_of_day(text: &str, timezone: Tz) -> Result<DateTime<Utc>, String> {
    let day: NaiveDate = text.parse().map_err(|_| format!("{text:?} is no day; write one such as \"2027-12-31\""))?;
    let end = day.checked_add_days(Days::new(1)).map(|next| next.and_time(NaiveTime::MIN));
    // Where clocks go forward at midnight, the day ends when they have done so.
    end.and_then(|end| {
        timezone
            .from_local_datetime(&end)
            .earliest()
            .or_else(|| timezone.from_local_datetime(&(end + chrono::TimeDelta::hours(1))).earliest())
    })
    .map(|end| end.with_timezone(&Utc))
    .ok_or_else(|| format!("{text:?} is out of range"))
}
