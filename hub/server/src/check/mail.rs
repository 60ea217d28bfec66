//! Letters: the server answers and takes the password. No letter is sent.

use super::Finding;
use crate::{config::Config, run};

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let Some(host) = &config.mail.host else { return vec![Finding::Good("letters are off: who forgot the password goes to the school".into())] };
    let Some(way_out) = config.mode.way_out() else { return vec![Finding::Good("the mail server is not looked at: no traffic outward in mode test".into())] };
    let answered = match run::mail_transport(way_out, config) {
        Ok(Some(transport)) => transport.test_connection().await.map_err(|error| error.to_string()),
        Ok(None) => return Vec::new(),
        Err(error) => Err(error.to_string()),
    };
    vec![match answered {
        Ok(true) => Finding::Good(format!("the mail server {host} answers")),
        Ok(false) => Finding::Bad(format!("the mail server {host} does not take us: is mail.user right?")),
        Err(error) => Finding::Bad(format!("the mail server {host} cannot be reached: {error}. Are mail.port and mail.encryption right?")),
    }]
}
