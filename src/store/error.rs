//! Why the store did not do what it was asked, in words that say what to do.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_postgres::error::SqlState;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL names no known kind of store. It is not repeated: it may hold a password.
    #[error("[storage] url names no store: write sqlite:<file> or postgres://<user>@<host>/<database>")]
    UnknownKind,
    /// The URL of a PostgreSQL database cannot be understood. It is not repeated: it may hold a password.
    #[error("[storage] url is no address of a PostgreSQL database: {0}")]
    Address(String),
    /// The folder of the file cannot be made.
    #[error("the folder {path} cannot be made")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        #[source]
        cause: std::io::Error,
    },
    /// SQLite refused; the words say what to do where that is known.
    #[error("the store {path} {what}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What happened, in words.
        what: &'static str,
        /// What SQLite says.
        #[source]
        cause: rusqlite::Error,
    },
    /// PostgreSQL refused or cannot be reached; the words say what to do where that is known.
    #[error("the database {place} {what}")]
    Postgres {
        /// The database and where it is, without user and password.
        place: String,
        /// What happened, in words.
        what: &'static str,
        /// What the server or the system says.
        #[source]
        cause: tokio_postgres::Error,
    },
    /// PostgreSQL does not answer.
    #[error("the database {place} gives no answer for {} seconds", .waited.as_secs())]
    Silent {
        /// The database and where it is.
        place: String,
        /// How long an answer was waited for.
        waited: Duration,
    },
    /// PostgreSQL cannot be used as it is set up.
    #[error("the database {place} {what}")]
    Unfit {
        /// The database and where it is.
        place: String,
        /// What it lacks, and what to do.
        what: String,
    },
    /// The store was made by a newer program.
    #[error(
        "the store {store} was made by a newer newsriver (schema {have}, this program knows {newest}): use that one, or a backup"
    )]
    Newer {
        /// The file or database.
        store: String,
        /// Its schema.
        have: i64,
        /// The newest this program knows.
        newest: i64,
    },
    /// Something kept cannot be understood.
    #[error("the store holds something damaged: {0}")]
    Damaged(String),
    /// The store is being closed.
    #[error("the store is closed")]
    Stopped,
}

impl From<rusqlite::Error> for StoreError {
    fn from(cause: rusqlite::Error) -> Self {
        Self::of(Path::new(""), cause)
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(cause: serde_json::Error) -> Self {
        Self::Damaged(cause.to_string())
    }
}

impl StoreError {
    /// What SQLite said of a file, in words.
    pub(super) fn of(path: &Path, cause: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let what = match cause.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => "cannot grow: the disk is full",
            Some(ErrorCode::ReadOnly) => "is read-only: give this user the right to write it and its folder",
            Some(ErrorCode::CannotOpen) => "cannot be opened: is it a file in a folder that this user may write?",
            Some(ErrorCode::NotADatabase) => "is not a newsriver store: name another file in [storage] url",
            Some(ErrorCode::DatabaseCorrupt) => "is damaged: put a backup in its place",
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "is held by another process for too long",
            Some(ErrorCode::SystemIoFailure) => "cannot be read or written",
            _ => "cannot do this",
        };
        Self::Sqlite { path: path.to_path_buf(), what, cause }
    }

    /// The error with the file it is about.
    pub(super) fn at(self, file: &Path) -> Self {
        match self {
            Self::Sqlite { what, cause, .. } => Self::Sqlite { path: file.to_path_buf(), what, cause },
            other => other,
        }
    }

    /// What PostgreSQL said, in words.
    pub(super) fn of_database(place: &str, cause: tokio_postgres::Error) -> Self {
        let what = match cause.code() {
            Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
                "refuses the user or the password: look at [storage] url and at the server's pg_hba.conf"
            }
            Some(&SqlState::INVALID_CATALOG_NAME) => {
                "is not there: make it with createdb, or name another one in [storage] url"
            }
            Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                "does not let this user work: make the user of [storage] url its owner"
            }
            Some(&SqlState::DUPLICATE_TABLE) => {
                "holds tables of another program: make a database of its own for newsriver"
            }
            Some(&SqlState::TOO_MANY_CONNECTIONS) => "has no connection left: raise max_connections of the server",
            Some(&SqlState::DISK_FULL) => "cannot grow: the server's disk is full",
            Some(&SqlState::READ_ONLY_SQL_TRANSACTION) => {
                "is read-only: name the server that may be written in [storage] url"
            }
            Some(&SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW) => {
                "is stopping or starting"
            }
            Some(&SqlState::LOCK_NOT_AVAILABLE) => "is held by another process for too long",
            Some(&SqlState::QUERY_CANCELED) => "takes too long",
            Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED) => {
                "was being changed by another process"
            }
            Some(_) => "cannot do this",
            None if cause.is_closed() => "closed the connection",
            None if is_own_fault(&cause) => {
                "asks for a password or a way of signing in that [storage] url does not give"
            }
            None if cause.to_string().contains("TLS") => {
                "cannot be reached over TLS: sslmode in [storage] url says what is asked for"
            }
            None => "cannot be reached: is it running, and is it where [storage] url says?",
        };
        Self::Postgres { place: place.to_owned(), what, cause }
    }

    /// Whether the same may go well a little later, as after a restart of the server.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Silent { .. } => true,
            Self::Postgres { cause, .. } if cause.code().is_none() => !is_own_fault(cause),
            Self::Postgres { cause, .. } => cause.code().is_some_and(|code| {
                self.is_collision()
                    || code.code().starts_with("08")
                    || matches!(
                        *code,
                        SqlState::ADMIN_SHUTDOWN
                            | SqlState::CRASH_SHUTDOWN
                            | SqlState::CANNOT_CONNECT_NOW
                            | SqlState::TOO_MANY_CONNECTIONS
                            | SqlState::LOCK_NOT_AVAILABLE
                            | SqlState::READ_ONLY_SQL_TRANSACTION
                    )
            }),
            _ => false,
        }
    }

    /// Whether another process holds what is needed, while the connection is well.
    pub(super) fn is_held(&self) -> bool {
        matches!(self, Self::Postgres { cause, .. } if cause.code() == Some(&SqlState::LOCK_NOT_AVAILABLE))
    }

    /// Whether two transactions were in each other's way, so that one of them is to be made again at once.
    pub(super) fn is_collision(&self) -> bool {
        matches!(self, Self::Postgres { cause, .. } if matches!(
            cause.code(),
            Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED)
        ))
    }
}

/// Whether it was not even tried to sign in, since the address lacks something.
fn is_own_fault(cause: &tokio_postgres::Error) -> bool {
    let words = cause.to_string();
    words.starts_with("invalid configuration") || words.starts_with("authentication error")
}
