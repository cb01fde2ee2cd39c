//! When tokens were last used. They are known by their digests.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::StoreError;
use super::sql::{Sql, values};

/// The last use of each token that was ever used.
pub(super) fn uses(tx: &dyn Sql) -> Result<BTreeMap<String, DateTime<Utc>>, StoreError> {
    Ok(tx.all("SELECT token, used FROM token_use", &[], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}

/// Keeps uses. Of two uses of a token the later one stays, whichever machine tells of it first.
pub(super) fn note(tx: &dyn Sql, uses: &BTreeMap<String, DateTime<Utc>>) -> Result<(), StoreError> {
    let uses: Vec<_> = uses.iter().map(|(token, used)| values![token, *used]).collect();
    tx.execute_each(
        "INSERT INTO token_use (token, used) VALUES ($1, $2)
         ON CONFLICT (token) DO UPDATE SET used = excluded.used WHERE token_use.used < excluded.used",
        &uses,
    )
}
