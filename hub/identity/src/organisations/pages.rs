//! `POST /my/place`: goes to another organisation of the person.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, post},
};
use serde::Deserialize;
use web::{Answer, Site, form::Posted};

use super::{choice, workplaces};
use crate::{MyGuard, accounts::to, guard::note_at, schools};

/// The route of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/my/place", post().to(go));
}

#[derive(Debug, Deserialize)]
struct PlaceForm {
    #[serde(default)]
    place: String,
}

/// To where the person's work begins there; a place that is not theirs leads home.
async fn go(req: HttpRequest, guard: MyGuard, form: Posted<PlaceForm>) -> Answer {
    let site = Site::of(&req)?;
    let places = schools::by_ids(site, &workplaces(&guard.identity)).await?;
    let Some(place) = places.iter().find(|place| place.code == form.0.place) else { return Ok(to("/")) };
    note_at(&req, site, &guard.identity, place).await?;
    let mut answer = to(&web::page::first_link(&req)?.unwrap_or_else(|| "/".to_owned()));
    answer.add_cookie(&choice(site, &place.code)).map_err(|error| kernel::Error::broken(error.to_string()))?;
    Ok(answer)
}
