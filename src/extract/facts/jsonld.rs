//! What JSON-LD says of the article (<https://schema.org/Article>).

use serde_json::{Map, Value};

use crate::model::Person;

/// The facts of one article object.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Linked {
    /// `headline` or `name`.
    pub(crate) title: Option<String>,
    /// `name`.
    pub(crate) name: Option<String>,
    /// `alternativeHeadline`.
    pub(crate) subtitle: Option<String>,
    /// `description`.
    pub(crate) description: Option<String>,
    /// `author`.
    pub(crate) authors: Vec<Person>,
    /// Those of the authors that are said to be organisations.
    pub(crate) houses: Vec<String>,
    /// `datePublished`.
    pub(crate) published: Option<String>,
    /// `dateModified`.
    pub(crate) modified: Option<String>,
    /// `image`, the first.
    pub(crate) image: Option<String>,
    /// `articleSection`.
    pub(crate) section: Option<String>,
    /// `keywords`.
    pub(crate) tags: Vec<String>,
    /// `inLanguage`.
    pub(crate) language: Option<String>,
    /// `publisher`'s name.
    pub(crate) publisher: Option<String>,
    /// `articleBody`, with its line breaks or as HTML.
    pub(crate) body: Option<String>,
    /// `isAccessibleForFree` is false.
    pub(crate) paywalled: bool,
    /// Whether the object is called an article.
    pub(crate) is_article: bool,
}

/// Objects looked at; a page has a handful.
const MAX_OBJECTS: usize = 400;

/// The article among the objects of a page's JSON-LD blocks.
pub(crate) fn article(blocks: &[Value]) -> Option<Linked> {
    let mut objects: Vec<&Map<String, Value>> = Vec::new();
    let mut queue: std::collections::VecDeque<&Value> = blocks.iter().collect();
    while let Some(value) = queue.pop_front() {
        match value {
            Value::Array(values) => queue.extend(values),
            Value::Object(object) => {
                if objects.len() >= MAX_OBJECTS {
                    break;
                }
                objects.push(object);
                // The posts of a live report have headlines and dates of their own.
                let posts = (!object.contains_key("headline")).then_some("liveBlogUpdate");
                queue.extend(
                    ["@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemReviewed"]
                        .into_iter()
                        .chain(posts)
                        .filter_map(|key| object.get(key))
                        .filter(|inner| !inner.is_string()),
                );
            }
            _ => {}
        }
    }
    let best = objects.iter().max_by_key(|object| rank(object)).filter(|object| rank(object) > 0)?;
    let mut found = read(best, &objects);
    if found.publisher.is_none() {
        found.publisher = objects
            .iter()
            .filter(|object| is_kind(object, &["WebSite", "NewsMediaOrganization"]))
            .find_map(|object| text(object.get("name")));
    }
    Some(found)
}

/// How much an object is the page's article; earlier ones win among equals, hence the order below.
fn rank(object: &Map<String, Value>) -> u8 {
    let kinds = kinds(object);
    let is = |names: &[&str]| kinds.iter().any(|kind| names.contains(kind));
    let base = if is(&["LiveBlogPosting"]) {
        6
    } else if kinds.iter().any(|kind| {
        kind.ends_with("Article") || kind.ends_with("BlogPosting") || *kind == "Report" || *kind == "Review"
    }) {
        7
    } else if is(&[
        "Blog",
        "CreativeWork",
        "VideoObject",
        "Recipe",
        "SocialMediaPosting",
        "DiscussionForumPosting",
        "QAPage",
    ]) {
        3
    } else if is(&["WebPage", "ItemPage", "AboutPage"]) {
        2
    } else {
        0
    };
    if base == 0 { 0 } else { base * 2 + u8::from(object.contains_key("headline") || object.contains_key("name")) }
}

fn kinds(object: &Map<String, Value>) -> Vec<&str> {
    let bare = |kind: &'_ str| -> usize { kind.rfind(['/', ':', '#']).map_or(0, |at| at + 1) };
    match object.get("@type") {
        Some(Value::String(kind)) => vec![kind.get(bare(kind)..).unwrap_or_default()],
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).map(|kind| kind.get(bare(kind)..).unwrap_or_default()).collect()
        }
        _ => Vec::new(),
    }
}

fn is_kind(object: &Map<String, Value>, names: &[&str]) -> bool {
    kinds(object).iter().any(|kind| names.contains(kind))
}

fn read(object: &Map<String, Value>, all: &[&Map<String, Value>]) -> Linked {
    let get = |key: &str| text(object.get(key));
    let free = object.get("isAccessibleForFree");
    Linked {
        title: get("headline").or_else(|| get("name")),
        name: get("name"),
        subtitle: get("alternativeHeadline").or_else(|| get("alternateName")),
        description: get("description"),
        authors: people(object.get("author").or_else(|| object.get("creator")), all),
        houses: houses(object.get("author"), all),
        published: get("datePublished").or_else(|| get("dateCreated")).or_else(|| get("uploadDate")),
        modified: get("dateModified"),
        image: image(object.get("image"), all).or_else(|| image(object.get("thumbnailUrl"), all)),
        section: texts(object.get("articleSection")).into_iter().next(),
        tags: texts(object.get("keywords"))
            .iter()
            .flat_map(|tags| tags.split(','))
            .map(|tag| tag.trim().to_owned())
            .filter(|tag| !tag.is_empty() && !tag.contains(':'))
            .collect(),
        language: get("inLanguage"),
        publisher: people(object.get("publisher"), all).into_iter().find_map(|person| person.name),
        body: object.get("articleBody").and_then(Value::as_str).map(|text| text.trim().to_owned()),
        paywalled: free.is_some_and(|free| {
            free.as_bool() == Some(false) || free.as_str().is_some_and(|free| free.eq_ignore_ascii_case("false"))
        }),
        is_article: rank(object) >= 12,
    }
}

/// A text, or that of an object that wraps it; entities undone.
fn text(value: Option<&Value>) -> Option<String> {
    texts(value).into_iter().next()
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let one = |value: &Value| {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Object(object) => ["@value", "name", "url", "@id"]
                .iter()
                .find_map(|key| object.get(*key).and_then(Value::as_str))?
                .to_owned(),
            _ => return None,
        };
        let text = super::head::unescape(text.trim());
        (!text.is_empty()).then_some(text)
    };
    match value {
        Some(Value::Array(values)) => values.iter().take(100).filter_map(one).collect(),
        Some(value) => one(value).into_iter().collect(),
        None => Vec::new(),
    }
}

fn people(value: Option<&Value>, all: &[&Map<String, Value>]) -> Vec<Person> {
    let list: Vec<&Value> = match value {
        Some(Value::Array(values)) => values.iter().take(20).collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    };
    let mut found = Vec::new();
    for value in list {
        match value {
            Value::String(name) => found.push(Person::named(super::head::unescape(name.trim()))),
            Value::Object(object) => {
                let named = resolve(object, all);
                let url = named.get("url").and_then(Value::as_str).map(str::to_owned);
                found.extend(texts(named.get("name")).into_iter().map(|name| Person {
                    name: Some(name),
                    url: url.clone(),
                    email: None,
                }));
            }
            _ => {}
        }
    }
    found
}

/// The names of the organisations among people.
fn houses(value: Option<&Value>, all: &[&Map<String, Value>]) -> Vec<String> {
    let list = match value {
        Some(Value::Array(values)) => values.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    let objects = list.iter().take(20).filter_map(Value::as_object).map(|object| resolve(object, all));
    let houses = objects.filter(|object| kinds(object).iter().any(|kind| kind.ends_with("Organization")));
    houses.filter_map(|house| text(house.get("name"))).collect()
}

/// The object that a bare `@id` points to.
fn resolve<'a>(object: &'a Map<String, Value>, all: &[&'a Map<String, Value>]) -> &'a Map<String, Value> {
    if object.contains_key("name") || object.contains_key("url") {
        return object;
    }
    let Some(id) = object.get("@id") else { return object };
    all.iter().copied().find(|other| other.get("@id") == Some(id) && other.len() > 1).unwrap_or(object)
}

fn image(value: Option<&Value>, all: &[&Map<String, Value>]) -> Option<String> {
    match value? {
        Value::String(url) => Some(url.trim().to_owned()).filter(|url| !url.is_empty()),
        Value::Array(values) => values.iter().find_map(|value| image_of_one(value, all)),
        value => image_of_one(value, all),
    }
}

fn image_of_one(value: &Value, all: &[&Map<String, Value>]) -> Option<String> {
    match value {
        Value::String(url) => Some(url.trim().to_owned()).filter(|url| !url.is_empty()),
        Value::Object(object) => {
            let object = resolve(object, all);
            ["url", "contentUrl", "@id"].iter().find_map(|key| text(object.get(*key))).filter(|url| url.contains('/'))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_live_report_is_more_than_its_posts() {
        let post =
            json!({"@type": "BlogPosting", "headline": "The water falls", "datePublished": "2024-01-02T09:00:00Z"});
        let report = json!({"@type": "LiveBlogPosting", "headline": "The flood", "liveBlogUpdate": [post],
            "author": [{"@type": "Organization", "name": "The Herald"}, {"@type": "Person", "name": "Ann Lee"}]});
        let found = article(&[report]).unwrap();
        assert_eq!(found.title.as_deref(), Some("The flood"));
        assert_eq!(found.houses, ["The Herald"]);
    }

    #[test]
    fn an_article_in_a_graph() {
        let blocks = [json!({"@context": "https://schema.org", "@graph": [
            {"@type": "WebPage", "name": "Site"},
            {"@type": "Person", "@id": "#p", "name": "Ann Lee"},
            {"@type": ["Thing", "NewsArticle"], "headline": "A &amp; B", "author": [{"@id": "#p"}, "Bo"], "image": [{"@type": "ImageObject", "url": "/a.jpg"}],
             "datePublished": "2024-01-02", "isAccessibleForFree": "False", "keywords": ["x", "y, z"]}
        ]})];
        let found = article(&blocks).unwrap();
        assert_eq!(found.title.as_deref(), Some("A & B"));
        assert_eq!(found.authors, [Person::named("Ann Lee"), Person::named("Bo")]);
        assert_eq!(found.image.as_deref(), Some("/a.jpg"));
        assert_eq!(found.tags, ["x", "y", "z"]);
        assert!(found.paywalled && found.is_article);
    }
}
