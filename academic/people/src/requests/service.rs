//! Use cases of requests: asked and withdrawn by a guardian, answered by the office.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed, Whose},
    db::{Db, Tx},
    file::{Files, InDatabase, Kept, NewFile},
    id::{PersonId, SchoolId, Uuid, show},
};
use notice::{Draft, To};
use serde_json::json;
use web::upload::Scan;

use super::{
    AnswerUpdates, AskUpdate, DOCUMENT,
    rules::{self, About, Decision, Judged, MOST_OPEN, Verdict},
    store::{self, Request},
};
use crate::pupils::card::{self, Card, Field, How, rules::Typed};

/// How many requests a page of the queue shows.
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

impl Family {
    fn person(&self, about: About) -> PersonId {
        match about {
            About::Child => self.child,
            About::Own => self.guardian,
        }
    }
}

/// A field of a request, with how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldState {
    /// Whose.
    pub about: About,
    /// Which.
    pub field: Field,
    /// What stood when it was asked.
    pub before: Option<String>,
    /// What is asked.
    pub asked: Option<String>,
    /// The answer.
    pub verdict: Option<Verdict>,
    /// Why not.
    pub reason: Option<String>,
    /// When it was answered.
    pub decided_at: Option<Timestamp>,
}

/// A request with its fields.
#[derive(Debug)]
pub struct Asked {
    /// The request.
    pub request: Request,
    /// Its fields.
    pub fields: Vec<FieldState>,
}

/// A request as the office looks at it.
#[derive(Debug)]
pub struct Detail {
    /// The request and its fields.
    pub asked: Asked,
    /// The cards as they stand: the child's, the guardian's.
    pub cards: [Card; 2],
    /// Whether who asked is a guardian still, and nothing bars them.
    pub is_kin: bool,
}

impl Detail {
    /// What stands in the card now.
    pub fn stands(&self, about: About, field: Field) -> Option<String> {
        let [child, own] = &self.cards;
        match about {
            About::Child => child.value(field),
            About::Own => own.value(field),
        }
    }
}

/// The two cards that a guardian's form begins with.
///
/// # Errors
/// `NotFound` for who is no guardian of the child.
pub async fn cards(db: &Db, ctx: &Ctx, family: Family, today: Date) -> Result<[Card; 2]> {
    ctx.require::<AskUpdate>()?;
    db.run(&ctx.scope, async |tx| {
        kin_or_nobody(tx, family, today).await?;
        both_cards(tx, family).await
    })
    .await
}

/// Asks for what the form says. `id` is the form's: sent twice, it is asked once.
///
/// # Errors
/// All that is wrong with the fields; a refusal where too many wait.
pub async fn ask(db: &Db, ctx: &Ctx, family: Family, id: Uuid, typed: &Typed, document: Option<Scan>, today: Date) -> Result<()> {
    ctx.require::<AskUpdate>()?;
    let Family { school, child, guardian } = family;
    db.run(&ctx.scope, async |tx| {
        store::FAMILY_LOCK.one(tx, (format!("{school}{child}{guardian}"),)).await?;
        kin_or_nobody(tx, family, today).await?;
        if store::REQUEST_IS.one(tx, (school, id)).await?.so {
            return Ok(());
        }
        let [of_child, own] = both_cards(tx, family).await?;
        let stands = |about, field| match about {
            About::Child => of_child.value(field),
            About::Own => own.value(field),
        };
        let changes = rules::asked(stands, typed, today)?;
        if store::OPEN_COUNT.one(tx, (school, child, guardian, id)).await?.count >= MOST_OPEN {
            return Err(Error::Refused("updates.too_many"));
        }
        let file = match &document {
            Some(Scan { media, bytes }) => Some(InDatabase.put(tx, ctx, NewFile { school, person: child, kind: DOCUMENT, media: *media, bytes }).await?),
            None => None,
        };
        let note = typed.get("note").map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
        store::REQUEST_ADD.run(tx, (school, id, child, guardian, note, file, ctx.now())).await?;
        let names: Vec<String> = changes.iter().map(|change| format!("{}.{}", change.about.as_str(), change.field.as_str())).collect();
        let (about, field) = changes.iter().map(|change| (change.about.as_str(), change.field.as_str())).unzip();
        let (before, asked) = changes.into_iter().map(|change| (change.before, change.asked)).unzip();
        store::FIELD_ADD.run(tx, (school, id, about, field, before, asked)).await?;
        note_deed(tx, ctx, family, "people.ask_update", json!({ "request": show(id), "fields": names })).await
    })
    .await
}

/// Takes a request back while it waits. Sent twice, it is done once.
///
/// # Errors
/// `NotFound` for one that is not the guardian's; a refusal for one that was answered.
pub async fn withdraw(db: &Db, ctx: &Ctx, family: Family, id: Uuid, today: Date) -> Result<()> {
    ctx.require::<AskUpdate>()?;
    let Family { school, child, guardian } = family;
    db.run(&ctx.scope, async |tx| {
        kin_or_nobody(tx, family, today).await?;
        let request = store::REQUEST_FIND.one(tx, (school, id)).await?;
        if request.asked_by != guardian || request.child_id != child {
            return Err(Error::NotFound);
        }
        if store::REQUEST_WITHDRAW.opt(tx, (school, id, guardian, ctx.now())).await?.is_none() {
            return if request.withdrawn_at.is_some() { Ok(()) } else { Err(Error::Refused("updates.closed")) };
        }
        note_deed(tx, ctx, family, "people.withdraw_update", json!({ "request": show(id) })).await
    })
    .await
}

/// What a guardian asked about these children, the newest first.
pub async fn own(db: &Db, ctx: &Ctx, children: &[identity::Child]) -> Result<Vec<Asked>> {
    ctx.require::<AskUpdate>()?;
    let me = ctx.person()?;
    let (schools, ids) = children.iter().map(|child| (child.school, child.person)).unzip();
    db.run(&ctx.scope, async |tx| {
        let requests = store::OWN_LIST.all(tx, (schools, ids, me)).await?;
        with_fields(tx, requests).await
    })
    .await
}

/// A page of the queue, and the request after which the next one begins.
pub async fn queue(db: &Db, ctx: &Ctx, school: SchoolId, state: &str, words: &str, after: Option<Uuid>) -> Result<(Vec<Request>, Option<Uuid>)> {
    ctx.require::<AnswerUpdates>()?;
    let words: String = words.trim().chars().take(100).collect();
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = db.run(&ctx.scope, async |tx| store::QUEUE.all(tx, (school, state.to_owned(), words, after, limit)).await).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().map(|request| request.id).filter(|_| more);
    Ok((found, next))
}

/// A request as the office answers it.
pub async fn request(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid, today: Date) -> Result<Detail> {
    ctx.require::<AnswerUpdates>()?;
    db.run(&ctx.scope, async |tx| {
        let request = store::REQUEST_FIND.one(tx, (school, id)).await?;
        let family = family_of(&request);
        let cards = both_cards(tx, family).await?;
        let is_kin = is_kin(tx, family, today).await?;
        let asked = with_fields(tx, vec![request]).await?.into_iter().next().ok_or(Error::NotFound)?;
        Ok(Detail { asked, cards, is_kin })
    })
    .await
}

/// The document of a request, ready to be given out.
pub async fn document(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<Kept> {
    ctx.require::<AnswerUpdates>()?;
    db.run(&ctx.scope, async |tx| {
        let request = store::REQUEST_FIND.one(tx, (school, id)).await?;
        InDatabase.find(tx, school, DOCUMENT, request.file_id.ok_or(Error::NotFound)?).await
    })
    .await
}

/// Answers fields of a request, all or none, and writes what is accepted into the cards.
///
/// # Errors
/// A refusal where somebody answered otherwise, the card changed after it was shown, the guardian is none any more, or took it back.
pub async fn answer(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid, decisions: &[Decision], how: &How, today: Date) -> Result<Family> {
    ctx.require::<AnswerUpdates>()?;
    let me = ctx.person()?;
    db.run(&ctx.scope, async |tx| {
        store::REQUEST_FOR_UPDATE.one(tx, (school, id)).await?;
        let request = store::REQUEST_FIND.one(tx, (school, id)).await?;
        if request.withdrawn_at.is_some() {
            return Err(Error::Refused("updates.withdrawn"));
        }
        let family = family_of(&request);
        let Asked { fields, .. } = with_fields(tx, vec![request]).await?.into_iter().next().ok_or(Error::NotFound)?;
        let is_kin = is_kin(tx, family, today).await?;
        let mut done = Vec::new();
        // Rows of persons are locked in the order of their ids, whoever of the two is the child.
        let mut order = About::ALL;
        order.sort_by_key(|about| family.person(*about));
        for about in order {
            done.extend(answer_one(tx, ctx, family, about, &fields, decisions, how, is_kin).await?);
        }
        if done.is_empty() {
            return Ok(family);
        }
        let (about, field) = done.iter().map(|decision| (decision.about.as_str(), decision.field.as_str())).unzip();
        let (verdict, reason) = done.iter().map(|decision| (decision.verdict.as_str(), decision.reason.clone())).unzip();
        store::FIELD_ANSWER.run(tx, (school, id, me, ctx.now(), about, field, verdict, reason)).await?;
        store::REQUEST_CLOSE.run(tx, (school, id, ctx.now())).await?;
        let named = |verdict: Verdict| -> Vec<String> {
            done.iter().filter(|decision| decision.verdict == verdict).map(|decision| format!("{}.{}", decision.about.as_str(), decision.field.as_str())).collect()
        };
        let detail = json!({ "request": show(id), "accepted": named(Verdict::Accepted), "refused": named(Verdict::Refused) });
        note_deed(tx, ctx, family, "people.answer_update", detail).await?;
        notice::tell(tx, ctx, &answered(ctx, family, &done)).await?;
        Ok(family)
    })
    .await
}

/// What the guardian who asked is told: how many fields were taken over and how many were not. Which and why stands on their page.
fn answered(ctx: &Ctx, family: Family, done: &[&Decision]) -> Draft {
    let count = |verdict: Verdict| done.iter().filter(|decision| decision.verdict == verdict).count();
    Draft {
        school: family.school,
        child: family.child,
        to: To::Guardian(family.guardian),
        kind: &notice::REQUEST_ANSWERED,
        occurred_at: ctx.now(),
        late: false,
        args: json!({ "accepted": count(Verdict::Accepted), "refused": count(Verdict::Refused) }),
    }
}

/// Judges the decisions about one of the two, writes what is accepted into their card, and gives those that are new.
#[expect(clippy::too_many_arguments, reason = "one step of an answer, under the locks of all of it")]
async fn answer_one<'d>(tx: &Tx, ctx: &Ctx, family: Family, about: About, fields: &[FieldState], decisions: &'d [Decision], how: &How, is_kin: bool) -> Result<Vec<&'d Decision>> {
    let own: Vec<&Decision> = decisions.iter().filter(|decision| decision.about == about).collect();
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let person = family.person(about);
    let card = card::card_held(tx, family.school, person).await?;
    let (mut done, mut wanted) = (Vec::new(), Vec::new());
    for decision in own {
        let state = fields.iter().find(|state| state.about == about && state.field == decision.field).ok_or(Error::NotFound)?;
        if rules::judge(state.verdict, decision, card.value(decision.field).as_deref())? == Judged::Do {
            done.push(decision);
            if decision.verdict == Verdict::Accepted {
                wanted.push((decision.field, state.asked.clone()));
            }
        }
    }
    if !wanted.is_empty() {
        if !is_kin {
            return Err(Error::Refused("updates.no_guardian"));
        }
        card::change(tx, ctx, family.school, person, &wanted, how).await?;
    }
    Ok(done)
}

fn family_of(request: &Request) -> Family {
    Family { school: request.school_id, child: request.child_id, guardian: request.asked_by }
}

async fn both_cards(tx: &Tx, family: Family) -> Result<[Card; 2]> {
    Ok([card::card(tx, family.school, family.child).await?, card::card(tx, family.school, family.guardian).await?])
}

async fn is_kin(tx: &Tx, family: Family, today: Date) -> Result<bool> {
    Ok(store::KIN_IS.one(tx, (family.school, family.child, family.guardian, today)).await?.so)
}

async fn kin_or_nobody(tx: &Tx, family: Family, today: Date) -> Result<()> {
    if is_kin(tx, family, today).await? { Ok(()) } else { Err(Error::NotFound) }
}

async fn with_fields(tx: &Tx, requests: Vec<Request>) -> Result<Vec<Asked>> {
    let (schools, ids) = requests.iter().map(|request| (request.school_id, request.id)).unzip();
    let rows = store::FIELD_LIST.all(tx, (schools, ids)).await?;
    let state = |row: &store::AskedField| {
        Some(FieldState {
            about: About::parse(&row.about)?,
            field: Field::parse(&row.field)?,
            before: row.before.clone(),
            asked: row.asked.clone(),
            verdict: row.verdict.as_deref().and_then(Verdict::parse),
            reason: row.reason.clone(),
            decided_at: row.decided_at,
        })
    };
    Ok(requests.into_iter().map(|request| Asked { fields: rows.iter().filter(|row| row.request_id == request.id).filter_map(state).collect(), request }).collect())
}

async fn note_deed(tx: &Tx, ctx: &Ctx, family: Family, action: &'static str, detail: serde_json::Value) -> Result<()> {
    let deed = Deed { school: family.school, action, subject_kind: "person", subject: Some(family.child.0), detail };
    audit::record_about(tx, ctx, deed, Whose::persons([family.child, family.guardian])).await
}
