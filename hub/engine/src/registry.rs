//! The registry in memory: which device is which, by its code. Re-read every ten seconds, and twice a second while messages of
//! unknown codes wait (`router`), so that a device registered on a page works at once and a retired one stops soon.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use jiff::tz::TimeZone;
use kernel::{
    Result,
    db::{Db, Scope},
    id::{DeviceId, SchoolId},
    row,
    sql::{Query, Statement},
};
use protocol::topic::{Channel, Code, Topic};

/// A registered device, as the engine needs it.
#[derive(Debug)]
pub struct Device {
    /// The school it stands at.
    pub school: SchoolId,
    /// The school's zone.
    pub zone: TimeZone,
    /// Its id.
    pub id: DeviceId,
    /// Its place, for the words of a notice.
    pub place: String,
    /// Where our acknowledgements go.
    pub ack_topic: String,
    school_code: Code,
    shard: u8,
    code: Code,
}

impl Device {
    /// Where its events come from.
    pub fn events_topic(&self) -> String {
        let topic = Topic { shard: self.shard, school: self.school_code.clone(), device: self.code.clone(), channel: Channel::UpEvents };
        topic.to_string()
    }

    /// Its school's shard.
    pub fn shard(&self) -> u8 {
        self.shard
    }

    /// Its code.
    pub fn code(&self) -> &Code {
        &self.code
    }
}

/// What the registry says of a topic.
#[derive(Debug, Clone)]
pub enum Found {
    /// The device, at the school and shard that the topic names.
    Device(Arc<Device>),
    /// The device stands at another school or shard than the topic names.
    WrongPlace(Arc<Device>),
    /// No such device.
    Unknown,
}

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct Registry {
    db: Db,
    devices: Arc<RwLock<Arc<HashMap<Code, Arc<Device>>>>>,
}

impl Registry {
    /// An empty registry; call [`reload`](Self::reload) before use.
    pub fn new(db: Db) -> Self {
        Self { db, devices: Arc::default() }
    }

    /// Reads all devices that are not retired.
    pub async fn reload(&self) -> Result<()> {
        let everywhere = everywhere(&self.db).await?;
        let rows = self.db.run(&everywhere, async |tx| fleet::registered(tx).await).await?;
        let devices = rows.into_iter().filter(|row| row.retired_at.is_none()).filter_map(device).collect::<HashMap<_, _>>();
        if let Ok(mut slot) = self.devices.write() {
            *slot = Arc::new(devices);
        }
        Ok(())
    }

    /// Finds the device that a topic names.
    pub fn find(&self, topic: &Topic) -> Found {
        match self.all().get(&topic.device) {
            Some(device) if device.school_code == topic.school && device.shard == topic.shard => Found::Device(device.clone()),
            Some(device) => Found::WrongPlace(device.clone()),
            None => Found::Unknown,
        }
    }

    /// All devices.
    pub fn all(&self) -> Arc<HashMap<Code, Arc<Device>>> {
        self.devices.read().map(|devices| Arc::clone(&devices)).unwrap_or_default()
    }
}

row! {
    struct Organisation { id: SchoolId }
}

const ORGANISATIONS: Query<(), Organisation> = Query::new("engine.organisation_list", "select id from people_v_organisation");

/// Every statement of this module.
pub(crate) const STATEMENTS: &[&dyn Statement] = &[&ORGANISATIONS];

/// The scope of every organisation there is.
pub(crate) async fn everywhere(db: &Db) -> Result<Scope> {
    let organisations = db.run(&Scope::nothing(), async |tx| ORGANISATIONS.all(tx, ()).await).await?;
    Ok(Scope::schools(organisations.into_iter().map(|organisation| organisation.id)))
}

fn device(row: fleet::Registered) -> Option<(Code, Arc<Device>)> {
    let code = Code::parse(&row.code).ok()?;
    let school_code = Code::parse(&row.school_code).ok()?;
    let shard = u8::try_from(row.shard).ok()?;
    let zone = TimeZone::get(&row.zone).unwrap_or(TimeZone::UTC);
    let ack = Topic { shard, school: school_code.clone(), device: code.clone(), channel: Channel::DownAck };
    let device = Device { school: row.school, zone, id: row.id, place: row.place, ack_topic: ack.to_string(), school_code, shard, code: code.clone() };
    Some((code, Arc::new(device)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use kernel::id::Uuid;

    /// A device for tests of pure rules.
    pub(crate) fn device(id: Uuid) -> Arc<Device> {
        let row = fleet::Registered {
            school: SchoolId(Uuid::from_u128(1)),
            school_code: "s1".into(),
            shard: 1,
            zone: "Asia/Almaty".into(),
            id: DeviceId(id),
            code: "t1".into(),
            kind: "turnstile".into(),
            name: "Turnstile".into(),
            place: "Main door".into(),
            retired_at: None,
        };
        super::device(row).unwrap().1
    }
}
