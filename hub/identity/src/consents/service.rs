//! A word is said: under the child's lock, by somebody who has a say, to the newest text; and what it stops is stopped with it.

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Locale, Result,
    audit::{self, Deed, Whose},
    db::Tx,
    id::{FileId, PersonId, SchoolId, Uuid},
};
use serde_json::json;
use web::Site;

use super::{
    GiveConsents,
    rules::{self, Act, How, Purpose, Rule, Wish},
    store::{self, PurposeRow, State, TextRow, Word},
};
use crate::{schools, sessions::Identity};

/// Somebody whose consents the signed-in person may give: a child, or they themselves from eighteen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// The school.
    pub school: SchoolId,
    /// Who.
    pub person: PersonId,
    /// `Surname Given`.
    pub name: String,
    /// Whether they speak by themselves now: their guardians see and no longer say.
    pub of_age: bool,
}

/// A purpose as it stands for somebody.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What for.
    pub purpose: Purpose,
    /// Whether it runs without a word.
    pub rule: Rule,
    /// The newest text in the reader's language.
    pub text: TextRow,
    /// The last word, where there is one.
    pub last: Option<State>,
    /// What the reader last said themselves.
    pub own_last: Option<Act>,
}

impl Standing {
    /// The last word.
    pub fn act(&self) -> Option<Act> {
        self.last.as_ref().map(|last| Act::stored(&last.state))
    }

    /// Whether it may be done now.
    pub fn is_allowed(&self) -> bool {
        self.rule.allows(self.act())
    }
}

/// What is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// What for.
    pub purpose: Purpose,
    /// Yes or no.
    pub wish: Wish,
    /// The text that was read; nothing where it is the newest by the way it came (a printed form is of its day).
    pub version: Option<i32>,
}

/// Who says it, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speaker {
    /// Who.
    pub person: PersonId,
    /// How.
    pub how: How,
    /// The language of the text.
    pub locale: Locale,
    /// On paper: when it was signed, and the scan.
    pub paper: Option<(Date, FileId)>,
}

/// Whether something may be done with somebody's data now: the last word, else the rule of the purpose. In the caller's transaction,
/// whose scope has the school.
///
/// # Errors
/// The database's.
pub async fn allows(tx: &Tx, school: SchoolId, person: PersonId, purpose: Purpose, today: Date) -> Result<bool> {
    Ok(store::ALLOWED.one(tx, (school, person, purpose.as_str(), today)).await?.allowed)
}

/// Those whose consents the signed-in person sees: their children, and they themselves once they are of age.
///
/// # Errors
/// The database's.
pub async fn children(site: &Site, ctx: &Ctx, identity: &Identity) -> Result<Vec<Child>> {
    let own = own_schools(identity).into_iter().map(|school| (school, identity.person));
    let known: Vec<(SchoolId, PersonId)> = identity.children.iter().map(|child| (child.school, child.person)).chain(own).collect();
    let ids = known.iter().map(|(_, person)| *person).collect();
    let names = site.db.run(&ctx.scope, async |tx| store::NAME_LIST.all(tx, (ids,)).await).await?;
    let mut found = Vec::new();
    for name in &names {
        for (school, person) in known.iter().filter(|(_, person)| *person == name.person_id) {
            let of_age = rules::is_of_age(name.birth_date, today_at(site, ctx, *school).await?);
            if *person != identity.person || of_age {
                found.push(Child { school: *school, person: *person, name: format!("{} {}", name.surname, name.given_name), of_age });
            }
        }
    }
    Ok(found)
}

/// The schools where somebody is a pupil by a login of their own.
pub(super) fn own_schools(identity: &Identity) -> Vec<SchoolId> {
    identity.grants.iter().filter(|(_, role)| *role == kernel::right::Role::Pupil).map(|(school, _)| *school).collect()
}

/// How every purpose stands for each of these, in their order; and what `speaker` last said of each, where somebody asks for that.
pub(super) async fn standings(tx: &Tx, of: &[(SchoolId, PersonId)], speaker: Option<PersonId>, today: Date, locale: Locale) -> Result<Vec<Vec<Standing>>> {
    let (schools, persons): (Vec<SchoolId>, Vec<PersonId>) = of.iter().copied().unzip();
    let states = store::STATE_LIST.all(tx, (schools.clone(), persons.clone())).await?;
    let own = match speaker {
        Some(speaker) => store::OWN_LAST.all(tx, (schools, persons, speaker)).await?,
        None => Vec::new(),
    };
    let texts = store::TEXT_LIST.all(tx, (today, locale.as_str())).await?;
    let purposes = store::PURPOSE_LIST.all(tx, (today,)).await?;
    let standing = |school: SchoolId, person: PersonId, row: &PurposeRow| {
        let last = states.iter().find(|state| state.school_id == school && state.person_id == person && state.purpose == row.code);
        let own = own.iter().find(|word| word.school_id == school && word.person_id == person && word.purpose == row.code);
        Some(Standing {
            // A purpose of a newer version has no words of ours for its page.
            purpose: Purpose::parse(&row.code)?,
            rule: Rule::stored(&row.rule),
            text: texts.iter().find(|text| text.purpose == row.code)?.clone(),
            last: last.cloned(),
            own_last: own.map(|word| Act::stored(&word.act)),
        })
    };
    Ok(of.iter().map(|(school, person)| purposes.iter().filter_map(|row| standing(*school, *person, row)).collect()).collect())
}

/// The words about these children, newest first: at most `limit`, after this one.
pub(super) async fn ledger(tx: &Tx, schools: Vec<SchoolId>, children: Vec<PersonId>, after: Option<Place>, limit: usize) -> Result<Vec<Word>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    store::LEDGER.all(tx, (schools, children, after.map(|place| place.at), after.map(|place| place.id), limit)).await
}

/// A place in the ledger: the word after which to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    at: jiff::Timestamp,
    id: Uuid,
}

impl Place {
    pub(super) fn of(word: &Word) -> Self {
        Self { at: word.at, id: word.id }
    }

    pub(super) fn show(self) -> String {
        format!("{}.{}", self.at.as_microsecond(), kernel::id::show(self.id))
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (micros, id) = text.split_once('.')?;
        let at = jiff::Timestamp::from_microsecond(micros.parse().ok()?).ok()?;
        Some(Self { at, id: kernel::id::read(id)? })
    }
}

/// The signed-in person speaks for a child of theirs, or for themselves.
///
/// # Errors
/// `NotFound` for whom they may not speak; a refusal for a text that is no longer the newest, or a child who is of age.
pub async fn give(site: &Site, ctx: &Ctx, school: SchoolId, child: PersonId, given: Given) -> Result<()> {
    ctx.require::<GiveConsents>()?;
    if !ctx.scope.schools.contains(&school) {
        return Err(Error::NotFound);
    }
    let speaker = Speaker { person: ctx.person()?, how: How::OnScreen, locale: ctx.locale, paper: None };
    let today = today_at(site, ctx, school).await?;
    site.db.run(&ctx.scope, async |tx| say(tx, ctx, school, child, &speaker, &[given], today).await).await.map(drop)
}

/// Says all of it at once, in the caller's transaction, and gives how many words were new.
///
/// # Errors
/// See [`give`].
pub(super) async fn say(tx: &Tx, ctx: &Ctx, school: SchoolId, child: PersonId, speaker: &Speaker, said: &[Given], today: Date) -> Result<usize> {
    let how = speaker.how.accepted()?;
    store::CHILD_LOCK.one(tx, (school, child.0.to_string())).await?;
    let voters = voters_with(tx, school, child, speaker.person, today).await?;
    let own = store::OWN_LAST.all(tx, (vec![school], vec![child], speaker.person)).await?;
    let texts = store::TEXT_LIST.all(tx, (today, speaker.locale.as_str())).await?;
    let (mut purposes, mut acts, mut versions) = (Vec::new(), Vec::new(), Vec::new());
    for Given { purpose, wish, version } in said {
        let text = texts.iter().find(|text| text.purpose == purpose.as_str()).ok_or(Error::NotFound)?;
        if version.is_some_and(|read| read != text.version) {
            return Err(Error::Refused("consents.text_changed"));
        }
        let last = own.iter().find(|word| word.purpose == purpose.as_str()).map(|word| Act::stored(&word.act));
        if let Some(act) = Act::of(*wish, last) {
            purposes.push(purpose.as_str());
            acts.push(act.as_str());
            versions.push(text.version);
        }
    }
    if purposes.is_empty() {
        return Ok(0);
    }
    let told = json!({ "said": purposes.iter().zip(&acts).map(|(purpose, act)| format!("{purpose} {act}")).collect::<Vec<_>>(), "by": speaker.person, "how": how.as_str() });
    let (now, count) = (ctx.now(), purposes.len());
    let ids = purposes.iter().map(|_| ctx.id::<Uuid>()).collect();
    let (signed_on, scan) = (speaker.paper.map(|(day, _)| day), speaker.paper.map(|(_, scan)| scan));
    let recorder = if how == How::Paper { Some(ctx.person()?) } else { None };
    let device = ctx.origin.device.as_ref().map(|device| device.to_string());
    let words = (school, child, speaker.person, voters, now, speaker.locale.as_str(), how.as_str(), signed_on, recorder, scan, ctx.origin.address, device, ids, purposes, acts, versions);
    store::WORD_ADD.run(tx, words).await?;
    store::STOP_END.run(tx, (school, child, now)).await?;
    store::STOP_BEGIN.run(tx, (school, child, now)).await?;
    let deed = Deed { school, action: "consents.say", subject_kind: "person", subject: Some(child.0), detail: told };
    audit::record_about(tx, ctx, deed, Whose::persons([child, speaker.person])).await?;
    Ok(count)
}

/// Who has a say about a pupil on a day.
pub(super) async fn voters(tx: &Tx, school: SchoolId, child: PersonId, today: Date) -> Result<Vec<PersonId>> {
    let (guardians, born) = family(tx, school, child, today).await?;
    Ok(rules::voters(child, &guardians, born, today))
}

/// Who has a say about a child; refuses a speaker who has none.
async fn voters_with(tx: &Tx, school: SchoolId, child: PersonId, speaker: PersonId, today: Date) -> Result<Vec<PersonId>> {
    let (guardians, born) = family(tx, school, child, today).await?;
    let voters = rules::voters(child, &guardians, born, today);
    rules::may_speak(speaker, &voters, &guardians)?;
    Ok(voters)
}

/// The guardians of a pupil who is at the school, and when the pupil was born.
async fn family(tx: &Tx, school: SchoolId, child: PersonId, today: Date) -> Result<(Vec<PersonId>, Option<Date>)> {
    store::PUPIL_FIND.one(tx, (school, child, None)).await?;
    let guardians = store::GUARDIAN_LIST.all(tx, (school, child, today)).await?.into_iter().map(|row| row.guardian_id).collect();
    Ok((guardians, store::NAME_LIST.one(tx, (vec![child],)).await?.birth_date))
}

/// The day it is at a school.
pub(super) async fn today_at(site: &Site, ctx: &Ctx, school: SchoolId) -> Result<Date> {
    let school = schools::by_id(site, school).await?.ok_or(Error::NotFound)?;
    today_in(ctx, &school.zone)
}

/// The day it is in a zone.
pub(super) fn today_in(ctx: &Ctx, zone: &str) -> Result<Date> {
    let zone = jiff::tz::TimeZone::get(zone).map_err(|error| Error::broken(error.to_string()))?;
    Ok(ctx.now().to_zoned(zone).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_as_shown() {
        let place = Place { at: "2026-11-22T02:52:01.123456Z".parse().unwrap(), id: Uuid::from_u128(77) };
        assert_eq!(Place::parse(&place.show()), Some(place));
        for text in ["", "1", "x.y", "99999999999999999999.x", "1.zzzz"] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }
}
