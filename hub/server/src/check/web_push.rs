//! Web Push: the key is one, and says who sends. No service is asked: which there are depends on the browsers that subscribe.

use super::Finding;
use crate::config::Config;

pub(super) fn look(config: &Config) -> Finding {
    match config.push.web.key() {
        Ok(Some(vapid)) => Finding::Good(format!("web push speaks as {} with the key {}", config.push.web.contact, vapid.public())),
        Ok(None) => Finding::Good("web push is off".into()),
        Err(error) => Finding::Bad(error.to_string()),
    }
}
