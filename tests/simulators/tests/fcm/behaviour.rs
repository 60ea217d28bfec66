//! What is answered, and what the journal says about it.

use std::time::{Duration, Instant};

use reqwest::{Response, Version};
use serde_json::{Value, json};

use crate::bench::{Bench, PROJECT, http1_client};

/// Status, FCM error code and Retry-After of an answer, `503 UNAVAILABLE 1`, or `no answer`.
async fn told(answer: reqwest::Result<Response>) -> String {
    let Ok(answer) = answer else {
        return "no answer".to_owned();
    };
    let mut words = vec![answer.status().as_u16().to_string()];
    let wait = answer
        .headers()
        .get("retry-after")
        .map(|value| value.to_str().unwrap().to_owned());
    let body: Value = answer.json().await.unwrap();
    if let Some(details) = body["error"]["details"].as_array() {
        words.extend(
            details
                .iter()
                .filter_map(|detail| detail["errorCode"].as_str())
                .map(str::to_owned),
        );
    }
    words.extend(wait);
    words.join(" ")
}

#[tokio::test]
async fn an_accepted_send_has_a_name_and_a_line() {
    let bench = Bench::start(&[]);
    let access = bench.access_token().await;
    let body = json!({"message": {
        "token": "dev:1", "data": {"notice": "n-1", "child": "Әлия"},
        "notification": {"title": "t", "body": "b"},
        "android": {"collapse_key": "n-1", "priority": "HIGH", "ttl": "3600s", "notification": {"tag": "n-1"}},
        "webpush": {"headers": {"Topic": "n-1"}, "notification": {"tag": "n-1"}},
        "apns": {"headers": {"apns-collapse-id": "n-1"}, "payload": {"aps": {"badge": 1}}},
    }});
    let answer = bench.post(&access, &body).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.version(), Version::HTTP_2);
    let answer: Value = answer.json().await.unwrap();
    assert!(
        answer["name"]
            .as_str()
            .unwrap()
            .starts_with(&format!("projects/{PROJECT}/messages/")),
        "{answer}"
    );

    let line = bench.journal_line(|line| line["notice"] == "n-1").await;
    for (field, value) in [
        ("kind", json!("send")),
        ("project", json!(PROJECT)),
        ("token", json!("dev:1")),
        ("data", json!({"notice": "n-1", "child": "Әлия"})),
        ("outcome", json!("accepted")),
        ("status", json!(200)),
        ("http", json!("2")),
        ("latency_ms", json!(0)),
    ] {
        assert_eq!(line[field], value, "{field}");
    }
    assert!(line["at"].as_u64().unwrap() > 1_700_000_000_000);
}

#[tokio::test]
async fn http_1_1_is_served_on_the_same_port() {
    let mut bench = Bench::start(&[]);
    let access = bench.access_token().await;
    bench.client = http1_client();
    let answer = bench.send(&access, "dev:1", "n-1").await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.version()),
        (200, Version::HTTP_11)
    );
    bench
        .journal_line(|line| line["http"] == "1.1" && line["outcome"] == "accepted")
        .await;
}

#[tokio::test]
async fn a_wrong_assertion_gets_no_token() {
    let bench = Bench::start(&[]);
    let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    let header = json!({"alg": "RS256", "typ": "JWT"});
    let good = bench.claims();
    let now = good["iat"].as_u64().unwrap();
    let with = |field: &str, value: Value| {
        let mut claims = good.clone();
        claims[field] = value;
        bench.assertion(&header, &claims)
    };
    let right = bench.assertion(&header, &good);
    let (body, signature) = right.rsplit_once('.').unwrap();
    let other = bench.assertion(&header, &json!({"x": 1}));
    let forged = format!("{body}.{}", other.rsplit_once('.').unwrap().1);
    let foreign_key = bench.assertion(&json!({"alg": "RS256", "kid": "other"}), &good);
    let unsigned = bench.assertion(&json!({"alg": "none"}), &good);
    let cases = [
        ("right", grant, right.clone(), 200, ""),
        (
            "grant type",
            "password",
            right.clone(),
            400,
            "unsupported_grant_type",
        ),
        ("no JWT", grant, "abc".to_owned(), 400, "invalid_grant"),
        (
            "no claims",
            grant,
            format!("{signature}.{signature}.{signature}"),
            400,
            "invalid_grant",
        ),
        ("forged", grant, forged, 400, "invalid_grant"),
        ("unsigned", grant, unsigned, 400, "invalid_grant"),
        ("foreign key", grant, foreign_key, 401, "invalid_client"),
        (
            "issuer",
            grant,
            with("iss", json!("somebody@else")),
            400,
            "invalid_grant",
        ),
        (
            "audience",
            grant,
            with("aud", json!("https://elsewhere/token")),
            400,
            "invalid_grant",
        ),
        (
            "scope",
            grant,
            with("scope", json!("https://www.googleapis.com/auth/drive")),
            400,
            "invalid_scope",
        ),
        (
            "expired",
            grant,
            with("exp", json!(now - 1)),
            400,
            "invalid_grant",
        ),
        (
            "too long",
            grant,
            with("exp", json!(now + 7200)),
            400,
            "invalid_grant",
        ),
        (
            "from the future",
            grant,
            with("iat", json!(now + 3000)),
            400,
            "invalid_grant",
        ),
    ];
    for (what, grant, assertion, status, error) in cases {
        let answer = bench.ask_token(grant, &assertion).await;
        assert_eq!(answer.status(), status, "{what}");
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(
            answer["error"].as_str().unwrap_or(""),
            error,
            "{what}: {answer}"
        );
    }
    bench
        .journal_line(|line| line["kind"] == "token" && line["outcome"] == "invalid_scope")
        .await;
}

#[tokio::test]
async fn a_bad_access_token_is_401_until_a_new_one_is_fetched() {
    let bench = Bench::start(&[]);
    let answer = bench.send("ya29.invented", "dev:1", "n").await.unwrap();
    assert!(answer.headers().contains_key("www-authenticate"));
    let body: Value = answer.json().await.unwrap();
    assert_eq!(
        (&body["error"]["code"], &body["error"]["status"]),
        (&json!(401), &json!("UNAUTHENTICATED"))
    );

    let access = bench.access_token().await;
    assert_eq!(told(bench.send(&access, "dev:1", "n").await).await, "200");
    let answer: Value = bench
        .control(&json!({"revoke_tokens": true}))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(answer["revoked"], 1);
    assert_eq!(told(bench.send(&access, "dev:1", "n").await).await, "401");
    let renewed = bench.access_token().await;
    assert_eq!(told(bench.send(&renewed, "dev:1", "n").await).await, "200");

    bench.control(&json!({"token_lifetime_s": 0})).await;
    let expired = bench.access_token().await;
    assert_eq!(told(bench.send(&expired, "dev:1", "n").await).await, "401");
}

#[tokio::test]
async fn another_project_is_403_and_another_address_404() {
    let bench = Bench::start(&[]);
    let access = bench.access_token().await;
    let post = |path: &str| {
        bench
            .client
            .post(format!("{}{path}", bench.base))
            .bearer_auth(&access)
            .body("{}")
            .send()
    };
    assert_eq!(
        post("/v1/projects/other/messages:send")
            .await
            .unwrap()
            .status(),
        403
    );
    assert_eq!(
        post("/v1/projects/other/messages").await.unwrap().status(),
        404
    );
}

#[tokio::test]
async fn a_bad_body_is_400_with_its_field() {
    let bench = Bench::start(&[]);
    let access = bench.access_token().await;
    let cases = [
        (json!({"message": {"data": {"a": "b"}}}), "message"),
        (
            json!({"message": {"token": "a", "data": {"n": 12}}}),
            "message.data",
        ),
        (
            json!({"message": {"token": "a", "android": {"ttl": "soon"}}}),
            "message.android.ttl",
        ),
        (json!({"message": {"token": "a b"}}), "message.token"),
        (json!({"message": {"token": "bad-1"}}), "message.token"),
        (
            json!({"message": {"token": "a", "notification": {"body": "x".repeat(70_000)}}}),
            "",
        ),
    ];
    for (body, field) in cases {
        let answer = bench.post(&access, &body).await.unwrap();
        assert_eq!(answer.status(), 400);
        let answer: Value = answer.json().await.unwrap();
        let details = answer["error"]["details"].as_array().unwrap();
        let named = details
            .iter()
            .find_map(|detail| detail["fieldViolations"][0]["field"].as_str());
        assert_eq!(named, Some(field), "{answer}");
        assert_eq!(answer["error"]["status"], "INVALID_ARGUMENT");
    }
}

#[tokio::test]
async fn a_device_token_tells_its_story() {
    let bench = Bench::start(&["--retry-after-s", "7"]);
    let access = bench.access_token().await;
    let cases: [(&str, &[&str]); 9] = [
        ("gone-1", &["404 UNREGISTERED", "404 UNREGISTERED"]),
        ("bad-1", &["400 INVALID_ARGUMENT", "400 INVALID_ARGUMENT"]),
        ("alien-1", &["403 SENDER_ID_MISMATCH"]),
        ("thirdparty-1", &["401 THIRD_PARTY_AUTH_ERROR"]),
        (
            "busy-x",
            &["429 QUOTA_EXCEEDED 7", "429 QUOTA_EXCEEDED 7", "200", "200"],
        ),
        ("busy-1-x", &["429 QUOTA_EXCEEDED 7", "200"]),
        ("down-x", &["503 UNAVAILABLE", "503 UNAVAILABLE", "200"]),
        (
            "later-x",
            &["503 UNAVAILABLE 7", "503 UNAVAILABLE 7", "200"],
        ),
        ("broken-1-x", &["500 INTERNAL", "200"]),
    ];
    for (device, story) in cases {
        for expected in story {
            assert_eq!(
                told(bench.send(&access, device, "n").await).await,
                *expected,
                "{device}"
            );
        }
    }
    bench
        .control(&json!({"failures": 1, "forget_script": true}))
        .await;
    assert_eq!(
        told(bench.send(&access, "down-x", "n").await).await,
        "503 UNAVAILABLE"
    );
    assert_eq!(told(bench.send(&access, "down-x", "n").await).await, "200");
}

#[tokio::test]
async fn a_stall_lasts_until_the_client_gives_up() {
    let bench = Bench::start(&[]);
    let access = bench.access_token().await;
    let waited = tokio::time::timeout(
        Duration::from_millis(300),
        bench.send(&access, "stall-1", "n-1"),
    )
    .await;
    assert!(waited.is_err(), "a stalled send was answered");
    assert_eq!(
        told(bench.send(&access, "stall-1", "n-2").await).await,
        "200"
    );
    let line = bench.journal_line(|line| line["notice"] == "n-1").await;
    assert_eq!(
        (&line["outcome"], line.get("status")),
        (&json!("stall"), None)
    );
    let deadline = Instant::now() + Duration::from_secs(10);
    while bench.stats().await["in_flight"] != 0 {
        assert!(
            Instant::now() < deadline,
            "a stalled send outlives its client"
        );
    }
}

#[tokio::test]
async fn a_reset_breaks_the_connection_and_its_neighbours() {
    let bench = Bench::start(&["--latency-ms", "400"]);
    let access = bench.access_token().await;
    let neighbour = async {
        bench.journal_line(|line| line["token"] == "reset-1").await;
        bench.send(&access, "dev:1", "n-2").await
    };
    let (reset, neighbour) = tokio::join!(bench.send(&access, "reset-1", "n-1"), neighbour);
    assert_eq!(
        (told(reset).await.as_str(), told(neighbour).await.as_str()),
        ("no answer", "no answer")
    );

    let accepted = bench.journal_line(|line| line["notice"] == "n-2").await;
    assert_eq!(accepted["outcome"], "accepted");
    bench
        .journal_line(|line| line["kind"] == "unanswered" && line["n"] == accepted["n"])
        .await;
    assert_eq!(
        bench.stats().await["unanswered"],
        1,
        "the reset itself owes no answer"
    );
    assert_eq!(
        told(bench.send(&access, "reset-1", "n-1").await).await,
        "200"
    );
}

#[tokio::test]
async fn a_reset_over_http_1_1_is_a_reset_too() {
    let mut bench = Bench::start(&[]);
    let access = bench.access_token().await;
    bench.client = http1_client();
    let error = bench.send(&access, "reset-1", "n").await.unwrap_err();
    assert!(
        format!("{error:?}").contains("ConnectionReset"),
        "{error:?}"
    );
    assert_eq!(told(bench.send(&access, "reset-1", "n").await).await, "200");
}

#[tokio::test]
async fn faults_and_latency_change_while_it_runs() {
    let bench = Bench::start(&[]);
    let access = bench.access_token().await;
    assert_eq!(told(bench.send(&access, "dev:1", "n").await).await, "200");
    bench
        .control(&json!({"faults": {"unavailable": 1.0}}))
        .await;
    assert_eq!(
        told(bench.send(&access, "dev:1", "n").await).await,
        "503 UNAVAILABLE"
    );
    bench
        .control(&json!({"faults": {"quota": 1.0}, "latency": {"latency_ms": 120}}))
        .await;
    let before = Instant::now();
    assert_eq!(
        told(bench.send(&access, "dev:1", "n").await).await,
        "429 QUOTA_EXCEEDED 1"
    );
    assert!(before.elapsed() >= Duration::from_millis(120));

    let refused = [
        json!({"faults": {"quota": 2}}),
        json!({"faults": {"qouta": 0}}),
        json!({"nothing": 1}),
    ];
    for body in refused {
        assert_eq!(bench.control(&body).await.status(), 400, "{body}");
    }
    let stats = bench.stats().await;
    assert_eq!(
        stats["outcomes"],
        json!({"accepted": 1, "unavailable": 1, "quota": 1})
    );
    assert_eq!(stats["settings"]["faults"]["quota"], 1.0);
    assert_eq!(
        (&stats["sends"], &stats["tokens_issued"]),
        (&json!(3), &json!(1))
    );
}
