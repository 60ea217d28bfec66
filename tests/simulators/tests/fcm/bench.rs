//! One simulator per test, on a free port, with its client and its journal.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::{Client, Response};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use tempfile::TempDir;

pub const PROJECT: &str = "shanyraq-simulated";
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Bench {
    pub child: Child,
    pub base: String,
    pub account: Value,
    pub client: Client,
    stdin: Option<ChildStdin>,
    folder: TempDir,
}

impl Bench {
    /// Starts the program with further arguments and waits until it says that it is ready.
    pub fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_fcm-simulator"))
            .arg("--service-account")
            .arg(folder.path().join("account.json"))
            .arg("--log")
            .arg(folder.path().join("journal.jsonl"))
            .args(["--for-seconds", "120", "--exit-with-parent"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(ready["ready"], true);
        let account = std::fs::read(ready["service_account"].as_str().unwrap()).unwrap();
        Self {
            stdin: child.stdin.take(),
            child,
            base: ready["base"].as_str().unwrap().to_owned(),
            account: serde_json::from_slice(&account).unwrap(),
            client: http2_client(),
            folder,
        }
    }

    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// A JWT over these claims, signed with the account's key.
    pub fn assertion(&self, header: &Value, claims: &Value) -> String {
        let pem = self.account["private_key"].as_str().unwrap();
        let der: String = pem
            .lines()
            .filter(|line| !line.starts_with("-----"))
            .collect();
        let key = RsaKeyPair::from_pkcs8(&STANDARD.decode(der).unwrap()).unwrap();
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            signed.as_bytes(),
            &mut signature,
        )
        .unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The claims that the simulator wants.
    pub fn claims(&self) -> Value {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs();
        json!({
            "iss": self.account["client_email"], "aud": self.account["token_uri"],
            "scope": "https://www.googleapis.com/auth/firebase.messaging", "iat": now, "exp": now + 3600,
        })
    }

    pub async fn ask_token(&self, grant_type: &str, assertion: &str) -> Response {
        let grant_type = grant_type.replace(':', "%3A");
        self.client
            .post(self.account["token_uri"].as_str().unwrap())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("grant_type={grant_type}&assertion={assertion}"))
            .send()
            .await
            .unwrap()
    }

    pub async fn access_token(&self) -> String {
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.account["private_key_id"]});
        let assertion = self.assertion(&header, &self.claims());
        let answer = self
            .ask_token("urn:ietf:params:oauth:grant-type:jwt-bearer", &assertion)
            .await;
        assert_eq!(answer.status(), 200);
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["token_type"], "Bearer");
        answer["access_token"].as_str().unwrap().to_owned()
    }

    pub async fn post(&self, access: &str, body: &Value) -> reqwest::Result<Response> {
        let url = format!("{}/v1/projects/{PROJECT}/messages:send", self.base);
        self.client
            .post(url)
            .bearer_auth(access)
            .json(body)
            .send()
            .await
    }

    /// Sends notice `notice` to a device.
    pub async fn send(
        &self,
        access: &str,
        device: &str,
        notice: &str,
    ) -> reqwest::Result<Response> {
        self.post(
            access,
            &json!({"message": {"token": device, "data": {"notice": notice}}}),
        )
        .await
    }

    pub async fn control(&self, change: &Value) -> Response {
        self.client
            .post(format!("{}/control", self.base))
            .json(change)
            .send()
            .await
            .unwrap()
    }

    pub async fn stats(&self) -> Value {
        self.client
            .get(format!("{}/stats", self.base))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    /// Waits until the journal has a line that satisfies the condition, and gives it.
    pub async fn journal_line(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(line) = self.journal().into_iter().find(&wanted) {
                return line;
            }
            assert!(
                Instant::now() < deadline,
                "no such line in {:#?}",
                self.journal()
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// All whole lines written so far.
    pub fn journal(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.journal_path()).unwrap();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    pub fn journal_path(&self) -> PathBuf {
        self.folder.path().join("journal.jsonl")
    }

    /// Waits for the program's own end.
    pub async fn ended(&mut self) -> std::process::ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the simulator did not end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// As the hub's: HTTP/2 in clear text with prior knowledge.
pub fn http2_client() -> Client {
    install_crypto();
    Client::builder().http2_prior_knowledge().build().unwrap()
}

pub fn http1_client() -> Client {
    install_crypto();
    Client::builder().http1_only().build().unwrap()
}

fn install_crypto() {
    // A second test of the same process finds it installed.
    drop(rustls::crypto::ring::default_provider().install_default());
}
