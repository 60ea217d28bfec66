//! Use cases of hours.

use kernel::{
    Error, Result,
    audit::{self, Deed},
    db::Db,
};
use serde_json::json;

use super::{
    rules::{Alarms, Hours, Quiet, WallTime},
    store::{self, Changed},
};
use crate::{Own, switches::SwitchNotices};

/// What a form says, as typed.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Typed {
    /// From when quiet.
    #[serde(default)]
    pub quiet_from: String,
    /// Until when.
    #[serde(default)]
    pub quiet_to: String,
    /// `pass` or `wait`.
    #[serde(default)]
    pub alarms: String,
    /// When the digest comes.
    #[serde(default)]
    pub digest_at: String,
}

impl Typed {
    /// What holds, as it would be typed.
    pub fn of(hours: &Hours) -> Self {
        let shown = |time: Option<WallTime>| time.map(|time| time.to_string()).unwrap_or_default();
        Self {
            quiet_from: shown(hours.quiet.map(|quiet| quiet.from)),
            quiet_to: shown(hours.quiet.map(|quiet| quiet.to)),
            alarms: hours.alarms.as_str().to_owned(),
            digest_at: shown(hours.digest),
        }
    }

    /// Reads it. Both times left empty: no quiet hours.
    ///
    /// # Errors
    /// Which field cannot be read.
    pub fn read(&self) -> Result<Hours> {
        let time = |field: &'static str, text: &str| match text.trim() {
            "" => Ok(None),
            text => WallTime::parse(text).map(Some).ok_or_else(|| Error::invalid(field, "hours-field-time")),
        };
        let quiet = match (time("quiet_from", &self.quiet_from)?, time("quiet_to", &self.quiet_to)?) {
            (Some(from), Some(to)) if from == to => return Err(Error::invalid("quiet_to", "hours-field-same")),
            (Some(from), Some(to)) => Some(Quiet { from, to }),
            (None, None) => None,
            (None, Some(_)) => return Err(Error::invalid("quiet_from", "hours-field-both")),
            (Some(_), None) => return Err(Error::invalid("quiet_to", "hours-field-both")),
        };
        Ok(Hours { quiet, alarms: Alarms::stored(&self.alarms), digest: time("digest_at", &self.digest_at)? })
    }
}

/// What the reader wishes; the default while they have said nothing.
pub async fn hours(db: &Db, own: &Own) -> Result<Hours> {
    own.require::<SwitchNotices>()?;
    let ctx = &own.ctx;
    let guardian = ctx.person()?;
    let wish = db.run(&ctx.scope, async |tx| store::WISH_FIND.opt(tx, (guardian,)).await).await?;
    Ok(wish.map(|wish| Hours::stored(wish.quiet_from, wish.quiet_to, Some(&wish.alarms), wish.digest_at)).unwrap_or_default())
}

/// Keeps a wish. What waits already comes when it was to come.
///
/// # Errors
/// `NotFound` for who is nobody's guardian, and neither works nor learns anywhere.
pub async fn set(db: &Db, own: &Own, hours: &Hours) -> Result<()> {
    own.require::<SwitchNotices>()?;
    let ctx = &own.ctx;
    let guardian = ctx.person()?;
    let minutes = |time: Option<WallTime>| time.map(WallTime::minutes);
    let wish = (guardian, minutes(hours.quiet.map(|quiet| quiet.from)), minutes(hours.quiet.map(|quiet| quiet.to)), hours.alarms.as_str(), minutes(hours.digest), ctx.now(), own.schools.clone());
    db.run(&ctx.scope, async |tx| {
        for Changed { school_id } in store::WISH_SET.all(tx, wish).await? {
            let detail = json!({ "quiet": hours.quiet.is_some(), "digest": hours.digest.is_some(), "alarms": hours.alarms.as_str() });
            audit::record(tx, ctx, Deed { school: school_id, action: "delivery.set_hours", subject_kind: "person", subject: Some(guardian.0), detail }).await?;
        }
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_or_says_where_it_is_wrong() {
        let typed = |from: &str, to: &str, digest: &str| Typed { quiet_from: from.into(), quiet_to: to.into(), alarms: "pass".into(), digest_at: digest.into() };
        assert_eq!(typed("", "", "").read().unwrap(), Hours::default());
        let read = typed("22:00", "7.00", "19:00").read().unwrap();
        let again = Typed::of(&read);
        assert_eq!((again.quiet_from.as_str(), again.quiet_to.as_str(), again.digest_at.as_str()), ("22:00", "07:00", "19:00"));
        for (form, field) in [(typed("22:00", "", ""), "quiet_to"), (typed("", "7:00", ""), "quiet_from"), (typed("7:00", "07:00", ""), "quiet_to"), (typed("25:00", "7:00", ""), "quiet_from"), (typed("", "", "x"), "digest_at")] {
            let Err(Error::Invalid(wrong)) = form.read() else { panic!("{form:?}") };
            assert_eq!(wrong[0].field, field);
        }
    }
}
