//! The body of a send: `{"message": {"token": …, "data": {…}, …}}`, checked as the
//! real service checks it, and borrowed from the request rather than copied.
//!
//! Checked: known fields only, their types, string values in `data`, reserved data
//! keys, the limit of 4,096 bytes, and the form of the device token. Not checked:
//! what is inside `notification` objects beyond being objects of JSON.

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// The service's limit for the payload, keys and values together.
const PAYLOAD_LIMIT: usize = 4096;

/// Four weeks: the longest time FCM keeps a message.
const LONGEST_TTL_S: f64 = 2_419_200.0;

/// Why a body is refused: the field, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field, `message.data`.
    pub field: &'static str,
    /// What is wrong with it.
    pub description: String,
}

impl Violation {
    fn new(field: &'static str, description: impl Into<String>) -> Self {
        Self {
            field,
            description: description.into(),
        }
    }
}

/// A message that is worth delivering.
#[derive(Debug)]
pub struct Message<'a> {
    /// The device's registration token.
    pub token: Cow<'a, str>,
    /// The data fields in the order sent.
    pub data: Pairs<'a>,
    /// `validate_only`: checked, not delivered.
    pub validate_only: bool,
}

impl Message<'_> {
    /// The notice's id, by which a phone shows a repeated notice once.
    #[must_use]
    pub fn notice(&self) -> Option<&str> {
        self.data.get("notice")
    }
}

/// String pairs of a JSON object, borrowed where the JSON has no escapes.
#[derive(Debug, Default, PartialEq)]
pub struct Pairs<'a>(Vec<(Text<'a>, Text<'a>)>);

impl Pairs<'_> {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(name, _)| name.0 == key)
            .map(|(_, value)| &*value.0)
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn bytes(&self) -> usize {
        self.0
            .iter()
            .map(|(name, value)| name.0.len() + value.0.len())
            .sum()
    }

    fn reserved_key(&self) -> Option<&str> {
        let reserved = |key: &&str| {
            matches!(*key, "from" | "message_type" | "gcm")
                || key.starts_with("google")
                || key.starts_with("gcm.")
        };
        self.0.iter().map(|(name, _)| &*name.0).find(reserved)
    }
}

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(&name.0, &value.0)?;
        }
        map.end()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Pairs<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object whose values are strings")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::with_capacity(8);
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// A string borrowed from the body where it has no escapes. (`Option<Cow<str>>` and
/// maps of `Cow<str>` would always copy in serde.)
#[derive(Debug, Default, PartialEq)]
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrow;
        impl<'de> Visitor<'de> for Borrow {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Borrow)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body<'a> {
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(default, alias = "validateOnly")]
    validate_only: bool,
}

/// The message with its parts still raw, so that a refusal can name the part.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts<'a> {
    #[serde(borrow, default)]
    token: Option<Text<'a>>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    notification: Option<&'a RawValue>,
    #[serde(borrow, default)]
    android: Option<&'a RawValue>,
    #[serde(borrow, default)]
    webpush: Option<&'a RawValue>,
    #[serde(borrow, default)]
    apns: Option<&'a RawValue>,
    #[serde(default, rename = "fcm_options", alias = "fcmOptions")]
    _fcm_options: Option<Object>,
    #[serde(default)]
    topic: Option<IgnoredAny>,
    #[serde(default)]
    condition: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Notification<'a> {
    #[serde(borrow, default)]
    title: Option<Text<'a>>,
    #[serde(borrow, default)]
    body: Option<Text<'a>>,
    #[serde(borrow, default)]
    image: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Android<'a> {
    #[serde(borrow, default, rename = "collapse_key", alias = "collapseKey")]
    _collapse_key: Option<Text<'a>>,
    #[serde(default, rename = "priority")]
    _priority: Option<Priority>,
    #[serde(borrow, default)]
    ttl: Option<Text<'a>>,
    #[serde(
        borrow,
        default,
        rename = "restricted_package_name",
        alias = "restrictedPackageName"
    )]
    _package: Option<Text<'a>>,
    #[serde(borrow, default)]
    data: Option<Pairs<'a>>,
    #[serde(default, rename = "notification")]
    _notification: Option<Object>,
    #[serde(default, rename = "fcm_options", alias = "fcmOptions")]
    _fcm_options: Option<Object>,
    #[serde(default, rename = "direct_boot_ok", alias = "directBootOk")]
    _direct_boot: Option<bool>,
}

#[derive(Deserialize)]
enum Priority {
    #[serde(rename = "NORMAL", alias = "normal")]
    Normal,
    #[serde(rename = "HIGH", alias = "high")]
    High,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Webpush<'a> {
    #[serde(borrow, default, rename = "headers")]
    _headers: Option<Pairs<'a>>,
    #[serde(borrow, default)]
    data: Option<Pairs<'a>>,
    #[serde(default, rename = "notification")]
    _notification: Option<Object>,
    #[serde(default, rename = "fcm_options", alias = "fcmOptions")]
    _fcm_options: Option<Object>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Apns<'a> {
    #[serde(borrow, default, rename = "headers")]
    _headers: Option<Pairs<'a>>,
    #[serde(default, rename = "payload")]
    _payload: Option<Object>,
    #[serde(default, rename = "fcm_options", alias = "fcmOptions")]
    _fcm_options: Option<Object>,
    #[serde(
        borrow,
        default,
        rename = "live_activity_token",
        alias = "liveActivityToken"
    )]
    _live_activity_token: Option<Text<'a>>,
}

/// Any JSON object, its fields not looked at.
struct Object;

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Skip;
        impl<'de> Visitor<'de> for Skip {
            type Value = Object;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Object)
            }
        }
        deserializer.deserialize_map(Skip)
    }
}

/// Reads and checks the body of a send.
///
/// # Errors
/// The first [`Violation`] found.
pub fn parse(body: &[u8]) -> Result<Message<'_>, Violation> {
    let body: Body<'_> =
        serde_json::from_slice(body).map_err(|e| Violation::new("", json_sentence(&e)))?;
    let raw = body
        .message
        .ok_or_else(|| Violation::new("message", "Recipient of the message is not set."))?;
    let parts: Parts<'_> = part("message", raw)?;
    check_target(&parts)?;
    let data: Pairs<'_> = parts
        .data
        .map_or(Ok(Pairs::default()), |raw| part("message.data", raw))?;
    check_keys("message.data", &data)?;
    let sizes = [
        data.bytes(),
        check_notification(parts.notification)?,
        check_android(parts.android)?,
        check_webpush(parts.webpush)?,
        check_apns(parts.apns)?,
    ];
    if sizes.iter().sum::<usize>() > PAYLOAD_LIMIT {
        return Err(Violation::new(
            "message",
            "The message is too big: its payload exceeds 4096 bytes.",
        ));
    }
    let token = parts.token.unwrap_or_default().0;
    Ok(Message {
        token,
        data,
        validate_only: body.validate_only,
    })
}

/// Whether FCM could have given this registration token.
#[must_use]
pub fn is_token(token: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b':' | b'.');
    !token.is_empty() && token.len() <= PAYLOAD_LIMIT && token.bytes().all(allowed)
}

fn part<'a, T: Deserialize<'a>>(field: &'static str, raw: &'a RawValue) -> Result<T, Violation> {
    serde_json::from_str(raw.get()).map_err(|e| Violation::new(field, json_sentence(&e)))
}

fn json_sentence(error: &serde_json::Error) -> String {
    format!("Invalid JSON payload received. {error}")
}

fn check_target(parts: &Parts<'_>) -> Result<(), Violation> {
    match (&parts.token, &parts.topic, &parts.condition) {
        (Some(_), None, None) => Ok(()),
        (None, None, None) => Err(Violation::new(
            "message",
            "Recipient of the message is not set.",
        )),
        (None, _, _) => Err(Violation::new(
            "message",
            "This simulator delivers to tokens only, not to topics.",
        )),
        (Some(_), _, _) => Err(Violation::new(
            "message",
            "Only one of token, topic and condition can be set.",
        )),
    }
}

fn check_keys(field: &'static str, data: &Pairs<'_>) -> Result<(), Violation> {
    match data.reserved_key() {
        Some(key) => Err(Violation::new(
            field,
            format!("Invalid data payload key: {key}"),
        )),
        None => Ok(()),
    }
}

fn check_notification(raw: Option<&RawValue>) -> Result<usize, Violation> {
    let Some(raw) = raw else { return Ok(0) };
    let read: Notification<'_> = part("message.notification", raw)?;
    Ok([read.title, read.body, read.image]
        .iter()
        .flatten()
        .map(|text| text.0.len())
        .sum())
}

fn check_android(raw: Option<&RawValue>) -> Result<usize, Violation> {
    let Some(raw) = raw else { return Ok(0) };
    let read: Android<'_> = part("message.android", raw)?;
    if read.ttl.is_some_and(|ttl| !is_ttl(&ttl.0)) {
        return Err(Violation::new(
            "message.android.ttl",
            "Invalid TTL: not a duration like 3600s within four weeks.",
        ));
    }
    read.data.map_or(Ok(0), |data| {
        check_keys("message.android.data", &data).map(|()| data.bytes())
    })
}

fn check_webpush(raw: Option<&RawValue>) -> Result<usize, Violation> {
    let Some(raw) = raw else { return Ok(0) };
    let read: Webpush<'_> = part("message.webpush", raw)?;
    read.data.map_or(Ok(0), |data| {
        check_keys("message.webpush.data", &data).map(|()| data.bytes())
    })
}

fn check_apns(raw: Option<&RawValue>) -> Result<usize, Violation> {
    let Some(raw) = raw else { return Ok(0) };
    part::<Apns<'_>>("message.apns", raw).map(|_| 0)
}

fn is_ttl(ttl: &str) -> bool {
    let seconds = ttl
        .strip_suffix('s')
        .and_then(|number| number.parse::<f64>().ok());
    seconds.is_some_and(|s| (0.0..=LONGEST_TTL_S).contains(&s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_message_is_read() {
        let body = br#"{"message":{"token":"abc:1","data":{"notice":"n1","k":"\u049b"},
            "notification":{"title":"t","body":"b"},
            "android":{"collapse_key":"n1","priority":"HIGH","ttl":"3600s","notification":{"tag":"n1"}},
            "webpush":{"headers":{"TTL":"60"},"notification":{"tag":"n1"},"fcm_options":{"link":"https://x"}},
            "apns":{"headers":{"apns-collapse-id":"n1"},"payload":{"aps":{"badge":1}}}}}"#;
        let message = parse(body).expect("a good message");
        assert_eq!(message.token, "abc:1");
        assert_eq!(message.notice(), Some("n1"));
        assert_eq!(
            serde_json::to_string(&message.data).unwrap(),
            r#"{"notice":"n1","k":"қ"}"#
        );
    }

    #[test]
    fn each_mistake_names_its_field() {
        let long = format!(
            r#"{{"message":{{"token":"a","data":{{"k":"{}"}}}}}}"#,
            "x".repeat(4096)
        );
        let cases = [
            ("", ""),
            ("[]", ""),
            (r#"{"massage":{}}"#, ""),
            (r#"{}"#, "message"),
            (r#"{"message":{}}"#, "message"),
            (r#"{"message":{"data":{"a":"b"}}}"#, "message"),
            (r#"{"message":{"token":"a","topic":"t"}}"#, "message"),
            (r#"{"message":{"token":"a","colour":"red"}}"#, "message"),
            (r#"{"message":{"token":7}}"#, "message"),
            (
                r#"{"message":{"token":"a","data":{"n":12}}}"#,
                "message.data",
            ),
            (
                r#"{"message":{"token":"a","data":{"from":"x"}}}"#,
                "message.data",
            ),
            (
                r#"{"message":{"token":"a","data":{"google.x":"x"}}}"#,
                "message.data",
            ),
            (
                r#"{"message":{"token":"a","notification":{"titel":"x"}}}"#,
                "message.notification",
            ),
            (
                r#"{"message":{"token":"a","android":{"priority":"URGENT"}}}"#,
                "message.android",
            ),
            (
                r#"{"message":{"token":"a","android":{"ttl":"3600"}}}"#,
                "message.android.ttl",
            ),
            (
                r#"{"message":{"token":"a","webpush":{"headers":{"TTL":60}}}}"#,
                "message.webpush",
            ),
            (
                r#"{"message":{"token":"a","apns":{"payload":[]}}}"#,
                "message.apns",
            ),
            (long.as_str(), "message"),
        ];
        for (body, field) in cases {
            let violation = parse(body.as_bytes()).expect_err(body);
            assert_eq!(violation.field, field, "{body}");
        }
    }

    #[test]
    fn a_token_has_a_form() {
        assert!(is_token("dQw4:APA91b_x-y"));
        for bad in ["", "a b", "тест", "a/b"] {
            assert!(!is_token(bad), "{bad}");
        }
    }
}
