//! The seam between the store's sentences and the databases that understand them: a transaction, its
//! values and its rows. Each sentence is written once; the few words that differ are a [`Dialect`]'s.
//!
//! Parameters are numbered in the order in which they first appear: SQLite counts them so. Where one may be
//! NULL, it is compared before it is asked for NULL: PostgreSQL takes its type from the comparison.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use url::Url;

use super::StoreError;
use crate::model::{EntryId, SourceId, StoryId};

/// A value that goes into a statement or comes out of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// Nothing.
    Null,
    /// Numbers, flags (0 and 1) and times (microseconds since 1970).
    Integer(i64),
    /// Text, which may hold any character.
    Text(Cow<'a, str>),
    /// Ids and digests.
    Bytes(&'a [u8]),
}

/// The values of a statement, in the order of its parameters.
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::store::sql::Value::from($value)),*] };
}
pub(super) use values;

/// One row of an answer.
pub(super) trait Row {
    /// The value of a column.
    fn value(&self, column: usize) -> Result<Value<'_>, StoreError>;
}

impl dyn Row + '_ {
    /// The value of a column, as what it is.
    pub(super) fn get<T: Taken>(&self, column: usize) -> Result<T, StoreError> {
        let value = self.value(column)?;
        T::taken(value).ok_or_else(|| StoreError::Damaged(format!("column {column} of a row holds something else")))
    }
}

/// What is done with a row.
pub(super) type Take<'t> = dyn FnMut(&dyn Row) -> Result<(), StoreError> + 't;
/// What is done with a row of the answer to one of several sets of values.
pub(super) type TakeOf<'t> = dyn FnMut(usize, &dyn Row) -> Result<(), StoreError> + 't;

/// A transaction.
pub(super) trait Sql {
    /// The words in which this database differs.
    fn dialect(&self) -> Dialect;

    /// Runs a statement; says how many rows it wrote.
    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, StoreError>;

    /// Hands each row of the answer to `take`, which may run statements of its own.
    fn each(&self, sql: &str, values: &[Value<'_>], take: &mut Take<'_>) -> Result<(), StoreError>;

    /// Runs a statement once for each set of values, in one round trip where there are any.
    fn execute_all(&self, sql: &str, sets: &[&[Value<'_>]]) -> Result<(), StoreError> {
        sets.iter().try_for_each(|values| self.execute(sql, values).map(drop))
    }

    /// As [`Sql::each`], once for each set of values, in one round trip where there are any.
    fn each_of_all(&self, sql: &str, sets: &[&[Value<'_>]], take: &mut TakeOf<'_>) -> Result<(), StoreError> {
        for (number, values) in sets.iter().enumerate() {
            self.each(sql, values, &mut |row| take(number, row))?;
        }
        Ok(())
    }
}

impl dyn Sql + '_ {
    /// What `read` makes of each row.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&dyn Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.each(sql, values, &mut |row| {
            found.push(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// What `read` makes of the first row, if there is one.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&dyn Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.all(sql, values, read)?.into_iter().next())
    }

    /// What `read` makes of the one row that the answer always has.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&dyn Row) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let found = self.first(sql, values, read)?;
        found.ok_or_else(|| StoreError::Damaged("a row that must be there is missing".to_owned()))
    }

    /// What `read` makes of the rows of all sets of values, in the order of the sets.
    pub(super) fn all_of<T, const N: usize>(
        &self,
        sql: &str,
        sets: &[[Value<'_>; N]],
        mut read: impl FnMut(usize, &dyn Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let sets: Vec<&[Value<'_>]> = sets.iter().map(<[_; N]>::as_slice).collect();
        let mut found = Vec::new();
        self.each_of_all(sql, &sets, &mut |number, row| {
            found.push(read(number, row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Runs a statement once for each set of values.
    pub(super) fn execute_each<const N: usize>(&self, sql: &str, sets: &[[Value<'_>; N]]) -> Result<(), StoreError> {
        let sets: Vec<&[Value<'_>]> = sets.iter().map(<[_; N]>::as_slice).collect();
        self.execute_all(sql, &sets)
    }
}

/// In what the databases differ. Everything else is said in words that all of them understand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// The end of a question whose rows are to be written: those that another process is about to write are
    /// left out. SQLite has one writer, so that there are none.
    pub(super) fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => "FOR UPDATE SKIP LOCKED",
        }
    }

    /// The rows of a JSON array of texts that is a parameter.
    pub(super) fn listed(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => format!("SELECT value FROM json_each({parameter})"),
            Self::Postgres => format!("SELECT json_array_elements_text(CAST({parameter} AS json))"),
        }
    }
}

/// A type that a column's value can be.
pub(super) trait Taken: Sized {
    /// The value as this type; None when it is something else.
    fn taken(value: Value<'_>) -> Option<Self>;
}

impl Taken for i64 {
    fn taken(value: Value<'_>) -> Option<Self> {
        if let Value::Integer(number) = value { Some(number) } else { None }
    }
}

impl Taken for u32 {
    fn taken(value: Value<'_>) -> Option<Self> {
        i64::taken(value)?.try_into().ok()
    }
}

impl Taken for u64 {
    fn taken(value: Value<'_>) -> Option<Self> {
        i64::taken(value)?.try_into().ok()
    }
}

impl Taken for bool {
    fn taken(value: Value<'_>) -> Option<Self> {
        i64::taken(value).map(|number| number != 0)
    }
}

impl Taken for String {
    fn taken(value: Value<'_>) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.into_owned()) } else { None }
    }
}

impl Taken for Vec<u8> {
    fn taken(value: Value<'_>) -> Option<Self> {
        if let Value::Bytes(bytes) = value { Some(bytes.to_vec()) } else { None }
    }
}

impl Taken for DateTime<Utc> {
    fn taken(value: Value<'_>) -> Option<Self> {
        DateTime::from_timestamp_micros(i64::taken(value)?)
    }
}

impl Taken for EntryId {
    fn taken(value: Value<'_>) -> Option<Self> {
        if let Value::Bytes(bytes) = value { bytes.try_into().ok().map(Self::from_bytes) } else { None }
    }
}

impl Taken for StoryId {
    fn taken(value: Value<'_>) -> Option<Self> {
        if let Value::Bytes(bytes) = value { bytes.try_into().ok().map(Self::from_bytes) } else { None }
    }
}

impl Taken for SourceId {
    fn taken(value: Value<'_>) -> Option<Self> {
        if let Value::Text(text) = value { Self::parse(&text).ok() } else { None }
    }
}

impl Taken for Url {
    fn taken(value: Value<'_>) -> Option<Self> {
        if let Value::Text(text) = value { Self::parse(&text).ok() } else { None }
    }
}

impl<T: Taken> Taken for Option<T> {
    fn taken(value: Value<'_>) -> Option<Self> {
        if value == Value::Null { Some(None) } else { T::taken(value).map(Some) }
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Integer(i64::from(flag))
    }
}

/// A number of rows.
impl From<usize> for Value<'_> {
    fn from(count: usize) -> Self {
        Self::Integer(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<DateTime<Utc>> for Value<'_> {
    fn from(time: DateTime<Utc>) -> Self {
        Self::Integer(time.timestamp_micros())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a SourceId> for Value<'a> {
    fn from(id: &'a SourceId) -> Self {
        Self::from(id.as_str())
    }
}

impl<'a> From<&'a Url> for Value<'a> {
    fn from(url: &'a Url) -> Self {
        Self::from(url.as_str())
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a EntryId> for Value<'a> {
    fn from(id: &'a EntryId) -> Self {
        Self::Bytes(id.as_bytes())
    }
}

impl<'a> From<&'a StoryId> for Value<'a> {
    fn from(id: &'a StoryId) -> Self {
        Self::Bytes(id.as_bytes())
    }
}

impl<'a, T> From<Option<T>> for Value<'a>
where
    Value<'a>: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}
