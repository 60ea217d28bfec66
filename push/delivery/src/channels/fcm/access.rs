//! The access token: exchanged when first needed, kept until shortly before it ends, thrown away after a 401.

use jiff::{SignedDuration, Timestamp};
use kernel::clock::Clock;
use reqwest::{Client, header::HeaderValue};
use serde::Deserialize;
use thiserror::Error;
use tokio::sync::Mutex;

use super::account::{AssertionError, ServiceAccount};

/// The form field that says what kind of grant an assertion is, already percent-encoded.
const GRANT: &str = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
/// A token is exchanged anew this long before it ends, or a tenth of its life before if that is shorter.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// Why there is no access token.
#[derive(Debug, Error)]
pub enum AccessError {
    /// No assertion.
    #[error(transparent)]
    Assertion(#[from] AssertionError),
    /// The address could not be reached, or did not answer.
    #[error("the token address cannot be reached: {0}")]
    Unreachable(String),
    /// It said no.
    #[error("the token address answered {0}")]
    Status(u16),
    /// Its answer makes no sense.
    #[error("the token address answered with something that is no token")]
    Nonsense,
}

/// The keeper of the access token.
pub struct Access {
    account: ServiceAccount,
    http: Client,
    clock: Clock,
    held: Mutex<Option<Held>>,
}

struct Held {
    bearer: HeaderValue,
    renew_at: Timestamp,
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    expires_in: i64,
}

impl Access {
    /// A keeper that holds nothing yet.
    pub fn new(account: ServiceAccount, http: Client, clock: Clock) -> Self {
        Self { account, http, clock, held: Mutex::new(None) }
    }

    /// `Bearer …`, fresh enough to be sent now. Whoever asks while one is being exchanged waits for it; should that one be cut
    /// off, the next exchanges.
    pub async fn bearer(&self) -> Result<HeaderValue, AccessError> {
        let mut held = self.held.lock().await;
        let now = self.clock.now();
        if let Some(held) = held.as_ref().filter(|held| now < held.renew_at) {
            return Ok(held.bearer.clone());
        }
        let fresh = self.exchange(now).await?;
        let bearer = fresh.bearer.clone();
        *held = Some(fresh);
        Ok(bearer)
    }

    /// Forgets a token that was refused, unless another has come in its place since.
    pub async fn forget(&self, refused: &HeaderValue) {
        let mut held = self.held.lock().await;
        if held.as_ref().is_some_and(|held| held.bearer == *refused) {
            *held = None;
        }
    }

    async fn exchange(&self, now: Timestamp) -> Result<Held, AccessError> {
        let form = format!("{GRANT}{}", self.account.assertion(now)?);
        let request = self.http.post(&self.account.token_uri).header("content-type", "application/x-www-form-urlencoded");
        let response = request.body(form).send().await.map_err(|error| AccessError::Unreachable(error.without_url().to_string()))?;
        let status = response.status();
        if !status.is_success() {
            return Err(AccessError::Status(status.as_u16()));
        }
        let answer: Answer = response.json().await.map_err(|_| AccessError::Nonsense)?;
        metrics::counter!("push_access_tokens_total").increment(1);
        held(&answer, now).ok_or(AccessError::Nonsense)
    }
}

fn held(answer: &Answer, now: Timestamp) -> Option<Held> {
    let life = SignedDuration::from_secs(answer.expires_in.max(0));
    let mut bearer = HeaderValue::from_str(&format!("Bearer {}", answer.access_token)).ok()?;
    bearer.set_sensitive(true);
    Some(Held { bearer, renew_at: now.checked_add(life - MARGIN.min(life / 10)).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_before_it_ends() {
        let renewed_after = |expires_in| {
            let held = held(&Answer { access_token: "t".into(), expires_in }, Timestamp::UNIX_EPOCH).unwrap();
            held.renew_at.as_second()
        };
        assert_eq!(renewed_after(3600), 3600 - 300);
        assert_eq!(renewed_after(60), 54);
        assert_eq!(renewed_after(-5), 0);
    }
}
