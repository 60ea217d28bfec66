//! Push: the service account is whole and its token endpoint answers. No token is asked for, nothing is sent.

use super::Finding;
use crate::config::Config;
use kernel::mode::WayOut;
use serde::Deserialize;
use std::{fs, time::Duration};

/// What is needed of a service account's file.
#[derive(Deserialize)]
struct ServiceAccount {
    project_id: String,
    client_email: String,
    private_key: String,
    token_uri: String,
}

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let fcm = &config.push.fcm;
    if !fcm.enabled {
        return vec![Finding::Good("push to phones is off".into())];
    }
    let Some(way_out) = config.mode.way_out() else { return vec![Finding::Good("push to phones is not looked at: no traffic outward in mode test".into())] };
    let Some(path) = &fcm.service_account_file else { return vec![Finding::Bad("push.fcm.service_account_file is not set".into())] };
    let account = match fs::read_to_string(path) {
        Ok(text) => serde_json::from_str::<ServiceAccount>(&text),
        Err(error) => return vec![Finding::Bad(format!("push.fcm.service_account_file names {}, which cannot be read: {error}", path.display()))],
    };
    match account {
        Ok(account) if account.private_key.contains("PRIVATE KEY") => vec![
            Finding::Good(format!("push speaks as {} in project {}", account.client_email, account.project_id)),
            answers(way_out, "the token endpoint", &account.token_uri).await,
            answers(way_out, "the push service", &fcm.base_url).await,
        ],
        Ok(_) => vec![Finding::Bad(format!("{} holds no private key: download the file again from the Firebase console", path.display()))],
        Err(error) => vec![Finding::Bad(format!("{} is not a service account's file: {error}", path.display()))],
    }
}

/// Any HTTP answer will do: the endpoint is there.
async fn answers(_: WayOut, what: &str, url: &str) -> Finding {
    let asked = match reqwest::Client::builder().timeout(Duration::from_secs(5)).build() {
        Ok(client) => client.get(url).send().await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(_answer) => Finding::Good(format!("{what} {url} answers")),
        Err(error) => Finding::Bad(format!("{what} {url} cannot be reached: {error}. Is the way out open, and the address right?")),
    }
}
