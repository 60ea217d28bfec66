//! Opening, recognising and closing sessions.

use std::sync::Arc;

use actix_web::{HttpMessage, HttpRequest};
use futures_util::future::try_join3;
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Locale,
    ctx::SignedIn,
    db::{Db, Scope, Tx},
    id::{AccountId, PersonId, SchoolId},
    right::Role,
};
use web::{Failure, Site};

use super::{
    memory::Recognised,
    rules,
    store::{CHILD_LIST, Found, GRANT_LIST, PERSON_IN_SIGHT, PERSON_NAME, SESSION_ADD, SESSION_DELETE, SESSION_DELETE_EXPIRED, SESSION_FIND, SESSION_SEEN},
    token::{self, TokenHash},
};

/// `seen_at` is written at most this often.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// A child of a guardian, at a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Child {
    /// The school.
    pub school: SchoolId,
    /// The pupil.
    pub person: PersonId,
}

/// Who is signed in, with all that guards decide by.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The account.
    pub account: AccountId,
    /// The person.
    pub person: PersonId,
    /// `Surname Given`.
    pub name: String,
    /// The language of the account, where one was chosen.
    pub locale: Option<Locale>,
    /// Role by organisation; being a guardian comes from kinship.
    pub grants: Vec<(SchoolId, Role)>,
    /// The children at their schools.
    pub children: Vec<Child>,
}

impl Identity {
    /// As the kernel knows an actor.
    pub fn signed_in(&self) -> SignedIn {
        SignedIn { account: self.account, person: self.person, grants: self.grants.clone() }
    }

    /// The roles held anywhere, each once.
    pub fn roles(&self) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| self.grants.iter().any(|(_, granted)| granted == role)).collect()
    }

    /// Whether this person holds a role at the organisation.
    pub fn belongs_to(&self, school: SchoolId) -> bool {
        self.grants.iter().any(|(granted, _)| *granted == school)
    }

    /// Whether this person supports all schools.
    pub fn is_support(&self) -> bool {
        self.grants.iter().any(|(_, role)| *role == Role::Support)
    }

    /// The organisation whose audit trail tells of this person's coming and going.
    pub fn home(&self) -> SchoolId {
        self.grants.first().map_or(crate::SUPPLIER, |(school, _)| *school)
    }
}

/// Recognises the session of a request.
///
/// # Errors
/// [`Failure::SignIn`] when there is none, it is over, or its account is blocked.
pub async fn recognise(req: &HttpRequest) -> Result<Arc<Identity>, Failure> {
    let known = req.extensions().get::<Arc<Identity>>().cloned();
    if let Some(identity) = known {
        return Ok(identity);
    }
    let site = Site::of(req)?;
    let token = web::cookie::session_token(req).and_then(|token| token::hash(&token)).ok_or(Failure::SignIn)?;
    let (recognised, now) = (site.memory.of::<Recognised>(), site.clock.now());
    let identity = match recognised.find(token, now) {
        Some(identity) => identity,
        None => {
            let identity = Arc::new(look_up(&site.db, token, now).await?.ok_or(Failure::SignIn)?);
            recognised.keep(token, Arc::clone(&identity), now);
            identity
        }
    };
    req.extensions_mut().insert(Arc::clone(&identity));
    Ok(identity)
}

/// Opens a session in the caller's transaction and gives its token, which nobody can learn again.
pub async fn open(tx: &Tx, identity: &Identity, user_agent: Option<String>, now: Timestamp) -> kernel::Result<String> {
    let token = token::fresh()?;
    let hash = token::hash(&token).ok_or_else(|| kernel::Error::broken("a fresh token is no token"))?;
    let expires_at = now + rules::lifetime(identity.roles()).absolute;
    SESSION_DELETE_EXPIRED.run(tx, (identity.account, now)).await?;
    SESSION_ADD.run(tx, (hash.0.to_vec(), identity.account, now, expires_at, user_agent)).await?;
    Ok(token)
}

/// Ends the session of a token in the caller's transaction, and forgets it here.
pub async fn close(tx: &Tx, site: &Site, token: &str) -> kernel::Result<()> {
    if let Some(hash) = token::hash(token) {
        SESSION_DELETE.run(tx, (hash.0.to_vec(),)).await?;
        site.memory.of::<Recognised>().forget(hash);
    }
    Ok(())
}

/// Makes this instance ask the database again about an account: it was blocked, or its roles or language changed.
pub fn forget_account(site: &Site, account: AccountId) {
    site.memory.of::<Recognised>().forget_account(account);
}

/// Who an account is now, in a transaction that begins with nothing in sight and ends with the person's own rows in it.
pub async fn identity_of(tx: &Tx, account: AccountId, person: PersonId, locale: Option<&str>, now: Timestamp) -> kernel::Result<Identity> {
    PERSON_IN_SIGHT.one(tx, (person.0.to_string(),)).await?;
    let (name, granted, kin) = try_join3(PERSON_NAME.one(tx, (person,)), GRANT_LIST.all(tx, (person, now)), CHILD_LIST.all(tx, (person, now))).await?;
    let children: Vec<Child> = kin.into_iter().map(|kin| Child { school: kin.school_id, person: kin.pupil_id }).collect();
    let mut grants: Vec<(SchoolId, Role)> =
        granted.into_iter().filter_map(|grant| Some((grant.school_id, Role::parse(&grant.role).filter(|role| *role != Role::Guardian)?))).collect();
    for child in &children {
        if !grants.contains(&(child.school, Role::Guardian)) {
            grants.push((child.school, Role::Guardian));
        }
    }
    Ok(Identity { account, person, name: format!("{} {}", name.surname, name.given_name), locale: locale.and_then(Locale::parse), grants, children })
}

async fn look_up(db: &Db, token: TokenHash, now: Timestamp) -> kernel::Result<Option<Identity>> {
    db.run(&Scope::nothing(), async |tx| {
        let Some(found) = SESSION_FIND.opt(tx, (token.0.to_vec(),)).await? else { return Ok(None) };
        let identity = identity_of(tx, found.account_id, found.person_id, found.locale.as_deref(), now).await?;
        if !rules::is_alive(rules::lifetime(identity.roles()), found.seen_at, found.expires_at, now) {
            return Ok(None);
        }
        note_seen(tx, token, &found, now).await?;
        Ok(Some(identity))
    })
    .await
}

async fn note_seen(tx: &Tx, token: TokenHash, found: &Found, now: Timestamp) -> kernel::Result<()> {
    if now.duration_since(found.seen_at) >= SEEN_EVERY {
        SESSION_SEEN.run(tx, (token.0.to_vec(), now)).await?;
    }
    Ok(())
}
