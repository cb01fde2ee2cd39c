//! `Range` requests for one part of a file (RFC 9110 s.14).

/// What of a file was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it: nothing was asked for, or in a way that is not understood (s.14.2), or several parts,
    /// which no reader of pictures needs.
    Whole,
    /// From byte `start` to byte `end`, both included.
    Of { start: u64, end: u64 },
    /// A part that it does not have.
    None,
}

/// The part of a file of `length` bytes that a `Range` header asks for.
pub(super) fn part(header: Option<&str>, length: u64) -> Part {
    asked(header, length).unwrap_or(Part::Whole)
}

fn asked(header: Option<&str>, length: u64) -> Option<Part> {
    let (unit, set) = header?.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return None;
    }
    let (first, last) = set.trim().split_once('-')?;
    if first.is_empty() {
        let count = number(last)?;
        return Some(match length.checked_sub(1) {
            Some(end) if count > 0 => Part::Of { start: length.saturating_sub(count), end },
            _ => Part::None,
        });
    }
    let start = number(first)?;
    let end = if last.is_empty() { u64::MAX } else { number(last)? };
    if end < start {
        return None;
    }
    Some(if start < length { Part::Of { start, end: end.min(length - 1) } } else { Part::None })
}

/// Digits only: `parse` would take a sign. More digits than fit mean the end of any file.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_understood() {
        let of = |start, end| Part::Of { start, end };
        for (header, wanted) in [
            ("bytes=0-99", of(0, 99)),
            ("bytes=0-", of(0, 999)),
            ("Bytes = 500-600", of(500, 600)),
            ("bytes=990-2000", of(990, 999)),
            ("bytes=-10", of(990, 999)),
            ("bytes=-5000", of(0, 999)),
            ("bytes=999-999", of(999, 999)),
            ("bytes=0-99999999999999999999999", of(0, 999)),
            ("bytes=1000-", Part::None),
            ("bytes=99999999999999999999999-", Part::None),
            ("bytes=-0", Part::None),
            ("bytes=5-4", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("items=0-1", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes", Part::Whole),
            ("", Part::Whole),
        ] {
            assert_eq!(part(Some(header), 1000), wanted, "{header}");
        }
        assert_eq!(part(None, 1000), Part::Whole);
        assert_eq!(part(Some("bytes=0-"), 0), Part::None);
        assert_eq!(part(Some("bytes=-1"), 0), Part::None);
    }

    proptest::proptest! {
        #[test]
        fn a_part_lies_within_the_file(header in "(bytes)?=?[-0-9,]{0,12}", length in 0..2000_u64) {
            if let Part::Of { start, end } = part(Some(&header), length) {
                proptest::prop_assert!(start <= end && end < length);
            }
        }
    }
}
