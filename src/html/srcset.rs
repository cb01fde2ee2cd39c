//! `srcset` attributes (HTML s.4.8.4.2.1).

/// Wider candidates than this only cost readers time.
const ENOUGH: f64 = 2000.0;
/// Candidates that are looked at.
const CANDIDATES: usize = 100;
const SPACE_OR_COMMA: [char; 6] = [' ', '\t', '\n', '\r', '\u{c}', ','];

/// The best candidate: the largest of reasonable size, and of several as large the first. Commas inside
/// addresses are no separators; a candidate with a descriptor that HTML does not know counts for nothing.
pub fn best(srcset: &str) -> Option<String> {
    let mut candidates: Vec<(&str, f64)> = Vec::new();
    let mut rest = srcset.trim_start_matches(SPACE_OR_COMMA);
    while !rest.is_empty() && candidates.len() < CANDIDATES {
        let (url, after) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
        let bare = url.trim_end_matches(',');
        let (size, next) = if bare.len() < url.len() { (Some(1.0), after) } else { descriptors(after) };
        // Of several of one size only the first counts.
        if let Some(size) = size
            && !candidates.iter().any(|(_, have)| have.total_cmp(&size).is_eq())
        {
            candidates.push((bare, size));
        }
        rest = next.trim_start_matches(SPACE_OR_COMMA);
    }
    candidates.retain(|(url, _)| !url.is_empty() && !url.starts_with("data:"));
    let fitting = candidates.iter().filter(|(_, size)| *size <= ENOUGH).max_by(|a, b| a.1.total_cmp(&b.1));
    let smallest = candidates.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    fitting.or(smallest).map(|(url, _)| (*url).to_owned())
}

/// Whether a `srcset` says how large its candidates are.
pub fn has_sizes(srcset: &str) -> bool {
    srcset
        .split([',', ' '])
        .any(|word| word.strip_suffix(['w', 'x']).is_some_and(|size| size.parse::<f64>().is_ok_and(f64::is_finite)))
}

/// The size that descriptors state, up to the comma that ends them, and what comes after it.
fn descriptors(text: &str) -> (Option<f64>, &str) {
    let mut depth = 0_usize;
    let end = text.find(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    let (list, rest) = text.split_at(end.unwrap_or(text.len()));
    (size(list), rest)
}

/// Width in pixels, or density, whichever is written; 1 without any, None for what HTML does not know.
fn size(list: &str) -> Option<f64> {
    let mut size = None;
    for descriptor in list.split_whitespace() {
        let unit = descriptor.chars().next_back()?;
        let value: f64 =
            descriptor.strip_suffix(unit)?.parse().ok().filter(|value: &f64| value.is_finite() && *value > 0.0)?;
        match unit {
            'w' | 'x' if size.is_none() => size = Some(value),
            // The height says nothing that the width does not.
            'h' => {}
            _ => return None,
        }
    }
    Some(size.unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_reasonable_candidate_is_taken() {
        for (srcset, wanted) in [
            ("a.jpg 480w, b.jpg 800w, c.jpg 4000w", Some("b.jpg")),
            ("a.jpg, b.jpg 2x", Some("b.jpg")),
            ("/w_1,h_2/a.jpg 480w", Some("/w_1,h_2/a.jpg")),
            ("a.jpg 480w 300h, b.jpg 800w 600h", Some("b.jpg")),
            ("a.jpg 800w, b.jpg 800w", Some("a.jpg")),
            ("a.jpg 1x,b.jpg 2x", Some("b.jpg")),
            ("a.jpg 100w 2x, b.jpg 50w", Some("b.jpg")),
            ("a.jpg wide, b.jpg 50w", Some("b.jpg")),
            ("a.jpg (x, 9w), b.jpg 5w", Some("b.jpg")),
            ("c.jpg 4000w", Some("c.jpg")),
            ("a.jpg 0w, b.jpg -5w, c.jpg infw", None),
            ("data:image/gif;base64,R0 1x, a.jpg 0.5x", Some("a.jpg")),
            ("a.jpg,", Some("a.jpg")),
            (" , ", None),
            ("", None),
        ] {
            assert_eq!(best(srcset).as_deref(), wanted, "{srcset}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_candidate_is_one_of_those_written(srcset in "([a-c]\\.jpg|,| |[0-9]{1,3}[wxh]|\\(|\\)|é){0,20}") {
            if let Some(best) = best(&srcset) {
                proptest::prop_assert!(srcset.contains(&best));
            }
        }
    }
}
