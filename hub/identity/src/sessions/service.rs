//! Opening, recognising and closing sessions.

use std::sync::Arc;

use actix_web::{HttpMessage, HttpRequest};
use futures_util::future::{try_join, try_join3};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Locale,
    ctx::{Behalf, SignedIn},
    db::{Db, Scope, Tx},
    id::{AccountId, PersonId, SchoolId},
    right::Role,
};
use web::{Failure, Site};

use super::{
    exchange,
    memory::Recognised,
    rules,
    store::{
        ACCOUNT_SIGNED_IN, CHILD_LIST, Found, GRANT_LIST, PERSON_IN_SIGHT, PERSON_NAME, SECOND_FACTOR, SESSION_ADD, SESSION_DELETE, SESSION_DELETE_EXPIRED, SESSION_END_OTHERS, SESSION_FIND, SESSION_SEEN,
    },
    token::{self, TokenHash},
};
use crate::{
    accounts::Policy,
    keys,
    see_as::{self, Seer},
    standing::{Held, Switched},
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
    /// Rights by organisation that came with roles which the organisation made.
    pub own_rights: Vec<(SchoolId, String)>,
    /// Roles held for some classes only, or in a colleague's place. They count where [`crate::standing`] says so, and nowhere else.
    pub limited: Vec<Held>,
    /// What the organisations switched in the roles held there.
    pub switched: Vec<Switched>,
    /// The children at their schools.
    pub children: Vec<Child>,
    /// What the key in use holds; nothing where a session is used, which holds all.
    pub scopes: Option<Vec<String>>,
    /// Whether signing in asks for a second factor, or a passkey was shown in this session.
    pub second_factor: bool,
    /// Who looks with this person's eyes, if it is not the person.
    pub seer: Option<Seer>,
}

impl Identity {
    /// As the kernel knows an actor.
    pub fn signed_in(&self) -> SignedIn {
        SignedIn { account: self.account, person: self.person, grants: self.grants.clone(), behalf: self.seer.as_ref().map_or(Behalf::Nobody, |seer| Behalf::SeenBy(seer.person)) }
    }

    /// Whether what happens to this account concerns the session: it is the person's, or of who looks with their eyes.
    pub fn is_of_account(&self, account: AccountId) -> bool {
        self.account == account || self.seer.as_ref().is_some_and(|seer| seer.account == account)
    }

    /// Whether a person's rights decide about this session: they are the person, look with their eyes, or stand in for them.
    pub fn depends_on(&self, person: PersonId) -> bool {
        self.person == person || self.seer.as_ref().is_some_and(|seer| seer.person == person) || self.limited.iter().any(|held| held.giver == Some(person))
    }

    /// The roles held anywhere, each once.
    pub fn roles(&self) -> Vec<Role> {
        let limited = self.limited.iter().map(|held| held.role);
        let mut roles: Vec<Role> = self.grants.iter().map(|(_, role)| *role).chain(limited).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// Whether this person holds a role at the organisation.
    pub fn belongs_to(&self, school: SchoolId) -> bool {
        self.grants.iter().any(|(granted, _)| *granted == school) || self.limited.iter().any(|held| held.school == school)
    }

    /// Whether this person supports all schools.
    pub fn is_support(&self) -> bool {
        self.grants.iter().any(|(_, role)| *role == Role::Support)
    }

    /// The organisation whose audit trail tells of this person's coming and going.
    pub fn home(&self) -> SchoolId {
        let limited = || self.limited.first().map(|held| held.school);
        self.grants.first().map(|(school, _)| *school).or_else(limited).unwrap_or(crate::SUPPLIER)
    }
}

/// Recognises the session of a request.
///
/// # Errors
/// [`Failure::SignIn`] when there is none, it is over, or its account is blocked; [`Failure::First`] when a second factor must be switched on first.
pub async fn recognise(req: &HttpRequest) -> Result<Arc<Identity>, Failure> {
    let identity = whose(req).await?;
    if identity.seer.is_some() {
        see_as::may_ask(req.method().as_str(), req.path())?;
    }
    if !identity.second_factor && !rules::may_go_without(req.path()) && Policy::of(req).asks_second_factor_of(&identity.roles()) {
        return Err(Failure::First(Error::Refused("account.second_factor_needed"), "/account/second-factor"));
    }
    Ok(identity)
}

async fn whose(req: &HttpRequest) -> Result<Arc<Identity>, Failure> {
    let known = req.extensions().get::<Arc<Identity>>().cloned();
    if let Some(identity) = known {
        return Ok(identity);
    }
    let site = Site::of(req)?;
    if let Some(identity) = keys::by_key(req, site).await? {
        let identity = Arc::new(identity);
        req.extensions_mut().insert(Arc::clone(&identity));
        return Ok(identity);
    }
    let sent = web::cookie::session_token(req).ok_or(Failure::SignIn)?;
    let token = token::hash(&sent).ok_or(Failure::SignIn)?;
    let (recognised, now) = (site.memory.of::<Recognised>(), site.clock.now());
    let identity = match recognised.find(token, now).filter(|identity| identity.seer.as_ref().is_none_or(|seer| now < seer.until)) {
        Some(identity) => identity,
        None => {
            let (identity, waits) = look_up(&site.db, token, now).await?.ok_or(Failure::SignIn)?;
            let identity = Arc::new(identity);
            // A session whose token is to be exchanged is looked up anew until it was.
            let kept = match (waits, exchange::loads_a_page(req)) {
                (false, _) => Some(token),
                (true, true) => exchange::exchange_with_page(req, site, &sent).await?,
                (true, false) => None,
            };
            if let Some(token) = kept {
                recognised.keep(token, Arc::clone(&identity), now);
            }
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
    SESSION_ADD.run(tx, (hash.0.to_vec(), identity.account, now, expires_at, user_agent, kernel::id::fresh(now))).await?;
    ACCOUNT_SIGNED_IN.run(tx, (identity.account, now)).await?;
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

/// Ends all sessions of an account but that of this token, in the caller's transaction, and says how many. The caller forgets the account
/// after the commit ([`forget_account`]); other instances forget within half a minute.
pub async fn end_others(tx: &Tx, account: AccountId, token: Option<&str>) -> kernel::Result<u64> {
    let kept = token.and_then(token::hash).map(|hash| hash.0.to_vec()).unwrap_or_default();
    SESSION_END_OTHERS.run(tx, (account, kept)).await
}

/// Makes this instance ask the database again about an account: it was blocked, or its roles or language changed.
pub fn forget_account(site: &Site, account: AccountId) {
    site.memory.of::<Recognised>().forget_account(account);
}

/// Makes this instance ask the database again about everybody of an organisation: what one of its roles opens has changed.
pub fn forget_school(site: &Site, school: SchoolId) {
    site.memory.of::<Recognised>().forget_school(school);
}

/// Makes this instance ask the database again about a person, and whoever stands in for them or looks with their eyes.
pub fn forget_person(site: &Site, person: PersonId) {
    site.memory.of::<Recognised>().forget_person(person);
}

/// Makes this instance ask the database again about everybody.
pub fn forget_all(site: &Site) {
    site.memory.of::<Recognised>().forget_all();
}

/// Who an account is now, in a transaction that begins with nothing in sight and ends with the person's own rows in it.
pub async fn identity_of(tx: &Tx, account: AccountId, person: PersonId, locale: Option<&str>, now: Timestamp) -> kernel::Result<Identity> {
    PERSON_IN_SIGHT.one(tx, (person.0.to_string(),)).await?;
    let of_person = try_join3(PERSON_NAME.one(tx, (person,)), GRANT_LIST.all(tx, (person, now)), CHILD_LIST.all(tx, (person, now)));
    let ((name, granted, kin), factor) = try_join(of_person, SECOND_FACTOR.one(tx, (account,))).await?;
    let children: Vec<Child> = kin.into_iter().map(|kin| Child { school: kin.school_id, person: kin.pupil_id }).collect();
    let mut grants: Vec<(SchoolId, Role)> =
        granted.into_iter().filter_map(|grant| Some((grant.school_id, Role::parse(&grant.role).filter(|role| *role != Role::Guardian)?))).collect();
    for child in &children {
        if !grants.contains(&(child.school, Role::Guardian)) {
            grants.push((child.school, Role::Guardian));
        }
    }
    let own = crate::roles::held_by(tx, person, now).await?;
    for held in &own {
        if !grants.contains(&(held.school_id, Role::Own)) {
            grants.push((held.school_id, Role::Own));
        }
    }
    let own_rights = own.into_iter().filter_map(|held| Some((held.school_id, held.right_name?))).collect();
    let (limited, switched) = crate::roles::limits_of(tx, person, &grants, now).await?;
    Ok(Identity { account, person, name: format!("{} {}", name.surname, name.given_name), locale: locale.and_then(Locale::parse), grants, own_rights, limited, switched, children, second_factor: factor.confirmed, seer: None, scopes: None })
}

/// Whose session it is, and whether its token is to be exchanged.
async fn look_up(db: &Db, token: TokenHash, now: Timestamp) -> kernel::Result<Option<(Identity, bool)>> {
    db.run(&Scope::nothing(), async |tx| {
        let Some(found) = SESSION_FIND.opt(tx, (token.0.to_vec(),)).await? else { return Ok(None) };
        let mut identity = identity_of(tx, found.account_id, found.person_id, found.locale.as_deref(), now).await?;
        identity.second_factor |= found.passkey_at.is_some();
        if !rules::is_alive(rules::lifetime(identity.roles()), found.seen_at, found.expires_at, now) {
            return Ok(None);
        }
        note_seen(tx, token, &found, now).await?;
        let waits = found.renew_at.is_some();
        Ok(Some((see_as::with_their_eyes(tx, found.id, identity, now).await?, waits)))
    })
    .await
}

async fn note_seen(tx: &Tx, token: TokenHash, found: &Found, now: Timestamp) -> kernel::Result<()> {
    if now.duration_since(found.seen_at) >= SEEN_EVERY {
        SESSION_SEEN.run(tx, (token.0.to_vec(), now)).await?;
    }
    Ok(())
}
