//! Use cases of the dossier.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Ctx, Result,
    db::{Db, Tx},
    id::DeviceId,
};
use protocol::cursor::{Cursor, Stretch};

use super::store::{self, EventRow, IncidentRow, JournalRow, LetterRow, SilentSchool};
use crate::health::{self, SeeDevices, Status};

/// How many of each list are shown.
const NEWEST: i64 = 20;

/// So long a silent morning is worth a look.
const A_MORNING: SignedDuration = SignedDuration::from_hours(18);

/// All that is known of a device.
#[derive(Debug)]
pub struct Dossier {
    /// The device and how it is.
    pub status: Status,
    /// Its journals, the one in use first.
    pub journals: Vec<JournalRow>,
    /// The newest events of the journal in use.
    pub events: Vec<EventRow>,
    /// What could not be taken.
    pub letters: Vec<LetterRow>,
    /// What went wrong.
    pub incidents: Vec<IncidentRow>,
}

impl JournalRow {
    /// The journal's cursor.
    pub fn cursor(&self) -> Cursor {
        let pairs = self.ahead.chunks_exact(2).filter_map(|pair| match pair {
            [from, to] => Some((*from, *to)),
            _ => None,
        });
        Cursor::from_parts(self.upto, pairs)
    }

    /// Numbers that the device has not sent and not declared lost.
    pub fn gaps(&self) -> Vec<Stretch> {
        self.cursor().gaps()
    }
}

impl LetterRow {
    /// The beginning of what came, as far as it is text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.payload).replace('\0', "\u{fffd}")
    }
}

/// All that is known of a device.
pub async fn dossier(db: &Db, ctx: &Ctx, id: DeviceId) -> Result<Dossier> {
    ctx.require::<SeeDevices>()?;
    db.run(&ctx.scope, async |tx| {
        let status = health::status(tx, id).await?;
        let journals = store::JOURNAL_LIST.all(tx, (status.school, id)).await?;
        let events = match journals.first() {
            Some(journal) => store::EVENT_LIST.all(tx, (status.school, id, journal.store.clone(), NEWEST)).await?,
            None => Vec::new(),
        };
        let letters = store::LETTER_LIST.all(tx, (status.school, id, NEWEST)).await?;
        let incidents = store::INCIDENT_LIST.all(tx, (status.school, id, NEWEST)).await?;
        Ok(Dossier { status, journals, events, letters, incidents })
    })
    .await
}

/// The schools whose gates are silent this morning. The caller has asked for [`SeeDevices`].
pub async fn silent_schools(tx: &Tx, now: Timestamp) -> Result<Vec<SilentSchool>> {
    store::SILENT_LIST.all(tx, (now - A_MORNING,)).await
}
