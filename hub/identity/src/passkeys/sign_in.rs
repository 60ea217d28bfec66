//! `/sign-in/passkey`: coming in with a passkey.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, post},
};
use serde::Deserialize;
use web::{Answer, Failure, Site, form::Posted, preference::own_path};

use super::{
    pages::{ask, question, removal, set},
    relying_party::relying_party,
    service,
};
use crate::accounts::{Asking, Limits, NoFields, Problem, Visit, entered, sign_in_page};

/// The routes of signing in with a passkey.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/sign-in/passkey/options", post().to(ask_who)).route("/sign-in/passkey", post().to(enter));
}

#[derive(Deserialize)]
struct EnterForm {
    #[serde(default)]
    credential: String,
    next: Option<String>,
}

async fn ask_who(req: HttpRequest, _form: Posted<NoFields>) -> Answer {
    let (site, party) = (Site::of(&req)?, relying_party(&req)?);
    site.memory.of::<Limits>().take(Asking::Passkey(Visit::of(&req).address), site.clock.now()).map_err(Failure::TooMany)?;
    Ok(ask(site, service::ask_who(site, &party).await?)?)
}

async fn enter(req: HttpRequest, form: Posted<EnterForm>) -> Answer {
    let (site, party) = (Site::of(&req)?, relying_party(&req)?);
    let next = form.0.next.as_deref().and_then(own_path).unwrap_or("/").to_owned();
    let question = question(&req).unwrap_or_default();
    match service::enter(site, &party, &question, &form.0.credential, &Visit::of(&req)).await {
        Ok(Some(person)) => {
            metrics::counter!("identity_sign_ins_total", "outcome" => "in").increment(1);
            let mut answer = entered(site, person, &next)?;
            set(&mut answer, removal(site))?;
            Ok(answer)
        }
        Ok(None) => {
            metrics::counter!("identity_sign_ins_total", "outcome" => "wrong").increment(1);
            sign_in_page(&req, next, String::new(), Some(Problem::PasskeyRefused))
        }
        Err(error) => Err(error.into()),
    }
}
