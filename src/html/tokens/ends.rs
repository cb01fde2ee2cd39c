//! Where the pieces of a page end.

use memchr::{memchr, memchr2, memmem};

/// Where the first thing begins that is no text.
pub(super) fn markup(rest: &[u8]) -> usize {
    let is_markup = |&at: &usize| match rest.get(at + 1..) {
        Some([b'/', _, ..] | [b'!' | b'?', ..]) => true,
        Some([letter, ..]) => letter.is_ascii_alphabetic(),
        _ => false,
    };
    memchr::memchr_iter(b'<', rest).find(is_markup).unwrap_or(rest.len())
}

pub(super) fn comment_end(rest: &[u8]) -> Option<usize> {
    match rest.get(4..)? {
        [b'>', ..] => return Some(5),
        [b'-', b'>', ..] => return Some(6),
        _ => {}
    }
    // Dashes overlap: `--->`.
    let mut dashes = memchr::memchr_iter(b'-', rest).skip_while(|&at| at < 4);
    dashes.find_map(|at| match rest.get(at..)? {
        [_, b'-', b'>', ..] => Some(at + 3),
        [_, b'-', b'!', b'>', ..] => Some(at + 4),
        _ => None,
    })
}

/// Where an element that holds no tags ends.
pub(super) fn element_end(rest: &[u8], name: &str) -> usize {
    let ends = |at: &usize| is_named(rest, at + 2, name.as_bytes());
    memmem::find_iter(rest, b"</").find(ends).unwrap_or(rest.len())
}

/// Where a script ends: in a comment it may write out another.
pub(super) fn script_end(rest: &[u8]) -> usize {
    enum In {
        Script,
        Comment,
        CommentedScript,
    }
    let mut place = In::Script;
    let mut at = 0;
    loop {
        let ahead = rest.get(at..).unwrap_or_default();
        let next = match place {
            In::Script => memchr(b'<', ahead),
            _ => memchr2(b'<', b'-', ahead),
        };
        let Some(next) = next else { return rest.len() };
        at += next;
        let ahead = rest.get(at..).unwrap_or_default();
        let ends = is_named(rest, at + 2, b"script") && ahead.starts_with(b"</");
        match place {
            In::Script | In::Comment if ends => return at,
            // Its dashes may be those of its end.
            In::Script if ahead.starts_with(b"<!--") => {
                place = In::Comment;
                at += 1;
            }
            In::CommentedScript if ends => place = In::Comment,
            In::Comment if ahead.starts_with(b"<") && is_named(rest, at + 1, b"script") => place = In::CommentedScript,
            In::Comment | In::CommentedScript if ahead.starts_with(b"-->") => place = In::Script,
            _ => {}
        }
        at += 1;
    }
}

/// Whether a tag of a name goes on at a place.
fn is_named(rest: &[u8], at: usize, name: &[u8]) -> bool {
    let found = rest.get(at..at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
    found && rest.get(at + name.len()).is_some_and(|&byte| is_space(byte) || matches!(byte, b'/' | b'>'))
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\x0C')
}
