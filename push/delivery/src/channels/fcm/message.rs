//! The body of a send, written straight from the push: one JSON text, no tree in between.

use jiff::Timestamp;
use notice::Lane;
use serde::Serialize;

use crate::{Push, channels::time_left};

/// What the phone shows.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Shown<'a> {
    /// First line.
    pub title: &'a str,
    /// Second line.
    pub body: &'a str,
}

#[derive(Serialize)]
struct Envelope<'a> {
    message: Message<'a>,
}

#[derive(Serialize)]
struct Message<'a> {
    token: &'a str,
    notification: Shown<'a>,
    data: Data<'a>,
    android: Android<'a>,
    apns: Apns<'a>,
    webpush: WebPush<'a>,
}

/// For the app itself. Every value is a string: FCM takes no other.
#[derive(Serialize)]
struct Data<'a> {
    notice: &'a str,
    kind: &'a str,
    child: &'a str,
    occurred_at: &'a str,
    title: &'a str,
    body: &'a str,
}

#[derive(Serialize)]
struct Android<'a> {
    priority: &'static str,
    collapse_key: &'a str,
    ttl: &'a str,
    notification: AndroidNotification<'a>,
}

#[derive(Serialize)]
struct AndroidNotification<'a> {
    tag: &'a str,
    channel_id: &'a str,
    event_time: &'a str,
}

#[derive(Serialize)]
struct Apns<'a> {
    headers: ApnsHeaders<'a>,
    payload: ApnsPayload<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ApnsHeaders<'a> {
    apns_priority: &'static str,
    apns_collapse_id: &'a str,
    apns_expiration: &'a str,
}

#[derive(Serialize)]
struct ApnsPayload<'a> {
    aps: Aps<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Aps<'a> {
    sound: &'static str,
    thread_id: &'a str,
}

#[derive(Serialize)]
struct WebPush<'a> {
    headers: WebHeaders<'a>,
    notification: WebNotification<'a>,
}

#[derive(Serialize)]
struct WebHeaders<'a> {
    #[serde(rename = "Urgency")]
    urgency: &'static str,
    #[serde(rename = "TTL")]
    ttl: &'a str,
}

#[derive(Serialize)]
struct WebNotification<'a> {
    title: &'a str,
    body: &'a str,
    tag: &'a str,
}

/// Writes the body. The provider, too, gives a push up when the kind's time is over.
pub fn body(push: &Push, shown: Shown<'_>, now: Timestamp) -> serde_json::Result<Vec<u8>> {
    let (notice, child) = (push.notice.to_string(), push.child.to_string());
    let occurred_at = push.occurred_at.to_string();
    let left = time_left(push, now).as_secs();
    let (ttl, ttl_s, until) = (left.to_string(), format!("{left}s"), (now.as_second() + left).to_string());
    let Shown { title, body } = shown;
    let weight = weight(push.kind.urgency.lane());
    serde_json::to_vec(&Envelope {
        message: Message {
            token: &push.device_token,
            notification: shown,
            data: Data { notice: &notice, kind: push.kind.name, child: &child, occurred_at: &occurred_at, title, body },
            android: Android {
                priority: weight.android,
                collapse_key: &notice,
                ttl: &ttl_s,
                notification: AndroidNotification { tag: &notice, channel_id: push.kind.name, event_time: &occurred_at },
            },
            apns: Apns {
                headers: ApnsHeaders { apns_priority: weight.apns, apns_collapse_id: &notice, apns_expiration: &until },
                payload: ApnsPayload { aps: Aps { sound: "default", thread_id: &child } },
            },
            webpush: WebPush { headers: WebHeaders { urgency: weight.web, ttl: &ttl }, notification: WebNotification { title, body, tag: &notice } },
        },
    })
}

/// How hard a provider tries: what is told to many does not wake a phone that sleeps.
struct Weight {
    android: &'static str,
    apns: &'static str,
    web: &'static str,
}

fn weight(lane: Lane) -> Weight {
    match lane {
        Lane::Urgent | Lane::Normal => Weight { android: "HIGH", apns: "10", web: "high" },
        Lane::Bulk => Weight { android: "NORMAL", apns: "5", web: "normal" },
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use serde_json::{Value, json};

    use super::*;
    use crate::test_data::push;

    #[test]
    fn inv_1_a_phone_shows_a_notice_once() {
        let push = push();
        let now = push.occurred_at + SignedDuration::from_secs(60);
        let body: Value = serde_json::from_slice(&body(&push, Shown { title: "Т\"", body: "Б" }, now).unwrap()).unwrap();
        let message = body.get("message").unwrap();
        let notice = json!(push.notice.to_string());
        for place in ["/data/notice", "/android/collapse_key", "/android/notification/tag", "/apns/headers/apns-collapse-id", "/webpush/notification/tag"] {
            assert_eq!(message.pointer(place), Some(&notice), "{place}");
        }
        assert_eq!(message.pointer("/notification"), Some(&json!({ "title": "Т\"", "body": "Б" })));
        assert_eq!(message.pointer("/android/ttl"), Some(&json!("3540s")));
        assert!(message.get("data").unwrap().as_object().unwrap().values().all(Value::is_string));
    }
}
