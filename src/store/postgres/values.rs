//! Values on their way to PostgreSQL and back.
//!
//! PostgreSQL takes every character but NUL. Where a text holds one, it travels as U+FFFE and `0`; U+FFFE itself,
//! which no text should hold either, as U+FFFE and `1`. So every text comes back as it was.

use std::borrow::Cow;
use std::error::Error;

use bytes::{BufMut as _, BytesMut};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::store::StoreError;
use crate::store::sql::{Row, Value};

const MARK: char = '\u{FFFE}';

/// A text as PostgreSQL takes it.
fn to_kept(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', MARK]) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(MARK, "\u{FFFE}1").replace('\0', "\u{FFFE}0"))
}

/// A kept text as it was.
fn from_kept(text: &str) -> Cow<'_, str> {
    if !text.contains(MARK) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\u{FFFE}0", "\0").replace("\u{FFFE}1", "\u{FFFE}"))
}

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Integer(number) if *kind == Type::INT8 => out.put_i64(*number),
            // A number of rows or a small step, where PostgreSQL takes the parameter to be one.
            Self::Integer(number) if *kind == Type::INT4 => out.put_i32(i32::try_from(*number)?),
            Self::Integer(_) => return Err(format!("a number is no {kind}").into()),
            Self::Text(text) => out.put_slice(to_kept(text).as_bytes()),
            Self::Bytes(bytes) => out.put_slice(bytes),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *kind {
            Type::INT8 => Self::Integer(i64::from_sql(kind, raw)?),
            Type::INT4 => Self::Integer(i32::from_sql(kind, raw)?.into()),
            Type::BOOL => Self::Integer(bool::from_sql(kind, raw)?.into()),
            Type::TEXT | Type::VARCHAR => Self::Text(from_kept(std::str::from_utf8(raw)?)),
            Type::BYTEA => Self::Bytes(raw),
            _ => return Err(format!("nothing of type {kind} is kept").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl Row for tokio_postgres::Row {
    fn value(&self, column: usize) -> Result<Value<'_>, StoreError> {
        self.try_get(column).map_err(|cause| StoreError::Damaged(cause.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_as_it_was() {
        for text in ["", "Báo", "a\0b", "\u{FFFE}", "\0\u{FFFE}0\0\u{FFFE}\u{FFFE}1\0", "\u{FFFE}0", "1\u{FFFE}\0"] {
            let kept = to_kept(text);
            assert!(!kept.contains('\0'), "{text:?}");
            assert_eq!(from_kept(&kept), text);
        }
        assert!(matches!(to_kept("plain"), Cow::Borrowed(_)) && matches!(from_kept("plain"), Cow::Borrowed(_)));
    }
}
