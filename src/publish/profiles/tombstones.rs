//! Atom with tombstones (RFC 6721): who keeps copies learns which articles were withdrawn.

use super::time;
use crate::model::Gone;
use crate::publish::hygiene::escape;
use crate::publish::ready::Ready;
use crate::publish::{atom, ready};

const NAMESPACE: &str = "http://purl.org/atompub/tombstones/1.0";

pub(super) fn write(feed: &Ready<'_>, gone: &[Gone]) -> Result<Vec<u8>, String> {
    let stones: String = gone
        .iter()
        .map(|gone| {
            format!("<at:deleted-entry ref=\"{}\" when=\"{}\"/>\n", escape(&ready::id(&gone.uri)), time(gone.at))
        })
        .collect();
    let namespace = (!gone.is_empty()).then_some(("at", NAMESPACE));
    atom::write(feed, namespace, &stones)
}
