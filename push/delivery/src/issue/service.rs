//! Issue: read who is to be told, decide, insert.

use std::sync::Arc;

use futures_util::future::try_join;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use kernel::{
    Error, Locale, Result,
    db::Tx,
    id::{NoticeId, PersonId, SchoolId, TokenId, Uuid, fresh},
};
use notice::{Draft, HeldBack, Kind, To};
use serde_json::Value;

use super::{
    rules::{Abroad, Route, Wish, put_off, route},
    store::{self, JsonText, Recipient},
};
use crate::{channels::Via, hours::Hours};

/// What came of a batch of drafts; to be used after the commit, and only then.
#[derive(Debug, Default)]
pub struct Issued {
    /// For live sessions: what is new in whose inbox.
    pub notices: Vec<IssuedNotice>,
    /// For the dispatcher.
    pub pushes: Vec<Push>,
}

/// A notice that is now in a guardian's inbox.
#[derive(Debug, Clone)]
pub struct IssuedNotice {
    /// The school it happened at.
    pub school: SchoolId,
    /// Whose inbox.
    pub recipient: PersonId,
    /// The notice.
    pub id: NoticeId,
    /// The child it is about.
    pub child: PersonId,
    /// What kind.
    pub kind: &'static Kind,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When the notice was made.
    pub created_at: Timestamp,
    /// Whether it came too late to alarm anyone.
    pub late: bool,
    /// Arguments of the kind's messages.
    pub args: Arc<Value>,
}

/// One push to one phone: an open delivery row, leased to whoever holds this.
#[derive(Debug, Clone)]
pub struct Push {
    /// The school it happened at.
    pub school: SchoolId,
    /// The notice; also the tag by which a phone shows it once.
    pub notice: NoticeId,
    /// Whose phone.
    pub recipient: PersonId,
    /// The phone.
    pub token: TokenId,
    /// By what the phone is reached.
    pub via: Via,
    /// The phone's name at the provider: a token, or a subscription with its keys.
    pub device_token: String,
    /// The phone's language.
    pub locale: Locale,
    /// The child it is about.
    pub child: PersonId,
    /// What kind.
    pub kind: &'static Kind,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When the row was made: part of its key.
    pub created_at: Timestamp,
    /// Until when the row is leased to this instance.
    pub lease_until: Timestamp,
    /// From when on it is no news any more.
    pub expires_at: Timestamp,
    /// How many notices it stands for: more than one where it waited with others for the same phone.
    pub stands_for: i32,
    /// Attempts made before this one.
    pub attempts: i32,
    /// Arguments of the kind's messages.
    pub args: Arc<Value>,
}

/// Stands in `delivery.token_id` where there is no phone.
const NO_TOKEN: TokenId = TokenId(Uuid::nil());

/// Turns drafts into notices and deliveries. The schools of the drafts must be in the transaction's scope.
///
/// # Errors
/// The database's; then the caller's transaction is void.
pub async fn issue(tx: &Tx, now: Timestamp, lease: SignedDuration, drafts: &[Draft]) -> Result<Issued> {
    if drafts.is_empty() {
        return Ok(Issued::default());
    }
    let recipients = recipients(tx, now, drafts).await?;
    if recipients.is_empty() {
        return Ok(Issued::default());
    }
    let now = as_stored(now)?;
    let mut batch = Batch::new(now, now + lease, recipients.len());
    for told in recipients.chunk_by(|a, b| a.draft == b.draft) {
        batch.add_draft(draft_of(drafts, told)?, told)?;
    }
    batch.save(tx).await
}

/// Those who are told, draft by draft.
async fn recipients(tx: &Tx, now: Timestamp, drafts: &[Draft]) -> Result<Vec<Recipient>> {
    let own: Vec<(i64, &Draft)> = (1_i64..).zip(drafts).filter(|(_, draft)| draft.to == To::Oneself).collect();
    if own.is_empty() {
        return guardians(tx, drafts).await;
    }
    // Asked of all drafts, so that their places stay as they are: whoever is told of themselves is nobody's guardian in that draft.
    let mut all = guardians(tx, drafts).await?;
    all.extend(own_recipients(tx, now, &own).await?);
    all.sort_by_key(|recipient| recipient.draft);
    Ok(all)
}

async fn guardians(tx: &Tx, drafts: &[Draft]) -> Result<Vec<Recipient>> {
    let schools = drafts.iter().map(|draft| draft.school).collect();
    let children = drafts.iter().map(|draft| draft.child).collect();
    let kinds = drafts.iter().map(|draft| draft.kind.name).collect();
    let only = drafts.iter().map(|draft| draft.to.only(draft.child)).collect();
    store::RECIPIENT_LIST.all(tx, (schools, children, kinds, only)).await
}

async fn own_recipients(tx: &Tx, now: Timestamp, drafts: &[(i64, &Draft)]) -> Result<Vec<Recipient>> {
    let schools = drafts.iter().map(|(_, draft)| draft.school).collect();
    let persons = drafts.iter().map(|(_, draft)| draft.child).collect();
    let kinds = drafts.iter().map(|(_, draft)| draft.kind.name).collect();
    let places = drafts.iter().map(|(place, _)| *place).collect();
    store::OWN_RECIPIENT_LIST.all(tx, (schools, persons, kinds, places, now)).await
}

fn draft_of<'d>(drafts: &'d [Draft], told: &[Recipient]) -> Result<&'d Draft> {
    let place = told.first().and_then(|row| usize::try_from(row.draft).ok()).and_then(|n| n.checked_sub(1));
    place.and_then(|place| drafts.get(place)).ok_or_else(|| Error::broken("a recipient of no draft"))
}

/// The database keeps microseconds, and the time is part of a delivery's key: memory and row must agree.
fn as_stored(now: Timestamp) -> Result<Timestamp> {
    Timestamp::from_microsecond(now.as_microsecond()).map_err(|error| Error::broken(error.to_string()))
}

/// What one call inserts, column by column.
struct Batch {
    now: Timestamp,
    lease_until: Timestamp,
    issued: Issued,
    args: Vec<JsonText>,
    deliveries: Deliveries,
}

/// Columns of `delivery`.
struct Deliveries {
    schools: Vec<SchoolId>,
    notices: Vec<NoticeId>,
    tokens: Vec<TokenId>,
    recipients: Vec<PersonId>,
    outcomes: Vec<Option<&'static str>>,
    channels: Vec<&'static str>,
    lanes: Vec<i32>,
    held: Vec<Option<Timestamp>>,
    gathers: Vec<Option<i32>>,
}

impl Batch {
    fn new(now: Timestamp, lease_until: Timestamp, size: usize) -> Self {
        Self {
            now,
            lease_until,
            issued: Issued { notices: Vec::with_capacity(size), pushes: Vec::with_capacity(size) },
            args: Vec::with_capacity(size),
            deliveries: Deliveries {
                schools: Vec::with_capacity(size),
                notices: Vec::with_capacity(size),
                tokens: Vec::with_capacity(size),
                recipients: Vec::with_capacity(size),
                outcomes: Vec::with_capacity(size),
                channels: Vec::with_capacity(size),
                lanes: Vec::with_capacity(size),
                held: Vec::with_capacity(size),
                gathers: Vec::with_capacity(size),
            },
        }
    }

    fn add_draft(&mut self, draft: &Draft, told: &[Recipient]) -> Result<()> {
        let args = Arc::new(draft.args.clone());
        let text = serde_json::to_string(&draft.args).map_err(|error| Error::broken(error.to_string()))?;
        let text = JsonText(text.into());
        for phones in told.chunk_by(|a, b| a.guardian_id == b.guardian_id) {
            self.args.push(text.clone());
            self.add_notice(draft, &args, phones);
        }
        Ok(())
    }

    /// One guardian of one draft.
    fn add_notice(&mut self, draft: &Draft, args: &Arc<Value>, phones: &[Recipient]) {
        let Some(first) = phones.first() else { return };
        let notice = IssuedNotice {
            school: draft.school,
            recipient: first.guardian_id,
            id: NoticeId(fresh(self.now)),
            child: draft.child,
            kind: draft.kind,
            occurred_at: draft.occurred_at,
            created_at: self.now,
            late: draft.late,
            args: Arc::clone(args),
        };
        let chosen = |switch: &Option<String>| switch.as_deref().map(notice::Push::stored);
        let wish = Wish { push: chosen(&first.switch), telegram: chosen(&first.telegram_switch), mail: chosen(&first.mail_switch) };
        let ways: Vec<Via> = phones.iter().filter_map(address).map(|(_, via)| via).collect();
        let wanted = |phone: &&Recipient| address(phone).is_some_and(|(_, via)| wish.comes(draft.kind, via));
        let abroad = if first.stopped { Abroad::Stopped } else { Abroad::Allowed };
        let route = route(draft.kind, abroad, wish, draft.late, &ways);
        let route = match hours_of(first) {
            Some((hours, zone)) => put_off(route, draft.kind, draft.occurred_at, self.now, &hours, &zone),
            None => route,
        };
        match route {
            Route::InboxOnly(outcome) => self.deliveries.add(&notice, (NO_TOKEN, Via::Fcm), Some(outcome), None),
            Route::Held(until) => phones.iter().filter(wanted).filter_map(address).for_each(|address| self.deliveries.add(&notice, address, None, Some(until))),
            Route::Phones => phones.iter().filter(wanted).filter_map(|phone| push(&notice, phone, self.lease_until)).for_each(|push| {
                self.deliveries.add(&notice, (push.token, push.via), None, None);
                self.issued.pushes.push(push);
            }),
        }
        self.issued.notices.push(notice);
    }

    /// Both inserts are sent before either answer is awaited.
    async fn save(self, tx: &Tx) -> Result<Issued> {
        let Self { now, lease_until, issued, args, deliveries } = self;
        let notices = &issued.notices;
        let notices = (
            notices.iter().map(|notice| notice.school).collect(),
            notices.iter().map(|notice| notice.recipient).collect(),
            notices.iter().map(|notice| notice.id).collect(),
            notices.iter().map(|notice| notice.child).collect(),
            notices.iter().map(|notice| notice.kind.name).collect(),
            notices.iter().map(|notice| notice.occurred_at).collect(),
            notices.iter().map(|notice| notice.late).collect(),
            args,
            now,
        );
        let Deliveries { schools, notices: notice_ids, tokens, recipients, outcomes, channels, lanes, held, gathers } = deliveries;
        let deliveries = (schools, notice_ids, tokens, recipients, outcomes, channels, lanes, held, gathers, now, lease_until);
        try_join(store::NOTICE_ADD.run(tx, notices), store::DELIVERY_ADD.run(tx, deliveries)).await?;
        Ok(issued)
    }
}

impl Deliveries {
    fn add(&mut self, notice: &IssuedNotice, (token, via): (TokenId, Via), outcome: Option<&'static str>, held_until: Option<Timestamp>) {
        self.schools.push(notice.school);
        self.notices.push(notice.id);
        self.tokens.push(token);
        self.recipients.push(notice.recipient);
        self.outcomes.push(outcome);
        self.channels.push(via.as_str());
        self.lanes.push(notice.kind.urgency.lane().number());
        self.held.push(held_until);
        // What is to have a banner of its own is gathered from the start: it stands for itself.
        self.gathers.push(held_until.filter(|_| notice.kind.held_back == HeldBack::Alone).map(|_| 1));
    }
}

/// What the guardian wishes, where they said anything. A zone that this version does not know holds nothing back.
fn hours_of(told: &Recipient) -> Option<(Hours, TimeZone)> {
    let zone = TimeZone::get(told.zone.as_deref()?).ok()?;
    Some((Hours::stored(told.quiet_from, told.quiet_to, told.alarms.as_deref(), told.digest_at), zone))
}

/// From when on a notice is no news.
pub fn expiry(kind: &Kind, occurred_at: Timestamp) -> Timestamp {
    occurred_at.saturating_add(kind.expires_after).unwrap_or(Timestamp::MAX)
}

/// A phone, and by what it is reached; nothing where it is reached by what only another version knows.
fn address(phone: &Recipient) -> Option<(TokenId, Via)> {
    Some((phone.token_id?, Via::stored(phone.channel.as_deref()?)?))
}

fn push(notice: &IssuedNotice, phone: &Recipient, lease_until: Timestamp) -> Option<Push> {
    Some(Push {
        school: notice.school,
        notice: notice.id,
        recipient: notice.recipient,
        token: phone.token_id?,
        via: Via::stored(phone.channel.as_deref()?)?,
        device_token: phone.token.clone()?,
        locale: phone.locale.as_deref().map(Locale::stored).unwrap_or_default(),
        child: notice.child,
        kind: notice.kind,
        occurred_at: notice.occurred_at,
        created_at: notice.created_at,
        lease_until,
        expires_at: expiry(notice.kind, notice.occurred_at),
        stands_for: 1,
        attempts: 0,
        args: Arc::clone(&notice.args),
    })
}
