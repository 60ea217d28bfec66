//! The directory: the one place that holds the addresses of device and school actors, and starts them when first needed.
//! Messages go by reference to the held address: cloning an address for each message would give each its own slot past the
//! mailbox's bound.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, OnceLock},
};

use actix::prelude::*;
use kernel::id::{DeviceId, SchoolId};

use crate::{
    device::{self, DeviceActor},
    registry::Device,
    school::{self, SchoolActor},
    supervision::{Supervised, To, Worker},
};

type Addresses<K, W> = Mutex<HashMap<K, Addr<Supervised<W>>>>;

/// What new actors are made of; set once, when the engine has all its parts.
pub struct Seeds {
    /// For device actors.
    pub device: device::Seed,
    /// For school actors.
    pub school: school::Seed,
}

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct Directory {
    inner: Arc<Inner>,
}

struct Inner {
    arbiter: ArbiterHandle,
    seeds: OnceLock<Seeds>,
    devices: Addresses<DeviceId, DeviceActor>,
    schools: Addresses<SchoolId, SchoolActor>,
}

impl Directory {
    /// A directory whose actors live on the arbiter.
    pub fn new(arbiter: ArbiterHandle) -> Self {
        Self { inner: Arc::new(Inner { arbiter, seeds: OnceLock::new(), devices: Mutex::default(), schools: Mutex::default() }) }
    }

    /// Gives it what actors are made of. The first call counts.
    pub fn seed(&self, seeds: Seeds) {
        if self.inner.seeds.set(seeds).is_err() {
            tracing::error!("the directory was seeded twice; the first seeds stay");
        }
    }

    /// Sends to a device's actor; what it cannot take is dropped with its receipt.
    pub fn device(&self, device: &Arc<Device>, message: device::Message) {
        let Some(seeds) = self.inner.seeds.get() else { return };
        let begin = || DeviceActor::new(seeds.device.clone(), device.clone());
        send(&self.inner.arbiter, &self.inner.devices, device.id, begin, message);
    }

    /// Sends to a school's actor.
    pub fn school(&self, school: SchoolId, message: school::Message) {
        let Some(seeds) = self.inner.seeds.get() else { return };
        let begin = || SchoolActor::new(seeds.school.clone(), school);
        send(&self.inner.arbiter, &self.inner.schools, school, begin, message);
    }
}

fn send<K: Eq + Hash + Copy, W: Worker + Send>(arbiter: &ArbiterHandle, addresses: &Addresses<K, W>, key: K, begin: impl FnOnce() -> W, message: W::Message) {
    let Ok(mut addresses) = addresses.lock() else { return };
    let address = addresses.entry(key).or_insert_with(|| {
        let worker = begin();
        Supervised::start_in_arbiter(arbiter, move |_| Supervised::new(worker))
    });
    if address.try_send(To(message)).is_err() {
        metrics::counter!("mailbox_full_total", "kind" => W::KIND).increment(1);
    }
}
