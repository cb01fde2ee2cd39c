//! `srcset` attributes (HTML s.4.8.4.2.1).

/// Wider candidates than this only cost readers time.
const ENOUGH: f64 = 2000.0;

/// The best candidate: the largest of reasonable size. Commas inside addresses are no separators.
pub fn best(srcset: &str) -> Option<String> {
    let mut candidates = Vec::new();
    let mut rest = srcset.trim_start_matches([' ', '\t', '\n', '\r', ',']);
    while !rest.is_empty() && candidates.len() < 100 {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (url, after) = rest.split_at(end);
        if let Some(bare) = url.strip_suffix(',') {
            candidates.push((bare.trim_end_matches(','), 1.0));
            rest = after.trim_start_matches([' ', '\t', '\n', '\r', ',']);
            continue;
        }
        let (descriptor, next) = after.split_once(',').unwrap_or((after, ""));
        candidates.push((url, size(descriptor)));
        rest = next.trim_start_matches([' ', '\t', '\n', '\r', ',']);
    }
    let fitting = candidates.iter().filter(|(_, size)| *size <= ENOUGH).max_by(|a, b| a.1.total_cmp(&b.1));
    let smallest = candidates.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    fitting.or(smallest).map(|(url, _)| (*url).to_owned()).filter(|url| !url.is_empty() && !url.starts_with("data:"))
}

/// Width in pixels, or density, whichever is written.
fn size(descriptor: &str) -> f64 {
    let descriptor = descriptor.trim();
    let number = descriptor.trim_end_matches(['w', 'x', 'h']).split_whitespace().next().unwrap_or_default();
    number.parse().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_reasonable_candidate_is_taken() {
        assert_eq!(best("a.jpg 480w, b.jpg 800w, c.jpg 4000w").as_deref(), Some("b.jpg"));
        assert_eq!(best("a.jpg, b.jpg 2x").as_deref(), Some("b.jpg"));
        assert_eq!(best("/w_1,h_2/a.jpg 480w").as_deref(), Some("/w_1,h_2/a.jpg"));
        assert_eq!(best(" , ").as_deref(), None);
        assert_eq!(best("c.jpg 4000w").as_deref(), Some("c.jpg"));
    }
}
