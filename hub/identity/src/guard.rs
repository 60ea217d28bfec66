//! Guards: the data that a handler needs comes through them, so that it cannot be had without the right.
//!
//! | address | guard | scope |
//! |---|---|---|
//! | `/{school}/…` | [`Guard<P>`] | the school; 404 unless the person belongs to it, 403 unless a role there holds `P` |
//! | `/{school}/…` | [`ClassGuard<P>`] | the same for a right that may be held for some classes only; whose, the context says |
//! | `/support/…` and all without `{school}` | [`Guard<P>`] | all organisations where the person is of the supplier, else those where a role holds `P` |
//! | `/my/…` | [`MyGuard`] | the schools of the children, and the person's own rows |
//!
//! A role holds a right as delivered, or because the school made it so ([`crate::roles`]). Who is of the supplier belongs to every school.
//! Nobody signed in: pages lead to `/sign-in`, the API answers 401.

use std::{future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use kernel::{
    Actor, Ctx, Error,
    ctx::{Behalf, SignedIn},
    db::Scope,
    id::SchoolId,
    right::{ByClass, Granted, Permission, Place, Role},
};
use web::{Failure, Site, Viewer, form::Deciding, page::Workplace};

use crate::{
    SUPPLIER, organisations, see_as,
    schools::{self, School},
    sessions::{Identity, recognise},
    standing::Standing,
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
        let arrived = Arrived::of(req).await?;
        arrived.identity.key_lets(P::RIGHT)?;
        let site = Site::of(req)?;
        let standing = match &arrived.school {
            Some(school) => Standing::at::<P>(&arrived.identity, school.id, &site.rights)?,
            None => everywhere::<P>(&arrived.identity, site).await?,
        };
        arrived.let_in(req, site, standing).await
    }

    /// The same person at the same school by another right: for a part of the page that not everybody sees. Nothing where no role of theirs
    /// opens it.
    pub fn also<Q: Permission>(&self, req: &HttpRequest) -> Option<Ctx> {
        let (site, school) = (Site::of(req).ok()?, self.school.as_ref()?);
        self.identity.key_lets(Q::RIGHT).ok()?;
        Standing::at::<Q>(&self.identity, school.id, &site.rights).ok().map(|standing| ctx(standing, req, site, &self.identity))
    }

    /// The same for a right that may be held for some classes only.
    pub fn also_within<Q: ByClass>(&self, req: &HttpRequest) -> Option<Ctx> {
        let (site, school) = (Site::of(req).ok()?, self.school.as_ref()?);
        self.identity.key_lets(Q::RIGHT).ok()?;
        Standing::within::<Q>(&self.identity, school.id, &site.rights).ok().map(|standing| ctx(standing, req, site, &self.identity))
    }

    /// The school of the address.
    ///
    /// # Errors
    /// When the route has none: a mistake of ours.
    pub fn school(&self) -> kernel::Result<&School> {
        self.school.as_ref().ok_or_else(|| Error::broken("the route names no school"))
    }
}

/// A signed-in person who holds the right `P` at the school of the address, perhaps for some classes only: the use cases behind it take
/// their [`Bounds`](kernel::right::Bounds) from the context, and one that does not is closed to who has any.
#[derive(Debug, Clone)]
pub struct ClassGuard<P> {
    guard: Guard<P>,
}

impl<P: ByClass> ClassGuard<P> {
    /// Decides about a request. Handlers take the guard as an argument instead.
    ///
    /// # Errors
    /// As [`Guard::of`]; at an address without a school it lets nobody in.
    pub async fn of(req: &HttpRequest) -> Result<Self, Failure> {
        let arrived = Arrived::of(req).await?;
        arrived.identity.key_lets(P::RIGHT)?;
        let site = Site::of(req)?;
        let school = arrived.school.as_ref().ok_or(Error::NotFound)?;
        let standing = Standing::within::<P>(&arrived.identity, school.id, &site.rights)?;
        Ok(Self { guard: arrived.let_in(req, site, standing).await? })
    }
}

impl<P> std::ops::Deref for ClassGuard<P> {
    type Target = Guard<P>;

    fn deref(&self) -> &Guard<P> {
        &self.guard
    }
}

/// Who came, and to which school: the half of a guard's work that does not depend on the right.
struct Arrived {
    identity: Arc<Identity>,
    school: Option<School>,
}

impl Arrived {
    async fn of(req: &HttpRequest) -> Result<Self, Failure> {
        let identity = recognise(req).await?;
        let site = Site::of(req)?;
        // Before anything can be refused, so that a refusal too comes in the person's language and with their navigation.
        note_viewer(req, site, &identity, None).await?;
        let Some(code) = req.match_info().get("school") else { return Ok(Self { identity, school: None }) };
        let school = schools::by_code(site, code).await?.filter(|school| identity.belongs_to(school.id) || is_of_supplier(&identity));
        let school = school.ok_or(Error::NotFound)?;
        note_viewer(req, site, &identity, Some(&school)).await?;
        Ok(Self { identity, school: Some(school) })
    }

    async fn let_in<P>(self, req: &HttpRequest, site: &Site, standing: Standing) -> Result<Guard<P>, Failure> {
        let ctx = ctx(standing, req, site, &self.identity);
        see_as::note_page(req, &ctx, &self.identity).await?;
        Ok(Guard { ctx, school: self.school, identity: self.identity, right: PhantomData })
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
        identity.key_lets_own(req.path())?;
        let site = Site::of(req)?;
        note_viewer(req, site, &identity, None).await?;
        let role = identity.children.first().map(|_| Role::Guardian);
        let mut schools: Vec<SchoolId> = identity.children.iter().map(|child| child.school).collect();
        schools.sort_unstable();
        schools.dedup();
        let standing = Standing { role, granted: Granted::default(), scope: Scope::schools(schools), behalf: Behalf::Nobody };
        let ctx = ctx(standing, req, site, &identity);
        see_as::note_page(req, &ctx, &identity).await?;
        Ok(Self { ctx, identity })
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

impl<P: ByClass> FromRequest for ClassGuard<P> {
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

/// As what the person holds the right where no school is named.
async fn everywhere<P: Permission>(identity: &Identity, site: &Site) -> kernel::Result<Standing> {
    let opens = |(school, role): &&(SchoolId, Role)| identity.opens(*school, *role, P::RIGHT, P::ROLES);
    let holding: Vec<(SchoolId, Role)> = identity.grants.iter().filter(opens).copied().collect();
    let standing = |role, schools: Vec<SchoolId>| Standing { role: Some(role), granted: Granted::of([P::RIGHT.0.to_owned()]), scope: Scope::schools(schools), behalf: Behalf::Nobody };
    let of_supplier = holding.iter().find(|(_, role)| role.place() == Place::Supplier);
    if let Some((_, role)) = of_supplier {
        return Ok(Standing { granted: Granted::default(), ..standing(*role, schools::all(&site.db).await?) });
    }
    // One role is in force; where the person is something else too, that school waits for its own address.
    if let Some((_, role)) = holding.first() {
        return Ok(standing(*role, holding.iter().filter(|(_, held)| held == role).map(|(school, _)| *school).collect()));
    }
    let own: Vec<SchoolId> = organisations::workplaces(identity).into_iter().filter(|school| identity.granted_at(*school).has::<P>()).collect();
    if own.is_empty() { Err(Error::Forbidden(P::RIGHT)) } else { Ok(standing(Role::Own, own)) }
}

fn ctx(standing: Standing, req: &HttpRequest, site: &Site, identity: &Identity) -> Ctx {
    let signed_in = identity.signed_in();
    let behalf = if signed_in.behalf == Behalf::Nobody { standing.behalf } else { signed_in.behalf };
    Ctx {
        actor: Actor::Person(SignedIn { behalf, ..signed_in }),
        role: standing.role,
        granted: standing.granted,
        scope: standing.scope.with_person(identity.person),
        locale: web::page::locale_of(req),
        clock: site.clock.clone(),
        origin: trail::origin_of(req),
        reason: None,
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
    let mut viewer = Viewer {
        locale: identity.locale,
        name: identity.name.clone(),
        roles: identity.roles(),
        // At home nowhere, only what counts at every school.
        roles_here: identity.whole_roles_at(home.as_ref().map_or(SUPPLIER, |home| home.id)),
        granted_here: home.as_ref().map(|home| identity.offered_at(home.id, &site.rights)).unwrap_or_default(),
        // The supplier has no pages of a school.
        school: home.as_ref().filter(|home| home.id != SUPPLIER).map(|home| home.code.clone()),
        zone: home.as_ref().map(|home| home.zone.clone()),
        places: Vec::new(),
        reader: identity.seer.is_none().then(|| identity.person.to_string()),
        seen_until: identity.seer.as_ref().map(|seer| seer.until),
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
    let chosen = organisations::chosen(req, places).or_else(|| places.iter().find(|place| Some(place.id) == works_at)).or_else(|| places.first());
    let anywhere = identity.grants.first().map(|(school, _)| *school);
    match (chosen, anywhere) {
        (Some(place), _) => Ok(Some(place.clone())),
        (None, Some(school)) => schools::by_id(site, school).await,
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
