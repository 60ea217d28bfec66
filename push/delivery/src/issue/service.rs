//! Issue: read who is to be told, decide, insert.

use std::sync::Arc;

use futures_util::future::try_join;
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Locale, Result,
    db::Tx,
    id::{NoticeId, PersonId, SchoolId, TokenId, Uuid, fresh},
};
use notice::{Draft, Kind};
use serde_json::Value;

use super::{
    rules::{Abroad, Route, route},
    store::{self, JsonText, Recipient},
};

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
    /// The phone's name at the provider.
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
    let recipients = recipients(tx, drafts).await?;
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

async fn recipients(tx: &Tx, drafts: &[Draft]) -> Result<Vec<Recipient>> {
    let schools = drafts.iter().map(|draft| draft.school).collect();
    let children = drafts.iter().map(|draft| draft.child).collect();
    let kinds = drafts.iter().map(|draft| draft.kind.name).collect();
    store::RECIPIENT_LIST.all(tx, (schools, children, kinds)).await
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
        let switch = first.switch.as_deref().map(notice::Push::stored);
        let known = phones.iter().filter(|phone| phone.token_id.is_some()).count();
        let abroad = if first.stopped { Abroad::Stopped } else { Abroad::Allowed };
        match route(draft.kind, abroad, switch, draft.late, known) {
            Route::InboxOnly(outcome) => self.deliveries.add(&notice, NO_TOKEN, Some(outcome)),
            Route::Phones => phones.iter().filter_map(|phone| push(&notice, phone, self.lease_until)).for_each(|push| {
                self.deliveries.add(&notice, push.token, None);
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
        let Deliveries { schools, notices: notice_ids, tokens, recipients, outcomes } = deliveries;
        let deliveries = (schools, notice_ids, tokens, recipients, outcomes, now, lease_until);
        try_join(store::NOTICE_ADD.run(tx, notices), store::DELIVERY_ADD.run(tx, deliveries)).await?;
        Ok(issued)
    }
}

impl Deliveries {
    fn add(&mut self, notice: &IssuedNotice, token: TokenId, outcome: Option<&'static str>) {
        self.schools.push(notice.school);
        self.notices.push(notice.id);
        self.tokens.push(token);
        self.recipients.push(notice.recipient);
        self.outcomes.push(outcome);
    }
}

fn push(notice: &IssuedNotice, phone: &Recipient, lease_until: Timestamp) -> Option<Push> {
    Some(Push {
        school: notice.school,
        notice: notice.id,
        recipient: notice.recipient,
        token: phone.token_id?,
        device_token: phone.token.clone()?,
        locale: phone.locale.as_deref().map(Locale::stored).unwrap_or_default(),
        child: notice.child,
        kind: notice.kind,
        occurred_at: notice.occurred_at,
        created_at: notice.created_at,
        lease_until,
        attempts: 0,
        args: Arc::clone(&notice.args),
    })
}
