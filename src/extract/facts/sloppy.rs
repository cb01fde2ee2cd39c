//! JSON as pages write it: with comments, trailing commas, raw line breaks in strings, HTML around it.

use serde_json::Value;

/// Text beyond this is no description of an article.
const MAX_BYTES: usize = 1_000_000;

/// Reads JSON, mended where needed. Several values after each other come as one list.
pub(crate) fn read(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.is_empty() || text.len() > MAX_BYTES {
        return None;
    }
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let mended = mend(text);
    if let Ok(value) = serde_json::from_str(&mended) {
        return Some(value);
    }
    let values: Vec<Value> =
        serde_json::Deserializer::from_str(&mended).into_iter().map_while(Result::ok).take(50).collect();
    (!values.is_empty()).then_some(Value::Array(values))
}

/// Takes away what is not JSON: comments, CDATA marks, trailing commas and semicolons; escapes
/// control characters inside strings.
fn mend(text: &str) -> String {
    let text = text
        .trim_start_matches("<!--")
        .trim_end_matches("-->")
        .replace("//<![CDATA[", "")
        .replace("//]]>", "")
        .replace("<![CDATA[", "")
        .replace("]]>", "");
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut in_string = false;
    while let Some(char) = chars.next() {
        if in_string {
            match char {
                '"' => {
                    in_string = false;
                    out.push('"');
                }
                '\\' => push_escape(&mut out, chars.next()),
                '\n' => out.push_str("\\n"),
                '\r' => {}
                char if char.is_control() => out.push(' '),
                char => out.push(char),
            }
            continue;
        }
        match char {
            '"' => {
                in_string = true;
                out.push('"');
            }
            '/' if chars.peek() == Some(&'/') => while chars.next_if(|char| *char != '\n').is_some() {},
            '/' if chars.peek() == Some(&'*') => skip_comment(&mut chars),
            ';' => {}
            '}' | ']' => {
                let kept = out.trim_end().trim_end_matches(',').len();
                out.truncate(kept);
                out.push(char);
            }
            char => out.push(char),
        }
    }
    out
}

fn push_escape(out: &mut String, escaped: Option<char>) {
    match escaped {
        Some(char @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')) => {
            out.push('\\');
            out.push(char);
        }
        // `\'` and the like: the backslash means nothing.
        Some(char) => out.push(char),
        None => {}
    }
}

fn skip_comment(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let mut star = false;
    for char in chars.by_ref() {
        if star && char == '/' {
            return;
        }
        star = char == '*';
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sloppy_json_is_read() {
        let value = read("<!-- \n{\"a\": \"x\ny\", /* c */ \"b\": [1,2,], // d\n \"c\": \"it\\'s\",};\n-->").unwrap();
        assert_eq!(value["a"], "x\ny");
        assert_eq!(value["b"][1], 2);
        assert_eq!(value["c"], "it's");
        assert_eq!(read("{\"a\":1}{\"b\":2}").unwrap()[1]["b"], 2);
        assert_eq!(read("no json"), None);
    }
}
