//! Use cases of the logins.

use jiff::Timestamp;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Scope, Tx},
    id::{AccountId, PersonId, SchoolId, Uuid, read},
    right::Role,
};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::json;
use web::Site;

use super::{
    ManageAccounts,
    rules::{self, Period, Reach},
    store::{self, Class, Grant, Member},
};
use crate::{
    accounts::password::Counter,
    keys, recovery,
    roles::{self, OwnRole, Power},
    sessions::{self, Identity},
};

/// The roles that can give others their roles.
const ADMINISTRATORS: [Role; 2] = [Role::Director, Role::SchoolAdministrator];
/// Letters of a password made here.
pub(super) const PASSWORD_LETTERS: usize = 10;
/// Letters of a login made here, after the school's code.
pub(super) const LOGIN_LETTERS: usize = 6;

/// Whom to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words of the name or login.
    pub words: String,
    /// A delivered role as stored, or the id of a role of the school's own as addresses show it; empty for everybody.
    pub role: String,
    /// `with_login`, `without_login`, `blocked`; anything else for everybody.
    pub state: String,
    /// Go on after this person.
    pub after: Option<PersonId>,
}

/// Somebody with all that their page shows.
#[derive(Debug)]
pub struct MemberDetail {
    /// Who it is.
    pub member: Member,
    /// What they are, were and will be here.
    pub grants: Vec<Grant>,
    /// The open roles of the school's own.
    pub own_roles: Vec<OwnRole>,
    /// The classes of the school.
    pub classes: Vec<Class>,
}

/// A role to give or end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// As delivered.
    Delivered(Role),
    /// Of the school's own.
    Own(Uuid),
}

impl Chosen {
    /// Reads what a form sends: a delivered role's name, or an id.
    pub fn parse(text: &str) -> Result<Self> {
        let own = || read(text).map(Self::Own);
        Role::parse(text).map(Self::Delivered).or_else(own).ok_or_else(|| Error::invalid("role", "logins-field-role"))
    }

    /// As two columns of which one is filled.
    pub(crate) fn columns(self) -> (Option<&'static str>, Option<Uuid>) {
        match self {
            Self::Delivered(role) => (Some(role.as_str()), None),
            Self::Own(id) => (None, Some(id)),
        }
    }
}

/// A login with its password, which nobody can learn again.
pub struct Handed {
    /// What to type.
    pub login: String,
    /// The password.
    pub password: String,
    /// Who it is for.
    pub member: Member,
}

/// Who acts on whose login, at which school.
pub struct Act<'a> {
    /// The site.
    pub site: &'a Site,
    /// The context of who acts.
    pub ctx: &'a Ctx,
    /// Who acts.
    pub identity: &'a Identity,
    /// The school.
    pub school: SchoolId,
    /// Whose login it is.
    pub person: PersonId,
}

impl Grant {
    /// Whether it counts no longer, or was taken back before it began.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.valid_to.is_some_and(|end| end <= now || end <= self.valid_from)
    }
}

/// Lists the people of a school who are no pupils, and the roles of the school's own: at most `limit` people.
pub async fn members(site: &Site, ctx: &Ctx, school: SchoolId, filter: Filter, limit: usize) -> Result<(Vec<Member>, Vec<OwnRole>)> {
    ctx.require::<ManageAccounts>()?;
    site.db
        .run(&ctx.scope, async |tx| {
            let members = store::MEMBER_LIST.all(tx, key(site, ctx, school, filter, None, limit)).await?;
            Ok((members, roles::own_roles(tx, school, ctx.now()).await?))
        })
        .await
}

/// Notes that the list left the house as a file.
pub async fn note_export(site: &Site, ctx: &Ctx, school: SchoolId, rows: usize) -> Result<()> {
    site.db
        .run(&ctx.scope, async |tx| {
            let deed = Deed { school, action: "identity.export_accounts", subject_kind: "organisation", subject: Some(school.0), detail: json!({ "rows": rows }) };
            audit::record(tx, ctx, deed).await
        })
        .await
}

/// One of them.
pub async fn member(site: &Site, ctx: &Ctx, school: SchoolId, person: PersonId) -> Result<MemberDetail> {
    ctx.require::<ManageAccounts>()?;
    site.db
        .run(&ctx.scope, async |tx| {
            let member = find(tx, site, ctx, school, person).await?;
            let grants = store::GRANT_LIST.all(tx, (school, person)).await?;
            let classes = store::CLASS_LIST.all(tx, (school,)).await?;
            Ok(MemberDetail { member, grants, own_roles: roles::own_roles(tx, school, ctx.now()).await?, classes })
        })
        .await
}

/// Gives somebody a role for a time, for the whole school or for some classes.
pub async fn grant(act: &Act<'_>, role: Chosen, reach: Reach, period: Period) -> Result<()> {
    act.ctx.require::<ManageAccounts>()?;
    let (school, person, ctx) = (act.school, act.person, act.ctx);
    let member = act
        .site
        .db
        .run(&ctx.scope, async |tx| {
            let member = find(tx, act.site, ctx, school, person).await?;
            may_hand_on(tx, act, role).await?;
            let (from, until) = (period.from, period.until);
            let added = match (&reach, role) {
                (Reach::Whole, Chosen::Delivered(role)) => store::GRANT_ADD.run(tx, (school, person, role.as_str(), from, until)).await?,
                (Reach::Whole, Chosen::Own(role)) => store::OWN_GRANT_ADD.run(tx, (school, person, role, from, until)).await?,
                (Reach::Classes(classes), role) => {
                    let (delivered, own) = role.columns();
                    store::CLASS_GRANT_ADD.run(tx, (school, ctx.id(), person, delivered, own, classes.clone(), from, until)).await?
                }
            };
            if added > 0 {
                let classes = match &reach {
                    Reach::Whole => serde_json::Value::Null,
                    Reach::Classes(classes) => json!(classes),
                };
                note(tx, act, "identity.grant_role", json!({ "role": named(role), "from": from, "until": until, "classes": classes })).await?;
                sessions::renew(tx, person, ctx.now()).await?;
            }
            Ok(member)
        })
        .await?;
    forget(act.site, &member);
    Ok(())
}

/// Ends a role of somebody now.
pub async fn end(act: &Act<'_>, role: Chosen) -> Result<()> {
    act.ctx.require::<ManageAccounts>()?;
    let (school, person, ctx) = (act.school, act.person, act.ctx);
    let member = act
        .site
        .db
        .run(&ctx.scope, async |tx| {
            let member = find(tx, act.site, ctx, school, person).await?;
            may_hand_on(tx, act, role).await?;
            let ended = match role {
                Chosen::Delivered(role) => {
                    lock_administrators(tx, school).await?;
                    let ended = store::GRANT_END.run(tx, (school, person, role.as_str(), ctx.now())).await?;
                    keep_an_administrator(tx, ctx, school, &[role]).await?;
                    ended
                }
                Chosen::Own(role) => store::OWN_GRANT_END.run(tx, (school, person, role, ctx.now())).await?,
            };
            if ended > 0 {
                note(tx, act, "identity.end_role", json!({ "role": named(role) })).await?;
                sessions::renew(tx, person, ctx.now()).await?;
            }
            Ok(member)
        })
        .await?;
    forget(act.site, &member);
    Ok(())
}

/// Ends every office of somebody at the school now, in the caller's transaction: they work there no longer. Says how many ended. The caller
/// makes the sessions of this instance forget them when it has committed.
///
/// # Errors
/// A refusal for oneself, for the last administrator, and for who holds what the actor may not give.
pub async fn end_all(tx: &Tx, act: &Act<'_>) -> Result<u64> {
    act.ctx.require::<ManageAccounts>()?;
    let (school, person, ctx) = (act.school, act.person, act.ctx);
    if act.identity.person == person {
        return Err(Error::Refused("identity.not_yourself"));
    }
    let held = may_touch(tx, act).await?;
    lock_administrators(tx, school).await?;
    let key = (school, person, ctx.now());
    let ended = store::GRANT_END_EVERY.run(tx, key).await? + store::OWN_GRANT_END_EVERY.run(tx, key).await? + store::CLASS_GRANT_END_EVERY.run(tx, key).await?;
    keep_an_administrator(tx, ctx, school, &held).await?;
    if ended > 0 {
        let roles: Vec<&'static str> = held.iter().map(|role| role.as_str()).collect();
        note(tx, act, "identity.end_role", json!({ "every": true, "roles": roles })).await?;
        sessions::renew(tx, person, ctx.now()).await?;
    }
    Ok(ended)
}

/// Ends a role that somebody holds for some classes.
pub async fn end_for_classes(act: &Act<'_>, grant: Uuid) -> Result<()> {
    act.ctx.require::<ManageAccounts>()?;
    let (school, person, ctx) = (act.school, act.person, act.ctx);
    let member = act
        .site
        .db
        .run(&ctx.scope, async |tx| {
            let member = find(tx, act.site, ctx, school, person).await?;
            let held = store::GRANT_LIST.all(tx, (school, person)).await?.into_iter().find(|held| held.class_grant == Some(grant)).ok_or(Error::NotFound)?;
            let role = held.role.as_deref().and_then(Role::parse).map(Chosen::Delivered).or(held.own_role.map(Chosen::Own)).ok_or(Error::NotFound)?;
            may_hand_on(tx, act, role).await?;
            if store::CLASS_GRANT_END.run(tx, (school, person, grant, ctx.now())).await? > 0 {
                note(tx, act, "identity.end_role", json!({ "role": named(role), "grant": kernel::id::show(grant) })).await?;
                sessions::renew(tx, person, ctx.now()).await?;
            }
            Ok(member)
        })
        .await?;
    forget(act.site, &member);
    Ok(())
}

/// Nobody signs in with this login any longer, and whoever is signed in is out.
pub async fn block(act: &Act<'_>) -> Result<()> {
    act.ctx.require::<ManageAccounts>()?;
    if act.identity.person == act.person {
        return Err(Error::Refused("identity.not_yourself"));
    }
    change_account(act, async |tx, account, held| {
        lock_administrators(tx, act.school).await?;
        if store::ACCOUNT_BLOCK.run(tx, (account, act.ctx.now())).await? > 0 {
            sessions::end_others(tx, account, None).await?;
            keep_an_administrator(tx, act.ctx, act.school, held).await?;
            note(tx, act, "identity.block_account", json!({})).await?;
        }
        Ok(())
    })
    .await
    .map(drop)
}

/// The login works again.
pub async fn unblock(act: &Act<'_>) -> Result<()> {
    act.ctx.require::<ManageAccounts>()?;
    change_account(act, async |tx, account, _| {
        if store::ACCOUNT_UNBLOCK.run(tx, (account,)).await? > 0 {
            note(tx, act, "identity.unblock_account", json!({})).await?;
        }
        Ok(())
    })
    .await
    .map(drop)
}

/// A new password for somebody who forgot theirs; it ends every session of the login.
pub async fn reset_password(act: &Act<'_>) -> Result<Handed> {
    act.ctx.require::<ManageAccounts>()?;
    let (password, hash) = fresh_password(act.site).await?;
    let member = change_account(act, async |tx, account, _| {
        store::LOGIN_SET_PASSWORD.run(tx, (account, hash)).await?;
        recovery::forget(tx, account).await?;
        keys::revoke_all(tx, account, act.ctx.now()).await?;
        sessions::end_others(tx, account, None).await?;
        note(tx, act, "identity.reset_password", json!({})).await
    })
    .await?;
    let login = member.login.clone().ok_or(Error::NotFound)?;
    Ok(Handed { login, password, member })
}

/// A login for somebody who has none.
pub async fn give_login(act: &Act<'_>, code: &str) -> Result<Handed> {
    act.ctx.require::<ManageAccounts>()?;
    refuse_elsewhere(act).await?;
    let (password, hash) = fresh_password(act.site).await?;
    let login = format!("{code}-{}", random_text(LOGIN_LETTERS)?);
    let row = (act.ctx.id::<AccountId>(), act.person, login.clone(), hash, None, act.ctx.now());
    let member = act
        .site
        .db
        .run(&act.ctx.scope, async |tx| {
            let member = find(tx, act.site, act.ctx, act.school, act.person).await?;
            may_touch(tx, act).await?;
            if store::ACCOUNT_ADD.run(tx, row).await? == 0 {
                return Err(Error::Refused("identity.has_login"));
            }
            note(tx, act, "identity.give_login", json!({})).await?;
            Ok(member)
        })
        .await?;
    Ok(Handed { login, password, member })
}

/// A text of random letters that nobody takes for one another.
pub fn random_text(letters: usize) -> Result<String> {
    let mut random = [0_u8; 64];
    SystemRandom::new().fill(&mut random).map_err(|_| Error::broken("no randomness"))?;
    rules::secret(&random, letters).ok_or_else(|| Error::broken("randomness was not fair"))
}

pub(super) async fn fresh_password(site: &Site) -> Result<(String, String)> {
    let password = random_text(PASSWORD_LETTERS)?;
    let hash = site.memory.of::<Counter>().hash(password.clone()).await?;
    Ok((password, hash))
}

/// Changes an account whose person belongs to this school alone and holds nothing that the actor may not hand on.
pub(super) async fn change_account(act: &Act<'_>, change: impl AsyncFnOnce(&Tx, AccountId, &[Role]) -> Result<()>) -> Result<Member> {
    refuse_elsewhere(act).await?;
    let member = act
        .site
        .db
        .run(&act.ctx.scope, async |tx| {
            let member = find(tx, act.site, act.ctx, act.school, act.person).await?;
            let account = member.account_id.ok_or(Error::NotFound)?;
            let held = may_touch(tx, act).await?;
            change(tx, account, &held).await?;
            Ok(member)
        })
        .await?;
    forget(act.site, &member);
    Ok(member)
}

/// Whether the person's login is within the actor's reach: of this school alone, and of nobody who holds what the actor could not give.
/// Gives who it is; a person without a login is nobody here.
pub async fn reaches(act: &Act<'_>) -> Result<Member> {
    refuse_elsewhere(act).await?;
    act.site
        .db
        .run(&act.ctx.scope, async |tx| {
            let member = find(tx, act.site, act.ctx, act.school, act.person).await?;
            may_touch(tx, act).await?;
            if member.account_id.is_some() { Ok(member) } else { Err(Error::Refused("identity.has_no_login")) }
        })
        .await
}

/// A login is one for all organisations: who belongs to another one too is not a single school's to let in or out.
async fn refuse_elsewhere(act: &Act<'_>) -> Result<()> {
    // First, whether they are this school's at all: a stranger is not there, wherever they belong.
    member(act.site, act.ctx, act.school, act.person).await?;
    let nobodys: AccountId = act.ctx.id();
    let target = act.site.db.run(&Scope::nothing(), async |tx| sessions::identity_of(tx, nobodys, act.person, None, act.ctx.now()).await).await?;
    let elsewhere = target.grants.iter().map(|(school, _)| *school).chain(target.limited.iter().map(|held| held.school)).any(|school| school != act.school);
    if elsewhere { Err(Error::Refused("identity.belongs_elsewhere")) } else { Ok(()) }
}

/// Refuses what is beyond the actor's power; gives the delivered roles that the person holds.
async fn may_touch(tx: &Tx, act: &Act<'_>) -> Result<Vec<Role>> {
    let (power, now) = (power(act), act.ctx.now());
    let own = roles::own_roles(tx, act.school, now).await?;
    let mut held = Vec::new();
    for grant in store::GRANT_LIST.all(tx, (act.school, act.person)).await?.into_iter().filter(|grant| !grant.is_over(now)) {
        let delivered = grant.role.as_deref().and_then(Role::parse);
        let own_allows = |id: Uuid| own.iter().find(|role| role.id == id).is_none_or(|role| power.may_appoint_own(&role.rights));
        if !delivered.is_none_or(|role| power.may_appoint(role, &act.site.rights)) || !grant.own_role.is_none_or(own_allows) {
            return Err(Error::Refused("identity.beyond_your_power"));
        }
        held.extend(delivered);
    }
    Ok(held)
}

async fn may_hand_on(tx: &Tx, act: &Act<'_>, role: Chosen) -> Result<()> {
    let power = power(act);
    let allowed = match role {
        Chosen::Delivered(role) => power.may_appoint(role, &act.site.rights),
        Chosen::Own(id) => {
            let own = roles::own_roles(tx, act.school, act.ctx.now()).await?;
            let role = own.iter().find(|role| role.id == id).ok_or_else(|| Error::invalid("role", "logins-field-role"))?;
            power.may_appoint_own(&role.rights)
        }
    };
    if allowed { Ok(()) } else { Err(Error::Refused("identity.beyond_your_power")) }
}

fn power(act: &Act<'_>) -> Power {
    roles::power(act.site, act.identity, act.school)
}

async fn lock_administrators(tx: &Tx, school: SchoolId) -> Result<()> {
    store::ADMINISTRATOR_LOCK.all(tx, (school, ADMINISTRATORS.map(Role::as_str).to_vec())).await.map(drop)
}

/// Refuses a change after which nobody could give roles any longer. Only what concerns an administrator is looked at.
async fn keep_an_administrator(tx: &Tx, ctx: &Ctx, school: SchoolId, concerned: &[Role]) -> Result<()> {
    if !concerned.iter().any(|role| ADMINISTRATORS.contains(role)) {
        return Ok(());
    }
    let left = store::ADMINISTRATOR_COUNT.one(tx, (school, ADMINISTRATORS.map(Role::as_str).to_vec(), ctx.now())).await?;
    if left.number > 0 { Ok(()) } else { Err(Error::Refused("identity.last_administrator")) }
}

async fn find(tx: &Tx, site: &Site, ctx: &Ctx, school: SchoolId, person: PersonId) -> Result<Member> {
    store::MEMBER_LIST.one(tx, key(site, ctx, school, Filter::default(), Some(person), 1)).await
}

fn key(site: &Site, ctx: &Ctx, school: SchoolId, filter: Filter, only: Option<PersonId>, limit: usize) -> store::ListKey {
    let words: String = filter.words.trim().chars().take(100).collect();
    // In the row an id stands as PostgreSQL writes it.
    let role = read(&filter.role).map_or(filter.role, |id| id.to_string());
    // Kinship holds by days; at the change of a day the zone's offset decides nothing that a login's list would show.
    let today = site.texts(ctx.locale).day_of(ctx.now());
    (school, ctx.now(), today, words, role, filter.state, filter.after, only, i64::try_from(limit).unwrap_or(i64::MAX))
}

fn named(role: Chosen) -> String {
    match role {
        Chosen::Delivered(role) => role.as_str().to_owned(),
        Chosen::Own(id) => kernel::id::show(id),
    }
}

pub(super) async fn note(tx: &Tx, act: &Act<'_>, action: &'static str, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, act.ctx, Deed { school: act.school, action, subject_kind: "person", subject: Some(act.person.0), detail }).await
}

fn forget(site: &Site, member: &Member) {
    if let Some(account) = member.account_id {
        sessions::forget_account(site, account);
    }
}
