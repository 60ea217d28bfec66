//! Guards: the data that a handler needs comes through them, so that it cannot be had without the right.
//!
//! | address | guard | scope |
//! |---|---|---|
//! | `/{school}/…` | [`Guard<P>`] | the school; 404 unless the person belongs to it, 403 unless a role there holds `P` |
//! | `/support/…` and all without `{school}` | [`Guard<P>`] | all organisations where the person is of the supplier, else those where a role holds `P` |
//! | `/my/…` | [`MyGuard`] | the schools of the children, and the person's own rows |
//!
//! A role holds a right as delivered, or because the school made it so ([`crate::roles`]). Who is of the supplier belongs to every school.
//! Nobody signed in: pages lead to `/sign-in`, the API answers 401.

use std::{future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use kernel::{
    Actor, Ctx, Error,
    ctx::SignedIn,
    db::{Db, Scope},
    id::SchoolId,
    right::{Granted, Permission, Place, Role},
};
use web::{Failure, Site, Viewer, form::Deciding, page::Workplace};

use crate::{
    SUPPLIER, organisations,
    schools::{self, School},
    sessions::{Identity, recognise},
    trail,
};

/// A signed-in person who holds the right `P` here. See the module for what "here" is.
#[derive(Debug, Clone)]
pub struct Guard<P> {
    /// The context of the use case.
    pub ctx: Ctx,
    /// The school of the address; nothing at `/support/…`.
    pub school: Option<School>,
    /// Who it is.
    pub identity: Arc<Identity>,
    right: PhantomData<fn() -> P>,
}

impl<P: Permission> Guard<P> {
    /// Decides about a request. Handlers take the guard as an argument instead.
    ///
    /// # Errors
    /// Nobody signed in, a school out of sight, or no role with the right.
    pub async fn of(req: &HttpRequest) -> Result<Self, Failure> {
        let identity = recognise(req).await?;
        let site = Site::of(req)?;
        // Before anything can be refused, so that a refusal too comes in the person's language and with their navigation.
        note_viewer(req, site, &identity, None).await?;
        let (school, standing) = match req.match_info().get("school") {
            Some(code) => {
                let school = schools::by_code(site, code).await?.filter(|school| identity.belongs_to(school.id) || is_of_supplier(&identity));
                let school = school.ok_or(Error::NotFound)?;
                let standing = Standing::at::<P>(&identity, school.id)?;
                note_viewer(req, site, &identity, Some(&school)).await?;
                (Some(school), standing)
            }
            None => (None, Standing::everywhere::<P>(&identity, &site.db).await?),
        };
        Ok(Self { ctx: standing.ctx(req, site, &identity), school, identity, right: PhantomData })
    }

    /// The school of the address.
    ///
    /// # Errors
    /// When the route has none: a mistake of ours.
    pub fn school(&self) -> kernel::Result<&School> {
        self.school.as_ref().ok_or_else(|| Error::broken("the route names no school"))
    }
}

/// A guardian at `/my/…`. A signed-in person without children passes too and sees an empty page.
#[derive(Debug, Clone)]
pub struct MyGuard {
    /// The context: the children's schools and the person's own rows.
    pub ctx: Ctx,
    /// Who it is, with the children.
    pub identity: Arc<Identity>,
}

impl MyGuard {
    /// Decides about a request. Handlers take the guard as an argument instead.
    ///
    /// # Errors
    /// Nobody signed in.
    pub async fn of(req: &HttpRequest) -> Result<Self, Failure> {
        let identity = recognise(req).await?;
        let site = Site::of(req)?;
        note_viewer(req, site, &identity, None).await?;
        let role = identity.children.first().map(|_| Role::Guardian);
        let mut schools: Vec<SchoolId> = identity.children.iter().map(|child| child.school).collect();
        schools.sort_unstable();
        schools.dedup();
        let standing = Standing { role, granted: Granted::default(), scope: Scope::schools(schools) };
        Ok(Self { ctx: standing.ctx(req, site, &identity), identity })
    }
}

/// Who is signed in, without asking for a right. For what is nobody else's, like the WebSocket of one's own session.
///
/// # Errors
/// Nobody signed in.
pub async fn signed_in(req: &HttpRequest) -> Result<SignedIn, Failure> {
    Ok(recognise(req).await?.signed_in())
}

impl<P: Permission> FromRequest for Guard<P> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (deciding, req) = (Deciding::about(req), req.clone());
        Box::pin(async move {
            let guard = Self::of(&req).await?;
            deciding.let_in();
            Ok(guard)
        })
    }
}

impl FromRequest for MyGuard {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (deciding, req) = (Deciding::about(req), req.clone());
        Box::pin(async move {
            let guard = Self::of(&req).await?;
            deciding.let_in();
            Ok(guard)
        })
    }
}

/// As what somebody acts, and what they see then.
struct Standing {
    role: Option<Role>,
    granted: Granted,
    scope: Scope,
}

impl Standing {
    /// As what the person holds the right at a school: by a delivered role, else by one that the school made.
    fn at<P: Permission>(identity: &Identity, school: SchoolId) -> kernel::Result<Self> {
        let here = |(at, role): &&(SchoolId, Role)| (*at == school || role.place() == Place::Supplier) && P::ROLES.contains(role);
        let delivered = identity.grants.iter().find(here).map(|(_, role)| *role);
        let granted = identity.granted_at(school);
        let role = delivered.or_else(|| granted.has::<P>().then_some(Role::Own)).ok_or(Error::Forbidden(P::RIGHT))?;
        Ok(Self { role: Some(role), granted, scope: Scope::school(school) })
    }

    /// As what the person holds the right where no school is named.
    async fn everywhere<P: Permission>(identity: &Identity, db: &Db) -> kernel::Result<Self> {
        let holding: Vec<(SchoolId, Role)> = identity.grants.iter().filter(|(_, role)| P::ROLES.contains(role)).copied().collect();
        let of_supplier = holding.iter().find(|(_, role)| role.place() == Place::Supplier);
        if let Some((_, role)) = of_supplier {
            return Ok(Self { role: Some(*role), granted: Granted::default(), scope: Scope::schools(schools::all(db).await?) });
        }
        // One role is in force; where the person is something else too, that school waits for its own address.
        if let Some((_, role)) = holding.first() {
            let schools = holding.iter().filter(|(_, held)| held == role).map(|(school, _)| *school);
            return Ok(Self { role: Some(*role), granted: Granted::default(), scope: Scope::schools(schools) });
        }
        let own: Vec<SchoolId> = organisations::workplaces(identity).into_iter().filter(|school| identity.granted_at(*school).has::<P>()).collect();
        if own.is_empty() {
            return Err(Error::Forbidden(P::RIGHT));
        }
        Ok(Self { role: Some(Role::Own), granted: Granted::of([P::RIGHT.0.to_owned()]), scope: Scope::schools(own) })
    }

    fn ctx(self, req: &HttpRequest, site: &Site, identity: &Identity) -> Ctx {
        Ctx {
            actor: Actor::Person(identity.signed_in()),
            role: self.role,
            granted: self.granted,
            scope: self.scope.with_person(identity.person),
            locale: web::page::locale_of(req),
            clock: site.clock.clone(),
            origin: trail::origin_of(req),
            reason: None,
        }
    }
}

fn is_of_supplier(identity: &Identity) -> bool {
    identity.grants.iter().any(|(_, role)| role.place() == Place::Supplier)
}

/// Tells the layout who is looking, at the place of the address or at home.
async fn note_viewer(req: &HttpRequest, site: &Site, identity: &Identity, school: Option<&School>) -> kernel::Result<()> {
    let places = schools::by_ids(site, &organisations::workplaces(identity)).await?;
    let home = match school {
        Some(school) => Some(school.clone()),
        None => home_of(req, site, identity, &places).await?,
    };
    let at_home = |(at, role): &&(SchoolId, Role)| role.place() == Place::Supplier || home.as_ref().is_some_and(|home| home.id == *at);
    let mut viewer = Viewer {
        locale: identity.locale,
        name: identity.name.clone(),
        roles: identity.roles(),
        roles_here: identity.grants.iter().filter(at_home).map(|(_, role)| *role).collect(),
        granted_here: home.as_ref().map(|home| identity.granted_at(home.id)).unwrap_or_default(),
        // The supplier has no pages of a school.
        school: home.as_ref().filter(|home| home.id != SUPPLIER).map(|home| home.code.clone()),
        zone: home.as_ref().map(|home| home.zone.clone()),
        places: Vec::new(),
    };
    req.extensions_mut().insert(viewer.clone());
    // Named in the language that the viewer, once noted, decides.
    let locale = web::page::locale_of(req);
    let place = |place: &School| Workplace { code: place.code.clone(), name: place.name(locale).to_owned(), current: home.as_ref().is_some_and(|home| home.id == place.id) };
    viewer.places = places.iter().map(place).collect();
    req.extensions_mut().insert(viewer);
    Ok(())
}

/// Tells the layout that somebody is at a place of theirs.
pub(crate) async fn note_at(req: &HttpRequest, site: &Site, identity: &Identity, place: &School) -> kernel::Result<()> {
    note_viewer(req, site, identity, Some(place)).await
}

/// The school whose pages stand in the navigation where the address names none: the one chosen, else where the person works first, else
/// that of a child.
async fn home_of(req: &HttpRequest, site: &Site, identity: &Identity, places: &[School]) -> kernel::Result<Option<School>> {
    let works_at = identity.grants.iter().find(|(_, role)| matches!(role.place(), Place::School | Place::Authority)).map(|(school, _)| *school);
    let chosen = organisations::chosen(req, places).or_else(|| places.iter().find(|place| Some(place.id) == works_at));
    match (chosen, identity.grants.first()) {
        (Some(place), _) => Ok(Some(place.clone())),
        (None, Some((school, _))) => schools::by_id(site, *school).await,
        (None, None) => Ok(None),
    }
}

/// Who the layout says is looking, for pages that need no right: the viewer is noted if somebody is signed in.
///
/// # Errors
/// When the database cannot be asked.
pub async fn note_if_signed_in(req: &HttpRequest) -> Result<Option<Arc<Identity>>, Failure> {
    match recognise(req).await {
        Ok(identity) => {
            note_viewer(req, Site::of(req)?, &identity, None).await?;
            Ok(Some(identity))
        }
        Err(Failure::SignIn) => Ok(None),
        Err(failure) => Err(failure),
    }
}
