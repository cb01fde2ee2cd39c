//! Tables that hold data, told from those that only lay out a page.

use crate::html::dom::Dom;
use crate::html::tag::Tag;

/// A cell with more text than this is a column of a page, not a datum.
const MAX_CELL: u32 = 400;

/// Whether a table holds data.
pub(crate) fn is_data(dom: &Dom, table: usize) -> bool {
    if dom.attr(table, "role").is_some_and(|role| role == "presentation" || role == "none") {
        return false;
    }
    let (mut rows, mut cells, mut filled, mut heads) = (0_usize, 0_usize, 0_usize, false);
    for at in dom.inside(table) {
        match dom.tag(at) {
            Tag::Table => return false,
            Tag::Tr => rows += 1,
            Tag::Th | Tag::Thead | Tag::Caption => heads |= dom.node(at).len > 0,
            _ => {}
        }
        if matches!(dom.tag(at), Tag::Td | Tag::Th) {
            cells += 1;
            filled += usize::from(dom.node(at).len > 0);
            if dom.node(at).len > MAX_CELL {
                return false;
            }
        }
    }
    let columns = cells.div_ceil(rows.max(1));
    heads && filled > 1 || rows > 1 && columns > 1 && filled * 2 > cells
}
