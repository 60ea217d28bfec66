//! A push for unit tests.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Locale,
    id::{NoticeId, PersonId, SchoolId, TokenId, Uuid},
};

use crate::{Push, channels::Via};

/// A push about a pass at 07:52, committed a second later and leased for a minute.
pub fn push() -> Push {
    let occurred_at: Timestamp = "2026-11-21T02:52:00Z".parse().unwrap();
    let created_at = occurred_at + SignedDuration::from_secs(1);
    Push {
        school: SchoolId(Uuid::from_u128(1)),
        notice: NoticeId(Uuid::from_u128(2)),
        recipient: PersonId(Uuid::from_u128(5)),
        token: TokenId(Uuid::from_u128(3)),
        via: Via::Fcm,
        device_token: "phone-of-aigul".to_owned(),
        locale: Locale::Kk,
        child: PersonId(Uuid::from_u128(4)),
        kind: &notice::ENTERED,
        occurred_at,
        created_at,
        lease_until: created_at + SignedDuration::from_secs(60),
        expires_at: occurred_at + notice::ENTERED.expires_after,
        stands_for: 1,
        attempts: 0,
        args: Arc::new(serde_json::json!({ "child": "Айша", "place": "Бас есік", "date": "21.11.2026", "time": "07:52" })),
    }
}
