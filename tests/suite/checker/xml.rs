//! A strict reading of XML into a small tree: whatever is not well formed is an error, not repaired.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// An element.
#[derive(Debug, Default)]
pub(crate) struct Node {
    /// Prefix as written, for rules about customary prefixes.
    pub(crate) prefix: String,
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) children: Vec<Node>,
    /// Its own text, references resolved.
    pub(crate) text: String,
    /// Whether an ampersand or less-than in its text was written as a hexadecimal reference.
    pub(crate) has_hexadecimal: bool,
    /// The language in force.
    pub(crate) language: String,
    /// Namespaces declared here: prefix and name.
    pub(crate) declared: Vec<(String, String)>,
}

#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) value: String,
}

impl Node {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|one| one.namespace.is_empty() && one.name == name).map(|one| one.value.as_str())
    }

    pub(crate) fn all<'a>(&'a self, namespace: &'a str, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.namespace == namespace && child.name == name)
    }

    pub(crate) fn one(&self, namespace: &str, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.namespace == namespace && child.name == name)
    }

    /// This element and all below it.
    pub(crate) fn tree(&self) -> Vec<&Node> {
        let mut all = vec![self];
        all.extend(self.children.iter().flat_map(Node::tree));
        all
    }
}

/// Reads a document; the error says what is wrong in words.
pub(crate) fn read(bytes: &[u8]) -> Result<Node, String> {
    let text = std::str::from_utf8(bytes).map_err(|fault| format!("no UTF-8: {fault}"))?;
    if text.starts_with('\u{feff}') {
        return Err("begins with a byte order mark".to_owned());
    }
    if let Some(bad) = text.chars().find(|c| !is_character(*c)) {
        return Err(format!("holds the character {bad:?}, which XML does not allow"));
    }
    let declaration = text.split("?>").next().unwrap_or_default();
    if !declaration.starts_with("<?xml version=\"1.0\"") || !declaration.to_lowercase().contains("encoding=\"utf-8\"") {
        return Err(format!("no declaration of version 1.0 and UTF-8, but {declaration:.60}"));
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut open: Vec<Node> = vec![Node::default()];
    let mut scopes: Vec<HashMap<String, String>> = vec![HashMap::from([("xml".to_owned(), XML.to_owned())])];
    loop {
        let event = reader.read_event().map_err(|fault| format!("at byte {}: {fault}", reader.error_position()))?;
        match event {
            Event::Start(start) => {
                let (node, scope) = element(&start, scopes.last().unwrap(), &open.last().unwrap().language)?;
                open.push(node);
                scopes.push(scope);
            }
            Event::Empty(start) => {
                let (node, _) = element(&start, scopes.last().unwrap(), &open.last().unwrap().language)?;
                open.last_mut().unwrap().children.push(node);
            }
            Event::End(_) => {
                scopes.pop();
                let node = open.pop().unwrap();
                open.last_mut().ok_or("an end tag too many")?.children.push(node);
            }
            Event::Text(piece) => {
                let piece = piece.decode().map_err(|fault| fault.to_string())?;
                if piece.contains("]]>") {
                    return Err("]]> in a text".to_owned());
                }
                open.last_mut().unwrap().text.push_str(&piece);
            }
            Event::CData(piece) => {
                open.last_mut().unwrap().text.push_str(&piece.decode().map_err(|fault| fault.to_string())?);
            }
            Event::GeneralRef(reference) => {
                let name = reference.decode().map_err(|fault| fault.to_string())?;
                let node = open.last_mut().unwrap();
                node.text.push(resolve(&name)?);
                node.has_hexadecimal |= name.eq_ignore_ascii_case("#x26") || name.eq_ignore_ascii_case("#x3c");
            }
            Event::DocType(_) => return Err("a document type".to_owned()),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
    }
    let mut document = open.pop().ok_or("nothing left")?;
    if !open.is_empty() || !document.text.trim().is_empty() || document.children.len() != 1 {
        return Err("not exactly one root element".to_owned());
    }
    Ok(document.children.remove(0))
}

fn element(
    start: &BytesStart<'_>,
    outer: &HashMap<String, String>,
    language: &str,
) -> Result<(Node, HashMap<String, String>), String> {
    let mut scope = outer.clone();
    let mut raw = Vec::new();
    let mut node = Node { language: language.to_owned(), ..Node::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|fault| fault.to_string())?;
        let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        let written = String::from_utf8_lossy(&attribute.value).into_owned();
        if written.contains('<') {
            return Err(format!("< in the attribute {name}"));
        }
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .map_err(|fault| format!("attribute {name}: {fault}"))?
            .into_owned();
        if let Some(bad) = value.chars().find(|c| !is_character(*c)) {
            return Err(format!("attribute {name} holds {bad:?}"));
        }
        match name.strip_prefix("xmlns") {
            Some("") => node.declared.push((String::new(), value)),
            Some(prefix) if prefix.starts_with(':') => node.declared.push((prefix[1..].to_owned(), value)),
            _ => raw.push((name, value)),
        }
    }
    scope.extend(node.declared.iter().cloned());
    let lookup = |name: &str, default: bool| -> Result<(String, String, String), String> {
        match name.split_once(':') {
            Some((prefix, local)) => {
                let namespace = scope.get(prefix).ok_or(format!("the prefix of {name} is not declared"))?;
                Ok((prefix.to_owned(), namespace.clone(), local.to_owned()))
            }
            None => {
                let namespace = if default { scope.get("").cloned().unwrap_or_default() } else { String::new() };
                Ok((String::new(), namespace, name.to_owned()))
            }
        }
    };
    let name = String::from_utf8_lossy(start.name().as_ref()).into_owned();
    (node.prefix, node.namespace, node.name) = lookup(&name, true)?;
    for (name, value) in raw {
        let (_, namespace, name) = lookup(&name, false)?;
        if namespace == XML && name == "lang" {
            node.language.clone_from(&value);
        }
        node.attributes.push(Attribute { namespace, name, value });
    }
    Ok((node, scope))
}

fn resolve(name: &str) -> Result<char, String> {
    let number = match name {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => match name.strip_prefix("#x") {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
            None => name.strip_prefix('#').and_then(|decimal| decimal.parse().ok()),
        },
    };
    number.and_then(char::from_u32).filter(|c| is_character(*c)).ok_or(format!("the reference &{name};"))
}

/// XML 1.0 s.2.2.
fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}
