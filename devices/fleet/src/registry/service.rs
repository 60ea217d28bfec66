//! Use cases of the registry.

use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{DeviceId, SchoolId, Uuid},
};

use super::{
    RegisterDevices, Registered,
    rules::{NewDevice, broker_password_hash, code_of, password_of},
    store,
};

/// How often a fresh code may turn out to be taken before something else must be wrong.
const CODE_TRIES: usize = 5;

/// A device with the password that nobody can see again.
#[derive(Debug, Clone)]
pub struct Registration {
    /// Its id.
    pub id: DeviceId,
    /// Its user name at the broker.
    pub code: String,
    /// Its password at the broker.
    pub password: String,
}

/// Every device of the schools in scope, retired ones too.
pub async fn registered(tx: &Tx) -> Result<Vec<Registered>> {
    store::REGISTERED_LIST.all(tx, ()).await
}

/// A number that grows with every change of the registry: who keeps a copy compares it.
pub async fn version(tx: &Tx) -> Result<i64> {
    Ok(store::VERSION.one(tx, ()).await?.version)
}

/// Registers a device at a school under a fresh id, and makes its password. The id comes from the form, so that a form sent twice
/// registers once: the second time is refused with `fleet.already_registered`.
pub async fn register(db: &Db, ctx: &Ctx, school: SchoolId, id: DeviceId, device: NewDevice) -> Result<Registration> {
    ctx.require::<RegisterDevices>()?;
    require_in_scope(ctx, school)?;
    db.run(&ctx.scope, async |tx| {
        if store::REGISTERED_FIND.opt(tx, (id,)).await?.is_some() {
            return Err(Error::Refused("fleet.already_registered"));
        }
        let registration = add(tx, ctx, school, id, device).await?;
        record(tx, ctx, school, registration.id, "fleet.register").await?;
        Ok(registration)
    })
    .await
}

async fn add(tx: &Tx, ctx: &Ctx, school: SchoolId, id: DeviceId, device: NewDevice) -> Result<Registration> {
    let password = new_password(ctx);
    let hash = broker_password_hash(&password, ctx.id());
    for _ in 0..CODE_TRIES {
        let code = code_of(device.kind, ctx.id());
        let row = (school, id, code.clone(), device.kind.as_str(), device.name.clone(), device.place.clone(), hash.clone(), ctx.now());
        if store::DEVICE_ADD.run(tx, row).await? == 1 {
            return Ok(Registration { id, code, password });
        }
    }
    Err(Error::broken("no free device code was found"))
}

/// Gives a device another name and place.
pub async fn rename(db: &Db, ctx: &Ctx, id: DeviceId, device: NewDevice) -> Result<()> {
    ctx.require::<RegisterDevices>()?;
    db.run(&ctx.scope, async |tx| {
        let school = in_service(tx, id).await?.school;
        store::DEVICE_RENAME.run(tx, (school, id, device.name, device.place, ctx.now())).await?;
        record(tx, ctx, school, id, "fleet.rename").await
    })
    .await
}

/// Takes a device out of service: the broker no longer lets it in, the hub no longer believes it. Safe to send twice.
pub async fn retire(db: &Db, ctx: &Ctx, id: DeviceId) -> Result<()> {
    ctx.require::<RegisterDevices>()?;
    db.run(&ctx.scope, async |tx| {
        let school = store::REGISTERED_FIND.one(tx, (id,)).await?.school;
        if store::DEVICE_RETIRE.run(tx, (school, id, ctx.now())).await? == 0 {
            return Ok(());
        }
        record(tx, ctx, school, id, "fleet.retire").await
    })
    .await
}

/// Gives a device a new password; the old one stops working.
pub async fn renew_password(db: &Db, ctx: &Ctx, id: DeviceId) -> Result<Registration> {
    ctx.require::<RegisterDevices>()?;
    db.run(&ctx.scope, async |tx| {
        let device = in_service(tx, id).await?;
        let password = new_password(ctx);
        let hash = broker_password_hash(&password, ctx.id());
        store::DEVICE_PASSWORD_SET.run(tx, (device.school, id, hash, ctx.now())).await?;
        record(tx, ctx, device.school, id, "fleet.renew_password").await?;
        Ok(Registration { id, code: device.code, password })
    })
    .await
}

/// The whole accounts file of the broker: the hub's own lines, as given, then one line for each device in service.
pub async fn broker_accounts(tx: &Tx, hub_lines: &str) -> Result<String> {
    let mut text = String::with_capacity(hub_lines.len() + 1);
    text.push_str(hub_lines.trim_end());
    text.push('\n');
    for account in store::ACCOUNT_LIST.all(tx, ()).await? {
        text.push_str(&account.code);
        text.push(':');
        text.push_str(&account.broker_password_hash);
        text.push('\n');
    }
    Ok(text)
}

async fn in_service(tx: &Tx, id: DeviceId) -> Result<Registered> {
    let device = store::REGISTERED_FIND.one(tx, (id,)).await?;
    if device.retired_at.is_some() { Err(Error::Refused("fleet.retired")) } else { Ok(device) }
}

fn require_in_scope(ctx: &Ctx, school: SchoolId) -> Result<()> {
    if ctx.scope.schools.contains(&school) { Ok(()) } else { Err(Error::NotFound) }
}

fn new_password(ctx: &Ctx) -> String {
    password_of(ctx.id(), ctx.id())
}

async fn record(tx: &Tx, ctx: &Ctx, school: SchoolId, id: DeviceId, action: &'static str) -> Result<()> {
    let deed = Deed { school, action, subject_kind: "device", subject: Some(Uuid::from(id)), detail: serde_json::json!({}) };
    audit::record(tx, ctx, deed).await
}
