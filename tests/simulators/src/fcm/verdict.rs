//! How one request ended, and the word by which journal and statistics call it.

use std::time::Duration;

use super::message::Violation;

/// What the simulator decided about one send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// 200: the phone has it.
    Accepted,
    /// 200 to `validate_only`: the message is good, and nobody got it.
    Validated,
    /// 401: the access token is unknown, expired or revoked.
    Unauthenticated,
    /// 403: the access token belongs to another project.
    PermissionDenied,
    /// 400 with field violations: the body is not a message.
    Malformed(Violation),
    /// 400: the device token is not one that FCM could have given.
    BadToken,
    /// 404 UNREGISTERED: the app is gone from that phone.
    Unregistered,
    /// 403 SENDER_ID_MISMATCH: the device token belongs to another sender.
    SenderMismatch,
    /// 401 THIRD_PARTY_AUTH_ERROR: the project's APNs certificate is bad; the access token is fine.
    ThirdPartyAuth,
    /// 429 QUOTA_EXCEEDED with Retry-After.
    Quota {
        /// The wait asked for.
        retry_after: Duration,
    },
    /// 503 UNAVAILABLE, with Retry-After or without.
    Unavailable {
        /// The wait asked for, if any.
        retry_after: Option<Duration>,
    },
    /// 500 INTERNAL.
    Internal,
    /// No answer, ever.
    Stall,
    /// The TCP connection is reset, with everything else that was in flight on it.
    Reset,
}

impl Verdict {
    /// The word used in the journal and in the statistics.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Validated => "validated",
            Self::Unauthenticated => "unauthenticated",
            Self::PermissionDenied => "permission_denied",
            Self::Malformed(_) => "malformed",
            Self::BadToken => "bad_token",
            Self::Unregistered => "unregistered",
            Self::SenderMismatch => "sender_mismatch",
            Self::ThirdPartyAuth => "third_party_auth",
            Self::Quota { retry_after: _ } => "quota",
            Self::Unavailable { retry_after: None } => "unavailable",
            Self::Unavailable {
                retry_after: Some(_),
            } => "unavailable_later",
            Self::Internal => "internal",
            Self::Stall => "stall",
            Self::Reset => "reset",
        }
    }

    /// The HTTP status, if there is an answer at all.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Accepted | Self::Validated => Some(200),
            Self::Malformed(_) | Self::BadToken => Some(400),
            Self::Unauthenticated | Self::ThirdPartyAuth => Some(401),
            Self::PermissionDenied | Self::SenderMismatch => Some(403),
            Self::Unregistered => Some(404),
            Self::Quota { retry_after: _ } => Some(429),
            Self::Internal => Some(500),
            Self::Unavailable { retry_after: _ } => Some(503),
            Self::Stall | Self::Reset => None,
        }
    }
}
