//! JSON that was put together by hand: line breaks inside texts, and commas before a closing bracket.

/// The document with these mended; None when there are none of them.
pub(super) fn repaired(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 64);
    let (mut in_text, mut is_escaped, mut changed) = (false, false, false);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' if in_text => {
                // A backslash before a line break was meant to continue the line.
                out.push_str(match c {
                    _ if is_escaped => "n",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    _ => "\\t",
                });
                (is_escaped, changed) = (false, true);
                continue;
            }
            '"' if !is_escaped => in_text = !in_text,
            ']' | '}' if !in_text && out.trim_end().ends_with(',') => {
                out.truncate(out.trim_end().len() - 1);
                changed = true;
            }
            _ => {}
        }
        is_escaped = in_text && c == '\\' && !is_escaped;
        out.push(c);
    }
    changed.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_forget_is_mended() {
        let mended = repaired("{\"a\": \"b\nc\t\\\"d\", \"e\": [1, 2, ],\n}");
        assert_eq!(mended.as_deref(), Some("{\"a\": \"b\\nc\\t\\\"d\", \"e\": [1, 2]}"));
        assert_eq!(repaired("{\"a\": \"b,]\", \"c\": [1,\n 2]}"), None);
    }
}
