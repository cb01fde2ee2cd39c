//! Text with places to fill: `Theo {source}[, {author}]: {link}`.

/// A text whose `{names}` are filled in for each article. A part in square brackets is left out when
/// something in it is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Name(String),
    Optional(Vec<Piece>),
}

/// What stands at a place of a filled template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filling<'a> {
    /// The template's own words.
    Words(&'a str),
    /// What a name stands for.
    Value(&'a str, String),
}

impl Template {
    /// Reads a template that may hold these names; what is wrong with it otherwise, in words.
    pub fn parse(text: &str, names: &[&str]) -> Result<Self, String> {
        let mut outer = Vec::new();
        let mut inner: Option<Vec<Piece>> = None;
        let mut rest = text;
        while let Some(mark) = rest.find(['{', '[', ']']) {
            let (before, from_mark) = rest.split_at(mark);
            let pieces = inner.as_mut().unwrap_or(&mut outer);
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            let mut chars = from_mark.chars();
            match chars.next() {
                Some('{') => {
                    let (name, after) =
                        chars.as_str().split_once('}').ok_or_else(|| format!("{text:?} has a {{ without a }}"))?;
                    if !names.contains(&name) {
                        return Err(format!(
                            "{{{name}}} stands for nothing here; there are: {{{}}}",
                            names.join("}, {")
                        ));
                    }
                    pieces.push(Piece::Name(name.to_owned()));
                    rest = after;
                    continue;
                }
                Some('[') if inner.is_none() => inner = Some(Vec::new()),
                Some(']') => match inner.take() {
                    Some(pieces) => outer.push(Piece::Optional(pieces)),
                    None => return Err(format!("{text:?} has a ] without a [")),
                },
                _ => return Err(format!("{text:?} has a [ within [ ]")),
            }
            rest = chars.as_str();
        }
        if inner.is_some() {
            return Err(format!("{text:?} has a [ without a ]"));
        }
        if !rest.is_empty() {
            outer.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self(outer))
    }

    /// Fills it; `value` tells what a name stands for, None when that is not known.
    pub fn fill(&self, value: impl Fn(&str) -> Option<String>) -> Vec<Filling<'_>> {
        let mut filled = Vec::new();
        for piece in &self.0 {
            match piece {
                Piece::Optional(pieces) => {
                    let all: Option<Vec<_>> = pieces.iter().map(|piece| piece.filled(&value)).collect();
                    filled.extend(all.unwrap_or_default());
                }
                piece => filled.extend(piece.filled(&value)),
            }
        }
        filled
    }
}

impl Piece {
    fn filled(&self, value: impl Fn(&str) -> Option<String>) -> Option<Filling<'_>> {
        match self {
            Self::Text(text) => Some(Filling::Words(text)),
            Self::Name(name) => value(name).map(|value| Filling::Value(name, value)),
            Self::Optional(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str, author: Option<&str>) -> String {
        let template = Template::parse(text, &["author", "source"]).unwrap();
        let value = |name: &str| if name == "author" { author.map(str::to_owned) } else { Some("Báo".to_owned()) };
        let pieces = template.fill(value).into_iter().map(|piece| match piece {
            Filling::Words(words) => words.to_owned(),
            Filling::Value(_, value) => value,
        });
        pieces.collect()
    }

    #[test]
    fn names_are_filled_and_unknown_parts_left_out() {
        assert_eq!(filled("Theo {source}[, {author}].", Some("Lam")), "Theo Báo, Lam.");
        assert_eq!(filled("Theo {source}[, {author}].", None), "Theo Báo.");
        assert_eq!(filled("{author}{source}", None), "Báo");
        assert_eq!(filled("", None), "");
    }

    #[test]
    fn mistakes_are_told() {
        for bad in ["{autor}", "{author", "a ] b", "[a", "[a [b] c]"] {
            assert!(Template::parse(bad, &["author"]).is_err(), "{bad}");
        }
    }
}
