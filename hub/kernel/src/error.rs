//! The one error of use cases. A room's own refusals are an enum that turns into [`Error::Refused`] with a code `room.reason`;
//! the web maps each kind once to a page or a problem document (RFC 9457). Causes are logged at that boundary and never shown.

use std::borrow::Cow;

/// Shorthand.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not there, or not visible to this actor: the same answer for both.
    #[error("not found")]
    NotFound,
    /// Signed in, but without the right.
    #[error("forbidden: needs {}", .0.0)]
    Forbidden(crate::right::Right),
    /// A rule of the room says no.
    #[error("refused: {0}")]
    Refused(&'static str),
    /// Fields that cannot be taken; each with a message key.
    #[error("invalid fields: {0:?}")]
    Invalid(Vec<FieldError>),
    /// Too much at once; try again.
    #[error("busy")]
    Busy,
    /// The database, with its cause.
    #[error("database: {0}")]
    Database(#[from] tokio_postgres::Error),
    /// Something of ours is broken.
    #[error("broken: {0}")]
    Broken(Cow<'static, str>),
}

/// One field of a form that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field in the form.
    pub field: &'static str,
    /// Fluent message key.
    pub message: &'static str,
}

impl Error {
    /// Something of ours is broken, with what.
    pub fn broken(what: impl Into<Cow<'static, str>>) -> Self {
        Self::Broken(what.into())
    }

    /// One field that cannot be taken.
    pub fn invalid(field: &'static str, message: &'static str) -> Self {
        Self::Invalid(vec![FieldError { field, message }])
    }

    /// The SQLSTATE, where the database said one.
    pub fn sqlstate(&self) -> Option<&str> {
        match self {
            Self::Database(error) => error.code().map(tokio_postgres::error::SqlState::code),
            _ => None,
        }
    }

    /// Whether the data itself is what the database refused (SQLSTATE classes 22 and 23): trying again cannot help.
    pub fn blames_the_data(&self) -> bool {
        self.sqlstate().is_some_and(|state| state.starts_with("22") || state.starts_with("23"))
    }

    /// Whether a lock was not had in time (SQLSTATE 55P03): somebody else is in the way.
    pub fn is_lock_timeout(&self) -> bool {
        self.sqlstate() == Some("55P03")
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => Self::Database(error),
            deadpool_postgres::PoolError::Timeout(_) => Self::Busy,
            other => Self::Broken(other.to_string().into()),
        }
    }
}
