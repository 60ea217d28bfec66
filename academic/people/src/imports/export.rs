//! `/{school}/register.xlsx`: the pupils in the very form that an import reads. Whoever may see some classes gets those; IINs stand in it for
//! whoever holds their right.

use std::collections::HashMap;

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use identity::{
    ClassGuard, Policy,
    trail::{self, Sight},
};
use kernel::{audit::Whose, id::PersonId, iin::Iin};
use serde_json::json;
use web::{
    Answer, Site, Texts,
    xlsx::{self, Cell, Heading, List},
};

use super::store::{self, Listed, ListedGuardian};
use crate::{
    iin::{Keeper, SeeIin},
    pupils::SeePupils,
};

/// The columns: the field, and how wide it is.
pub(super) const COLUMNS: [(&str, u16); 20] = [
    ("surname", 20),
    ("given-name", 16),
    ("patronymic", 20),
    ("iin", 14),
    ("birth-date", 14),
    ("sex", 8),
    ("class", 8),
    ("language", 12),
    ("address", 36),
    ("phone", 16),
    ("mother-name", 32),
    ("mother-phone", 16),
    ("father-name", 32),
    ("father-phone", 16),
    ("guardian-name", 32),
    ("guardian-kinship", 18),
    ("guardian-phone", 16),
    ("other-name", 32),
    ("other-kinship", 18),
    ("other-phone", 16),
];

/// The route of the register.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/register.xlsx", get().to(register));
}

async fn register(req: HttpRequest, guard: ClassGuard<SeePupils>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let classes = guard.ctx.within::<SeePupils>()?.classes();
    let keeper = guard.ctx.require::<SeeIin>().and_then(|()| Keeper::of(Policy::of(&req), site.mode)).ok();
    let read = site.db.run(&guard.ctx.scope, async |tx| {
        let pupils = store::REGISTER.all(tx, (school.id, classes.clone())).await?;
        let guardians = store::REGISTER_GUARDIANS.all(tx, (school.id, classes.clone())).await?;
        let iins = match &keeper {
            Some(keeper) => keeper.iins_of(tx, pupils.iter().map(|pupil| pupil.id).collect()).await?,
            None => HashMap::new(),
        };
        Ok((pupils, guardians, iins))
    });
    let (pupils, guardians, iins): (Vec<Listed>, Vec<ListedGuardian>, HashMap<PersonId, Iin>) = read.await?;
    let sight = Sight::of(school.id, "people.export_register", Whose::persons(pupils.iter().map(|pupil| pupil.id)));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "rows": pupils.len(), "iins": keeper.is_some() }))]).await?;
    let headings = COLUMNS.iter().map(|(key, width)| Heading { text: t.text(format!("imports-field-{key}")), width: *width }).collect();
    let mut of_pupil: HashMap<PersonId, Vec<ListedGuardian>> = HashMap::new();
    for guardian in guardians {
        of_pupil.entry(guardian.pupil_id).or_default().push(guardian);
    }
    let rows: Vec<Vec<Cell>> = pupils.into_iter().map(|pupil| cells(&t, of_pupil.get(&pupil.id).map(Vec::as_slice).unwrap_or_default(), iins.get(&pupil.id), pupil)).collect();
    xlsx::respond(List { file: format!("{}-register", school.code), headings, zone: t.zone().clone() }, rows.into_iter()).await
}

fn cells(t: &Texts<'_>, guardians: &[ListedGuardian], iin: Option<&Iin>, pupil: Listed) -> Vec<Cell> {
    let text = |text: Option<String>| text.map_or(Cell::Empty, Cell::Text);
    let mut others = guardians.iter().filter(|guardian| !matches!(guardian.kind.as_str(), "mother" | "father"));
    let of_kind = |kind: &str| guardians.iter().find(|guardian| guardian.kind == kind);
    let name = |guardian: Option<&ListedGuardian>| text(guardian.map(full_name));
    let phone = |guardian: Option<&ListedGuardian>| text(guardian.and_then(|guardian| guardian.phone.clone()));
    let kinship = |guardian: Option<&ListedGuardian>| text(guardian.map(|guardian| t.text(format!("people-kinship-{}", guardian.kind.replace('_', "-")))));
    let (mother, father, third, fourth) = (of_kind("mother"), of_kind("father"), others.next(), others.next());
    vec![
        Cell::Text(pupil.surname),
        Cell::Text(pupil.given_name),
        text(pupil.patronymic),
        text(iin.map(|iin| iin.reveal().to_owned())),
        text(pupil.birth_date.map(|day| day.strftime("%d.%m.%Y").to_string())),
        text(pupil.sex.map(|sex| t.text(format!("imports-sex-{sex}")))),
        Cell::Text(pupil.class_label),
        Cell::Text(t.text(format!("imports-language-{}", pupil.language))),
        text(pupil.address),
        text(pupil.phone),
        name(mother),
        phone(mother),
        name(father),
        phone(father),
        name(third),
        kinship(third),
        phone(third),
        name(fourth),
        kinship(fourth),
        phone(fourth),
    ]
}

fn full_name(guardian: &ListedGuardian) -> String {
    [Some(guardian.surname.as_str()), Some(guardian.given_name.as_str()), guardian.patronymic.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
