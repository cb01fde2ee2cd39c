//! Rules about the HTML of articles.

use std::sync::LazyLock;

use dom_query::Document;
use regex::Regex;

/// Elements of HTML that the text of an article may hold. What is not among them and yet HTML is a risk.
const ELEMENTS: &str = " a abbr acronym address area article aside audio b bdi big blockquote br caption center cite code col \
    colgroup data dd del details dfn dialog dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i \
    img ins kbd li main map mark menu meter nav ol p picture pre progress q rp rt ruby s samp section small source span \
    strike strong sub summary sup table tbody td tfoot th thead time tr track tt u ul var video wbr ";
/// Other elements that are known as HTML.
const RISKS: &str = " applet base basefont bdo body button canvas embed form frame frameset head html iframe input isindex \
    label legend link listing meta noframes noscript object optgroup option param plaintext script select slot style \
    template textarea title xmp ";
/// Attributes that pass (of those that texts have use for), beside `data-*`. `controls`, `role`, `aria-*` and
/// `frameborder` are not among them.
const ATTRIBUTES: &str = " abbr align alt axis bgcolor border cellpadding cellspacing char charoff cite class clear color cols \
    colspan compact coords datetime decoding default dir face headers height hidden href hreflang hspace id itemprop \
    itemscope itemtype kind label lang loading longdesc loop media muted name nowrap open poster preload referrerpolicy rel \
    rev reversed rowspan rules scope shape size sizes span src srclang srcset start summary tabindex target title translate \
    type usemap valign value vspace width ";
/// Attributes that hold an address.
const ADDRESSES: [&str; 5] = ["href", "src", "poster", "cite", "longdesc"];

/// Whether a name is that of an element of HTML.
pub(crate) fn is_element(name: &str) -> bool {
    let name = format!(" {} ", name.to_lowercase());
    ELEMENTS.contains(&name) || RISKS.contains(&name)
}

/// What is wrong with the HTML of an article.
pub(crate) fn html_faults(html: &str) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    let document = Document::fragment(html);
    for fault in document.errors.borrow().iter() {
        faults.push(("NotHtml", fault.to_string()));
    }
    if let Some(piece) = loose_ampersand(html) {
        faults.push(("NotHtml", format!("& is no reference: {piece}")));
    }
    for node in document.select("*").nodes() {
        let name = node.node_name().unwrap_or_default().to_string();
        let is_ours = ["html", "body", "head"].contains(&name.as_str()) && !html.contains(&format!("<{name}"));
        if !ELEMENTS.contains(&format!(" {name} ")) && !is_ours {
            faults.push((if is_element(&name) { "SecurityRisk" } else { "NotHtml" }, name.clone()));
        }
        for attribute in node.attrs() {
            let (attribute, value) = (attribute.name.local.to_string(), attribute.value.to_string());
            if attribute == "style" {
                // Some properties pass; we write none.
                faults.push(("DangerousStyleAttr", value.clone()));
            } else if !ATTRIBUTES.contains(&format!(" {attribute} ")) {
                // `data-*` would pass; readers have no use for them.
                faults.push(("SecurityRiskAttr", attribute.clone()));
            }
            let addresses: Vec<&str> = match attribute.as_str() {
                "srcset" => value.split(", ").filter_map(|candidate| candidate.split_whitespace().next()).collect(),
                name if ADDRESSES.contains(&name) => vec![value.as_str()],
                _ => Vec::new(),
            };
            for address in addresses {
                let lower = address.to_lowercase();
                let is_absolute =
                    ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| lower.starts_with(scheme));
                if !is_absolute {
                    let class = if address.contains(':') { "SecurityRisk" } else { "ContainsRelRef" };
                    faults.push((class, address.to_owned()));
                }
            }
        }
    }
    faults.extend(found_by_pattern(html).into_iter().map(|address| ("ContainsRelRef", address)));
    faults
}

/// What follows an ampersand that begins no character reference with a semicolon: a strict parser of HTML
/// does not go on there.
fn loose_ampersand(html: &str) -> Option<String> {
    static REFERENCE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^(#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);").unwrap());
    let pieces = html.split('&').skip(1);
    let fine =
        |piece: &&str| piece.is_empty() || piece.starts_with([' ', '\n', '\t', '<']) || REFERENCE.is_match(piece);
    pieces.filter(|piece| !fine(piece)).map(|piece| piece.chars().take(20).collect()).next()
}

/// Relative addresses as they are found in RSS without a parser, wherever they seem to stand.
fn found_by_pattern(html: &str) -> Vec<String> {
    static PATTERNS: LazyLock<[Regex; 2]> = LazyLock::new(|| {
        let value = r#"(?:"(.*?)"|'(.*?)'|([\w-]+))[\s>]"#;
        [format!(r"(?i)<img\s+[^>]*src={value}"), format!(r"(?i)<a\s+href={value}")]
            .map(|text| Regex::new(&text).unwrap())
    });
    static ABSOLUTE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\s*\w+:").unwrap());
    let found = PATTERNS.iter().flat_map(|pattern| pattern.captures_iter(html));
    let values =
        found.filter_map(|groups| groups.iter().skip(1).flatten().next().map(|value| value.as_str().to_owned()));
    values.filter(|value| !ABSOLUTE.is_match(value)).collect()
}
