//! Guards: the data that a handler needs comes through them, so that it cannot be had without the right.
//!
//! | address | guard | scope |
//! |---|---|---|
//! | `/{school}/…` | [`Guard<P>`] | the school; 404 unless the person belongs to it, 403 unless a role there holds `P` |
//! | `/support/…` and all without `{school}` | [`Guard<P>`] | all organisations where the person supports all, else those where a role holds `P` |
//! | `/my/…` | [`MyGuard`] | the schools of the children, and the person's own rows |
//!
//! Support staff belong to every school. Nobody signed in: pages lead to `/sign-in`, the API answers 401.

use std::{future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use kernel::{
    Actor, Ctx, Error,
    ctx::SignedIn,
    db::{Db, Scope},
    id::SchoolId,
    right::{Permission, Role},
};
use web::{Failure, Site, Viewer};

use crate::{
    schools::{self, School},
    sessions::{Identity, recognise},
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
        let (school, role, scope) = match req.match_info().get("school") {
            Some(code) => {
                let school = schools::by_code(site, code).await?.filter(|school| identity.belongs_to(school.id) || identity.is_support());
                let school = school.ok_or(Error::NotFound)?;
                let role = role_at::<P>(&identity, school.id)?;
                let scope = Scope::school(school.id);
                (Some(school), role, scope)
            }
            None => {
                let (role, scope) = everywhere::<P>(&identity, &site.db).await?;
                (None, role, scope)
            }
        };
        if school.is_some() {
            note_viewer(req, site, &identity, school.as_ref()).await?;
        }
        let ctx = ctx_of(req, site, &identity, Some(role), scope.with_person(identity.person));
        Ok(Self { ctx, school, identity, right: PhantomData })
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
        let ctx = ctx_of(req, site, &identity, role, Scope::schools(schools).with_person(identity.person));
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
        let req = req.clone();
        Box::pin(async move { Self::of(&req).await })
    }
}

impl FromRequest for MyGuard {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { Self::of(&req).await })
    }
}

/// The role under which the person holds the right at a school.
fn role_at<P: Permission>(identity: &Identity, school: SchoolId) -> kernel::Result<Role> {
    let here = |(granted, role): &(SchoolId, Role)| (*granted == school || *role == Role::Support) && P::ROLES.contains(role);
    identity.grants.iter().find(|grant| here(grant)).map(|(_, role)| *role).ok_or(Error::Forbidden(P::RIGHT))
}

/// The role under which the person holds the right where no school is named, and what is in sight then.
async fn everywhere<P: Permission>(identity: &Identity, db: &Db) -> kernel::Result<(Role, Scope)> {
    if identity.is_support() && P::ROLES.contains(&Role::Support) {
        return Ok((Role::Support, Scope::schools(schools::all(db).await?)));
    }
    let holding: Vec<(SchoolId, Role)> = identity.grants.iter().filter(|(_, role)| P::ROLES.contains(role)).copied().collect();
    let role = holding.first().map(|(_, role)| *role).ok_or(Error::Forbidden(P::RIGHT))?;
    // One role is in force; where the person is something else too, that school waits for its own address.
    Ok((role, Scope::schools(holding.into_iter().filter(|(_, held)| *held == role).map(|(school, _)| school))))
}

fn ctx_of(req: &HttpRequest, site: &Site, identity: &Identity, role: Option<Role>, scope: Scope) -> Ctx {
    Ctx { actor: Actor::Person(identity.signed_in()), role, scope, locale: web::page::locale_of(req), clock: site.clock.clone() }
}

/// Tells the layout who is looking.
async fn note_viewer(req: &HttpRequest, site: &Site, identity: &Identity, school: Option<&School>) -> kernel::Result<()> {
    let home = match school {
        Some(school) => Some(school.clone()),
        None => home_of(identity, site).await?,
    };
    let (code, zone) = home.map(|school| (school.code, school.zone)).unzip();
    let viewer = Viewer { locale: identity.locale, name: identity.name.clone(), roles: identity.roles(), school: code, zone };
    req.extensions_mut().insert(viewer);
    Ok(())
}

/// The school whose pages stand in the navigation where the address names none.
async fn home_of(identity: &Identity, site: &Site) -> kernel::Result<Option<School>> {
    let works_at = identity.grants.iter().find(|(_, role)| !matches!(role, Role::Guardian | Role::Support));
    match works_at.or(identity.grants.first()) {
        Some((school, _)) => schools::by_id(site, *school).await,
        None => Ok(None),
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
