//! Use cases of certificates: issued to a guardian, seen and revoked by the office, looked at by anybody who was shown one.

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed, Whose},
    db::{Db, Scope, Tx},
    id::{PersonId, SchoolId, Uuid, show},
};
use serde_json::json;

use super::{
    AskCertificate, RevokeCertificate, SeeCertificates,
    rules::{self, Code},
    store::{self, Certificate, Checked, Pupil},
};
use crate::{
    movement::{self, BookLine},
    orders,
};

/// How many certificates a page shows.
pub const PAGE: usize = 50;

/// A guardian and the child whom it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// The child's school.
    pub school: SchoolId,
    /// The child.
    pub child: PersonId,
    /// The guardian.
    pub guardian: PersonId,
}

/// What the school has for a family to take.
#[derive(Debug)]
pub struct Documents {
    /// Whether the child learns here now.
    pub learns_here: bool,
    /// The certificates of the child, the newest first.
    pub certificates: Vec<Certificate>,
    /// What orders say of the child, the newest first.
    pub orders: Vec<BookLine>,
}

/// What the school has for a family to take.
///
/// # Errors
/// `NotFound` for who is no guardian of the child.
pub async fn documents(db: &Db, ctx: &Ctx, family: Family, today: Date) -> Result<Documents> {
    ctx.require::<AskCertificate>()?;
    db.run(&ctx.scope, async |tx| {
        kin_or_nobody(tx, family, today).await?;
        let orders = movement::lines_of_pupil(tx, family.school, family.child).await?.into_iter();
        Ok(Documents {
            learns_here: store::PUPIL_FIND.opt(tx, (family.school, family.child)).await?.is_some(),
            certificates: store::OWN_LIST.all(tx, (family.school, family.child)).await?,
            orders: orders.filter(|line| line.order_id.is_some() && line.undone_at.is_none()).collect(),
        })
    })
    .await
}

/// Issues a certificate and gives its id. Asked for twice on a day, it is the same one.
///
/// # Errors
/// `NotFound` for who is no guardian; a refusal where the child does not learn here now, or where the school has just revoked one that said the
/// same: what is wrong in the card is put right first.
pub async fn issue(db: &Db, ctx: &Ctx, family: Family, today: Date) -> Result<Uuid> {
    ctx.require::<AskCertificate>()?;
    let Family { school, child, guardian } = family;
    db.run(&ctx.scope, async |tx| {
        kin_or_nobody(tx, family, today).await?;
        store::CHILD_LOCK.one(tx, (format!("{school}{child}"),)).await?;
        let pupil = store::PUPIL_FIND.opt(tx, (school, child)).await?.ok_or(Error::Refused("certificates.not_here"))?;
        let Pupil { surname, given_name, patronymic, birth_date, class_label } = pupil;
        let same = (school, child, guardian, today, surname.clone(), given_name.clone(), patronymic.clone(), birth_date, class_label.clone());
        if let Some(known) = store::SAME_FIND.opt(tx, same).await? {
            return Ok(known.id);
        }
        let since = ctx.now() - rules::REVOKED_FOR;
        if store::REVOKED_IS.one(tx, (school, child, since, surname.clone(), given_name.clone(), patronymic.clone(), birth_date, class_label.clone())).await?.so {
            return Err(Error::Refused("certificates.revoked"));
        }
        let signer = orders::director(tx, school, ctx.now()).await?;
        let (id, code, year): (Uuid, _, _) = (ctx.id(), Code::of(ctx.id()), today.year());
        let number = store::NUMBER_NEXT.one(tx, (school, year)).await?.last;
        let row = (school, id, year, number, today, child, guardian, surname, given_name, patronymic, birth_date, class_label, signer, code.as_str().to_owned(), ctx.now());
        store::CERTIFICATE_ADD.run(tx, row).await?;
        deed(tx, ctx, school, child, id, "people.issue_certificate").await?;
        Ok(id)
    })
    .await
}

/// A certificate of a guardian's child.
///
/// # Errors
/// `NotFound` for who is no guardian, or a certificate of another child.
pub async fn own(db: &Db, ctx: &Ctx, family: Family, id: Uuid, today: Date) -> Result<Certificate> {
    ctx.require::<AskCertificate>()?;
    db.run(&ctx.scope, async |tx| {
        kin_or_nobody(tx, family, today).await?;
        let certificate = store::FIND.one(tx, (family.school, id)).await?;
        if certificate.pupil_id == family.child { Ok(certificate) } else { Err(Error::NotFound) }
    })
    .await
}

/// A page of what the school issued, and the certificate after which the next one begins. `state` is `valid`, `revoked` or empty.
pub async fn list(db: &Db, ctx: &Ctx, school: SchoolId, state: &str, words: &str, after: Option<Uuid>) -> Result<(Vec<Certificate>, Option<Uuid>)> {
    ctx.require::<SeeCertificates>()?;
    let key = (school, state.to_owned(), words.to_owned(), after, i64::try_from(PAGE + 1).unwrap_or(i64::MAX));
    let mut found = db.run(&ctx.scope, async |tx| store::LIST.all(tx, key).await).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().map(|certificate| certificate.id).filter(|_| more);
    Ok((found, next))
}

/// A certificate that the school issued.
pub async fn of_school(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<Certificate> {
    ctx.require::<SeeCertificates>()?;
    db.run(&ctx.scope, async |tx| store::FIND.one(tx, (school, id)).await).await
}

/// Revokes a certificate. Sent twice, it is done once.
///
/// # Errors
/// `NotFound` for one of another school.
pub async fn revoke(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid, why: String) -> Result<()> {
    ctx.require::<RevokeCertificate>()?;
    let me = ctx.person()?;
    db.run(&ctx.scope, async |tx| {
        store::FIND.one(tx, (school, id)).await?;
        match store::REVOKE.opt(tx, (school, id, me, ctx.now(), why)).await? {
            Some(revoked) => deed(tx, ctx, school, revoked.pupil_id, id, "people.revoke_certificate").await,
            None => Ok(()),
        }
    })
    .await
}

/// What anybody learns of a certificate whose code they were shown.
pub async fn check(db: &Db, code: &Code) -> Result<Option<Checked>> {
    let code = code.as_str().to_owned();
    db.run(&Scope::nothing(), async |tx| {
        store::IN_SIGHT.one(tx, (code.clone(),)).await?;
        store::CHECK.opt(tx, (code,)).await
    })
    .await
}

async fn kin_or_nobody(tx: &Tx, family: Family, today: Date) -> Result<()> {
    let kin = store::KIN_IS.one(tx, (family.school, family.child, family.guardian, today)).await?;
    if kin.so { Ok(()) } else { Err(Error::NotFound) }
}

async fn deed(tx: &Tx, ctx: &Ctx, school: SchoolId, child: PersonId, id: Uuid, action: &'static str) -> Result<()> {
    let deed = Deed { school, action, subject_kind: "person", subject: Some(child.0), detail: json!({ "certificate": show(id) }) };
    audit::record_about(tx, ctx, deed, Whose::person(child)).await
}
