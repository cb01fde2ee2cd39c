//! Rules about single texts: addresses, dates, languages, plain text, HTML.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use dom_query::Document;

/// Elements of HTML that the text of an article may hold.
const ELEMENTS: &str = " a abbr acronym address area article aside audio b bdi big blockquote br caption center cite code col \
    colgroup data dd del details dfn dir div dl dt em figcaption figure font footer header h1 h2 h3 h4 h5 h6 hgroup hr i \
    img ins kbd li main map mark menu meter nav ol p picture pre progress q rp rt ruby s samp section small source span \
    strike strong sub summary sup table tbody td tfoot th thead time tr track tt u ul var video wbr bdo ";
/// Attributes that hold an address.
const ADDRESSES: [&str; 5] = ["href", "src", "poster", "cite", "longdesc"];

/// What is wrong with an absolute address; None when nothing is.
pub(crate) fn address_fault(text: &str) -> Option<&'static str> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ";/?:@&=+$.-_!~*'()%,#".contains(c);
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let (host, _) = rest.split_once('/').unwrap_or((rest, ""));
    let is_ip6 = host.starts_with('[') && host.contains(']');
    let checked = if is_ip6 { rest.strip_prefix(host).unwrap_or_default() } else { text };
    match checked.chars().find(|c| !allowed(*c)) {
        Some(c) if !c.is_ascii() => return Some("UriNotIri"),
        Some(_) => return Some("InvalidUriChar"),
        None => {}
    }
    let is_absolute = text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && !rest.is_empty()
            && (!scheme.starts_with("http") || rest.starts_with("//"))
    });
    (!is_absolute).then_some("InvalidFullLink")
}

/// Like [`address_fault`], for what readers fetch or open: http or https.
pub(crate) fn web_address_fault(text: &str) -> Option<&'static str> {
    if text.starts_with("http://") || text.starts_with("https://") {
        address_fault(text)
    } else {
        Some("InvalidFullLink")
    }
}

/// An enclosure's address: http(s), a host name with a dot, a path that begins with a slash.
pub(crate) fn is_enclosure_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")) else { return false };
    let Some((authority, _)) = rest.split_once('/') else { return false };
    let host = authority.split(':').next().unwrap_or_default();
    host.contains('.') && !host.contains(['?', '@']) && address_fault(text).is_none()
}

/// What is wrong with an id as a URI.
pub(crate) fn id_fault(text: &str) -> Option<&'static str> {
    if text.trim() != text {
        return Some("UnexpectedWhitespace");
    }
    if let Some(rest) = text.strip_prefix("tag:") {
        let fits = rest.split_once(',').is_some_and(|(authority, rest)| {
            let date = rest.split(':').next().unwrap_or_default();
            let is_date = matches!(date.len(), 4 | 7 | 10) && date.chars().all(|c| c.is_ascii_digit() || c == '-');
            let named = authority.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._@".contains(c));
            !authority.is_empty() && named && is_date && rest.contains(':')
        });
        return if fits { address_fault(text) } else { Some("InvalidTAG") };
    }
    if let Some(rest) = text.strip_prefix("urn:uuid:") {
        let digits: Vec<usize> = rest.split('-').map(str::len).collect();
        let fits = digits == [8, 4, 4, 4, 12] && rest.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
        return (!fits).then_some("InvalidUUID");
    }
    address_fault(text)
}

/// A date of RSS: form, day of the week, plausibility.
pub(crate) fn rfc822_fault(text: &str, now: DateTime<Utc>) -> Option<&'static str> {
    let Some(stripped) = text.strip_suffix(" GMT").or_else(|| text.strip_suffix(" +0000")) else {
        return Some("InvalidRFC2822Date");
    };
    let Some((weekday, date)) = stripped.split_once(", ") else { return Some("InvalidRFC2822Date") };
    let Ok(time) = chrono::NaiveDateTime::parse_from_str(date, "%d %b %Y %H:%M:%S") else {
        return Some("InvalidRFC2822Date");
    };
    if date.len() != "02 Mar 2026 08:00:00".len() {
        return Some("InvalidRFC2822Date");
    }
    if time.format("%a").to_string() != weekday {
        return Some("IncorrectDOW");
    }
    implausible(time.and_utc(), now)
}

/// A date of Atom or JSON Feed.
pub(crate) fn rfc3339_fault(text: &str, now: DateTime<Utc>) -> Option<&'static str> {
    let has_form =
        text.len() >= 20 && text.as_bytes()[10] == b'T' && (text.ends_with('Z') || text[19..].contains(['+', '-']));
    let Ok(time) = DateTime::parse_from_rfc3339(text) else { return Some("InvalidRFC3339Date") };
    if has_form { implausible(time.to_utc(), now) } else { Some("InvalidRFC3339Date") }
}

fn implausible(time: DateTime<Utc>, now: DateTime<Utc>) -> Option<&'static str> {
    let first = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap().and_time(chrono::NaiveTime::MIN).and_utc();
    (time < first || time > now + TimeDelta::minutes(10)).then_some("ImplausibleDate")
}

/// Two-letter codes with regions and scripts.
pub(crate) fn is_language(text: &str) -> bool {
    let code = text.split('-').next().unwrap_or_default();
    code.len() == 2 && code.chars().all(|c| c.is_ascii_lowercase()) && !["xx", "zz"].contains(&code)
}

pub(crate) fn is_media_type(text: &str) -> bool {
    let token =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic() && !"()<>,;:\\\"/[]?=".contains(c));
    text.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

/// Characters that say that a text was decoded wrongly.
pub(crate) fn has_bad_characters(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{80}'..='\u{9f}' | '\u{fffd}'))
        || (text.chars().all(|c| u32::from(c) < 256)
            && text
                .chars()
                .zip(text.chars().skip(1))
                .any(|(a, b)| matches!(a, 'Ã' | 'Â') && matches!(b, '\u{80}'..='\u{bf}')))
}

/// An end tag of HTML in what should be plain text.
pub(crate) fn has_end_tag(text: &str) -> bool {
    text.split("</").skip(1).any(|rest| rest.split_once('>').is_some_and(|(name, _)| is_element(name)))
}

fn is_element(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !name.is_empty()
        && name.chars().all(char::is_alphanumeric)
        && (ELEMENTS.contains(&format!(" {name} "))
            || ["script", "style", "iframe", "object", "title"].contains(&name.as_str()))
}

/// Something that reads as a character reference, or as the start of a tag.
pub(crate) fn has_reference_or_tag(text: &str) -> bool {
    text.split('&').skip(1).any(|rest| {
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '#').collect();
        name.starts_with('#')
            || ["amp", "lt", "gt", "quot", "apos", "nbsp", "eacute", "copy"].contains(&name.as_str())
            || name.chars().any(|c| c.is_ascii_digit())
    }) || text.split('<').skip(1).any(|rest| rest.starts_with(|c: char| c == '/' || c.is_ascii_alphabetic()))
}

/// What is wrong with the HTML of an article.
pub(crate) fn html_faults(html: &str) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    let document = Document::fragment(html);
    for fault in document.errors.borrow().iter() {
        faults.push(("NotHtml", fault.to_string()));
    }
    for node in document.select("*").nodes() {
        let name = node.node_name().unwrap_or_default().to_string();
        if !ELEMENTS.contains(&format!(" {name} ")) && !["html", "body", "head"].contains(&name.as_str()) {
            faults.push(("SecurityRisk", name.clone()));
        }
        for attribute in node.attrs() {
            let (attribute, value) = (attribute.name.local.to_string(), attribute.value.to_string());
            if attribute == "style" {
                faults.push(("DangerousStyleAttr", value.clone()));
            }
            if attribute.starts_with("on") || attribute.starts_with("data-") {
                faults.push(("SecurityRiskAttr", attribute.clone()));
            }
            let addresses: Vec<&str> = match attribute.as_str() {
                "srcset" => value.split(", ").filter_map(|candidate| candidate.split_whitespace().next()).collect(),
                name if ADDRESSES.contains(&name) => vec![value.as_str()],
                _ => Vec::new(),
            };
            for address in addresses {
                let is_absolute =
                    ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| address.starts_with(scheme));
                if !is_absolute {
                    let class = if address.contains(':') { "SecurityRisk" } else { "ContainsRelRef" };
                    faults.push((class, address.to_owned()));
                }
            }
        }
    }
    faults
}
