//! Use cases of the invitations.

use std::net::IpAddr;

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Locale, Result,
    audit::{self, Deed},
    db::{Scope, Tx},
    id::{AccountId, ClassId, PersonId, SchoolId, Uuid},
    right::Role,
};
use serde_json::json;
use web::Site;

use super::{
    rules::{self, Code},
    store::{self, ClassLine, Guardian, Invitation},
    throttle::Throttle,
};
use crate::{
    accounts::{self, Entered, Means, Visit, password::Counter},
    logins::{
        ManageAccounts,
        rules::Chosen,
        service::random_text,
        store::{ACCOUNT_ADD, LOGIN_COUNT},
    },
    sessions,
};

/// Guardians with their fresh codes, which nobody can learn again.
pub type Printed = Vec<(Guardian, Code)>;

/// What a code opens before a login is made.
pub struct Invited {
    invitation: Invitation,
    /// The given names of the children.
    pub children: Vec<String>,
}

/// What became of a code.
pub enum Looked {
    /// It works.
    Works(Invited),
    /// It does not, whatever the reason.
    No,
    /// Too many tries; how many seconds to wait.
    Wait(u32),
}

/// Classes with how many of their guardians have no login.
pub async fn classes(site: &Site, ctx: &Ctx, school: SchoolId, today: Date) -> Result<Vec<ClassLine>> {
    ctx.require::<ManageAccounts>()?;
    site.db.run(&ctx.scope, async |tx| store::CLASS_LIST.all(tx, (school, today, ctx.now())).await).await
}

/// Makes a code for every guardian of a class who has no login. Codes printed before for the same guardians work no longer.
pub async fn print(site: &Site, ctx: &Ctx, school: SchoolId, class: ClassId, today: Date) -> Result<Printed> {
    ctx.require::<ManageAccounts>()?;
    site.db
        .run(&ctx.scope, async |tx| {
            let guardians = store::GUARDIAN_LIST.all(tx, (school, class, today)).await?;
            issue(tx, ctx, school, ("class", Some(class.0)), guardians).await
        })
        .await
}

/// The same for chosen guardians, and for the guardians of chosen pupils.
pub async fn print_of(site: &Site, ctx: &Ctx, school: SchoolId, persons: Vec<PersonId>, today: Date) -> Result<Printed> {
    ctx.require::<ManageAccounts>()?;
    site.db
        .run(&ctx.scope, async |tx| {
            let guardians = store::GUARDIAN_LIST_OF.all(tx, (school, persons, today)).await?;
            issue(tx, ctx, school, ("organisation", Some(school.0)), guardians).await
        })
        .await
}

async fn issue(tx: &Tx, ctx: &Ctx, school: SchoolId, (subject_kind, subject): (&'static str, Option<Uuid>), guardians: Vec<Guardian>) -> Result<Printed> {
    let printer = ctx.person()?;
    let codes = guardians.iter().map(|_| fresh_code()).collect::<Result<Vec<_>>>()?;
    let persons: Vec<PersonId> = guardians.iter().map(|guardian| guardian.guardian_id).collect();
    let ids: Vec<Uuid> = guardians.iter().map(|_| ctx.id()).collect();
    let hashes = codes.iter().map(Code::hash).collect();
    store::REVOKE.run(tx, (school, persons.clone(), ctx.now())).await?;
    store::ADD.run(tx, (school, ids, persons.clone(), hashes, printer, ctx.now(), rules::expires(ctx.now()))).await?;
    let deed = Deed { school, action: "identity.print_invitations", subject_kind, subject, detail: json!({ "guardians": persons }) };
    audit::record(tx, ctx, deed).await?;
    Ok(guardians.into_iter().zip(codes).collect())
}

/// What a typed code opens.
pub async fn look(site: &Site, typed: &str, address: IpAddr) -> Result<Looked> {
    let (throttle, now) = (site.memory.of::<Throttle>(), site.clock.now());
    if let Some(seconds) = throttle.wait(address, now) {
        return Ok(Looked::Wait(seconds));
    }
    let invited = match Code::read(typed) {
        Some(code) => find(site, &code).await?,
        None => None,
    };
    Ok(match invited {
        Some(invited) => Looked::Works(invited),
        None => {
            throttle.failed(address, now);
            metrics::counter!("identity_invitations_refused_total").increment(1);
            Looked::No
        }
    })
}

/// Makes the login and signs in. Nothing comes back when the code works no longer.
pub async fn join(site: &Site, invited: Invited, chosen: Chosen, visit: &Visit, locale: Locale) -> Result<Option<Entered>> {
    let Chosen { login, password } = chosen;
    let hash = site.memory.of::<Counter>().hash(password).await?;
    let Invitation { school_id: school, id, guardian_id: guardian } = invited.invitation;
    let now = site.clock.now();
    let account = AccountId(kernel::id::fresh(now));
    site.db
        .run(&Scope::school(school).with_person(guardian), async |tx| {
            if store::USE.run(tx, (school, id, now)).await? == 0 {
                return Ok(None);
            }
            if ACCOUNT_ADD.run(tx, (account, guardian, login.clone(), hash, Some(locale.as_str()), now)).await? == 0 {
                return Err(refusal(tx, login).await?);
            }
            let identity = sessions::identity_of(tx, account, guardian, Some(locale.as_str()), now).await?;
            let ctx = Ctx { role: Some(Role::Guardian), ..accounts::ctx_of(site, &identity) };
            let deed = Deed { school, action: "identity.join", subject_kind: "invitation", subject: Some(id), detail: json!({}) };
            audit::record(tx, &ctx, deed).await?;
            let token = accounts::open(tx, site, &ctx, &identity, visit, Means::Password).await?;
            Ok(Some(Entered { identity, token }))
        })
        .await
}

/// Why the login could not be made: somebody has this login, or the guardian has one already.
async fn refusal(tx: &Tx, login: String) -> Result<Error> {
    let taken = LOGIN_COUNT.one(tx, (login,)).await?.number > 0;
    Ok(if taken { Error::invalid("login", "join-field-login-taken") } else { Error::Refused("identity.has_login") })
}

/// The invitation of a code with the children it is about; nothing for one that does not work, or a guardian who has a login.
async fn find(site: &Site, code: &Code) -> Result<Option<Invited>> {
    let now = site.clock.now();
    let hash = code.hash();
    let sighted: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let found = site
        .db
        .run(&Scope::nothing(), async |tx| {
            store::IN_SIGHT.one(tx, (sighted,)).await?;
            store::FIND.opt(tx, (hash, now)).await
        })
        .await?;
    let Some(invitation) = found else { return Ok(None) };
    let (school, guardian) = (invitation.school_id, invitation.guardian_id);
    let today = site.texts(Locale::default()).day_of(now);
    let (children, accounts) = site
        .db
        .run(&Scope::school(school), async |tx| {
            let children = store::CHILD_LIST.all(tx, (school, guardian, today)).await?;
            Ok((children, store::ACCOUNT_COUNT.one(tx, (guardian,)).await?.number))
        })
        .await?;
    let works = accounts == 0 && !children.is_empty();
    Ok(works.then(|| Invited { invitation, children: children.into_iter().map(|child| child.given_name).collect() }))
}

fn fresh_code() -> Result<Code> {
    Code::read(&random_text(rules::LETTERS)?).ok_or_else(|| Error::broken("a fresh code is no code"))
}
